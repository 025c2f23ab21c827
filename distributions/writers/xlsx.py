"""Excel: a sheet *Gegevens* with typed cells and a sheet *Toelichting* that explains them; written row by row.

What Excel cannot hold exactly is written as text: whole numbers beyond 2**53, decimals of more than fifteen digits, dates before March
1900 (Excel counts a day that never was) and parts of a second below a millisecond. Geometry is left out, and the explanation says so.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from config.errors import Message
from distributions.guard import guard, quoted, quoted_name
from distributions.render import geometries, plain_decimal
from distributions.rows import SIZE, only_safe, rows
from distributions.writers._explanation import explanation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pyarrow as pa

    from anonymisation.safe import SafeColumn, SafeTable
    from config.errors import Problem
    from distributions.base import WriteOptions

    Cell = str | float | bool | date | datetime | None

MAX_ROWS, MAX_COLUMNS, MAX_TEXT = 1_048_575, 16_384, 32_767
EXACT = 2**53
DIGITS = 15
FIRST_DAY = date(1900, 3, 1)
DATA, ABOUT = "Gegevens", "Toelichting"
_NO_GUESSES = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")
CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed property, so that the same table gives the same bytes

TOO_MANY_ROWS = Message(
    "distribution.xlsx-rows",
    nl="{count} rijen passen niet in Excel (hooguit {most}); laat xlsx weg uit publication.distributions",
    en="{count} rows do not fit in Excel ({most} at most); leave xlsx out of publication.distributions",
)
TOO_MANY_COLUMNS = Message(
    "distribution.xlsx-columns",
    nl="{count} kolommen passen niet in Excel (hooguit {most}); laat xlsx weg uit publication.distributions",
    en="{count} columns do not fit in Excel ({most} at most); leave xlsx out of publication.distributions",
)
TOO_LONG = Message(
    "distribution.xlsx-text",
    nl="kolom {column}: {count} teksten zijn langer dan Excel toelaat ({most} tekens); laat xlsx weg uit publication.distributions",
    en="column {column}: {count} texts are longer than Excel allows ({most} characters); leave xlsx out of publication.distributions",
)
NO_CHARACTER = Message(
    "distribution.xlsx-character",
    nl="kolom {column}: {count} teksten bevatten een teken dat niet in Excel kan (U+FFFE of U+FFFF); haal het weg in de bron",
    en="column {column}: {count} texts hold a character that cannot be in Excel (U+FFFE or U+FFFF); take it away in the source",
)


class Writer:
    """A workbook."""

    EXTENSION = "xlsx"
    FILE_TYPE = "XLSX"
    MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def limits(self, table: SafeTable) -> tuple[Problem, ...]:
        """Say whether rows, columns and texts fit; the texts are read for it."""
        columns = _columns(only_safe(table))
        problems = []
        if table.rows > MAX_ROWS:
            problems.append(TOO_MANY_ROWS.at(None, count=table.rows, most=MAX_ROWS))
        if len(columns) > MAX_COLUMNS:
            problems.append(TOO_MANY_COLUMNS.at(None, count=len(columns), most=MAX_COLUMNS))
        return (*problems, *_unfit_texts(table))

    def write(self, table: SafeTable, path: Path, options: WriteOptions) -> None:
        """Write the workbook; RefusedError for cells that a spreadsheet would run."""
        import xlsxwriter

        guard(only_safe(table), options)
        book = xlsxwriter.Workbook(
            str(path),
            {"constant_memory": True, "tmpdir": str(path.parent), **dict.fromkeys(_NO_GUESSES, False)},
        )
        book.set_properties({"created": CREATED})
        self._write_data(book, table, options)
        explanation(book, ABOUT, _columns(table), options.sheet, left_out=geometries(table))
        book.close()

    def _write_data(self, book: Any, table: SafeTable, options: WriteOptions) -> None:
        columns = _columns(table)
        sheet = book.add_worksheet(DATA)
        sheet.freeze_panes(1, 0)
        head = book.add_format({"bold": True})
        for index, column in enumerate(columns):
            sheet.set_column(index, index, min(max(len(column.name) + 2, 12), 60))
        for index, column in enumerate(columns):
            sheet.write_string(0, index, quoted_name(column.name), head)
        put = _writers(book, sheet)
        number = 1
        for batch in rows(table, columns):
            for row in zip(*(_cells(values, column, options) for column, values in zip(columns, batch.columns, strict=True)), strict=True):
                for index, cell in enumerate(row):
                    if cell is not None:
                        put[type(cell)](number, index, cell)
                number += 1

    def rendered(self, table: SafeTable, options: WriteOptions) -> Iterator[pa.RecordBatch]:
        """Give every cell as text as Excel holds it: numbers to sixteen digits, midnight as a date; empty rows at the end drop off."""
        columns = _columns(only_safe(table))
        names = [quoted_name(column.name) for column in columns]

        def lines() -> Iterator[list[str | None]]:
            for batch in rows(table, columns):
                cells = [_cells(values, column, options) for column, values in zip(columns, batch.columns, strict=True)]
                for row in zip(*cells, strict=True):
                    yield [_shown(cell) for cell in row]

        return _batches(names, _without_empty_end(lines()))

    def read_back(self, path: Path) -> Iterator[pa.RecordBatch]:
        """Read the data sheet with calamine, every cell as text, null for an empty one."""
        with _readable(path) as book:
            found = book.get_sheet_by_name(DATA).iter_rows()
            names = [str(name) for name in next(found, ())]
            yield from _batches(names, _without_empty_end([None if cell == "" else _shown(cell) for cell in row] for row in found))


@contextmanager
def _readable(path: Path) -> Iterator[Any]:
    """Open a workbook; whatever calamine says of a broken one becomes a ValueError without its text."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            yield book
    except CalamineError:
        raise ValueError("not a readable workbook") from None


