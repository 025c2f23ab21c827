"""Values that have a type already, into the declared type: without loss, or marked bad."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.types import DECIMAL_PRECISION, DECIMAL_SCALE, arrow_type
from sources.cells import Converted, judged
from sources.clock import in_utc

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pyarrow as pa

    from config.models.schema import Column
    from sources.cells import Conventions

_EXACT = 2**53
"""Up to here every whole number has its own float."""


def convert(values: pa.Array, column: Column, conventions: Conventions) -> Converted:
    """Convert a typed column; NaN is how a float column says *no value*, an infinity is bad."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.types as kinds

    if kinds.is_null(values.type):
        return Converted(pa.nulls(len(values), arrow_type(column.type)))
    if kinds.is_floating(values.type):
        values = pc.if_else(pc.is_nan(values), pa.scalar(None, values.type), values)
    return judged(values, _typed(values, column, conventions))


def _typed(values: pa.Array, column: Column, conventions: Conventions) -> pa.Array:
    """Give the values in the declared type, null where they do not fit."""
    import pyarrow as pa
    import pyarrow.types as kinds

    kind = values.type
    if column.type in _NUMBERS and (kinds.is_integer(kind) or kinds.is_floating(kind) or kinds.is_decimal(kind)):
        return _NUMBERS[column.type](values)
    match column.type:
        case "boolean" if kinds.is_boolean(kind):
            return values
        case "date" if kinds.is_date(kind):
            return values.cast(pa.date32())
        case "date" if kinds.is_timestamp(kind):
            return _days(values)
        case "datetime" if kinds.is_timestamp(kind):
            exact = values.cast(pa.timestamp("us", tz=kind.tz), safe=False)  # a part of a microsecond is cut off
            return exact.cast(pa.timestamp("us", tz="UTC")) if kind.tz else in_utc(exact, conventions.timezone)
        case _:
            return pa.nulls(len(values), arrow_type(column.type))


def _integers(values: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.types as kinds

    if kinds.is_floating(values.type):
        values = values.cast(pa.float64())
        whole = pc.and_(pc.equal(values, pc.trunc(values)), pc.less_equal(pc.abs(values), float(_EXACT)))
        return pc.if_else(whole, values, pa.scalar(None, pa.float64())).cast(pa.int64())
    if kinds.is_decimal(values.type):
        whole = pc.equal(values, pc.trunc(values).cast(values.type))
        values = pc.if_else(whole, values, pa.scalar(None, values.type))
    elif values.type != pa.uint64():
        return values.cast(pa.int64())
    limits = [pa.scalar(edge, pa.decimal256(76, 0)) for edge in (-(2**63), 2**63 - 1)]
    wide = (
        values.cast(pa.decimal256(76, 0)) if kinds.is_decimal(values.type) else values.cast(pa.decimal128(20, 0)).cast(pa.decimal256(76, 0))
    )
    fits = pc.and_(pc.greater_equal(wide, limits[0]), pc.less_equal(wide, limits[1]))
    return pc.if_else(fits, wide, pa.scalar(None, wide.type)).cast(pa.int64())


def _numbers(values: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    floats = values.cast(pa.float64(), safe=False)  # a whole number above 2^53 becomes the nearest float, as `number` says
    return pc.if_else(pc.is_finite(floats), floats, pa.scalar(None, pa.float64()))


def _decimals(values: pa.Array) -> pa.Array:
    """Give exact numbers of nine decimals; floats are rounded there, decimals with more are bad."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.types as kinds

    target, room = pa.decimal128(DECIMAL_PRECISION, DECIMAL_SCALE), DECIMAL_PRECISION - DECIMAL_SCALE
    if kinds.is_floating(values.type):
        fits = pc.less(pc.abs(values.cast(pa.float64())), 10.0**room)
        return pc.if_else(fits, values.cast(pa.float64()), pa.scalar(None, pa.float64())).cast(target)
    if kinds.is_integer(values.type):
        return values.cast(pa.decimal128(20, 0)).cast(target)
    wide = values.cast(pa.decimal256(76, 36))
    rounded = pc.round(wide, DECIMAL_SCALE).cast(wide.type)
    fits = pc.and_(pc.equal(wide, rounded), pc.less(pc.abs(wide), pa.scalar(10**room, pa.decimal256(76, 36))))
    return pc.if_else(fits, wide, pa.scalar(None, wide.type)).cast(target, safe=False)


def _flags(values: pa.Array) -> pa.Array:
    """Give 1 as true and 0 as false; other numbers are bad."""
    import pyarrow as pa
    import pyarrow.compute as pc

    true, false = (pc.equal(values, pa.scalar(flag, values.type)) for flag in (1, 0))
    return pc.if_else(pc.or_(true, false), true, pa.scalar(None, pa.bool_()))


_NUMBERS: Mapping[str, Callable[[pa.Array], pa.Array]] = {"integer": _integers, "number": _numbers, "decimal": _decimals, "boolean": _flags}


def _days(values: pa.Array) -> pa.Array:
    """Give the days of moments at midnight; the others are bad."""
    import pyarrow as pa
    import pyarrow.compute as pc

    moments = values.cast(pa.timestamp(values.type.unit))
    days = moments.cast(pa.date32(), safe=False)
    return pc.if_else(pc.equal(days.cast(moments.type), moments), days, pa.scalar(None, pa.date32()))
