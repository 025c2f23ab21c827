"""Geometry: WKB in, WKB or GeoJSON out; x is always easting or longitude, y always northing or latitude.

Amersfoort / RD New (EPSG:28992) goes to WGS 84 by the seven-parameter transformation *Amersfoort to WGS 84 (4)* (EPSG:4833), spelled out:
a machine with other PROJ grids then gives the same bytes. It stays within 0.25 m of RDNAPTRANS in the European Netherlands.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import numpy as np
    import pyarrow as pa

    Geometries: TypeAlias = np.ndarray[Any, Any]
    Box: TypeAlias = tuple[float, float, float, float]

RD = "EPSG:28992"
WGS84 = "EPSG:4326"
DECIMALS = 7
"""Decimals of a degree that are published: about a centimetre (RFC 7946 §11.2)."""

_RD_TO_WGS84 = (
    "+proj=pipeline +step +inv +proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 +x_0=155000 +y_0=463000"
    " +ellps=bessel +step +proj=push +v_3 +step +proj=cart +ellps=bessel +step +proj=helmert +x=565.4171 +y=50.3319 +z=465.5524"
    " +rx=0.398957388243134 +ry=-0.343987817378283 +rz=1.87740163998045 +s=4.0725 +convention=coordinate_frame"
    " +step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
)


@dataclass(frozen=True, slots=True)
class Repair:
    """Geometries after repair, and what was done.

    Attributes:
        repaired: how many were invalid and now are valid.
        collapsed: how many of those have no area left (a polygon that was a line or a point), and are kept as that line or point.
    """

    geometries: Geometries
    repaired: int
    collapsed: int


def authority_code(text: str) -> str:
    """Give a CRS (``EPSG:28992``, a URN, WKT, PROJJSON text) as ``EPSG:n``; OGC:CRS84 is EPSG:4326, as x comes first here anyway.

    Raises:
        ValueError: it is no CRS that PROJ knows with a code.
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        found = CRS.from_user_input(text).to_authority(min_confidence=70)
    except CRSError:
        found = None
    if found is None:
        raise ValueError("not a coordinate reference system with a code")
    return WGS84 if found == ("OGC", "CRS84") else ":".join(found)


def decode(wkb: pa.Array) -> Geometries:
    """Give an Arrow array of WKB as geometries; null stays None.

    Raises:
        shapely.errors.GEOSException: a value is not WKB.
    """
    import shapely

    decoded: Geometries = shapely.from_wkb(wkb.to_numpy(zero_copy_only=False))
    return decoded


def encode(geometries: Geometries) -> pa.Array:
    """Give geometries as ISO WKB, little-endian, in an Arrow array; None stays null."""
    import pyarrow as pa
    import shapely

    return pa.array(shapely.to_wkb(geometries, byte_order=1, flavor="iso"), pa.binary())


def repair(geometries: Geometries) -> Repair:
    """Make every geometry valid by GEOS' *structure* method; polygons keep their area only, unless they have none."""
    import numpy as np
    import shapely

    present = ~shapely.is_missing(geometries)
    broken = present & ~shapely.is_valid(geometries)
    if not broken.any():
        return Repair(geometries, 0, 0)
    mended = geometries.copy()
    mended[broken] = shapely.make_valid(geometries[broken], method="structure", keep_collapsed=True)
    collapsed = broken & (shapely.get_dimensions(mended) < shapely.get_dimensions(geometries))
    return Repair(mended, int(np.count_nonzero(broken)), int(np.count_nonzero(collapsed)))


def reproject(geometries: Geometries, source: str, target: str = WGS84) -> Geometries:
    """Give geometries in another CRS (codes such as ``EPSG:28992``), x first; heights are left out.

    Raises:
        ValueError: a CRS is unknown, or a coordinate has no place in the target.
    """
    import numpy as np
    import shapely
    from pyproj.exceptions import ProjError

    if source == target:
        return geometries
    transform = _transformer(source, target)

    def move(points: Geometries) -> Geometries:
        return np.column_stack(transform(points[:, 0], points[:, 1], errcheck=True))

    try:
        flat: Geometries = shapely.transform(geometries, move)
    except ProjError:  # whose text has the coordinate
        raise ValueError("a coordinate has no place in the other coordinate reference system") from None
    return flat


def geojson(geometries: Geometries) -> Iterator[dict[str, Any] | None]:
    """Give WGS 84 geometries as GeoJSON mappings: seven decimals, outer rings counter-clockwise (RFC 7946 §3.1.6); None for none."""
    import numpy as np
    import shapely

    rounded = shapely.transform(geometries, lambda points: np.round(points, DECIMALS) + 0.0, include_z=False)
    # rounding can pinch a sliver; snapping to the grid keeps such a shape valid
    pinched = ~shapely.is_missing(rounded) & ~shapely.is_valid(rounded)
    if pinched.any():
        snapped = shapely.set_precision(shapely.force_2d(geometries[pinched]), 10.0**-DECIMALS)
        rounded[pinched] = shapely.transform(snapped, lambda points: np.round(points, DECIMALS) + 0.0)
    for geometry in shapely.orient_polygons(rounded):
        yield None if geometry is None else _mapping(geometry)


def bbox(batches: Iterable[pa.Array], crs: str) -> Box | None:
    """Give (west, south, east, north) in WGS 84 of arrays of WKB in `crs`, at seven decimals; None where there is no geometry."""
    import numpy as np
    import shapely

    low, high = np.full(2, np.inf), np.full(2, -np.inf)
    for batch in batches:
        points = shapely.get_coordinates(reproject(decode(batch), crs))
        if len(points):
            low, high = np.minimum(low, points.min(axis=0)), np.maximum(high, points.max(axis=0))
    if not np.isfinite(low).all():
        return None
    west, south, east, north = (round(float(edge), DECIMALS) for edge in (*low, *high))
    return west, south, east, north


def _mapping(geometry: Any) -> dict[str, Any]:
    """Give one geometry as a GeoJSON mapping of lists (shapely gives tuples)."""
    import shapely

    mapping: dict[str, Any] = shapely.geometry.mapping(geometry)
    if mapping["type"] == "GeometryCollection":
        return {"type": "GeometryCollection", "geometries": [_mapping(part) for part in geometry.geoms]}
    return {"type": mapping["type"], "coordinates": _lists(mapping["coordinates"])}


def _lists(coordinates: Any) -> Any:
    return [_lists(part) for part in coordinates] if isinstance(coordinates, tuple) else coordinates


@lru_cache(maxsize=16)
def _transformer(source: str, target: str) -> Callable[..., Any]:
    """Give the function between two CRSs, never by network."""
    import pyproj
    from pyproj.exceptions import CRSError, ProjError
    from pyproj.network import set_network_enabled  # type: ignore[attr-defined]

    set_network_enabled(active=False)
    if {source, target} == {RD, WGS84}:
        direction = "FORWARD" if source == RD else "INVERSE"
        return partial(pyproj.Transformer.from_pipeline(_RD_TO_WGS84).transform, direction=direction)
    try:
        return pyproj.Transformer.from_crs(source, target, always_xy=True, allow_ballpark=False).transform
    except (CRSError, ProjError):
        raise ValueError("no transformation between these coordinate reference systems") from None
