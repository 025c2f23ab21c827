"""How a big table is computed: Narwhals expressions over an embedded DuckDB with a memory limit and its own spill folder."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    import duckdb
    import narwhals as nw
    import pyarrow as pa

MEMORY_LIMIT = "1GB"
Engine: TypeAlias = "Callable[[Path], AbstractContextManager[Session]]"
"""Opens an engine that spills to a folder."""


class QueryError(Exception):
    """The engine could not compute a query; without its text, which may quote a cell."""


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

    def view(self, name: str, path: Path, columns: Mapping[str, str]) -> None:
        """Name the cells of a Parquet file for queries.

        Args:
            name: what queries call it.
            path: the file; its columns that no query asks for are not read.
            columns: name of a column → the SQL expression of its cells, over the columns of the file and `file_row_number`, which counts
                the rows of the file from 0.
        """
        listed = ", ".join(f"{expression} AS {quoted(column)}" for column, expression in columns.items()) or "1 AS nothing"
        file = str(path).replace("'", "''")
        source = f"read_parquet('{file}', file_row_number = true)"
        self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT {listed} FROM {source}")  # noqa: S608

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Give the rows of a query; `QueryError` where it cannot be computed."""
        import duckdb

        try:
            found = self._connection.execute(query)
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        except duckdb.Error:
            raise QueryError from None

    def batches(self, query: str, size: int) -> Iterator[pa.RecordBatch]:
        """Give the rows of a query as Arrow batches of at most `size`; `QueryError` where it cannot be computed."""
        import duckdb

        try:
            yield from self._connection.sql(query).to_arrow_reader(size)
        except duckdb.Error:
            raise QueryError from None

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
