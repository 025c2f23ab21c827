"""MDAV: records in groups of k to 2k - 1 that lie near each other.

J. Domingo-Ferrer, J. Mateo-Sanz, "Practical data-oriented microaggregation for statistical disclosure control", IEEE TKDE 14(1), 2002;
the algorithm is MDAV-generic of J. Domingo-Ferrer, V. Torra, "Ordinal, continuous and heterogeneous k-anonymity through microaggregation",
Data Mining and Knowledge Discovery 11, 2005, §3. Its cost is quadratic, so a larger table is first halved at the median of the widest
dimension until the parts are small; every part is grouped by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

BLOCK = 5_000
"""Records that are grouped at once."""


def groups(points: np.ndarray, k: int) -> np.ndarray:
    """Number the group of each record.

    Args:
        points: float64, records x dimensions, standardised, at least k records in canonical order (between equal distances it decides).
        k: the least size of a group.
    """
    import numpy as np

    found = np.empty(len(points), dtype=np.int64)
    count = 0
    for block in _blocks(points, np.arange(len(points)), max(BLOCK, 4 * k)):
        for group in _mdav(points, block, k):
            found[group] = count
            count += 1
    return found


def _blocks(points: np.ndarray, rows: np.ndarray, most: int) -> Iterator[np.ndarray]:
    """Halve at the median of the widest dimension until a part has at most `most` records."""
    import numpy as np

    if len(rows) <= most:
        yield rows
        return
    part = points[rows]
    widest = int(np.argmax(part.max(axis=0) - part.min(axis=0)))
    order = np.argsort(part[:, widest], kind="stable")
    half = len(rows) // 2
    yield from _blocks(points, np.sort(rows[order[:half]]), most)
    yield from _blocks(points, np.sort(rows[order[half:]]), most)


def _mdav(points: np.ndarray, rows: np.ndarray, k: int) -> Iterator[np.ndarray]:
    """Yield groups: around the record that is farthest from the mean, around the one farthest from that, and again."""
    import numpy as np

    left = rows
    while len(left) >= 3 * k:
        here = points[left]
        far = int(np.argmax(_distances(here, here.mean(axis=0))))
        near, left = _nearest(points, left, points[left[far]], k)
        # Seen from the same record: it is gone, but where it stood is known.
        other = points[left[int(np.argmax(_distances(points[left], points[near[0]])))]]
        yield near
        near, left = _nearest(points, left, other, k)
        yield near
    if len(left) >= 2 * k:
        here = points[left]
        far = int(np.argmax(_distances(here, here.mean(axis=0))))
        near, left = _nearest(points, left, points[left[far]], k)
        yield near
    yield left


def _nearest(points: np.ndarray, rows: np.ndarray, centre: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Split off the k records nearest to a point, nearest first; of equal distances the first in order."""
    import numpy as np

    distances = _distances(points[rows], centre)
    bound = np.partition(distances, k - 1)[k - 1]
    candidates = np.flatnonzero(distances <= bound)
    chosen = candidates[np.argsort(distances[candidates], kind="stable")[:k]]
    stays = np.ones(len(rows), dtype=bool)
    stays[chosen] = False
    return rows[chosen], rows[stays]


def _distances(points: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Give squared Euclidean distances, dimension by dimension."""
    found: np.ndarray = (points[:, 0] - centre[0]) ** 2
    for dimension in range(1, points.shape[1]):
        found += (points[:, dimension] - centre[dimension]) ** 2
    return found
