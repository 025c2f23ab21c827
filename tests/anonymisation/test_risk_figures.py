"""Figures of risk against brute force, against integrals, and against populations whose unique persons are counted."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymisation.protect import public_report
from anonymisation.risks.figures import counted, risk
from anonymisation.risks.individual import expected_inverse
from anonymisation.risks.pitman import expected_uniques
from anonymisation.risks.slide import expected, shlosser, slide_negative_binomial
from anonymisation.risks.uniqueness import dankar, population_uniqueness, zayatz

SIZES = st.lists(st.integers(1, 9), min_size=1, max_size=12)


@given(sizes=SIZES, k=st.integers(1, 6))
def test_the_prosecutor_is_brute_force_over_rows(sizes: list[int], k: int) -> None:
    rows = [size for size in sizes for _ in range(size)]
    found = risk(np.array(sizes), k)
    assert found["prosecutor_max"] == pytest.approx(max(1 / size for size in rows), abs=1e-6)
    assert found["prosecutor_avg"] == found["marketer"] == pytest.approx(sum(1 / size for size in rows) / len(rows), abs=1e-6)
    assert found["at_risk"] == pytest.approx(sum(size < k for size in rows) / len(rows), abs=1e-6)
    assert (found["rows"], found["classes"], found["k"], found["uniques"]) == (len(rows), len(sizes), min(sizes), sizes.count(1))
    assert "journalist_max" not in found
    assert "population_uniques" not in found


def test_nothing_is_no_risk() -> None:
    found = risk(np.array([], dtype=np.int64), 5, rows=9, size=90)
    assert (found["rows"], found["k"], found["prosecutor_max"], found["marketer"]) == (0, None, 0.0, 0.0)


@given(pairs=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40)), min_size=1, max_size=12))
def test_the_journalist_is_brute_force_over_persons(pairs: list[tuple[int, int]]) -> None:
    found = counted(np.array([rows for rows, _ in pairs]), np.array([persons for _, persons in pairs]))
    known = [(rows, max(rows, persons)) for rows, persons in pairs if rows]
    if not known:
        assert found == {}
        return
    each = [Fraction(1, persons) for rows, persons in known for _ in range(rows)]
    assert found["journalist_max"] == pytest.approx(float(max(each)), abs=1e-6)
    assert found["marketer"] == pytest.approx(float(sum(each) / len(each)), abs=1e-6)
    assert found["journalist_avg"] >= found["marketer"]
    assert found["population_uniques"] == pytest.approx(sum(one == 1 for one in each) / len(each), abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(rows=st.integers(1, 200), fraction=st.floats(1e-5, 0.999))
def test_the_expected_inverse_is_its_integral(rows: int, fraction: float) -> None:
    # With u = exp(-t) the integrand is smooth: Simpson's rule over t is an independent way to it.
    t, step = np.linspace(0, 60, 240_001, retstep=True)
    u = np.exp(-t)
    values = u**rows * fraction / (fraction + (1 - fraction) * u)
    integral = step / 3 * (values[0] + values[-1] + 4 * values[1:-1:2].sum() + 2 * values[2:-1:2].sum())
    assert expected_inverse(rows, fraction) == pytest.approx(integral, rel=1e-6)


def test_known_values_of_the_individual_risk() -> None:
    p = 0.1
    odds = p / (1 - p)
    assert expected_inverse(1, p) == pytest.approx(odds * math.log(1 / p))
    assert expected_inverse(2, p) == pytest.approx(odds - odds**2 * math.log(1 / p))
    assert expected_inverse(7, 1.0) == 1 / 7
    assert expected_inverse(1, 1.0) == 1


@given(sizes=SIZES, size=st.integers(1, 5000))
def test_a_population_lowers_the_risk_and_never_raises_it(sizes: list[int], size: int) -> None:
    found = risk(np.array(sizes), 2, rows=sum(sizes), size=size)
    assert 0 < found["journalist_max"] <= found["prosecutor_max"] + 1e-6
    assert 0 < found["marketer"] <= found["prosecutor_avg"] + 1e-6
    for key, share in found.items():
        if key.startswith("population_") and isinstance(share, float):
            assert 0 <= share <= 1


def test_zayatz_is_bayes_by_counting_draws() -> None:
    counts, rows, size = {1: 3, 2: 1, 4: 1}, 9, 15

    def once(persons: int) -> Fraction:
        return Fraction(persons * math.comb(size - persons, rows - 1), math.comb(size, rows))

    chance = 3 * once(1) / sum(times * once(length) for length, times in counts.items())
    assert zayatz(counts, rows, size) == pytest.approx(float(3 * chance * Fraction(size, rows)))
    assert zayatz({2: 4}, 8, 20) == 0


def test_pitman_in_small_populations_is_the_sum_over_all_ways_to_seat() -> None:
    # The unique persons of a random partition, counted by seating four people one after the other in every possible way.
    theta, alpha, size = 0.7, 0.4, 4

    def seat(tables: tuple[int, ...], chance: float) -> float:
        done = sum(tables)
        if done == size:
            return chance * tables.count(1)
        fresh = chance * (theta + alpha * len(tables)) / (theta + done)
        joined = (
            seat((*tables[:at], there + 1, *tables[at + 1 :]), chance * (there - alpha) / (theta + done)) for at, there in enumerate(tables)
        )
        return seat((*tables, 1), fresh) + sum(joined)

    assert expected_uniques(theta, alpha, size) == pytest.approx(seat((1,), 1.0))


def test_the_slide_negative_binomial_expects_what_its_sum_gives() -> None:
    a, b, fraction = 0.6, 0.2, 0.3
    sizes = [(i, math.exp(math.lgamma(a + i - 1) - math.lgamma(a) - math.lgamma(i)) * b**a * (1 - b) ** (i - 1)) for i in range(1, 400)]
    one = math.fsum(chance * i * fraction * (1 - fraction) ** (i - 1) for i, chance in sizes)
    two = math.fsum(chance * math.comb(i, 2) * fraction**2 * (1 - fraction) ** (i - 2) for i, chance in sizes)
    assert expected(a, b, fraction) == pytest.approx((math.log(one), math.log(two)))


def drawn(persons: np.ndarray, fraction: float) -> tuple[dict[int, int], int]:
    """Draw a share of the persons (each is the number of their class); give the sizes of the classes and the rows."""
    rows = int(len(persons) * fraction)
    sizes = np.bincount(np.random.default_rng(7).choice(persons, rows, replace=False))
    lengths, times = np.unique(sizes[sizes > 0], return_counts=True)
    return dict(zip(lengths.tolist(), times.tolist(), strict=True)), rows


def seated(size: int, theta: float, alpha: float) -> np.ndarray:
    """Give a population that follows Pitman's formula: people sit down one after the other."""
    generator, tables, classes = np.random.default_rng(11), np.empty(size, dtype=np.int64), 0
    for person in range(size):
        # Alone with chance (theta + alpha classes) / (theta + person); else beside somebody, or alone again as often as alpha says.
        if generator.random() < (theta + alpha * classes) / (theta + person):
            tables[person], classes = classes, classes + 1
        else:
            while True:
                table = tables[generator.integers(person)]
                if generator.random() < 1 - alpha / max(int((tables[:person] == table).sum()), 1):
                    break
            tables[person] = table
    return tables


