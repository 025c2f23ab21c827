"""Models at their edges: exactly on the bound, numbers too large for 64 bits, classes that only the population has."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymisation.models import base
from anonymisation.models.average_risk import AverageRisk
from anonymisation.models.base import ClassTable, Guarantee, Reference, class_table, exactly, floors
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


def table(*classes: list[int], scale: int = 1) -> ClassTable:
    """Make classes from the counts of their values; the column is called ``s``."""
    owners = np.repeat(np.arange(len(classes)), [len(counts) for counts in classes])
    codes = np.array([code for counts in classes for code in range(len(counts))], dtype=np.int64)
    weights = np.array([count * scale for counts in classes for count in counts], dtype=np.int64)
    return class_table(owners, len(classes), weights, {"s": codes})


def whole(*counts: int, levels: tuple[np.ndarray, ...] = ()) -> Reference:
    return Reference("s", np.array(counts, dtype=np.int64), levels)


def test_counts_of_classes() -> None:
    made = table([3, 0, 2], [0, 0], [1])
    assert made.sizes.tolist() == [5, 0, 1]
    pairs = made.sensitive["s"]
    assert (pairs.starts.tolist(), pairs.values.tolist(), pairs.counts.tolist()) == ([0, 2, 2, 3], [0, 2, 0], [3, 2, 1])
    assert pairs.owners().tolist() == [0, 0, 2]
    assert pairs.per_class(pairs.counts).tolist() == [5, 0, 1]


@pytest.mark.parametrize(
    ("counts", "l", "holds"),
    [
        ([1, 1], "2", True),
        ([500_000, 500_000], "2", True),
        ([500_000, 499_999], "2", False),
        ([7, 7, 7], "3", True),
        ([7, 7, 7], "3.0000000001", False),
        ([1, 1, 2], "2.8284271247", True),  # 2 ** 1.5 = 2.82842712474…
        ([1, 1, 2], "2.8284271248", False),
        ([2, 2, 4], "2.8284271248", False),
        ([9], "1.0000001", False),
    ],
)
def test_entropy_on_the_bound(counts: list[int], l: str, *, holds: bool) -> None:  # noqa: E741
    assert EntropyDiversity("s", Fraction(l)).failing(table(counts)).tolist() == [not holds]


def test_recursive_diversity_is_strict() -> None:
    """Four against twice the two rarest together: 4 < 2 x 2 is not so; one more is."""
    assert RecursiveDiversity("s", 2, Fraction(2)).failing(table([4, 2], [4, 3], [4, 1, 1], [5])).tolist() == [True, False, True, True]
    assert RecursiveDiversity("s", 3, Fraction(5, 2)).failing(table([4, 3, 2], [5, 4, 2], [5, 4])).tolist() == [False, True, True]


def test_closeness_on_the_bound() -> None:
    """A tenth as typed is a tenth: 0.1 is not the nearest number in binary."""
    half = whole(10, 10)
    assert EqualCloseness(half, exactly(0.1)).failing(table([6, 4], [61, 39])).tolist() == [False, True]
    assert EqualCloseness(half, exactly(0.3)).failing(table([8, 2], [801, 199])).tolist() == [False, True]


def test_ordered_distance_of_the_paper() -> None:
    """Li, Li and Venkatasubramanian, §4.1: salaries 3k … 11k; {3k, 4k, 5k} is 0.375 away, {6k, 8k, 11k} 0.167."""
    low, spread = [1, 1, 1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 1, 0, 1, 0, 0, 1]
    for t, failing in ((Fraction(375, 1000), [False, False]), (Fraction(374, 1000), [True, False]), (Fraction(166, 1000), [True, True])):
        assert OrderedCloseness(whole(*[1] * 9), t).failing(table(low, spread)).tolist() == failing


def test_ordered_distance_by_a_given_order() -> None:
    """With the middle value moved to the end, what was near is far."""
    ranks = np.array([0, 2, 1])
    counts = whole(2, 2, 2)
    assert OrderedCloseness(counts, Fraction(1, 5)).failing(table([1, 1, 0], [1, 0, 1])).tolist() == [True, False]
    assert OrderedCloseness(counts, Fraction(1, 5), ranks).failing(table([1, 1, 0], [1, 0, 1])).tolist() == [False, True]


def test_a_hierarchy_without_one_top_gets_a_root() -> None:
    """Two branches of two: a class in one branch is a half away at the branches and a half at the values; H is 2."""
    branches = np.array([0, 0, 1, 1], dtype=np.int32)
    asked = HierarchicalCloseness(whole(1, 1, 1, 1, levels=(branches,)), Fraction(1, 2))
    assert asked.height == 2
    assert asked.failing(table([1, 1, 0, 0], [3, 0, 0, 0])).tolist() == [False, True]
    topped = HierarchicalCloseness(whole(1, 1, 1, 1, levels=(branches, np.zeros(4, dtype=np.int32))), Fraction(1, 2))
    assert topped.height == 2


@settings(max_examples=60)
@given(classes=st.lists(st.lists(st.integers(0, 4), min_size=5, max_size=5), min_size=1, max_size=6), t=st.fractions(0, 1))
def test_numbers_too_large_for_64_bits_are_judged_the_same(classes: list[list[int]], t: Fraction) -> None:
    scale = 10**9
    counts = [sum(column) + 1 for column in zip(*classes, strict=True)]
    large = whole(*(count * scale for count in counts))
    levels = (np.array([0, 0, 1, 1, 1]), np.zeros(5, dtype=np.int64))
    small, hierarchy = whole(*counts), whole(*counts, levels=levels)
    assert base.whole(large.rows**2 * 5) is object
    for one, other in (
        (EqualCloseness(small, t), EqualCloseness(large, t)),
        (OrderedCloseness(small, t), OrderedCloseness(large, t)),
        (HierarchicalCloseness(hierarchy, t), HierarchicalCloseness(Reference("s", large.counts, levels), t)),
        (BetaLikeness(small, t), BetaLikeness(large, t)),
    ):
        assert one.failing(table(*classes)).tolist() == other.failing(table(*classes, scale=scale)).tolist()


def test_likeness_and_disclosure_on_the_bound() -> None:
    reference = whole(50, 50)
    assert BetaLikeness(reference, Fraction(1, 2)).failing(table([3, 1], [751, 249])).tolist() == [False, True]
    # -ln(1/2) is 0.693: of three rows two may share a value (a gain of a third), of four not all (a gain of one).
    assert BetaLikeness(reference, Fraction(2), enhanced=True).failing(table([2, 1], [4], [85, 15])).tolist() == [False, True, True]
    # |log2| of a share of a quarter against a half is 1 exactly, and 1 is not below 1.
    assert DeltaDisclosure(reference, Fraction(1)).failing(table([3, 1], [2, 1], [1, 0])).tolist() == [True, False, True]
    assert BetaLikeness(whole(9), Fraction(1), enhanced=True).failing(table([4])).tolist() == [False]


def test_presence_and_map_count_the_population() -> None:
    classes = ClassTable(np.array([2, 5, 0, 3]), np.array([4, 5, 7, 0]))
    assert KMap(5).failing(classes).tolist() == [True, False, False, True]
    assert DeltaPresence(Fraction(0), Fraction(1, 2)).failing(classes).tolist() == [False, True, False, True]
    present = DeltaPresence(Fraction(1, 2), Fraction(1))
    assert present.failing(classes).tolist() == [False, False, True, True]
    # Nobody of the third class is in the data: with a lower bound nothing may then be published.
    assert not Guarantee((present,), complete=True).keeps(classes).any()
    assert Guarantee((present,), complete=True).keeps(ClassTable(classes.sizes[:2], classes.population[:2])).all()  # type: ignore[index]


def test_the_smallest_classes_go_first_and_equal_ones_in_canonical_order() -> None:
    sizes, rank = np.array([4, 1, 2, 1, 9]), np.array([0, 4, 2, 1, 3])
    kept = Guarantee(overall=(AverageRisk(Fraction(1, 4)),)).keeps(ClassTable(sizes, rank=rank))
    assert kept.tolist() == [True, True, True, False, True]  # 16 rows in 4 classes; the first of the two that stand alone
    assert Guarantee(overall=(SampleUniqueness(Fraction(0)),)).keeps(ClassTable(sizes, rank=rank)).tolist() == [
        True,
        False,
        True,
        False,
        True,
    ]
    both = Guarantee((KAnonymity(2),), (AverageRisk(Fraction(1, 5)),))
    assert both.keeps(ClassTable(sizes, rank=rank)).tolist() == [True, False, True, False, True]
    assert both.suppressed(ClassTable(sizes)) == 2


def binomial(k: int, fraction: float, seen: int) -> float:
    """The chance of at least `seen` of k persons, given that there is one: the real thing that the estimate stands for."""
    tail = math.fsum(math.comb(k, n) * fraction**n * (1 - fraction) ** (k - n) for n in range(seen, k + 1))
    return tail / (1 - (1 - fraction) ** k)


@pytest.mark.parametrize("k", [2, 5, 10, 50])
@pytest.mark.parametrize("fraction", [0.001, 0.05, 0.3, 0.9])
@pytest.mark.parametrize("significance", [0.001, 0.01, 0.1])
def test_the_estimate_of_k_map_errs_on_the_safe_side(k: int, fraction: float, significance: float) -> None:
    needed = estimated_k(k, significance, round(fraction * 1_000_000), 1_000_000)
    assert 1 <= needed <= k
    assert needed == k or binomial(k, fraction, needed) <= significance


def test_the_estimate_of_k_map_as_arx_has_it() -> None:
    """Truncated Poisson with mean 5 x 0.1: P(f >= 3 | f >= 1) = 0.0366, P(f >= 4 | …) = 0.0045."""
    assert [estimated_k(5, alpha, 100, 1000) for alpha in (0.3, 0.05, 0.01, 0.001)] == [2, 3, 4, 5]
    assert estimated_k(5, 0.05, 1000, 1000) == 5
    assert estimated_k(5, 0.05, 0, 1000) == 1


@given(numbers=st.lists(st.integers(0, 2**40), min_size=1), factor=st.fractions(0, 2**40, max_denominator=2**20), less=st.integers(0, 1))
def test_floors_are_exact(numbers: list[int], factor: Fraction, less: int) -> None:
    found = floors(np.array(numbers, dtype=np.int64), factor, less).tolist()
    top, bottom = factor.as_integer_ratio()
    assert found == [min((number * top - less) // bottom, base.LARGEST) for number in numbers]


def test_what_is_monotone() -> None:
    plain, spread = KAnonymity(5), EntropyDiversity("s", Fraction(2))
    disclosure = DeltaDisclosure(whole(1, 1), Fraction(1))
    assert Guarantee((plain, DistinctDiversity("s", 2)), (AverageRisk(Fraction(1, 9)),)).monotone(limit=9)
    assert Guarantee((plain, spread)).monotone(limit=0)
    assert not Guarantee((plain, spread)).monotone(limit=1)
    assert not Guarantee((plain, disclosure)).monotone(limit=0)
    assert Guarantee((plain, spread, disclosure)).upward.names == ("k = 5",)
