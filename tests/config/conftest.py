"""A small configuration folder that is valid, and ways to break it at a marked place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import pytest

from config.project import Project, load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from config.errors import Problem

MARK = "@@"
"""Where in a changed text the problem must be."""

MUNICIPALITY = """\
name: {nl: Voorbeeldgemeente}
publisher: {uri: "https://identifier.overheid.nl/tooi/id/gemeente/gm0000", name: {nl: Gemeente Voorbeeld}}
example: true
base_uri: "https://data.voorbeeldgemeente.example"
contact: {name: {nl: Team Data}, email: data@voorbeeldgemeente.example}
licence: CC0-1.0
roles: [beheer, data-owner, privacy-officer]
people:
  - {id: p1, roles: [data-owner], key: "ed25519:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}
  - {id: p2, roles: [privacy-officer], key: "ed25519:IB8eHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgE="}
portals:
  site: {kind: site}
"""

HEAD = """\
id: ID
title: {nl: Meldingen}
description: {nl: Wat bewoners melden.}
owner: beheer
processing: meldingen
assessment: meldingen
source:
  kind: csv
  path: ../data/bron.csv
  key: [nummer]
  as_of: {column: datum, precision: month}
  retention: P30D
"""

TAIL = """\
catalogue:
  theme: ["http://publications.europa.eu/resource/authority/data-theme/REGI"]
  frequency: WEEKLY
  licence: CC0-1.0
publication: {distributions: [csv, parquet], portals: [site]}
schedule: {cron: "0 6 * * 1"}
"""

COLUMNS = """\
schema:
  - {name: nummer, type: integer, classification: direct, ground: "Woo 5.1 2e"}
  - {name: datum, type: date, classification: quasi}
  - {name: postcode, type: string, classification: quasi}
  - {name: categorie, type: string, classification: sensitive, codelist: soorten}
  - {name: bedrag, type: decimal, classification: sensitive}
  - {name: buurt, type: string, classification: quasi}
quality:
  max_quarantine: 0.01
  expectations:
    - {type: expect_column_values_to_not_be_null, kwargs: {column: categorie}, dimension: completeness, on_fail: quarantine}
"""

MICRODATA = (
    HEAD
    + COLUMNS
    + """\
privacy:
  kind: microdata
  columns:
    nummer: {action: drop}
    datum: {hierarchy: {type: date, levels: [month, year]}}
    postcode: {hierarchy: {type: nl-postcode, levels: [PC4]}}
    bedrag: {action: drop}
  model: {k: 5}
  justification: {nl: Genoeg.}
"""
    + TAIL
)

FREQUENCY = (
    HEAD
    + COLUMNS
    + """\
privacy:
  kind: frequency
  dimensions:
    buurt: {hierarchy: {type: file, path: ../hierarchies/buurten.csv, levels: [wijk]}, level: wijk}
    categorie: {}
  rules: {min_count: 5}
  output: {aantal: {title: {nl: Aantal}}}
  justification: {nl: Genoeg.}
"""
    + TAIL
)

MAGNITUDE = (
    HEAD
    + COLUMNS
    + """\
privacy:
  kind: magnitude
  dimensions: {buurt: {}}
  value: bedrag
  measure: sum
  contributor: nummer
  rules: {min_contributors: 3, p_percent: "${P_PERCENT}"}
  justification: {nl: Genoeg.}
"""
    + TAIL
)

TEXTS = {"microdata": MICRODATA, "frequency": FREQUENCY, "magnitude": MAGNITUDE}
ENV = {"P_PERCENT": "10"}


class Case(NamedTuple):
    """One mistake in a valid text: what is replaced by what, the code and path of the problem, a part of its Dutch sentence, and its place.

    The place is `MARK` in the new text, or else the piece of text `at`.
    """

    old: str
    new: str
    code: str
    path: str
    says: str = ""
    at: str = ""

    def broken(self, text: str) -> tuple[str, int, int]:
        """Give the broken text, and the line and column at which the problem must stand."""
        assert self.old in text, f"the base text lacks {self.old!r}"
        changed = text.replace(self.old, self.new, 1)
        before, mark, after = changed.partition(self.at or MARK)
        assert mark, "a case marks its place"
        return before + (mark if self.at else "") + after, before.count("\n") + 1, len(before) - before.rfind("\n")

    def seen(self, problems: Sequence[Problem], line: int, column: int) -> None:
        """Check that exactly this problem was found, at its place, in both languages."""
        assert [problem.code for problem in problems] == [self.code], [problem.text() for problem in problems]
        (problem,) = problems
        assert (problem.place.line, problem.place.column, problem.place.path) == (line, column, self.path)
        assert self.says in problem.nl, problem.nl
        assert problem.en
        assert problem.en != problem.nl


@dataclass
class Folder:
    """A configuration folder on disk, and the valid texts that belong in it."""

    root: Path
    texts: Mapping[str, str] = field(default_factory=lambda: TEXTS)
    municipality: str = MUNICIPALITY

    def put(self, name: str, text: str) -> Path:
        """Write a file."""
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def dataset(self, identifier: str, text: str) -> Path:
        """Write a declaration under an id."""
        return self.put(f"datasets/{identifier}.yaml", text.replace("id: ID", f"id: {identifier}"))

    def load(self, env: Mapping[str, str] = ENV) -> Project:
        """Load the folder."""
        return load(self.root, env=env)

    def check(self, kind: str, case: tuple[str, ...], *, warning: bool = False) -> None:
        """Break a valid declaration in one way, and check that this is all that is told about it."""
        wrong = Case(*case)
        text, line, column = wrong.broken(self.texts[kind].replace("id: ID", "id: proef"))
        self.put("datasets/proef.yaml", text)
        declared = self.load().datasets["proef"]
        assert (declared.dataset is None) is not warning
        wrong.seen([problem for problem in declared.problems if warning or problem.severity == "error"], line, column)

    def check_municipality(self, case: tuple[str, ...], *, warning: bool = False) -> None:
        """Break `municipality.yaml` in one way, and check that this is all that is told about it."""
        wrong = Case(*case)
        text, line, column = wrong.broken(self.municipality)
        self.put("municipality.yaml", text)
        self.dataset("proef", TEXTS["microdata"])
        project = self.load()
        assert (project.municipality is None) is not warning
        wrong.seen(project.problems, line, column)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A valid folder without datasets."""
    made = Folder(tmp_path)
    made.put("municipality.yaml", MUNICIPALITY)
    made.put("codelists/soorten.csv", "code,nl\nafval,Afval\n")
    made.put("hierarchies/buurten.csv", "BU01;Wijk 1\n")
    made.put("processing/meldingen.yaml", "id: meldingen\n")
    made.put("assessments/meldingen.yaml", "id: meldingen\n")
    (tmp_path / "datasets").mkdir()
    return made
