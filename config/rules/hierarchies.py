"""Rules on hierarchies: a ladder fits its column and where it stands; a dimension picks a step that is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from config.errors import Message
from config.registry import HIERARCHIES
from config.suggest import hints
from config.validation import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.document import DocumentPath
    from config.errors import Problem
    from config.models.hierarchy import HierarchyOptions
    from config.rules.scope import Scope

LEVEL = Message(
    "config.hierarchy-level", nl="De stap {found} bestaat hier niet.{hint}", en="The step {found_en} does not exist here.{hint_en}"
)
COLUMN = Message(
    "config.hierarchy-column",
    nl="Een hiërarchie met type: {type} past niet bij een kolom met type {column}.",
    en="A hierarchy of type: {type} does not fit a column of type {column}.",
)
NO_ZEROS = Message(
    "config.hierarchy-cbs-values",
    nl="Getallen hebben geen nullen vooraan, dus een CBS-code is er niet aan te zien. Zeg wat het zijn: values: buurt (of wijk, gemeente), "
    "of lees de kolom als tekst (type: string).",
    en="Numbers have no leading zeros, so a CBS code cannot be told from them. Say what they are: values: buurt (or wijk, gemeente), "
    "or read the column as text (type: string).",
)
MICRODATA = Message(
    "config.hierarchy-microdata",
    nl="Een hiërarchie met type: area is voor kind: microdata; een tabel verbergt zelf kleine aantallen. Kies type: grid.",
    en="A hierarchy of type: area is for kind: microdata; a table hides small counts itself. Choose type: grid.",
)
DATA = Message(
    "config.hierarchy-data",
    nl="De afstand van t kan niet van de waarden zelf afhangen. Kies een hiërarchie met vaste stappen.",
    en="The distance of t cannot depend on the values themselves. Choose a hierarchy with fixed steps.",
)


def hierarchies(scope: Scope) -> Iterator[Problem]:
    """Check every hierarchy of columns, dimensions and t, and the level that a dimension picks."""
    document = scope.document
    for part in ("columns", "dimensions"):
        for name in document.mapping("privacy", part):
            path: DocumentPath = ("privacy", part, name, "hierarchy")
            ladder = document.mapping(*path)
            yield from _ladder(scope, path, name, ladder)
            if part == "dimensions":
                if ladder.get("type") == "area":
                    yield MICRODATA.at(document.places.at(*path, "type"))
                yield from _picked(scope, ("privacy", part, name, "level"), ladder)
    for path in _distances(scope):
        ladder = document.mapping(*path, "hierarchy")
        yield from _ladder(scope, (*path, "hierarchy"), document.text(*path, "column") or "", ladder)
        made = _options(ladder)
        if made and (made.needs_data or made.type in {"grid", "area"}):
            yield DATA.at(document.places.at(*path, "hierarchy", "type"))


def _distances(scope: Scope) -> Iterator[DocumentPath]:
    """Give where each block of t stands: one, or a list of them."""
    path: DocumentPath = ("privacy", "model", "t")
    items = scope.document.items(*path)
    yield from ((*path, index) for index, _ in enumerate(items)) if items else (path,)


def _ladder(scope: Scope, path: DocumentPath, name: str, ladder: dict[str, Any]) -> Iterator[Problem]:
    """Check that a hierarchy fits its column."""
    kind, column = ladder.get("type"), scope.columns.get(name, {}).get("type")
    if kind not in HIERARCHIES.modules or not isinstance(column, str):
        return
    fits = HIERARCHIES.load(str(kind)).Options.fits
    if fits is not None and column not in fits:
        yield COLUMN.at(scope.document.places.at(*path, "type"), type=str(kind), column=column)
    if kind == "cbs" and column == "integer" and not {"values", "lookup"} & set(ladder):
        yield NO_ZEROS.at(scope.document.places.at(*path))


def _options(ladder: dict[str, Any]) -> HierarchyOptions | None:
    """Read a hierarchy; None where something is wrong with it, which the models tell."""
    if ladder.get("type") not in HIERARCHIES.modules:
        return None
    try:
        made: HierarchyOptions = HIERARCHIES.load(str(ladder["type"])).Options.model_validate_json(json.dumps(ladder))
    except ValidationError:
        return None
    return made


def _picked(scope: Scope, path: DocumentPath, ladder: dict[str, Any]) -> Iterator[Problem]:
    """Check the level of a dimension: a name out of the levels, or a number from 0 (the value itself)."""
    level = scope.document.get(*path)
    if level is None or isinstance(level, bool | dict | list | float):
        return
    made = _options(ladder)
    if ladder and made is None:
        return
    steps = made.steps() if made else ()
    known = steps or ()
    if level in known or (isinstance(level, int) and level >= 0 and (steps is None or level <= len(known))):
        return
    choices = list(known) or ["0"]
    (nl, en), (hint, hint_en) = shown(str(level)), hints(str(level), choices)
    yield LEVEL.at(scope.document.places.at(*path), found=nl, found_en=en, hint=hint, hint_en=hint_en)
