"""Local recoding: every class meets the guarantee by itself, nothing untrue is said, and less is lost than with one step for all."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conftest import Workshop

    from anonymisation.protect import Protected

QUICK = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PLACES = {f"{wijk}{number}": wijk for wijk in "AB" for number in range(3)}
AGES = {str(age): f"{age // 3 * 3}-{age // 3 * 3 + 2}" for age in range(9)}
KINDS = {"plaats": "string quasi", "leeftijd": "string quasi", "sekse": "string quasi", "ziekte": "string sensitive"}
row = st.tuples(st.sampled_from(sorted(PLACES)), st.sampled_from(sorted(AGES)), st.sampled_from("mv"), st.sampled_from("xyz"))
data = st.lists(row, min_size=1, max_size=40)


def hierarchies(workshop: Workshop) -> dict[str, dict[str, Any]]:
    """Write the hierarchies; the last step of places tells two apart, that of ages none."""
    places = workshop.file("plaats.csv", *(f"{value};{above}" for value, above in PLACES.items()))
    ages = workshop.file("leeftijd.csv", *(f"{value};{above};*" for value, above in AGES.items()))
    return {"plaats": {"hierarchy": places}, "leeftijd": {"hierarchy": ages}}


def run(
    workshop: Workshop, rows: Sequence[Sequence[Any]], *, recoding: str = "local", kinds: dict[str, str] | None = None, **model: Any
) -> Protected:
    """Protect rows."""
    model = {"k": 3, "suppression_limit": 0.2, **model}
    policy = workshop.privacy(kind="microdata", columns=hierarchies(workshop), model={**model, "recoding": recoding})
    return workshop.protect(workshop.columns(**(kinds or KINDS)), rows, policy)


def covers(label: str | None, value: str) -> bool:
    """Say whether a published cell can stand for a value."""
    return label in {value, "*", PLACES.get(value), AGES.get(value)}


def example(count: int, seed: int) -> list[tuple[str, ...]]:
    """Make people of whom most live in one place."""
    dice = random.Random(seed)
    places, ages = sorted(PLACES), sorted(AGES)
    return [
        (places[min(int(dice.expovariate(0.8)), 5)], ages[min(int(dice.expovariate(0.4)), 8)], dice.choice("mmmv"), dice.choice("xyz"))
        for _ in range(count)
    ]


def classes(rows: Sequence[dict[str, Any]]) -> dict[tuple[Any, ...], list[str]]:
    """Give the illnesses in each class."""
    found: defaultdict[tuple[Any, ...], list[str]] = defaultdict(list)
    for one in rows:
        found[one["plaats"], one["leeftijd"], one["sekse"]].append(one["ziekte"])
    return found


@QUICK
@given(rows=data, k=st.integers(2, 4), limit=st.sampled_from([0.0, 0.1, 0.5]))
def test_every_class_is_large_enough_and_nothing_is_lost_needlessly(
    workshop: Workshop, rows: list[tuple[str, ...]], k: int, limit: float
) -> None:
    local, full = (run(workshop, rows, recoding=way, k=k, suppression_limit=limit) for way in ("local", "full-domain"))
    if full.table is not None:
        assert local.table is not None
        assert local.report["information_loss"] <= full.report["information_loss"]
    if local.table is None:
        return
    found = workshop.rows(local)
    assert all(len(members) >= k for members in classes(found).values())
    assert len(rows) - len(found) == local.report["suppressed_rows"] <= limit * len(rows)
    # Whoever knows all of somebody finds at least k rows that may be his, or none at all.
    for place, age, sex, _ in rows:
        candidates = [one for one in found if covers(one["plaats"], place) and covers(one["leeftijd"], age) and one["sekse"] == sex]
        assert not candidates or len(candidates) >= k
    # Nothing untrue: the rows that stay can be put beside the published ones.
    assert Counter(one["ziekte"] for one in found) <= Counter(one[3] for one in rows)
    assert Counter(one["sekse"] for one in found) <= Counter(one[2] for one in rows)


@QUICK
@given(rows=data, kind=st.sampled_from(["distinct", "entropy", "recursive"]))
def test_sensitive_values_differ_in_every_class(workshop: Workshop, rows: list[tuple[str, ...]], kind: str) -> None:
    diversity = {"column": "ziekte", "type": kind, "value": 2, **({"c": 2.0} if kind == "recursive" else {})}
    done = run(workshop, rows, k=2, l=diversity, suppression_limit=0.5)
    if done.table is None:
        return
    for members in classes(workshop.rows(done)).values():
        counts = sorted(Counter(members).values(), reverse=True)
        assert len(counts) >= 2
        assert kind != "recursive" or counts[0] < 2 * sum(counts[1:])


@QUICK
@given(rows=data)
def test_the_distribution_stays_close_in_every_class(workshop: Workshop, rows: list[tuple[str, ...]]) -> None:
    done = run(workshop, rows, k=2, t={"column": "ziekte", "value": 0.35}, suppression_limit=0.3)
    if done.table is None:
        return
    whole = Counter(one[3] for one in rows)
    for members in classes(workshop.rows(done)).values():
        here = Counter(members)
        distance = sum(abs(here[value] / len(members) - whole[value] / len(rows)) for value in whole) / 2
        assert distance <= 0.35 + 1e-9


def test_the_average_risk_holds_over_the_whole(workshop: Workshop) -> None:
    rows = example(200, 1)
    for bound in (0.25, 0.1, 0.05):
        done = run(workshop, rows, k=2, average_risk=bound, suppression_limit=0.0)
        found = workshop.rows(done)
        assert len(classes(found)) / len(found) <= bound
        assert done.report["recoding"] == "local"


@pytest.mark.parametrize("seed", range(4))
def test_rows_and_columns_in_another_order_give_the_same(workshop: Workshop, seed: int) -> None:
    rows = example(80, seed)
    first = run(workshop, rows)
    again = run(workshop, random.Random(seed).sample(rows, len(rows)))
    assert workshop.rows(first) == workshop.rows(again)
    assert {**first.report, "digests": None} == {**again.report, "digests": None}
    names = ["ziekte", "sekse", "leeftijd", "plaats"]
    turned = run(workshop, [one[::-1] for one in rows], kinds={name: KINDS[name] for name in names})
    assert Counter(tuple(sorted(one.items())) for one in workshop.rows(turned)) == Counter(
        tuple(sorted(one.items())) for one in workshop.rows(first)
    )
    assert turned.report["information_loss"] == first.report["information_loss"]


def test_only_what_is_rare_becomes_coarse(workshop: Workshop) -> None:
    """Three people who are alone cost everybody their detail with one step for all; here only their own cells are hidden."""
    common = [(place, "0", "m", "x") for place in ("A0", "A1", "B0") for _ in range(10)]
    rare = [("B0", "3", "m", "x"), ("A1", "7", "m", "x"), ("A0", "8", "m", "x")]
    full, local = (run(workshop, [*common, *rare], recoding=way, suppression_limit=0.0) for way in ("full-domain", "local"))
    found = Counter((one["plaats"], one["leeftijd"]) for one in workshop.rows(local))
    assert {cell: count for cell, count in found.items() if count == 10} == {("A0", "0"): 10, ("A1", "0"): 10, ("B0", "0"): 10}
    assert found["*", "*"] == 3
    assert full.report["information_loss"] > local.report["information_loss"]


def test_the_report_says_which_steps_there_are(workshop: Workshop) -> None:
    done = run(workshop, example(120, 3), suppression_limit=0.0)
    found = workshop.rows(done)
    columns = {one["name"]: one for one in done.report["columns"]}
    for name in ("plaats", "leeftijd"):
        shares = columns[name]["levels_used"]
        assert sum(one["share"] for one in shares) == pytest.approx(1, abs=1e-5)
        assert [one["level"] for one in shares] == sorted(one["level"] for one in shares)
    exact = sum(one["plaats"] in PLACES for one in found) / len(found)
    assert next(one["share"] for one in columns["plaats"]["levels_used"] if one["level"] == 0) == pytest.approx(exact, abs=1e-5)
    stars = sum(one["plaats"] == "*" for one in found)
    assert columns["plaats"]["suppressed_cells"] == done.report["suppressed_cells"] == stars
    assert columns["plaats"]["levels"][-1] == "*"
    assert "suppressed_cells" not in columns["leeftijd"]  # its own last step is *
    assert "levels_used" in columns["sekse"]
    assert done.report["optimal"] is False
    assert "score" not in done.report
    assert done.table is not None
    level = {column.name: column.level for column in done.table.columns}
    assert level["plaats"] is not None
    assert level["plaats"].startswith("exact, 1")
    assert level["sekse"] is None


def test_a_recoded_column_is_text_and_another_keeps_its_type(workshop: Workshop) -> None:
    ladder = workshop.file("jaar.csv", *(f"{year};{year // 10 * 10}-{year // 10 * 10 + 9}" for year in range(1980, 2000)))
    policy = workshop.privacy(kind="microdata", columns={"jaar": {"hierarchy": ladder}}, model={"k": 2, "recoding": "local"})
    rows = [[1980 + number % 3 if number < 9 else 1980 + number, number % 2] for number in range(12)]
    done = workshop.protect(workshop.columns(jaar="integer quasi", groep="integer quasi"), rows, policy)
    assert done.table is not None
    assert [(column.name, column.type) for column in done.table.columns] == [("jaar", "string"), ("groep", "integer")]
    assert {type(one["groep"]) for one in workshop.rows(done)} == {int}
    assert "1980" in {one["jaar"] for one in workshop.rows(done)}


def test_a_direct_identifier_never_goes_out_as_it_is(workshop: Workshop) -> None:
    ladder = workshop.file("postcode.csv", *(f"1234A{letter};1234;12" for letter in "ABC"), "1299ZZ;1299;12")
    policy = workshop.privacy(kind="microdata", columns={"adres": {"hierarchy": ladder}}, model={"k": 2, "recoding": "local"})
    rows = [["1234AA"]] * 5 + [["1234AB"]] * 5 + [["1299ZZ"]] * 2
    done = workshop.protect(workshop.columns(adres="string direct"), rows, policy)
    assert Counter(one["adres"] for one in workshop.rows(done)) == {"1234": 10, "1299": 2}


def test_a_value_that_looks_like_a_label_is_judged_by_its_looks(workshop: Workshop) -> None:
    """A value that is written ``*`` or as a step is one with that step for who reads it; with t the two together may fail."""
    ladder = workshop.file("soort.csv", "a;groep", "b;groep", "groep;*", "*;*", "c;*")
    policy = workshop.privacy(
        kind="microdata",
        columns={"soort": {"hierarchy": ladder}},
        model={"k": 2, "recoding": "local", "suppression_limit": 0.5, "t": {"column": "ziekte", "value": 0.5}},
    )
    rows = [["a", "x"], ["b", "y"], ["groep", "x"], ["groep", "y"], ["*", "x"], ["*", "y"], ["c", "x"]]
    done = workshop.protect(workshop.columns(soort="string quasi", ziekte="string sensitive"), rows, policy)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for one in workshop.rows(done):
        found[one["soort"]].append(one["ziekte"])
    for members in found.values():
        assert len(members) >= 2
        assert abs(members.count("x") / len(members) - 4 / 7) <= 0.5


def test_missing_values_are_values(workshop: Workshop) -> None:
    rows: list[tuple[Any, ...]] = [(None, "0", "m", "x")] * 4 + [("A0", None, "m", "y")] * 4 + [("A0", "0", None, "z")] * 2
    policy = workshop.privacy(
        kind="microdata", columns=hierarchies(workshop), model={"k": 3, "recoding": "local", "suppression_limit": 0.2}
    )
    found = workshop.rows(workshop.protect(workshop.columns(**KINDS), rows, policy))
    assert all(len(members) >= 3 for members in classes(found).values())
    assert Counter(one["plaats"] for one in found)[None] == 4


def test_what_no_step_can_reach_is_told(workshop: Workshop) -> None:
    rows = [("A0", "0", sex, "x") for sex in "abcdef"]
    done = run(workshop, rows, suppression_limit=0.0)
    assert done.table is None
    assert [problem.place.path for problem in done.problems] == ["privacy.model.k"]


def test_no_rows_and_no_quasi_identifiers(workshop: Workshop) -> None:
    assert workshop.rows(run(workshop, [])) == []
    policy = workshop.privacy(kind="microdata", model={"k": 2, "recoding": "local"})
    done = workshop.protect(workshop.columns(ziekte="string sensitive"), [["x"], ["y"]], policy)
    assert [one["ziekte"] for one in workshop.rows(done)] == ["x", "y"]
