"""The patch in the message of a changed source, pasted into the declaration, makes it work: for every kind of source."""

from __future__ import annotations

import csv
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from config.errors import SchemaChanged, SourceError
from config.project import load
from sources.extract import extract

if TYPE_CHECKING:
    from conftest import Case

    from config.project import Declared
    from engine.snapshot import Snapshot

MUNICIPALITY = Path(__file__).parents[1] / "integration" / "config" / "municipality.yaml"
DECLARATION = """\
id: proef
title: {{nl: Proef}}
description: {{nl: "Een dataset om mee te proeven. Bedoeld voor tests."}}
owner: beheer
source: {source}
privacy: {{kind: open, justification: {{nl: Geen personen}}}}
catalogue: {{theme: ["http://publications.europa.eu/resource/authority/data-theme/ENVI"], keywords: {{nl: [proef]}}, frequency: DAILY}}
publication: {{distributions: [csv], portals: [site]}}
schema:
"""


class Town:
    """A configuration folder with one declaration, which a steward edits."""

    def __init__(self, folder: Path, source: dict[str, Any], columns: list[str]) -> None:
        self.folder = folder
        (folder / "datasets").mkdir()
        shutil.copyfile(MUNICIPALITY, folder / "municipality.yaml")
        self._head = DECLARATION.format(source=yaml.safe_dump(source, default_flow_style=True, width=10_000).strip())
        self._lines = columns
        self._save()

    def _save(self) -> None:
        (self.folder / "datasets" / "proef.yaml").write_text(self._head + "".join(f"  - {line}\n" for line in self._lines))

    def declared(self) -> Declared:
        return load(self.folder, env={}).datasets["proef"]

    def extract(self) -> Snapshot:
        declared = self.declared()
        assert declared.dataset, [problem.text() for problem in declared.problems]
        return extract(
            declared.dataset.source,
            declared.dataset.columns,
            base=self.folder / "datasets",
            out=self.folder / "uit.parquet",
            now=datetime(2026, 11, 22, tzinfo=UTC),
            secrets={},
            needed=frozenset(column.name for column in declared.dataset.columns),
        )

    def paste(self, changed: SchemaChanged) -> None:
        """Do what the message says: take the lines with a minus out, put those with a plus in."""
        patch = [line for line in changed.problems[0].nl.splitlines() if line[:4] in ("- - ", "+ - ")]
        for line in patch:
            if line[0] == "-":
                (old,) = [one for one in self._lines if yaml.safe_load(one) == yaml.safe_load(line[4:])]
                self._lines.remove(old)
        self._lines += [line[4:] for line in patch if line[0] == "+"]
        self._save()

    def decide(self) -> None:
        """Classify every column that came in."""
        self._lines = [line.replace("classification: unclassified", "classification: open") for line in self._lines]
        self._save()


def line(name: str, kind: str, **more: Any) -> str:
    return yaml.safe_dump({"name": name, "type": kind, "classification": "open", **more}, default_flow_style=True, width=1000).strip()


def test_the_pasted_patch_works(case: Case) -> None:
    rows = [{"naam": "één", "aantal": 7, "dag": date(2024, 2, 29)}, {"naam": "twee", "aantal": 8}]
    options = case.write(rows, names=["naam", "aantal", "dag"])
    source = options.model_dump(mode="json", exclude_defaults=True) | {"kind": case.kind, "path": f"../{options.path}"}  # type: ignore[attr-defined]
    aantal = line("aantal", "integer") if case.kind == "csv" else line("aantal", "date", format="%d-%m-%Y")
    extra = [line(one.name, one.type) for one in case.extra]
    town = Town(case.folder, source, [line("naam", "string"), aantal, line("weg", "date", title={"nl": "Weg, of: niet"}), *extra])
    with pytest.raises(SchemaChanged) as changed:
        town.extract()
    town.paste(changed.value)
    assert {problem.code for problem in town.declared().problems if problem.severity == "error"} == {"config.unclassified"}
    town.decide()
    snapshot = town.extract()
    found = pq.read_table(snapshot.path).select(["naam", "aantal", "dag"]).to_pylist()
    expected = [{"naam": "één", "aantal": 7, "dag": date(2024, 2, 29)}, {"naam": "twee", "aantal": 8, "dag": None}]
    typed = snapshot.schema().field("dag").type
    if typed == "string":  # text says nothing of its type: the steward is offered `string`
        expected[0]["dag"] = "2024-02-29"
    assert (found, snapshot.rejects) == (expected, ())
    assert str(typed) == ("date32[day]" if case.kind in ("parquet", "shapefile") else "string")


NASTY = [
    "Naam",
    "_row",
    "soort",
    "no",
    "2024",
    "a: b",
    "- x",
    "#",
    " rand ",
    "x" * 130,
    "x" * 121,
    "🌳 {boom}",
    "'s",
    '"q"',
    "[1]",
    "null",
    "é\tè",
]


def test_any_name_can_be_pasted(tmp_path: Path) -> None:
    """Names that YAML reads otherwise, that are too long, ours, or taken by a column of the declaration."""
    with (tmp_path / "bron.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["naam", "bron_soort", *NASTY], [str(n) for n in range(len(NASTY) + 2)]])
    town = Town(tmp_path, {"kind": "csv", "path": "../bron.csv"}, [line("naam", "string"), line("soort", "string", source="bron_soort")])
    with pytest.raises(SchemaChanged) as changed:
        town.extract()
    town.paste(changed.value)
    town.decide()
    snapshot = town.extract()
    (row,) = pq.read_table(snapshot.path).drop_columns("_row").to_pylist()
    assert list(row.values()) == [str(n) for n in range(len(NASTY) + 2)]
    assert len({name.casefold() for name in row}) == len(NASTY) + 2
    assert max(map(len, row)) <= 120


def test_columns_of_one_name_are_refused_and_not_shown(tmp_path: Path) -> None:
    pq.write_table(pa.table([pa.array([1]), pa.array([2])], ["geheim", "geheim"]), tmp_path / "x.parquet")
    town = Town(tmp_path, {"kind": "parquet", "path": "../x.parquet"}, [line("a", "integer")])
    with pytest.raises(SourceError, match="Column 1 and column 2") as refused:
        town.extract()
    assert "geheim" not in str(refused.value)