@pytest.mark.parametrize("fraction", [0.05, 0.1])
def test_pitman_finds_the_unique_persons_of_its_own_population(fraction: float) -> None:
    persons = seated(20_000, 40.0, 0.5)
    true = int((np.bincount(persons) == 1).sum()) / len(persons)
    found = population_uniqueness(*drawn(persons, fraction), len(persons))
    assert found["population_model"] == "pitman"
    assert found["population_uniques"] == found["population_pitman"] == pytest.approx(true, rel=0.35)


@pytest.mark.parametrize(("fraction", "off"), [(0.3, 0.1), (0.5, 0.05), (0.8, 0.05)])
def test_the_slide_negative_binomial_finds_those_of_its_own(fraction: float, off: float) -> None:
    classes = 40_000
    sizes = 1 + np.random.default_rng(5).negative_binomial(0.5, 0.1, classes)
    persons = np.repeat(np.arange(classes), sizes)
    true = int((sizes == 1).sum()) / len(persons)
    counts, rows = drawn(persons, fraction)
    assert slide_negative_binomial(counts, rows / len(persons)) == pytest.approx(true * len(persons), rel=off)
    found = population_uniqueness(counts, rows, len(persons))
    assert found["population_uniques"] == min(found["population_snb"], found["population_zayatz"])
    assert found["population_uniques"] == pytest.approx(true, rel=0.1)


