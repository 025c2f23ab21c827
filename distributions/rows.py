"""The rows of a protected table as every writer takes them, and the comparison of what was written with them.

`rows` is the only way to the cells: it refuses anything that is not a `SafeTable`, gives batches of one size whatever the row groups of the
file are (so that the bytes of a distribution do not depend on them), and gives one Arrow type a column type.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from anonymisation.safe import SafeTable
from config.errors import Message, RefusedError
from engine.types import arrow_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

    from anonymisation.safe import SafeColumn
    from config.models.schema import ColumnType

WRONG_TYPE = Message(
    "distribution.wrong-type",
    nl="kolom {column} van de beschermde tabel heeft niet het type {type} dat zij hoort te hebben; meld dit als fout van het programma",
    en="column {column} of the protected table does not have the type {type} it should have; report this as an error of the program",
)
NOT_FINITE = Message(
    "distribution.not-finite",
    nl="kolom {column} heeft {count} cellen die geen getal zijn (oneindig of NaN); maak ze leeg in de bron",
    en="column {column} has {count} cells that are no number (infinite or NaN); leave them empty in the source",
)
WRONG_ROWS = Message(
    "distribution.wrong-rows",
    nl="de beschermde tabel heeft {found} rijen en hoort er {rows} te hebben; meld dit als fout van het programma",
    en="the protected table has {found} rows and should have {rows}; report this as an error of the program",
)
SIZE = 65_536
"""Rows in a batch."""


def only_safe(table: SafeTable) -> SafeTable:
    """Refuse anything but a protected table; the type checker does so too.

    Raises:
        TypeError: it is something else.
    """
    if not isinstance(table, SafeTable):
        raise TypeError("a writer takes a SafeTable and nothing else")
    return table


def rows(table: SafeTable, columns: Iterable[SafeColumn] | None = None, size: int = SIZE) -> Iterator[pa.RecordBatch]:
    """Stream the rows in batches of exactly `size` (the last one shorter), each column in the Arrow type of its column type.

    Args:
        table: the protected table.
        columns: the columns to give, in order; all of them without it.
        size: rows in a batch.

    Raises:
        TypeError: not a protected table.
        RefusedError: a column is not of its type, or holds NaN or an infinity, which no format writes alike; the table has not the rows
            that it says.
    """
    wanted = tuple(only_safe(table).columns if columns is None else columns)
    found = 0
    for batch in rechunk(table.batches(), size):
        found += batch.num_rows
        yield _typed(batch, wanted)
    if found != table.rows:
        raise RefusedError(WRONG_ROWS.at(None, found=found, rows=table.rows))


def schema(columns: Iterable[SafeColumn], found: pa.Schema) -> pa.Schema:
    """Give the schema that `rows` gives for a table whose file has the schema `found`; a decimal keeps its own scale."""
    import pyarrow as pa

    return pa.schema([pa.field(column.name, _arrow(column.type, found.field(column.name).type)) for column in columns])


def rechunk(batches: Iterable[pa.RecordBatch], size: int) -> Iterator[pa.RecordBatch]:
    """Cut a stream of batches into batches of exactly `size` rows; the last one may be shorter, an empty stream stays empty."""
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    count = 0
    for batch in batches:
        held.append(batch)
        count += batch.num_rows
        if count >= size:
            whole = pa.concat_batches(held)
            for start in range(0, count - size + 1, size):
                yield whole.slice(start, size)
            held, count = [whole.slice(count - count % size)], count % size
    if count:
        yield pa.concat_batches(held)


def difference(expected: Iterable[pa.RecordBatch], found: Iterable[pa.RecordBatch]) -> str | None:
    """Compare two streams of rows cell by cell.

    Returns:
        None when they are equal; else the column of the first difference, or ``*`` where rows or columns differ in number or name.
    """
    for left, right in zip_longest(rechunk(expected, SIZE), rechunk(found, SIZE)):
        if left is None or right is None or left.schema.names != right.schema.names or left.num_rows != right.num_rows:
            return "*"
        for name, ours, theirs in zip(left.schema.names, left.columns, right.columns, strict=True):
            if not ours.equals(theirs):
                return str(name)
    return None


def _arrow(kind: ColumnType, found: pa.DataType) -> pa.DataType:
    """Give the Arrow type of a column type; decimals keep the precision and scale of the file."""
    from pyarrow import types

    return found if kind == "decimal" and types.is_decimal(found) else arrow_type(kind)


def _typed(batch: pa.RecordBatch, columns: tuple[SafeColumn, ...]) -> pa.RecordBatch:
    import pyarrow as pa

    arrays = [_cast(batch.column(column.name), column) for column in columns]
    return pa.RecordBatch.from_arrays(arrays, names=[column.name for column in columns])


def _cast(values: pa.Array, column: SafeColumn) -> pa.Array:
    """Give values in the type of their column; the text of a failed cast could quote a cell and is dropped."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        cast: Any = values.cast(_arrow(column.type, values.type))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise RefusedError(WRONG_TYPE.at(None, column=column.name, type=column.type)) from None
    if column.type == "number":
        odd = pc.sum(pc.invert(pc.is_finite(cast))).as_py() or 0
        if odd:
            raise RefusedError(NOT_FINITE.at(None, column=column.name, count=odd))
        cast = pc.add(cast, 0.0)  # -0.0 becomes 0.0
    return cast
