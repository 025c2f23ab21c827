"""Precision: how far up their ladders the values stand.

Prec = 1 - the mean, over all cells, of level / number of levels above the value: L. Sweeney, "Achieving k-anonymity privacy protection
using generalization and suppression", International Journal of Uncertainty, Fuzziness and Knowledge-Based Systems 10(5), 2002, definition
4. The score is 1 - Prec, from 0 to 1; it is additive. A suppressed row counts at the levels of its node. A column without a ladder loses
nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anonymisation.tuples import Coded, Tuples


@dataclass(frozen=True, slots=True)
class Precision:
    """The mean height; additive."""

    tuples: Tuples

    def losses(self, coded: Coded) -> list[int]:
        """Give heights in units that make every step of every column a whole number."""
        step = _units(self.tuples) // max(len(coded.levels) - 1, 1)
        return [level * step for level in range(len(coded.levels))]

    def value(self, score: int) -> float:
        """Give 1 - Prec."""
        return round(score / (_units(self.tuples) * max(len(self.tuples.columns), 1)), 6)


def _units(tuples: Tuples) -> int:
    """Give the least number that every height divides."""
    return math.lcm(*(max(len(coded.levels) - 1, 1) for coded in tuples.columns))
