"""Dividing classes: round by round, every class that can be divided is, by the column that wins most back.

All classes of a round are divided at once, with arrays over the combinations, so the cost is that of a few sorts a round and column.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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
        of: int64, the class of each combination.
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
        gains: int64, what each class wins (over all classes; 0 where it cannot be divided).
        possible: which classes can be divided (over all classes).
    """

    at: int
    steps: int
    rows: np.ndarray
    parts: np.ndarray
    owner: np.ndarray
    leaves: np.ndarray
    gains: np.ndarray
    possible: np.ndarray


@dataclass(frozen=True)
class Splitter:
    """Divides classes as far as the guarantee allows."""

    tuples: Tuples
    guarantee: Guarantee
    rungs: Sequence[Rung]
    _costs: list[np.ndarray] = field(init=False)
    _order: list[int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_costs", [_costs(rung, self.tuples) for rung in self.rungs])
        # Columns are tried by name: of equal gains the first wins, wherever the column stands.
        object.__setattr__(self, "_order", sorted(range(len(self.rungs)), key=lambda at: self.rungs[at].coded.name))

    def refine(self, levels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Divide the classes that combinations are in at some levels (combinations x columns).

        Returns:
            the levels, and which combinations are in a class that meets the guarantee.
        """
        import numpy as np

        state = self._begin(levels)
        kept = ~self._failing(state.of, len(state.levels), np.arange(len(state.of)))
        active = kept.copy()
        while active.any():
            before = _State(state.of.copy(), state.levels, state.open.copy())
            active = self._round(state, active)
            if self.guarantee.overall and self._too_many(state, kept[before.of]):
                state = before
                break
            kept = np.concatenate([kept, np.ones(len(state.levels) - len(kept), dtype=bool)])
        return state.levels[state.of], kept[state.of]

    def _begin(self, levels: np.ndarray) -> _State:
        """Give the classes at some levels."""
        import numpy as np

        from anonymisation.keys import dense

        keys = np.zeros(len(levels), dtype=np.int64)
        for at, rung in enumerate(self.rungs):
            step = levels[:, at].astype(np.int64)
            label = rung.codes[step, rung.coded.codes]
            keys = dense(keys * (len(rung.codes) * (len(rung.coded.values) + 1)) + step * (len(rung.coded.values) + 1) + label)[0]
        _, first, of = np.unique(keys, return_index=True, return_inverse=True)
        return _State(of.astype(np.int64), levels[first], np.ones((len(first), len(self.rungs)), dtype=bool))

    def _round(self, state: _State, active: np.ndarray) -> np.ndarray:
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
                division = self._divide(state, at, steps, rows[wanted[state.of[rows]]])
                better = division.possible & (division.gains > best)
                best[better], chosen[better] = division.gains[better], len(found)
                found.append(division)
                # One step is tried first: what it can divide may go further in another round.
                wanted &= ~division.possible
            state.open[wanted, at] = False
        return self._apply(state, found, chosen)

    def _divide(self, state: _State, at: int, steps: int, rows: np.ndarray) -> _Division:
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
        leaves = ~self._failing(parts, size, rows)
        leaves = self._together(rows, parts, owner, sizes, leaves, count)
        going = leaves[parts]
        won = (self._costs[at][level, values] - self._costs[at][level - steps, values]) * self.tuples.weights[rows]
        gains = np.bincount(of[going], weights=won[going], minlength=count).astype(np.int64)
        possible = np.bincount(owner[leaves], minlength=count) > 0
        return _Division(at, steps, rows, parts, owner, leaves, gains, possible)

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
            # What stays together was refused this column by its parts.
            state.open[chosen == number, division.at] = False
        state.levels, state.open = np.concatenate(levels), np.concatenate(open_)
        return np.concatenate([touched, np.ones(count - before, dtype=bool)])

    def _failing(self, classes: np.ndarray, count: int, rows: np.ndarray) -> np.ndarray:
        """Say which classes of some combinations fail by themselves."""
        sensitive = {one.name: one.codes[rows] for one in self.tuples.sensitive}
        return self.guarantee.failing(class_table(classes, count, self.tuples.weights[rows], sensitive))

    def _too_many(self, state: _State, kept: np.ndarray) -> bool:
        """Say whether a model of the whole fails on the classes so far."""
        import numpy as np

        sizes = np.bincount(state.of[kept], weights=self.tuples.weights[kept]).astype(np.int64)
        return any(one.excess(np.sort(sizes[sizes > 0])) for one in self.guarantee.overall)


def _costs(rung: Rung, tuples: Tuples) -> np.ndarray:
    """Levels x values: what a row loses, in whole units of what the column has to lose a row on average."""
    import numpy as np

    counts = np.bincount(rung.coded.codes, weights=tuples.weights, minlength=len(rung.coded.values))
    present = counts > 0
    had = float((counts[present] * np.log2(tuples.rows / counts[present])).sum()) / max(tuples.rows, 1)
    costs: np.ndarray = np.rint(rung.bits(tuples.weights) / (had or 1.0) * UNITS).astype(np.int64)
    return costs
