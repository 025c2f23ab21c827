"""Fingerprint, diff, session, files and geometry, against brute force and known values."""

from __future__ import annotations

import hashlib
import itertools
import os
import stat
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import geo
from engine.diff import diff
from engine.files import link_or_copy, write_atomic
from engine.fingerprint import Fingerprint, fingerprint
from engine.hashing import sha256
from engine.parquet import sink
from engine.session import session

if TYPE_CHECKING:
    from pathlib import Path

FIXTURE = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

SCHEMA = pa.schema(
    [
        pa.field("t", pa.string()),
        pa.field("n", pa.int64()),
        pa.field("f", pa.float64()),
        pa.field("b", pa.bool_()),
        pa.field("d", pa.date32()),
        pa.field("m", pa.timestamp("us", tz="UTC")),
        pa.field("e", pa.decimal128(38, 9)),
        pa.field("w", pa.binary()),
    ]
)
_MOMENT = st.integers(-(10**9), 10**9).map(lambda second: datetime.fromtimestamp(second, UTC))
_ROW = st.fixed_dictionaries(
    {
        "t": st.none() | st.text(max_size=4),
        "n": st.none() | st.integers(-3, 3),
        "f": st.none() | st.floats(allow_infinity=False),
        "b": st.none() | st.booleans(),
        "d": st.none() | st.dates(date(1900, 1, 1)),
        "m": st.none() | _MOMENT,
        "e": st.none() | st.decimals(-9, 9, places=2),
        "w": st.none() | st.binary(max_size=4),
    }
)


def batches(rows: list[dict[str, Any]], cuts: list[int]) -> list[pa.RecordBatch]:
    table = pa.Table.from_pylist(rows, SCHEMA).combine_chunks()
    edges = sorted({0, len(rows), *(cut % (len(rows) + 1) for cut in cuts)})
    return [part for a, b in itertools.pairwise(edges) for part in table.slice(a, b - a).to_batches()]


