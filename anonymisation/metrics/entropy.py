"""Non-uniform entropy, in bits over all rows; see `anonymisation.entropy`, which holds the formula."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anonymisation.entropy import UNITS_PER_BIT, column_losses

if TYPE_CHECKING:
    from anonymisation.tuples import Coded, Tuples


@dataclass(frozen=True, slots=True)
class Entropy:
    """The bits that the values lose; additive. A suppressed row counts at the levels of its node."""

    tuples: Tuples

    def losses(self, coded: Coded) -> list[int]:
        """Give millionths of a bit."""
        return column_losses(coded, self.tuples.weights)

    def value(self, score: int) -> float:
        """Give bits."""
        return round(score / UNITS_PER_BIT, 6)
