"""Raw columns into their declared types, a whole batch at a time; a cell that is not of its type is marked, never guessed at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sources import geometries, text_dates, text_values, typed_values
from sources.cells import Conventions, Converted

if TYPE_CHECKING:
    import pyarrow as pa

    from config.models.schema import Column


def convert(values: pa.Array, column: Column, conventions: Conventions, nulls: tuple[str, ...] = ()) -> Converted:
    """Convert one column.

    Args:
        values: text, or values of another Arrow type.
        column: its declaration; `format` overrides `conventions.date_format`.
        conventions: how the source writes values.
        nulls: texts that mean *no value*; in a typed column they are read as values of its declared type.
    """
    import pyarrow.types as kinds

    if kinds.is_dictionary(values.type):
        values = values.dictionary_decode()
    if column.type == "geometry":
        return geometries.convert(values)
    if not (kinds.is_string(values.type) or kinds.is_large_string(values.type) or kinds.is_string_view(values.type)):
        return _with_nulls(typed_values.convert(values, column, conventions), column, nulls)
    return _from_text(text_values.without(values, nulls), column, conventions)


def _with_nulls(converted: Converted, column: Column, nulls: tuple[str, ...]) -> Converted:
    """Give values that equal one of `nulls`, read as a value of the declared type, as null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = converted.values
    for null in nulls:
        equal = _from_text(pa.array([null]), column, Conventions()).values[0]
        if equal.is_valid:
            values = pc.if_else(pc.equal(values, equal), pa.scalar(None, values.type), values)
    return replace(converted, values=values)


def _from_text(text: pa.Array, column: Column, conventions: Conventions) -> Converted:
    if column.type in text_values.NUMBERS:
        return text_values.NUMBERS[column.type](text, conventions)
    match column.type:
        case "boolean":
            return text_values.booleans(text, column.format)
        case "date":
            return text_dates.dates(text, column.format or conventions.date_format)
        case "datetime":
            return text_dates.datetimes(text, column.format, conventions.timezone)
        case _:
            return Converted(text)