def canonical(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    def cell(value: Any) -> Any:
        if isinstance(value, float):
            return "nan" if value != value else value + 0.0  # noqa: PLR0124 - NaN is what is not itself
        return value

    return [tuple((type(v).__name__, cell(v)) for v in row.values()) for row in rows]


@given(st.lists(_ROW, max_size=6), st.lists(st.integers(0, 9), max_size=3), st.lists(st.integers(0, 9), max_size=3))
def test_fingerprint_does_not_depend_on_batches(rows: list[dict[str, Any]], one: list[int], other: list[int]) -> None:
    assert fingerprint(SCHEMA, batches(rows, one)) == fingerprint(SCHEMA, batches(rows, other))


@given(st.lists(_ROW, max_size=3), st.lists(_ROW, max_size=3))
def test_fingerprints_are_equal_only_for_equal_tables(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> None:
    same = fingerprint(SCHEMA, batches(one, [])) == fingerprint(SCHEMA, batches(other, []))
    assert same == (canonical(one) == canonical(other))


@given(st.lists(_ROW, min_size=1, max_size=4), st.data())
def test_one_changed_cell_changes_the_fingerprint(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(SCHEMA.names))
    changed = [dict(row) for row in rows]
    changed[data.draw(st.integers(0, len(rows) - 1))][name] = data.draw(st.sampled_from([row[name] for row in rows] + [None]))
    same = fingerprint(SCHEMA, batches(rows, [])) == fingerprint(SCHEMA, batches(changed, []))
    assert same == (canonical(rows) == canonical(changed))


def one(values: Any, kind: Any, name: str = "x", metadata: Any = None) -> str:
    schema = pa.schema([pa.field(name, kind, metadata=metadata)])
    return fingerprint(schema, [pa.record_batch([pa.array(values, kind)], schema=schema)])


def test_fingerprint_is_canonical_and_typed() -> None:
    assert one([-0.0], pa.float64()) == one([0.0], pa.float64())
    assert one(["a", None], pa.string()) == one(["a", None], pa.large_string()) == one(["a", None], pa.dictionary(pa.int8(), pa.string()))
    distinct = [
        one(["ab", "c"], pa.string()),
        one(["a", "bc"], pa.string()),
        one(["a", "bc", ""], pa.string()),
        one(["a", "bc", None], pa.string()),
        one([b"a", b"bc"], pa.binary()),
        one([0], pa.int64()),
        one([None], pa.int64()),
        one([0], pa.int64(), name="y"),
        one([0], pa.date32()),
        one([], pa.int64()),
        one([b"a"], pa.binary()),
        one([b"a"], pa.binary(), metadata={"crs": "EPSG:28992"}),
    ]
    assert len(set(distinct)) == len(distinct)


def test_fingerprint_is_the_same_in_every_release_of_this_program() -> None:
    row = {"t": "é", "n": 1, "f": 0.5, "b": True, "d": date(2024, 1, 1), "m": datetime(2024, 1, 1, tzinfo=UTC), "e": Decimal(1), "w": b"\0"}
    assert fingerprint(SCHEMA, batches([row, dict.fromkeys(row)], [])) == "a634500ea3821f395629bebe4ba24200620ae3f536b35bfda01b6613735612dd"


def test_fingerprint_refuses_another_schema() -> None:
    with pytest.raises(ValueError, match="another schema"):
        Fingerprint(SCHEMA).update(pa.record_batch({"x": [1]}))


# diff

_TABLE = st.lists(st.tuples(st.integers(0, 4) | st.none(), st.sampled_from(["a", "b", None]), st.integers(0, 2)), max_size=8)


def save(path: Path, rows: list[tuple[Any, ...]], names: tuple[str, ...] = ("k", "v", "w")) -> Path:
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    kinds = {"k": pa.int64(), "v": pa.string(), "w": pa.int64()}
    numbers = pa.array(range(1, len(rows) + 1), pa.int64())
    arrays = [pa.array(cells, kinds.get(name, pa.string())) for name, cells in zip(names, columns, strict=True)]
    pq.write_table(pa.table([numbers, *arrays], ["_row", *names]), path)
    return path


@FIXTURE
@given(_TABLE, _TABLE)
def test_diff_as_multisets_agrees_with_counting(tmp_path: Path, old: list[tuple[Any, ...]], new: list[tuple[Any, ...]]) -> None:
    found = diff(save(tmp_path / "oud.parquet", old), save(tmp_path / "nieuw.parquet", new))
    assert (found.added, found.removed, found.changed) == ((Counter(new) - Counter(old)).total(), (Counter(old) - Counter(new)).total(), 0)
    assert (found.rows_old, found.rows_new, found.by_key) == (len(old), len(new), False)


@FIXTURE
@given(
    st.dictionaries(st.integers(0, 6), st.tuples(st.sampled_from(["a", None]), st.integers(0, 1)), max_size=6),
    st.dictionaries(st.integers(0, 6), st.tuples(st.sampled_from(["a", None]), st.integers(0, 1)), max_size=6),
)
def test_diff_by_key_agrees_with_dictionaries(tmp_path: Path, old: dict[int, Any], new: dict[int, Any]) -> None:
    paths = [save(tmp_path / f"{n}.parquet", [(key, *rest) for key, rest in rows.items()]) for n, rows in enumerate((old, new))]
    found = diff(*paths, key=["k"], spill=tmp_path / "spill")
    assert found.by_key
    assert (found.added, found.removed) == (len(new.keys() - old.keys()), len(old.keys() - new.keys()))
    assert found.changed == sum(old[key] != new[key] for key in old.keys() & new.keys())


@pytest.mark.parametrize("rows", [[(1, "a", 0), (1, "b", 0)], [(None, "a", 0)]])
def test_a_key_that_does_not_name_each_row_is_not_used(tmp_path: Path, rows: list[tuple[Any, ...]]) -> None:
    path = save(tmp_path / "x.parquet", rows)
    found = diff(path, path, key=["k"])
    assert (found.by_key, found.added, found.removed) == (False, 0, 0)


def test_diff_of_columns(tmp_path: Path) -> None:
    old = save(tmp_path / "a.parquet", [(1, "x", 2)])
    new = tmp_path / "b.parquet"
    pq.write_table(pa.table({"k": [1], "w": ["2"], "z": [1]}), new)
    found = diff(old, new, ["k"])
    assert (found.columns_added, found.columns_removed, found.columns_retyped) == (("z",), ("v",), ("w",))
    assert (found.added, found.removed, found.changed) == (0, 0, 0)


# session


def test_narwhals_over_the_session(tmp_path: Path) -> None:
    left = save(tmp_path / "l.parquet", [(1, "a", 10), (2, "b", 20), (3, "a", 30), (4, None, 40)])
    names = pa.table({"v": ["a", "b"], "naam": ["Aa", "Bé"]})
    with session(tmp_path / "spill") as engine:
        frame = engine.parquet(left)
        sums = frame.filter(nw.col("w") > 5).group_by("v").agg(nw.col("w").sum().alias("som"), nw.len().alias("n"))
        joined = sums.join(engine.arrow(names), on="v", how="left").with_columns((nw.col("som") / nw.col("n")).alias("gemiddeld"))
        engine.write(joined, tmp_path / "uit.parquet", order=["v"])
    assert pq.read_table(tmp_path / "uit.parquet").to_pylist() == [
        {"v": "a", "som": 40, "n": 2, "naam": "Aa", "gemiddeld": 20.0},
        {"v": "b", "som": 20, "n": 1, "naam": "Bé", "gemiddeld": 20.0},
        {"v": None, "som": 40, "n": 1, "naam": None, "gemiddeld": 40.0},
    ]


def test_the_session_keeps_the_order_of_files_and_writes_the_same_bytes(tmp_path: Path) -> None:
    rows = [(n, "a", n % 3) for n in range(300_000)]
    path = save(tmp_path / "x.parquet", rows)
    written = []
    for name in ("1", "2"):
        with session(tmp_path / "spill") as engine:
            engine.write(engine.parquet(path).filter(nw.col("w") != 1), tmp_path / name)
        written.append(sha256(tmp_path / name))
    assert pq.read_table(tmp_path / "1")["k"].to_pylist() == [n for n, _, w in rows if w != 1]
    assert written[0] == written[1]


def test_moments_stay_utc_wherever_the_machine_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    pq.write_table(pa.table({"m": pa.array([datetime(2024, 1, 1, tzinfo=UTC)], pa.timestamp("us", tz="UTC"))}), tmp_path / "x.parquet")
    with session(tmp_path / "spill") as engine:
        days = engine.parquet(tmp_path / "x.parquet").select(nw.col("m").dt.day().alias("dag"), nw.col("m"))
        engine.write(days, tmp_path / "y.parquet")
    assert pq.read_table(tmp_path / "y.parquet").to_pylist() == [{"dag": 1, "m": datetime(2024, 1, 1, tzinfo=UTC)}]


# files


def test_write_atomic_writes_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    write_atomic(path, b"oud")
    write_atomic(path, "nieuw €")
    assert path.read_text(encoding="utf-8") == "nieuw €"

    def fails(beside: Path) -> None:
        beside.write_text("half")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_atomic(path, fails)
    assert path.read_text(encoding="utf-8") == "nieuw €"
    write_atomic(path, lambda beside: beside.write_bytes(b"\0"), mode=0o600)
    assert path.read_bytes() == b"\0"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.txt"]


def test_link_or_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "a"
    source.write_bytes(b"1")
    link_or_copy(source, tmp_path / "b")
    assert (tmp_path / "b").samefile(source)
    with pytest.raises(FileExistsError):
        link_or_copy(source, tmp_path / "b")

    def no_links(*_: object) -> None:
        raise OSError(18, "cross-device")

    monkeypatch.setattr(os, "link", no_links)
    link_or_copy(source, tmp_path / "c")
    assert not (tmp_path / "c").samefile(source)
    assert (tmp_path / "c").read_bytes() == b"1"


def test_sha256(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x" * 3_000_000)
    assert sha256(tmp_path / "x") == hashlib.sha256(b"x" * 3_000_000).hexdigest()


def test_a_sink_that_fails_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    schema = pa.schema([("a", pa.int64())])

    def half() -> None:
        with sink(path, schema) as into:
            into.write(pa.record_batch([[1]], schema=schema))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert not list(tmp_path.iterdir())
    with sink(path, schema) as into:
        into.write(pa.record_batch([[1, 2]], schema=schema))
    assert pq.read_table(path).to_pylist() == [{"a": 1}, {"a": 2}]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


# geometry


def test_rd_to_wgs84_at_known_points() -> None:
    # the origin of the national grid with its ETRS89 coordinates, which RDNAPTRANS gives to the millimetre; a quarter of a metre is allowed
    moved = geo.reproject(np.array([shapely.Point(155000, 463000), None], dtype=object), geo.RD)
    assert (moved[0].x, moved[0].y) == (pytest.approx(5.387203657, abs=3.6e-6), pytest.approx(52.155172897, abs=2.2e-6))
    assert moved[1] is None
    assert geo.bbox([geo.encode(moved), geo.encode(moved[1:])], geo.WGS84) == (5.3872035, 52.1551723, 5.3872035, 52.1551723)
    assert geo.bbox([geo.encode(moved[1:])], geo.RD) is None


@given(st.floats(20_000, 280_000), st.floats(305_000, 615_000))
def test_rd_round_trip_within_a_millimetre(x: float, y: float) -> None:
    there = geo.reproject(np.array([shapely.Point(x, y)], dtype=object), geo.RD)
    back = geo.reproject(there, geo.WGS84, geo.RD)[0]
    assert (back.x, back.y) == (pytest.approx(x, abs=0.001), pytest.approx(y, abs=0.001))


def test_a_coordinate_without_a_place_is_an_error_that_does_not_show_it() -> None:
    with pytest.raises(ValueError, match="has no place") as wrong:
        geo.reproject(np.array([shapely.Point(5, 4711)], dtype=object), geo.WGS84, geo.RD)
    assert "4711" not in str(wrong.value)


def test_geojson_is_rfc_7946() -> None:
    clockwise = shapely.from_wkt("POLYGON ((0.123456789 0, 0 1, 1 1, 0.123456789 0), (0.2 0.6, 0.4 0.6, 0.4 0.8, 0.2 0.6))")
    collection = shapely.from_wkt("GEOMETRYCOLLECTION (POINT Z (1 2 3), LINESTRING (0 0, 1 1))")
    shapes = np.array([clockwise, None, collection], dtype=object)
    polygon, nothing, parts = geo.geojson(shapes)
    assert nothing is None
    assert polygon is not None
    assert parts is not None
    outer, inner = (shapely.LinearRing(ring) for ring in polygon["coordinates"])
    assert (outer.is_ccw, inner.is_ccw) == (True, False)
    assert polygon["coordinates"][0][0] == [0.1234568, 0.0]
    assert [part["coordinates"] for part in parts["geometries"]] == [[1.0, 2.0], [[0.0, 0.0], [1.0, 1.0]]]


def test_rounding_leaves_a_sliver_valid() -> None:
    sliver = shapely.from_wkt("POLYGON ((0 0, 1 0.00000004, 2 0, 1 -0.00000004, 0 0))")
    (mapping,) = geo.geojson(np.array([sliver], dtype=object))
    assert mapping is not None
    assert shapely.is_valid(shapely.geometry.shape(mapping))


def test_repair_counts_and_keeps_what_is_valid() -> None:
    valid, bow_tie = shapely.from_wkt(["POLYGON ((0 0, 1 0, 1 1, 0 0))", "POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))"])
    done = geo.repair(np.array([valid, None, bow_tie], dtype=object))
    assert (done.repaired, done.collapsed) == (1, 0)
    assert done.geometries[0] is valid
    assert done.geometries[1] is None
    assert done.geometries[2].is_valid


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EPSG:28992", "EPSG:28992"),
        ("urn:ogc:def:crs:EPSG::28992", "EPSG:28992"),
        ("OGC:CRS84", "EPSG:4326"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
        ("onzin", None),
        ("EPSG:1", None),
    ],
)
def test_names_of_reference_systems(text: str, code: str | None) -> None:
    if code is None:
        with pytest.raises(ValueError, match="coordinate reference system"):
            geo.authority_code(text)
    else:
        assert geo.authority_code(text) == code
