"""beta-likeness: no sensitive value becomes much more frequent in a class than it is in the whole input.

J. Cao, P. Karras, "Publishing microdata with a robust privacy guarantee", PVLDB 5(11), 2012: with p the share of a value in the whole input
and q its share in the class, where q > p: (q - p) / p <= beta (definition 2, basic), or <= min(beta, -ln p) (definition 3, enhanced), which
keeps frequent values from becoming certain. ARX's `BasicBLikeness` and `EnhancedBLikeness`. The share in a merged class is at most the
largest of its parts: `merging`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anonymisation.models.base import typed, whole

if TYPE_CHECKING:
    from fractions import Fraction

    import numpy as np

    from anonymisation.models.base import ClassTable, Pairs, Reference

SLACK = 1e-12
"""-ln p is no fraction (but for p = 1), so it is compared in floating point, this much on the safe side."""


@dataclass(frozen=True, slots=True)
class BetaLikeness:
    """A relative gain of at most `beta`; `enhanced`: of at most -ln p too."""

    reference: Reference
    beta: Fraction
    enhanced: bool = False

    key: str = "beta"
    upward: bool = False
    merging: bool = True

    @property
    def column(self) -> str:
        """The sensitive column."""
        return self.reference.column

    @property
    def name(self) -> str:
        """``beta = 1 (basic, ziekte)``."""
        return f"beta = {typed(float(self.beta))} ({'enhanced' if self.enhanced else 'basic'}, {self.column})"

    def failing(self, classes: ClassTable) -> np.ndarray:
        """Say which classes have a value that gains more."""
        pairs = classes.sensitive[self.column]
        sizes = classes.sizes[pairs.owners()]
        wrong = self._beyond_beta(pairs, sizes)
        if self.enhanced:
            wrong |= self._beyond_logarithm(pairs, sizes)
        failed: np.ndarray = pairs.per_class(wrong) > 0
        return failed

    def _beyond_beta(self, pairs: Pairs, sizes: np.ndarray) -> np.ndarray:
        """Compare c N with (1 + beta) Q n, in whole numbers."""
        top, bottom = (1 + self.beta).as_integer_ratio()
        rows = self.reference.rows
        kind = whole(rows * rows * max(top, bottom))
        gained: np.ndarray = pairs.counts.astype(kind) * (rows * bottom)
        beyond: np.ndarray = gained > self.reference.counts[pairs.values].astype(kind) * sizes.astype(kind) * top
        return beyond.astype(bool)

    def _beyond_logarithm(self, pairs: Pairs, sizes: np.ndarray) -> np.ndarray:
        """Compare c N with (1 - ln p) Q n; a value that all rows have cannot gain."""
        import numpy as np

        rows, counts = self.reference.rows, self.reference.counts[pairs.values]
        share = counts / rows
        beyond: np.ndarray = (pairs.counts / sizes > share * (1 - np.log(share)) * (1 - SLACK)) & (counts < rows)
        return beyond
