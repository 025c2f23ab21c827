"""The guarantee that `privacy.model` asks, made ready for the data: its references counted, its numbers exact.

The reference distribution of t-closeness, beta-likeness and delta-disclosure is that of the whole input: all rows not set aside by a
check, those that will be suppressed included (as ARX).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from anonymisation.hierarchies.base import as_text, open_ladder, recode
from anonymisation.models.average_risk import AverageRisk
from anonymisation.models.base import Guarantee, Reference, exactly, summed
from anonymisation.models.beta_likeness import BetaLikeness
from anonymisation.models.delta_disclosure import DeltaDisclosure
from anonymisation.models.delta_presence import DeltaPresence
from anonymisation.models.distinct_diversity import DistinctDiversity
from anonymisation.models.entropy_diversity import EntropyDiversity
from anonymisation.models.equal_closeness import EqualCloseness
from anonymisation.models.hierarchical_closeness import HierarchicalCloseness
from anonymisation.models.k_anonymity import KAnonymity
from anonymisation.models.k_map import KMap, estimated_k
from anonymisation.models.ordered_closeness import OrderedCloseness
from anonymisation.models.recursive_diversity import RecursiveDiversity
from anonymisation.models.sample_uniqueness import SampleUniqueness
from config.errors import ConfigurationError, Message, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import numpy as np

    from anonymisation.hierarchies.base import Ladder
    from anonymisation.models.base import ClassModel, TableModel
    from anonymisation.tuples import Coded, Tuples
    from config.models.privacy import Closeness, Diversity, Population, PrivacyModel

UNORDERED = Message(
    "anonymise.unordered",
    nl="De tekst in kolom {column} heeft geen vanzelfsprekende volgorde. Noem alle waarden van laag naar hoog bij `order`.",
    en="The text in column {column} has no order of its own. Name all values from low to high at `order`.",
)
OUT_OF_ORDER = Message(
    "anonymise.out-of-order",
    nl="In kolom {column} komen {count} waarden voor die niet bij `order` staan. Vul de lijst aan.",
    en="Column {column} holds {count} values that `order` does not name. Complete the list.",
)
MISFIT = Message(
    "anonymise.sensitive-misfit",
    nl="Kolom {column}: {count} verschillende waarden staan niet in de hiërarchie van t. Vul de hiërarchie aan.",
    en="Column {column}: {count} different values are not in the hierarchy of t. Complete the hierarchy.",
)
FEW = Message(
    "anonymise.population-size",
    nl="De bevolking (population.size: {size}) is kleiner dan het aantal rijen ({rows}). Verhoog `size`, of geef een tabel.",
    en="The population (population.size: {size}) is smaller than the number of rows ({rows}). Raise `size`, or give a table.",
)


def compile_guarantee(
    model: PrivacyModel | None, tuples: Tuples, population: Population | None, ladders: Mapping[int, Ladder] | None = None
) -> Guarantee:
    """Make the guarantee.

    Args:
        model: what is asked; None: nothing.
        tuples: the combinations, with every sensitive column that the model mentions.
        population: its size, where k-map estimates with it; a table is in `tuples`.
        ladders: position in ``t`` → the hierarchy of that sensitive column.

    Raises:
        ConfigurationError: a value has no place in the order or in the hierarchy; the population is smaller than the data.
    """
    if model is None:
        return Guarantee()
    classwise = (*_sizes(model, tuples, population), *_diversity(model), *_distribution(model, tuples, ladders or {}))
    complete = model.delta_presence is not None and model.delta_presence.min > 0
    return Guarantee(classwise, tuple(_overall(model)), complete)


def sensitive_ladders(model: PrivacyModel | None, base: Path) -> dict[int, Ladder]:
    """Open the hierarchies of t-closeness: position in ``t`` → hierarchy; ConfigurationError when one cannot be read."""
    asked = enumerate(model.t or ()) if model else ()
    return {position: open_ladder(one.hierarchy, base) for position, one in asked if one.hierarchy}


def _sizes(model: PrivacyModel, tuples: Tuples, population: Population | None) -> Iterator[ClassModel]:
    """Yield the models that look at rows and persons only."""
    if model.k is not None:
        yield KAnonymity(model.k)
    if model.strict_average_risk:
        yield KAnonymity(math.ceil(1 / exactly(model.strict_average_risk.highest)), "strict_average_risk", "strict_average_risk: k")
    if model.k_map and tuples.population is not None:
        yield KMap(model.k_map.k)
    elif model.k_map:
        size = population.size if population and population.size else 0
        if size < tuples.rows:
            raise ConfigurationError(FEW.at(Place(path="privacy.population.size"), size=size, rows=tuples.rows))
        needed = estimated_k(model.k_map.k, model.k_map.significance or 0.0, tuples.rows, max(size, 1))
        yield KAnonymity(needed, "k_map", f"k_map = {model.k_map.k}: k")
    if model.delta_presence:
        yield DeltaPresence(exactly(model.delta_presence.min), exactly(model.delta_presence.max))


def _diversity(model: PrivacyModel) -> Iterator[ClassModel]:
    """Yield l-diversity of each column."""
    for one in model.l or ():
        yield _diverse(one)


def _diverse(asked: Diversity) -> ClassModel:
    if asked.type == "distinct":
        return DistinctDiversity(asked.column, math.ceil(asked.value))
    if asked.type == "entropy":
        return EntropyDiversity(asked.column, exactly(asked.value))
    return RecursiveDiversity(asked.column, math.ceil(asked.value), exactly(asked.c or 1.0))


def _distribution(model: PrivacyModel, tuples: Tuples, ladders: Mapping[int, Ladder]) -> Iterator[ClassModel]:
    """Yield the models that compare with the whole input."""
    coded = {one.name: one for one in tuples.sensitive}
    for position, one in enumerate(model.t or ()):
        yield _close(one, coded[one.column], tuples, ladders.get(position))
    for likeness in model.beta or ():
        reference = _reference(coded[likeness.column], tuples)
        yield BetaLikeness(reference, exactly(likeness.value), enhanced=likeness.type == "enhanced")
    for disclosure in model.delta_disclosure or ():
        yield DeltaDisclosure(_reference(coded[disclosure.column], tuples), exactly(disclosure.value))


def _close(asked: Closeness, coded: Coded, tuples: Tuples, ladder: Ladder | None) -> ClassModel:
    t = exactly(asked.value)
    if asked.type == "equal":
        return EqualCloseness(_reference(coded, tuples), t)
    place = Place(path="privacy.model.t")
    if asked.type == "ordered":
        return OrderedCloseness(_reference(coded, tuples), t, _ranks(asked, coded, place))
    levels, misfits = recode(coded.values, coded.column.type, ladder)
    if len(misfits):
        raise ConfigurationError(MISFIT.at(place, column=coded.name, count=len(misfits)))
    return HierarchicalCloseness(_reference(coded, tuples, tuple(level.codes for level in levels[1:])), t)


def _ranks(asked: Closeness, coded: Coded, place: Place) -> np.ndarray | None:
    """Give the rank of each value code; a missing value comes last."""
    import numpy as np

    if not asked.order:
        if coded.column.type == "string":
            raise ConfigurationError(UNORDERED.at(place, column=coded.name))
        return None
    places = {text: rank for rank, text in enumerate(asked.order)}
    texts = as_text(coded.values).to_pylist()
    unknown = sum(text is not None and text not in places for text in texts)
    if unknown:
        raise ConfigurationError(OUT_OF_ORDER.at(place, column=coded.name, count=unknown))
    wanted = np.array([len(places) if text is None else places[text] for text in texts], dtype=np.int64)
    ranks = np.empty(len(wanted), dtype=np.int64)
    ranks[np.argsort(wanted, kind="stable")] = np.arange(len(wanted))
    return ranks


def _reference(coded: Coded, tuples: Tuples, levels: tuple[np.ndarray, ...] = ()) -> Reference:
    return Reference(coded.name, summed(coded.codes, tuples.weights, len(coded.values)), levels)


def _overall(model: PrivacyModel) -> Iterator[TableModel]:
    """Yield the models of the rows that stay."""
    if model.average_risk is not None:
        yield AverageRisk(exactly(model.average_risk))
    if model.strict_average_risk:
        yield AverageRisk(exactly(model.strict_average_risk.average), "strict_average_risk")
    if model.sample_uniqueness is not None:
        yield SampleUniqueness(exactly(model.sample_uniqueness))
