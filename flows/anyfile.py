"""Any file as a typed table: for the verbs that work outside a municipality. Nothing of it stays."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from config.models.schema import Column
from sources.sniff import sniff

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from config.models.schema import ColumnType
    from config.models.source import SourceOptions
    from engine.snapshot import Snapshot


def column_types(options: SourceOptions, secrets: Mapping[str, str], base: Path) -> dict[str, ColumnType | None]:
    """Give the names of the columns of a source with the type that it says they have, None where it does not say."""
    from sources.extract import open_source

    return {column.name: column.type for column in open_source(options, base=base, secrets=secrets).columns()}


def typed_columns(options: SourceOptions, secrets: Mapping[str, str], base: Path) -> tuple[Column, ...]:
    """Declare every column as the source types it, text where it does not, open: nothing of this is published."""
    found = column_types(options, secrets, base)
    return tuple(Column(name=name, type=kind or "string", classification="open") for name, kind in found.items())


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