def test_shlosser_knows_the_classes_of_a_large_sample() -> None:
    persons = np.random.default_rng(3).integers(0, 5000, 40_000)
    counts, rows = drawn(persons, 0.5)
    assert shlosser(counts, rows / len(persons)) == pytest.approx(len(np.unique(persons)), rel=0.01)


def test_no_answer_is_none_and_no_number() -> None:
    found = population_uniqueness({1: 50}, 50, 5000)
    assert found["population_pitman"] is None
    assert found["population_snb"] is None
    assert found["population_model"] == "zayatz"
    assert found["population_uniques"] == found["population_zayatz"]


def test_the_rule_of_dankar() -> None:
    answers: dict[str, Any] = {"pitman": 0.1, "zayatz": 0.2, "snb": 0.3}
    assert dankar(answers, 0.1) == "pitman"
    assert dankar(answers, 0.11) == "zayatz"
    assert dankar({**answers, "snb": 0.15}, 0.5) == "snb"
    assert dankar({**answers, "pitman": None}, 0.01) == "zayatz"
    assert dankar({**answers, "snb": None}, 0.5) == "zayatz"


@pytest.mark.parametrize("order", list(permutations([(1, 30), (2, 12), (3, 5), (9, 2)]))[::5])
def test_the_order_of_classes_does_not_matter(order: tuple[tuple[int, int], ...]) -> None:
    sizes = [length for length, times in order for _ in range(times)]
    assert risk(np.array(sizes), 3, rows=100, size=2000) == risk(np.array(sorted(sizes)), 3, rows=100, size=2000)


def test_everybody_in_the_data_is_counted() -> None:
    found = population_uniqueness({1: 3, 2: 1}, 5, 5)
    assert found == {"population_uniques": 0.6, "population_model": "counted"}
    assert population_uniqueness({5: 4}, 20, 900) == {"population_uniques": 0.0, "population_model": "counted"}


def test_the_report_has_them_before_and_after(workshop: Any) -> None:
    rows = [("a",)] * 6 + [("b",)] * 6 + [("c",)]
    policy = workshop.privacy(kind="microdata", model={"k": 3, "suppression_limit": 0.2}, population={"size": 130})
    done = workshop.protect(workshop.columns(plaats="string quasi"), rows, policy)
    before, after = done.report["before"], done.report["after"]
    assert before["journalist_max"] == pytest.approx(expected_inverse(1, 0.1), abs=1e-6)
    assert after["journalist_max"] == pytest.approx(expected_inverse(6, 0.1), abs=1e-6)
    assert before["population_uniques"] > 0
    assert (after["population_uniques"], after["population_model"]) == (0.0, "counted")


def test_persons_of_a_table_are_counted_before_and_after(workshop: Any) -> None:
    (workshop.folder / "personen.csv").write_text("plaats;aantal\na;12\nb;1\nc;40\n", encoding="utf-8")
    policy = workshop.privacy(
        kind="microdata",
        columns={"plaats": {"hierarchy": workshop.file("p.csv", "a;ab", "b;ab", "c;c")}},
        model={"k_map": {"k": 5}},
        population={"table": {"path": "personen.csv", "count": "aantal"}},
    )
    done = workshop.protect(workshop.columns(plaats="string quasi"), [("a",)] * 3 + [("b",)] + [("c",)] * 4, policy)
    assert done.report["before"]["journalist_max"] == 1
    assert done.report["before"]["population_uniques"] == pytest.approx(1 / 8)
    assert done.report["after"]["journalist_max"] == pytest.approx(1 / 13, abs=1e-6)
    assert done.report["after"]["marketer"] == pytest.approx((4 / 13 + 4 / 40) / 8, abs=1e-6)
    assert done.report["after"]["population_model"] == "table"
    public = public_report(done.report)["after"]
    assert not {"journalist_max", "journalist_avg", "marketer", "population_uniques"} & set(public)
    assert public["k"] == done.report["after"]["k"]
