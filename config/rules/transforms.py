"""Rules on what replaces values: pseudonyms, transforms, and recoding class by class."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from config.errors import Message
from config.registry import TRANSFORMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.document import DocumentPath
    from config.errors import Problem
    from config.rules.scope import Scope

OF_PSEUDONYM = ("key", "rotation", "length")

ONLY_WITH = Message(
    "config.pseudonym-only",
    nl="`{key}` hoort bij action: pseudonym en zou hier niets doen. Haal het weg.",
    en="`{key}` belongs to action: pseudonym and would do nothing here. Remove it.",
)
NEEDS_KEY = Message(
    "config.pseudonym-key",
    nl='Een pseudoniem heeft een geheim nodig. Voeg toe: key: "${{NAAM}}" (minstens 32 tekens).',
    en='A pseudonym needs a secret. Add: key: "${{NAME}}" (at least 32 characters).',
)
DIRECT = Message(
    "config.pseudonym-direct",
    nl="Een pseudoniem is voor wat één persoon of zaak aanwijst; deze kolom is {classification}. Schrijf classification: direct.",
    en="A pseudonym is for what points at one person or case; this column is {classification}. Write classification: direct.",
)
ONE = Message(
    "config.pseudonym-one",
    nl="Kolom `{column}` krijgt al pseudoniemen. Twee zulke kolommen koppelen rijen over en weer; houd er één.",
    en="Column `{column}` gets pseudonyms already. Two such columns link rows to and fro; keep one.",
)
BOTH = Message(
    "config.two-ways",
    nl="Deze kolom wordt al weggelaten of krijgt een pseudoniem. Haal `{key}` weg, of de `action`.",
    en="This column is dropped or gets a pseudonym already. Remove `{key}`, or the `action`.",
)
MISFIT = Message(
    "config.transform-column",
    nl="Een transform met type: {type} past niet bij kolom `{column}` met type {kind}; wel bij: {fits}.",
    en="A transform of type: {type} does not fit column `{column}` of type {kind}; it fits: {fits}.",
)
TAKEN = Message(
    "config.transform-together",
    nl="Kolom `{column}` wordt weggelaten, wordt al anders vervangen, of staat hier twee keer.",
    en="Column `{column}` is dropped, is replaced in another way already, or stands here twice.",
)
LOCAL = Message(
    "config.recoding-local",
    nl="recoding: local gaat niet samen met {what}. Haal een van de twee weg.",
    en="recoding: local does not go together with {what}. Remove one of the two.",
)
LINKED = Message(
    "config.pseudonym-population",
    nl="Pseudoniemen gaan niet samen met een tabel van de bevolking: hoeveel personen dezelfde rijen hebben, staat daar niet in. Haal een "
    "van de twee weg.",
    en="Pseudonyms do not go together with a population table: it does not say how many persons have the same rows. Remove one of the two.",
)


def transforms(scope: Scope) -> Iterator[Problem]:
    """Check what is said of replacing values, column by column, and between columns."""
    if scope.kind != "microdata":
        return
    named: list[str] = []
    taken: set[str] = set()
    for name, rule in scope.document.mapping("privacy", "columns").items():
        if not isinstance(rule, dict):
            continue
        path: DocumentPath = ("privacy", "columns", name)
        yield from _action(scope, path, rule)
        if rule.get("action") == "pseudonym":
            if named:
                yield ONE.at(scope.document.places.at(*path, "action"), column=named[0])
            named.append(name)
        if isinstance(rule.get("transform"), dict):
            yield from _transform(scope, (*path, "transform"), name, rule["transform"], taken)
    if named and scope.document.has("privacy", "population", "table"):
        yield LINKED.at(scope.document.places.at("privacy", "population", "table"))
    yield from _local(scope)


def _action(scope: Scope, path: DocumentPath, rule: dict[str, Any]) -> Iterator[Problem]:
    """Check the action of a column, and the keys that belong to it."""
    places, action, name = scope.document.places, rule.get("action"), str(path[-1])
    for key in OF_PSEUDONYM:
        if action != "pseudonym" and rule.get(key) is not None:
            yield ONLY_WITH.at(places.key(*path, key), key=key)
    for key in ("transform",) if action == "drop" else ("transform", "hierarchy") if action == "pseudonym" else ():
        if rule.get(key) is not None:
            yield BOTH.at(places.key(*path, key), key=key)
    if action == "pseudonym":
        if rule.get("key") is None:
            yield NEEDS_KEY.at(places.at(*path))
        classification = scope.columns.get(name, {}).get("classification", "direct")
        if classification != "direct":
            yield DIRECT.at(places.at(*path, "action"), classification=str(classification))


def _transform(scope: Scope, path: DocumentPath, name: str, transform: dict[str, Any], taken: set[str]) -> Iterator[Problem]:
    """Check that a transform fits its columns; `taken` names those that were named at `together` so far."""
    kind, places = transform.get("type"), scope.document.places
    if kind not in TRANSFORMS.modules:
        return
    yield from _fits(scope, (*path, "type"), str(kind), name)
    together = transform.get("together")
    rules = scope.document.mapping("privacy", "columns")
    for index, other in enumerate(together if isinstance(together, list) else ()):
        if not isinstance(other, str):
            continue
        inner = (*path, "together", index)
        yield from scope.column_of(inner, other)
        rule = rules.get(other)
        used = isinstance(rule, dict) and (rule.get("action") in {"drop", "pseudonym"} or rule.get("transform") is not None)
        if other == name or other in taken or used:
            yield TAKEN.at(places.at(*inner), column=other)
        taken.add(other)
        yield from _fits(scope, inner, str(kind), other)


def _fits(scope: Scope, path: DocumentPath, kind: str, column: str) -> Iterator[Problem]:
    """Check that a transform fits the type of a column."""
    fits, own = TRANSFORMS.load(kind).Options.fits, scope.columns.get(column, {}).get("type")
    if isinstance(own, str) and own not in fits:
        yield MISFIT.at(scope.document.places.at(*path), type=kind, column=column, kind=own, fits=", ".join(sorted(fits)))


def _local(scope: Scope) -> Iterator[Problem]:
    """Recoding class by class cannot count a population on its labels, nor keep the minimum of an area."""
    if scope.document.text("privacy", "model", "recoding") != "local":
        return
    place = scope.document.places.at("privacy", "model", "recoding")
    if scope.document.has("privacy", "population", "table"):
        yield LOCAL.at(place, what="population.table")
    for name in scope.document.mapping("privacy", "columns"):
        if scope.document.text("privacy", "columns", name, "hierarchy", "type") == "area":
            yield LOCAL.at(place, what="hierarchy: {type: area}")
            return
