"""The only table that writers accept. Nothing outside this package can make one, so raw data cannot be published: it is a type error."""

from __future__ import annotations

from dataclasses import InitVar, dataclass
from typing import TYPE_CHECKING, Any, Final, Never, final

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


@final
@dataclass(frozen=True, slots=True)
class SafeTable:
    """A protected table in Parquet, in canonical order, without `_row`.

    It is made by `anonymisation.vouch` alone: it cannot be replaced, subclassed or unpickled into one that points elsewhere.

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

    def __init_subclass__(cls, **_options: Any) -> Never:
        """Refuse: a subclass could leave out `__post_init__`."""
        raise TypeError("SafeTable has no subclasses")

    def __copy__(self) -> SafeTable:
        """Give itself: it does not change."""
        return self

    def __deepcopy__(self, _memo: dict[int, Any]) -> SafeTable:
        """Give itself: it does not change."""
        return self

    def __reduce_ex__(self, _protocol: object) -> Never:
        """Refuse: what is unpickled was not made here."""
        raise TypeError("a SafeTable stays in the process that made it")

    def __setstate__(self, _state: object) -> Never:
        """Refuse: the one that `dataclass` gives would overwrite the path."""
        raise TypeError("a SafeTable does not change")

    def batches(self, size: int = 65_536) -> Iterator[pa.RecordBatch]:
        """Stream the rows in order."""
        import pyarrow.parquet as pq

        with pq.ParquetFile(self.path) as file:
            yield from file.iter_batches(batch_size=size)
