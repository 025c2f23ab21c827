"""Earlier releases: what an attacker learns by laying versions side by side, and that it is nothing once rows wait their turn."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anonymisation.models.base import Guarantee
from anonymisation.models.k_anonymity import KAnonymity
from anonymisation.protect import Protected, public_report
from anonymisation.releases import Earlier
from anonymisation.releases_choice import Lines, publishable
from anonymisation.releases_compare import compare

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from conftest import Workshop

AGES, PLACES, JOBS = 70, 40, 12


def earlier(done: Protected, version: str) -> Earlier:
    """Give a protected table as a public release."""
    assert done.table is not None, done.problems
    return Earlier(version, done.table.path, public_report(done.report))


def rows_of(done: Protected, names: Sequence[str]) -> Counter[tuple[Any, ...]]:
    assert done.table is not None, done.problems
    table = pq.read_table(done.table.path).select(list(names))
    return Counter(zip(*(table.column(name).to_pylist() for name in names), strict=True))


def exposed(before: Counter[Any], after: Counter[Any], k: int) -> int:
    """Count the rows that are known to have come in groups of fewer than k, as the attack does."""
    return sum(gain for key, now in after.items() if 0 < (gain := now - before[key]) < k and before[key])


def test_the_attack_exposes_hundreds_without_the_rule_and_nobody_with_it(workshop: Workshop) -> None:
    chance = random.Random(5)
    people = [(chance.randint(18, 17 + AGES), f"{chance.randint(1, PLACES):02d}", f"b{chance.randint(1, JOBS)}") for _ in range(50_000)]
    columns = workshop.columns(leeftijd="integer quasi", plaats="string quasi", beroep="string quasi")
    steps = {"type": "interval", "cuts": [[20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80], [30, 40, 50, 60, 70], [50]]}
    policy = workshop.privacy(
        kind="microdata",
        columns={"leeftijd": {"hierarchy": steps}},
        model={"k": 5, "suppression_limit": 0.04},
    )
    first = workshop.protect(columns, people[:49_600], policy)
    careless = workshop.protect(columns, people, policy)
    names = ("leeftijd", "plaats", "beroep")
    assert first.report["transformation"] == careless.report["transformation"]
    assert exposed(rows_of(first, names), rows_of(careless, names), 5) > 200

    careful = workshop.protect(columns, people, policy, earlier=[earlier(first, "2026-01-01.1")])
    assert exposed(rows_of(first, names), rows_of(careful, names), 5) == 0
    assert careful.report["held_back"] == careless.report["rows"] - careful.report["rows"] > 200
    assert careful.report["suppressed_rows"] == careless.report["suppressed_rows"]
    assert public_report(careful.report)["held_back"] % 10 == 0


STEPS = [["a1", "a", "*"], ["a2", "a", "*"], ["a3", "a", "*"], ["b1", "b", "*"], ["b2", "b", "*"]]
UP = {label: line[level:] for line in STEPS for level, label in enumerate(line)}
"""Label → itself and every coarser one."""


def coarser(label: str, by: int) -> str:
    return UP[label][by]


def subsets(names: Sequence[int]) -> Iterable[tuple[int, ...]]:
    return itertools.chain.from_iterable(itertools.combinations(names, size) for size in range(len(names) + 1))


def betrayed(one: Protected, other: Protected, names: Sequence[str], k: int, least: int) -> list[str]:
    """Look for what an attacker learns from two releases, by brute force; the first column is the class, the second is sensitive."""
    found = []
    levels = [done.report["transformation"][names[0]] for done in (one, other)]
    sides = []
    for done, level in zip((one, other), levels, strict=True):
        side: dict[str, Counter[tuple[Any, ...]]] = {}
        for (label, *rest), count in rows_of(done, names).items():
            side.setdefault(coarser(label, max(levels) - level), Counter())[tuple(rest)] += count
        sides.append(side)
    for label in set(sides[0]) & set(sides[1]):
        for chosen in subsets(range(len(names) - 1)):
            before, after = (Counter() for _ in sides)
            for side, total in zip(sides, (before, after), strict=True):
                for rest, count in side[label].items():
                    total[tuple(rest[at] for at in chosen)] += count
            for kind, change in (("came", after - before), ("went", before - after)):
                if 0 < change.total() < k:
                    found.append(f"{kind} {change.total()} in {label} by {chosen}")
                if chosen == (0,) and 0 < len(change) < least:
                    found.append(f"{kind} with {len(change)} values in {label}")
    return found


@st.composite
def histories(draw: st.DrawFn) -> list[list[tuple[str, str, str]]]:
    """Give a register at some moments: people come, go, and change."""
    person = st.tuples(st.sampled_from([line[0] for line in STEPS]), st.sampled_from("xyz"), st.sampled_from("pq"))
    people = draw(st.lists(person, min_size=20, max_size=45))
    moments = [people]
    for _ in range(draw(st.integers(1, 3))):
        people = list(people)
        for _ in range(draw(st.integers(0, 4))):
            if people:
                del people[draw(st.integers(0, len(people) - 1))]
        for _ in range(draw(st.integers(0, 2))):
            if people:
                at = draw(st.integers(0, len(people) - 1))
                people[at] = (people[at][0], people[at][1], draw(st.sampled_from("pq")))
        people += draw(st.lists(person, max_size=10))
        moments.append(people)
    return moments


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories())
def test_no_two_public_releases_betray_who_came_or_went(workshop: Workshop, history: list[list[tuple[str, str, str]]]) -> None:
    names = ("plaats", "ziekte", "soort")
    columns = workshop.columns(plaats="string quasi", ziekte="string sensitive", soort="string open")
    ladder = workshop.file("plaatsen.csv", *(";".join(line) for line in STEPS))
    model = {"k": 3, "l": {"column": "ziekte", "type": "distinct", "value": 2}, "suppression_limit": 0.3}
    policy = workshop.privacy(kind="microdata", columns={"plaats": {"hierarchy": ladder}}, model=model)
    public: list[Protected] = []
    for number, people in enumerate(history):
        done = workshop.protect(columns, people, policy, earlier=[earlier(one, f"2026-01-{at:02d}.1") for at, one in enumerate(public, 1)])
        if done.table is None:
            assert number == 0 or {problem.code for problem in done.problems} <= {"anonymise.all-held-back", "anonymise.unmet"}
            continue
        for one in public:
            assert betrayed(one, done, names, 3, 2) == []
        assert done.report["rows"] + done.report["suppressed_rows"] + done.report.get("held_back", 0) == len(people)
        assert min(Counter(label for (label, *_), count in rows_of(done, names).items() for _ in range(count)).values(), default=3) >= 3
        public.append(done)


@settings(max_examples=150, deadline=None)
@given(st.integers(2, 5), st.lists(st.integers(0, 20), min_size=1, max_size=4), st.integers(0, 24))
def test_of_one_class_as_many_rows_are_published_as_any_choice_allows(k: int, before: list[int], now: int) -> None:
    allowed = [m for m in range(now + 1) if (m == 0 or m >= k) and all(not m or not o or m == o or abs(m - o) >= k for o in before)]
    lines = Lines(np.array([now]), np.array([0]), {})
    beside = [compare([np.array([0, 0])], {}, np.array([one]), k=k, models=()) for one in before]
    assert publishable(lines, beside, Guarantee((KAnonymity(k),))).tolist() == [max(allowed)]


def test_what_waits_comes_out_once_enough_others_have_come(workshop: Workshop) -> None:
    columns = workshop.columns(plaats="string quasi")
    policy = workshop.privacy(kind="microdata", model={"k": 5})
    first = workshop.protect(columns, [["a"]] * 12, policy)
    second = workshop.protect(columns, [["a"]] * 14, policy, earlier=[earlier(first, "2026-01-01.1")])
    assert (second.report["rows"], second.report["held_back"]) == (12, 2)
    both = [earlier(first, "2026-01-01.1"), earlier(second, "2026-02-01.1")]
    third = workshop.protect(columns, [["a"]] * 17, policy, earlier=both)
    assert (third.report["rows"], third.report["held_back"]) == (17, 0)
    assert third.report["earlier"] == ["2026-01-01.1", "2026-02-01.1"]


def test_rows_that_left_take_others_along(workshop: Workshop) -> None:
    columns = workshop.columns(plaats="string quasi")
    policy = workshop.privacy(kind="microdata", model={"k": 5})
    first = workshop.protect(columns, [["a"]] * 12 + [["b"]] * 7, policy)
    second = workshop.protect(columns, [["a"]] * 11 + [["b"]] * 6, policy, earlier=[earlier(first, "2026-01-01.1")])
    # 12 - 5 = 7 can stay; of 7 only 2 could, which are too few.
    assert rows_of(second, ["plaats"]) == {("a",): 7}


def test_an_exchange_within_a_class_shows_in_its_other_columns(workshop: Workshop) -> None:
    columns = workshop.columns(plaats="string quasi", ziekte="string sensitive")
    policy = workshop.privacy(kind="microdata", model={"k": 3})
    rows = [("a", "griep")] * 6 + [("a", "koorts")] * 6
    first = workshop.protect(columns, rows, policy)
    second = workshop.protect(columns, [*rows[1:], ("a", "hiv")], policy, earlier=[earlier(first, "2026-01-01.1")])
    assert rows_of(second, ["plaats", "ziekte"])["a", "hiv"] == 0
    assert second.report["rows"] == 9


def test_a_status_that_changes_in_every_row_does_not_hide_the_one_that_came(workshop: Workshop) -> None:
    columns = workshop.columns(plaats="string quasi", ziekte="string sensitive", status="string open")
    policy = workshop.privacy(kind="microdata", model={"k": 3})
    first = workshop.protect(columns, [("a", "griep", "open")] * 10, policy)
    changed = [("a", "griep", "dicht")] * 10 + [("a", "hiv", "dicht")]
    second = workshop.protect(columns, changed, policy, earlier=[earlier(first, "2026-01-01.1")])
    assert rows_of(second, ["ziekte"]) == {("griep",): 10}


def test_newcomers_who_share_one_sensitive_value_wait(workshop: Workshop) -> None:
    columns = workshop.columns(plaats="string quasi", ziekte="string sensitive")
    policy = workshop.privacy(kind="microdata", model={"k": 3, "l": {"column": "ziekte", "value": 2}})
    rows = [("a", "griep")] * 4 + [("a", "koorts")] * 4
    first = workshop.protect(columns, rows, policy)
    alike = workshop.protect(columns, rows + [("a", "hiv")] * 3, policy, earlier=[earlier(first, "2026-01-01.1")])
    assert (alike.report["rows"], alike.report["held_back"]) == (8, 3)
    mixed = rows + [("a", "hiv")] * 3 + [("a", "griep")]
    assert workshop.protect(columns, mixed, policy, earlier=[earlier(first, "2026-01-01.1")]).report["held_back"] == 0


def test_a_rare_value_does_not_follow_somebody_to_another_class(workshop: Workshop) -> None:
    columns = workshop.columns(plaats="string quasi", loon="integer sensitive")
    policy = workshop.privacy(kind="microdata", model={"k": 3})
    rows = [("a", number) for number in range(10)] + [("b", number) for number in range(10, 20)]
    first = workshop.protect(columns, rows, policy)
    # Three people move from a to b, all with a wage of their own.
    moved = [("b" if wage < 3 else place, wage) for place, wage in rows]
    second = workshop.protect(columns, moved, policy, earlier=[earlier(first, "2026-01-01.1")])
    assert rows_of(second, ["plaats", "loon"]) == Counter(("a" if wage < 10 else "b", wage) for wage in range(3, 20))


def test_levels_that_cross_those_of_an_earlier_release_are_chosen_anew(workshop: Workshop) -> None:
    columns = workshop.columns(een="string quasi", twee="string quasi", rest="string open")
    fine = {"hierarchy": workshop.file("stap.csv", *(f"{letter}{n};{letter}" for letter in "ab" for n in range(4)))}
    policy = workshop.privacy(kind="microdata", columns={"een": fine, "twee": fine}, model={"k": 4})

    def register(coarse: int) -> list[list[str]]:
        """Have rows that need one column at its coarse step."""
        found = []
        for letter in "ab":
            for n in range(4):
                pair = [f"{letter}{n}", f"{letter}0"]
                found += [[*(pair if coarse == 0 else pair[::-1]), "x"]] * 2
        return found

    first = workshop.protect(columns, register(0), policy)
    assert first.report["transformation"] == {"een": 1, "twee": 0}
    careless = workshop.protect(columns, register(1), policy)
    assert careless.report["transformation"] == {"een": 0, "twee": 1}
    second = workshop.protect(columns, register(1), policy, earlier=[earlier(first, "2026-01-01.1")])
    assert second.report["transformation"] == {"een": 1, "twee": 1}


def _base(workshop: Workshop) -> dict[str, Any]:
    return {"kind": "microdata", "columns": {"plaats": {"hierarchy": workshop.file("p.csv", "a;x", "b;x")}}, "model": {"k": 3}}


ROWS = [("a", 1)] * 8 + [("b", 2)] * 8


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"columns": {"plaats": {"action": "keep"}}}, "plaats"),
        ({"columns": {"plaats": {"hierarchy": {"type": "file", "path": "q.csv"}}}}, "plaats"),
        ({"columns": {"getal": {"action": "drop"}}}, "getal"),
        ({"columns": {"getal": {"transform": {"type": "rounding", "base": 5}}}}, "getal"),
        ({"model": {"k": 3, "recoding": "local"}}, "recoding"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_way_out(workshop: Workshop, changes: dict[str, Any], said: str) -> None:
    columns = workshop.columns(plaats="string quasi", getal="integer open")
    base = _base(workshop)
    workshop.file("q.csv", "a;y", "b;y")
    first = workshop.protect(columns, ROWS, workshop.privacy(**base))
    other = {**base, **changes, **({"columns": {**base["columns"], **changes["columns"]}} if "columns" in changes else {})}
    second = workshop.protect(columns, ROWS, workshop.privacy(**other), earlier=[earlier(first, "2026-01-01.1")])
    assert second.table is None
    [problem] = second.problems
    assert problem.code == "anonymise.incomparable"
    assert said in problem.nl
    assert "2026-01-01.1" in problem.nl
    assert "publication: {replaces: true}" in problem.nl


def test_a_changed_hierarchy_file_is_noticed_by_its_content(workshop: Workshop) -> None:
    columns = workshop.columns(plaats="string quasi", getal="integer open")
    first = workshop.protect(columns, ROWS, workshop.privacy(**_base(workshop)))
    (workshop.folder / "p.csv").write_text("a;x\nb;x\nc;x\n", encoding="utf-8")
    policy = workshop.privacy(kind="microdata", columns={"plaats": {"hierarchy": {"type": "file", "path": "p.csv"}}}, model={"k": 3})
    [problem] = workshop.protect(columns, ROWS, policy, earlier=[earlier(first, "2026-01-01.1")]).problems
    assert problem.code == "anonymise.incomparable"


@pytest.mark.parametrize("report", [{"kind": "open"}, {"kind": "frequency", "cells": 4}, {}])
def test_a_release_of_another_kind_cannot_be_compared(workshop: Workshop, report: Mapping[str, Any]) -> None:
    columns = workshop.columns(plaats="string quasi", getal="integer open")
    first = workshop.protect(columns, ROWS, workshop.privacy(**_base(workshop)))
    assert first.table
    [problem] = workshop.protect(
        columns, ROWS, workshop.privacy(**_base(workshop)), earlier=[Earlier("2026-01-01.1", first.table.path, report)]
    ).problems
    assert problem.code == "anonymise.incomparable"


def test_a_file_that_is_not_what_its_report_says_is_not_compared(workshop: Workshop) -> None:
    columns = workshop.columns(plaats="string quasi", getal="integer open")
    policy = workshop.privacy(**_base(workshop))
    first = workshop.protect(columns, ROWS, policy)
    other = workshop.folder / "other.parquet"
    assert first.table
    pq.write_table(pq.read_table(first.table.path).slice(1), other)
    [problem] = workshop.protect(columns, ROWS, policy, earlier=[Earlier("2026-01-01.1", other, public_report(first.report))]).problems
    assert problem.code == "anonymise.incomparable"


def test_labels_that_the_source_no_longer_has_stop_only_a_coarser_release(workshop: Workshop) -> None:
    columns = workshop.columns(plaats="string quasi")
    ladder = workshop.file("drie.csv", *(f"{letter}{n};{letter};z" for letter in "abc" for n in range(3)))
    policy = workshop.privacy(kind="microdata", columns={"plaats": {"hierarchy": ladder}}, model={"k": 3})
    fine = [[f"{letter}{n}"] for letter in "abc" for n in range(3) for _ in range(2)]
    first = workshop.protect(columns, fine, policy)
    assert first.report["transformation"] == {"plaats": 1}
    gone = [row for row in fine if row[0][0] != "c"]
    same = workshop.protect(columns, gone, policy, earlier=[earlier(first, "2026-01-01.1")])
    assert same.report["held_back"] == 0
    few = [["a0"], ["b0"], ["b1"], ["b1"]]
    [problem] = workshop.protect(columns, few, policy, earlier=[earlier(first, "2026-01-01.1")]).problems
    assert problem.code == "anonymise.incomparable"
    assert "plaats" in problem.nl


def test_values_at_their_own_level_can_always_be_made_coarser(workshop: Workshop) -> None:
    columns = workshop.columns(plaats="string quasi")
    ladder = workshop.file("twee.csv", *(f"{letter}{n};{letter}" for letter in "abc" for n in range(3)))
    policy = workshop.privacy(kind="microdata", columns={"plaats": {"hierarchy": ladder}}, model={"k": 2})
    first = workshop.protect(columns, [["a0"]] * 4 + [["c0"]] * 4, policy)
    assert first.report["transformation"] == {"plaats": 0}
    second = workshop.protect(columns, [["a0"]] * 2 + [["a1"]] + [["a2"]] * 3, policy, earlier=[earlier(first, "2026-01-01.1")])
    assert second.report["transformation"] == {"plaats": 1}
    assert rows_of(second, ["plaats"]) == {("a",): 6}


def test_pseudonyms_and_chance_cannot_be_compared(workshop: Workshop) -> None:
    columns = workshop.columns(wie="string direct", plaats="string quasi", loon="number sensitive")
    rows = [(f"p{n}", "a", float(n)) for n in range(9)]
    secrets = {"SLEUTEL": "s" * 40}
    for name, rule in (
        ("wie", {"action": "pseudonym", "key": "${SLEUTEL}", "rotation": "2026"}),
        ("loon", {"transform": {"type": "noise", "share": 0.1, "seed": "${SLEUTEL}"}}),
        ("loon", {"transform": {"type": "microaggregation", "k": 3}}),
    ):
        policy = workshop.privacy(kind="microdata", columns={"wie": {"action": "drop"}, name: rule}, model={"k": 3})
        first = workshop.protect(columns, rows, policy, secrets=secrets)
        [problem] = workshop.protect(columns, rows, policy, secrets=secrets, earlier=[earlier(first, "2026-01-01.1")]).problems
        assert problem.code == "anonymise.incomparable"
        assert name in problem.nl


def test_the_outcome_does_not_depend_on_the_order_of_rows_or_columns(workshop: Workshop) -> None:
    chance = random.Random(1)
    names = ("plaats", "ziekte", "soort")
    kinds = {"plaats": "string quasi", "ziekte": "string sensitive", "soort": "string open"}
    people = [(chance.choice("abcde"), chance.choice("xyz"), chance.choice("pq")) for _ in range(120)]
    policy = workshop.privacy(kind="microdata", model={"k": 3, "suppression_limit": 0.1})
    first = workshop.protect(workshop.columns(**kinds), people[:100], policy)
    plain = workshop.protect(workshop.columns(**kinds), people, policy, earlier=[earlier(first, "2026-01-01.1")])
    assert plain.report["held_back"] > 0
    turned = {name: kinds[name] for name in reversed(names)}
    shuffled = [tuple(reversed(person)) for person in people]
    chance.shuffle(shuffled)
    other = workshop.protect(workshop.columns(**turned), shuffled, policy, earlier=[earlier(first, "2026-01-01.1")])
    assert rows_of(plain, names) == rows_of(other, names)


@pytest.mark.parametrize("others", [4, 7])
def test_many_other_columns_are_compared_too(workshop: Workshop, others: int) -> None:
    chance = random.Random(others)
    kinds = {"plaats": "string quasi"} | {f"o{n}": "string open" for n in range(others)}
    people = [["a", *(chance.choice("xy") for _ in range(others))] for _ in range(40)]
    policy = workshop.privacy(kind="microdata", model={"k": 4})
    first = workshop.protect(workshop.columns(**kinds), people[:30], policy)
    second = workshop.protect(workshop.columns(**kinds), people[2:35], policy, earlier=[earlier(first, "2026-01-01.1")])
    before, after = rows_of(first, list(kinds)), rows_of(second, list(kinds))
    for chosen in subsets(range(1, others + 1)):
        sides = []
        for side in (before, after):
            total: Counter[Any] = Counter()
            for row, count in side.items():
                total[tuple(row[at] for at in chosen)] += count
            sides.append(total)
        for change in (sides[1] - sides[0], sides[0] - sides[1]):
            assert change.total() == 0 or change.total() >= 4


def test_text_formats_are_compared_as_far_as_they_keep_a_value(workshop: Workshop) -> None:
    columns = workshop.columns(plaats="string quasi", naam="string open", prijs="decimal open", dag="date open", aan="boolean open")
    rows = [("a", ("", "x", None, "=1")[n % 4], Decimal("12.50") + n % 4, date(2026, 1, 1 + n % 2), n % 2 == 0) for n in range(16)]
    policy = workshop.privacy(kind="microdata", model={"k": 3})
    first = workshop.protect(columns, rows, policy)
    assert first.table
    exact = pq.read_table(first.table.path)
    texts = {
        "plaats": exact["plaats"],
        "naam": pa.array(
            [{"": None, "=1": "'=1"}.get(str(cell), cell) if cell is not None else None for cell in exact["naam"].to_pylist()]
        ),
        "prijs": pa.array([format(cell.normalize(), "f") for cell in exact["prijs"].to_pylist()]),
        "dag": exact["dag"].cast(pa.string()),
        "aan": exact["aan"].cast(pa.string()),
    }
    path = workshop.folder / "text.parquet"
    pq.write_table(pa.table(texts), path)
    told = Earlier("2026-01-01.1", path, public_report(first.report), exact=False)
    assert workshop.protect(columns, rows, policy, earlier=[told]).report["held_back"] == 0
    assert workshop.protect(columns, [*rows, rows[0]], policy, earlier=[told]).report["held_back"] == 1
