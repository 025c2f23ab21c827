"""The proof from the written file: it lets a release pass that holds what was promised, and stops one that by a single row does not."""

from __future__ import annotations

import itertools
import json
import math
from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from anonymisation.verify_distances import equal, hierarchical, ordered
from anonymisation.verify_models import Source, prove_models
from anonymisation.verify_population import read_persons
from config.errors import IntegrityError
from config.models.privacy import PrivacyModel

if TYPE_CHECKING:
    from pathlib import Path

Rows = list[tuple[str, str]]
TREE = {"a": ("x", "*"), "b": ("x", "*"), "c": ("y", "*"), "d": ("y", "*")}
SOUND: Rows = [("noord", value) for value in "aabbc"] + [("zuid", value) for value in "abbcd"]


def written(folder: Path, rows: Rows) -> Path:
    path = folder / "release.parquet"
    pq.write_table(pa.table({"wijk": [row[0] for row in rows], "ziekte": [row[1] for row in rows]}), path)
    return path


def source(rows: Rows) -> Source:
    return Source(len(rows), {"ziekte": Counter(value for _, value in rows)}, {0: TREE}, size=100)


def prove(folder: Path, model: dict[str, Any], rows: Rows, whole: Source | None = None) -> dict[str, Any]:
    return prove_models(written(folder, rows), ["wijk"], PrivacyModel.model_validate_json(json.dumps(model)), whole or source(SOUND))


HOLDS: list[tuple[dict[str, Any], Rows]] = [
    # what holds of SOUND, and a file in which it just does not
    ({"k": 5}, SOUND[:-1]),
    ({"k": 2, "average_risk": 0.2}, [*SOUND[:-1], ("oost", "a")]),
    ({"k": 2, "strict_average_risk": {"average": 0.2, "highest": 0.2}}, SOUND[:-1]),
    ({"sample_uniqueness": 0.0}, [*SOUND, ("oost", "a")]),
    ({"k": 2, "l": {"column": "ziekte", "value": 3}}, [*SOUND[:4], *SOUND[5:]]),
    ({"k": 2, "l": {"column": "ziekte", "type": "entropy", "value": 2.8}}, [*SOUND[:4], *SOUND[5:]]),
    ({"k": 2, "l": {"column": "ziekte", "type": "recursive", "value": 2, "c": 1}}, [*SOUND, ("noord", "a"), ("noord", "a")]),
    ({"k": 2, "t": {"column": "ziekte", "type": "equal", "value": 0.2}}, [row for row in SOUND if row != ("noord", "b")]),
    (
        {"k": 2, "t": {"column": "ziekte", "type": "ordered", "value": 0.2, "order": ["a", "b", "c", "d"]}},
        [*SOUND, ("zuid", "d"), ("zuid", "d")],
    ),
    (
        {"k": 2, "t": {"column": "ziekte", "type": "hierarchical", "value": 0.2}},
        [*SOUND, ("zuid", "d"), ("zuid", "d")],
    ),
    ({"k": 2, "beta": {"column": "ziekte", "value": 1}}, [*SOUND, ("zuid", "d"), ("zuid", "d")]),
    ({"k": 2, "beta": {"column": "ziekte", "type": "enhanced", "value": 1}}, [*SOUND, ("zuid", "d"), ("zuid", "d")]),
    ({"k": 2, "delta_disclosure": {"column": "ziekte", "value": 1.01}}, [*SOUND, ("zuid", "d"), ("zuid", "d")]),
    ({"k_map": {"k": 5, "significance": 0.1}}, [*SOUND, ("oost", "a")]),
]


@pytest.mark.parametrize(("model", "broken"), HOLDS, ids=lambda value: "-".join(value) if isinstance(value, dict) else "")
def test_a_promise_that_holds_passes_and_one_that_does_not_stops(tmp_path: Path, model: dict[str, Any], broken: Rows) -> None:
    prove(tmp_path, model, SOUND)
    with pytest.raises(IntegrityError):
        prove(tmp_path, model, broken)


def test_the_distribution_held_against_is_that_of_the_source_not_of_the_file(tmp_path: Path) -> None:
    model = {"k": 2, "t": {"column": "ziekte", "type": "equal", "value": 0.1}}
    one_sided: Rows = [("noord", "a"), ("noord", "a"), ("zuid", "a"), ("zuid", "a")]
    prove(tmp_path, model, one_sided, source(one_sided))
    with pytest.raises(IntegrityError):
        prove(tmp_path, model, one_sided, source([*one_sided, ("oost", "b")]))


