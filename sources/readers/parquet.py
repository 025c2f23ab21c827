"""Parquet, with the geometry of GeoParquet."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from config.errors import Message, Place, SourceError
from sources.base import RawBatch, SourceColumn, TableOptions, locate, rows_within, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa
    import pyarrow.parquet as pq

    from config.models.schema import Column, ColumnType

NESTED = Message(
    "source.parquet.nested",
    nl="Kolom {column} van {path} is van het type {type}, en dat kan nog niet worden gelezen. Lever haar als losse kolommen.",
    en="Column {column} of {path} is of the type {type}, which cannot be read yet. Deliver it as separate columns.",
)

ROWS = 65_536
BUFFER = 1 << 20
"""Bytes of a column that are read at a time; without it a whole row group of a column is held."""


class Options(TableOptions):
    """Options of a Parquet file; `crs` and a column of `type: geometry` read WKB in a file that is no GeoParquet."""

    kind: Literal["parquet"]


class Reader:
    """One Parquet file."""

    def __init__(self, options: Options, *, base: Path, secrets: Mapping[str, str]) -> None:
        self._options = options
        self._path = locate(options, base, secrets)
        self.notes: Mapping[str, int] = {}

    @cached_property
    def _schema(self) -> pa.Schema:
        with self._open() as file:
            return file.schema_arrow

    @cached_property
    def _geo(self) -> Mapping[str, Any]:
        """The columns of the GeoParquet metadata, by name."""
        try:
            columns: Mapping[str, Any] = json.loads((self._schema.metadata or {}).get(b"geo", b"{}")).get("columns", {})
        except ValueError:
            raise unreadable(self._options) from None
        return columns

    @property
    def crs(self) -> str | None:
        """The CRS of the first geometry column; GeoParquet without one is in longitude and latitude."""
        if self._options.crs or not self._geo:
            return self._options.crs
        stated = next(iter(self._geo.values())).get("crs", "OGC:CRS84")
        return json.dumps(stated) if isinstance(stated, dict) else stated

    def columns(self) -> tuple[SourceColumn, ...]:
        """Give the columns with the types that the file states."""
        return tuple(
            SourceColumn(field.name, "geometry" if field.name in self._geo else column_type(field.type, binary="geometry"), strict=True)
            for field in self._schema
        )

    def batches(self, wanted: Sequence[Column]) -> Iterator[RawBatch]:
        """Stream the wanted columns; the others are not read from the disk."""
        import pyarrow as pa

        names = [column.source_name for column in wanted]
        self._refuse_nested(names)
        first = 1
        try:
            with self._open() as file:
                size = rows_within(_row_bytes(file, names), ROWS)
                for batch in file.iter_batches(size, columns=names, use_threads=False):
                    yield RawBatch(batch, first)
                    first += batch.num_rows
        except (pa.ArrowException, OSError):
            raise unreadable(self._options) from None

    def _refuse_nested(self, names: Sequence[str]) -> None:
        for name in names:
            kind = self._schema.field(name).type
            if column_type(kind, binary="geometry") is None:
                place = Place(path="source.path")
                raise SourceError(NESTED.at(place, column=name, path=self._options.path, type=str(kind).partition("<")[0]))

    def _open(self) -> pq.ParquetFile:
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return pq.ParquetFile(self._path, pre_buffer=False, buffer_size=BUFFER)
        except (pa.ArrowException, OSError):
            raise unreadable(self._options) from None


def _row_bytes(file: pq.ParquetFile, names: Sequence[str]) -> float:
    """Estimate what a row of these columns weighs: the most of any row group, before compression."""
    heaviest = 0.0
    for index in range(file.metadata.num_row_groups):
        group = file.metadata.row_group(index)
        chunks = (group.column(column) for column in range(group.num_columns))
        weight = sum(chunk.total_uncompressed_size for chunk in chunks if chunk.path_in_schema in names)
        heaviest = max(heaviest, weight / max(group.num_rows, 1))
    return heaviest


def column_type(kind: pa.DataType, *, binary: ColumnType | None = None) -> ColumnType | None:
    """Give the declared type that an Arrow type stands for; `binary` of bytes, None of lists, structures and the like."""
    import pyarrow.types as kinds

    if kinds.is_dictionary(kind):
        return column_type(kind.value_type, binary=binary)
    tests: tuple[tuple[Any, ColumnType | None], ...] = (
        (kinds.is_integer, "integer"),
        (kinds.is_floating, "number"),
        (kinds.is_decimal, "decimal"),
        (kinds.is_boolean, "boolean"),
        (kinds.is_date, "date"),
        (kinds.is_timestamp, "datetime"),
        (kinds.is_binary, binary),
        (kinds.is_large_binary, binary),
        (kinds.is_string, "string"),
        (kinds.is_large_string, "string"),
        (kinds.is_string_view, "string"),
    )
    return next((name for test, name in tests if test(kind)), None)
