"""t-closeness with equal distances: the distribution of the sensitive values of a class differs by at most t from that of the whole input.

N. Li, T. Li, S. Venkatasubramanian, "t-closeness: privacy beyond k-anonymity and l-diversity", ICDE 2007, §4.2: with the same distance
between any two values, the Earth Mover's Distance is half the sum of |p - q|, which is the sum of p - q where p is larger. ARX's
`EqualDistanceTCloseness`. The distance is convex: a merged class is at most as far as the farthest of its parts: `merging`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anonymisation.models.base import exceeds, typed, whole

if TYPE_CHECKING:
    from fractions import Fraction

    import numpy as np

    from anonymisation.models.base import ClassTable, Pairs, Reference


@dataclass(frozen=True, slots=True)
class EqualCloseness:
    """A distance of at most `t`, from 0 to 1."""

    reference: Reference
    t: Fraction

    key: str = "t"
    upward: bool = False
    merging: bool = True

    @property
    def column(self) -> str:
        """The sensitive column."""
        return self.reference.column

    @property
    def name(self) -> str:
        """``t = 0.2 (equal, ziekte)``."""
        return f"t = {typed(float(self.t))} (equal, {self.column})"

    def failing(self, classes: ClassTable) -> np.ndarray:
        """Say which classes are farther; whole numbers throughout: the distance times rows of class and of input."""
        moved = mass_moved(classes.sensitive[self.column], classes.sizes, self.reference.counts)
        return exceeds(moved, classes.sizes, self.t * self.reference.rows)


def mass_moved(pairs: Pairs, sizes: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Give per class n x N times the part of the distribution that must move: the sum of max(c N - Q n, 0).

    Args:
        pairs: the counts c.
        sizes: the rows n of each class.
        reference: the counts Q of each value in the whole input of N rows.
    """
    import numpy as np

    total = int(reference.sum())
    kind = whole(total * total)
    owned = sizes.astype(kind)[pairs.owners()]
    more = pairs.counts.astype(kind) * total - reference.astype(kind)[pairs.values] * owned
    return pairs.per_class(np.maximum(more, 0))
