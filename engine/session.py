"""How a big table is computed: Narwhals expressions over an embedded DuckDB with a memory limit and its own spill folder."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    import duckdb
    import narwhals as nw
    import pyarrow as pa

MEMORY_LIMIT = "1GB"
Engine: TypeAlias = "Callable[[Path], AbstractContextManager[Session]]"
"""Opens an engine that spills to a folder."""


class Session:
    """One private DuckDB; lazy frames made from it live as long as it does."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def parquet(self, *paths: Path) -> nw.LazyFrame[Any]:
        """Open Parquet files as one lazy frame; row order is that of the files."""
        import narwhals as nw

        return nw.from_native(self._connection.read_parquet([str(path) for path in paths]))

    def arrow(self, table: pa.Table) -> nw.LazyFrame[Any]:
        """Open an Arrow table as a lazy frame."""
        import narwhals as nw

        return nw.from_native(self._connection.from_arrow(table))

    def sort(self, batches: pa.RecordBatchReader, order: Sequence[str], size: int) -> Iterator[pa.RecordBatch]:
        """Give the rows of a stream sorted by `order`, missing values last, at most `size` a batch; what outgrows memory is spilled."""
        relation = self._connection.from_arrow(batches)
        yield from relation.order(_ascending(order)).to_arrow_reader(size)

    def write(self, frame: nw.LazyFrame[Any], path: Path, *, order: Sequence[str] = ()) -> None:
        """Compute a frame into one Parquet file (zstd), sorted by `order`; the caller fsyncs."""
        relation: duckdb.DuckDBPyRelation = frame.to_native()
        if order:
            relation = relation.order(_ascending(order))
        relation.write_parquet(str(path), compression="zstd", row_group_size=122_880)


def _ascending(names: Sequence[str]) -> str:
    return ", ".join(f"{quoted(name)} ASC NULLS LAST" for name in names)


def quoted(name: str) -> str:
    """Give a column name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def session(spill: Path, *, memory: str = MEMORY_LIMIT, threads: int = 2) -> Iterator[Session]:
    """Open an embedded engine that spills to `spill`; it loads no extension and reaches no network."""
    import duckdb

    spill.mkdir(parents=True, exist_ok=True, mode=0o700)
    connection = duckdb.connect(
        config={
            "memory_limit": memory,
            "threads": threads,
            "temp_directory": str(spill),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": True,
        }
    )
    try:
        connection.execute("set TimeZone = 'UTC'")  # days and hours of a moment must not depend on where the machine stands
        yield Session(connection)
    finally:
        connection.close()
