"""Numbers on a line: exact cuts, the interval of each value, and how an interval is written.

Whole numbers and decimals are compared as whole numbers of a unit; floating-point numbers with the double that is nearest to the cut: a cut
that is typed as 0.3 and a value that was typed as 0.3 are the same double.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from anonymisation.hierarchies.base import ANY

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pyarrow as pa

SCALE = 9
"""Decimals of a decimal column."""
GROUPED = 10_000
"""From here on thousands stand apart."""
EXACT = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Line:
    """The values of a column on the line of numbers.

    Attributes:
        numbers: int64 or Python whole numbers in units of 10^-`scale`, or float64 (`scale` None).
        whole: whether the column holds whole numbers.
        missing: which values are missing; `misfits` which have no place on the line, the missing ones among them.
    """

    numbers: np.ndarray
    scale: int | None
    whole: bool
    misfits: np.ndarray

    @classmethod
    def of(cls, values: pa.Array) -> Line:
        """Read the values of a column."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc
        from pyarrow import types

        if types.is_string(values.type):
            digits = pc.match_substring_regex(values, r"^-?[0-9]{1,18}$")
            values = pc.if_else(digits, values, None).cast(pa.int64())
        nulls = values.is_null().to_numpy(zero_copy_only=False)
        if types.is_floating(values.type):
            floats = values.cast(pa.float64()).fill_null(0.0).to_numpy()
            odd = ~np.isfinite(floats)
            return cls(np.where(odd, 0.0, floats), None, whole=False, misfits=nulls | odd)
        if types.is_decimal(values.type):
            return cls(_scaled(values), SCALE, whole=False, misfits=nulls)
        return cls(values.cast(pa.int64()).fill_null(0).to_numpy(), 0, whole=True, misfits=nulls)

    def approximate(self) -> np.ndarray:
        """Give the values that are there as doubles."""
        import numpy as np

        there: np.ndarray = self.numbers[~self.misfits].astype(np.float64) / 10.0 ** (self.scale or 0)
        return there

    def fraction(self, position: int) -> Fraction:
        """Give one value exactly."""
        value = self.numbers[position]
        return Fraction(repr(float(value))) if self.scale is None else Fraction(int(value), 10**self.scale)

    def labels(self, cuts: Sequence[Fraction]) -> pa.Array:
        """Give the label of the interval of each value; null where it has none."""
        import numpy as np
        import pyarrow as pa

        bounds = distinct(cuts, whole=self.whole)
        place = np.searchsorted(self._on_line(bounds), self.numbers, side="right")
        used, codes = np.unique(place, return_inverse=True)
        outer = [None, *bounds, None]
        texts = pa.array([label(outer[at], outer[at + 1], whole=self.whole) for at in used.tolist()], pa.string())
        return texts.take(pa.array(codes, mask=self.misfits))

    def _on_line(self, bounds: Sequence[Fraction]) -> np.ndarray:
        """Give bounds in the units of the values; a value is at or above a bound exactly when its number is."""
        import numpy as np

        if self.scale is None:
            return np.array([float(bound) for bound in bounds], dtype=np.float64)
        return np.array([-(-bound.numerator * 10**self.scale // bound.denominator) for bound in bounds], dtype=self.numbers.dtype)


def _scaled(values: pa.Array) -> np.ndarray:
    """Give decimals as whole numbers of 10^-9: int64 where they fit."""
    import numpy as np
    import pyarrow as pa

    exact_values = values.cast(pa.decimal128(38, SCALE))
    halves = np.frombuffer(exact_values.buffers()[1], dtype=np.int64).reshape(-1, 2)[
        exact_values.offset : exact_values.offset + len(values)
    ]
    nulls = exact_values.is_null().to_numpy(zero_copy_only=False)
    low = np.where(nulls, 0, halves[:, 0])
    if np.array_equal(np.where(nulls, 0, halves[:, 1]), low >> 63):
        return low
    found = [0 if value is None else int(value.scaleb(SCALE, EXACT)) for value in exact_values.to_pylist()]
    return np.array(found, dtype=object)


def distinct(cuts: Sequence[Fraction], *, whole: bool) -> list[Fraction]:
    """Give the cuts, rising; among whole numbers a cut is the first whole number from there on."""
    return sorted({Fraction(-(-cut.numerator // cut.denominator)) if whole else cut for cut in cuts})


def label(low: Fraction | None, high: Fraction | None, *, whole: bool) -> str:
    """Give the label of the interval from `low` up to `high`, which is not in it; None: it has no end there."""
    if low is None or high is None:
        if low is None:
            return ANY if high is None else f"minder dan {_typed(high)}"
        return f"{_typed(low)} of meer"
    if not whole:
        return f"{_typed(low)} tot {_typed(high)}"
    return _typed(low) if high - low == 1 else f"{_typed(low)} \N{EN DASH} {_typed(high - 1)}"


def _typed(number: Fraction) -> str:
    """Give a number in Dutch typography."""
    from pages.numbers import decimal

    value = EXACT.divide(Decimal(number.numerator), Decimal(number.denominator))
    return decimal(value, "nl", grouped=abs(number) >= GROUPED).replace("-", "\N{MINUS SIGN}")