def _columns(table: SafeTable) -> list[SafeColumn]:
    """Give the columns that the data sheet has: all but geometry."""
    return [column for column in table.columns if column.type != "geometry"]


def _cells(values: pa.Array, column: SafeColumn, options: WriteOptions) -> list[Any]:
    """Give values as the cells that are written: text, number, boolean, date or instant; None is left blank."""
    kind = column.type
    if kind == "string":
        return [cell or None for cell in (quoted(values) if options.guard == "quote" else values).to_pylist()]
    if kind in {"number", "boolean"}:
        return list(values.to_pylist())
    exact: Callable[[Any], Cell] = {"integer": _integer, "decimal": _decimal, "date": _date, "datetime": _instant}[kind]
    return [None if cell is None else exact(cell) for cell in values.to_pylist()]


def _integer(value: int) -> Cell:
    return float(value) if abs(value) <= EXACT else str(value)


def _decimal(value: Any) -> Cell:
    written = plain_decimal(value)
    return float(value) if len(written.strip("-0.").replace(".", "")) <= DIGITS else written


def _date(value: date) -> Cell:
    return value if value >= FIRST_DAY else value.isoformat()


def _instant(value: datetime) -> Cell:
    moment = value.astimezone(UTC).replace(tzinfo=None)
    return moment if moment.date() >= FIRST_DAY and not moment.microsecond % 1000 else f"{moment.isoformat()}Z"


def _writers(book: Any, sheet: Any) -> dict[type[Any], Callable[[int, int, Any], object]]:
    """Give for each type of cell what writes it."""
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    fraction = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss.000"})
    return {
        str: sheet.write_string,
        float: sheet.write_number,
        bool: sheet.write_boolean,
        datetime: lambda row, column, cell: sheet.write_datetime(row, column, cell, fraction if cell.microsecond else moment),
        date: lambda row, column, cell: sheet.write_datetime(row, column, cell, day),
    }


def _shown(cell: Any) -> str | None:
    """Give a cell as text, the same for a cell to write and a cell that was read."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else f"{cell.isoformat()}Z"
    if isinstance(cell, date):
        return cell.isoformat()
    held = float(f"{cell:.16G}")  # the sixteen digits that xlsxwriter writes
    return str(int(held)) if held.is_integer() and abs(held) <= EXACT else repr(held)


def _without_empty_end(lines: Iterator[list[str | None]]) -> Iterator[list[str | None]]:
    """Leave out the empty rows at the end, which a sheet does not have."""
    empty = 0
    for line in lines:
        if not any(cell is not None for cell in line):
            empty += 1
            continue
        for _ in range(empty):
            yield [None] * len(line)
        empty = 0
        yield line


def _batches(names: list[str], lines: Iterator[list[str | None]]) -> Iterator[pa.RecordBatch]:
    """Give lines of text as batches; one empty batch at least, for the names."""
    import pyarrow as pa

    def batch(held: list[list[str | None]]) -> pa.RecordBatch:
        columns = list(zip(*held, strict=True)) if held else [()] * len(names)
        return pa.RecordBatch.from_arrays([pa.array(column, pa.string()) for column in columns], names=names)

    held: list[list[str | None]] = []
    for line in lines:
        held.append(line)
        if len(held) == SIZE:
            yield batch(held)
            held = []
    yield batch(held)


def _unfit_texts(table: SafeTable) -> tuple[Problem, ...]:
    """Count the texts that are too long, in the UTF-16 units that Excel counts, or hold what XML cannot."""
    import pyarrow.compute as pc

    texts = [column for column in table.columns if column.type == "string"]
    if not texts:
        return ()
    long, odd = dict.fromkeys((column.name for column in texts), 0), dict.fromkeys((column.name for column in texts), 0)
    for batch in rows(table, texts):
        for column, values in zip(texts, batch.columns, strict=True):
            may = values.filter(pc.greater(pc.utf8_length(values), MAX_TEXT // 2))
            long[column.name] += sum(len(cell.encode("utf-16-le")) // 2 > MAX_TEXT for cell in may.to_pylist())
            odd[column.name] += pc.sum(pc.match_substring_regex(values, r"[\x{FFFE}\x{FFFF}]")).as_py() or 0
    return (
        *(TOO_LONG.at(None, column=name, count=count, most=MAX_TEXT) for name, count in long.items() if count),
        *(NO_CHARACTER.at(None, column=name, count=count) for name, count in odd.items() if count),
    )
