"""Distinct l-diversity: every class has at least l different sensitive values.

A. Machanavajjhala, D. Kifer, J. Gehrke, M. Venkitasubramaniam, "l-diversity: privacy beyond k-anonymity", ACM TKDD 1(1), 2007, §4
(the simplest reading of "well represented"); ARX's `DistinctLDiversity`. A missing value is a value, as in ARX.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from anonymisation.models.base import ClassTable


@dataclass(frozen=True, slots=True)
class DistinctDiversity:
    """At least `l` values a class; a merged class has the values of its parts, so it is `upward`."""

    column: str
    l: int  # noqa: E741 - the name of the field's standard

    key: str = "l"
    upward: bool = True
    merging: bool = True

    @property
    def name(self) -> str:
        """``l = 2 (distinct, ziekte)``."""
        return f"l = {self.l} (distinct, {self.column})"

    def failing(self, classes: ClassTable) -> np.ndarray:
        """Say which classes have fewer values."""
        starts = classes.sensitive[self.column].starts
        failed: np.ndarray = starts[1:] - starts[:-1] < self.l
        return failed
