from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
import shapely
from pyproj import CRS, Transformer

from distributions.write import verify, writer
from distributions.writers import geojson

if TYPE_CHECKING:
    from pathlib import Path

    from distributions.base import WriteOptions

CLOCKWISE = shapely.Polygon(
    [(155000, 463000), (155000, 464000), (156000, 464000), (156000, 463000)],
    [[(155100, 463100), (155200, 463100), (155200, 463200), (155100, 463200)]],
)


def wkb(*shapes: Any) -> list[Any]:
    return [None if shape is None else shapely.to_wkb(shape, flavor="iso") for shape in shapes]


def test_geojson_is_in_wgs84_right_handed_with_seven_decimals(safe: Any, tmp_path: Path, options: WriteOptions) -> None:
    table = safe({"n": ("integer", [1, 2]), "vlak": ("geometry", wkb(CLOCKWISE, None))}, crs="EPSG:28992")
    writer("geojson").write(table, tmp_path / "x.geojson", options)
    told = json.loads((tmp_path / "x.geojson").read_text("utf-8"))
    assert "crs" not in told
    first, second = told["features"]
    assert second == {"type": "Feature", "geometry": None, "properties": {"n": 2}}
    outer, inner = first["geometry"]["coordinates"]
    assert shapely.is_ccw(shapely.LinearRing(outer))
    assert not shapely.is_ccw(shapely.LinearRing(inner))
    assert all(round(number, 7) == number for ring in (outer, inner) for point in ring for number in point)
    oracle = Transformer.from_crs("EPSG:28992", "EPSG:4326", always_xy=True)
    corners = {oracle.transform(x, y) for x, y in CLOCKWISE.exterior.coords}
    assert all(min(abs(x - a) + abs(y - b) for a, b in corners) < 1e-5 for x, y in outer)


def test_geojson_streams_features_larger_than_a_piece(
    safe: Any, tmp_path: Path, options: WriteOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes = [shapely.Point(5, 52).buffer(0.1 * i, quad_segs=8 * i) for i in range(1, 20)]
    table = safe({"t": ("string", [f'],"}}{i}' for i in range(19)]), "vlak": ("geometry", wkb(*shapes))}, crs="EPSG:4326")
    writer("geojson").write(table, tmp_path / "x.geojson", options)
    found = []
    for piece in (1 << 20, 997, 7):
        monkeypatch.setattr(geojson, "_PIECE", piece)
        (batch,) = writer("geojson").read_back(tmp_path / "x.geojson")
        found.append(batch)
    assert found[0].num_rows == 19
    assert found[0].equals(found[1])
    assert found[0].equals(found[2])
    assert found[0].column("t")[3].as_py() == '],"}3'


@pytest.mark.parametrize("broken", ["", "{}", "]}", '{"type":"FeatureCollection","features":[\n', "cut", "more", "other"])
def test_a_broken_collection_is_not_read(broken: str, safe: Any, tmp_path: Path, options: WriteOptions) -> None:
    path = tmp_path / "x.geojson"
    writer("geojson").write(safe({"n": ("integer", [1, 2]), "p": ("geometry", wkb(None, None))}, crs="EPSG:4326"), path, options)
    whole = path.read_text("utf-8")
    path.write_text({"cut": whole[:-10], "more": whole + "1", "other": whole.replace('"n":2', '"m":2')}.get(broken, broken))
    with pytest.raises(ValueError, match=r"collection|feature"):
        list(writer("geojson").read_back(path))


@pytest.mark.parametrize("name", ["csv", "geojson", "parquet"])
def test_every_kind_of_shape_is_read_back(name: str, safe: Any, tmp_path: Path, options: WriteOptions) -> None:
    lines = shapely.LineString([(5, 52), (5.1, 52.1)])
    shapes = [
        shapely.Point(5, 52), shapely.Point(5, 52, 3), shapely.Point(), shapely.Polygon(), lines, shapely.MultiLineString([lines]),
        shapely.MultiPoint([(5, 52), (6, 53)]), shapely.MultiPolygon([shapely.box(5, 52, 6, 53)]),
        shapely.GeometryCollection([shapely.Point(5, 52), lines]), shapely.GeometryCollection(), None,
    ]  # fmt: skip
    table = safe({"p": ("geometry", wkb(*shapes))}, crs="EPSG:4326")
    path = tmp_path / f"x.{name}"
    writer(name).write(table, path, options)
    verify(table, writer(name), path, options)
    if name == "geojson":
        flat = [None if shape is None else shapely.force_2d(shape) for shape in shapes]
        read = [feature["geometry"] for feature in json.loads(path.read_text("utf-8"))["features"]]
        assert [None if shape is None else shapely.from_geojson(json.dumps(shape)).normalize() for shape in read] == [
            None if shape is None else shape.normalize() for shape in flat
        ]


def test_geojson_needs_one_geometry(safe: Any) -> None:
    none = safe({"n": ("integer", [1])}, crs="EPSG:4326")
    two = safe({"a": ("geometry", [None]), "b": ("geometry", [None])}, crs="EPSG:4326")
    assert [problem.code for table in (none, two) for problem in writer("geojson").limits(table)] == [
        "distribution.no-geometry", "distribution.more-geometries",
    ]  # fmt: skip


def test_parquet_with_geometry_is_geoparquet(safe: Any, tmp_path: Path, options: WriteOptions) -> None:
    shapes = wkb(shapely.Point(155000, 463000), None, CLOCKWISE, shapely.Point(1, 2, 3), shapely.Point())
    table = safe({"n": ("integer", range(5)), "vlak": ("geometry", shapes)}, crs="EPSG:28992")
    writer("parquet").write(table, tmp_path / "x.parquet", options)
    metadata = pq.read_metadata(tmp_path / "x.parquet").metadata
    assert set(metadata) == {b"geo"}
    geo = json.loads(metadata[b"geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "vlak")
    column = geo["columns"]["vlak"]
    assert column["encoding"] == "WKB"
    assert column["geometry_types"] == ["Point", "Point Z", "Polygon"]
    assert column["bbox"] == [1.0, 2.0, 156000.0, 464000.0]
    assert CRS.from_json_dict(column["crs"]).to_authority() == ("EPSG", "28992")
    assert pq.read_table(tmp_path / "x.parquet").column("vlak").to_pylist() == shapes


def test_parquet_without_geometry_has_no_metadata_and_says_when_a_crs_is_unknown(safe: Any, tmp_path: Path, options: WriteOptions) -> None:
    writer("parquet").write(safe({"n": ("integer", [1])}), tmp_path / "a.parquet", options)
    assert pq.read_metadata(tmp_path / "a.parquet").metadata is None
    writer("parquet").write(safe({"p": ("geometry", wkb(shapely.Point(1, 2)))}), tmp_path / "b.parquet", options)
    column = json.loads(pq.read_metadata(tmp_path / "b.parquet").metadata[b"geo"])["columns"]["p"]
    assert column["crs"] is None


def test_row_groups_have_one_size(safe: Any, tmp_path: Path, options: WriteOptions) -> None:
    writer("parquet").write(safe({"n": ("integer", range(300_000))}, row_group=7001), tmp_path / "x.parquet", options)
    metadata = pq.read_metadata(tmp_path / "x.parquet")
    assert [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)] == [131_072, 131_072, 37_856]
    assert metadata.row_group(0).column(0).compression == "ZSTD"
