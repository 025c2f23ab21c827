"""Rules on `schema:`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from config import lists
from config.errors import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.errors import Problem
    from config.rules.scope import Scope

ROW = "_row"

COLUMN_TWICE = Message(
    "config.column-twice",
    nl="De kolom op regel {first} heet ook zo (hoofdletters tellen niet mee). Geef elke kolom een eigen naam.",
    en="The column on line {first} has the same name (capitals aside). Give every column a name of its own.",
)
SOURCE_TWICE = Message(
    "config.source-column-twice",
    nl="De kolom op regel {first} leest dezelfde bronkolom. Noem elke bronkolom één keer.",
    en="The column on line {first} reads the same source column. Name each source column once.",
)
RESERVED = Message(
    "config.reserved-column",
    nl="De naam `_row` is van het programma. Kies een andere naam en zet de naam in de bron bij `source`.",
    en="The name `_row` belongs to the program. Choose another name and put the name in the source at `source`.",
)
UNCLASSIFIED = Message(
    "config.unclassified",
    nl="Deze kolom is nog niet ingedeeld en kan zo niet worden gepubliceerd. Kies open, quasi, sensitive, direct of text.",
    en="This column is not classified yet and cannot be published. Choose open, quasi, sensitive, direct or text.",
)
PATTERN = Message(
    "config.pattern",
    nl="Dit is geen geldige reguliere expressie. Zet haar tussen enkele aanhalingstekens en kijk naar haakjes en schuine strepen.",
    en="This is not a valid regular expression. Put it in single quotes and look at brackets and backslashes.",
)
CODELIST = Message(
    "config.codelist-missing",
    nl="De codelijst codelists/{name}.csv bestaat niet.{hint}",
    en="The code list codelists/{name}.csv does not exist.{hint_en}",
)
CODELIST_NAME = Message(
    "config.codelist-name",
    nl="Een codelijst heet naar een bestand in codelists/, zonder map en zonder .csv.",
    en="A code list is named after a file in codelists/, without folder and without .csv.",
)
FORMAT = Message(
    "config.format-unused",
    nl="`format` zegt hoe een datum, tijdstip of ja/nee in de bron staat; bij type {type} doet het niets. Haal het weg.",
    en="`format` says how a date, date-time or boolean stands in the source; with type {type} it does nothing. Remove it.",
)


def names(scope: Scope) -> Iterator[Problem]:
    """Column names and source names are unique (capitals aside: databases do not tell them apart), and none is ours."""
    for key, message in (("name", COLUMN_TWICE), ("source", SOURCE_TWICE)):
        first: dict[str, int] = {}
        for index, column in enumerate(scope.document.items("schema")):
            name = column.get(key) or column.get("name") if isinstance(column, dict) else None
            if not isinstance(name, str):
                continue
            place = scope.document.places.at("schema", index, key if key in column else "name")
            if key == "name" and name == ROW:
                yield RESERVED.at(place)
            fold = name.casefold() if key == "name" else name
            if fold in first and (key == "name" or "source" in column):
                yield message.at(place, first=first[fold])
            first.setdefault(fold, place.line or 0)


def classes(scope: Scope) -> Iterator[Problem]:
    """Nothing is published before every column is classified; a ground is one of the Woo."""
    for index, column in enumerate(scope.document.items("schema")):
        if not isinstance(column, dict):
            continue
        if column.get("classification") == "unclassified":
            yield UNCLASSIFIED.at(scope.document.places.at("schema", index, "classification"))
        ground = column.get("ground")
        if isinstance(ground, str) and ground not in lists.woo_grounds():
            yield lists.not_listed(lists.woo_grounds, ground, scope.document.places.at("schema", index, "ground"))


def forms(scope: Scope) -> Iterator[Problem]:
    """A pattern is a regular expression, a format belongs to a type that has one, a code list exists."""
    for index, column in enumerate(scope.document.items("schema")):
        if not isinstance(column, dict):
            continue
        places = scope.document.places
        if isinstance(pattern := column.get("pattern"), str) and not _compiles(pattern):
            yield PATTERN.at(places.at("schema", index, "pattern"))
        kind = column.get("type")
        if column.get("format") is not None and kind in {"string", "integer", "number", "decimal", "geometry"}:
            yield FORMAT.at(places.at("schema", index, "format"), type=kind)
        if isinstance(codelist := column.get("codelist"), str):
            yield from _codelist(scope, index, codelist)


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _codelist(scope: Scope, index: int, name: str) -> Iterator[Problem]:
    """Check that `codelists/NAME.csv` is there."""
    place = scope.document.places.at("schema", index, "codelist")
    folder = (scope.root or scope.base) / "codelists"
    if re.fullmatch(r"[A-Za-z0-9][\w-]*", name) is None:
        yield CODELIST_NAME.at(place)
    elif not (folder / f"{name}.csv").is_file():
        from config.suggest import hints

        nl, en = hints(name, sorted(file.stem for file in folder.glob("*.csv")))
        yield CODELIST.at(place, name=name, hint=nl, hint_en=en)
