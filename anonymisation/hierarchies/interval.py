"""Intervals of numbers: of equal width, with equal shares of the rows, or between given cuts.

=============  ===========================================================================================================
`widths`       every step cuts at `origin` plus a multiple of its width; each width is a multiple of the one before. `bottom`
               and `top` put everything below and from there on together, on every step
`quantiles`    every step cuts the rows into this many groups of about equal size (inverse of the empirical distribution);
               each number divides the one before. The cuts are rounded to `rounding`: a cut is otherwise somebody's value.
               They depend on the data, after quarantine, so labels differ from release to release
`cuts`         every step is given: a number at which a new interval starts. Each list is a part of the one before; what lies
               below its first cut is together, and what lies from its last cut on
=============  ===========================================================================================================

An interval holds its lower bound and not its upper. The label is Dutch typography, decided once: of whole numbers the first and the last
with an en dash between spaces (the number itself where there is one), of other numbers ``2,5 tot 5``, ends ``minder dan 20`` and
``90 of meer``; thousands apart from five digits on (a year stays ``1980``), and a minus sign that no spreadsheet reads as a formula. Text
is read as whole numbers. Not-a-number and infinity do not fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from anonymisation.hierarchies._steps import with_any
from anonymisation.hierarchies.base import ANY
from config.errors import Message, RefusedError
from config.models.base import WrongError
from config.models.hierarchy import NUMERIC, HierarchyOptions, named

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction
    from pathlib import Path

    import numpy as np
    import pyarrow as pa

    from anonymisation.hierarchies._line import Line
    from anonymisation.hierarchies.base import Ladder, Seen, Unfitted

Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e15, le=1e15)]
Width = Annotated[float, Field(gt=0, allow_inf_nan=False, ge=1e-9, le=1e15)]
MOST = 1_000_000
"""Intervals between `bottom` and `top`."""
FARTHEST = 1e15
"""Intervals between `origin` and a value: doubles tell so many apart."""

TOO_NARROW = Message(
    "hierarchy.interval-width",
    nl="Een breedte bij `widths` is zo klein dat er veel te veel intervallen zijn (meer dan {most}). Kies een grotere breedte.",
    en="A width at `widths` is so small that there are far too many intervals (more than {most}). Choose a larger width.",
)


class Options(HierarchyOptions):
    """Intervals of numbers; give one of `widths`, `quantiles` and `cuts`.

    Attributes:
        levels: the names of the steps; without it they are numbered from 1. A last name `any` adds a step on which all values are one.
        widths: the width of the intervals on each step, from narrow to wide; each a multiple of the one before.
        origin: a bound of the intervals of `widths`.
        bottom: everything below this is one interval.
        top: everything from this on is one interval.
        quantiles: how many groups of about equal size each step has; each number divides the one before.
        rounding: the cuts of `quantiles` are rounded to a multiple of this.
        cuts: where intervals start on each step; each list is a part of the one before.
    """

    fits = NUMERIC

    type: Literal["interval"]
    widths: tuple[Width, ...] = ()
    origin: Number | None = None
    bottom: Number | None = None
    top: Number | None = None
    quantiles: tuple[Annotated[int, Field(ge=2, le=1000)], ...] = ()
    rounding: Width | None = None
    cuts: tuple[Annotated[tuple[Number, ...], Field(min_length=1)], ...] = ()

    @property
    def needs_data(self) -> bool:
        """Quantiles are those of the data."""
        return bool(self.quantiles)

    def steps(self) -> tuple[str, ...]:
        """Give the names of the steps."""
        return named(self.levels, len(self.widths or self.quantiles or self.cuts))

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        """Take one way of making intervals, with the keys that belong to it."""
        if sum(map(bool, (self.widths, self.quantiles, self.cuts))) != 1:
            raise WrongError(
                "Geef bij type: interval precies één van `widths`, `quantiles` en `cuts`.",
                "With type: interval give exactly one of `widths`, `quantiles` and `cuts`.",
            )
        for key, way in {"origin": "widths", "bottom": "widths", "top": "widths", "rounding": "quantiles"}.items():
            if getattr(self, key) is not None and not getattr(self, way):
                raise WrongError(
                    f"`{key}` hoort bij `{way}` en zou hier niets doen. Haal het weg.", f"`{key}` belongs to `{way}`. Remove it."
                )
        if self.quantiles and self.rounding is None:
            raise WrongError(
                "Bij `quantiles` is `rounding` nodig, zoals rounding: 100. Zonder afronding is een grens de waarde van één rij.",
                "With `quantiles`, `rounding` is needed, such as rounding: 100. Without it a cut is the value of one row.",
            )
        self.steps()
        return self

    @model_validator(mode="after")
    def _nested(self) -> Self:
        """Let every step be a part of the one before."""
        if self.bottom is not None and self.top is not None and self.bottom >= self.top:
            raise WrongError("`bottom` is niet kleiner dan `top`. Verander één van de twee.", "`bottom` is not below `top`. Change one.")
        if any(exact(wide) % exact(narrow) or wide <= narrow for narrow, wide in pairwise(self.widths)):
            raise WrongError(
                "Elke breedte bij `widths` is een veelvoud van de vorige, zoals [5, 10, 20].",
                "Every width at `widths` is a multiple of the one before, such as [5, 10, 20].",
            )
        if any(many % few or few >= many for many, few in pairwise(self.quantiles)):
            raise WrongError(
                "Elk aantal bij `quantiles` is een deler van het vorige, zoals [20, 10, 5].",
                "Every number at `quantiles` divides the one before, such as [20, 10, 5].",
            )
        if any(list(step) != sorted(set(step)) for step in self.cuts) or any(not set(few) < set(many) for many, few in pairwise(self.cuts)):
            raise WrongError(
                "Elke lijst bij `cuts` loopt op, en is een deel van de vorige, zoals [[18, 30, 45, 65], [30, 65]].",
                "Every list at `cuts` rises, and is a part of the one before, such as [[18, 30, 45, 65], [30, 65]].",
            )
        return self


def open_ladder(options: Options, base: Path) -> Ladder | Unfitted:  # noqa: ARG001 - what every type of hierarchy is asked
    """Give the ladder; of quantiles one that is still to be fitted."""
    if options.quantiles:
        return Quantiles(options)
    names = options.steps()
    if options.cuts:
        return IntervalLadder(names, tuple(tuple(map(exact, step)) for step in options.cuts))
    return WidthLadder(names, options)


def exact(number: float) -> Fraction:
    """Give a number as it was typed: 0.1 is a tenth."""
    from fractions import Fraction

    return Fraction(repr(number))


@dataclass(frozen=True, slots=True)
class IntervalLadder:
    """Steps between cuts.

    Attributes:
        names: one more than `cuts` where the last step is ``any``.
        cuts: per step where intervals start, rising; each a part of the one before.
    """

    names: tuple[str, ...]
    cuts: tuple[tuple[Fraction, ...], ...]

    def labels(self, values: pa.Array) -> list[pa.Array]:
        """Give the intervals of numbers, or of texts that are whole numbers."""
        from anonymisation.hierarchies._line import Line

        line = Line.of(values)
        return with_any([line.labels(cuts) for cuts in self.cuts], self.names, len(values))

    def domain(self, level: int, of: pa.DataType) -> pa.Array | None:
        """Give every interval of a step; which values there are is not known."""
        import pyarrow as pa
        from pyarrow import types

        from anonymisation.hierarchies._line import distinct, label

        if not level:
            return None
        if level > len(self.cuts):
            return pa.array([ANY])
        whole = types.is_integer(of) or types.is_string(of)
        bounds = [None, *distinct(self.cuts[level - 1], whole=whole), None]
        return pa.array([label(low, high, whole=whole) for low, high in pairwise(bounds)], pa.string())


@dataclass(frozen=True, slots=True)
class WidthLadder:
    """Steps of equal width."""

    names: tuple[str, ...]
    options: Options

    def labels(self, values: pa.Array) -> list[pa.Array]:
        """Give the intervals of numbers, or of texts that are whole numbers.

        Raises:
            RefusedError: a width is so small that its intervals cannot be counted.
        """
        from anonymisation.hierarchies._line import Line

        line = Line.of(values)
        steps = [line.labels(self._cuts(exact(width), self._numbers(line, width))) for width in self.options.widths]
        return with_any(steps, self.names, len(values))

    def domain(self, level: int, of: pa.DataType) -> pa.Array | None:
        """Give every interval of a step where both ends are given.

        Raises:
            RefusedError: a width is so small that there are more than `MOST`.
        """
        import pyarrow as pa

        if not level or level > len(self.options.widths) or self.options.bottom is None or self.options.top is None:
            return pa.array([ANY]) if level > len(self.options.widths) else None
        width, origin = exact(self.options.widths[level - 1]), exact(self.options.origin or 0.0)
        first, last = ((exact(end) - origin) // width for end in (self.options.bottom, self.options.top))
        if last - first > MOST:
            raise RefusedError(TOO_NARROW.at(most=MOST))
        cuts = self._cuts(width, range(first, last + 1))
        return IntervalLadder(self.names, (cuts,)).domain(1, of)

    def _numbers(self, line: Line, width: float) -> set[int]:
        """Give which multiples of a width are around the values; a quotient of doubles is at most one off."""
        import numpy as np

        bottom, top, origin = self.options.bottom, self.options.top, self.options.origin or 0.0
        values = np.clip(line.approximate(), -np.inf if bottom is None else bottom, np.inf if top is None else top)
        quotients = (values - origin) / width
        if len(quotients) and np.abs(quotients).max() >= FARTHEST:
            raise RefusedError(TOO_NARROW.at(most=MOST))
        near = np.unique(np.floor(quotients).astype(np.int64))[:, None] + np.arange(-1, 3)
        return set(near.ravel().tolist())

    def _cuts(self, width: Fraction, numbers: Iterable[int]) -> tuple[Fraction, ...]:
        """Give the cuts at some multiples of a width, and at the ends; rising."""
        bottom, top = (None if end is None else exact(end) for end in (self.options.bottom, self.options.top))
        origin = exact(self.options.origin or 0.0)
        inside = (origin + number * width for number in numbers)
        cuts = {cut for cut in inside if (bottom is None or cut > bottom) and (top is None or cut < top)}
        return tuple(sorted(cuts | {end for end in (bottom, top) if end is not None}))


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Groups of about equal size, before the data are seen."""

    options: Options

    def fit(self, seen: Seen) -> IntervalLadder:
        """Find the cuts: the first value after each share of the rows, rounded half up."""
        import numpy as np

        from anonymisation.hierarchies._line import Line

        values, counts = seen.counted
        line = Line.of(values)
        order = np.argsort(line.numbers, kind="stable")
        present = order[~line.misfits[order]]
        running = np.cumsum(counts[present])
        cuts = []
        for groups in self.options.quantiles:
            at = {int(np.searchsorted(running, _rank(share, groups, running))) + 1 for share in range(1, groups)}
            found = {self._rounded(line.fraction(int(present[position]))) for position in at if position < len(present)}
            cuts.append(tuple(sorted(found)))
        return IntervalLadder(self.options.steps(), tuple(cuts))

    def _rounded(self, value: Fraction) -> Fraction:
        unit = exact(self.options.rounding or 1.0)
        return (2 * value + unit) // (2 * unit) * unit


def _rank(share: int, groups: int, running: np.ndarray) -> int:
    """Give the row, counted from 1, that ends a share of them."""
    rows = int(running[-1]) if len(running) else 0
    return -(-share * rows // groups)
