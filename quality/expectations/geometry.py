"""When a geometry is right: sound, of a kind, in a place where it may be. A cell is WKB; what is no WKB is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from shapely.geometry.base import BaseGeometry

TYPES = frozenset({"Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"})
NETHERLANDS = {"EPSG:28992": (-7_000.0, 289_000.0, 300_000.0, 629_000.0), "EPSG:4326": (3.2, 50.7, 7.3, 53.7)}
"""Coordinate reference system → the box of the European Netherlands in it, x first; RD as its bounds of use (NSGI)."""
_CORNERS = 4


def valid(_: Mapping[str, Any]) -> Callable[[bytes], bool]:
    """Accept what is simple and closed as OGC Simple Features asks, and not empty."""
    return _shaped(lambda shape: bool(shape.is_valid and not shape.is_empty))


def of_type(given: Mapping[str, Any]) -> Callable[[bytes], bool]:
    """Accept geometries of the types that `geometry_types` lists."""
    types = given.get("geometry_types")
    if not isinstance(types, list | tuple) or not types or not set(types) <= TYPES:
        raise ValueError("geometry_types")
    return _shaped(lambda shape: shape.geom_type in types)


def within(given: Mapping[str, Any]) -> Callable[[bytes], bool]:
    """Accept geometries inside `box` (min x, min y, max x, max y), or where the Netherlands lie in `crs`."""
    box, crs = given.get("box"), given.get("crs")
    if (box is None) == (crs is None) or (crs is not None and crs not in NETHERLANDS):
        raise ValueError("box")
    corners = NETHERLANDS[crs] if crs is not None else box
    if not isinstance(corners, list | tuple) or len(corners) != _CORNERS or not all(isinstance(end, int | float) for end in corners):
        raise ValueError("box")
    left, low, right, high = corners
    if left >= right or low >= high:
        raise ValueError("box")

    def inside(shape: BaseGeometry) -> bool:
        if shape.is_empty:
            return False
        x, y, other_x, other_y = shape.bounds
        return bool(left <= x and low <= y and other_x <= right and other_y <= high)

    return _shaped(inside)


def _shaped(test: Callable[[BaseGeometry], bool]) -> Callable[[bytes], bool]:
    """Make the test of WKB out of the test of a geometry."""

    def accepts(cell: bytes) -> bool:
        import shapely

        shape = shapely.from_wkb(cell, on_invalid="ignore")
        return shape is not None and test(shape)

    return accepts
