"""Any file as a typed table: for the verbs that work outside a municipality. Nothing of it stays."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from config.models.schema import Column
from sources.sniff import sniff

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from config.models.source import SourceOptions
    from engine.snapshot import Snapshot


def column_names(options: SourceOptions, secrets: Mapping[str, str], base: Path) -> tuple[str, ...]:
    """Give the names of the columns of a source."""
    from sources.extract import open_source

    return tuple(column.name for column in open_source(options, base=base, secrets=secrets).columns())


def typed_columns(options: SourceOptions, secrets: Mapping[str, str], base: Path) -> tuple[Column, ...]:
    """Declare every column as the source types it, text where it does not, open: nothing of this is published."""
    from sources.extract import open_source

    found = open_source(options, base=base, secrets=secrets).columns()
    return tuple(Column(name=column.name, type=column.type or "string", classification="open") for column in found)


def read(
    file: Path, room: Path, secrets: Mapping[str, str], *, options: SourceOptions | None = None, columns: Sequence[Column] | None = None
) -> Snapshot:
    """Read a file into typed Parquet in `room`; without options it is sniffed, without columns the source's own types hold."""
    from sources.extract import extract

    how = options or sniff(file)
    declared = columns or typed_columns(how, secrets, file.parent)
    names = frozenset(column.name for column in declared)
    moment = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return extract(how, declared, base=file.parent, out=room / "table.parquet", now=moment, secrets=secrets, needed=names)
