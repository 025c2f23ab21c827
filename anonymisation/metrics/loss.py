"""Loss (normalised certainty penalty): how many values a published label leaves open, as a share of all values of its column.

A label that stands for M of the A distinct values that the column has in the input costs (M - 1) / (A - 1): 0 for the value itself, 1 where
all values are one. V. Iyengar, "Transforming data to satisfy privacy constraints", KDD 2002, §3; J. Xu et al., "Utility-based anonymization
using local recoding", KDD 2006. The score is the sum over all cells, so between 0 and rows x columns; it is additive. A suppressed row
counts at the levels of its node. A column with one value costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anonymisation.tuples import Coded, Tuples

UNITS = 1_000_000_000
"""Scores are whole numbers of a billionth of a cell."""


@dataclass(frozen=True, slots=True)
class Loss:
    """The cells that are lost; additive."""

    tuples: Tuples

    def losses(self, coded: Coded) -> list[int]:
        """Give billionths of a cell."""
        import numpy as np

        from anonymisation.models.base import summed

        counts = summed(coded.codes, self.tuples.weights, len(coded.values))
        present = counts > 0
        others = max(int(present.sum()) - 1, 1)
        found = []
        for level in coded.levels:
            held = np.bincount(level.codes, weights=present).astype(np.int64)[level.codes]
            lost = int(((held - 1)[present] * counts[present]).sum())
            found.append(lost * UNITS // others)
        return found

    def value(self, score: int) -> float:
        """Give cells."""
        return round(score / UNITS, 6)
