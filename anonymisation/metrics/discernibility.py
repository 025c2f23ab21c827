"""Discernibility: how many rows every row looks like.

The sum over the published classes of size², and of size x all rows for those that are suppressed, since such a row could be any: R.
Bayardo, R. Agrawal, "Data privacy through optimal k-anonymization", ICDE 2005, §2.1; ARX's `MetricSDNMDiscernability`. Making values
coarser can lower it (rows come back), so nodes above one that passes are looked at too; the sum of size² over all classes never falls, and
bounds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from anonymisation.models.base import ClassTable
    from anonymisation.tuples import Tuples


@dataclass(frozen=True, slots=True)
class Discernibility:
    """Pairs of rows that look alike, suppressed rows alike with all."""

    tuples: Tuples

    def score(self, classes: ClassTable, kept: np.ndarray) -> int:
        """Give the sum."""
        sizes = classes.sizes
        return int((sizes[kept] ** 2).sum()) + int(sizes[~kept].sum()) * int(sizes.sum())

    def bound(self, classes: ClassTable) -> int:
        """Give the sum of size²."""
        return int((classes.sizes**2).sum())

    def value(self, score: int) -> float:
        """Give the sum itself."""
        return float(score)
