"""Rules on `quality:`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from config import lists
from config.errors import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.document import DocumentPath
    from config.errors import Problem
    from config.rules.scope import Scope

ONE = ("column", "column_A", "column_B")
MANY = ("column_list", "column_set")

ROW_WISE = Message(
    "config.not-row-wise",
    nl="`on_fail: quarantine` zet rijen apart, maar deze controle gaat over de tabel als geheel. Schrijf `on_fail: block`.",
    en="`on_fail: quarantine` sets rows aside, but this check is about the table as a whole. Write `on_fail: block`.",
)
CEILING = Message(
    "config.no-quarantine",
    nl="Er mogen geen rijen apart worden gezet: `quality.max_quarantine` is 0. Zet daar een aandeel, zoals 0.01.",
    en="No rows may be set aside: `quality.max_quarantine` is 0. Put a share there, such as 0.01.",
)
OUTPUT_ONLY = Message(
    "config.quarantine-output",
    nl="Rijen apart zetten kan alleen vóór de bescherming. Haal `on: output` weg of schrijf `on_fail: block`.",
    en="Rows can be set aside only before protection. Remove `on: output` or write `on_fail: block`.",
)


def expectations(scope: Scope) -> Iterator[Problem]:
    """A check exists, is about columns that are there, and can do what it should when it fails."""
    for index, item in enumerate(scope.document.items("quality", "expectations")):
        if isinstance(item, dict):
            path: DocumentPath = ("quality", "expectations", index)
            yield from _name(scope, path, item)
            yield from _columns(scope, path, item)
            yield from _failure(scope, path, item)


def _name(scope: Scope, path: DocumentPath, item: dict[str, Any]) -> Iterator[Problem]:
    """Check the name against what Great Expectations has."""
    name = item.get("type")
    if isinstance(name, str) and name.startswith(("expect_", "unexpected_")) and name not in lists.expectations():
        yield lists.not_listed(lists.expectations, name, scope.document.places.at(*path, "type"))


def _columns(scope: Scope, path: DocumentPath, item: dict[str, Any]) -> Iterator[Problem]:
    """Check the columns in kwargs; a check of the gate after protection sees the columns of the release."""
    where = item.get("on")
    among = set() if where == "output" else set(scope.columns)
    if where != "input":
        among |= scope.output_columns
    kwargs = (*path, "kwargs")
    for key in ONE:
        if (name := scope.document.text(*kwargs, key)) is not None:
            yield from scope.column_of((*kwargs, key), name, among=sorted(among))
    for key in MANY:
        for inner, name in scope.document.texts(*kwargs, key):
            yield from scope.column_of(inner, name, among=sorted(among))


def _failure(scope: Scope, path: DocumentPath, item: dict[str, Any]) -> Iterator[Problem]:
    """Check `on_fail: quarantine`."""
    if item.get("on_fail") != "quarantine":
        return
    place = scope.document.places.at(*path, "on_fail")
    known = lists.expectations().get(str(item.get("type")))
    if known is not None and not known.row_wise:
        yield ROW_WISE.at(place)
    elif item.get("on") == "output":
        yield OUTPUT_ONLY.at(place)
    elif not scope.document.get("quality", "max_quarantine"):
        yield CEILING.at(place)
