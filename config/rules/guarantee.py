"""Rules on `privacy.model`: it asks for something, every key of it does something, and what it needs is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from config.errors import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.document import DocumentPath
    from config.errors import Problem
    from config.rules.scope import Scope

PATH: DocumentPath = ("privacy", "model")
HIDING = ("k", "k_map", "delta_presence", "average_risk", "strict_average_risk", "sample_uniqueness")
"""Models that keep a row from being pointed out; those of sensitive columns come on top of one of them."""
SENSITIVE = ("l", "t", "beta", "delta_disclosure")

NO_GROUPS = Message(
    "config.no-groups",
    nl="Geen rij mag alleen staan: voeg aan `model` een k toe, zoals k: 5. Wie k niet wil, kiest uit {known}.",
    en="No row may stand alone: add a k to `model`, such as k: 5. Who does not want k, chooses from {known}.",
)
ONLY_WITH = Message(
    "config.model-only-with",
    nl="`{key}` hoort bij type: {type} en zou hier niets doen. Haal het weg.",
    en="`{key}` belongs to type: {type} and would do nothing here. Remove it.",
)
NEEDS = Message(
    "config.model-needs",
    nl="Bij type: {type} is `{key}` nodig. Voeg het toe.",
    en="With type: {type}, `{key}` is needed. Add it.",
)
WHOLE = Message(
    "config.model-whole",
    nl="Bij type: {type} is l een geheel getal, 2 of meer.",
    en="With type: {type}, l is a whole number, 2 or more.",
)
QUASI = Message(
    "config.sensitive-quasi",
    nl="Kolom `{column}` wordt grover gemaakt of is quasi; dan heeft ze in elke groep één waarde en zegt dit niets. "
    "Schrijf classification: sensitive en haal haar hiërarchie weg.",
    en="Column `{column}` is made coarser or is quasi; then it has one value in every group and this says nothing. "
    "Write classification: sensitive and remove its hierarchy.",
)
ORDER = Message(
    "config.model-order",
    nl="De tekst in kolom `{column}` heeft geen vanzelfsprekende volgorde. Noem alle waarden van laag naar hoog: order: […].",
    en="The text in column `{column}` has no order of its own. Name all values from low to high: order: […].",
)
TWICE = Message(
    "config.model-order-twice",
    nl="Elke waarde staat één keer bij `order`.",
    en="Each value stands once in `order`.",
)
POPULATION = Message(
    "config.model-population",
    nl="Voor `{key}` is de bevolking nodig: voeg `population: {{table: {{path: …}}}}` toe aan `privacy`{or_size}.",
    en="`{key}` needs the population: add `population: {{table: {{path: …}}}}` to `privacy`{or_size_en}.",
)
SIGNIFICANCE = Message(
    "config.model-significance",
    nl="Zonder tabel wordt het aantal personen geschat. Zeg bij k_map hoe vaak dat mis mag zijn: significance: 0.01.",
    en="Without a table the number of persons is estimated. Say at k_map how often that may be wrong: significance: 0.01.",
)
COUNTED = Message(
    "config.model-counted",
    nl="Met een tabel van de bevolking wordt geteld en niet geschat; `significance` zou niets doen. Haal het weg.",
    en="With a population table persons are counted, not estimated; `significance` would do nothing. Remove it.",
)
PRESENCE = Message(
    "config.model-presence",
    nl="`min` is groter dan `max`: geen enkele groep kan voldoen.",
    en="`min` is larger than `max`: no group can comply.",
)
NOBODY = Message(
    "config.population-empty",
    nl="Noem bij `population` de omvang (size: 165000) of een tabel (table: {{path: …}}).",
    en="Name at `population` its size (size: 165000) or a table (table: {{path: …}}).",
)
UNUSED = Message(
    "config.population-unused",
    nl="Geen model gebruikt de tabel met de bevolking: ze hoort bij k_map en delta_presence. Haal `table` weg.",
    en="No model uses the population table: it belongs to k_map and delta_presence. Remove `table`.",
)


def guarantee(scope: Scope) -> Iterator[Problem]:
    """Check the model of micro-data."""
    model = scope.document.mapping(*PATH)
    if scope.kind != "microdata" or not model:
        return
    if not any(model.get(key) is not None for key in HIDING):
        yield NO_GROUPS.at(scope.document.places.at(*PATH), known=", ".join(HIDING[1:]))
    for key in SENSITIVE:
        for path, block in _blocks(scope, key):
            yield from _column(scope, path, block)
    for path, block in _blocks(scope, "l"):
        yield from _diversity(scope, path, block)
    for path, block in _blocks(scope, "t"):
        yield from _closeness(scope, path, block)
    yield from _population(scope, model)


def _blocks(scope: Scope, key: str) -> Iterator[tuple[DocumentPath, dict[str, Any]]]:
    """Yield the blocks of a model: one, or a list of them."""
    found = scope.document.get(*PATH, key)
    if isinstance(found, dict):
        yield (*PATH, key), found
    for index, block in enumerate(found if isinstance(found, list) else ()):
        if isinstance(block, dict):
            yield (*PATH, key, index), block


def _column(scope: Scope, path: DocumentPath, block: dict[str, Any]) -> Iterator[Problem]:
    """A sensitive column is not a quasi-identifier."""
    name = block.get("column")
    if isinstance(name, str) and (scope.generalised(name) or scope.columns.get(name, {}).get("classification") == "quasi"):
        yield QUASI.at(scope.document.places.at(*path, "column"), column=name)


def _diversity(scope: Scope, path: DocumentPath, block: dict[str, Any]) -> Iterator[Problem]:
    kind, places = block.get("type", "distinct"), scope.document.places
    if kind == "recursive" and block.get("c") is None:
        yield NEEDS.at(places.at(*path), type=kind, key="c")
    elif kind != "recursive" and block.get("c") is not None:
        yield ONLY_WITH.at(places.key(*path, "c"), key="c", type="recursive")
    value = block.get("value")
    if kind != "entropy" and isinstance(value, float) and not value.is_integer():
        yield WHOLE.at(places.at(*path, "value"), type=str(kind))


def _closeness(scope: Scope, path: DocumentPath, block: dict[str, Any]) -> Iterator[Problem]:
    kind, places = block.get("type", "equal"), scope.document.places
    for key, owner in (("hierarchy", "hierarchical"), ("order", "ordered")):
        if kind != owner and block.get(key) is not None:
            yield ONLY_WITH.at(places.key(*path, key), key=key, type=owner)
    if kind == "hierarchical" and block.get("hierarchy") is None:
        yield NEEDS.at(places.at(*path), type=kind, key="hierarchy")
    order, name = block.get("order"), block.get("column")
    if isinstance(order, list) and len({str(word) for word in order}) < len(order):
        yield TWICE.at(places.at(*path, "order"))
    if kind == "ordered" and not order and isinstance(name, str) and scope.columns.get(name, {}).get("type") == "string":
        yield ORDER.at(places.at(*path), column=name)


def _population(scope: Scope, model: dict[str, Any]) -> Iterator[Problem]:
    """The population is there where a model needs it, and says something where it is there."""
    places, population = scope.document.places, scope.document.mapping("privacy", "population")
    k_map, presence, table = model.get("k_map"), model.get("delta_presence"), population.get("table")
    if scope.document.has("privacy", "population") and not population.get("size") and not table:
        yield NOBODY.at(places.at("privacy", "population"))
    if k_map and not population:
        words = {"or_size": ", of `population: {size: …}`", "or_size_en": ", or `population: {size: …}`"}
        yield POPULATION.at(places.at(*PATH, "k_map"), key="k_map", **words)
    if presence and not table:
        yield POPULATION.at(places.at(*PATH, "delta_presence"), key="delta_presence", or_size="", or_size_en="")
    if table and not (k_map or presence):
        yield UNUSED.at(places.at("privacy", "population", "table"))
    if isinstance(k_map, dict) and population:
        if table and k_map.get("significance") is not None:
            yield COUNTED.at(places.key(*PATH, "k_map", "significance"))
        elif not table and k_map.get("significance") is None:
            yield SIGNIFICANCE.at(places.at(*PATH, "k_map"))
    low, high = (presence.get("min", 0), presence.get("max")) if isinstance(presence, dict) else (None, None)
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        yield PRESENCE.at(places.at(*PATH, "delta_presence", "min"))
