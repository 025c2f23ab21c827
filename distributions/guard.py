"""Text that a spreadsheet would run as a formula: refused, or made harmless with an apostrophe in front.

`=`, `+`, `@`, TAB and CR at the start of a text make a program such as Excel compute, follow or send (OWASP, *CSV injection*). A text that
starts with `-` is left alone: far more often than an attack it is a dash, a range or a temperature. Numbers are never touched.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from config.errors import Message, RefusedError
from distributions.rows import rows

if TYPE_CHECKING:
    import pyarrow as pa

    from anonymisation.safe import SafeTable
    from distributions.base import WriteOptions

STARTS = r"^[=+@\t\r]"
FORMULA_CELL = Message(
    "distribution.formula",
    nl="kolom {column}: {count} cellen beginnen met een teken waarmee een rekenblad een formule start (de eerste in rij {row}). "
    "Haal dat teken weg in de bron, of zet publication.formula_guard op quote.",
    en="column {column}: {count} cells start with a sign that makes a spreadsheet run a formula (the first in row {row}). "
    "Take that sign away in the source, or set publication.formula_guard to quote.",
)
FORMULA_NAME = Message(
    "distribution.formula-name",
    nl="de naam van kolom {number} begint met een teken waarmee een rekenblad een formule start; geef haar een andere naam in schema",
    en="the name of column number {number} starts with a sign that makes a spreadsheet run a formula; give it another name in schema",
)


def guard(table: SafeTable, options: WriteOptions) -> None:
    """Look through all names and text cells before anything is written; with `quote` there is nothing to refuse.

    Raises:
        RefusedError: names every column, how many cells and the first row (1-based, in the release); never a cell.
    """
    import pyarrow.compute as pc

    if options.guard == "quote":
        return
    problems = [FORMULA_NAME.at(None, number=number) for number, column in enumerate(table.columns, 1) if _starts(column.name)]
    texts = [column for column in table.columns if column.type == "string"]
    counts: dict[str, int] = defaultdict(int)
    first: dict[str, int] = {}
    seen = 0
    for batch in rows(table, texts) if texts else ():
        for column, values in zip(texts, batch.columns, strict=True):
            found = pc.fill_null(pc.match_substring_regex(values, STARTS), False)  # noqa: FBT003 - the value that nulls get
            if count := pc.sum(found).as_py():
                counts[column.name] += count
                first.setdefault(column.name, seen + pc.index(found, True).as_py() + 1)
        seen += batch.num_rows
    problems += [FORMULA_CELL.at(None, column=name, count=counts[name], row=first[name]) for name in counts]
    if problems:
        raise RefusedError(*problems)


def quoted(values: pa.Array) -> pa.Array:
    """Put an apostrophe before every text that would run; `guard` has refused them where that was asked."""
    import pyarrow.compute as pc

    return pc.replace_substring_regex(values, f"({STARTS})", r"'\1")


def quoted_name(name: str) -> str:
    """Put an apostrophe before a column name that would run."""
    return f"'{name}" if _starts(name) else name


def _starts(name: str) -> bool:
    return name.startswith(("=", "+", "@", "\t", "\r"))
