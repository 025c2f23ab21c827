"""t-closeness with hierarchical distances: values are as far apart as the height at which they come together.

N. Li, T. Li, S. Venkatasubramanian, "t-closeness: privacy beyond k-anonymity and l-diversity", ICDE 2007, §4.2: the distance of two values
is the level of their lowest common ancestor divided by the height H of the hierarchy; ARX's `HierarchicalDistanceTCloseness`. In such a
tree every step from a level to the next has the same length, so the Earth Mover's Distance is the mean, over the levels below the root, of
the mass that must move at that level (of each label, the sum over its values). Convex, so `merging`. Where the last level of the hierarchy
has several labels, they come together in a root above it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anonymisation.models.base import exceeds, pairs_of, summed, typed, whole
from anonymisation.models.equal_closeness import mass_moved

if TYPE_CHECKING:
    from fractions import Fraction

    import numpy as np

    from anonymisation.models.base import ClassTable, Reference


@dataclass(frozen=True, slots=True)
class HierarchicalCloseness:
    """A distance of at most `t`, from 0 to 1; `reference.levels` is the hierarchy."""

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
        """``t = 0.2 (hierarchical, ziekte)``."""
        return f"t = {typed(float(self.t))} (hierarchical, {self.column})"

    @property
    def height(self) -> int:
        """The levels below the root, that of the values included."""
        levels = self.reference.levels
        return len(levels) + 1 if not levels or levels[-1].max(initial=0) > 0 else len(levels)

    def failing(self, classes: ClassTable) -> np.ndarray:
        """Say which classes are farther; whole numbers throughout: the distance times n, N and H."""
        pairs, counts = classes.sensitive[self.column], self.reference.counts
        kind = whole(self.reference.rows**2 * self.height)
        moved: np.ndarray = mass_moved(pairs, classes.sizes, counts).astype(kind)
        for labels in self.reference.levels[: self.height - 1]:
            coarse = pairs_of(pairs.owners(), len(classes), labels[pairs.values], pairs.counts)
            moved = moved + mass_moved(coarse, classes.sizes, summed(labels, counts, int(labels.max(initial=0)) + 1))
        return exceeds(moved, classes.sizes, self.t * self.reference.rows * self.height)