def population(rows: dict[str, int]) -> Source:
    table = pa.table({"wijk": list(rows), "n": list(rows.values())})
    return Source(10, {}, population=read_persons(table, ["wijk"], "n", {}, {"wijk": 0}))


def test_the_persons_of_the_population_are_counted(tmp_path: Path) -> None:
    prove(tmp_path, {"k_map": {"k": 5}}, SOUND, population({"noord": 5, "zuid": 9}))
    with pytest.raises(IntegrityError):
        prove(tmp_path, {"k_map": {"k": 5}}, SOUND, population({"noord": 4, "zuid": 9}))
    presence = {"k": 2, "delta_presence": {"min": 0.1, "max": 0.5}}
    prove(tmp_path, presence, SOUND, population({"noord": 10, "zuid": 50}))
    for wrong in ({"noord": 9, "zuid": 50}, {"noord": 10, "zuid": 51}, {"noord": 10, "zuid": 50, "oost": 1}):
        with pytest.raises(IntegrityError):
            prove(tmp_path, presence, SOUND, population(wrong))


def test_where_steps_are_mixed_a_person_fits_every_label_that_is_theirs() -> None:
    class Ladder:
        names = ("grof",)

        def labels(self, values: pa.Array) -> list[pa.Array]:
            return [pa.array([value[0] for value in values.to_pylist()])]

        def domain(self, *_: object) -> None:
            return None

    table = pa.table({"wijk": ["a1", "a2", "b1"], "n": [3, 4, 5]})
    persons = read_persons(table, ["wijk"], "n", {"wijk": Ladder()}, None)
    assert [persons.fit((label,)) for label in ("a1", "a", "*", "b", "c")] == [3, 7, 12, 5, 0]
    assert persons.left_over([("a1",), ("b",)]) == 4


def test_what_is_attained_is_told(tmp_path: Path) -> None:
    model = {"k": 2, "l": {"column": "ziekte", "value": 3}, "t": {"column": "ziekte", "type": "equal", "value": 0.5}}
    told = prove(tmp_path, model, SOUND)
    assert told["l"] == {"ziekte": 3}
    assert told["entropy_l"]["ziekte"] == pytest.approx(math.exp(-2 * 0.4 * math.log(0.4) - 0.2 * math.log(0.2)), abs=0.01)
    assert 0 < told["t"]["ziekte (equal)"] <= 0.5


COUNTS = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 6), min_size=1)


def moved(values: Counter[str], whole: Counter[str], distance: Any) -> float:
    """The Earth Mover's Distance by its definition: the cheapest way to move one distribution into the other, as a linear programme."""
    names = sorted(whole)
    rows, total = sum(values.values()), sum(whole.values())
    cost = [distance(one, other) for one, other in itertools.product(names, names)]
    outgoing = np.kron(np.eye(len(names)), np.ones(len(names)))
    incoming = np.kron(np.ones(len(names)), np.eye(len(names)))
    wanted = [values[name] / rows for name in names] + [whole[name] / total for name in names]
    found = linprog(cost, A_eq=np.vstack([outgoing, incoming]), b_eq=wanted, method="highs")
    return float(found.fun)


@given(COUNTS, COUNTS)
def test_each_distance_is_the_cheapest_way_to_move_one_distribution_into_the_other(values: dict[str, int], rest: dict[str, int]) -> None:
    inside, whole = Counter(values), Counter(values) + Counter(rest)
    names = sorted(whole)
    heights = {(one, other): 0 if one == other else 1 if TREE[one][0] == TREE[other][0] else 2 for one in TREE for other in TREE}
    assert float(equal(inside, whole)) == pytest.approx(moved(inside, whole, lambda one, other: float(one != other)), abs=1e-9)
    assert float(hierarchical(inside, whole, TREE)) == pytest.approx(
        moved(inside, whole, lambda one, other: heights[one, other] / 2), abs=1e-9
    )
    if len(names) > 1:
        steps = len(names) - 1
        (found,) = ordered([inside], whole, ())
        assert float(found) == pytest.approx(
            moved(inside, whole, lambda one, other: abs(names.index(one) - names.index(other)) / steps), abs=1e-9
        )
    else:
        assert ordered([inside], whole, ()) == [Fraction(0)]
