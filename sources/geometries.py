"""Geometry out of WKB or WKT: checked, repaired and counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources.cells import Converted
from sources.text_values import numbers

if TYPE_CHECKING:
    import pyarrow as pa

    from sources.cells import Conventions


def convert(values: pa.Array) -> Converted:
    """Give geometries as valid ISO WKB; an empty geometry is null, what is no geometry or has a coordinate that is no number is bad.

    Outer rings run counter-clockwise (RFC 7946): a shapefile has them the other way round, and the same polygon is the same value here.
    """
    import numpy as np
    import pyarrow as pa
    import shapely

    from engine import geo

    kind = values.type
    text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    raw = values.to_numpy(zero_copy_only=False)
    if text:
        raw = np.array([None if cell is None or not cell.strip() else cell for cell in raw], dtype=object)
    parse = shapely.from_wkt if text else shapely.from_wkb
    geometries = parse(raw, on_invalid="ignore")
    present = np.array([cell is not None for cell in raw], dtype=bool)
    bad = present & (shapely.is_missing(geometries) | ~np.isfinite(shapely.bounds(geometries)).all(axis=1) & ~shapely.is_empty(geometries))
    geometries[bad | shapely.is_empty(geometries)] = None
    mended = geo.repair(geometries)
    counts = (("collapsed_geometries", mended.collapsed), ("repaired_geometries", mended.repaired))
    return Converted(
        geo.encode(shapely.orient_polygons(mended.geometries)), bad if bad.any() else None, tuple(count for count in counts if count[1])
    )


def points(x: pa.Array, y: pa.Array, conventions: Conventions) -> Converted:
    """Give points out of two text columns as WKB; null where a coordinate is missing, bad where one is no number."""
    import numpy as np
    import pyarrow.compute as pc
    import shapely

    from engine import geo

    axes = [numbers(axis, conventions) for axis in (x, y)]
    there = pc.and_(axes[0].values.is_valid(), axes[1].values.is_valid()).to_numpy(zero_copy_only=False)
    made = np.full(len(x), None, dtype=object)
    easting, northing = (axis.values.fill_null(0.0).to_numpy() for axis in axes)
    made[there] = shapely.points(easting[there], northing[there])
    masks = [axis.bad for axis in axes if axis.bad is not None]
    return Converted(geo.encode(made), np.logical_or.reduce(masks) if masks else None)
