"""k-map: every class fits at least k persons of the population.

L. Sweeney, "Computational disclosure control", PhD thesis, MIT 2001, §4.3. With a table of the population its persons are counted. With the
size of the population alone a class of f rows passes when f is too many for fewer than k persons: under F = k persons, sampled at rate
n / N, f follows a Poisson distribution with mean k n / N, cut off at zero since a class is only seen when it has a row; the class passes
from the least k' with P(f >= k' | f >= 1) <= the significance (K. El Emam, F. Dankar, "Protecting privacy using k-anonymity", JAMIA 15(5),
2008, estimator D4; ARX's `KMap` with ZERO_TRUNCATED_POISSON). A class of k rows has k persons whatever the estimate, so k' is at most k.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from anonymisation.models.base import ClassTable


@dataclass(frozen=True, slots=True)
class KMap:
    """At least `k` persons of a population table a class; merged classes fit more persons, so it is `upward`."""

    k: int

    key: str = "k_map"
    column: None = None
    upward: bool = True
    merging: bool = True

    @property
    def name(self) -> str:
        """``k_map = 5``."""
        return f"k_map = {self.k}"

    def failing(self, classes: ClassTable) -> np.ndarray:
        """Say which classes fit fewer persons; ValueError without a population table."""
        if classes.population is None:
            raise ValueError("k-map without a population")
        failed: np.ndarray = classes.population < self.k
        return failed


def estimated_k(k: int, significance: float, rows: int, population: int) -> int:
    """Give k', the rows that a class needs when only the size of the population is known."""
    mean = k * min(rows / population, 1.0)
    if mean == 0:
        return 1
    # Whatever the estimate, k rows are k persons: so there is nothing to add up beyond k.
    chance, below = math.exp(-mean) / -math.expm1(-mean), 0.0
    for size in range(1, k):
        chance *= mean / size
        below += chance
        if below >= 1 - significance:
            return size + 1
    return k
