"""Entropy l-diversity: the entropy of the sensitive values of every class is at least log(l).

A. Machanavajjhala et al., "l-diversity: privacy beyond k-anonymity", ACM TKDD 1(1), 2007, definition 4.1; ARX's `EntropyLDiversity` with
Shannon's estimator. Entropy is concave, so a merged class has at least the entropy of its poorest part: `merging`, not `upward`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anonymisation.models.base import typed

if TYPE_CHECKING:
    from fractions import Fraction

    import numpy as np

    from anonymisation.models.base import ClassTable

CLOSE = 1e-9
"""Relative distance from the bound below which floating point does not decide."""
MOST_ROWS = 20_000
"""Rows (after division by the greatest common divisor) up to which whole numbers decide; a larger class that is this close fails."""


@dataclass(frozen=True, slots=True)
class EntropyDiversity:
    """Entropy of at least log(`l`); l need not be a whole number."""

    column: str
    l: Fraction  # noqa: E741 - the name of the field's standard

    key: str = "l"
    upward: bool = False
    merging: bool = True

    @property
    def name(self) -> str:
        """``l = 2 (entropy, ziekte)``."""
        return f"l = {typed(float(self.l))} (entropy, {self.column})"

    def failing(self, classes: ClassTable) -> np.ndarray:
        """Say which classes have less: n log n - sum of c log c < n log l, with whole numbers where that is close."""
        import numpy as np

        pairs, rows = classes.sensitive[self.column], classes.sizes
        terms = np.bincount(pairs.owners(), weights=pairs.counts * np.log2(pairs.counts), minlength=len(classes))
        scale = rows * np.log2(np.maximum(rows, 1))
        margin = scale - terms - rows * math.log2(self.l)
        failed: np.ndarray = margin < 0
        for place in np.flatnonzero(np.abs(margin) <= CLOSE * (scale + 1)).tolist() if len(pairs.counts) else ():
            failed[place] = not self._holds(pairs.counts[pairs.starts[place] : pairs.starts[place + 1]].tolist())
        return failed & (rows > 0)

    def _holds(self, counts: list[int]) -> bool:
        """Decide exactly: entropy >= log(l) is n^n >= l^n times the product of c^c, and dividing all counts changes nothing."""
        divisor = math.gcd(*counts)
        parts = [count // divisor for count in counts]
        rows = sum(parts)
        if rows == len(parts):  # all values as frequent: the entropy is the logarithm of their number
            return len(parts) >= self.l
        if rows > MOST_ROWS:
            return False
        top, bottom = self.l.as_integer_ratio()
        return bool((rows * bottom) ** rows >= top**rows * math.prod(part**part for part in parts))
