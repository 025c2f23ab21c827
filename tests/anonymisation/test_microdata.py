"""Micro-data against brute force: the optimum is the optimum, the file holds k, nothing else comes out."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.errors import Problem

LADDERS = {
    "plaats": {"a": ["noord", "*"], "b": ["noord", "*"], "c": ["zuid", "*"], "d": ["zuid", "*"]},
    "leeftijd": {str(age): [f"{age // 10 * 10}", "jong" if age < 40 else "oud", "*"] for age in range(20, 60, 5)},
    "soort": {"x": ["*"], "y": ["*"], "": ["*"]},
}
VALUES: dict[str, list[Any]] = {name: [cell or None for cell in ladder] for name, ladder in LADDERS.items()}
TABLES = st.lists(st.tuples(*(st.sampled_from(values) for values in VALUES.values())), max_size=30)
SLOW = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def labelled(name: str, value: Any, level: int) -> Any:
    """Give the label of a value, by hand."""
    return value if level == 0 else LADDERS[name]["" if value is None else value][level - 1]


def classes(rows: Sequence[tuple[Any, ...]], node: tuple[int, ...]) -> list[tuple[Any, ...]]:
    return [tuple(labelled(name, value, level) for name, value, level in zip(LADDERS, row, node, strict=True)) for row in rows]


def entropy(rows: Sequence[tuple[Any, ...]], node: tuple[int, ...]) -> float:
    """Non-uniform entropy from its definition: a row loses log2(n[label] / n[value]) bits in each column."""
    made, bits = classes(rows, node), 0.0
    for column in range(len(node)):
        fine, coarse = Counter(row[column] for row in rows), Counter(row[column] for row in made)
        bits += math.fsum(math.log2(coarse[b[column]] / fine[a[column]]) for a, b in zip(rows, made, strict=True))
    return bits


def brute(rows: Sequence[tuple[Any, ...]], k: int, limit: int) -> dict[tuple[int, ...], tuple[float, int]]:
    """Give the loss and the suppressed rows of every node that is allowed."""
    found = {}
    for node in itertools.product(range(3), range(4), range(2)):
        sizes = Counter(classes(rows, node))
        suppressed = sum(size for size in sizes.values() if size < k)
        if suppressed <= limit:
            found[node] = (entropy(rows, node), suppressed)
    return found


def declared(workshop: Any) -> tuple[Any, Any]:
    """Declare the three columns and their hierarchy files."""
    files = {
        name: workshop.file(f"{name}.csv", *(";".join([value, *steps]) for value, steps in ladder.items()))
        for name, ladder in LADDERS.items()
    }
    return workshop.columns(**dict.fromkeys(LADDERS, "string quasi")), {name: {"hierarchy": file} for name, file in files.items()}


@SLOW
@given(rows=TABLES, k=st.integers(2, 6), share=st.sampled_from([0, 0.1, 0.25, 0.5]))
def test_the_optimum_of_brute_force(workshop: Any, rows: list[tuple[Any, ...]], k: int, share: float) -> None:
    cells, rules = declared(workshop)
    policy = workshop.privacy(kind="microdata", columns=rules, model={"k": k, "suppression_limit": share})
    done = workshop.protect(cells, rows, policy)
    limit = int(Fraction(str(share)) * len(rows))
    allowed = brute(rows, k, limit)
    if not allowed:
        assert done.table is None
        assert [problem.code for problem in done.problems] == ["anonymise.unmet"]
        assert f"k = {k} " in done.problems[0].nl
        return
    best = min(loss for loss, _ in allowed.values())
    if done.table is None:
        assert [problem.code for problem in done.problems] == ["anonymise.nothing-left"]
        assert all(suppressed == len(rows) for loss, suppressed in allowed.values() if loss <= best + 1e-9)
        return
    node = tuple(done.report["transformation"][name] for name in LADDERS)
    assert done.report["optimal"]
    assert done.report["score"] == pytest.approx(best, abs=1e-4)
    assert allowed[node][0] == pytest.approx(best, abs=1e-4)
    assert done.report["suppressed_rows"] == allowed[node][1]
    made = Counter(classes(rows, node))
    expected = Counter({row: size for row, size in made.items() if size >= k})
    assert Counter(tuple(row.values()) for row in pq.read_table(done.table.path).to_pylist()) == expected
    assert done.report["lattice_size"] == 24
    assert 1 <= done.report["nodes_evaluated"] <= 24


def test_dropped_columns_and_row_numbers_never_come_out(workshop: Any) -> None:
    cells = workshop.columns(bsn="string direct", naam="string direct", plaats="string quasi", ziek="string sensitive")
    rows = [("111222333", f"Naam{n}", "a", "ja" if n % 2 else "nee") for n in range(6)]
    policy = workshop.privacy(kind="microdata", columns={"bsn": {"action": "drop"}, "naam": {"action": "drop"}}, model={"k": 3})
    done = workshop.protect(cells, rows, policy)
    found = workshop.rows(done)
    assert [set(row) for row in found] == [{"plaats", "ziek"}] * 6
    assert b"Naam3" not in done.table.path.read_bytes()


@pytest.mark.parametrize("classification", ["direct", "text", "unclassified"])
def test_what_identifies_is_refused_without_a_rule(workshop: Any, classification: str) -> None:
    done = workshop.protect(
        workshop.columns(naam=f"string {classification}"), [("Jan",)] * 9, workshop.privacy(kind="microdata", model={"k": 2})
    )
    assert done.table is None
    assert [problem.place.path for problem in done.problems] == ["privacy.columns.naam"]
    assert "Jan" not in said(done.problems)


def test_a_direct_identifier_never_goes_out_as_it_is(workshop: Any) -> None:
    ladder = {"hierarchy": {"type": "nl-postcode", "levels": ["PC4", "any"]}}
    done = workshop.protect(
        workshop.columns(postcode="string direct"),
        [("2011RD",)] * 9,
        workshop.privacy(kind="microdata", columns={"postcode": ladder}, model={"k": 2}),
    )
    assert {row["postcode"] for row in workshop.rows(done)} == {"2011"}


def test_rows_set_aside_count_for_nothing(workshop: Any) -> None:
    cells, policy = workshop.columns(plaats="string quasi"), workshop.privacy(kind="microdata", model={"k": 3, "suppression_limit": 0.5})
    rows = [("a",)] * 3 + [("b",)] * 5
    assert Counter(row["plaats"] for row in workshop.rows(workshop.protect(cells, rows, policy))) == {"a": 3, "b": 5}
    done = workshop.protect(cells, rows, policy, exclude=frozenset({1}))
    assert Counter(row["plaats"] for row in workshop.rows(done)) == {"b": 5}
    assert done.report["excluded_rows"] == 1
    gone = workshop.protect(cells, [*rows, ("only here",), (None,)], policy, exclude=frozenset({9, 10}))
    assert Counter(row["plaats"] for row in workshop.rows(gone)) == {"a": 3, "b": 5}


@pytest.mark.parametrize("rows", [[], [("a",)], [("a",)] * 2])
def test_fewer_rows_than_k(workshop: Any, rows: list[tuple[str]]) -> None:
    done = workshop.protect(workshop.columns(plaats="string quasi"), rows, workshop.privacy(kind="microdata", model={"k": 3}))
    if rows:
        assert done.table is None
        assert done.problems[0].place.path == "privacy.model.k"
        assert "plaats" in done.problems[0].nl
    else:
        assert done.table is not None
        assert done.table.rows == 0


def test_the_order_of_the_source_is_gone_and_the_bytes_are_the_same(workshop: Any) -> None:
    cells, policy = workshop.columns(plaats="string quasi", waarde="integer sensitive"), workshop.privacy(kind="microdata", model={"k": 2})
    rows = [(place, n) for n in range(40) for place in "ab"]
    one, other = workshop.protect(cells, rows, policy), workshop.protect(cells, rows[::-1], policy)
    assert one.table.path.read_bytes() == other.table.path.read_bytes()


def test_a_value_outside_the_hierarchy_is_told_by_its_row(workshop: Any) -> None:
    file = workshop.file("p.csv", "a;*", "b;*")
    rows = [("a",), ("geheim",), ("b",), ("geheim",)]
    done = workshop.protect(
        workshop.columns(plaats="string quasi"),
        rows,
        workshop.privacy(kind="microdata", columns={"plaats": {"hierarchy": file}}, model={"k": 2}),
    )
    assert done.table is None
    assert "rij 2" in done.problems[0].nl
    assert "geheim" not in said(done.problems)


def test_the_report_has_figures_and_no_values(workshop: Any) -> None:
    from anonymisation.protect import public_report

    cells, policy = (
        workshop.columns(plaats="string quasi", ziek="string sensitive"),
        workshop.privacy(kind="microdata", model={"k": 2, "suppression_limit": 0.2}),
    )
    done = workshop.protect(cells, [("kievitlaan", "griep")] * 9 + [("spreeuwenhof", "griep")], policy)
    assert done.report["schema"] == "privacy/1"
    assert done.report["before"]["uniques"] == 1
    assert done.report["after"]["k"] == 9
    assert done.report["suppressed_rows"] == 1
    for word in ("kievitlaan", "spreeuwenhof", "griep"):
        assert word not in str(done.report)
    public = public_report(done.report)
    assert "before" not in public
    assert "input" not in public["digests"]


def said(problems: tuple[Problem, ...]) -> str:
    return " ".join(problem.nl + problem.en for problem in problems)
