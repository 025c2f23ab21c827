"""What every format shares: a writer takes a `SafeTable` and nothing else, and can read back what it wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from anonymisation.safe import SafeTable
    from config.errors import Problem
    from config.models.base import Text


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a format may say about the dataset inside the file (the explanation sheet of xlsx): nothing from `catalogue:`, no date."""

    id: str
    title: Text
    description: Text
    publisher: Text


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """Options of all writers; `guard` says what happens to a text cell that a spreadsheet would run as a formula."""

    sheet: Sheet
    guard: Literal["block", "quote"] = "block"


@dataclass(frozen=True, slots=True)
class Distribution:
    """One file of a release.

    Attributes:
        format: the name of the writer; `name` the file's name.
        file_type: the code in the EU file-type list, such as ``CSV``; `media_type` the IANA type.
        sha256: hexadecimal; `size` in bytes; `rows` as written.
    """

    name: str
    format: str
    file_type: str
    media_type: str
    size: int
    sha256: str
    rows: int


class Writer(Protocol):
    """One format; a module of `distributions.writers` defines these names.

    Attributes:
        EXTENSION, FILE_TYPE, MEDIA_TYPE: ``csv``, ``CSV``, ``text/csv``.
    """

    EXTENSION: str
    FILE_TYPE: str
    MEDIA_TYPE: str

    def limits(self, table: SafeTable) -> tuple[Problem, ...]:
        """Say what of the table does not fit the format (rows, columns, cell length, no geometry), before anything is written."""
        ...

    def write(self, table: SafeTable, path: Path, options: WriteOptions) -> None:
        """Write the file; the same table gives the same bytes; RefusedError where a cell may not be written."""
        ...

    def rendered(self, table: SafeTable, options: WriteOptions) -> Iterator[pa.RecordBatch]:
        """Give what `read_back` must give of the file: the table's cells as a reader of the format sees them, in batches of any size."""
        ...

    def read_back(self, path: Path) -> Iterator[pa.RecordBatch]:
        """Read the written file by other means than the table, each cell as a reader of the format sees it; ValueError for a broken one."""
        ...
