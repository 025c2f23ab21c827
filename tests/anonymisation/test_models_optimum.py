"""The optimum against brute force: every model, every measure and any conjunction of models, from their definitions and in fractions."""

from __future__ import annotations

import itertools
import json
import math
from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from anonymisation.hierarchies.base import distinct_values, recode
from anonymisation.hierarchies.file import FileLadder
from anonymisation.microdata import choose
from anonymisation.models.compile import compile_guarantee
from anonymisation.optimum import Search
from anonymisation.tuples import Coded, Tuples
from config.models.privacy import Population, PrivacyModel
from config.models.schema import Column

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LADDERS: dict[str, dict[Any, list[str]]] = {
    "plaats": {"a": ["noord", "*"], "b": ["noord", "*"], "c": ["zuid", "*"], "d": ["zuid", "*"]},
    "leeftijd": {"20": ["jong", "*"], "30": ["jong", "*"], "50": ["oud", "*"]},
}
DISEASES = {"x": ["virus", "*"], "y": ["virus", "*"], "z": ["bot", "*"]}
"""The hierarchy of the sensitive column; with all values height 2."""
NODES = list(itertools.product(range(3), range(3)))
Row = tuple[str, str, str, int]
ROWS = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from(["20", "30", "50"]), st.sampled_from("xyz"), st.integers(1, 4)),
    min_size=1,
    max_size=14,
)
PERSONS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["20", "30", "50"])), max_size=20)


def shares() -> st.SearchStrategy[float]:
    return st.sampled_from([0.1, 0.2, 0.25, 0.3, 0.5, 0.6, 0.75])


MODELS: dict[str, st.SearchStrategy[Any]] = {
    "k": st.integers(2, 4),
    "l": st.one_of(
        st.builds(lambda l: {"column": "ziekte", "value": l}, st.integers(2, 3)),  # noqa: E741
        st.builds(lambda l: {"column": "ziekte", "type": "entropy", "value": l}, st.sampled_from([1.5, 2, 2.5])),  # noqa: E741
        st.builds(
            lambda l, c: {"column": "ziekte", "type": "recursive", "value": l, "c": c},  # noqa: E741
            st.integers(2, 3),
            st.sampled_from([0.5, 1, 2.5]),
        ),
    ),
    "t": st.one_of(
        st.builds(lambda t: {"column": "ziekte", "value": t}, shares()),
        st.builds(lambda t: {"column": "inkomen", "type": "ordered", "value": t}, shares()),
        st.builds(lambda t: {"column": "ziekte", "type": "ordered", "value": t, "order": ["y", "z", "x"]}, shares()),
        st.builds(lambda t: {"column": "ziekte", "type": "hierarchical", "value": t, "hierarchy": {"type": "file", "path": "z"}}, shares()),
    ),
    "beta": st.builds(
        lambda kind, beta: {"column": "ziekte", "type": kind, "value": beta},
        st.sampled_from(["basic", "enhanced"]),
        st.sampled_from([0.2, 0.5, 1, 2]),
    ),
    "delta_disclosure": st.builds(lambda delta: {"column": "ziekte", "value": delta}, st.sampled_from([0.3, 0.5, 1, 2])),
    "k_map": st.builds(lambda k: {"k": k}, st.integers(2, 4)),
    "delta_presence": st.builds(lambda low, high: {"min": low, "max": high}, st.sampled_from([0, 0, 0.1, 0.25]), shares()),
    "average_risk": shares(),
    "strict_average_risk": st.builds(lambda mean, high: {"average": mean, "highest": high}, shares(), st.sampled_from([0.5, 0.4, 1.0])),
    "sample_uniqueness": st.sampled_from([0.0, 0.1, 0.25, 0.5]),
}
EXACT = {"precision", "discernibility", "average-class-size"}
"""Measures whose ties are ties in whole numbers too; the others are rounded to a millionth of a bit or a billionth of a cell."""
MEASURES = ["entropy", "loss", "precision", "discernibility", "average-class-size"]


# --- the definitions, by hand -------------------------------------------------------------------------------------------------------


