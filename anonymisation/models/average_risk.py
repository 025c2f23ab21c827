"""Average risk: the mean, over the rows that stay, of the chance that a row is pointed out: 1 / the size of its class.

That mean is classes / rows (ARX's `AverageReidentificationRisk`; the marketer's risk of K. El Emam, "Guide to the de-identification of
personal health information", 2013, ch. 16). *Strict-average* risk also bounds the largest chance of any row (there: at most one half),
which is k-anonymity with k = 1 / that bound, rounded up.

Where the mean is too high the smallest classes go, one by one: leaving out a class of size s takes 1 - threshold x s off what is too much
and costs s rows, so the smallest gains most and costs least.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anonymisation.models.base import typed

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    import numpy as np


@dataclass(frozen=True, slots=True)
class AverageRisk:
    """Classes / rows of at most `threshold`."""

    threshold: Fraction
    key: str = "average_risk"

    @property
    def name(self) -> str:
        """``average_risk = 0.05``."""
        return f"{self.key} = {typed(float(self.threshold))}"

    def excess(self, sizes: np.ndarray) -> int:
        """Give how many of the smallest classes must go; `sizes` ascending."""
        import numpy as np

        left = np.concatenate([np.cumsum(sizes[::-1])[::-1], [0]])
        return least(len(sizes), lambda gone: len(sizes) - gone <= self.threshold * int(left[gone]))


def least(most: int, holds: Callable[[int], bool]) -> int:
    """Give the least number up to `most` for which something holds; it must hold for `most`, and for every number above one that holds."""
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low
