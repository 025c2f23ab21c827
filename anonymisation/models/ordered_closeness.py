"""t-closeness with ordered distances: values are as far apart as their ranks.

N. Li, T. Li, S. Venkatasubramanian, "t-closeness: privacy beyond k-anonymity and l-diversity", ICDE 2007, §4.1: with m values in order, the
Earth Mover's Distance is 1 / (m - 1) times the sum over i of |(p1 - q1) + … + (pi - qi)|. ARX's `OrderedDistanceTCloseness`. Convex, so
`merging`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anonymisation.models.base import exceeds, typed, whole

if TYPE_CHECKING:
    from fractions import Fraction

    import numpy as np

    from anonymisation.models.base import ClassTable, Reference


@dataclass(frozen=True, slots=True)
class OrderedCloseness:
    """A distance of at most `t`, from 0 to 1.

    Attributes:
        ranks: the place of each value code in the order, 0 to m - 1; None: the codes are in order already.
    """

    reference: Reference
    t: Fraction
    ranks: np.ndarray | None = None

    key: str = "t"
    upward: bool = False
    merging: bool = True

    @property
    def column(self) -> str:
        """The sensitive column."""
        return self.reference.column

    @property
    def name(self) -> str:
        """``t = 0.2 (ordered, inkomen)``."""
        return f"t = {typed(float(self.t))} (ordered, {self.column})"

    def failing(self, classes: ClassTable) -> np.ndarray:
        """Say which classes are farther; whole numbers throughout: the distance times n, N and m - 1."""
        steps = len(self.reference.counts) - 1
        return exceeds(self._moved(classes), classes.sizes, self.t * self.reference.rows * steps)

    def _moved(self, classes: ClassTable) -> np.ndarray:
        """Add up |C N - n P| over all values but the last, with C and P the running totals of class and input.

        Only the values of a class are stored. From one of them to the next C stays as it is and P rises, so that stretch is split where P
        passes C N / n, and each part is a difference of running totals of P.
        """
        import numpy as np

        pairs, steps, rows = classes.sensitive[self.column], len(self.reference.counts) - 1, self.reference.rows
        if not len(pairs.counts):
            return np.zeros(len(classes), dtype=np.int64)
        kind = whole(rows * rows * max(steps, 1))
        counts, values, owners = self._in_order(classes)
        reached = np.cumsum(counts) - np.concatenate([[0], np.cumsum(counts)])[pairs.starts[owners]]
        first = pairs.starts[:-1][classes.sizes > 0]
        ends = np.append(values[1:], 0)
        ends[pairs.starts[1:][classes.sizes > 0] - 1] = steps
        after = pairs.per_class(self._stretch(values, ends, reached, classes.sizes[owners], kind))
        moved: np.ndarray = after + self._before(values, first, classes.sizes, kind)
        return moved

    def _in_order(self, classes: ClassTable) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Give counts, ranks and classes of the pairs, by class and rank."""
        import numpy as np

        pairs = classes.sensitive[self.column]
        owners = pairs.owners()
        if self.ranks is None:
            return pairs.counts, pairs.values, owners
        ranks = self.ranks[pairs.values]
        order = np.lexsort((ranks, owners))
        return pairs.counts[order], ranks[order], owners

    def _running(self, kind: type) -> tuple[np.ndarray, np.ndarray]:
        """Give the running totals P of the input in order, and the running totals of P from the start."""
        import numpy as np

        counts = self.reference.counts
        if self.ranks is not None:
            counts = np.empty_like(self.reference.counts)
            counts[self.ranks] = self.reference.counts
        totals = np.cumsum(counts)
        return totals, np.concatenate([np.zeros(1, dtype=kind), np.cumsum(totals.astype(kind))])

    def _stretch(self, start: np.ndarray, end: np.ndarray, reached: np.ndarray, sizes: np.ndarray, kind: type) -> np.ndarray:
        """Add up |C N - n P| from the rank `start` up to `end`, not included, for each pair; `reached` is C."""
        import numpy as np

        totals, sums = self._running(kind)
        level: np.ndarray = reached.astype(whole(self.reference.rows**2)) * self.reference.rows
        middle = np.clip(np.searchsorted(totals, (level // sizes).astype(np.int64), side="right"), start, np.maximum(end, start))
        above: np.ndarray = level.astype(kind)
        rows: np.ndarray = sizes.astype(kind)
        below_part = above * (middle - start) - rows * (sums[middle] - sums[start])
        above_part = rows * (sums[end] - sums[middle]) - above * (end - middle)
        stretch: np.ndarray = np.where(end > start, below_part + above_part, 0)
        return stretch

    def _before(self, values: np.ndarray, first: np.ndarray, sizes: np.ndarray, kind: type) -> np.ndarray:
        """Add up n P over the values before the first of each class, where C is 0."""
        import numpy as np

        _, sums = self._running(kind)
        found: np.ndarray = np.zeros(len(sizes), dtype=kind)
        # A class whose first value is the last of all has every value but that one before it: `sums` runs to there.
        found[sizes > 0] = sizes[sizes > 0].astype(kind) * sums[values[first]]
        return found
