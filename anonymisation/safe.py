"""The only table that writers accept. Nothing outside this package can make one, so raw data cannot be published: it is a type error."""

from __future__ import annotations

from dataclasses import InitVar, dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from config.models.base import Text
    from config.models.schema import ColumnType

_MADE_HERE: Final = object()


@dataclass(frozen=True, slots=True)
class SafeColumn:
    """One column of a release.

    Attributes:
        measured: whether the column is a figure that protection computed (a count, a sum), not one of the source.
        level: the name of the hierarchy level its values are at, None where they are as in the source.
    """

    name: str
    type: ColumnType
    title: Text | None = None
    description: Text | None = None
    unit: str | None = None
    codelist: str | None = None
    open: bool = False
    measured: bool = False
    level: str | None = None


@dataclass(frozen=True, slots=True)
class SafeTable:
    """A protected table in Parquet, in canonical order, without `_row`.

    Attributes:
        path: the Parquet file, inside the run's own work folder.
        columns: its columns, in order.
        rows: how many rows it has.
        crs: the CRS of geometry columns, or None.
    """

    path: Path
    columns: tuple[SafeColumn, ...]
    rows: int
    crs: str | None = None
    token: InitVar[object] = None
    """Not kept: `dataclasses.replace` would carry a kept one over to another path."""

    def __post_init__(self, token: object) -> None:
        """Refuse a table that was not made by `anonymisation`."""
        if token is not _MADE_HERE:
            raise TypeError("only anonymisation makes a SafeTable")

    def batches(self, size: int = 65_536) -> Iterator[pa.RecordBatch]:
        """Stream the rows in order."""
        import pyarrow.parquet as pq

        with pq.ParquetFile(self.path) as file:
            yield from file.iter_batches(batch_size=size)
