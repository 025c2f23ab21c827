"""Writing the files of a release, and believing none of them before it was read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from config.errors import ConfigurationError, IntegrityError, Message, RefusedError
from config.registry import FORMATS
from config.suggest import hints
from distributions.base import Distribution
from distributions.rows import difference, only_safe
from engine.files import fsync_file, fsync_folder
from engine.hashing import sha256

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anonymisation.safe import SafeTable
    from config.errors import Problem
    from distributions.base import WriteOptions, Writer

UNKNOWN_FORMAT = Message(
    "distribution.unknown-format",
    nl="onbekend formaat {format} in publication.distributions.{hint}",
    en="unknown format {format} in publication.distributions.{hint_en}",
)
NOT_AS_WRITTEN = Message(
    "distribution.not-as-written",
    nl="{name} werd anders teruggelezen dan geschreven (kolom {column}); er komt geen uitgave. Kijk de schijf na en meld dit.",
    en="{name} was read back other than written (column {column}); there is no release. See to the disk and report this.",
)


def writer(format_: str) -> Writer:
    """Give the writer of a format, built in or of a third party.

    Raises:
        ConfigurationError: there is none of that name.
    """
    if format_ not in FORMATS.modules:
        nl, en = hints(format_, FORMATS.modules)
        raise ConfigurationError(UNKNOWN_FORMAT.at(None, format=format_, hint=nl, hint_en=en))
    return cast("Writer", FORMATS.load(format_).Writer())


def limits(table: SafeTable, formats: Sequence[str]) -> tuple[Problem, ...]:
    """Say what of a table does not fit the formats, before anything is written; each problem once."""
    return tuple(dict.fromkeys(problem for name in formats for problem in writer(name).limits(only_safe(table))))


def write_all(table: SafeTable, formats: Sequence[str], folder: Path, id: str, options: WriteOptions) -> tuple[Distribution, ...]:  # noqa: A002 - the dataset's id
    """Write ``<id>.<extension>`` for every format into a folder, bring it to the disk, and read it back.

    Returns:
        One distribution a format, in the order asked.

    Raises:
        RefusedError: something does not fit a format, or a cell may not be written; the file at hand is not left.
        IntegrityError: what was read back is not what the table holds.
    """
    if problems := limits(table, formats):
        raise RefusedError(*problems)
    written = tuple(_write(table, name, folder, id, options) for name in formats)
    fsync_folder(folder)
    return written


def verify(table: SafeTable, writer_: Writer, path: Path, options: WriteOptions) -> None:
    """Compare a written file, read by its writer's independent means, with the table, row by row and cell by cell.

    Raises:
        IntegrityError: rows, columns or a cell differ, or the file cannot be read; the column is named, never a cell.
    """
    try:
        column = difference(writer_.rendered(table, options), writer_.read_back(path))
    except (OSError, ValueError):  # a library's text could quote a cell: it is neither kept nor chained
        column = "*"
    if column is not None:
        raise IntegrityError(NOT_AS_WRITTEN.at(None, name=path.name, column=column)) from None


def _write(table: SafeTable, format_: str, folder: Path, id_: str, options: WriteOptions) -> Distribution:
    """Write one file and verify it; a file that was refused is not left."""
    chosen = writer(format_)
    path = folder / f"{id_}.{chosen.EXTENSION}"
    whole = False
    try:
        chosen.write(table, path, options)
        fsync_file(path)
        verify(table, chosen, path, options)
        whole = True
    finally:
        if not whole:
            path.unlink(missing_ok=True)
    return Distribution(path.name, format_, chosen.FILE_TYPE, chosen.MEDIA_TYPE, path.stat().st_size, sha256(path), table.rows)
