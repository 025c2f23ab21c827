"""Counting classes: what makes it fast (packs of columns, collapses that are remembered, a hash) never makes it different."""

from __future__ import annotations

import itertools
import math
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymisation import packed
from anonymisation.classes import Classes
from anonymisation.hierarchies.base import Level
from anonymisation.models.base import Guarantee
from anonymisation.models.k_anonymity import KAnonymity
from anonymisation.tuples import Coded, Tuples
from config.models.schema import Column


@st.composite
def combinations(draw: st.DrawFn) -> Tuples:
    """Columns of any width with a hierarchy of random merges, and random combinations of them."""
    count, columns = draw(st.integers(1, 40)), []
    for number in range(draw(st.integers(1, 4))):
        size = draw(st.integers(1, 9))
        codes = np.array(draw(st.lists(st.integers(0, size - 1), min_size=count, max_size=count)), dtype=np.int32)
        levels = [Level(None, "string", pa.array(range(size)), np.arange(size, dtype=np.int32))]
        while len(levels[-1].labels) > 1 and draw(st.booleans()):
            wide = len(levels[-1].labels)
            merge = np.array(draw(st.lists(st.integers(0, wide - 1), min_size=wide, max_size=wide)))
            kept, codes_above = np.unique(merge[levels[-1].codes], return_inverse=True)
            levels.append(Level("stap", "string", pa.array(range(len(kept))), codes_above.astype(np.int32)))
        column = Column(name=f"c{number}", type="string", classification="quasi")
        columns.append(Coded(column, pa.array(range(size)), codes, tuple(levels)))
    weights = np.array(draw(st.lists(st.integers(1, 5), min_size=count, max_size=count)), dtype=np.int64)
    return Tuples(tuple(columns), weights, int(weights.sum()))


def plainly(tuples: Tuples, node: tuple[int, ...]) -> list[int]:
    """Count the rows of each class without any art."""
    counted: Counter[tuple[int, ...]] = Counter()
    for row, weight in enumerate(tuples.weights.tolist()):
        counted[tuple(int(one.at(level)[row]) for one, level in zip(tuples.columns, node, strict=True))] += weight
    return sorted(counted.values())


def nodes(tuples: Tuples) -> list[tuple[int, ...]]:
    return list(itertools.product(*(range(len(one.levels)) for one in tuples.columns)))


@given(combinations(), st.randoms(use_true_random=False), st.sampled_from([1, 6, 30, 4096]))
def test_sizes_at_every_node_in_any_order_of_asking(tuples: Tuples, dice: st.Random, room: int) -> None:
    most, packed.MOST = packed.MOST, room
    try:
        classes, asked = Classes(tuples), nodes(tuples)
        dice.shuffle(asked)
        for node in asked:
            assert sorted(classes.sizes(node).tolist()) == plainly(tuples, node)
    finally:
        packed.MOST = most


@given(combinations(), st.integers(2, 6))
def test_what_fails_when_classes_are_taken_together_fails(tuples: Tuples, k: int) -> None:
    guarantee = Guarantee((KAnonymity(k),))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("anonymisation.classes.needs_numbers", lambda _size, _rows: True)
        for node in nodes(tuples):
            merged = Classes(tuples).merged(node)
            assert merged is not None
            assert int(merged.sizes.sum()) == tuples.rows
            assert guarantee.suppressed(merged) <= sum(size for size in plainly(tuples, node) if size < k)


def test_a_hash_tells_most_classes_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it would settle nothing: of 5,000 combinations that are all alone nearly all must still be seen to be alone or nearly so."""
    size = 5000
    column = Column(name="c", type="string", classification="quasi")
    codes = np.arange(size, dtype=np.int32)
    coded = Coded(column, pa.array(range(size)), codes, (Level(None, "string", pa.array(range(size)), codes),))
    classes = Classes(Tuples((coded,), np.ones(size, dtype=np.int64), size))
    monkeypatch.setattr("anonymisation.classes.needs_numbers", lambda _size, _rows: True)
    merged = classes.merged((0,))
    assert merged is not None
    assert Guarantee((KAnonymity(5),)).suppressed(merged) > 0.9 * size


@given(st.lists(st.integers(1, 300), min_size=1, max_size=9))
def test_packs_hold_every_column_once_and_stay_small(sizes: list[int]) -> None:
    columns = [
        Coded(Column(name=f"c{number}", type="string", classification="quasi"), pa.array(range(size)), np.zeros(1, dtype=np.int32), ())
        for number, size in enumerate(sizes)
    ]
    made = packed.packs(columns)
    assert sorted(column for pack in made for column in pack.columns) == list(range(len(sizes)))
    for pack in made:
        assert math.prod(pack.sizes) <= packed.MOST or len(pack.columns) == 1
