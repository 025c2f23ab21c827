"""Recursive (c, l)-diversity: the most frequent sensitive value of a class is less than c times as frequent as the rarest ones together.

A. Machanavajjhala et al., "l-diversity: privacy beyond k-anonymity", ACM TKDD 1(1), 2007, definition 4.2: with counts r1 >= r2 >= … of the
m values of a class, r1 < c (rl + … + rm); ARX's `RecursiveCLDiversity`. A class with fewer than l values fails. Merging classes that pass
gives one that passes (there, the monotonicity theorem): `merging`, not `upward`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anonymisation.models.base import floors, typed

if TYPE_CHECKING:
    from fractions import Fraction

    import numpy as np

    from anonymisation.models.base import ClassTable


@dataclass(frozen=True, slots=True)
class RecursiveDiversity:
    """r1 < `c` (rl + … + rm)."""

    column: str
    l: int  # noqa: E741 - the name of the field's standard
    c: Fraction

    key: str = "l"
    upward: bool = False
    merging: bool = True

    @property
    def name(self) -> str:
        """``l = 3 (recursive, c = 2, ziekte)``."""
        return f"l = {self.l} (recursive, c = {typed(float(self.c))}, {self.column})"

    def failing(self, classes: ClassTable) -> np.ndarray:
        """Say which classes fail; whole numbers throughout."""
        import numpy as np

        pairs = classes.sensitive[self.column]
        owners = pairs.owners()
        counts = pairs.counts[np.lexsort((-pairs.counts, owners))]
        position = np.arange(len(counts)) - pairs.starts[owners]
        most = pairs.per_class(np.where(position == 0, counts, 0))
        rarest = pairs.per_class(np.where(position >= self.l - 1, counts, 0))
        failed: np.ndarray = most > floors(rarest, self.c, 1)
        return failed & (classes.sizes > 0)
