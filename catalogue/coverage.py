"""What a protected table covers, derived from the table itself: the period of its dates, the box around its geometry, how full it is."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pyarrow as pa

    from anonymisation.safe import SafeColumn, SafeTable

Box = tuple[float, float, float, float]

DATE_LEVELS = frozenset({"day", "month", "quarter", "year"})
"""Levels of the date hierarchy whose values name a period with a calendar's own name; wider classes say little and are left out."""

_PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?:(?P<month>\d\d)(?:-(?P<day>\d\d))?|[QqKk](?P<quarter>[1-4])))?")
_EARLIEST, _LATEST = 1000, 8999
"""Years outside are placeholders (0001-01-01, 9999-12-31), not dates."""

Period = tuple[str, str]
"""First and last moment at the precision that is known; both have the same form."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a table covers.

    Attributes:
        temporal: the period of its dates, None where it has none.
        bbox: west, south, east, north in WGS84 degrees, None where it has no geometry.
        filled: the share of rows with a value by column, rounded to four decimals; empty for a table without rows.
    """

    temporal: Period | None
    bbox: Box | None
    filled: Mapping[str, float] = field(default_factory=dict)


def coverage(table: SafeTable) -> Coverage:
    """Derive the coverage of a protected table, batch by batch."""
    return of_batches(table.batches(), table.columns, crs=table.crs)


def of_batches(batches: Iterable[pa.RecordBatch], columns: Iterable[SafeColumn], *, crs: str | None = None) -> Coverage:
    """Derive the coverage from batches that hold `columns`."""
    columns = list(columns)
    dated = [column for column in columns if _is_dated(column)]
    located = [column.name for column in columns if column.type == "geometry"]
    periods: list[Period] = []
    box: Box | None = None
    rows, empty = 0, Counter[str]()
    for batch in batches:
        rows += batch.num_rows
        empty.update({column.name: batch.column(column.name).null_count for column in columns})
        periods = _merged([*periods, *(period for column in dated for period in _periods(batch, column))])
        for name in located:
            box = _joined(box, _box(batch.column(name), crs))
    filled = {column.name: round(1 - empty[column.name] / rows, 4) for column in columns} if rows else {}
    return Coverage(_period(periods), box, filled)


def _is_dated(column: SafeColumn) -> bool:
    """Whether a column holds dates: by its type, or as text at a level of the date hierarchy."""
    return column.type in ("date", "datetime") or (column.type == "string" and column.level in DATE_LEVELS)


def _periods(batch: pa.RecordBatch, column: SafeColumn) -> Iterator[Period]:
    """Give the earliest and latest period in a column of a batch; values that are not one (a suppressed ``*``) are passed over."""
    import pyarrow.compute as pc

    values = batch.column(column.name)
    if column.type == "string":
        found = [period for text in pc.unique(values).to_pylist() if text and (period := _parsed(text))]
    else:
        if column.type == "datetime":
            # An instant belongs to the day it has in the Netherlands.
            values = pc.local_timestamp(pc.cast(values, _amsterdam()))
        year = pc.year(values)
        values = values.filter(pc.and_(pc.greater_equal(year, _EARLIEST), pc.less_equal(year, _LATEST)))
        extremes = pc.min_max(values).as_py()
        found = [(day.isoformat()[:10],) * 2 for day in (extremes["min"], extremes["max"]) if day]
    yield from found


def _amsterdam() -> pa.DataType:
    """Give the type of an instant in Dutch time."""
    import pyarrow as pa

    return pa.timestamp("us", tz="Europe/Amsterdam")


def _parsed(text: str) -> Period | None:
    """Read ``2024``, ``2024-03``, ``2024-Q1`` or ``2024-03-31`` as a period; a quarter becomes its first and last month."""
    from datetime import date

    match = _PERIOD.fullmatch(text)
    if match is None or not _EARLIEST <= int(match["year"]) <= _LATEST:
        return None
    if match["quarter"]:
        last = 3 * int(match["quarter"])
        return f"{match['year']}-{last - 2:02d}", f"{match['year']}-{last:02d}"
    try:
        date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))
    except ValueError:
        return None
    return text, text


def _merged(periods: list[Period]) -> list[Period]:
    """Keep of each precision the first start and the last end, so that memory stays flat."""
    kept: dict[int, Period] = {}
    for start, end in periods:
        first, last = kept.get(len(start), (start, end))
        kept[len(start)] = min(first, start), max(last, end)
    return list(kept.values())


def _period(periods: list[Period]) -> Period | None:
    """Give one period around all; where precisions differ, ends are rounded outwards to the coarsest that was seen."""
    if not periods:
        return None
    width = min(len(start) for start, _ in periods)
    start = min(start[:width] for start, _ in periods)
    end = max(end[:width] for _, end in periods)
    return start, end


def _box(values: pa.Array, crs: str | None) -> Box | None:
    """Give the box around the geometries of a batch; None where it has none, or where nobody knows what its coordinates mean."""
    from engine.geo import bbox

    return bbox([values], crs) if crs else None


def _joined(one: Box | None, other: Box | None) -> Box | None:
    """Give the box around two boxes."""
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])
