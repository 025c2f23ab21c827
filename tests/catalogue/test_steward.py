"""A steward breaks a field: what the program says is enough to mend it. The page `docs/catalogue-mending.md` shows the same."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, NamedTuple

import pytest

from catalogue.model import DistributionFacts, Entry, ReleaseFacts, describe, publisher
from catalogue.validate import validate_entries
from config.project import load

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parents[2] / "docs" / "catalogue-mending.md"
THEME = "http://publications.europa.eu/resource/authority/data-theme"

MUNICIPALITY = """\
name: {nl: Proefstad}
publisher: {uri: "https://identifier.overheid.nl/tooi/id/gemeente/gm0000", name: {nl: Gemeente Proefstad}}
example: true
base_uri: "https://data.proefstad.example"
contact: {name: {nl: Team Data}, email: data@proefstad.example}
licence: CC0-1.0
roles: [beheer]
portals:
  site: {kind: site}
"""
DATASET = f"""\
id: bomen
title: {{nl: Bomen}}
description: {{nl: "Alle bomen die wij verzorgen. Per boom de soort. Bedoeld voor bewoners."}}
owner: beheer
catalogue:
  theme: ["{THEME}/ENVI"]
  keywords: {{nl: [bomen]}}
  frequency: DAILY
source: {{kind: csv, path: ../bomen.csv}}
schema:
  - {{name: soort, type: string, classification: open}}
privacy: {{kind: open}}
publication: {{distributions: [csv], portals: [site]}}
"""


class Break(NamedTuple):
    """What a steward changes, in which file, and what the program must name."""

    was: str
    becomes: str
    file: str
    key: str
    mend: str


BREAKS = (
    Break("title: {nl: Bomen}", "title: {nl: Bomen in de BGT}", "datasets/bomen.yaml", "title", "voluit"),
    Break(
        "Alle bomen die wij verzorgen. Per boom de soort. Bedoeld voor bewoners.", "Alle bomen.", "datasets/bomen.yaml", "description", "3"
    ),
    Break(f"{THEME}/ENVI", "milieu", "datasets/bomen.yaml", "catalogue.theme", "data-theme"),
    Break("[bomen]", '["bomen, groen"]', "datasets/bomen.yaml", "catalogue.keywords", "[bomen, groen]"),
    Break("DAILY", "WEKELIJKS", "datasets/bomen.yaml", "catalogue.frequency", "WEEKLY"),
    Break("DAILY", "DAILY\n  language: [NL]", "datasets/bomen.yaml", "catalogue.language", "NLD"),
    Break("DAILY", "DAILY\n  access_rights: OPENBAAR", "datasets/bomen.yaml", "catalogue.access_rights", "PUBLIC"),
    Break("DAILY", "DAILY\n  licence: CC-BY-5.0", "datasets/bomen.yaml", "catalogue.licence", "CC-BY-4.0"),
    Break(
        "DAILY",
        'DAILY\n  applicable_legislation: ["http://data.europa.eu/eli/reg_impl/2023/138/oj"]',
        "datasets/bomen.yaml",
        "catalogue.hvd_category",
        "http://data.europa.eu/bna/c_",
    ),
    Break("DAILY", 'DAILY\n  landing_page: "www.proefstad.example/bomen"', "datasets/bomen.yaml", "catalogue.landing_page", "https://"),
    Break("data@proefstad.example", "j.jansen@proefstad.example", "municipality.yaml", "contact.email", "team"),
    Break(
        "https://identifier.overheid.nl/tooi/id/gemeente/gm0000",
        "https://www.proefstad.example",
        "municipality.yaml",
        "publisher.uri",
        "gm",
    ),
    Break("https://data.proefstad", "http://data.proefstad", "municipality.yaml", "base_uri", "https://"),
)


def said(folder: Path, change: Break | None) -> Iterator[str]:
    """Give what the program says: of the configuration, else of the catalogue that comes out of it."""
    (folder / "datasets").mkdir(parents=True)
    (folder / "bomen.csv").write_text("soort\neik\n")
    files = {"municipality.yaml": MUNICIPALITY, "datasets/bomen.yaml": DATASET}
    for name, text in files.items():
        (folder / name).write_text(text.replace(change.was, change.becomes, 1) if change else text)
    project = load(folder, env={})
    declared = project.datasets["bomen"]
    problems = [problem for problem in (*project.problems, *declared.problems) if problem.severity == "error"]
    if problems or project.municipality is None or declared.dataset is None:
        yield from dict.fromkeys(problem.text().replace(f"{folder}/", "") for problem in problems)
        return
    file = DistributionFacts("bomen.csv", "csv", "CSV", "text/csv", 11, "0123456789abcdef" * 4, 1)
    release = ReleaseFacts(
        "bomen", "2026-03-09.1", "2026-03-09T06:00:00+01:00", "2026-03", 1, distributions=(file,), temporal=("2026-03", "2026-03")
    )
    entry = Entry(describe(declared.dataset, project.municipality), (release,))
    for finding in validate_entries(publisher(project.municipality), [entry]):
        yield finding.text()


def row(change: Break, sentence: str) -> str:
    """Give a row of the page."""
    shown = change.becomes.partition("\n  ")[2] or change.becomes
    return f"| `{change.key}` | `{shown}` | {sentence.replace('|', chr(92) + '|')} |"


@pytest.mark.parametrize("change", BREAKS, ids=lambda change: f"{change.key}-{change.mend}")
def test_the_message_names_the_file_the_key_and_what_to_type(change: Break, tmp_path: Path) -> None:
    assert list(said(tmp_path / "heel", None)) == []
    (sentence,) = said(tmp_path / "stuk", change)
    assert change.file in sentence
    assert change.key in sentence
    assert change.mend in sentence
    assert row(change, sentence) in PAGE.read_text(encoding="utf-8").splitlines(), "run this file to write the page anew"


def test_there_are_ten_fields() -> None:
    assert len({change.key for change in BREAKS}) >= 10


HEAD = dedent("""\
    # When a field is wrong

    What the program says when a steward fills in a field of the catalogue wrongly: the file, the key, what is wrong and what to type.
    Each row was made by breaking a sound declaration in that one place; a test compares. What `vrijgave validate` can tell from the
    declaration alone comes with the line and column; the others come from a run and from `vrijgave catalogue validate`. The rules are in
    [catalogue-rules.md](catalogue-rules.md).

    | key | typed | said |
    |---|---|---|
    """)

if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        rows = [row(change, next(iter(said(Path(place) / str(number), change)))) for number, change in enumerate(BREAKS)]
    PAGE.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
