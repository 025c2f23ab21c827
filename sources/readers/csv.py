"""Delimited text: any delimiter, encoding and decimal mark, junk lines around the data, ragged records."""

from __future__ import annotations

import csv
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from config.errors import Message, Place, SourceError
from config.models.base import WrongError
from engine.snapshot import Reject
from sources.base import PointOptions, RawBatch, SourceColumn, TableOptions, locate, unreadable
from sources.cells import RAGGED, Conventions, rule
from sources.geometries import points
from sources.lines import Encoding, Layout, Text
from sources.text_values import without

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow.csv as arrow

    from config.models.schema import Column

Character = Annotated[str, StringConstraints(pattern=r"^[\x01-\x7f]$")]

NO_HEADER = Message(
    "source.csv.no-header",
    nl="{path} heeft geen kopregel: het bestand is leeg. Lever het opnieuw, of verbeter source.skip_rows.",
    en="{path} has no header: the file is empty. Deliver it again, or correct source.skip_rows.",
)
NAMELESS = Message(
    "source.csv.nameless-column",
    nl="Kolom {number} van {path} heeft geen naam. Geef haar een naam in de kopregel, of noem alle kolommen in source.names"
    " en sla de kopregel over met source.skip_rows.",
    en="Column {number} of {path} has no name. Name it in the header, or name all columns in source.names and skip the header with"
    " source.skip_rows.",
)
DUPLICATE = Message(
    "source.csv.duplicate-column",
    nl="Kolom {first} en kolom {number} van {path} heten hetzelfde. Geef ze elk een naam in de kopregel of in source.names.",
    en="Column {first} and column {number} of {path} have the same name. Name each in the header or in source.names.",
)


class Options(TableOptions):
    """Options of a delimited text file.

    Attributes:
        delimiter: the character between cells.
        quote: the character around cells, doubled inside one; null where cells are never quoted.
        encoding: of the bytes; a byte-order mark of UTF-8 is left out.
        decimal: the decimal mark.
        thousands: the mark between groups of three digits.
        skip_rows: lines before the header.
        skip_footer: lines behind the data that are not blank.
        comment: lines that begin with this character are no records.
        names: the names of the columns, in a file without a header.
        point: two columns that make the column named by `geometry`.
    """

    kind: Literal["csv"]
    delimiter: Character = ","
    quote: Character | None = '"'
    encoding: Encoding = "utf-8"
    decimal: Literal[".", ","] = "."
    thousands: Literal[".", ",", " ", "'"] | None = None
    skip_rows: Annotated[int, Field(ge=0)] = 0
    skip_footer: Annotated[int, Field(ge=0)] = 0
    comment: Character | None = None
    names: tuple[str, ...] = ()
    point: PointOptions | None = None

    @model_validator(mode="after")
    def _apart(self) -> Self:
        """Refuse marks that cannot be told apart: ``1,5`` would be read as fifteen where the comma also stands between thousands."""
        if self.decimal == self.thousands:
            raise WrongError(
                f"`decimal` en `thousands` zijn allebei `{self.decimal}`. Kies twee verschillende tekens.",
                f"`decimal` and `thousands` are both `{self.decimal}`. Choose two different characters.",
            )
        marks = [mark for mark in (self.delimiter, self.quote, self.comment) if mark is not None]
        if len(set(marks)) < len(marks) or set(marks) & set("\r\n"):
            raise WrongError(
                "`delimiter`, `quote` en `comment` moeten verschillende tekens zijn, en geen regeleinde.",
                "`delimiter`, `quote` and `comment` must be different characters, and no line end.",
            )
        return self

    def conventions(self) -> Conventions:
        """Give how values are written in this source."""
        return Conventions(self.decimal, self.thousands, self.date_format, self.timezone)


