"""The error of random counts: none where nothing was changed, and by hand where it was."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymisation.protect import public_report
from anonymisation.report_page import page
from anonymisation.risks import queries
from anonymisation.risks.queries import Shown, query_error

DIGEST = "0123456789abcdef" * 4
Row = tuple[int, int]
CELLS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 5)), min_size=1, max_size=30)


def shown(name: str, codes: list[int], meaning: list[int]) -> Shown:
    table = np.array([meaning])
    return Shown(name, np.array(codes), table[0][np.array(codes)], table)


def by_hand(
    rows: list[tuple[int, int]], published: list[tuple[int, int]], meanings: list[list[int]], asked: list[range]
) -> tuple[int, float]:
    """Count, and estimate row by row: a published row counts for the share of what its labels stand for that is asked."""
    count = sum(all(value in wanted for value, wanted in zip(row, asked, strict=True)) for row in rows)
    estimate = 0.0
    for row in published:
        share = 1.0
        for value, meaning, wanted in zip(row, meanings, asked, strict=True):
            members = [other for other in range(len(meaning)) if meaning[other] == meaning[value]]
            share *= sum(member in wanted for member in members) / len(members)
        estimate += share
    return count, estimate


@settings(max_examples=60)
@given(rows=CELLS, data=st.data())
def test_errors_are_those_of_counting_row_by_row(rows: list[tuple[int, int]], data: st.DataObject) -> None:
    counted = Counter(rows)
    keys = list(counted)
    kept = np.array(data.draw(st.lists(st.booleans(), min_size=len(keys), max_size=len(keys))))
    meanings = [[value // 2 for value in range(8)], [value // 3 for value in range(6)]]
    columns = [shown(name, [key[at] for key in keys], meanings[at]) for at, name in enumerate("ab")]
    found = query_error(columns, np.array([counted[key] for key in keys]), kept, DIGEST)
    chance, errors = random.Random(int(DIGEST[:16], 16)), []
    chance.sample([0], 1)
    published = [row for row in rows if kept[keys.index(row)]]
    for _ in range(queries.QUERIES):
        lengths = [max(1, round(size * queries.RANGE)) for size in (8, 6)]
        starts = [chance.randint(0, size - length) for size, length in zip((8, 6), lengths, strict=True)]
        asked = [range(start, start + length) for start, length in zip(starts, lengths, strict=True)]
        count, estimate = by_hand(rows, published, meanings, asked)
        if count:
            errors.append(abs(estimate - count) / max(count, queries.FLOOR * len(rows)))
    if not errors:
        assert found == {}
        return
    assert found["queries"] == len(errors)
    assert found["mean"] == pytest.approx(np.mean(errors), abs=1e-4)
    assert found["median"] == pytest.approx(np.median(errors), abs=1e-4)
    assert found["ninth_decile"] == pytest.approx(np.quantile(errors, 0.9), abs=1e-4)


def test_what_is_not_changed_is_counted_right() -> None:
    codes = [[0, 1, 2, 3], [3, 1, 0, 2]]
    columns = [shown(name, own, [0, 1, 2, 3]) for name, own in zip("ab", codes, strict=True)]
    found = query_error(columns, np.array([5, 1, 2, 9]), np.ones(4, dtype=bool), DIGEST)
    assert (found["mean"], found["ninth_decile"]) == (0, 0)
    lost = query_error(columns, np.array([5, 1, 2, 9]), np.zeros(4, dtype=bool), DIGEST)
    assert (lost["mean"], lost["median"]) == (1, 1)


def test_nothing_to_ask_gives_nothing() -> None:
    assert query_error([], np.array([3]), np.ones(1, dtype=bool), DIGEST) == {}
    assert query_error([shown("a", [0], [0])], np.array([3]), np.ones(1, dtype=bool), DIGEST) == {}
    assert query_error([shown("a", [0, 1], [0, 1])], np.array([3, 4]), np.ones(2, dtype=bool), DIGEST)["mean"] == 0


def test_pairs_that_are_too_large_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = [shown(name, [0, 1, 2], [0, 0, 0]) for name in "ab"]
    both = query_error(columns, np.array([1, 1, 1]), np.ones(3, dtype=bool), DIGEST)
    monkeypatch.setattr(queries, "CELLS", 8)
    single = query_error(columns, np.array([1, 1, 1]), np.ones(3, dtype=bool), DIGEST)
    assert both["mean"] > single["mean"] == 0, "a third of the rows, in each single column"


@pytest.mark.parametrize("recoding", ["full-domain", "local"])
def test_the_report_has_it_and_the_public_one_not(workshop: Any, recoding: str) -> None:
    places = workshop.file("p.csv", *(f"{place};{'xyz'[number // 4]};*" for number, place in enumerate("abcdefghijkl")))
    dice = random.Random(4)
    rows = [("abcdefghijkl"[min(int(dice.expovariate(0.3)), 11)], dice.choice("mv")) for _ in range(300)]
    cells, columns = workshop.columns(plaats="string quasi", sekse="string quasi"), {"plaats": {"hierarchy": places}}
    model = {"k": 9, "suppression_limit": 0.1, "recoding": recoding}
    policy = workshop.privacy(kind="microdata", columns=columns, model=model)
    done = workshop.protect(cells, rows, policy)
    told = done.report["query_error"]
    assert told == workshop.protect(cells, rows[::-1], policy).report["query_error"]
    assert told == workshop.protect(cells[::-1], [row[::-1] for row in rows], policy).report["query_error"]
    assert 0 < told["median"] <= told["ninth_decile"]
    assert "query_error" not in public_report(done.report)
    assert "willekeurige tellingen" in page(done.report, "nl")
    assert "willekeurige tellingen" not in page(public_report(done.report), "nl")


def test_local_recoding_is_nearer_where_it_loses_less(workshop: Any) -> None:
    places = workshop.file("p.csv", *(f"{place};{'xy'[number // 4]};*" for number, place in enumerate("abcdefgh")))
    rows = [(place,) for place, times in zip("abcdefgh", (40, 30, 20, 20, 20, 20, 3, 2), strict=True) for _ in range(times)]
    found = {}
    for recoding in ("full-domain", "local"):
        policy = workshop.privacy(kind="microdata", columns={"plaats": {"hierarchy": places}}, model={"k": 4, "recoding": recoding})
        found[recoding] = workshop.protect(workshop.columns(plaats="string quasi"), rows, policy).report["query_error"]["mean"]
    assert found["local"] < found["full-domain"]
