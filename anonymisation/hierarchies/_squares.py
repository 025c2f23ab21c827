"""The squares of Statistics Netherlands: a grid in RD (Amersfoort / RD New, EPSG:28992), by the hectometres of the south-west corner.

``E1214N4867`` is the square whose corner lies at x = 121,400 m, y = 486,700 m; the code does not say how large it is. A square holds its
south and west sides. (CBS, *Statistische gegevens per vierkant*.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

SIDES = {"100m": 1, "500m": 5, "1km": 10}
"""Step → the side of its squares, in hectometres."""
EAST, NORTH = (0, 3000), (3000, 6300)
"""Where RD is used, in hectometres: the European Netherlands lies within."""
FORM = r"^E(?P<east>[0-9]{4})N(?P<north>[0-9]{4})$"
NOWHERE = -1
WIDEST = 10_000
"""Codes have four digits for east and for north."""


def points(values: pa.Array, crs: str) -> np.ndarray:
    """Give the coordinates of points in RD.

    Args:
        values: WKB.
        crs: their CRS, as ``EPSG:n``.

    Returns:
        float64 of shape (n, 2), x and y in metres; not-a-number for what is missing or no point.
    """
    import numpy as np
    import shapely

    from engine import geo

    found = np.full((len(values), 2), np.nan)
    shapes = geo.decode(values)
    there = (shapely.get_type_id(shapes) == shapely.GeometryType.POINT) & ~shapely.is_empty(shapes)
    found[there] = shapely.get_coordinates(in_rd(shapes[there], crs))
    return found


def around(coordinates: np.ndarray) -> np.ndarray:
    """Give the hectometre squares around points (see `points`).

    Returns:
        int64 of shape (n, 2), east and north in hectometres; `NOWHERE` outside the Netherlands, and where there is no point.
    """
    import numpy as np

    corners = np.floor(coordinates / 100)
    inside = np.all((corners >= [EAST[0], NORTH[0]]) & (corners < [EAST[1], NORTH[1]]), axis=1, keepdims=True)
    return np.where(inside, corners, NOWHERE).astype(np.int64)


def in_rd(shapes: np.ndarray, crs: str) -> np.ndarray:
    """Give geometries in RD; in a CRS that RD cannot be reached from, nowhere."""
    import shapely

    from engine import geo

    try:
        return geo.reproject(shapes, crs, geo.RD)
    except ValueError:
        return shapely.transform(shapes, lambda points: points * 0 + NOWHERE)


def of_codes(values: pa.Array) -> np.ndarray:
    """Give the hectometre squares of codes; shape and dtype as `around`."""
    import numpy as np
    import pyarrow.compute as pc

    parts = pc.extract_regex(pc.utf8_upper(values), pattern=FORM)
    sides = [pc.struct_field(parts, name).cast("int64").fill_null(NOWHERE).to_numpy() for name in ("east", "north")]
    squares: np.ndarray = np.stack(sides, axis=1)
    return squares


def codes(squares: np.ndarray, side: int) -> pa.Array:
    """Give the codes of the squares of `side` hectometres around hectometre squares; null for `NOWHERE`."""
    import numpy as np
    import pyarrow as pa

    nowhere = squares[:, 0] == NOWHERE
    corners = np.where(nowhere[:, None], 0, squares // side * side)
    # One number a square: sorting those is many times faster than sorting pairs.
    found, inverse = np.unique(corners[:, 0] * WIDEST + corners[:, 1], return_inverse=True)
    texts = pa.array([f"E{corner // WIDEST:04d}N{corner % WIDEST:04d}" for corner in found.tolist()], pa.string())
    return texts.take(pa.array(inverse, mask=nowhere))