class Reader:
    """One delimited text file."""

    def __init__(self, options: Options, *, base: Path, secrets: Mapping[str, str]) -> None:
        self._options = options
        layout = Layout(options.delimiter, options.quote, options.comment, options.skip_rows, options.skip_footer)
        self._text = Text(locate(options, base, secrets), options.path, options.encoding, layout)
        self.notes: Mapping[str, int] = {}
        self.crs = options.point.crs if options.point else options.crs

    def columns(self) -> tuple[SourceColumn, ...]:
        """Give the columns of the header, and the one that `point` makes; all of them are text."""
        names, _ = self._opened()
        made = (SourceColumn(self._options.geometry, "geometry"),) if self._options.point else ()
        return (*map(SourceColumn, names), *made)

    def batches(self, wanted: Sequence[Column]) -> Iterator[RawBatch]:
        """Stream the wanted columns as text, and the points as WKB."""
        names, blocks = self._opened()
        point = next((column for column in wanted if column.source_name == self._options.geometry and self._options.point), None)
        include = [column.source_name for column in wanted if column is not point]
        if point and self._options.point:
            include = [*include, self._options.point.x, self._options.point.y]
        first = 1
        for block in blocks:
            if block.strip(b"\r\n"):
                raw = self._parsed(block, names, list(dict.fromkeys(include or names[:1])), first)
                first += raw.read
                yield self._with_point(raw, point) if point else raw

    def _opened(self) -> tuple[tuple[str, ...], Iterator[bytes]]:
        """Give the names of the columns, and the records behind the header."""
        blocks = self._text.blocks()
        if self._options.names:
            return self._options.names, blocks
        first = next((block.lstrip(b"\r\n") for block in blocks if block.strip(b"\r\n")), b"")
        lines = first.splitlines(keepends=True)
        reader = csv.reader(
            (line.decode() for line in lines),
            delimiter=self._options.delimiter,
            quotechar=self._options.quote,
            quoting=csv.QUOTE_MINIMAL if self._options.quote else csv.QUOTE_NONE,
        )
        try:
            names = tuple(next(reader, ()))
        except csv.Error:
            raise unreadable(self._options) from None
        self._check(names)
        return names, chain([b"".join(lines[reader.line_num :])], blocks)

    def _check(self, names: tuple[str, ...]) -> None:
        """Raise SourceError where a column cannot be named."""
        place, path = Place(path="source.path"), self._options.path
        if not names:
            raise SourceError(NO_HEADER.at(place, path=path))
        for number, name in enumerate(names, 1):
            if not name.strip():
                raise SourceError(NAMELESS.at(place, number=number, path=path))
            if name in names[: number - 1]:
                raise SourceError(DUPLICATE.at(place, first=names.index(name) + 1, number=number, path=path))

    def _parsed(self, block: bytes, names: tuple[str, ...], include: list[str], first: int) -> RawBatch:
        """Parse one block; a record of another length is left out and named."""
        import pyarrow as pa
        import pyarrow.csv as arrow

        ragged: list[int] = []

        def leave_out(row: arrow.InvalidRow) -> str:
            ragged.append(first + row.number - 1)
            return "skip"

        read = arrow.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=list(names))
        parse = arrow.ParseOptions(
            delimiter=self._options.delimiter,
            quote_char=self._options.quote or False,
            newlines_in_values=True,
            invalid_row_handler=leave_out,
        )
        convert = arrow.ConvertOptions(
            check_utf8=False,  # every block was decoded
            column_types=dict.fromkeys(include, pa.string()),
            include_columns=include,
            null_values=[""],
            strings_can_be_null=True,
        )
        try:
            table = arrow.read_csv(pa.BufferReader(block), read, parse, convert)
        except pa.ArrowInvalid:
            raise unreadable(self._options) from None
        rows = pa.record_batch([column.combine_chunks() for column in table.columns], schema=table.schema)
        return RawBatch(rows, first, tuple(ragged), tuple(Reject(row, "", RAGGED) for row in ragged))

    def _with_point(self, raw: RawBatch, column: Column) -> RawBatch:
        """Add the geometry that two columns make; where one of them is no number the cell of the geometry is bad."""
        import pyarrow as pa

        point = self._options.point
        assert point is not None  # noqa: S101 - the caller has looked
        x, y = (without(raw.batch.column(name), self._options.nulls_of(name)) for name in (point.x, point.y))
        made = points(x, y, self._options.conventions())
        batch = raw.batch.append_column(pa.field(column.source_name, pa.binary()), made.values)
        bad = () if made.bad is None else raw.numbers()[made.bad]
        return replace(raw, batch=batch, rejects=(*raw.rejects, *(Reject(int(row), column.name, rule(column)) for row in bad)))
