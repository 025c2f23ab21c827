"""One contract for every format; each is read by something that is not its writer."""

from __future__ import annotations

import csv
import io
import json
import math
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from config.errors import RefusedError
from config.registry import FORMATS
from distributions.rows import difference, rows
from distributions.write import verify, writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from anonymisation.safe import SafeTable
    from distributions.base import WriteOptions

BUILT = sorted(FORMATS.modules)
POINT = shapely.to_wkb(shapely.Point(5.1234567, 52.7654321), flavor="iso")
NASTY = [
    'say "hi"', "a,b", "a;b", "line\nbreak", "line\r\nbreak", "cr\rcr", " lead", "trail ", "ëéñ €", "日本語", "\U0001f600\u200d\u2642",
    "'quote", '"', '""', "-", "-5 of zo", "0392", "1e5", "null", "NULL", "true", "#N/B", "_x0041_", "a\tb", "\x01", "\u2028", "x" * 32_767,
    "<b>&amp;</b>", "\\n", "[]", "\x00", "\x7f\x85",
]  # fmt: skip


def with_place(columns: dict[str, Any], rows_: int) -> dict[str, Any]:
    """Add a geometry, so that every format can take the table."""
    return {**columns, "plek": ("geometry", [POINT] * rows_)}


def every_type() -> dict[str, Any]:
    return with_place(
        {
            "tekst": ("string", ["a", None, "ë"]),
            "geheel": ("integer", [-(2**63), None, 2**53]),
            "getal": ("number", [0.1, None, -1e300]),
            "bedrag": ("decimal", [Decimal("12.50"), None, Decimal("-99999999999999999999.000000001")]),
            "vlag": ("boolean", [True, None, False]),
            "dag": ("date", [date(2024, 2, 29), None, date(1, 1, 1)]),
            "moment": ("datetime", [datetime(2024, 1, 1, 12, 30, tzinfo=UTC), None, datetime(1850, 1, 1, 0, 0, 0, 1, tzinfo=UTC)]),
        },
        3,
    )


def written(table: SafeTable, name: str, folder: Path, options: WriteOptions) -> Path:
    path = folder / f"out.{writer(name).EXTENSION}"
    writer(name).write(table, path, options)
    return path


def cells(path: Path) -> list[list[Any]]:
    """Header and rows of a written file, by a reader of the format that is not ours."""
    match path.suffix:
        case ".csv":
            return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True))
        case ".xlsx":
            return CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Gegevens").to_python()
        case ".parquet":
            table = pq.read_table(path)
            return [table.column_names, *(list(row.values()) for row in table.to_pylist())]
        case _:
            features = json.loads(path.read_text("utf-8"))["features"]
            return [[*features[0]["properties"], "geometry"], *([*f["properties"].values(), f["geometry"]] for f in features)]


