"""The column types of a declaration as Arrow types, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from config.models.schema import Column, ColumnType

ROW = "_row"
"""The 1-based number of the data record in the source; carried through, never published."""

DECIMAL_PRECISION, DECIMAL_SCALE = 38, 9


def arrow_type(kind: ColumnType) -> pa.DataType:
    """Give the Arrow type of a declared type.

    Text is `string`, integer `int64`, number `float64`, decimal `decimal128(38, 9)`, date `date32`, datetime `timestamp[us]` in UTC,
    geometry WKB in `binary` (the CRS stands in the field's metadata under ``crs``).
    """
    import pyarrow as pa

    return {
        "string": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "decimal": pa.decimal128(DECIMAL_PRECISION, DECIMAL_SCALE),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "datetime": pa.timestamp("us", tz="UTC"),
        "geometry": pa.binary(),
    }[kind]


def arrow_schema(columns: Iterable[Column], *, crs: str | None = None) -> pa.Schema:
    """Give the schema of a snapshot: `_row` first, then the declared columns in order, nullable."""
    import pyarrow as pa

    def field(column: Column) -> pa.Field:
        metadata = {"crs": crs} if column.type == "geometry" and crs else None
        return pa.field(column.name, arrow_type(column.type), metadata=metadata)

    return pa.schema([pa.field(ROW, pa.int64(), nullable=False), *(field(column) for column in columns)])
