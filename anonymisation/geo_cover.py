"""The smallest areas that hold enough rows, area by area.

Rows are collapsed to *places*: one area a level, from small to large, each inside the next (the part of a square of 100 m that lies in a
neighbourhood, that of a square of 500 m, the neighbourhood, the district …). Every place is given a level; its rows are published under its
area on that level. What is promised, for a minimum m:

1. enough: the rows that are published under an area are m or more;
2. nothing by subtraction: take any area on any level, or a whole square, and from it all that is published under smaller areas inside it
   (or parts of it); where that is anything, the rows that are left are none, or m or more. So somebody who knows the total of the area
   learns nothing of fewer than m rows.

From small to large, on each level: rows that were not placed yet are left over in their area. Where fewer than m are left in an area, or in
a whole square, in which something was placed, the cheapest placed group in it (rows times levels lost, then fewest rows, then lowest level
and area) is taken back, so that m or more are left. Then every area with m or more rows left takes them, but for the smallest part of a
square of which the other parts would leave fewer than m. Rows that are left on the last level have no area.

Both promises survive what follows: a group that is taken back, or left over, has m rows or more in every larger area that it lies in. The
result depends on the counts alone, not on the order of places. It is not the best there is: another choice of what is taken back may keep
more detail further up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

UNPLACED = -1


def cover(areas: np.ndarray, wholes: np.ndarray, rows: np.ndarray, minimum: int) -> np.ndarray:
    """Give the level of each place.

    Args:
        areas: int64 of shape (places, levels): the area of each place on each level, from small to large, numbered from 0 on each level;
            places that share an area share all larger ones.
        wholes: the same of what the area is a part of, where that is more than the area; else the area once more.
        rows: int64, how many rows each place has, above 0.
        minimum: how many rows an area must have.

    Returns:
        int64: the level of each place, `UNPLACED` where even its last area has too few rows.
    """
    state = _Cover(areas, wholes, rows, minimum)
    for level in range(areas.shape[1]):
        state.take_back(level, areas[:, level])
        state.take_back(level, wholes[:, level])
        state.place(level)
    return state.level


@dataclass(slots=True)
class _Cover:
    """A cover under way.

    Attributes:
        level: per place its level so far.
        order, start: per level the places sorted by area, and where those of each area start.
    """

    areas: np.ndarray
    wholes: np.ndarray
    rows: np.ndarray
    minimum: int
    level: np.ndarray = field(init=False)
    order: list[np.ndarray] = field(init=False)
    start: list[np.ndarray] = field(init=False)

    def __post_init__(self) -> None:
        import numpy as np

        self.level = np.full(len(self.rows), UNPLACED, dtype=np.int64)
        self.order, self.start = [], []
        for area in self.areas.T:
            order, start = _sorted(area)
            self.order.append(order)
            self.start.append(start)

    def take_back(self, level: int, area: np.ndarray) -> None:
        """Take back a group wherever too few rows are left beside what was placed."""
        import numpy as np

        placed = self.level != UNPLACED
        left = self._count(area, ~placed)
        short = np.flatnonzero((left > 0) & (left < self.minimum) & (self._count(area, placed) > 0))
        if not len(short):
            return
        order, start = _sorted(area)
        for one in short.tolist():
            inside = order[start[one] : start[one + 1]]
            self.level[self._cheapest(inside[self.level[inside] != UNPLACED], level)] = UNPLACED

    def place(self, level: int) -> None:
        """Publish what is left in areas with enough rows under them."""
        import numpy as np

        area, whole = self.areas[:, level], self.wholes[:, level]
        free = self.level == UNPLACED
        left = self._count(area, free)
        fits = left >= self.minimum
        small = self._count(whole, free & ~fits[area])
        torn = (small > 0) & (small < self.minimum)
        # Of each such square the smallest part waits; of equal ones the first.
        parts = np.flatnonzero(torn[whole] & free & fits[area])
        parts = parts[np.lexsort([area[parts], left[area[parts]], whole[parts]])]
        _, first = np.unique(whole[parts], return_index=True)
        fits[area[parts[first]]] = False
        self.level[free & fits[area]] = level

    def _cheapest(self, places: np.ndarray, level: int) -> np.ndarray:
        """Give the places of the group, among those that `places` belong to, that costs least to take back to a level."""
        import numpy as np

        groups = np.unique(np.stack([self.level[places], self.areas[places, self.level[places]]]), axis=1).T.tolist()
        ranked = []
        for own, area in groups:
            inside = self.order[own][self.start[own][area] : self.start[own][area + 1]]
            group = inside[self.level[inside] == own]
            size = int(self.rows[group].sum())
            ranked.append((size * (level - own), size, own, area, group))
        cheapest: np.ndarray = min(ranked, key=lambda one: one[:4])[4]
        return cheapest

    def _count(self, area: np.ndarray, which: np.ndarray) -> np.ndarray:
        """Give how many rows of some places each area has."""
        import numpy as np

        size = int(area.max(initial=-1)) + 1
        return np.bincount(area[which], weights=self.rows[which], minlength=size).astype(np.int64)


def _sorted(area: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the places sorted by area, and where those of each area start (and the last ends)."""
    import numpy as np

    return np.argsort(area, kind="stable"), np.concatenate([[0], np.cumsum(np.bincount(area))]).astype(np.int64)
