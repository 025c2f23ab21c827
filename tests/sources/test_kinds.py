"""What is particular to one kind of source."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from pydantic import ValidationError

from config.errors import ConfigurationError, SchemaChanged, SourceError
from config.registry import SOURCES
from engine.snapshot import Reject
from sources.extract import extract

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config.models.schema import Column
    from engine.snapshot import Snapshot

Read = Any


@pytest.fixture(name="read")
def _read(tmp_path: Path, column: Callable[..., Column]) -> Callable[..., tuple[list[dict[str, Any]], Snapshot]]:
    def read(kind: str, path: str, types: dict[str, str], **options: Any) -> tuple[list[dict[str, Any]], Snapshot]:
        made = SOURCES.load(kind).Options.model_validate({"kind": kind, "path": path, **options})
        columns = tuple(column(name, of) for name, of in types.items())
        now = datetime(2026, 11, 22, tzinfo=UTC)
        out = tmp_path / "uit.parquet"
        snapshot = extract(made, columns, base=tmp_path, out=out, now=now, secrets={}, needed=frozenset(types))
        return [{k: v for k, v in row.items() if k != "_row"} for row in pq.read_table(out).to_pylist()], snapshot

    return read


# sqlite


@pytest.fixture(name="database")
def _database(tmp_path: Path) -> Path:
    path = tmp_path / "bron.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "create table t (a integer, b, c text); insert into t values (2, 'x', 'één'), (1, 7, null), (3, 1.5, 'drie')"
        )
    return path


def test_a_query_is_read_in_the_order_of_its_key(read: Read, database: Path) -> None:
    rows, _ = read("sqlite", database.name, {"a": "integer", "b": "string"}, query="select b, a from t where a < 3;", key=("a",))
    assert rows == [{"a": 1, "b": "7"}, {"a": 2, "b": "x"}]


@pytest.mark.parametrize("key", [("c",), ("nul",)])
def test_a_key_that_is_empty_or_not_unique_gives_no_order(read: Read, database: Path, key: tuple[str, ...]) -> None:
    query = "select *, 1 as nul from t"
    with pytest.raises(SourceError, match="key"):
        read("sqlite", database.name, {"a": "integer", "b": "string", "c": "string", "nul": "integer"}, query=query, key=key)


@pytest.mark.parametrize(
    "query",
    [
        "delete from t",
        "drop table t",
        "select * from weg",
        "attach 'ander.sqlite' as x",
        "select load_extension('x')",
        "pragma user_version = 3",
    ],
)
def test_only_selects_run(read: Read, database: Path, query: str) -> None:
    before = database.read_bytes()
    with pytest.raises(ConfigurationError, match="only a select"):
        read("sqlite", database.name, {"a": "integer"}, query=query, key=("a",))
    assert database.read_bytes() == before
    assert not (database.parent / "ander.sqlite").exists()


def test_text_that_is_no_utf8_is_a_bad_cell(read: Read, database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("insert into t values (4, null, cast(x'e9ff676568656d' as text))")
        connection.commit()
    rows, snapshot = read("sqlite", database.name, {"a": "integer", "b": "string", "c": "string"}, table="t", key=("a",))
    assert snapshot.rejects == (Reject(4, "c", "not-string"),)
    assert len(rows) == 3


def test_a_table_or_a_query_and_a_key() -> None:
    options = SOURCES.load("sqlite").Options
    for wrong in ({}, {"table": "t", "query": "q", "key": ("a",)}, {"key": ("a",)}, {"table": "t", "key": ()}):
        with pytest.raises(ValidationError):
            options.model_validate({"kind": "sqlite", "path": "x.sqlite", **wrong})


# geojson


def features(*features: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", **members, "features": [{"type": "Feature", "geometry": None, **one} for one in features]}


URN = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}}


@pytest.mark.parametrize("last", [False, True])
def test_the_crs_member_of_older_files_wherever_it_stands(read: Read, tmp_path: Path, last: bool) -> None:  # noqa: FBT001
    point = {"type": "Point", "coordinates": [155000, 463000, 3.5]}
    collection = features({"properties": {"a": 1}, "geometry": point}, crs=URN)
    if last:
        collection["crs"] = collection.pop("crs")
    (tmp_path / "x.geojson").write_text(json.dumps(collection))
    rows, snapshot = read("geojson", "x.geojson", {"a": "integer", "geometry": "geometry"})
    assert snapshot.crs == "EPSG:28992"
    assert shapely.to_wkt(shapely.from_wkb(rows[0]["geometry"])) == "POINT Z (155000 463000 3.5)"


def test_features_of_different_shapes(read: Read, tmp_path: Path) -> None:
    collection = features(
        {"id": 7, "properties": {"a": 1, "b": "één"}},
        {"properties": {"a": 2.5, "c": {"d": [1, "é"]}}, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}},
        {"id": "x", "properties": None, "geometry": {"type": "Point", "coordinates": []}},
        {"properties": {"b": True, "c": None}, "geometry": {"type": "Kubus", "coordinates": [1, 2]}},
    )
    (tmp_path / "x.geojson").write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8-sig")
    types = {"id": "string", "a": "number", "b": "string", "c": "string", "geometry": "geometry"}
    rows, snapshot = read("geojson", "x.geojson", types)
    assert rows == [
        {"id": "7", "a": 1.0, "b": "één", "c": None, "geometry": None},
        {"id": "x", "a": None, "b": None, "c": None, "geometry": None},
    ]
    assert snapshot.rejects == (Reject(2, "geometry", "not-geometry"), Reject(4, "geometry", "not-geometry"))
    types.pop("geometry")
    with pytest.raises(SchemaChanged, match="name: geometry, type: geometry"):
        read("geojson", "x.geojson", types)


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"a": "geheim"}}',
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"a": NaN}}]}',
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"a": "geheim"}} {}]}',
        '{"type": "FeatureCollection", "features": ["geheim"]}',
        '{"type": "FeatureCollection", "features": "geheim"}',
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": ["geheim"]}]}',
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"a": "geheim", "b": ' + "9" * 5000 + "}}]}",
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"a": "b"}}]} "geheim"',
        '{"type": "Topology", "features": [{"type": "Feature", "properties": {"a": "geheim"}}]}',
        '["geheim"]',
        "geheim",
        "",
    ],
)
def test_what_is_no_feature_collection_is_refused_without_its_content(read: Read, tmp_path: Path, text: str) -> None:
    (tmp_path / "x.geojson").write_text(text)
    with pytest.raises(SourceError) as refused:
        read("geojson", "x.geojson", {"a": "string", "geometry": "geometry"})
    assert "geheim" not in str(refused.value)
    assert refused.value.__context__ is None or refused.value.__suppress_context__


def test_half_a_pair_of_characters_is_a_bad_cell(read: Read, tmp_path: Path) -> None:
    collection = features(*({"properties": {"a": text, "b": [text]}} for text in ("x", "\ud83c", "🌳")))
    (tmp_path / "x.geojson").write_text(json.dumps(collection) + " \n")
    rows, snapshot = read("geojson", "x.geojson", {"a": "string", "b": "string", "geometry": "geometry"})
    assert [row["a"] for row in rows] == ["x", "🌳"]
    assert snapshot.rejects == (Reject(2, "a", "not-string"), Reject(2, "b", "not-string"))


def test_a_property_that_is_called_as_the_geometry(read: Read, tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [5, 52]}
    (tmp_path / "x.geojson").write_text(json.dumps(features({"properties": {"geometry": "rond"}, "geometry": point})))
    with pytest.raises(SourceError, match="geometry: shape"):
        read("geojson", "x.geojson", {"geometry": "geometry"})
    rows, _ = read("geojson", "x.geojson", {"geometry": "string", "vorm": "geometry"}, geometry="vorm")
    assert (rows[0]["geometry"], rows[0]["vorm"]) == ("rond", shapely.to_wkb(shapely.Point(5, 52)))


@pytest.mark.parametrize("chunk", [1, 3, 50])
def test_geojson_streams_in_chunks_of_any_size(read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr("sources.json_stream.CHUNK", chunk)
    collection = features(*({"properties": {"a": n, "b": "]}," * n}} for n in range(9)), name=1234.5, bbox=[1, 2])
    (tmp_path / "x.geojson").write_text(json.dumps(collection, indent=3))
    rows, _ = read("geojson", "x.geojson", {"a": "integer", "b": "string", "geometry": "geometry"})
    assert rows == [{"a": n, "b": "]}," * n or None, "geometry": None} for n in range(9)]


def test_an_invalid_polygon_is_repaired_and_counted(read: Read, tmp_path: Path) -> None:
    bow_tie = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
    line = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0], [0, 0]]]}
    collection = features(*({"properties": {"a": "x"}, "geometry": shape} for shape in (bow_tie, line)))
    (tmp_path / "x.geojson").write_text(json.dumps(collection))
    rows, snapshot = read("geojson", "x.geojson", {"a": "string", "geometry": "geometry"})
    shapes = shapely.from_wkb([row["geometry"] for row in rows])
    assert snapshot.notes == (("collapsed_geometries", 1), ("repaired_geometries", 2))
    assert [shape.geom_type for shape in shapes] == ["MultiPolygon", "LineString"]
    assert shapely.is_valid(shapes).all()
    assert shapes[0].area == 2.0


# shapefile


def write_shapes(path: Path, table: dict[str, Any], *, encoding: str = "UTF-8", crs: str | None = "EPSG:28992") -> None:
    shapes = shapely.to_wkb(shapely.points(np.arange(len(next(iter(table.values())))), 463000.0))
    frame = pa.table({**table, "wkb": pa.array(shapes, pa.binary())})
    pyogrio.write_arrow(frame, path, driver="ESRI Shapefile", geometry_name="wkb", geometry_type="Point", crs=crs, encoding=encoding)


def test_float_ids_and_year_zero(read: Read, tmp_path: Path) -> None:
    write_shapes(tmp_path / "x.shp", {"NR": pa.array([10.0, 20.0]), "JAAR": pa.array([0.0, 1950.0])})
    types = {"NR": "integer", "JAAR": "integer", "geometry": "geometry"}
    rows, snapshot = read("shapefile", "x.shp", types, null_values={"JAAR": ("0",)})
    assert [(row["NR"], row["JAAR"]) for row in rows] == [(10, None), (20, 1950)]
    assert snapshot.crs == "EPSG:28992"
    with pytest.raises(SchemaChanged, match="NR, type: number"):
        read("shapefile", "x.shp", types | {"NR": "string"})


@pytest.mark.parametrize("ending", [".dbf", ".DBF"])
@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_an_unknown_encoding_or_crs_is_asked_for(read: Read, tmp_path: Path, ending: str) -> None:
    write_shapes(tmp_path / "x.shp", {"NAAM": pa.array(["Élise €"])}, encoding="CP1252", crs=None)
    types = {"NAAM": "string", "geometry": "geometry"}
    (tmp_path / "x.cpg").unlink()
    table = bytearray((tmp_path / "x.dbf").read_bytes())
    table[29] = 0  # dBASE's own mark of the code page
    (tmp_path / "x.dbf").unlink()
    (tmp_path / f"x{ending}").write_bytes(table)
    with pytest.raises(SourceError, match="encoding: utf-8"):
        read("shapefile", "x.shp", types, crs="EPSG:28992")
    with pytest.raises(ConfigurationError, match="crs: EPSG:28992"):
        read("shapefile", "x.shp", types, encoding="cp1252")
    rows, snapshot = read("shapefile", "x.shp", types, encoding="cp1252", crs="EPSG:28992")
    assert (rows[0]["NAAM"], snapshot.crs) == ("Élise €", "EPSG:28992")
    with pytest.raises(SourceError, match="column NAAM") as wrong:
        read("shapefile", "x.shp", types, encoding="utf-8", crs="EPSG:28992")
    assert "lise" not in str(wrong.value)


# parquet


def test_geoparquet_says_its_crs(read: Read, tmp_path: Path) -> None:
    from pyproj import CRS

    geo = {"columns": {"vorm": {"encoding": "WKB", "crs": CRS("EPSG:28992").to_json_dict()}}}
    table = pa.table({"vorm": [shapely.to_wkb(shapely.Point(1, 2))]}).replace_schema_metadata({"geo": json.dumps(geo)})
    pq.write_table(table, tmp_path / "x.parquet")
    _, snapshot = read("parquet", "x.parquet", {"vorm": "geometry"})
    assert snapshot.crs == "EPSG:28992"


def test_nested_columns_are_refused_only_where_they_are_wanted(tmp_path: Path, column: Any) -> None:
    pq.write_table(pa.table({"a": [1], "b.c": ["x"], "lijst": [["geheim"]]}), tmp_path / "x.parquet")
    columns = (column("a", "integer"), column("b.c"), column("lijst"))
    options = SOURCES.load("parquet").Options(kind="parquet", path="x.parquet")
    call: dict[str, Any] = {"base": tmp_path, "out": tmp_path / "uit.parquet", "now": datetime(2026, 1, 1, tzinfo=UTC), "secrets": {}}
    assert extract(options, columns, needed=frozenset({"a", "b.c"}), **call).schema().names == ["_row", "a", "b.c"]
    with pytest.raises(SourceError, match="Column lijst") as refused:
        extract(options, columns, needed=frozenset({"lijst"}), **call)
    assert "geheim" not in str(refused.value)


def test_the_way_a_parquet_file_is_written_does_not_count(read: Read, tmp_path: Path) -> None:
    table = pa.table({"a": pa.array([str(n % 5) for n in range(100)] + [None]), "b": pa.array([*range(100), None], pa.int32())})
    prints = set()
    ways: tuple[tuple[pa.Schema, dict[str, Any]], ...] = (
        (table.schema, {"row_group_size": 1}),
        (table.schema, {"row_group_size": 33, "compression": "none"}),
        (pa.schema({"a": pa.large_string(), "b": pa.int64()}), {"use_dictionary": False}),
        (pa.schema({"a": pa.dictionary(pa.int8(), pa.string()), "b": pa.float64()}), {"data_page_version": "2.0"}),
    )
    for schema, options in ways:
        pq.write_table(table.cast(schema), tmp_path / "x.parquet", **options)
        prints.add(read("parquet", "x.parquet", {"a": "string", "b": "integer"})[1].fingerprint)
    assert len(prints) == 1


def test_text_in_a_typed_source_is_text(read: Read, tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": ["12"], "d": ["31-12-2024"]}), tmp_path / "x.parquet")
    with pytest.raises(SchemaChanged, match=r"- - \{name: a, type: integer, .*\n.*type: string"):
        read("parquet", "x.parquet", {"a": "integer", "d": "date"})
    rows, _ = read("parquet", "x.parquet", {"a": "string", "d": "date"}, date_format="%d-%m-%Y")
    assert (rows[0]["a"], str(rows[0]["d"])) == ("12", "2024-12-31")
