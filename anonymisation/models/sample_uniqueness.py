"""Sample uniqueness: the share of the rows that stay which are alone in their class (ARX's `SampleUniqueness`).

Where it is too high single rows go, as many as needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anonymisation.models.average_risk import least
from anonymisation.models.base import typed

if TYPE_CHECKING:
    from fractions import Fraction

    import numpy as np


@dataclass(frozen=True, slots=True)
class SampleUniqueness:
    """Rows that are alone / rows of at most `threshold`."""

    threshold: Fraction
    key: str = "sample_uniqueness"

    @property
    def name(self) -> str:
        """``sample_uniqueness = 0.01``."""
        return f"{self.key} = {typed(float(self.threshold))}"

    def excess(self, sizes: np.ndarray) -> int:
        """Give how many of the smallest classes must go; `sizes` ascending."""
        rows, alone = int(sizes.sum()), int((sizes == 1).sum())
        return least(alone, lambda gone: alone - gone <= self.threshold * (rows - gone))
