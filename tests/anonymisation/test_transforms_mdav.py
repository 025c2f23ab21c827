"""Micro-aggregation: groups of k to 2k - 1 of what lies near each other, counted again afterwards."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anonymisation.transforms import _mdav
from anonymisation.transforms._mdav import groups
from config.errors import IntegrityError

if TYPE_CHECKING:
    from conftest import Workshop

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
cells = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5)), min_size=2, max_size=60)


def slowly(points: list[tuple[float, ...]], k: int) -> list[frozenset[int]]:
    """Do MDAV as its paper tells it, record by record."""

    def apart(one: tuple[float, ...], other: tuple[float, ...]) -> float:
        total = 0.0
        for a, b in zip(one, other, strict=True):
            total += (a - b) ** 2
        return total

    def mean(rows: list[int]) -> tuple[float, ...]:
        return tuple(float(np.array([points[row][at] for row in rows]).mean()) for at in range(len(points[0])))

    def around(rows: list[int], centre: tuple[float, ...]) -> list[int]:
        return sorted(rows, key=lambda row: (apart(points[row], centre), row))[:k]

    left, found = list(range(len(points))), []
    while len(left) >= 2 * k:
        middle = mean(left)
        far = min(left, key=lambda row: (-apart(points[row], middle), row))
        group = around(left, points[far])
        twice = len(left) >= 3 * k
        left = [row for row in left if row not in group]
        found.append(frozenset(group))
        if twice:
            other = min(left, key=lambda row: (-apart(points[row], points[group[0]]), row))
            group = around(left, points[other])
            left = [row for row in left if row not in group]
            found.append(frozenset(group))
    return [*found, frozenset(left)]


@QUICK
@given(points=cells, k=st.integers(2, 6))
def test_groups_are_those_of_the_paper(points: list[tuple[int, int]], k: int) -> None:
    exact = [(float(a), float(b)) for a, b in sorted(points)]
    if len(exact) < k:
        return
    number = groups(np.array(exact), k)
    found = {frozenset(np.flatnonzero(number == one).tolist()) for one in set(number.tolist())}
    assert found == set(slowly(exact, k))
    assert all(k <= len(group) < 2 * k for group in found)


def test_large_tables_are_grouped_part_by_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_mdav, "BLOCK", 50)
    points = np.sort(np.random.default_rng(1).normal(size=(1000, 1)), axis=0)
    sizes = Counter(groups(points, 7).tolist())
    assert sum(sizes.values()) == 1000
    assert all(7 <= size < 14 for size in sizes.values())


@QUICK
@given(points=cells, k=st.integers(2, 4))
def test_every_published_pair_occurs_k_times(workshop: Workshop, points: list[tuple[int, int]], k: int) -> None:
    if len(points) < k:
        return
    rule = {"a": {"transform": {"type": "microaggregation", "k": k, "together": ["b"], "decimals": 9}}}
    policy = workshop.privacy(kind="microdata", columns=rule, model={"k": 2})
    done = workshop.protect(workshop.columns(a="number sensitive", b="number sensitive"), [[float(a), float(b)] for a, b in points], policy)
    found = Counter((row["a"], row["b"]) for row in workshop.rows(done))
    assert min(found.values()) >= k
    for at, name in enumerate("ab"):  # the means of groups have the mean of the whole
        total = math.fsum(row[name] for row in workshop.rows(done))
        assert total == pytest.approx(sum(point[at] for point in points), abs=1e-4)


def test_together_k_anonymous_as_quasi_identifiers(workshop: Workshop) -> None:
    rule = {"a": {"transform": {"type": "microaggregation", "k": 3, "together": ["b"]}}}
    policy = workshop.privacy(kind="microdata", columns=rule, model={"k": 3})
    rows = [[number, number * number % 17] for number in range(31)]
    done = workshop.protect(workshop.columns(a="integer quasi", b="integer quasi"), rows, policy)
    assert done.report["after"]["k"] >= 3
    assert done.report["suppressed_rows"] == 0


def test_values_that_too_few_have_are_left_empty(workshop: Workshop) -> None:
    rule = {"a": {"transform": {"type": "microaggregation", "k": 3, "together": ["b"]}}}
    policy = workshop.privacy(kind="microdata", columns=rule, model={"k": 2})
    rows = [[1, 1], [2, 2], [3, 3], [50, None], [60, None], [None, None]]
    done = workshop.protect(workshop.columns(a="integer sensitive", b="integer sensitive"), rows, policy)
    assert Counter((row["a"], row["b"]) for row in workshop.rows(done)) == {(2, 2): 3, (None, None): 3}
    assert done.report["before"]["emptied"] == {"a": 2, "b": 2}


def test_too_few_rows_are_refused(workshop: Workshop) -> None:
    policy = workshop.privacy(kind="microdata", columns={"a": {"transform": {"type": "microaggregation", "k": 5}}}, model={"k": 2})
    done = workshop.protect(workshop.columns(a="integer sensitive"), [[1], [2]], policy)
    assert done.table is None
    assert [problem.code for problem in done.problems] == ["transform.microaggregation-few"]


def test_a_group_that_is_too_small_is_found_afterwards(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(points: np.ndarray, _k: int) -> np.ndarray:
        return np.arange(len(points))

    monkeypatch.setattr("anonymisation.transforms.microaggregation.groups", wrong)
    policy = workshop.privacy(kind="microdata", columns={"a": {"transform": {"type": "microaggregation", "k": 2}}}, model={"k": 2})
    with pytest.raises(IntegrityError):
        workshop.protect(workshop.columns(a="integer sensitive"), [[1], [2], [3]], policy)
