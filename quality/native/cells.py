"""Cells and values as the SQL that compares them exactly.

What a cell is in a query: a missing value and NaN are NULL; an integer and a decimal are exact; a ``number`` is a double; a date and a
date-time are microseconds since 1970 in UTC; text and truth are themselves. A value of a suite that cannot be compared exactly with the
cells of a column is no business of this engine: `NotNative`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from engine.session import quoted
from quality.moments import moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

NUMERIC = frozenset({"integer", "number", "decimal"})
MOMENTS = frozenset({"date", "datetime"})
COMPARABLE = NUMERIC | MOMENTS | {"string"}
"""Kinds with an equality of their own; texts have an order, but Great Expectations takes no text as a bound."""

Comparison = Literal["<", "<=", ">", ">="]
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - naive, in UTC
_LONGEST_NUMBER = 38
"""Digits of the widest decimal."""


class NotNative(Exception):  # noqa: N818 - no error: another engine judges this check
    """This engine cannot judge the check as Great Expectations defines it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table as a query sees them.

    Attributes:
        kinds: column → kind, from `frames.kinds`.
        scales: decimal column → decimal places.
    """

    kinds: Mapping[str, str]
    scales: Mapping[str, int]

    def kind(self, name: Any) -> str:
        """Give the kind of a column; `NotNative` where there is none."""
        if not isinstance(name, str) or name not in self.kinds:
            raise NotNative
        return self.kinds[name]

    def scale(self, name: str) -> int:
        """Give the decimal places of an exact column; an integer has none."""
        return self.scales.get(name, 0)


def _is_odd(of: pa.DataType) -> bool:
    """Say whether cells of an Arrow type do not fit a query."""
    from pyarrow import types

    wide = types.is_decimal256(of) or types.is_large_string(of) or types.is_string_view(of)
    return bool(wide or types.is_dictionary(of) or (types.is_timestamp(of) and of.unit == "ns"))


def columns_of(schema: pa.Schema, kinds: Mapping[str, str]) -> Columns:
    """Describe an Arrow schema; a column whose cells do not fit a query is of the kind `other`."""
    from pyarrow import types

    fitting = {name: "other" if _is_odd(schema.field(name).type) else kind for name, kind in kinds.items()}
    fitting |= {name: "geometry" for name in fitting if types.is_binary(schema.field(name).type)}
    return Columns(fitting, {field.name: field.type.scale for field in schema if types.is_decimal(field.type)})


def cell(name: str, kind: str) -> str:
    """Give the SQL of a cell out of the file."""
    column = quoted(name)
    if kind == "number":
        return f"CASE WHEN isnan({column}) THEN NULL ELSE CAST({column} AS DOUBLE) END"
    return f"epoch_us({column})" if kind in MOMENTS else column


def text(value: str) -> str:
    """Give a text as an SQL literal."""
    if "\0" in value:
        raise NotNative
    return "'" + value.replace("'", "''") + "'"


def double(value: float) -> str:
    """Give a number as an SQL double."""
    return f"CAST('{float(value)!r}' AS DOUBLE)"


def is_number(value: Any) -> bool:
    """Say whether a value of a suite is a number that can be compared: no truth value, not NaN."""
    return isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)


def exact(value: float) -> Decimal:
    """Give a number as it is written."""
    return Decimal(value) if isinstance(value, int) else Decimal(repr(value))


def micros(value: Any) -> int:
    """Give a date or date-time as microseconds since 1970 in UTC."""
    found = moment(value)
    if not isinstance(found, datetime):
        raise NotNative
    return (found - _EPOCH) // timedelta(microseconds=1)


def instant(value: int) -> datetime:
    """Give microseconds since 1970 as a naive instant in UTC."""
    return datetime.fromtimestamp(0, UTC).replace(tzinfo=None) + timedelta(microseconds=value)


def equal(name: str, value: Any, columns: Columns) -> str | None:
    """Give the SQL literal that a cell of a column equals when it holds the value; None where no cell can."""
    kind = columns.kind(name)
    if kind == "string" and isinstance(value, str):
        return text(value)
    if kind == "boolean" and isinstance(value, bool):
        return str(value).upper()
    if kind in MOMENTS:
        return str(micros(value))
    if kind not in NUMERIC or not is_number(value):
        raise NotNative
    if kind == "number":
        return double(value)
    if isinstance(value, float) and math.isinf(value):
        return None
    scaled = exact(value).scaleb(columns.scale(name))
    whole = scaled == scaled.to_integral_value() and len(str(abs(int(scaled)))) <= _LONGEST_NUMBER
    return _exact(int(scaled), columns.scale(name)) if whole else None


def _exact(scaled: int, scale: int) -> str:
    """Give a whole number of 10**-scale as an SQL literal."""
    if not scale:
        return str(scaled)
    digits = str(abs(scaled)).zfill(scale + 1)
    return f"CAST('{'-' * (scaled < 0)}{digits[:-scale]}.{digits[-scale:]}' AS DECIMAL(38, {scale}))"


def compared(name: str, how: Comparison, value: Any, columns: Columns) -> str:
    """Give the SQL condition that a cell of a column lies at the right side of a bound; exact, also for a bound between two cells."""
    kind, column = columns.kind(name), quoted(name)
    if kind in MOMENTS:
        return f"{column} {how} {micros(value)}"
    if kind not in NUMERIC or not is_number(value):
        raise NotNative
    if kind == "number":
        return f"{column} {how} {double(value)}"
    if isinstance(value, float) and math.isinf(value):
        return f"({column} IS NOT NULL AND {str((value > 0) == (how in {'<', '<='})).upper()})"
    scale = columns.scale(name)
    scaled = exact(value).scaleb(scale)
    up = how in {">=", "<"}
    edge = int(scaled.to_integral_value("ROUND_CEILING" if up else "ROUND_FLOOR"))
    if len(str(abs(edge))) > _LONGEST_NUMBER:
        return f"({column} IS NOT NULL AND {str((edge > 0) == (how in {'<', '<='})).upper()})"
    return f"{column} {how} {_exact(edge, scale)}"
