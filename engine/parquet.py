"""Writing one Parquet file out of a stream of batches, in bounded memory, whole or not at all."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from engine.files import fsync_file, fsync_folder
from engine.types import ROW

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa
    import pyarrow.parquet as pq

ROW_GROUP_ROWS = 122_880
ROW_GROUP_BYTES = 64 << 20


class Sink:
    """Batches on their way into a Parquet file; a row group is at most `ROW_GROUP_ROWS` rows, and fewer where rows are big."""

    def __init__(self, writer: pq.ParquetWriter) -> None:
        self._writer = writer
        self._held: list[pa.RecordBatch] = []
        self._rows = self._bytes = 0

    def write(self, batch: pa.RecordBatch) -> None:
        """Add rows."""
        if not batch.num_rows:
            return
        self._held.append(batch)
        self._rows += batch.num_rows
        self._bytes += batch.nbytes
        if self._rows >= ROW_GROUP_ROWS or self._bytes >= ROW_GROUP_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write the rows that are held."""
        import pyarrow as pa

        if self._held:
            self._writer.write_table(pa.Table.from_batches(self._held), row_group_size=ROW_GROUP_ROWS)
            self._held, self._rows, self._bytes = [], 0, 0


@contextmanager
def sink(path: Path, schema: pa.Schema) -> Iterator[Sink]:
    """Open a Parquet file (zstd, closed to others) that appears at `path`, fsynced, when the block ends without an exception."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    texts = [field.name for field in schema if pa.types.is_string(field.type)]
    counted = {ROW: "DELTA_BINARY_PACKED"} if ROW in schema.names else None
    try:
        with pq.ParquetWriter(partial, schema, compression="zstd", use_dictionary=texts, column_encoding=counted) as writer:
            into = Sink(writer)
            yield into
            into.flush()
        fsync_file(partial)
        partial.replace(path)
        fsync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)