def label(name: str, value: str, level: int) -> str:
    return value if level == 0 else LADDERS[name][value][level - 1]


def class_of(row: Sequence[Any], node: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(label(name, value, level) for name, value, level in zip(LADDERS, row[:2], node, strict=True))


def entropy_of(counts: Sequence[int]) -> float:
    return -math.fsum(c / sum(counts) * math.log(c / sum(counts)) for c in counts)


def moved(own: Counter[Any], whole: Counter[Any]) -> Fraction:
    """Half the sum of the differences between two distributions."""
    n, total = own.total(), whole.total()
    return sum((abs(Fraction(own[v], n) - Fraction(whole[v], total)) for v in {*own, *whole}), Fraction(0)) / 2


def distance(asked: dict[str, Any], own: list[Any], whole: list[Any]) -> Fraction:
    """The Earth Mover's Distance of a class from the whole input."""
    kind = asked.get("type", "equal")
    if kind == "equal":
        return moved(Counter(own), Counter(whole))
    if kind == "ordered":
        order = [v for v in asked.get("order", sorted(set(whole))) if v in whole]
        ours, theirs = Counter(own), Counter(whole)
        running, total = Fraction(0), Fraction(0)
        for value in order[:-1]:
            running += Fraction(ours[value], len(own)) - Fraction(theirs[value], len(whole))
            total += abs(running)
        return total / (len(order) - 1) if len(order) > 1 else Fraction(0)
    # The paper's own formula: a branch of height h costs h / H x the least of what its children have too much and too little.
    branches = {"virus": "xy", "bot": "z"}
    extra = {v: Fraction(Counter(own)[v], len(own)) - Fraction(Counter(whole)[v], len(whole)) for v in "xyz"}

    def cost(parts: list[Fraction], height: int) -> Fraction:
        return Fraction(height, 2) * min(sum(p for p in parts if p > 0), -sum(p for p in parts if p < 0))

    inner = sum((cost([extra[v] for v in leaves], 1) for leaves in branches.values()), Fraction(0))
    return inner + cost([sum((extra[v] for v in leaves), Fraction(0)) for leaves in branches.values()], 2)


def exact(number: float) -> Fraction:
    return Fraction(str(number))


def fails(key: str, asked: Any, own: list[Row], rows: list[Row], persons: int) -> bool:
    """Say whether a class fails a model, from its definition."""
    by_size = {
        "k": lambda: len(own) < asked,
        "k_map": lambda: persons < asked["k"],
        "delta_presence": lambda: persons == 0 or not exact(asked["min"]) <= Fraction(len(own), persons) <= exact(asked["max"]),
        "strict_average_risk": lambda: Fraction(1, len(own)) > exact(asked["highest"]),
        "average_risk": lambda: False,
        "sample_uniqueness": lambda: False,
    }
    if key in by_size:
        return bool(by_size[key]())
    place = 3 if asked["column"] == "inkomen" else 2
    mine, whole = [row[place] for row in own], [row[place] for row in rows]
    by_value = {"l": diverse, "t": close, "beta": alike, "delta_disclosure": undisclosed}
    return not by_value[key](asked, mine, whole)


def diverse(asked: dict[str, Any], mine: list[Any], whole: list[Any]) -> bool:
    counts = sorted(Counter(mine).values(), reverse=True)
    if asked.get("type", "distinct") == "distinct":
        return len(counts) >= int(asked["value"])
    if asked["type"] == "entropy":
        return entropy_of(counts) >= math.log(asked["value"]) - 1e-9
    return counts[0] < exact(asked["c"]) * sum(counts[int(asked["value"]) - 1 :])


def close(asked: dict[str, Any], mine: list[Any], whole: list[Any]) -> bool:
    return distance(asked, mine, whole) <= exact(asked["value"])


def ratios(mine: list[Any], whole: list[Any]) -> dict[Any, Fraction]:
    """How much more frequent each value of a class is there."""
    ours, theirs = Counter(mine), Counter(whole)
    return {v: Fraction(ours[v], len(mine)) / Fraction(theirs[v], len(whole)) for v in ours}


def alike(asked: dict[str, Any], mine: list[Any], whole: list[Any]) -> bool:
    found = ratios(mine, whole)
    if any(ratio - 1 > exact(asked["value"]) for ratio in found.values()):
        return False
    return asked["type"] == "basic" or all(
        ratio <= 1 or ratio - 1 <= -math.log(whole.count(v) / len(whole)) + 1e-9 for v, ratio in found.items()
    )


def undisclosed(asked: dict[str, Any], mine: list[Any], whole: list[Any]) -> bool:
    return all(abs(math.log2(ratio)) < asked["value"] - 1e-9 for ratio in ratios(mine, whole).values())


def holds_overall(model: dict[str, Any], sizes: Sequence[int]) -> bool:
    """Say whether the models of the whole hold for the classes that stay."""
    rows = sum(sizes)
    if not rows:
        return True
    average = Fraction(len(sizes), rows)
    bounds = [model.get("average_risk"), model.get("strict_average_risk", {}).get("average")]
    alone = model.get("sample_uniqueness")
    return all(bound is None or average <= exact(bound) for bound in bounds) and (
        alone is None or Fraction(sum(size == 1 for size in sizes), rows) <= exact(alone)
    )


class Seen(NamedTuple):
    """What brute force found at a node: rows that go, sizes that stay, sizes that go."""

    out: int
    left: list[int]
    gone: list[int]


def judged(model: dict[str, Any], rows: list[Row], people: list[tuple[str, str]], node: tuple[int, ...]) -> Seen:
    """Find the fewest rows that must go at a node, over all ways to leave classes out."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(class_of(row, node), []).append(row)
    persons = Counter(class_of(person, node) for person in people)

    def fine(name: tuple[str, ...]) -> bool:
        return not any(fails(key, asked, groups[name], rows, persons[name]) for key, asked in model.items())

    good = Counter(len(own) for name, own in groups.items() if fine(name))
    ways = ([size for size, kept in zip(good, counts, strict=True) for _ in range(kept)] for counts in every(good))
    left = max((way for way in ways if holds_overall(model, way)), key=sum)
    if model.get("delta_presence", {}).get("min") and len(left) < len(persons):
        left = []
    gone = Counter(map(len, groups.values())) - Counter(left)
    return Seen(len(rows) - sum(left), left, list(gone.elements()))


def every(counts: Counter[int]) -> Iterator[tuple[int, ...]]:
    """Give all ways to take some of each."""
    yield from itertools.product(*(range(count + 1) for count in counts.values()))


def loss(measure: str, rows: list[Row], node: tuple[int, ...], left: list[int], gone: list[int]) -> float:
    """Give the score of a node, from the definition of the measure."""
    if measure == "discernibility":
        return sum(size * size for size in left) + sum(gone) * len(rows)
    if measure == "average-class-size":
        return len(rows) / (len(left) + bool(gone))
    if measure == "precision":
        return sum(level / 2 for level in node) / 2
    total = 0.0
    for place, (name, level) in enumerate(zip(LADDERS, node, strict=True)):
        fine = Counter(row[place] for row in rows)
        coarse = Counter(label(name, row[place], level) for row in rows)
        for row in rows:
            if measure == "entropy":
                total += math.log2(coarse[label(name, row[place], level)] / fine[row[place]])
            elif len(fine) > 1:
                total += (sum(label(name, value, level) == label(name, row[place], level) for value in fine) - 1) / (len(fine) - 1)
    return total


# --- what is tested ----------------------------------------------------------------------------------------------------------------


def ladder(steps: dict[Any, list[str]]) -> FileLadder:
    columns = tuple(zip(*((value, *labels) for value, labels in steps.items()), strict=True))
    return FileLadder(("1", "2"), columns)


def coded(name: str, kind: str, cells: list[Any], steps: dict[Any, list[str]] | None = None) -> Coded:
    column = Column(name=name, type=kind, classification="quasi" if steps else "sensitive")
    values, codes = distinct_values(pa.array(cells, pa.int64() if kind == "integer" else pa.string()))
    return Coded(column, values, codes, recode(values, column.type, ladder(steps) if steps else None)[0])


def collapsed(rows: list[Row], people: list[tuple[str, str]] | None) -> Tuples:
    """Collapse rows and population by hand, as the engine would."""
    counted = Counter(rows)
    everybody = Counter(people or ())
    combined = [*counted, *((*person, "x", 1) for person in everybody)]
    weights = np.array([*counted.values(), *(0 for _ in everybody)], dtype=np.int64)
    quasi = tuple(coded(name, "string", [row[place] for row in combined], LADDERS[name]) for place, name in enumerate(LADDERS))
    known = (coded("inkomen", "integer", [row[3] for row in combined]), coded("ziekte", "string", [row[2] for row in combined]))
    kept = [value for value in "xyz" if any(row[2] == value for row in rows)]
    assume(len(kept) == len(known[1].values) and len(known[0].values) == len({row[3] for row in rows}))
    persons = None if people is None else np.array([*(0 for _ in counted), *everybody.values()], dtype=np.int64)
    return Tuples(quasi, weights, len(rows), known, persons)


def searched(model: dict[str, Any], tuples: Tuples, measure: str, limit: int) -> tuple[Search, Any]:
    read = PrivacyModel.model_validate_json(json.dumps(model))
    guarantee = compile_guarantee(read, tuples, Population(size=1000), {0: ladder(DISEASES)})
    search = Search(tuples, guarantee, measure, limit, [0] * len(tuples.columns))
    return search, search.run()


@st.composite
def conjunctions(draw: st.DrawFn, *keys: str) -> dict[str, Any]:
    """Any models together; those named certainly."""
    more = draw(st.lists(st.sampled_from(sorted(MODELS)), max_size=2))
    return {key: draw(MODELS[key]) for key in sorted({*keys, *more})}


def compare(model: dict[str, Any], rows: list[Row], people: list[tuple[str, str]], measure: str, limit: int) -> None:
    tuples = collapsed(rows, people)
    search, found = searched(model, tuples, measure, limit)
    seen = {node: judged(model, rows, people, node) for node in NODES}
    allowed = {node: loss(measure, rows, node, one.left, one.gone) for node, one in seen.items() if one.out <= limit}
    assert found.complete
    assert found.size == 9
    assert found.evaluated <= 9
    if not allowed:
        assert found.node is None
        assert search.unmet(found)
        return
    assert found.node is not None
    least = min(allowed.values())
    assert search.metric.value(found.score) == pytest.approx(least, abs=1e-5)
    assert allowed[found.node] == pytest.approx(least, abs=1e-5)
    assert found.suppressed == seen[found.node].out
    if measure in EXACT:
        ties = [(seen[node].out, node) for node, score in allowed.items() if score == pytest.approx(least, abs=1e-12)]
        assert (found.suppressed, found.node) == min(ties)
    kept = choose(tuples, found.node, search.guarantee).kept
    assert int(tuples.weights[~kept].sum()) == found.suppressed


FAST = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


@pytest.mark.parametrize("key", sorted(MODELS))
@FAST
@given(data=st.data(), rows=ROWS, people=PERSONS, share=st.sampled_from([0, 0.1, 0.3, 0.6]))
def test_the_optimum_of_every_model(key: str, data: st.DataObject, rows: list[Row], people: list[tuple[str, str]], share: float) -> None:
    model = data.draw(conjunctions(key))
    everybody = [*people, *(row[:2] for row in rows)]
    compare(model, rows, everybody, data.draw(st.sampled_from(MEASURES)), int(share * len(rows)))


@pytest.mark.parametrize("measure", MEASURES)
@FAST
@given(model=conjunctions(), rows=ROWS, people=PERSONS, share=st.sampled_from([0, 0.1, 0.3, 0.6]))
def test_the_optimum_of_every_measure(
    measure: str, model: dict[str, Any], rows: list[Row], people: list[tuple[str, str]], share: float
) -> None:
    compare({"k": 2, **model}, rows, [*people, *(row[:2] for row in rows)], measure, int(share * len(rows)))