@pytest.fixture(params=BUILT)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_format_that_is_promised_is_there() -> None:
    assert BUILT == ["csv", "geojson", "parquet", "xlsx"]
    assert [(writer(n).EXTENSION, writer(n).FILE_TYPE, writer(n).MEDIA_TYPE) for n in BUILT] == [
        ("csv", "CSV", "text/csv"),
        ("geojson", "GEOJSON", "application/geo+json"),
        ("parquet", "PARQUET", "application/vnd.apache.parquet"),
        ("xlsx", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ]


def test_reads_back_every_type_as_it_was(name: str, safe: Any, tmp_path: Path, options: WriteOptions) -> None:
    table = safe(every_type(), crs="EPSG:4326")
    path = written(table, name, tmp_path, options)
    verify(table, writer(name), path, options)
    big = "-99999999999999999999.000000001"
    expected = {
        "csv": [
            ["a", "-9223372036854775808", "0.1", "12.5", "true", "2024-02-29", "2024-01-01T12:30:00Z", "POINT (5.1234567 52.7654321)"],
            ["", "", "", "", "", "", "", "POINT (5.1234567 52.7654321)"],
            ["ë", "9007199254740992", "-1e+300", big, "false", "0001-01-01", "1850-01-01T00:00:00.000001Z", "POINT (5.1234567 52.7654321)"],
        ],
        "xlsx": [
            ["a", "-9223372036854775808", 0.1, 12.5, True, date(2024, 2, 29), datetime(2024, 1, 1, 12, 30)],  # noqa: DTZ001
            ["", "", "", "", "", "", ""],
            ["ë", 2**53, -1e300, big, False, "0001-01-01", "1850-01-01T00:00:00.000001Z"],
        ],
    }
    if name in expected:
        assert cells(path)[1:] == expected[name]
    if name == "geojson":
        body = path.read_text("utf-8")
        assert f'"bedrag":{big}' in body
        shape = {"type": "Point", "coordinates": [5.1234567, 52.7654321]}
        assert cells(path)[2] == [None] * 7 + [shape]
        assert cells(path)[1][:3] == ["a", -(2**63), 0.1]
    if name == "parquet":
        assert cells(path)[3][:4] == ["ë", 2**53, -1e300, Decimal(big)]
        assert pq.read_schema(path).field("moment").type == pa.timestamp("us", tz="UTC")


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_keeps_any_text_whole(name: str, text: str, safe: Any, tmp_path: Path, options: WriteOptions) -> None:
    table = safe(with_place({"a": ("string", ["voor", text, "na"]), "b": ("string", [text, None, text])}, 3), crs="EPSG:4326")
    path = written(table, name, tmp_path, options)
    verify(table, writer(name), path, options)
    assert [row[0] for row in cells(path)[1:]] == ["voor", text, "na"]


def test_the_same_table_gives_the_same_bytes_however_its_file_is_cut(name: str, safe: Any, tmp_path: Path, options: WriteOptions) -> None:
    columns = with_place({"n": ("integer", list(range(5000))), "t": ("string", [f"rij {i % 7}" for i in range(5000)])}, 5000)
    found = set()
    for number, row_group in enumerate((5000, 999, 1)):
        folder = tmp_path / str(number)
        folder.mkdir()
        found.add(written(safe(columns, crs="EPSG:4326", row_group=row_group), name, folder, options).read_bytes())
        if number == 0:
            time.sleep(2.1)  # zip and Parquet could hold the time in steps of two seconds
    assert len(found) == 1


def test_an_empty_table_is_a_file_with_its_columns(name: str, safe: Any, tmp_path: Path, options: WriteOptions) -> None:
    table = safe(with_place({"n": ("integer", []), "t": ("string", [])}, 0), crs="EPSG:4326")
    path = written(table, name, tmp_path, options)
    verify(table, writer(name), path, options)
    if name == "geojson":
        assert json.loads(path.read_text("utf-8")) == {"type": "FeatureCollection", "features": []}
    else:
        assert cells(path)[0][:2] == ["n", "t"]
        assert len(cells(path)) == 1


def test_rows_of_nothing_stay(name: str, safe: Any, tmp_path: Path, options: WriteOptions) -> None:
    table = safe({"a": ("string", [None, "x", None, None]), "plek": ("geometry", [None, POINT, None, None])}, crs="EPSG:4326")
    path = written(table, name, tmp_path, options)
    verify(table, writer(name), path, options)
    assert len(cells(path)) - 1 == (2 if name == "xlsx" else 4)  # a sheet ends at its last filled row


def test_one_column_with_gaps_keeps_its_rows(safe: Any, tmp_path: Path, options: WriteOptions) -> None:
    table = safe({"a": ("string", [None, "x", None])})
    path = written(table, "csv", tmp_path, options)
    verify(table, writer("csv"), path, options)
    assert cells(path) == [["a"], [""], ["x"], [""]]


@pytest.mark.parametrize("start", ["=", "+", "@", "\t", "\r"])
@pytest.mark.parametrize("where", ["cell", "name"])
def test_a_formula_is_refused_or_quoted_where_programs_run_it(
    start: str, where: str, name: str, *, safe: Any, tmp_path: Path, options: WriteOptions, quoting: WriteOptions
) -> None:
    attack = f"{start}cmd|canary"
    column, value = ("t", attack) if where == "cell" else (attack, "x")
    table = safe(with_place({column: ("string", ["goed", value, None, value])}, 4), crs="EPSG:4326")
    if name in {"parquet", "geojson"}:
        verify(table, writer(name), written(table, name, tmp_path, options), options)
        return
    with pytest.raises(RefusedError) as caught:
        written(table, name, tmp_path, options)
    (problem,) = caught.value.problems
    assert "canary" not in problem.nl + problem.en + str(caught.value)
    assert ("kolom t: 2 cellen" in problem.nl and "rij 2" in problem.nl) if where == "cell" else "kolom 1" in problem.nl
    assert not list(tmp_path.glob("out.*"))
    path = written(table, name, tmp_path, quoting)
    verify(table, writer(name), path, quoting)
    found = cells(path)
    assert found[0][0] if where == "name" else found[2][0] == f"'{attack}"


def test_numbers_and_texts_with_a_minus_are_left_alone(name: str, safe: Any, tmp_path: Path, options: WriteOptions) -> None:
    table = safe(with_place({"t": ("string", ["-5", "- geen"]), "n": ("integer", [-5, 3]), "d": ("decimal", [Decimal("-0.5"), None])}, 2),
                 crs="EPSG:4326")  # fmt: skip
    path = written(table, name, tmp_path, options)
    assert [row[0] for row in cells(path)[1:]] == ["-5", "- geen"]
    assert float(cells(path)[1][1]) == -5


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_refused(odd: float, name: str, safe: Any, tmp_path: Path, options: WriteOptions) -> None:
    table = safe(with_place({"n": ("number", [1.0, odd])}, 2), crs="EPSG:4326")
    with pytest.raises(RefusedError, match="no number"):
        written(table, name, tmp_path, options)


def test_a_table_that_is_not_protected_is_refused(name: str, tmp_path: Path, options: WriteOptions) -> None:
    raw = tmp_path / "raw.parquet"
    pq.write_table(pa.table({"a": [1]}), raw)
    for anything in (raw, pa.table({"a": [1]}), pq.ParquetFile(raw), None):
        for act in (lambda t: writer(name).write(t, tmp_path / "x", options), lambda t: writer(name).limits(t), lambda t: list(rows(t))):
            with pytest.raises(TypeError, match="SafeTable"):
                act(anything)
    assert not (tmp_path / "x").exists()


@pytest.mark.slow
def test_a_table_that_is_not_protected_is_a_type_error(tmp_path: Path) -> None:
    snippet = tmp_path / "snippet.py"
    snippet.write_text(
        "from pathlib import Path\nfrom engine.snapshot import Snapshot\nfrom distributions.base import WriteOptions\n"
        "from distributions.write import write_all\nfrom anonymisation.safe import SafeTable\n"
        "def wrong(snapshot: Snapshot, options: WriteOptions) -> None:\n    write_all(snapshot, ['csv'], Path(), 'x', options)\n"
        "def right(table: SafeTable, options: WriteOptions) -> None:\n    write_all(table, ['csv'], Path(), 'x', options)\n"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", str(snippet)], cwd=root,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert 'snippet.py:7: error: Argument 1 to "write_all" has incompatible type "Snapshot"; expected "SafeTable"' in done.stdout
    assert "snippet.py:9" not in done.stdout


DRAWN: dict[str, Callable[[], st.SearchStrategy[Any]]] = {
    "string": lambda: st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=12),
    "integer": lambda: st.integers(-(2**63), 2**63 - 1),
    "number": lambda: st.floats(allow_nan=False, allow_infinity=False),
    "decimal": lambda: st.decimals(-(10**20), 10**20, places=9),
    "boolean": st.booleans,
    "date": st.dates,
    "datetime": lambda: st.datetimes(timezones=st.just(UTC)),
}


def drawn_table() -> st.SearchStrategy[dict[str, Any]]:
    kinds = st.lists(st.sampled_from(sorted(DRAWN)), min_size=1, max_size=5)

    @st.composite
    def table(draw: st.DrawFn) -> dict[str, Any]:
        count = draw(st.integers(0, 6))
        columns = {f"kolom {i}": (kind, [draw(st.none() | DRAWN[kind]()) for _ in range(count)]) for i, kind in enumerate(draw(kinds))}
        return with_place(columns, count)

    return table()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(columns=drawn_table())
def test_any_table_comes_back_as_it_was(columns: dict[str, Any], name: str, safe: Any, tmp_path: Path, quoting: WriteOptions) -> None:
    table = safe(columns, crs="EPSG:4326")
    assume(not writer(name).limits(table))
    path = written(table, name, tmp_path, quoting)
    verify(table, writer(name), path, quoting)
    if name == "parquet":
        assert pq.read_table(path).to_pydict() == {key: list(value) for key, (_, value) in columns.items()}
    if name == "csv":
        check_csv(columns, cells(path)[1:])


def check_csv(columns: dict[str, Any], found: list[list[str]]) -> None:
    """Every number and date of a CSV is exactly the one of the table, read by Python."""
    readers: dict[str, Callable[[str], Any]] = {
        "integer": int, "number": float, "decimal": Decimal, "date": date.fromisoformat, "datetime": datetime.fromisoformat,
        "boolean": {"true": True, "false": False}.__getitem__,
    }  # fmt: skip
    for index, (kind, expected) in enumerate(columns.values()):
        if kind in readers:
            assert [readers[kind](row[index]) if row[index] else None for row in found] == list(expected)


def test_a_difference_is_found_and_named(safe: Any, options: WriteOptions) -> None:
    table = safe({"a": ("integer", [1, 2, 3]), "b": ("string", ["x", "y", "z"])})

    def stream(**columns: Any) -> Iterator[pa.RecordBatch]:
        yield pa.RecordBatch.from_pydict(columns)

    assert difference(rows(table), stream(a=[1, 2, 3], b=["x", "y", "z"])) is None
    assert difference(rows(table), stream(a=[1, 2, 3], b=["x", "y", "Z"])) == "b"
    assert difference(rows(table), stream(a=[1, 2], b=["x", "y"])) == "*"
    assert difference(rows(table), stream(a=[1, 2, 3], c=["x", "y", "z"])) == "*"
    assert difference(rows(table), iter(())) == "*"


def test_importing_writers_is_light() -> None:
    code = (
        "import sys, distributions.write\nfrom config.registry import FORMATS\n[FORMATS.load(f) for f in FORMATS.modules]\n"
        "print(sorted({'pandas', 'pyarrow', 'duckdb', 'shapely', 'xlsxwriter', 'python_calamine', 'numpy', 'pyproj'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
