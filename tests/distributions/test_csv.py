from __future__ import annotations

from typing import TYPE_CHECKING, Any

from distributions.write import writer

if TYPE_CHECKING:
    from pathlib import Path

    from distributions.base import WriteOptions


def test_the_bytes_are_rfc_4180_with_a_byte_order_mark(safe: Any, tmp_path: Path, options: WriteOptions) -> None:
    table = safe({"naam, lang": ("string", ["gewoon", 'met "," erin', None, ""]), "n": ("number", [1.0, 1.5, None, -0.0])})
    writer("csv").write(table, tmp_path / "x.csv", options)
    assert (tmp_path / "x.csv").read_bytes() == (b'\xef\xbb\xbf"naam, lang",n\r\ngewoon,1\r\n"met "","" erin",1.5\r\n,\r\n,0\r\n')


def test_geometry_is_wkt_in_wgs84(safe: Any, tmp_path: Path, options: WriteOptions) -> None:
    import shapely

    rd = shapely.to_wkb(shapely.Point(155000, 463000), flavor="iso")
    table = safe({"plek": ("geometry", [rd, None])}, crs="EPSG:28992")
    writer("csv").write(table, tmp_path / "x.csv", options)
    lines = (tmp_path / "x.csv").read_text("utf-8-sig").splitlines()
    point = shapely.from_wkt(lines[1])
    assert abs(point.x - 5.3872036) < 1e-5  # the church tower of Amersfoort
    assert abs(point.y - 52.1551744) < 1e-5
    assert max(len(part.partition(".")[2]) for part in lines[1].strip("POINT ()").split()) <= 7
    assert lines[2] == '""'


def test_a_shape_larger_than_the_default_of_the_csv_module_is_read(safe: Any, tmp_path: Path, options: WriteOptions) -> None:
    table = safe({"t": ("string", ["x" * 200_000])})
    writer("csv").write(table, tmp_path / "x.csv", options)
    (batch,) = writer("csv").read_back(tmp_path / "x.csv")
    assert len(batch.column(0)[0].as_py()) == 200_000


def test_a_geometry_without_a_place_is_refused_beforehand(safe: Any) -> None:
    table = safe({"plek": ("geometry", [None])})
    assert [problem.code for name in ("csv", "geojson") for problem in writer(name).limits(table)] == ["distribution.no-crs"] * 2
    assert writer("parquet").limits(table) == ()
