"""The words of conversion: how a source writes values, and a converted column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from config.models.schema import Column

    Mask: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]
    Bytes: TypeAlias = np.ndarray[Any, np.dtype[np.uint8]]

RAGGED = "ragged"
"""The rule that a record breaks which has more or fewer cells than the header."""

AMSTERDAM = "Europe/Amsterdam"


@dataclass(frozen=True, slots=True)
class Conventions:
    """How values are written in a source.

    Attributes:
        decimal: the decimal mark of text.
        thousands: the mark between groups of three digits, if any.
        date_format: strptime codes of dates in columns without a `format` of their own.
        timezone: where the clock stood for a date-time without an offset.
    """

    decimal: str = "."
    thousands: str | None = None
    date_format: str | None = None
    timezone: str = AMSTERDAM


@dataclass(frozen=True, slots=True)
class Converted:
    """A converted column.

    Attributes:
        values: Arrow array of the declared type; null where the cell is bad.
        bad: which cells are not of the declared type, or None where every cell is.
        notes: counts of what was done to values, such as ``repaired_geometries``.
    """

    values: pa.Array
    bad: Mask | None = None
    notes: tuple[tuple[str, int], ...] = ()


def rule(column: Column) -> str:
    """Give the name of the rule that a bad cell of a column breaks."""
    return f"not-{column.type}"


def judged(raw: pa.Array, values: pa.Array) -> Converted:
    """Mark as bad where there was something and no value came of it."""
    import pyarrow.compute as pc

    bad = pc.and_(raw.is_valid(), values.is_null())
    return Converted(values, bad.to_numpy(zero_copy_only=False) if bad.true_count else None)


def blanks_as_null(text: pa.Array) -> pa.Array:
    """Take the white space off both ends, and give cells that had nothing else as null (of numbers, dates and truth values)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = pc.utf8_trim_whitespace(text)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def data_of(text: pa.Array) -> Bytes | None:
    """Give the bytes of all values of a string array, one after the other; None where there are none."""
    import numpy as np

    _, offsets, data = text.buffers()
    if data is None or not len(text):
        return None
    edges = np.frombuffer(offsets, np.int32)
    return np.frombuffer(data, np.uint8)[edges[text.offset] : edges[text.offset + len(text)]]
