"""SUDA2 against the definition: every set of columns of every row, tried by hand."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anonymisation.risks.suda2 import Records, affordable, of_file, score, suda2

TABLES = st.integers(1, 4).flatmap(lambda width: st.lists(st.tuples(*[st.integers(0, 3)] * width), min_size=1, max_size=14))


def records(rows: list[tuple[int, ...]], *, collapsed: bool = True) -> Records:
    counted = Counter(rows) if collapsed else None
    keys = list(counted) if counted else rows
    weights = np.array([counted[key] for key in keys] if counted else [1] * len(rows))
    codes = [np.array([key[at] for key in keys]) for at in range(len(rows[0]))]
    return Records(tuple("abcd"[: len(codes)]), codes, [4] * len(codes), weights)


def by_hand(rows: list[tuple[int, ...]], largest: int) -> list[list[tuple[int, ...]]]:
    """Give the minimal sample uniques of each row."""
    width, found = len(rows[0]), []
    for row in rows:
        alone = [
            chosen
            for size in range(1, width + 1)
            for chosen in combinations(range(width), size)
            if sum(all(other[at] == row[at] for at in chosen) for other in rows) == 1
        ]
        found.append([one for one in alone if len(one) <= largest and not any(set(part) < set(one) for part in alone)])
    return found


@settings(max_examples=150)
@given(rows=TABLES, largest=st.integers(1, 4), collapsed=st.booleans())
def test_minimal_uniques_scores_and_columns_are_those_of_the_definition(
    rows: list[tuple[int, ...]], largest: int, *, collapsed: bool
) -> None:
    width = len(rows[0])
    largest = min(largest, width)
    known = records(rows, collapsed=collapsed)
    found = suda2(known, budget=sum(size * math.comb(width, size) for size in range(1, largest + 1)) * len(known.weights))
    expected = by_hand(rows, found.size)
    assert found.size >= largest
    assert +found.sizes == Counter(len(one) for own in expected for one in own)
    scores = [sum(score(len(one), width, found.size) for one in own) for own in expected if own]
    assert sorted(found.scores) == sorted(scores)
    told = found.told(0, 0, None)
    assert told["suda_uniques"] == sum(bool(own) for own in expected)
    for at, name in enumerate(known.names):
        mine = sum(score(len(one), width, found.size) for own in expected for one in own if at in one)
        assert told["suda"]["contribution"][name] == pytest.approx(mine / sum(scores) if scores else 0, abs=1e-6)


def test_a_score_is_the_product_of_the_columns_that_are_left() -> None:
    assert [score(size, 4, 4) for size in (1, 2, 3, 4)] == [6, 2, 1, 1], "factorials of ATT - k"
    assert [score(size, 6, 2) for size in (1, 2)] == [20, 4]
    assert score(1, 1, 1) == 1


def test_rows_that_stand_out_by_less_score_more() -> None:
    found = suda2(records([(0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1), (1, 1, 1)]))
    assert max(found.scores) == score(1, 3, 3)
    assert found.told(0, 0, None)["suda"]["sets"] == {"1": 1, "2": 3, "3": 1}
    assert found.told(0, 0, None)["suda"]["complete"]


def test_the_bound_is_told() -> None:
    assert affordable(9, 100, 60_000_000) == 9
    assert affordable(9, 400_000, 40_000_000) == 2
    assert affordable(9, 10**9, 1) == 1
    assert affordable(0, 10, 100) == 0
    found = suda2(records([(0, 0), (0, 1), (1, 0), (1, 1)]), budget=1).told(0, 0, None)
    assert found["suda"]["largest_set"] == 1
    assert not found["suda"]["complete"]
    assert found["suda_uniques"] == 0, "each is alone on two columns only"


def test_intrusion_simulation_by_the_formula() -> None:
    found = suda2(records([(0, 0), (1, 1), (2, 2), (2, 2)])).told(2, 1, 0.1)
    assert found["suda"]["dis"] == pytest.approx(0.1 * 2 / (0.1 * 2 + 2 * 0.9 * 1), abs=1e-6)
    assert found["suda"]["dis_max"] == found["suda"]["dis"], "both rows score the same"
    assert suda2(records([(0, 0), (0, 0)])).told(0, 1, 0.1)["suda"]["dis"] == 0


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=TABLES)
def test_a_file_says_the_same(tmp_path: Any, rows: list[tuple[int, ...]]) -> None:
    names = tuple("abcd"[: len(rows[0])])
    cells = {name: pa.array([row[at] or None for row in rows], pa.int64()) for at, name in enumerate(names)}
    pq.write_table(pa.table(cells), tmp_path / "t.parquet")
    one, other = suda2(of_file(tmp_path / "t.parquet", names)), suda2(records(rows))
    assert (one.sizes, sorted(one.scores), one.weights) == (other.sizes, sorted(other.scores), other.weights)


@pytest.mark.parametrize("recoding", ["full-domain", "local"])
def test_the_report_counts_them_before_and_in_the_written_file(workshop: Any, recoding: str) -> None:
    rows = [("a", "p")] * 4 + [("a", "q"), ("b", "p"), ("c", "q"), ("c", "q"), ("d", "r")]
    places = workshop.file("p.csv", "a;x", "b;x", "c;y", "d;y")
    cells, columns = workshop.columns(plaats="string quasi", soort="string quasi"), {"plaats": {"hierarchy": places}}
    policy = workshop.privacy(kind="microdata", columns=columns, model={"average_risk": 0.5, "recoding": recoding}, population={"size": 90})
    done = workshop.protect(cells, rows, policy)
    codes = [("abcd".index(place), "pqr".index(kind)) for place, kind in rows]
    assert done.report["before"]["suda_uniques"] == sum(bool(own) for own in by_hand(codes, 2)) == 3
    assert done.report["before"]["suda"]["dis"] == pytest.approx(0.1 * 3 / (0.1 * 3 + 2 * 0.9 * 1), abs=1e-6)
    published = [tuple(row.values()) for row in workshop.rows(done)]
    assert done.report["after"]["suda_uniques"] == sum(times == 1 for times in Counter(published).values()) > 0
    assert done.report["after"]["suda"]["complete"]


def test_with_k_nothing_stands_out(workshop: Any) -> None:
    done = workshop.protect(
        workshop.columns(plaats="string quasi"),
        [("a",)] * 3 + [("b",)],
        workshop.privacy(kind="microdata", model={"k": 3, "suppression_limit": 0.5}),
    )
    assert done.report["before"]["suda_uniques"] == 1
    assert done.report["after"]["suda_uniques"] == 0
    assert "suda" not in done.report["after"]
