"""The explanation sheet of a workbook: what the dataset is and what each column means; nothing from `catalogue:`, no date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anonymisation.safe import SafeColumn
    from config.models.schema import ColumnType
    from distributions.base import Sheet

TYPES: dict[ColumnType, str] = {
    "string": "tekst",
    "integer": "geheel getal",
    "number": "getal",
    "decimal": "decimaal getal",
    "boolean": "ja of nee (WAAR of ONWAAR)",
    "date": "datum",
    "datetime": "datum en tijd (UTC)",
    "geometry": "geometrie",
}
LEFT_OUT = "Niet in dit bestand: {names}. Geometrie past niet in Excel; gebruik daarvoor een ander bestand van deze uitgave."
HEADINGS = ("Kolom", "Titel", "Omschrijving", "Eenheid", "Type", "Nauwkeurigheid")
WIDTHS = (28, 32, 60, 16, 26, 20)


def explanation(book: Any, name: str, columns: Sequence[SafeColumn], sheet: Sheet, *, left_out: Sequence[SafeColumn]) -> None:
    """Add the sheet to an xlsxwriter workbook; rows are written in order, as constant memory asks."""
    page = book.add_worksheet(name)
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for index, width in enumerate(WIDTHS):
        page.set_column(index, index, width)
    lines = _about(sheet)
    for number, (label, told) in enumerate(lines):
        page.write_string(number, 0, label, bold)
        page.write_string(number, 1, told, wrap)
    start = len(lines) + 1
    for index, heading in enumerate(HEADINGS):
        page.write_string(start, index, heading, bold)
    for number, column in enumerate(columns, start + 1):
        for index, told in enumerate(_of(column)):
            if told:
                page.write_string(number, index, told, wrap)
    if left_out:
        page.write_string(start + len(columns) + 2, 0, LEFT_OUT.format(names=", ".join(column.name for column in left_out)))


def _about(sheet: Sheet) -> list[tuple[str, str]]:
    """Give what the dataset is, English beside the Dutch where there is any."""
    told = [("Dataset", sheet.id), ("Titel", sheet.title.nl), ("Omschrijving", sheet.description.nl), ("Uitgever", sheet.publisher.nl)]
    english = [("Title (English)", sheet.title.en), ("Description (English)", sheet.description.en)]
    return [*told, *((label, text) for label, text in english if text)]


def _of(column: SafeColumn) -> tuple[str, ...]:
    """Give the line of one column."""
    title = column.title.nl if column.title else ""
    description = column.description.nl if column.description else ""
    return column.name, title, description, column.unit or "", TYPES[column.type], column.level or ""
