"""A small municipality for tests of the whole way: two open datasets and one on persons, keys included."""

from __future__ import annotations

import random
from textwrap import dedent
from typing import TYPE_CHECKING

from publication.keys import make_key, public_text, read_private

if TYPE_CHECKING:
    from pathlib import Path

EPOCH = "1790000000"  # 2026-09-21, the instant of every test run unless it says otherwise


def build(folder: Path, *, demo: bool = False) -> Path:
    """Write the municipality into `folder` and give the folder."""
    (folder / "datasets").mkdir(parents=True)
    (folder / "data").mkdir()
    (folder / "keys").mkdir()
    keys = {}
    for person in ("p1", "p2"):
        file = folder / "keys" / f"{person}.pem"
        make_key(file)
        keys[person] = public_text(read_private(file).public_key())
    flag = ", demo: true" if demo else ""
    (folder / "municipality.yaml").write_text(
        dedent(
            f"""\
            name: {{nl: Proefstad, en: Testtown}}
            publisher: {{uri: "https://identifier.overheid.nl/tooi/id/gemeente/gm0000", name: {{nl: Gemeente Proefstad}}}}
            example: true
            base_uri: "https://data.proefstad.example"
            contact: {{name: {{nl: Team Data}}, email: data@proefstad.example}}
            licence: CC0-1.0
            roles: [beheer, data-owner, privacy-officer]
            people:
              - {{id: p1, roles: [data-owner], key: "{keys["p1"]}"{flag}}}
              - {{id: p2, roles: [privacy-officer], key: "{keys["p2"]}"{flag}}}
            portals:
              site: {{kind: site}}
              ckan: {{kind: ckan, url: "${{CKAN_URL}}", token: "${{CKAN_API_TOKEN}}", organization: proefstad, optional: true}}
            """
        )
    )
    write_trees(folder, 40)
    write_counts(folder, 60)
    write_reports(folder, 400)
    (folder / "datasets" / "bomen.yaml").write_text(TREES)
    (folder / "datasets" / "tellingen.yaml").write_text(COUNTS)
    (folder / "datasets" / "meldingen.yaml").write_text(REPORTS)
    return folder


def write_trees(folder: Path, rows: int) -> None:
    """Write the register of trees."""
    lines = ["nummer;soort;plantjaar;hoogte"]
    lines += [
        f"{n};{('Quercus robur', 'Tilia cordata', 'Acer')[n % 3]};{1950 + n};{n % 20 + 0.5:.1f}".replace(".", ",")
        for n in range(1, rows + 1)
    ]
    (folder / "data" / "bomen.csv").write_text("\n".join(lines) + "\n", encoding="cp1252")


def write_counts(folder: Path, rows: int, *, broken: bool = False) -> None:
    """Write the traffic counts; `broken` makes one impossible."""
    lines = ["dag,aantal"] + [f"2026-{n % 12 + 1:02d}-{n % 28 + 1:02d},{n * 7}" for n in range(rows)]
    if broken:
        lines[3] = "2026-01-05,-4"
    (folder / "data" / "tellingen.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_reports(folder: Path, rows: int, *, seed: int = 7) -> None:
    """Write reports by residents, with an e-mail address and a text that are dropped."""
    chance = random.Random(seed)
    lines = ["id,melder,datum,postcode,categorie,toelichting"]
    for n in range(1, rows + 1):
        postcode = f"{chance.choice((1901, 1902))}{chance.choice('AB')}{chance.choice('CD')}"
        day = f"2026-{chance.randint(1, 3):02d}-{chance.randint(1, 28):02d}"
        lines.append(f"{n},bewoner{n}@mail.example,{day},{postcode},{chance.choice(('afval', 'groen'))},bel mij {n}")
    (folder / "data" / "meldingen.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


HEAD = """\
# yaml-language-server: $schema=../../schema/dataset.schema.json
id: {id}
title: {{nl: {title}}}
description: {{nl: "Een dataset om mee te proeven. Er staat in wat er geteld is en waar. Bedoeld voor tests."}}
owner: beheer
catalogue: {{theme: ["http://publications.europa.eu/resource/authority/data-theme/ENVI"], keywords: {{nl: [proef]}}, frequency: DAILY}}
"""

TREES = (
    HEAD.format(id="bomen", title="Bomen")
    + """\
source: {kind: csv, path: ../data/bomen.csv, delimiter: ";", encoding: cp1252, decimal: ",", key: [nummer]}
schema:
  - {name: nummer, type: integer, classification: open}
  - {name: soort, type: string, classification: open, title: {nl: Soort}}
  - {name: plantjaar, type: integer, classification: open}
  - {name: hoogte, type: decimal, classification: open, unit: m}
quality:
  expectations:
    - {type: expect_column_values_to_not_be_null, kwargs: {column: soort}, dimension: completeness, severity: critical}
privacy: {kind: open}
publication: {distributions: [csv, parquet, xlsx], portals: [site, ckan]}
"""
)

COUNTS = (
    HEAD.format(id="tellingen", title="Tellingen")
    + """\
source: {kind: csv, path: ../data/tellingen.csv}
schema:
  - {name: dag, type: date, classification: open}
  - {name: aantal, type: integer, classification: open}
quality:
  expectations:
    - {type: expect_column_values_to_be_between, kwargs: {column: aantal, min_value: 0}, dimension: plausibility, severity: critical}
privacy: {kind: open}
publication: {distributions: [csv], portals: [site]}
"""
)

REPORTS = (
    HEAD.format(id="meldingen", title="Meldingen")
    + """\
source: {kind: csv, path: ../data/meldingen.csv, key: [id]}
schema:
  - {name: id, type: integer, classification: direct, ground: "Woo 5.1 2e"}
  - {name: melder, type: string, classification: direct, ground: "Woo 5.1 2e"}
  - {name: datum, type: date, classification: quasi}
  - {name: postcode, type: string, classification: quasi}
  - {name: categorie, type: string, classification: sensitive}
  - {name: toelichting, type: string, classification: text, ground: "Woo 5.1 2e"}
privacy:
  kind: microdata
  columns:
    id: {action: drop}
    melder: {action: drop}
    datum: {hierarchy: {type: date, levels: [month, year]}}
    postcode: {hierarchy: {type: nl-postcode, levels: [PC4]}}
    toelichting: {action: drop}
  model: {k: 5, suppression_limit: 0.04, metric: entropy}
  justification: {nl: Alleen maand en wijk blijven over}
publication: {distributions: [csv, parquet, xlsx], portals: [site, ckan]}
"""
)
