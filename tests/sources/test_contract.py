"""What every reader owes: run over csv, geojson, parquet, shapefile and sqlite alike."""

from __future__ import annotations

import json
import logging
import random
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.errors import SchemaChanged, SourceError
from engine.snapshot import Reject
from engine.types import arrow_schema

if TYPE_CHECKING:
    from conftest import Case

ROWS: list[dict[str, Any]] = [
    {
        "naam": "Élise van 't Hoff-€uro 🌳",
        "aantal": 3,
        "meting": 1.5,
        "dag": date(2024, 2, 29),
        "vlag": True,
        "moment": datetime(2024, 7, 1, 12, 30, tzinfo=UTC),
        "bedrag": Decimal("12.50"),
    },
    {
        "naam": 'met "aanhaling"; en meer',
        "aantal": -2_000_000_000,
        "meting": -0.25,
        "dag": date(1901, 1, 1),
        "vlag": False,
        "moment": datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC),
        "bedrag": Decimal("-0.01"),
    },
    {},
]


def table(snapshot: Any) -> list[dict[str, Any]]:
    return pq.read_table(snapshot.path).to_pylist()  # type: ignore[no-any-return]


def test_types_nulls_and_unicode(case: Case) -> None:
    snapshot = case.read(case.write(ROWS))
    assert pq.read_schema(snapshot.path).equals(arrow_schema(case.columns))
    assert table(snapshot) == [
        {"_row": number, **{one.name: row.get(one.name) for one in case.columns}} for number, row in enumerate(ROWS, 1)
    ]
    assert (snapshot.rows, snapshot.read, snapshot.rejected_rows, snapshot.rejects) == (3, 3, 0, ())


def test_geometry_is_wkb_with_its_crs(case: Case) -> None:
    snapshot = case.read(case.write(ROWS), needed={"naam", "geometry"})
    assert snapshot.crs == "EPSG:4326"
    assert snapshot.schema().field("geometry").metadata == {b"crs": b"EPSG:4326"}
    point = bytes.fromhex("0101000000") + b"\0\0\0\0\0\0\x16@" + b"\0\0\0\0\0@J@"  # little-endian 5.5 and 52.5
    assert {row["geometry"] for row in table(snapshot)} == {point}


def test_the_same_table_has_the_same_fingerprint_in_every_kind(case: Case) -> None:
    snapshot = case.read(case.write(ROWS))
    assert snapshot.fingerprint == "7107c2d8944d72a96253099145249146c36668909ccb6037cc8d85333d580175"


POLYGON = shapely.from_wkt("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))")


def test_the_same_geometry_has_the_same_fingerprint_in_every_kind(case: Case) -> None:
    """A shapefile turns rings the other way round: the polygon is the same."""
    options = case.write([{"naam": "a"}, {"naam": "b"}], names=["naam"], shape=POLYGON)
    snapshot = case.read(options, (case.column("naam"),), needed={"naam", "geometry"})
    assert {row["geometry"] for row in table(snapshot)} == {shapely.to_wkb(POLYGON, byte_order=1)}
    assert snapshot.fingerprint == "7fdfee8d5637547694e3d0659258b1da3ec472ed54d5c410680ab507c3d10bcd"


def test_empty_table(case: Case) -> None:
    options = case.write([])
    if case.kind == "geojson":  # without a feature nobody can see the columns
        with pytest.raises(SourceError, match="no Feature"):
            case.read(options)
        return
    snapshot = case.read(options)
    assert (snapshot.rows, snapshot.read, snapshot.as_of) == (0, 0, "2026-11-23")
    assert pq.read_schema(snapshot.path).equals(arrow_schema(case.columns))


def _many(count: int) -> list[dict[str, Any]]:
    dice = random.Random(7)
    return [
        {"naam": f"naam {dice.randrange(50)}" if dice.random() > 0.1 else None, "aantal": dice.randrange(9), "meting": dice.random()}
        for _ in range(count)
    ]


