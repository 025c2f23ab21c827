"""The population table: a CSV file with a header that says how many persons have which quasi-identifiers.

Its values stand as they do in the source and are made coarser by the same ladders. No message quotes a cell: a value that cannot be read is
told by its column and line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.errors import ConfigurationError, Message, Place
from config.suggest import hints
from engine.types import ROW, arrow_schema

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

    from config.errors import Problem
    from config.models.privacy import PopulationTable
    from config.models.schema import Column

UNREADABLE = Message(
    "population.unreadable",
    nl="De tabel met de bevolking kan niet worden gelezen. Het moet CSV zijn in UTF-8, met een kopregel en scheidingsteken `{delimiter}`.",
    en="The population table cannot be read. It must be CSV in UTF-8, with a header and the delimiter `{delimiter}`.",
)
ABSENT = Message(
    "population.absent-column",
    nl="De tabel met de bevolking heeft geen kolom {column}.{hint} Elke kolom die quasi is moet erin staan, onder dezelfde naam.",
    en="The population table has no column {column}.{hint_en} Every column that is quasi must be in it, by the same name.",
)
CELL = Message(
    "population.cell",
    nl="Kolom {column} van de tabel met de bevolking: wat op gegevensregel {row} staat is geen {type}.",
    en="Column {column} of the population table: what stands on data line {row} is no {type}.",
)
NEGATIVE = Message(
    "population.negative",
    nl="Kolom {column} van de tabel met de bevolking: het aantal op gegevensregel {row} is negatief of ontbreekt.",
    en="Column {column} of the population table: the count on data line {row} is negative or missing.",
)


def read_population(table: PopulationTable, columns: Sequence[Column], base: Path) -> pa.Table:
    """Read the quasi-identifiers of the population, collapsed.

    Args:
        table: where it is.
        columns: the quasi-identifiers.
        base: the folder that its path starts at.

    Returns:
        the columns with their own types, and in `_row` the persons that each combination stands for (int64).

    Raises:
        ConfigurationError: it cannot be read, a column is not there, a value has the wrong type.
    """
    import pyarrow as pa

    place = Place(table.path)
    texts = _texts(table, base)
    wanted = [column.name for column in columns]
    absent = [name for name in (*wanted, *([table.count] if table.count else [])) if name not in texts.column_names]
    if absent:
        raise ConfigurationError(*(_absent(name, texts.column_names, place) for name in absent))
    schema = arrow_schema(columns)
    cells = [_typed(texts.column(column.name), schema.field(column.name).type, column.name, column.type, place) for column in columns]
    found = pa.table([*cells, _counts(table, texts, place)], names=[*wanted, ROW])
    return found.group_by(wanted).aggregate([(ROW, "sum")]).rename_columns([*wanted, ROW]) if wanted else found


def _texts(table: PopulationTable, base: Path) -> pa.Table:
    """Read every cell as text; an empty one is missing."""
    import pyarrow as pa
    from pyarrow import csv

    try:
        with (base / table.path).open("rb") as file:
            names = csv.open_csv(file, parse_options=csv.ParseOptions(delimiter=table.delimiter)).schema.names
        options = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""])
        return csv.read_csv(base / table.path, parse_options=csv.ParseOptions(delimiter=table.delimiter), convert_options=options)
    except (OSError, pa.ArrowInvalid):
        raise ConfigurationError(UNREADABLE.at(Place(table.path), delimiter=table.delimiter)) from None


def _absent(name: str, known: Sequence[str], place: Place) -> Problem:
    nl, en = hints(name, known)
    return ABSENT.at(place, column=name, hint=nl, hint_en=en)


def _counts(table: PopulationTable, texts: pa.Table, place: Place) -> pa.ChunkedArray:
    """Give the persons of each line."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if table.count is None:
        return pa.chunked_array([pa.repeat(pa.scalar(1, pa.int64()), len(texts))])
    counts = _typed(texts.column(table.count), pa.int64(), table.count, "integer", place)
    wrong = pc.less(counts.fill_null(-1), 0)
    if pc.any(wrong).as_py():
        row = pc.index(wrong, True).as_py() + 1
        raise ConfigurationError(NEGATIVE.at(place, column=table.count, row=row))
    return counts


def _typed(cells: pa.ChunkedArray, kind: pa.DataType, name: str, said: str, place: Place) -> pa.ChunkedArray:
    """Give text cells in the type of their column; halving finds the first that cannot be read."""
    if _reads(cells, kind):
        return cells.cast(kind)
    low, high = 0, len(cells)
    while high - low > 1:
        middle = (low + high) // 2
        if _reads(cells.slice(low, middle - low), kind):
            low = middle
        else:
            high = middle
    raise ConfigurationError(CELL.at(place, column=name, row=low + 1, type=said))


def _reads(cells: pa.ChunkedArray, kind: pa.DataType) -> bool:
    import pyarrow as pa

    try:
        cells.cast(kind)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return False
    return True
