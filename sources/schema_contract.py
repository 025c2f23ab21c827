"""The frozen schema contract: a source has exactly the declared columns, or the run stops with the patch that mends the declaration.

No name out of the source is shown unless at least one declared column is there: in a file that lost its header the first record would be
taken for names.
"""

from __future__ import annotations

from itertools import chain, count
from typing import TYPE_CHECKING

from config.errors import Message, Place, SchemaChanged, SourceError
from engine.types import ROW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from config.models.schema import Column, ColumnType
    from sources.base import SourceColumn

CHANGED = Message(
    "source.schema-changed",
    nl="De kolommen van de bron zijn veranderd: {added} nieuw, {removed} verdwenen, {retyped} van een ander type."
    " Neem dit over in schema: en beslis over elke kolom die erbij komt:\n{patch}",
    en="The columns of the source have changed: {added} new, {removed} gone, {retyped} of another type."
    " Take this over in schema: and decide about every column that is added:\n{patch}",
)
UNRECOGNISED = Message(
    "source.schema-unrecognised",
    nl="Geen van de {declared} gedeclareerde kolommen staat in de bron, die {found} kolommen heeft."
    " Mist de kopregel, of staat een optie van source: verkeerd (delimiter, skip_rows, names, query)?",
    en="None of the {declared} declared columns is in the source, which has {found} columns."
    " Is the header missing, or is an option of source: wrong (delimiter, skip_rows, names, query)?",
)
TWICE = Message(
    "source.duplicate-column",
    nl="Kolom {first} en kolom {number} van de bron heten hetzelfde. Geef ze in de bron elk een naam; is een van de twee de geometrie,"
    " zet dan onder source: een regel als geometry: vorm",
    en="Column {first} and column {number} of the source have the same name. Name each in the source; where one of them is the geometry,"
    " write under source: a line such as geometry: shape",
)
NAME_LENGTH = 120
"""The longest name that a column may have in a declaration; a longer one stands in `source`."""
_WITH_FORMAT = frozenset({"date", "datetime", "boolean"})

FITS: Mapping[ColumnType, frozenset[ColumnType]] = {
    "string": frozenset({"string", "date", "datetime", "boolean", "geometry"}),
    "integer": frozenset({"integer", "number", "decimal", "boolean"}),
    "number": frozenset({"number", "integer", "decimal"}),
    "decimal": frozenset({"decimal", "number", "integer"}),
    "boolean": frozenset({"boolean"}),
    "date": frozenset({"date"}),
    "datetime": frozenset({"datetime", "date"}),
    "geometry": frozenset({"geometry"}),
}
"""Type in a typed source → declared types that its values can be read as; text of an untyped source can be read as any."""


def compare(found: Sequence[SourceColumn], declared: Sequence[Column]) -> None:
    """Compare a source with its declaration; the order of columns does not count.

    Raises:
        SchemaChanged: they differ; the problem holds the patch.
        SourceError: two columns of the source have one name, so that nobody can say which is meant.
    """
    _refuse_twice(found)
    there = {column.name: column for column in found}
    wanted = {column.source_name for column in declared}
    removed = [column for column in declared if column.source_name not in there]
    added = [column for column in found if column.name not in wanted]
    retyped = [column for column in declared if column.source_name in there and not _fits(there[column.source_name], column)]
    if not (removed or added or retyped):
        return
    place = Place(path="schema")
    if len(removed) == len(declared):
        raise SchemaChanged(UNRECOGNISED.at(place, declared=len(declared), found=len(found)))
    lines = [f"- - {_line(column)}" for column in removed]
    for column in retyped:
        lines += [f"- - {_line(column)}", f"+ - {_line(_retyped(column, there[column.source_name].type))}"]
    lines += _new(added, {column.name for column in declared if column not in removed})
    raise SchemaChanged(CHANGED.at(place, added=len(added), removed=len(removed), retyped=len(retyped), patch="\n".join(lines)))


def _fits(found: SourceColumn, declared: Column) -> bool:
    return found.type is None or declared.type in FITS[found.type]


def _line(column: Column) -> str:
    return _flow(column.model_dump(mode="json", exclude_defaults=True, exclude_none=True))


def _retyped(column: Column, kind: ColumnType | None) -> Column:
    """Give a column with the type that the source now has; a `format` goes where the new type has none."""
    form = column.format if kind in _WITH_FORMAT else None
    return column.model_copy(update={"type": kind, "format": form})


def _new(added: Sequence[SourceColumn], taken: set[str]) -> list[str]:
    """Give the lines of columns that come in: each with a name that a declaration takes, and that no other column has (capitals aside)."""
    used, lines = {name.casefold() for name in (*taken, ROW)}, []
    for column in added:
        first = column.name[:NAME_LENGTH]
        others = (f"{column.name[: NAME_LENGTH - 8]}_{number}" for number in count(2))
        name = next(name for name in chain([first], others) if name.casefold() not in used)
        used.add(name.casefold())
        source = {} if name == column.name else {"source": column.name}
        lines.append(f"+ - {_flow({'name': name, **source, 'type': column.type or 'string', 'classification': 'unclassified'})}")
    return lines


def _refuse_twice(found: Sequence[SourceColumn]) -> None:
    first: dict[str, int] = {}
    for number, column in enumerate(found, 1):
        if first.setdefault(column.name, number) != number:
            raise SourceError(TWICE.at(Place(path="source"), first=first[column.name], number=number))


def _flow(entry: Mapping[str, object]) -> str:
    """Give a mapping as one line of YAML."""
    import yaml

    return yaml.safe_dump(dict(entry), default_flow_style=True, sort_keys=False, allow_unicode=True, width=float("inf")).strip()
