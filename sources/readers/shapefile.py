"""An ESRI shapefile: `.shp` with `.dbf`, `.shx`, `.prj` and `.cpg` beside it."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from config.errors import Message, Place, SourceError
from sources.base import RawBatch, SourceColumn, TableOptions, locate, rows_within, unreadable
from sources.lines import Encoding  # noqa: TC001 - pydantic reads it when the class is made

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from config.models.schema import Column, ColumnType

NO_ENCODING = Message(
    "source.shapefile.encoding",
    nl="Bij {path} ligt geen .cpg-bestand, dus de tekenset is onbekend. Zet onder source: een regel als encoding: utf-8 (of cp1252)",
    en="There is no .cpg file beside {path}, so the encoding is unknown. Write under source: a line such as encoding: utf-8 (or cp1252)",
)
NOT_TEXT = Message(
    "source.shapefile.not-text",
    nl="{path} heeft tekst die niet in de opgegeven tekenset is (kolom {column}). Verbeter het .cpg-bestand of source.encoding.",
    en="{path} has text that is not in the stated encoding (column {column}). Correct the .cpg file or source.encoding.",
)

ROWS = 16_384
_TYPES: Mapping[str, ColumnType] = {
    "OFTInteger": "integer",
    "OFTInteger64": "integer",
    "OFTReal": "number",
    "OFTDate": "date",
    "OFTDateTime": "datetime",
}
_LDID = 29
"""Where a dBASE file names its code page, in one byte; 0 says nothing."""


_RECORD_WIDTH = 10
"""Where it says how many bytes a record has, in two."""


class Options(TableOptions):
    """Options of a shapefile; `path` is that of the `.shp`, the geometry is the column named by `geometry`.

    Attributes:
        encoding: of the text, where there is no `.cpg` or it is wrong.
    """

    kind: Literal["shapefile"]
    encoding: Encoding | None = None


class Reader:
    """One shapefile."""

    def __init__(self, options: Options, *, base: Path, secrets: Mapping[str, str]) -> None:
        self._options = options
        self._path = locate(options, base, secrets)
        self.notes: Mapping[str, int] = {}

    @cached_property
    def _info(self) -> Mapping[str, Any]:
        import pyogrio

        self._check_encoding()
        with self._careful():
            info: Mapping[str, Any] = pyogrio.read_info(self._path, encoding=self._options.encoding)
        return info

    @property
    def crs(self) -> str | None:
        """The CRS of the `.prj`, unless the declaration says otherwise."""
        return self._options.crs or self._info["crs"]

    def columns(self) -> tuple[SourceColumn, ...]:
        """Give the fields of the `.dbf` and the geometry; a field of letters is text that may hold a number or date."""
        fields = zip(self._info["fields"], self._info["ogr_types"], strict=True)
        return (*(SourceColumn(str(name), _TYPES.get(kind)) for name, kind in fields), SourceColumn(self._options.geometry, "geometry"))

    def batches(self, wanted: Sequence[Column]) -> Iterator[RawBatch]:
        """Stream the wanted fields and, when wanted, the geometry as WKB, in the order of the records."""
        import pyogrio

        names = [column.source_name for column in wanted if column.source_name != self._options.geometry]
        shapes = len(names) < len(wanted)
        first = 1
        with (
            self._careful(),
            pyogrio.open_arrow(
                self._path,
                encoding=self._options.encoding,
                columns=names,
                read_geometry=shapes,
                batch_size=rows_within(self._row_bytes(), ROWS),
                use_pyarrow=True,
            ) as (meta, reader),
        ):
            for batch in reader:
                yield RawBatch(self._renamed(batch, meta["geometry_name"] or "wkb_geometry"), first)
                first += batch.num_rows

    def _renamed(self, batch: pa.RecordBatch, geometry: str) -> pa.RecordBatch:
        """Give the geometry its name, and refuse text in another encoding."""
        import pyarrow as pa

        for name, values in zip(batch.schema.names, batch.columns, strict=True):
            try:
                values.validate(full=True)
            except pa.ArrowInvalid:
                place = Place(path="source.encoding")
                raise SourceError(NOT_TEXT.at(place, path=self._options.path, column=name)) from None
        return batch.rename_columns([self._options.geometry if name == geometry else name for name in batch.schema.names])

    def _row_bytes(self) -> float:
        """Tell what a record weighs: its fields have a fixed width (a dBASE file says it in two bytes), its shape one on average."""
        table = self._beside.get(".dbf")
        width = 0
        if table is not None:
            with table.open("rb") as file:
                width = int.from_bytes(file.read(_RECORD_WIDTH + 2)[_RECORD_WIDTH:], "little")
        return width + self._path.stat().st_size / max(int(self._info["features"]), 1)

    @cached_property
    def _beside(self) -> Mapping[str, Path]:
        """The files of the shapefile by their endings, in small letters."""
        return {file.suffix.lower(): file for file in self._path.parent.iterdir() if file.stem == self._path.stem}

    def _check_encoding(self) -> None:
        """Refuse to guess: something has to say how the text is encoded."""
        table = self._beside.get(".dbf")
        if self._options.encoding or ".cpg" in self._beside or table is None:
            return
        with table.open("rb") as file:
            head = file.read(_LDID + 1)
        if len(head) <= _LDID or head[_LDID] == 0:
            raise SourceError(NO_ENCODING.at(Place(path="source.encoding"), path=self._options.path))

    @contextmanager
    def _careful(self) -> Iterator[None]:
        """Turn GDAL's errors into ours and keep its warnings back: both may quote a cell."""
        import pyarrow as pa
        from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                yield
            except (DataLayerError, DataSourceError, FeatureError, FieldError, pa.ArrowException):
                raise unreadable(self._options) from None
