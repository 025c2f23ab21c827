"""delta-disclosure privacy: no sensitive value is much more or much less frequent in a class than in the whole input.

J. Brickell, V. Shmatikov, "The cost of privacy: destruction of data-mining utility in anonymized data publishing", KDD 2008, definition 5:
|log(q / p)| < delta for the share q of every value in every class. As ARX's `DDisclosurePrivacy`: the logarithm has base 2, the comparison
is strict, and only values that the class has count (for one that it lacks the formula would be infinite). Because of the latter merging is
not safe: a class that has the value can pass, and fail once it is merged with one that lacks it. So it is neither `upward` nor `merging`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anonymisation.models.base import typed

if TYPE_CHECKING:
    from fractions import Fraction

    import numpy as np

    from anonymisation.models.base import ClassTable, Reference

SLACK = 1e-12
"""Logarithms are floating point: a figure this close to delta fails."""


@dataclass(frozen=True, slots=True)
class DeltaDisclosure:
    """|log2(q / p)| below `delta`."""

    reference: Reference
    delta: Fraction

    key: str = "delta_disclosure"
    upward: bool = False
    merging: bool = False

    @property
    def column(self) -> str:
        """The sensitive column."""
        return self.reference.column

    @property
    def name(self) -> str:
        """``delta_disclosure = 1 (ziekte)``."""
        return f"delta_disclosure = {typed(float(self.delta))} ({self.column})"

    def failing(self, classes: ClassTable) -> np.ndarray:
        """Say which classes have a value that differs as much."""
        import numpy as np

        pairs = classes.sensitive[self.column]
        # Two products of whole numbers: where their ratio is a power of two its logarithm is exact.
        gained = pairs.counts.astype(float) * self.reference.rows
        even = self.reference.counts[pairs.values].astype(float) * classes.sizes[pairs.owners()]
        wrong = np.abs(np.log2(gained / even)) >= float(self.delta) - SLACK
        failed: np.ndarray = pairs.per_class(wrong) > 0
        return failed
