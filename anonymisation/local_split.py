"""Dividing classes: round by round, every class that can be divided is, by the column that wins most back.

A few rows may stand in the way: parts that fail, also together. Then the smallest parts that pass stay with them; or, where less is lost by
it, the rows that fail leave for a *pool* at the top of every column. The pool is divided last, by itself, and must pass as well.

All classes of a round are divided at once, with arrays over the combinations, so the cost is that of a few sorts a round and column.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from anonymisation.models.base import class_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from anonymisation.local import Rung
    from anonymisation.models.base import Guarantee
    from anonymisation.tuples import Tuples

UNITS = 1_000_000
"""What is won is counted in whole millionths of what a column has to lose a row, so that sums are exact and equal gains are equal."""
TRIES = 3
"""How often the smallest part that passes is given back to parts that do not pass together."""


@dataclass(slots=True)
class _State:
    """The classes so far.

    Attributes:
        of: int64, the class of each combination; 0 is the pool.
        levels: int8, classes x columns.
        open: bool, classes x columns: whether dividing by it may still be tried.
    """

    of: np.ndarray
    levels: np.ndarray
    open: np.ndarray


@dataclass(frozen=True, slots=True)
class _Division:
    """How some classes are divided by one column.

    Attributes:
        at: the column.
        steps: how many steps it goes down.
        rows: the combinations in those classes.
        parts: the part of each of them, 0 up to the number of parts.
        owner: the class of each part.
        leaves: whether the part becomes a class of its own.
        pooled: the classes of which the other parts leave for the pool (over all classes).
        gains: int64, what each class wins (over all classes; 0 where it cannot be divided).
        possible: which classes can be divided (over all classes).
    """

    at: int
    steps: int
    rows: np.ndarray
    parts: np.ndarray
    owner: np.ndarray
    leaves: np.ndarray
    pooled: np.ndarray
    gains: np.ndarray
    possible: np.ndarray


@dataclass(frozen=True)
class Splitter:
    """Divides classes as far as the guarantee allows."""

    tuples: Tuples
    guarantee: Guarantee
    rungs: Sequence[Rung]

    @cached_property
    def _costs(self) -> list[np.ndarray]:
        return [_costs(rung, self.tuples) for rung in self.rungs]

    @cached_property
    def _order(self) -> list[int]:
        """Give the columns by name: of equal gains the first wins, wherever the column stands."""
        return sorted(range(len(self.rungs)), key=lambda at: self.rungs[at].coded.name)

    def refine(self, levels: np.ndarray, *, pool: bool) -> tuple[np.ndarray, np.ndarray]:
        """Divide the classes that combinations are in at some levels (combinations x columns).

        Args:
            levels: of each cell.
            pool: whether rows may leave for the pool.

        Returns:
            the levels, and which combinations are in a class that meets the guarantee.
        """
        import numpy as np

        everything = np.arange(len(levels))
        state = _State(np.zeros(len(levels), dtype=np.int64), self._top, np.ones(self._top.shape, dtype=bool))
        kept = self._opened(state, np.zeros(1, dtype=bool), everything, levels)
        kept = self._divided(state, kept, kept, pool=pool)
        pooled = np.flatnonzero(state.of == 0)
        count = len(kept)
        kept = self._opened(state, kept, pooled, np.broadcast_to(self._top, (len(pooled), len(self.rungs))))
        kept = self._divided(state, kept, kept & (np.arange(len(kept)) >= count), pool=False)
        return state.levels[state.of], kept[state.of]

    @cached_property
    def _top(self) -> np.ndarray:
        """One class, at the highest level of every column."""
        import numpy as np

        return np.array([rung.top for rung in self.rungs], dtype=np.int8).reshape(1, len(self.rungs))

    def _opened(self, state: _State, kept: np.ndarray, rows: np.ndarray, levels: np.ndarray) -> np.ndarray:
        """Put some combinations in the classes that they make at some levels; give which classes meet the guarantee."""
        import numpy as np

        from anonymisation.keys import dense

        keys = np.zeros(len(rows), dtype=np.int64)
        for at, rung in enumerate(self.rungs):
            step, width = levels[:, at].astype(np.int64), len(rung.coded.values) + 1
            keys = dense(keys * (len(rung.codes) * width) + step * width + rung.codes[step, rung.coded.codes[rows]])[0]
        _, first, of = np.unique(keys, return_index=True, return_inverse=True)
        state.of[rows] = of + len(state.levels)
        state.levels = np.concatenate([state.levels, levels[first]])
        state.open = np.concatenate([state.open, np.ones((len(first), len(self.rungs)), dtype=bool)])
        return np.concatenate([kept, ~self._failing(of, len(first), rows)])

    def _divided(self, state: _State, kept: np.ndarray, active: np.ndarray, *, pool: bool) -> np.ndarray:
        """Divide the active classes round by round; give which classes meet the guarantee."""
        import numpy as np

        while active.any():
            before = (state.of.copy(), state.levels, state.open.copy())
            active = self._round(state, active, pool=pool)
            more = np.concatenate([kept, np.ones(len(state.levels) - len(kept), dtype=bool)])
            if self.guarantee.overall and self._too_many(state, more):
                state.of, state.levels, state.open = before
                break
            kept = more
        return kept

    def _round(self, state: _State, active: np.ndarray, *, pool: bool) -> np.ndarray:
        """Divide every class that can be, and say which classes to look at in the next round."""
        import numpy as np

        count = len(state.levels)
        rows = np.flatnonzero(active[state.of])
        best, chosen = np.full(count, -1, dtype=np.int64), np.full(count, -1)
        found: list[_Division] = []
        for at in self._order:
            wanted = active & state.open[:, at]
            for steps in range(1, self.rungs[at].top - self.rungs[at].lowest + 1):
                wanted &= state.levels[:, at] - steps >= self.rungs[at].lowest
                if not wanted.any():
                    break
                division = self._divide(state, at, steps, rows[wanted[state.of[rows]]], pool=pool)
                better = division.possible & (division.gains > best)
                best[better], chosen[better] = division.gains[better], len(found)
                found.append(division)
                # One step is tried first: what it can divide may go further in another round.
                wanted &= ~division.possible
            state.open[wanted, at] = False
        return self._apply(state, found, chosen)

    def _divide(self, state: _State, at: int, steps: int, rows: np.ndarray, *, pool: bool) -> _Division:
        """See what taking a column some steps down does to the classes of some combinations."""
        import numpy as np

        from anonymisation.keys import dense

        rung, of, count = self.rungs[at], state.of[rows], len(state.levels)
        values = rung.coded.codes[rows]
        level = state.levels[of, at].astype(np.int64)
        width = int(rung.codes.max(initial=0)) + 1
        parts, size = dense(of * width + rung.codes[level - steps, values])
        owner = np.empty(size, dtype=np.int64)
        owner[parts] = of
        sizes = np.bincount(parts, weights=self.tuples.weights[rows], minlength=size).astype(np.int64)
        passing = ~self._failing(parts, size, rows)
        leaves = self._together(rows, parts, owner, sizes, passing, count)
        won = (self._costs[at][level, values] - self._costs[at][level - steps, values]) * self.tuples.weights[rows]
        gains = _added(of, won * leaves[parts], count)
        pooled = np.zeros(count, dtype=bool)
        if pool:
            others = _added(of, won * passing[parts], count)
            staying = np.flatnonzero(~passing[parts])
            others -= _added(of[staying], self._pooling(state, rows[staying]), count)
            pooled = (others > gains) & (np.bincount(owner[passing], minlength=count) > 0)
            gains = np.where(pooled, others, gains)
            leaves = np.where(pooled[owner], passing, leaves)
        return _Division(at, steps, rows, parts, owner, leaves, pooled, gains, np.bincount(owner[leaves], minlength=count) > 0)

    def _pooling(self, state: _State, rows: np.ndarray) -> np.ndarray:
        """Give what some combinations lose when they leave for the pool."""
        import numpy as np

        lost = np.zeros(len(rows), dtype=np.int64)
        for at, (rung, costs) in enumerate(zip(self.rungs, self._costs, strict=True)):
            values = rung.coded.codes[rows]
            lost += costs[rung.top, values] - costs[state.levels[state.of[rows], at], values]
        pooled: np.ndarray = lost * self.tuples.weights[rows]
        return pooled

    def _together(
        self, rows: np.ndarray, parts: np.ndarray, owner: np.ndarray, sizes: np.ndarray, leaves: np.ndarray, count: int
    ) -> np.ndarray:
        """Let parts go only where the others of their class pass together; give the smallest back where that helps."""
        import numpy as np

        leaves = leaves.copy()
        for attempt in range(TRIES + 1):
            staying = np.flatnonzero(~leaves[parts])
            if not len(staying):
                break
            owners, remainder = np.unique(owner[parts[staying]], return_inverse=True)
            failing = owners[self._failing(remainder, len(owners), rows[staying])]
            stuck = np.zeros(count, dtype=bool)
            stuck[failing] = True
            candidates = np.flatnonzero(leaves & stuck[owner])
            if not len(candidates):
                break
            if attempt == TRIES:
                leaves[candidates] = False
                break
            # All parts of the smallest size: which of them comes first would depend on the order of the rows.
            least = np.full(count, np.iinfo(np.int64).max)
            np.minimum.at(least, owner[candidates], sizes[candidates])
            leaves[candidates[sizes[candidates] == least[owner[candidates]]]] = False
        return leaves

    def _apply(self, state: _State, found: Sequence[_Division], chosen: np.ndarray) -> np.ndarray:
        """Divide each class as was chosen for it."""
        import numpy as np

        levels, open_, count = [state.levels], [state.open], len(state.levels)
        before = count
        touched = chosen >= 0
        for number, division in enumerate(found):
            new = np.flatnonzero(division.leaves & (chosen[division.owner] == number))
            place = np.full(len(division.owner), -1, dtype=np.int64)
            place[new] = np.arange(count, count + len(new))
            fresh = place[division.parts]
            state.of[division.rows[fresh >= 0]] = fresh[fresh >= 0]
            finer = state.levels[division.owner[new]]
            finer[:, division.at] -= division.steps
            levels.append(finer)
            open_.append(state.open[division.owner[new]])
            count += len(new)
            mine = chosen == number
            state.of[division.rows[(fresh < 0) & (division.pooled & mine)[division.owner[division.parts]]]] = 0
            # What stays together was refused this column by its parts.
            state.open[mine, division.at] = False
        state.levels, state.open = np.concatenate(levels), np.concatenate(open_)
        return np.concatenate([touched, np.ones(count - before, dtype=bool)])

    def _failing(self, classes: np.ndarray, count: int, rows: np.ndarray) -> np.ndarray:
        """Say which classes of some combinations fail by themselves."""
        sensitive = {one.name: one.codes[rows] for one in self.tuples.sensitive}
        return self.guarantee.failing(class_table(classes, count, self.tuples.weights[rows], sensitive))

    def _too_many(self, state: _State, kept: np.ndarray) -> bool:
        """Say whether a model of the whole fails on the classes so far."""
        import numpy as np

        sizes = np.bincount(state.of, weights=self.tuples.weights, minlength=len(kept)).astype(np.int64)
        return any(one.excess(np.sort(sizes[kept & (sizes > 0)])) for one in self.guarantee.overall)


def _added(places: np.ndarray, amounts: np.ndarray, count: int) -> np.ndarray:
    """Add up whole amounts per place; exact up to 2**53."""
    import numpy as np

    return np.bincount(places, weights=amounts, minlength=count).astype(np.int64)


def _costs(rung: Rung, tuples: Tuples) -> np.ndarray:
    """Levels x values: what a row loses, in whole units of what the column has to lose a row on average."""
    import numpy as np

    counts = np.bincount(rung.coded.codes, weights=tuples.weights, minlength=len(rung.coded.values))
    present = counts > 0
    had = float((counts[present] * np.log2(tuples.rows / counts[present])).sum()) / max(tuples.rows, 1)
    costs: np.ndarray = np.rint(rung.bits(tuples.weights) / (had or 1.0) * UNITS).astype(np.int64)
    return costs