def test_fingerprint_and_rows_do_not_depend_on_batches(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["naam", "aantal", "meting"]
    columns = tuple(case.column(name, kind) for name, kind in zip(names, ("string", "integer", "number"), strict=True))
    options = case.write(_many(500), names=names)
    whole = case.read(options, columns)
    monkeypatch.setattr("sources.lines.BLOCK", 97)
    for module in ("parquet", "sqlite", "geojson", "shapefile"):
        monkeypatch.setattr(f"sources.readers.{module}.ROWS", 7)
    pieces = case.read(options, columns, out="anders.parquet")
    assert pieces.fingerprint == whole.fingerprint
    assert table(pieces) == table(whole)
    assert pieces.rows == 500


def test_rows_stay_in_source_order_with_their_numbers(case: Case) -> None:
    numbers = random.Random(3).sample(range(10_000), 300)
    snapshot = case.read(case.write([{"aantal": number} for number in numbers], names=["aantal"]), (case.column("aantal", "integer"),))
    assert table(snapshot) == [{"_row": row, "aantal": number} for row, number in enumerate(numbers, 1)]


def test_another_row_order_or_cell_is_another_fingerprint(case: Case) -> None:
    prints = {
        case.read(case.write([{"aantal": cell} for cell in cells], names=["aantal"]), (case.column("aantal", "integer"),)).fingerprint
        for cells in ([1, 2, 3], [1, 3, 2], [1, 2, 4], [1, 2], [1, 2, None], [1, 2, 0])
    }
    assert len(prints) == 6


def test_new_and_missing_columns_stop_with_a_patch(case: Case) -> None:
    options = case.write(ROWS, names=["naam", "aantal", "dag"])
    columns = (case.column("naam"), case.column("aantal", "integer"), case.column("weg", "date", title={"nl": "Weg, of niet"}))
    with pytest.raises(SchemaChanged) as stopped:
        case.read(options, columns)
    (problem,) = stopped.value.problems
    assert stopped.value.exit_code == 1
    for text in (problem.nl, problem.en):
        patch = [line for line in text.splitlines() if line.startswith(("+ - ", "- - "))]
        assert [yaml.safe_load(line[4:]) for line in patch if line[0] == "-"] == [
            {"name": "weg", "type": "date", "classification": "open", "title": {"nl": "Weg, of niet"}}
        ]
        (added,) = [yaml.safe_load(line[4:]) for line in patch if line[0] == "+"]
        assert (added["name"], added["classification"]) == ("dag", "unclassified")
    assert "1 nieuw, 1 verdwenen" in problem.nl


def test_a_retyped_column_stops_a_typed_source(case: Case) -> None:
    options = case.write(ROWS, names=["naam", "aantal"])
    columns = (case.column("naam"), case.column("aantal", "date"))
    if case.kind == "csv":  # text has no type: its cells are bad, one by one
        assert case.read(options, columns).rejected_rows == 2
        return
    with pytest.raises(SchemaChanged, match=r"(?s)- - \{name: aantal, type: date, .*\+ - \{name: aantal, type: integer, "):
        case.read(options, columns)


BAD = {"csv": "geheim-4711", "sqlite": "geheim-4711", "geojson": "geheim-4711", "parquet": 4711.25, "shapefile": 4711.25}


def test_a_bad_cell_is_reported_without_its_value(case: Case, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.DEBUG)
    rows = [{"naam": "a", "aantal": 1}, {"naam": "b", "aantal": BAD[case.kind]}, {"naam": "c", "aantal": 3}]
    options = case.write(rows, names=["naam", "aantal"], types={"aantal": pa.float64()})
    snapshot = case.read(options, (case.column("naam"), case.column("aantal", "integer")))
    assert snapshot.rejects == (Reject(2, "aantal", "not-integer"),)
    assert (snapshot.read, snapshot.rows, snapshot.rejected_rows) == (3, 2, 1)
    assert table(snapshot) == [{"_row": 1, "naam": "a", "aantal": 1}, {"_row": 3, "naam": "c", "aantal": 3}]
    said = repr(snapshot) + caplog.text + "".join(capfd.readouterr())
    assert "4711" not in said
    assert b"4711" not in snapshot.path.read_bytes()


def test_a_value_that_breaks_its_promise_is_rejected(case: Case) -> None:
    (case.folder / "codelists").mkdir()
    (case.folder / "codelists" / "soorten.csv").write_text("code;nl\neik;Eik\n", encoding="utf-8-sig")
    rows = [{"naam": "eik", "aantal": 10}, {"naam": "geheim", "aantal": None}, {"naam": None, "aantal": 20}, {"naam": "eik", "aantal": 5}]
    options = case.write(rows, names=["naam", "aantal"])
    columns = (case.column("naam", codelist="soorten"), case.column("aantal", "integer", required=True, pattern="^[0-9]{2}$"))
    snapshot = case.read(options, columns)
    assert snapshot.rejects == (Reject(2, "naam", "not-codelist"), Reject(2, "aantal", "required"), Reject(4, "aantal", "not-pattern"))
    assert [row["_row"] for row in table(snapshot)] == [1, 3]
    assert (snapshot.rejected_rows, "geheim" in repr(snapshot)) == (2, False)
    assert case.read(options, columns, needed={"naam"}).rejected_rows == 1, "what is not read is not held to a promise"


def test_a_column_that_is_not_needed_is_not_read(case: Case) -> None:
    rows = [{"naam": "a", "aantal": BAD[case.kind]}]
    options = case.write(rows, names=["naam", "aantal"], types={"aantal": pa.float64()})
    snapshot = case.read(options, (case.column("naam"), case.column("aantal", "integer")), needed={"naam"})
    assert (snapshot.rows, snapshot.rejects, snapshot.crs) == (1, (), None)
    assert snapshot.schema().names == ["_row", "naam"]


@pytest.mark.parametrize(("precision", "expected"), [("day", "2024-02-29"), ("month", "2024-02"), ("year", "2024")])
def test_as_of_is_the_greatest_date_even_of_a_column_that_is_dropped(case: Case, precision: str, expected: str) -> None:
    options = case.write(ROWS, as_of={"column": "dag", "precision": precision})
    snapshot = case.read(options, needed={"naam"})
    assert snapshot.as_of == expected
    assert "dag" not in snapshot.schema().names


def test_as_of_is_a_fixed_date_or_the_dutch_day_of_extraction(case: Case) -> None:
    assert case.read(case.write(ROWS, as_of={"value": "2023-01-01"})).as_of == "2023-01-01"
    assert case.read(case.write(ROWS)).as_of == "2026-11-23"


def test_null_values_by_column(case: Case) -> None:
    rows = [{"naam": "-", "aantal": 0}, {"naam": "x", "aantal": 5}, {"naam": "0", "aantal": None}]
    columns = (case.column("naam"), case.column("aantal", "integer"))
    options = case.write(rows, names=["naam", "aantal"], null_values={"aantal": ("0",), "naam": ("-",)})
    assert [(row["naam"], row["aantal"]) for row in table(case.read(options, columns))] == [(None, None), ("x", 5), ("0", None)]


def test_a_column_may_have_another_name_in_the_release(case: Case) -> None:
    options = case.write([{"naam": "a", "aantal": 1}], names=["naam", "aantal"])
    columns = (case.column("soort", source="naam"), case.column("aantal", "integer"))
    assert table(case.read(options, columns)) == [{"_row": 1, "soort": "a", "aantal": 1}]


def test_a_missing_or_damaged_file_is_an_error_of_the_source_without_its_content(case: Case) -> None:
    options = case.write(ROWS)
    path = case.folder / options.path  # type: ignore[attr-defined]
    path.write_bytes(b"geheim\0\0\0" * 300)
    with pytest.raises(SourceError) as damaged:
        case.read(options)
    assert "geheim" not in repr(damaged.value)
    path.unlink()
    with pytest.raises(SourceError, match="does not exist"):
        case.read(options)
    assert not list(case.folder.glob("*.parquet.partial"))


# Shapefiles keep neither white space at the ends nor line ends, and no more than 254 bytes
_TEXT = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40)
_ROW = st.fixed_dictionaries(
    {
        "naam": st.none() | _TEXT,
        "aantal": st.none() | st.integers(-(2**31), 2**31 - 1),
        "meting": st.none() | st.integers(-(10**9), 10**9).map(lambda whole: whole / 64),
        "dag": st.none() | st.dates(date(1000, 1, 1), date(2999, 12, 31)),
        "vlag": st.none() | st.booleans(),
        "moment": st.none()
        | st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)).map(lambda m: m.replace(microsecond=0)),  # noqa: DTZ001
        "bedrag": st.none() | st.decimals(-(10**9), 10**9, places=2),
    }
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(_ROW, min_size=1, max_size=8))
def test_any_table_comes_back_as_it_was_written(case: Case, rows: list[dict[str, Any]]) -> None:
    snapshot = case.read(case.write(rows))
    assert [{name: cell for name, cell in row.items() if name != "_row"} for row in table(snapshot)] == rows
    assert json.dumps([list(reject.column) for reject in snapshot.rejects]) == "[]"
