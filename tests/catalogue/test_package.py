"""datapackage.json and CSVW: they describe the file as it is, hold nothing out of `catalogue:` and no date, the same bytes again."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anonymisation.safe import SafeColumn
from anonymisation.vouch import make_safe
from catalogue import package
from catalogue.model import ColumnFacts, DistributionFacts
from config.models.base import Text
from distributions.base import Sheet, WriteOptions
from distributions.writers.csv import Writer

if TYPE_CHECKING:
    from pathlib import Path

TITLE, ABOUT = Text(nl="Bomen in beheer", en="Trees"), Text(nl='Alle "bomen" die wij verzorgen.')
COLUMNS = (
    SafeColumn("soort", "string", title=Text(nl="Soort", en="Species"), description=Text(nl="Latijnse naam")),
    SafeColumn("=aantal", "integer", unit="bomen", measured=True),
    SafeColumn("hoogte", "decimal", unit="m"),
    SafeColumn("gemeten", "date"),
)


@pytest.fixture
def written(tmp_path: Path) -> tuple[Path, DistributionFacts]:
    """A real CSV file, by the writer that makes releases."""
    rows = {"soort": ["Quercus, robur", "Tilia\nx"], "=aantal": [1, None], "hoogte": [None, None], "gemeten": [None, None]}
    types = [pa.string(), pa.int64(), pa.decimal128(38, 9), pa.date32()]
    table = pa.table({name: pa.array(values, kind) for (name, values), kind in zip(rows.items(), types, strict=True)})
    pq.write_table(table, tmp_path / "safe.parquet")
    path = tmp_path / "bomen.csv"
    sheet = Sheet("bomen", TITLE, ABOUT, Text(nl="Gemeente Voorbeeld"))
    Writer().write(make_safe(tmp_path / "safe.parquet", COLUMNS, 2), path, WriteOptions(sheet, guard="quote"))
    content = path.read_bytes()
    return path, DistributionFacts("bomen.csv", "csv", "CSV", "text/csv", len(content), hashlib.sha256(content).hexdigest(), 2)


def write(folder: Path, *files: DistributionFacts, columns: tuple[SafeColumn | ColumnFacts, ...] = COLUMNS) -> tuple[Path, ...]:
    return package.write_package(folder, identifier="bomen", title=TITLE, description=ABOUT, columns=columns, distributions=files)


def test_the_dialects_read_the_file_that_the_writer_wrote(written: tuple[Path, DistributionFacts]) -> None:
    path, facts = written
    _, csvw_path = write(path.parent, facts)
    told = json.loads(csvw_path.read_text())
    dialect, content = told["dialect"], path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") is told["notes"][0]["byteOrderMark"]
    text = content.decode(dialect["encoding"]).removeprefix("\ufeff")
    (line_end,) = dialect["lineTerminators"]
    assert text.endswith(line_end)
    lines = list(csv.reader(text.splitlines(keepends=True), delimiter=dialect["delimiter"], quotechar=dialect["quoteChar"], strict=True))
    assert lines[0] == [column["titles"] for column in told["tableSchema"]["columns"]]
    assert len(lines) == 3
    resource = json.loads((path.parent / "datapackage.json").read_text())["resources"][0]
    assert [field["name"] for field in resource["schema"]["fields"]] == lines[0]
    assert resource["dialect"]["lineTerminator"] == line_end
    assert resource["dialect"]["bom"] is True
    assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")


def test_texts_and_types_of_columns_are_told_in_both_standards(written: tuple[Path, DistributionFacts]) -> None:
    path, facts = written
    package_path, csvw_path = write(path.parent, facts)
    fields = json.loads(package_path.read_text())["resources"][0]["schema"]["fields"]
    assert fields[0] == {"name": "soort", "type": "string", "title": "Soort", "description": "Latijnse naam"}
    assert [field["type"] for field in fields] == ["string", "integer", "number", "date"]
    column = json.loads(csvw_path.read_text())["tableSchema"]["columns"][0]
    assert column["dc:title"] == [{"@value": "Soort", "@language": "nl"}, {"@value": "Species", "@language": "en"}]


def test_nothing_of_the_catalogue_and_no_date_is_in_them(written: tuple[Path, DistributionFacts]) -> None:
    path, facts = written
    for file in write(path.parent, facts):
        text = file.read_text()
        assert not re.search(r"\d{4}-\d\d-\d\d", text)
        keys = set(re.findall(r'"([\w:$@]+)":', text))
        assert not keys & {"licenses", "license", "keywords", "created", "version", "theme", "sources", "contributors", "dcat:theme"}


def test_the_same_release_gives_the_same_bytes_from_columns_or_their_facts(written: tuple[Path, DistributionFacts], tmp_path: Path) -> None:
    path, facts = written
    other = DistributionFacts("bomen.parquet", "parquet", "PARQUET", "application/vnd.apache.parquet", 9, "ab" * 32, 2)
    folder = tmp_path / "weer"
    folder.mkdir()
    first = [file.read_bytes() for file in write(path.parent, facts, other)]
    second = [file.read_bytes() for file in write(folder, other, facts, columns=tuple(map(ColumnFacts.of, COLUMNS)))]
    assert first == second
    assert all(content.endswith(b"}\n") and b"\r" not in content for content in first)


def test_without_a_csv_there_is_no_csvw(tmp_path: Path) -> None:
    other = DistributionFacts("bomen.parquet", "parquet", "PARQUET", "application/vnd.apache.parquet", 9, "ab" * 32, 2)
    assert [path.name for path in write(tmp_path, other)] == ["datapackage.json"]
    assert package.csvw_name("bomen") == "bomen.csv-metadata.json"
