"""CSV: RFC 4180, comma, CRLF, UTF-8 with a byte order mark (Excel then reads ë right), minimal quoting; null is an empty field.

Geometry is WKT in WGS 84. A text and null are both empty fields when the text is empty, as in every CSV.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from distributions.guard import guard, quoted, quoted_name
from distributions.render import text, without_crs, wkt
from distributions.rows import SIZE, only_safe, rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from anonymisation.safe import SafeTable
    from config.errors import Problem
    from distributions.base import WriteOptions

MUST_QUOTE = r'[",\r\n]'


class Writer:
    """Comma-separated text."""

    EXTENSION = "csv"
    FILE_TYPE = "CSV"
    MEDIA_TYPE = "text/csv"

    def limits(self, table: SafeTable) -> tuple[Problem, ...]:
        """Nothing but a geometry without a place does not fit."""
        return without_crs(only_safe(table), "csv")

    def write(self, table: SafeTable, path: Path, options: WriteOptions) -> None:
        """Write the file; RefusedError for cells that a spreadsheet would run."""
        import pyarrow as pa

        guard(only_safe(table), options)
        names = pa.RecordBatch.from_pydict({column.name: [quoted_name(column.name)] for column in table.columns})
        with path.open("wb") as file:
            file.write(b"\xef\xbb\xbf" + _lines(names))
            for batch in self.rendered(table, options):
                file.write(_lines(batch))

    def rendered(self, table: SafeTable, options: WriteOptions) -> Iterator[pa.RecordBatch]:
        """Give every cell as the text that stands in the file before quoting, null for an empty field."""
        import pyarrow as pa
        import pyarrow.compute as pc

        names = [quoted_name(column.name) for column in table.columns]
        for batch in rows(table):
            cells = [
                wkt(values, table.crs or "") if column.type == "geometry" else text(values, column.type)
                for column, values in zip(table.columns, batch.columns, strict=True)
            ]
            cells = [
                quoted(values) if options.guard == "quote" and column.type == "string" else values
                for column, values in zip(table.columns, cells, strict=True)
            ]
            filled = [pc.if_else(pc.equal(values, ""), None, values) for values in cells]
            yield pa.RecordBatch.from_arrays(filled, names=names)

    def read_back(self, path: Path) -> Iterator[pa.RecordBatch]:
        """Read the file with Python's own csv module, every cell as text."""
        import csv
        import sys

        csv.field_size_limit(sys.maxsize)  # the shape of a province does not fit in the default 128 kB
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, strict=True)
            try:
                names = next(lines, [])
                while held := list(islice(lines, SIZE)):
                    yield _columns(names, held)
            except csv.Error:
                raise ValueError("not readable as CSV") from None


def _lines(batch: pa.RecordBatch) -> bytes:
    """Give text cells as CSV lines, each ended by CRLF."""
    import pyarrow as pa
    import pyarrow.compute as pc

    def mark(sign: str) -> pa.Scalar:
        return pa.scalar(sign, pa.large_string())

    def field(values: pa.Array) -> pa.Array:
        doubled = pc.replace_substring(values, '"', '""')
        enclosed = pc.binary_join_element_wise(mark('"'), doubled, mark('"'), mark(""))
        # a line that is empty altogether would not be a record
        empty = mark('""' if batch.num_columns == 1 else "")
        return pc.fill_null(pc.if_else(pc.match_substring_regex(values, MUST_QUOTE), enclosed, values), empty)

    fields = [field(values.cast(pa.large_string())) for values in batch.columns]
    joined = pc.binary_join_element_wise(*fields, mark(","))
    return b"".join(line.encode() + b"\r\n" for line in joined.to_pylist())


def _columns(names: list[str], lines: list[list[str]]) -> pa.RecordBatch:
    """Give lines as text columns, null for an empty field; ValueError where a line is not as long as the header."""
    import pyarrow as pa

    columns = list(zip(*lines, strict=True))
    if len(columns) != len(names):
        raise ValueError("a line of another length than the header")
    return pa.RecordBatch.from_arrays([pa.array([cell or None for cell in column], pa.string()) for column in columns], names=names)
