"""The hierarchy of dates: day, month, quarter, year, five years, ten years, any.

========  =============  =====================================================
level     label          type
========  =============  =====================================================
day       2024-03-05     date
month     2024-03        string
quarter   2024-Q1        string
year      2024           string, so that all periods read alike
5y        2020-2024      string; a period starts at a year that 5 divides
10y       2020-2029      string; a period starts at a year that 10 divides
any       ``*``          string
========  =============  =====================================================

Each step nests in the next. An instant belongs to the day it has in the Netherlands. A text is read as ``2024-03-05`` (a time may follow)
or ``05-03-2024``; another text does not fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from anonymisation.hierarchies.base import ANY
from config.models.hierarchy import HierarchyOptions, chosen

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import pyarrow as pa

ISO = r"^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ].*)?$"
DUTCH = r"^[0-9]{2}-[0-9]{2}-[0-9]{4}$"


LEVELS = ("day", "month", "quarter", "year", "5y", "10y", "any")
"""The steps, from fine to coarse."""


class Options(HierarchyOptions):
    """Dates by the calendar.

    Attributes:
        levels: steps out of `day`, `month`, `quarter`, `year`, `5y`, `10y` and `any`, in that order.
    """

    fits = frozenset({"date", "datetime"})

    type: Literal["date"]
    levels: Annotated[
        tuple[Literal["day", "month", "quarter", "year", "5y", "10y", "any"], ...], Field(min_length=1), AfterValidator(chosen(LEVELS))
    ]


@dataclass(frozen=True, slots=True)
class DateLadder:
    """Steps of `LEVELS`, in their order."""

    names: tuple[str, ...]

    def labels(self, values: pa.Array) -> list[pa.Array]:
        """Give the labels of dates, instants or texts."""
        import pyarrow as pa
        import pyarrow.compute as pc

        days = _days(values)
        # Instants are many and days are few: each day is labelled once.
        coded = pc.dictionary_encode(days)
        found = coded.dictionary.to_pylist()
        steps = []
        for name in self.names:
            if name == "day":
                steps.append(days)
            elif name == "any":
                steps.append(pa.array([ANY] * len(values), pa.string()))
            else:
                steps.append(pa.array([label(day, name) for day in found], pa.string()).take(coded.indices))
        return steps

    def domain(self, level: int, of: pa.DataType) -> pa.Array | None:  # noqa: ARG002 - the protocol's parameters
        """Time has no end, so nothing is known beforehand."""
        return None


def open_ladder(options: Options, base: Path) -> DateLadder:  # noqa: ARG001 - what every type of hierarchy is asked
    """Give the ladder."""
    return DateLadder(options.levels)


def label(day: date, step: str) -> str:
    """Give the label of a day on one step."""
    if step == "month":
        return f"{day.year:04d}-{day.month:02d}"
    if step == "quarter":
        return f"{day.year:04d}-Q{(day.month + 2) // 3}"
    if step == "year":
        return f"{day.year:04d}"
    width = {"5y": 5, "10y": 10}[step]
    start = day.year - day.year % width
    return f"{start:04d}-{start + width - 1:04d}"


def _days(values: pa.Array) -> pa.Array:
    """Give the days; null where there is none."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import types

    if types.is_date(values.type):
        return values.cast(pa.date32())
    if types.is_timestamp(values.type):
        instants = values if values.type.tz else values.cast(pa.timestamp("us", tz="UTC"))
        return pc.local_timestamp(instants.cast(pa.timestamp("us", tz="Europe/Amsterdam"))).cast(pa.date32(), safe=False)
    return pc.coalesce(
        _read(pc.replace_substring_regex(values, ISO, r"\1"), "%Y-%m-%d"),
        _read(pc.if_else(pc.match_substring_regex(values, DUTCH), values, None), "%d-%m-%Y"),
    )


def _read(texts: pa.Array, form: str) -> pa.Array:
    """Read texts that are written exactly in a form; 30 February is null (the C library makes March of it)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    moments = pc.strptime(texts, format=form, unit="s", error_is_null=True)
    same = pc.equal(pc.strftime(moments, format=form), texts)
    return pc.if_else(same, moments, None).cast(pa.date32())
