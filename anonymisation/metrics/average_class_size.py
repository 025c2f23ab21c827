"""Average class size: rows / classes, where all suppressed rows together are one class.

K. LeFevre, D. DeWitt, R. Ramakrishnan, "Mondrian multidimensional k-anonymity", ICDE 2006, §2.3 (C_avg, there also divided by k, which is
the same at every node). Making values coarser can lower it (classes come back), so nodes above one that passes are looked at too; the
number of all classes never rises, and bounds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from anonymisation.models.base import ClassTable
    from anonymisation.tuples import Tuples


@dataclass(frozen=True, slots=True)
class AverageClassSize:
    """Rows / classes; the score is minus the number of classes, which puts nodes in the same order and is whole."""

    tuples: Tuples

    def score(self, classes: ClassTable, kept: np.ndarray) -> int:
        """Give minus the published classes, less one where anything is suppressed."""
        return -int(kept.sum()) - int((classes.sizes[~kept] > 0).any())

    def bound(self, classes: ClassTable) -> int:
        """Give minus the number of all classes."""
        return -int((classes.sizes > 0).sum())

    def value(self, score: int) -> float:
        """Give rows / classes."""
        return round(self.tuples.rows / -score, 6) if score else 0.0
