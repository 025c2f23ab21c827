"""Rules on hierarchies: a ladder fits its column, and its steps go from fine to coarse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from config.errors import Message
from config.models.privacy import DATE_LEVELS, POSTCODE_LEVELS
from config.suggest import hints
from config.validation import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.document import DocumentPath
    from config.errors import Problem
    from config.rules.scope import Scope

BUILT_IN = {"date": (DATE_LEVELS, frozenset({"date", "datetime"})), "nl-postcode": (POSTCODE_LEVELS, frozenset({"string"}))}
"""Type of hierarchy → its levels from fine to coarse, and the column types that it fits."""

PATH = Message(
    "config.hierarchy-path",
    nl="Een hiërarchie met type: file heeft een `path` nodig, zoals ../hierarchies/buurten.csv.",
    en="A hierarchy of type: file needs a `path`, such as ../hierarchies/buurten.csv.",
)
NO_FILE = Message(
    "config.hierarchy-no-file",
    nl="Een hiërarchie met type: {type} heeft geen `{key}`. Haal het weg.",
    en="A hierarchy of type: {type} has no `{key}`. Remove it.",
)
LEVELS = Message(
    "config.hierarchy-levels",
    nl="Noem bij `levels` de stappen van fijn naar grof, zoals [{example}].",
    en="Name the steps at `levels` from fine to coarse, such as [{example}].",
)
LEVEL = Message(
    "config.hierarchy-level", nl="De stap {found} bestaat hier niet.{hint}", en="The step {found_en} does not exist here.{hint_en}"
)
ORDER = Message(
    "config.hierarchy-order",
    nl="De stappen gaan van fijn naar grof en komen elk één keer voor: {known}.",
    en="The steps go from fine to coarse, each once: {known}.",
)
COLUMN = Message(
    "config.hierarchy-column",
    nl="Een hiërarchie met type: {type} past niet bij een kolom met type {column}.",
    en="A hierarchy of type: {type} does not fit a column of type {column}.",
)


def hierarchies(scope: Scope) -> Iterator[Problem]:
    """Check every hierarchy of columns and dimensions, and the level that a dimension picks."""
    for part in ("columns", "dimensions"):
        for name in scope.document.mapping("privacy", part):
            path: DocumentPath = ("privacy", part, name, "hierarchy")
            ladder = scope.document.mapping(*path)
            if ladder:
                yield from _ladder(scope, path, name, ladder)
            if part == "dimensions":
                yield from _picked(scope, ("privacy", part, name, "level"), ladder)


def _ladder(scope: Scope, path: DocumentPath, name: str, ladder: dict[str, Any]) -> Iterator[Problem]:
    """Check one hierarchy."""
    kind = ladder.get("type")
    places = scope.document.places
    if kind == "file" and "path" not in ladder:
        yield PATH.at(places.at(*path, "path"))
    if kind not in BUILT_IN:
        return
    known, fits = BUILT_IN[str(kind)]
    for key in ("path", "delimiter"):
        if key in ladder:
            yield NO_FILE.at(places.key(*path, key), type=str(kind), key=key)
    column = scope.columns.get(name, {}).get("type")
    if isinstance(column, str) and column not in fits:
        yield COLUMN.at(places.at(*path, "type"), type=str(kind), column=column)
    yield from _levels(scope, (*path, "levels"), known)


def _levels(scope: Scope, path: DocumentPath, known: tuple[str, ...]) -> Iterator[Problem]:
    """Check the levels of a built-in hierarchy."""
    levels = list(scope.document.texts(*path))
    if not levels:
        yield LEVELS.at(scope.document.places.at(*path), example=", ".join(known[1:3]))
    ranks = []
    for inner, level in levels:
        if level in known:
            ranks.append(known.index(level))
            continue
        (nl, en), (hint, hint_en) = shown(level), hints(level, known)
        yield LEVEL.at(scope.document.places.at(*inner), found=nl, found_en=en, hint=hint, hint_en=hint_en)
    if ranks != sorted(set(ranks)):
        yield ORDER.at(scope.document.places.at(*path), known=", ".join(known))


def _picked(scope: Scope, path: DocumentPath, ladder: dict[str, Any]) -> Iterator[Problem]:
    """Check the level of a dimension: a name out of the levels, or a number from 0 (the value itself)."""
    level = scope.document.get(*path)
    if level is None or isinstance(level, bool | dict | list | float):
        return
    levels = [word for word in ladder.get("levels") or [] if isinstance(word, str)]
    unnamed = ladder.get("type") == "file" and not levels
    highest = len(levels) if not unnamed else None
    if level in levels or (isinstance(level, int) and level >= 0 and (highest is None or level <= highest)):
        return
    choices = levels or [str(step) for step in range((highest or 0) + 1)]
    (nl, en), (hint, hint_en) = shown(str(level)), hints(str(level), choices)
    yield LEVEL.at(scope.document.places.at(*path), found=nl, found_en=en, hint=hint, hint_en=hint_en)
