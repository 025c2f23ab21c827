"""Three real Dutch open datasets, as declared in `config/`, extracted: counts, types and coordinates."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import shapely

from config.project import load
from engine import geo
from sources.extract import extract, select

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config.project import Project
    from engine.snapshot import Snapshot


@pytest.fixture(scope="module")
def project(real_town: Path) -> Project:
    return load(real_town, env={})


def extracted(project: Project, identifier: str, folder: Path) -> Snapshot:
    dataset = project.datasets[identifier].dataset
    assert dataset is not None
    return extract(
        dataset.source,
        dataset.columns,
        base=project.folder / "datasets",
        out=folder / "snapshot.parquet",
        now=datetime(2026, 11, 22, tzinfo=UTC),
        secrets={},
        needed=select(dataset),
    )


@pytest.fixture(name="snapshot")
def _snapshot(project: Project, tmp_path: Path) -> Callable[[str], Snapshot]:
    return lambda identifier: extracted(project, identifier, tmp_path)


def test_the_declarations_are_without_a_fault(project: Project) -> None:
    wrong = [problem.text() for problem in project.all_problems() if problem.severity == "error"]
    assert wrong == []
    assert sorted(project.datasets) == ["bomen-leeuwarden", "buurten", "kerncijfers-gemeenten"]


def test_key_figures_of_municipalities(snapshot: Callable[[str], Snapshot]) -> None:
    found = snapshot("kerncijfers-gemeenten")
    table = pq.read_table(found.path)
    assert (found.rows, found.rejected_rows, found.as_of, found.crs) == (343, 0, "2023", None)
    assert table.num_columns == 38
    kinds = [field.type for field in table.schema]
    assert (kinds.count(pa.int64()), kinds.count(pa.float64()), kinds.count(pa.string())) == (32, 1, 5)
    first = table.slice(0, 1).to_pylist()[0]
    assert (first["gemeentecode"], first["bevolkingsdichtheidInwonersPerKm2"], first["gemiddeldeHuishoudsgrootte"]) == ("GM0014", 1284, 1.7)
    assert pc.sum(table["aantalInwoners"]).as_py() == 17_811_291
    assert {table[name].null_count for name in ("aantalInwoners", "mannen", "oppervlakteLandInHa")} == {1}


def test_neighbourhoods_are_repaired_and_counted(snapshot: Callable[[str], Snapshot]) -> None:
    found = snapshot("buurten")
    shapes = geo.decode(pq.read_table(found.path)["geometry"].combine_chunks())
    assert (found.rows, found.rejected_rows, found.as_of, found.crs) == (105, 0, "2014", "EPSG:4326")
    assert dict(found.notes) == {"repaired_geometries": 10, "collapsed_geometries": 4}
    assert shapely.is_valid(shapes).all()
    assert np.count_nonzero(shapely.get_dimensions(shapes) == 2) == 101
    west, south, east, north = geo.bbox([geo.encode(shapes)], found.crs or "") or (0, 0, 0, 0)
    assert 4.5 < west < east < 4.9  # Haarlem in the south, Den Helder in the north
    assert 52.3 < south < 52.45
    assert 52.9 < north < 53.0


def test_trees_of_leeuwarden(snapshot: Callable[[str], Snapshot]) -> None:
    found = snapshot("bomen-leeuwarden")
    table = pq.read_table(found.path)
    assert (found.rows, found.rejected_rows, found.crs) == (2088, 0, "EPSG:28992")
    assert table.schema.names == ["_row", "boomnummer", "soort", "plantjaar", "status", "x", "y", "geometry"]
    assert [table.schema.field(name).type for name in ("boomnummer", "plantjaar")] == [pa.int64(), pa.int64()]
    assert table["boomnummer"][0].as_py() == 1080
    assert pc.min_max(table["plantjaar"]).as_py()["min"] == 1850
    shapes = geo.decode(table["geometry"].combine_chunks())
    assert np.allclose(shapely.get_x(shapes), table["x"].cast(pa.float64()).to_numpy(), atol=0.001)
    mapped = next(geo.geojson(geo.reproject(shapes[:1], found.crs or "")))
    assert mapped == {"type": "Point", "coordinates": [5.8156878, 53.2047325]}
    box = geo.bbox([geo.encode(shapes)], found.crs or "") or (0, 0, 0, 0)
    assert (5.7 < box[0] < box[2] < 5.9, 53.1 < box[1] < box[3] < 53.3) == (True, True)


YEAR = slice(1 + 19 + 200, 1 + 19 + 200 + 19)
"""Where the year of planting stands in a record: behind the mark of deletion, the number and the species."""


def test_a_year_nought_is_no_year(real_town: Path, tmp_path: Path) -> None:
    """The register writes 0 where a year is not known; this delivery has none, so one is put in."""
    town = shutil.copytree(real_town, tmp_path / "config", copy_function=shutil.copyfile)
    table = town / "data" / "leeuwarden_bomen_shp" / "bomen.dbf"
    content = bytearray(table.read_bytes())
    first = int.from_bytes(content[8:10], "little")
    at = slice(first + YEAR.start, first + YEAR.stop)
    assert float(content[at]) == 1925
    content[at] = b"0.00000000000".rjust(19)
    table.write_bytes(content)
    found = extracted(load(town, env={}), "bomen-leeuwarden", tmp_path)
    years = pq.read_table(found.path)["plantjaar"]
    assert (years[0].as_py(), years.null_count, found.rejected_rows) == (None, 1, 0)
