"""Three real Dutch open datasets on their whole way: what a citizen downloads is what the source holds, checked by other means."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from python_calamine import CalamineWorkbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from conftest import Published

FORMATS = {
    "bomen-leeuwarden": ("csv", "geojson", "parquet"),
    "buurten": ("csv", "geojson", "parquet"),
    "kerncijfers-gemeenten": ("csv", "parquet", "xlsx"),
}
ROWS = {"bomen-leeuwarden": 2088, "buurten": 105, "kerncijfers-gemeenten": 343}
METRES = np.array([66_700.0, 111_270.0])
"""Metres in a degree of longitude and of latitude, in Leeuwarden."""

# Schreutelkamp and Strang van Hees, Benaderingsformules voor de transformatie tussen RD- en WGS84-kaartcoördinaten (2001)
LATITUDE = {
    (0, 1): 3235.65389, (2, 0): -32.58297, (0, 2): -0.24750, (2, 1): -0.84978, (0, 3): -0.06550, (2, 2): -0.01709,
    (1, 0): -0.00738, (4, 0): 0.00530, (2, 3): -0.00039, (4, 1): 0.00033, (1, 1): -0.00012,
}  # fmt: skip
LONGITUDE = {
    (1, 0): 5260.52916, (1, 1): 105.94684, (1, 2): 2.45656, (3, 0): -0.81885, (1, 3): 0.05594, (3, 1): -0.05607,
    (0, 1): 0.01199, (3, 2): -0.00256, (1, 4): 0.00128, (0, 2): 0.00022, (2, 0): -0.00022, (5, 0): 0.00026,
}  # fmt: skip


def approximated(x: Any, y: Any) -> Any:
    """Longitude and latitude by a formula that has nothing in common with PROJ; good to a quarter of a metre."""
    dx, dy = (x - 155_000) * 1e-5, (y - 463_000) * 1e-5
    sums = [sum(factor * dx**p * dy**q for (p, q), factor in terms.items()) / 3600 for terms in (LONGITUDE, LATITUDE)]
    return np.column_stack([5.38720621 + sums[0], 52.15517440 + sums[1]])


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def features_of(path: Path) -> list[dict[str, Any]]:
    collection: dict[str, Any] = json.loads(path.read_bytes())
    assert collection["type"] == "FeatureCollection"
    features: list[dict[str, Any]] = collection["features"]
    return features


def source(shared_data: Path, name: str) -> list[dict[str, str]]:
    with (shared_data / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def number(text: str) -> str:
    """A number of the source as it should be published: 1284.0 is 1284."""
    return text.removesuffix(".0")


def test_all_three_are_published_on_the_site(published: Published) -> None:
    assert [reason.text() for outcome in published.outcomes for reason in outcome.reasons] == []
    assert {outcome.dataset: (outcome.outcome, outcome.portals) for outcome in published.outcomes} == {
        name: ("published", {"site": "published"}) for name in FORMATS
    }
    for name, formats in FORMATS.items():
        manifest = published.release(name).manifest
        assert (manifest.rows, manifest.personal, manifest.warnings) == (ROWS[name], False, 0)
        assert sorted(file.format for file in manifest.distributions) == sorted(formats)
        assert {file.rows for file in manifest.distributions} == {ROWS[name]}
        assert {file.name: file.sha256 for file in manifest.distributions} == {
            f"{name}.{ending}": hashlib.sha256(published.download(name, ending).read_bytes()).hexdigest() for ending in formats
        }


def test_trees_are_those_of_the_source(published: Published, shared_data: Path) -> None:
    """The municipality publishes the same register as CSV: an oracle that no reader of ours has touched."""
    expected = source(shared_data, "leeuwarden_bomen.csv")
    found = rows_of(published.download("bomen-leeuwarden", "csv"))
    assert list(found[0]) == ["boomnummer", "soort", "plantjaar", "status", "x", "y", "geometry"], "free text was dropped"
    names = {"boomnummer": "ELEMENTNR", "soort": "BOOMSOORT", "plantjaar": "PLANTJAAR", "status": "STATUS"}
    assert [{new: row[new] for new in names} for row in found] == [
        {new: number(row[old]) for new, old in names.items()} for row in expected
    ]
    assert all(float(new[axis]) == float(old[axis.upper()]) for new, old in zip(found, expected, strict=True) for axis in "xy")
    assert Counter(row["status"] for row in found) == {"waardevolle boom": 1577, "monumentale boom": 445, "gedenkboom": 66}


def test_trees_stand_where_the_national_grid_says(published: Published, shared_data: Path) -> None:
    register = source(shared_data, "leeuwarden_bomen.csv")
    x, y = (np.array([float(row[axis]) for row in register]) for axis in "XY")
    features = features_of(published.download("bomen-leeuwarden", "geojson"))
    found = np.array([feature["geometry"]["coordinates"] for feature in features])
    assert found[0].tolist() == [5.8156878, 53.2047325]
    assert (found == np.round(found, 7)).all()
    off = np.hypot(*((found - approximated(x, y)) * METRES).T)
    assert off.max() < 0.5, "a quarter of a metre of ours and one of the formula"
    assert off.max() - off.min() < 0.05, "no tree is off by more than its neighbours"
    west, south, east, north = published.release("bomen-leeuwarden").manifest.bbox or (0, 0, 0, 0)
    assert [west, south, east, north] == [*found.min(axis=0).tolist(), *found.max(axis=0).tolist()]
    texts = [row["geometry"] for row in rows_of(published.download("bomen-leeuwarden", "csv"))]
    assert shapely.get_coordinates(shapely.from_wkt(texts)).tolist() == found.tolist(), "csv and geojson say the same place"


def test_neighbourhoods_are_valid_and_cover_what_they_covered(published: Published, shared_data: Path) -> None:
    before = features_of(shared_data / "cbs_buurten_2014_haarlem_denhelder.geojson")
    after = features_of(published.download("buurten", "geojson"))
    names = {"soort": "rubriek", "buurt_code": "statcode", "buurt": "statnaam", "gemeente": "gemeente"}
    assert [one["properties"] for one in after] == [{new: one["properties"][old] for new, old in names.items()} for one in before]
    raw, shapes = ([shapely.geometry.shape(one["geometry"]) for one in side] for side in (before, after))
    assert Counter(shape.is_valid for shape in raw) == {True: 95, False: 10}
    assert Counter(shape.is_valid for shape in shapes) == {True: 105}
    for old, new in zip(raw, shapes, strict=True):
        if old.is_valid:
            assert old.symmetric_difference(new).area < 1e-8, "rounding to a centimetre and nothing else"
        assert old.envelope.buffer(1e-6).contains(new)
    assert Counter(shape.geom_type in ("Polygon", "MultiPolygon") for shape in shapes) == {True: 101, False: 4}
    for shape in shapes:
        for part in getattr(shape, "geoms", [shape]):
            assert part.geom_type != "Polygon" or part.exterior.is_ccw


def test_key_figures_are_those_of_the_source(published: Published, shared_data: Path) -> None:
    expected = [{name: number(cell) for name, cell in row.items()} for row in source(shared_data, "cbs_kerncijfers_gemeenten_2022.csv")]
    found = rows_of(published.download("kerncijfers-gemeenten", "csv"))
    means = "gemiddeldeHuishoudsgrootte"
    assert [float(row.pop(means) or "nan") for row in found] == pytest.approx(
        [float(row.pop(means) or "nan") for row in expected], nan_ok=True
    )
    assert found == expected
    assert sum(int(row["aantalInwoners"] or 0) for row in found) == 17_811_291


def test_the_workbook_says_the_same_as_the_csv(published: Published) -> None:
    book = CalamineWorkbook.from_path(str(published.download("kerncijfers-gemeenten", "xlsx")))
    header, *rows = book.get_sheet_by_index(0).to_python()
    table = rows_of(published.download("kerncijfers-gemeenten", "csv"))
    assert list(table[0]) == header
    assert len(rows) == len(table) == 343
    for cells, row in zip(rows, table, strict=True):
        for cell, text in zip(cells, row.values(), strict=True):
            assert (cell == float(text)) if isinstance(cell, float | int) else (cell == text)
    assert len(book.sheet_names) == 2


TYPES: Mapping[str, Mapping[str, pa.DataType]] = {
    "bomen-leeuwarden": {"boomnummer": pa.int64(), "soort": pa.string(), "plantjaar": pa.int64(), "geometry": pa.binary()},
    "buurten": {"buurt_code": pa.string(), "geometry": pa.binary()},
    "kerncijfers-gemeenten": {"gemeentecode": pa.string(), "aantalInwoners": pa.int64(), "gemiddeldeHuishoudsgrootte": pa.float64()},
}


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_parquet_has_the_declared_types_and_the_same_rows(published: Published, name: str) -> None:
    table = pq.read_table(published.download(name, "parquet"))
    rows = rows_of(published.download(name, "csv"))
    assert table.schema.names == list(rows[0])
    assert {column: table.schema.field(column).type for column in TYPES[name]} == TYPES[name]
    for column in table.schema.names:
        kind, cells = table.schema.field(column).type, table[column].to_pylist()
        texts = [row[column] or None for row in rows]
        if pa.types.is_integer(kind):
            assert cells == [None if text is None else int(text) for text in texts]
        elif pa.types.is_string(kind):
            assert cells == texts


def test_no_false_alarm_and_no_person_is_found(published: Published) -> None:
    """Nine digits of a coordinate pass the 11-test by chance: what is found is said to be chance, and stops nothing."""
    from anonymisation.detect import scan
    from config.project import load
    from sources.extract import open_source

    for name in FORMATS:
        declared = load(published.config, env={}).datasets[name]
        assert declared.dataset
        reader = open_source(declared.dataset.source, base=declared.file.parent, secrets={})
        reader.columns()
        raw = (batch.batch for batch in reader.batches(declared.dataset.columns))
        files = [pq.ParquetFile(published.download(name, "parquet")).iter_batches(), texts(published.download(name, "csv"))]
        for batches in (raw, *files):
            assert [(one.column, one.kind) for one in scan(batches, {}) if one.hit] == []


def texts(path: Path) -> Iterator[pa.RecordBatch]:
    """A CSV file as text, as `vrijgave scan` reads it."""
    rows = rows_of(path)
    yield pa.record_batch({name: [row[name] for row in rows] for name in rows[0]})


def test_a_second_run_changes_nothing_but_when_it_was_checked(published: Published) -> None:
    def tree() -> dict[str, bytes]:
        return {
            path.relative_to(published.home).as_posix(): path.read_bytes()
            for path in sorted(published.home.rglob("*"))
            if path.is_file() and path.name != "status.json" and "/runs/" not in path.as_posix()
        }

    before = tree()
    assert [outcome.outcome for outcome in published.again(days=1)] == ["unchanged"] * 3
    assert tree() == before
