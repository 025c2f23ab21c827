"""A snapshot: what was extracted, typed, restricted, on disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Reject:
    """A cell that could not be read as its declared type: where it is and which rule it broke, never its value."""

    row: int
    column: str
    rule: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Typed Parquet of one extraction.

    Attributes:
        path: the Parquet file; column `_row`, then the declared columns that were selected, in declared order.
        rows: the number of rows in it; a row with a rejected cell is not in it.
        read: the number of data records that the source held.
        rejects: the first `REJECTS_KEPT` cells that could not be read; `rejected_rows` counts all rows.
        as_of: the date that the data describe, ISO 8601 at the declared precision.
        fingerprint: SHA-256, hexadecimal, over schema and rows; independent of batches and files, in source order.
        crs: the CRS of the geometry columns as ``EPSG:n``, or None.
        notes: counts that the reader wants known, such as ``repaired_geometries``.
    """

    path: Path
    rows: int
    read: int
    rejects: tuple[Reject, ...]
    rejected_rows: int
    as_of: str
    fingerprint: str
    extracted: datetime
    crs: str | None = None
    notes: tuple[tuple[str, int], ...] = ()

    def schema(self) -> pa.Schema:
        """Read the Arrow schema from the file."""
        import pyarrow.parquet as pq

        return pq.read_schema(self.path)

    def batches(self, columns: list[str] | None = None, size: int = 65_536, *, coded: Sequence[str] = ()) -> Iterator[pa.RecordBatch]:
        """Stream the rows in source order, at most `size` a batch; the text columns in `coded` come as dictionaries, which is faster."""
        import pyarrow.parquet as pq

        with pq.ParquetFile(self.path, read_dictionary=list(coded)) as file:
            yield from file.iter_batches(batch_size=size, columns=columns)


REJECTS_KEPT = 1000
