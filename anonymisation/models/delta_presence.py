"""delta-presence: of the persons of the population that fit a class, the share that is in the data lies between two bounds.

M. Nergiz, M. Atzori, C. Clifton, "Hiding the presence of individuals from shared databases", SIGMOD 2007, definition 3: for every person of
the population delta_min <= Pr(in the data) <= delta_max, where Pr is rows / persons of the class. For a person whose class is not in the
release that chance is 0. A lower bound above 0 therefore leaves no room for suppression, and asks every class of the population to occur.

The share of a merged class lies between those of its parts: `merging`, not `upward`.
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
class DeltaPresence:
    """Rows / persons of a class between `low` and `high`; a class with more rows than persons fails."""

    low: Fraction
    high: Fraction

    key: str = "delta_presence"
    column: None = None
    upward: bool = False
    merging: bool = True

    @property
    def name(self) -> str:
        """``delta_presence = 0 … 0.5``."""
        return f"delta_presence = {typed(float(self.low))} … {typed(float(self.high))}"

    def failing(self, classes: ClassTable) -> np.ndarray:
        """Say which classes are too rare or too common; ValueError without a population table."""
        if classes.population is None:
            raise ValueError("delta-presence without a population")
        # rows < low x persons is: rows is at most the largest whole number strictly below it.
        common = classes.sizes > floors(classes.population, self.high)
        rare = classes.sizes <= floors(classes.population, self.low, 1)
        failed: np.ndarray = common | rare
        return failed
