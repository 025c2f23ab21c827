"""What every reader shares: options, the columns of a source, raw batches with row numbers, and the protocol."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from config.errors import ConfigurationError, Message, Place, SourceError, UnreachableError
from config.models.base import Model
from config.models.source import FileOptions
from sources.cells import AMSTERDAM, Conventions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import pyarrow as pa

    from config.models.schema import Column, ColumnType
    from config.models.source import SourceOptions
    from engine.snapshot import Reject

NOT_FOUND = Message(
    "source.not-found",
    nl="Het bestand {path} bestaat niet of mag niet worden gelezen. Zet het neer of verbeter source.path.",
    en="The file {path} does not exist or may not be read. Put it there or correct source.path.",
)
UNSET = Message(
    "source.unset",
    nl="De variabele {name} is niet gezet. Zet haar in de omgeving of in secrets/{name}.",
    en="The variable {name} is not set. Set it in the environment or in secrets/{name}.",
)
UNREADABLE = Message(
    "source.unreadable",
    nl="Het bestand {path} is niet te lezen als {kind}: het is beschadigd of van een ander soort. Lever het opnieuw of verbeter `kind`.",
    en="The file {path} cannot be read as {kind}: it is damaged or of another kind. Deliver it again or correct source.kind.",
)


BATCH_BYTES = 4 << 20
"""What the cells of one batch may weigh, about: rows can be wide, so a number of rows alone bounds no memory."""


def rows_within(row_bytes: float, most: int) -> int:
    """Give how many rows of this weight make a batch; at least one, and not more than `most`."""
    return max(1, min(most, int(BATCH_BYTES / max(row_bytes, 1))))


class TableOptions(FileOptions):
    """Options of every source that is a file.

    Attributes:
        null_values: how *no value* is written, beside an empty cell: a list for all columns, or lists by column name. Compared with
            the text of a cell, in a typed source with its value (``"0"`` is the number 0).
        timezone: where the clock stood for a date-time without an offset.
        date_format: how dates are written (strptime codes) in columns without a `format` of their own; without it ISO 8601.
        geometry: the name of the geometry column of a source that has it without a name, or that is made by `point`.
        crs: the CRS of the geometry, where the source does not say so itself.
    """

    null_values: tuple[str, ...] | dict[str, tuple[str, ...]] = ()
    timezone: str = AMSTERDAM
    date_format: str | None = None
    geometry: str = "geometry"
    crs: str | None = None

    def nulls_of(self, column: str) -> tuple[str, ...]:
        """Give how *no value* is written in one column of the source."""
        return self.null_values.get(column, ()) if isinstance(self.null_values, dict) else self.null_values

    def conventions(self) -> Conventions:
        """Give how values are written in this source."""
        return Conventions(date_format=self.date_format, timezone=self.timezone)


class PointOptions(Model):
    """Points out of two number columns.

    Attributes:
        x: the column of the easting or longitude.
        y: the column of the northing or latitude.
        crs: such as ``EPSG:28992``.
    """

    x: str
    y: str
    crs: str


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column as the source has it.

    Attributes:
        type: what the source says its type is; None where it holds text, or says nothing.
        strict: whether text in it really is text (Parquet), and not a number or date written as text.
    """

    name: str
    type: ColumnType | None = None
    strict: bool = False


@dataclass(frozen=True, slots=True)
class RawBatch:
    """Rows as they came, before conversion.

    Attributes:
        batch: the wanted columns under their names in the source; the rows that `rejects` names whole (`ragged`) are not in it.
        first: the 1-based number of the first data record that belongs to this batch, present or not.
        skipped: numbers of the records of this batch that are not in `batch`, ascending.
        rejects: why they are not, and cells that the reader itself found bad.
    """

    batch: pa.RecordBatch
    first: int
    skipped: tuple[int, ...] = ()
    rejects: tuple[Reject, ...] = ()

    @property
    def read(self) -> int:
        """How many records of the source this batch stands for."""
        return int(self.batch.num_rows) + len(self.skipped)

    def numbers(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Give the record number of each row."""
        import numpy as np

        every = np.arange(self.first, self.first + self.read, dtype=np.int64)
        return np.delete(every, np.asarray(self.skipped, dtype=np.int64) - self.first) if self.skipped else every


class Reader(Protocol):
    """One source, opened for one extraction."""

    def __init__(self, options: SourceOptions, *, base: Path, secrets: Mapping[str, str]) -> None:
        """Hold what is needed; nothing is opened yet."""
        ...

    def columns(self) -> tuple[SourceColumn, ...]:
        """Give the columns that the source has now; SourceError where it cannot be read."""
        ...

    def batches(self, wanted: Sequence[Column]) -> Iterator[RawBatch]:
        """Stream the rows in source order, with the wanted columns only, in bounded memory."""
        ...

    @property
    def crs(self) -> str | None:
        """The CRS of the geometry as ``EPSG:n``, once `columns` was asked for; None where there is none."""
        ...

    @property
    def notes(self) -> Mapping[str, int]:
        """Counts that the reader wants known, once `batches` is exhausted."""
        ...


def locate(options: FileOptions, base: Path, secrets: Mapping[str, str]) -> Path:
    """Give the file of a source: `path` with its ``${NAME}`` filled in, relative to `base`.

    Raises:
        ConfigurationError: a ``${NAME}`` is not set.
        UnreachableError: there is no such file.
    """

    def fill(match: re.Match[str]) -> str:
        if match[1] not in secrets:
            raise ConfigurationError(UNSET.at(Place(path="source.path"), name=match[1]))
        return secrets[match[1]]

    path = base / re.sub(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", fill, options.path)
    if not path.is_file():
        raise UnreachableError(NOT_FOUND.at(Place(path="source.path"), path=options.path))
    return path


def unreadable(options: FileOptions) -> SourceError:
    """Give the error of a file that its library cannot read; the library's own text may quote a cell and is left out."""
    return SourceError(UNREADABLE.at(Place(path="source.path"), path=options.path, kind=options.kind))
