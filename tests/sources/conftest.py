"""One way to write the same table for every reader, so that one suite holds for all of them."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import settings

from config.models.schema import Column
from config.registry import SOURCES
from sources.extract import extract

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from config.models.source import SourceOptions
    from engine.snapshot import Snapshot

settings.register_profile("house", deadline=None)  # a first example pays for the imports
settings.load_profile("house")

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # in the Netherlands it is the 23rd already

TYPES = {
    "naam": "string",
    "aantal": "integer",
    "meting": "number",
    "dag": "date",
    "vlag": "boolean",
    "moment": "datetime",
    "bedrag": "decimal",
}
PARQUET = {
    "naam": pa.string(),
    "aantal": pa.int32(),
    "meting": pa.float64(),
    "dag": pa.date32(),
    "vlag": pa.bool_(),
    "moment": pa.timestamp("ms", tz="UTC"),
    "bedrag": pa.decimal128(20, 2),
}
SQLITE = {
    "naam": "TEXT",
    "aantal": "INTEGER",
    "meting": "REAL",
    "dag": "DATE",
    "vlag": "BOOLEAN",
    "moment": "DATETIME",
    "bedrag": "TEXT",
}
DBF = {
    "naam": pa.string(),
    "aantal": pa.int64(),
    "meting": pa.float64(),
    "dag": pa.date32(),
    "vlag": pa.int32(),
    "moment": pa.string(),
    "bedrag": pa.string(),
}


def column(name: str, kind: str = "string", **more: Any) -> Column:
    return Column.model_validate({"name": name, "type": kind, "classification": "open", **more})


COLUMNS = tuple(column(name, kind) for name, kind in TYPES.items())
SHAPE = column("geometry", "geometry")


def _plain(value: Any) -> str | None:
    """A value as text, as a database or spreadsheet would write it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _rows(rows: list[dict[str, Any]], names: list[str]) -> list[list[Any]]:
    return [[row.get(name) for name in names] for row in rows]


POINT = shapely.Point(5.5, 52.5)


def write_csv(folder: Path, rows: list[dict[str, Any]], names: list[str], _types: dict[str, Any], shape: Any) -> dict[str, Any]:
    with (folder / "bron.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        if shape is not POINT:
            writer.writerow([*names, "x", "y", "geometry"])
            writer.writerows([*map(_plain, cells), 0, 0, shape.wkt] for cells in _rows(rows, names))
            return {"path": "bron.csv", "delimiter": ";", "crs": "EPSG:4326"}
        writer.writerow([*names, "x", "y"])
        writer.writerows([*map(_plain, cells), shape.x, shape.y] for cells in _rows(rows, names))
    return {"path": "bron.csv", "delimiter": ";", "point": {"x": "x", "y": "y", "crs": "EPSG:4326"}}


def write_parquet(folder: Path, rows: list[dict[str, Any]], names: list[str], types: dict[str, Any], shape: Any) -> dict[str, Any]:
    arrays = [pa.array([row.get(name) for row in rows], types.get(name, PARQUET.get(name, pa.string()))) for name in names]
    shapes = pa.array([shapely.to_wkb(shape)] * len(rows), pa.binary())
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB", "geometry_types": []}}}
    table = pa.table([*arrays, shapes], [*names, "geometry"]).replace_schema_metadata({"geo": json.dumps(geo)})
    pq.write_table(table, folder / "bron.parquet", row_group_size=1000)
    return {"path": "bron.parquet"}


def write_sqlite(folder: Path, rows: list[dict[str, Any]], names: list[str], _types: dict[str, Any], shape: Any) -> dict[str, Any]:
    path = folder / "bron.sqlite"
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        declared = ", ".join(f'"{name}" {SQLITE.get(name, "TEXT")}' for name in names)
        connection.execute(f"create table tabel (nr integer primary key, {declared}, geometry blob)")
        marks = ", ".join("?" * (len(names) + 2))
        cells = [[value if isinstance(value, int | float | str | None) else _plain(value) for value in row] for row in _rows(rows, names)]
        insert = f"insert into tabel values ({marks})"  # noqa: S608 - only question marks
        order = reversed(list(enumerate(cells)))  # the key, not the order of insertion, is the order of the rows
        connection.executemany(insert, ([number, *row, shapely.to_wkb(shape)] for number, row in order))
        connection.commit()
    return {"path": "bron.sqlite", "table": "tabel", "key": ("nr",), "crs": "EPSG:4326"}


def write_geojson(folder: Path, rows: list[dict[str, Any]], names: list[str], _types: dict[str, Any], shape: Any) -> dict[str, Any]:
    def cell(value: Any) -> Any:
        return value if isinstance(value, int | float | str | None) else _plain(value)

    features = [
        {
            "type": "Feature",
            "properties": {name: cell(row.get(name)) for name in names},
            "geometry": shapely.geometry.mapping(shape),
        }
        for row in rows
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    (folder / "bron.geojson").write_text(text, encoding="utf-8")
    return {"path": "bron.geojson"}


def write_shapefile(folder: Path, rows: list[dict[str, Any]], names: list[str], types: dict[str, Any], shape: Any) -> dict[str, Any]:
    import pyogrio

    arrays = []
    for name in names:
        kind = types.get(name, DBF.get(name, pa.string()))
        cells = [int(cell) if isinstance(cell, bool) else cell for cell in (row.get(name) for row in rows)]
        arrays.append(pa.array([_plain(cell) for cell in cells] if kind == pa.string() else cells, kind))
    shapes = pa.array([shapely.to_wkb(shape)] * len(rows), pa.binary())
    pyogrio.write_arrow(
        pa.table([*arrays, shapes], [*names, "geometry"]),
        folder / "bron.shp",
        driver="ESRI Shapefile",
        geometry_name="geometry",
        geometry_type=shape.geom_type,
        crs="EPSG:4326",
        encoding="UTF-8",
    )
    return {"path": "bron.shp"}


WRITERS = {"csv": write_csv, "parquet": write_parquet, "sqlite": write_sqlite, "geojson": write_geojson, "shapefile": write_shapefile}


@dataclass(frozen=True)
class Case:
    """One kind of source in one folder."""

    kind: str
    folder: Path
    columns = COLUMNS
    column = staticmethod(column)

    @property
    def extra(self) -> tuple[Column, ...]:
        """What the source has beside the table itself."""
        return (*{"csv": (column("x", "number"), column("y", "number")), "sqlite": (column("nr", "integer"),)}.get(self.kind, ()), SHAPE)

    def write(
        self,
        rows: list[dict[str, Any]],
        *,
        names: list[str] | None = None,
        types: dict[str, Any] | None = None,
        shape: Any = POINT,
        **more: Any,
    ) -> SourceOptions:
        wanted = list(TYPES) if names is None else names
        options = WRITERS[self.kind](self.folder, rows, wanted, types or {}, shape)
        built: SourceOptions = SOURCES.load(self.kind).Options.model_validate({"kind": self.kind, **options, **more})
        return built

    def read(
        self,
        options: SourceOptions,
        columns: tuple[Column, ...] = COLUMNS,
        needed: set[str] | None = None,
        out: str = "snapshot.parquet",
    ) -> Snapshot:
        names = {one.name for one in columns} if needed is None else needed
        return extract(
            options,
            (*columns, *self.extra),
            base=self.folder,
            out=self.folder / out,
            now=NOW,
            secrets={},
            needed=frozenset(names),
        )


@pytest.fixture(name="column")
def _column() -> Callable[..., Column]:
    return column


@pytest.fixture(params=sorted(WRITERS))
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Case:
    return Case(request.param, tmp_path)
