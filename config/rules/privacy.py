"""Rules on `privacy:`: the keys that belong to its kind, the columns it speaks of, and that nothing personal slips through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.errors import Message
from config.models.schema import PERSONAL
from config.rules.scope import STATUS, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.errors import Problem
    from config.rules.scope import Scope

COMMON = frozenset({"kind", "columns", "findings", "justification"})
TABLE_KEYS = COMMON | {"dimensions", "rules", "protect", "output", "population"}
KEYS: dict[str, frozenset[str]] = {
    "open": COMMON,
    "microdata": COMMON | {"model", "population"},
    "frequency": TABLE_KEYS,
    "magnitude": TABLE_KEYS | {"value", "measure", "precision", "contributor", "holding"},
}
"""Which keys count for which kind; another key would be ignored, so it is refused."""
RULE_KEYS = {
    "frequency": frozenset({"min_count", "zeros", "group_disclosure"}),
    "magnitude": frozenset({"min_count", "min_contributors", "p_percent", "dominance", "zeros", "group_disclosure"}),
}
NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "microdata": (("model",),),
    "frequency": (("dimensions",), ("rules", "min_count")),
    "magnitude": (("dimensions",), ("value",), ("rules", "min_contributors")),
}
HIDDEN = ("direct", "text")
NUMERIC = frozenset({"integer", "number", "decimal"})

NOT_OF_KIND = Message(
    "config.not-of-kind",
    nl="`{key}` hoort niet bij kind: {kind} en zou niets doen. Haal het weg.",
    en="`{key}` does not belong to kind: {kind} and would do nothing. Remove it.",
)
NEEDS = Message(
    "config.kind-needs",
    nl="Bij kind: {kind} is `{key}` nodig. Voeg het toe.",
    en="With kind: {kind}, `{key}` is needed. Add it.",
)
OPEN = Message(
    "config.personal-open",
    nl="De bron bevat persoonsgegevens (kolom `{column}` is {classification}). Kies microdata, frequency of magnitude.",
    en="The source holds personal data (column `{column}` is {classification}). Choose microdata, frequency or magnitude.",
)
UNPROTECTED = Message(
    "config.unprotected",
    nl="Kolom `{column}` is {classification} en mag niet mee naar buiten. Voeg toe onder privacy.columns: {column}: {{action: drop}}",
    en="Column `{column}` is {classification} and may not go out. Add under privacy.columns: {column}: {{action: drop}}",
)
GROUND = Message(
    "config.ground",
    nl='Kolom `{column}` wordt weggelaten om wat erin staat. Noem de Woo-grond, zoals ground: "Woo 5.1 2e".',
    en='Column `{column}` is dropped for what it holds. Name the Woo ground, such as ground: "Woo 5.1 2e".',
)
GROUND_TABLE = Message("config.ground-table", nl=GROUND.nl, en=GROUND.en, severity="warning")
ONLY_DROP = Message(
    "config.only-drop",
    nl="Bij kind: {kind} kan een kolom hier alleen worden weggelaten: {{action: drop}}. Grover maken doet u bij `dimensions`.",
    en="With kind: {kind} a column can only be dropped here: {{action: drop}}. Make it coarser at `dimensions`.",
)
DROPPED = Message(
    "config.dropped-and-used",
    nl="Kolom `{column}` wordt weggelaten en kan hier dus niet worden gebruikt.",
    en="Column `{column}` is dropped, so it cannot be used here.",
)
DROP_OR_COARSER = Message(
    "config.drop-and-hierarchy",
    nl="Deze kolom wordt weggelaten én grover gemaakt. Kies één van de twee.",
    en="This column is dropped and made coarser. Choose one of the two.",
)
NOT_QUASI = Message(
    "config.hierarchy-open",
    nl="Een kolom die grover wordt gemaakt is niet open. Schrijf classification: quasi in `schema`.",
    en="A column that is made coarser is not open. Write classification: quasi in `schema`.",
)
NOT_A_NUMBER = Message(
    "config.value-type",
    nl="Optellen kan alleen met getallen: type integer, number of decimal; deze kolom is {type}.",
    en="Only numbers can be added up: type integer, number or decimal; this column is {type}.",
)
TWO_ROLES = Message(
    "config.two-roles",
    nl="Kolom `{column}` is al een dimensie. Kies een andere kolom.",
    en="Column `{column}` is a dimension already. Choose another column.",
)
DIMENSION = Message(
    "config.dimension",
    nl="Kolom `{column}` ({classification}) kan geen dimensie zijn: elke waarde wijst één geval aan.",
    en="Column `{column}` ({classification}) cannot be a dimension: every value points at one case.",
)
OUTPUT = Message(
    "config.output-column",
    nl="De tabel heeft geen kolom `{column}`. Ze heeft: {known}.",
    en="The table has no column `{column}`. It has: {known}.",
)
COUNTS = Message(
    "config.output-counts",
    nl="Een tabel met aantallen heeft één kolom met het aantal. Noem er hier één.",
    en="A table of counts has one column with the count. Name one here.",
)
OTHERS = Message(
    "config.others",
    nl="`others` is voor een policy zonder `schema`; hier zijn alle kolommen genoemd. Haal het weg.",
    en="`others` is for a policy without `schema`; here all columns are named. Remove it.",
)
JUSTIFY = Message(
    "config.justification",
    nl="Leg bij `justification` uit waarom dit genoeg beschermt. Degene die goedkeurt leest het.",
    en="Explain at `justification` why this protects enough. The person who approves reads it.",
    severity="warning",
)


def keys(scope: Scope) -> Iterator[Problem]:
    """Every key belongs to the kind, and what the kind computes with is there."""
    kind = scope.kind
    if kind not in KEYS:
        return
    document = scope.document
    for key in document.mapping("privacy"):
        if key == "others" and scope.root is not None:
            yield OTHERS.at(document.places.key("privacy", key))
        elif key not in KEYS[kind] | {"others"} and key in set().union(*KEYS.values()):
            yield NOT_OF_KIND.at(document.places.key("privacy", key), key=key, kind=kind)
    for key in document.mapping("privacy", "rules"):
        if key not in RULE_KEYS.get(kind, frozenset()) and kind in RULE_KEYS and key in RULE_KEYS["magnitude"]:
            yield NOT_OF_KIND.at(document.places.key("privacy", "rules", key), key=key, kind=kind)
    for path in NEEDED.get(kind, ()):
        if document.get("privacy", *path) in (None, {}):
            yield NEEDS.at(document.places.at("privacy", *path), key=path[-1], kind=kind)


def nothing_personal(scope: Scope) -> Iterator[Problem]:
    """An open dataset has no personal columns; direct identifiers and free text never go out, and the reason is given."""
    yield from _open_kind(scope)
    for index, column in enumerate(scope.document.items("schema")):
        name, classification = (column.get("name"), column.get("classification")) if isinstance(column, dict) else (None, None)
        if not isinstance(name, str):
            continue
        if classification not in HIDDEN or scope.kind not in KEYS or scope.kind == "open":
            continue
        pseudonym = classification == "direct" and scope.action(name) == "pseudonym"
        if scope.kind == "microdata" and scope.action(name) != "drop" and not scope.generalised(name) and not pseudonym:
            yield UNPROTECTED.at(scope.document.places.at("privacy", "columns", name), column=name, classification=classification)
        elif scope.root is not None and not column.get("ground") and not scope.generalised(name) and not pseudonym:
            dropped = scope.action(name) == "drop"
            yield (GROUND if dropped else GROUND_TABLE).at(scope.document.places.at("schema", index, "ground"), column=name)
    personal = any(column.get("classification") in PERSONAL for column in scope.columns.values())
    if personal and scope.root is not None and scope.kind in KEYS and not scope.document.has("privacy", "justification"):
        yield JUSTIFY.at(scope.document.places.at("privacy", "justification"))


def _open_kind(scope: Scope) -> Iterator[Problem]:
    """Refuse `kind: open` for a personal source, naming its first personal column."""
    for name, column in scope.columns.items():
        if scope.kind == "open" and column.get("classification") in PERSONAL:
            yield OPEN.at(scope.document.places.at("privacy", "kind"), column=name, classification=column["classification"])
            return


def column_rules(scope: Scope) -> Iterator[Problem]:
    """What is said of a column can be done, and the column is there."""
    document = scope.document
    for name, rule in document.mapping("privacy", "columns").items():
        path = ("privacy", "columns", name)
        yield from scope.column_of(path, name, key=True)
        if not isinstance(rule, dict) or scope.kind not in KEYS:
            continue
        changed = rule.get("hierarchy") or rule.get("transform") or rule.get("action") in {"keep", "pseudonym"}
        if scope.kind != "microdata" and changed:
            yield ONLY_DROP.at(document.places.at(*path), kind=scope.kind)
        elif rule.get("hierarchy") and rule.get("action") == "drop":
            yield DROP_OR_COARSER.at(document.places.at(*path))
        elif rule.get("hierarchy") and scope.columns.get(name, {}).get("classification") == "open":
            yield NOT_QUASI.at(document.places.at(*path, "hierarchy"))


def mentions(scope: Scope) -> Iterator[Problem]:
    """The columns that findings and the models speak of are there."""
    document = scope.document
    known = sorted({*scope.columns, *scope.output_columns})
    for inner, name in document.strings("privacy", "findings"):
        if inner[-1] == "column":
            yield from scope.column_of(inner, name, among=known)
    for key in ("l", "t", "beta", "delta_disclosure"):
        for inner, name in document.strings("privacy", "model", key):
            if inner[-1] == "column":
                yield from _used(scope, inner, name)


def tables(scope: Scope) -> Iterator[Problem]:
    """The columns of a table are there and can do what they should."""
    if scope.kind not in TABLES:
        return
    document = scope.document
    dimensions = document.mapping("privacy", "dimensions")
    for name in dimensions:
        path = ("privacy", "dimensions", name)
        yield from _used(scope, path, name, key=True)
        column = scope.columns.get(name, {})
        what = column.get("classification") if column.get("classification") in HIDDEN else column.get("type")
        if what in {*HIDDEN, "geometry"} and not document.mapping(*path, "hierarchy"):
            yield DIMENSION.at(document.places.key(*path), column=name, classification=str(what))
    for key in ("value", "contributor"):
        if (used := document.text("privacy", key)) is not None:
            yield from _used(scope, ("privacy", key), used)
            if used in dimensions:
                yield TWO_ROLES.at(document.places.at("privacy", key), column=used)
    kind = scope.columns.get(document.text("privacy", "value") or "", {}).get("type", "number")
    if kind not in NUMERIC:
        yield NOT_A_NUMBER.at(document.places.at("privacy", "value"), type=str(kind))
    yield from _output(scope)


def _used(scope: Scope, path: tuple[str | int, ...], name: str, *, key: bool = False) -> Iterator[Problem]:
    """Check that a column is there and is not dropped."""
    yield from scope.column_of(path, name, key=key)
    if scope.action(name) == "drop":
        yield DROPPED.at(scope.document.places.key(*path) if key else scope.document.places.at(*path), column=name)


def _output(scope: Scope) -> Iterator[Problem]:
    """Check `output`: a table of counts may name its count; a table of a value has the columns it has."""
    dimensions = scope.document.mapping("privacy", "dimensions")
    value = scope.document.text("privacy", "value")
    known = [*dimensions, *([value] if value else []), STATUS]
    extra = [name for name in scope.document.mapping("privacy", "output") if name not in known]
    for position, name in enumerate(extra):
        place = scope.document.places.key("privacy", "output", name)
        if scope.kind == "magnitude":
            yield OUTPUT.at(place, column=name, known=", ".join(known))
        elif position:
            yield COUNTS.at(place)
