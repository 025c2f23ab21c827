"""Parquet: zstd, typed, row groups of one size; geometry as WKB in its own CRS with GeoParquet 1.1 metadata."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from distributions.render import geometries
from distributions.rows import only_safe, rows, schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from anonymisation.safe import SafeTable
    from config.errors import Problem
    from distributions.base import WriteOptions

ROW_GROUP = 131_072
GEO_VERSION = "1.1.0"


class Writer:
    """Columns, compressed."""

    EXTENSION = "parquet"
    FILE_TYPE = "PARQUET"
    MEDIA_TYPE = "application/vnd.apache.parquet"

    def limits(self, table: SafeTable) -> tuple[Problem, ...]:
        """Everything fits."""
        only_safe(table)
        return ()

    def write(self, table: SafeTable, path: Path, options: WriteOptions) -> None:  # noqa: ARG002 - nothing in Parquet depends on them
        """Write the file; its metadata holds the schema and, with a geometry, ``geo``, nothing else."""
        import pyarrow.parquet as pq

        found = pq.read_schema(only_safe(table).path)
        shapes = {column.name: _Shapes() for column in geometries(table)}
        with pq.ParquetWriter(path, schema(table.columns, found), compression="zstd", version="2.6", store_schema=False) as writer:
            for batch in rows(table, size=ROW_GROUP):
                writer.write_batch(batch)
                for name, seen in shapes.items():
                    seen.update(batch.column(name))
            if shapes:
                writer.add_key_value_metadata({"geo": _geo(shapes, table.crs)})

    def rendered(self, table: SafeTable, options: WriteOptions) -> Iterator[pa.RecordBatch]:  # noqa: ARG002 - as `write`
        """Give every cell as it is typed."""
        return rows(table)

    def read_back(self, path: Path) -> Iterator[pa.RecordBatch]:
        """Read the file, typed."""
        import pyarrow.parquet as pq

        with pq.ParquetFile(path) as file:
            yield from file.iter_batches()


class _Shapes:
    """What GeoParquet wants to know of a geometry column: the kinds of shape in it and its bounds, both in its own CRS."""

    def __init__(self) -> None:
        self.kinds: set[str] = set()
        self.bounds: list[float] | None = None

    def update(self, values: pa.Array) -> None:
        """Add a batch of WKB."""
        import numpy as np
        import shapely

        from engine import geo

        found = geo.decode(values)
        found = found[~shapely.is_missing(found)]
        if not len(found):
            return
        codes, heights = shapely.get_type_id(found), shapely.has_z(found)
        named = {shapely.GeometryType(code).name: code for code in np.unique(codes)}
        self.kinds |= {_KINDS[name] + (" Z" if high else "") for name, code in named.items() for high in np.unique(heights[codes == code])}
        low_x, low_y, high_x, high_y = (float(edge) for edge in shapely.total_bounds(found))
        if low_x == low_x:  # noqa: PLR0124 - NaN where every shape is empty
            old = self.bounds or [low_x, low_y, high_x, high_y]
            self.bounds = [min(old[0], low_x), min(old[1], low_y), max(old[2], high_x), max(old[3], high_y)]


_KINDS = {
    "POINT": "Point",
    "LINESTRING": "LineString",
    "LINEARRING": "LineString",
    "POLYGON": "Polygon",
    "MULTIPOINT": "MultiPoint",
    "MULTILINESTRING": "MultiLineString",
    "MULTIPOLYGON": "MultiPolygon",
    "GEOMETRYCOLLECTION": "GeometryCollection",
}


def _geo(shapes: dict[str, _Shapes], crs: str | None) -> str:
    """Give the ``geo`` metadata (geoparquet.org, 1.1.0): the CRS as PROJJSON, null where it is unknown."""
    from pyproj import CRS

    projjson = CRS.from_user_input(crs).to_json_dict() if crs else None

    def column(seen: _Shapes) -> dict[str, Any]:
        told: dict[str, Any] = {"encoding": "WKB", "geometry_types": sorted(seen.kinds), "crs": projjson}
        return told | ({"bbox": seen.bounds} if seen.bounds else {})

    told = {"version": GEO_VERSION, "primary_column": next(iter(shapes)), "columns": {name: column(seen) for name, seen in shapes.items()}}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
