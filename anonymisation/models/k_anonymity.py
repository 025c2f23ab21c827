"""k-anonymity: every class has at least k rows.

L. Sweeney, "k-anonymity: a model for protecting privacy", International Journal of Uncertainty, Fuzziness and Knowledge-Based Systems
10(5), 2002, definition 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from anonymisation.models.base import ClassTable


@dataclass(frozen=True, slots=True)
class KAnonymity:
    """At least `k` rows a class; merged classes are larger, so it is `upward`."""

    k: int
    key: str = "k"
    label: str = "k"

    column: None = None
    upward: bool = True
    merging: bool = True

    @property
    def name(self) -> str:
        """``k = 5``."""
        return f"{self.label} = {self.k}"

    def failing(self, classes: ClassTable) -> np.ndarray:
        """Say which classes are smaller."""
        failed: np.ndarray = classes.sizes < self.k
        return failed
