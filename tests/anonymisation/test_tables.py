"""Tables against the rules in plain Python: what is hidden, what is shown, and that nothing is left of what is hidden."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.errors import ConfigurationError

SLOW = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
PLACES = {"a": "noord", "b": "noord", "c": "zuid"}
COUNTED = st.lists(st.tuples(st.sampled_from([*PLACES, None]), st.sampled_from(["x", "y"])), max_size=60)
PAID = st.lists(
    st.tuples(st.sampled_from(["n", "z"]), st.sampled_from(["p", "q", "r", "s", "t"]), st.one_of(st.none(), st.integers(0, 500))),
    max_size=40,
)


def table(workshop: Any, done: Any, *dimensions: str) -> dict[tuple[Any, ...], tuple[Any, str]]:
    """Give figure and status by cell."""
    rows = workshop.rows(done)
    figure = next((name for name in rows[0] if name not in {*dimensions, "status"}), "") if rows else ""
    return {tuple(row[name] for name in dimensions): (row[figure], row["status"]) for row in rows}


@SLOW
@given(rows=COUNTED, least=st.integers(1, 8), level=st.booleans())
def test_counts(workshop: Any, rows: list[tuple[str | None, str]], least: int, level: bool) -> None:  # noqa: FBT001 - a drawn value
    file = workshop.file("plaatsen.csv", *(f"{place};{area}" for place, area in PLACES.items()), ";onbekend")
    rule = {"hierarchy": file, "level": 1} if level else {}
    policy = workshop.privacy(kind="frequency", dimensions={"plaats": rule, "soort": {}}, rules={"min_count": least})
    done = workshop.protect(workshop.columns(plaats="string quasi", soort="string sensitive"), rows, policy)
    counts: dict[tuple[Any, ...], int] = defaultdict(int)
    for place, kind in rows:
        counts[(PLACES[place] if place else "onbekend") if level else place, kind] += 1
    expected = {cell: (n, "gepubliceerd") if n >= least else (None, "onderdrukt") for cell, n in counts.items()}
    assert table(workshop, done, "plaats", "soort") == expected
    assert done.report["before"]["rows"] == len(rows)


def test_listed_labels_without_rows_are_there_as_zero_and_hidden_where_zeros_are(workshop: Any) -> None:
    file = workshop.file("plaatsen.csv", *(f"{place};{area}" for place, area in PLACES.items()))
    cells = workshop.columns(plaats="string quasi")
    for zeros, empty in (("publish", (0, "gepubliceerd")), ("suppress", (None, "onderdrukt"))):
        policy = workshop.privacy(kind="frequency", dimensions={"plaats": {"hierarchy": file}}, rules={"min_count": 3, "zeros": zeros})
        done = workshop.protect(cells, [("a",)] * 4, policy)
        assert table(workshop, done, "plaats") == {("noord",): (4, "gepubliceerd"), ("zuid",): empty}


@SLOW
@given(rows=PAID, least=st.integers(1, 4), percent=st.sampled_from([None, 5, 15, 50, 100]), measure=st.sampled_from(["sum", "mean"]))
def test_sums_and_means(workshop: Any, rows: list[tuple[str, str, int | None]], least: int, percent: int | None, measure: str) -> None:
    rules = {"min_contributors": least} | ({"p_percent": "${P_PERCENT}"} if percent else {})
    policy = workshop.privacy(
        kind="magnitude", dimensions={"wijk": {}}, value="bedrag", contributor="wie", measure=measure, precision=1, rules=rules
    )
    cells = workshop.columns(wijk="string quasi", wie="string direct", bedrag="integer sensitive")
    done = workshop.protect(cells, rows, policy, secrets={"P_PERCENT": str(percent)})
    paid: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    counts: dict[str, int] = defaultdict(int)
    for area, who, amount in rows:
        paid[area]
        if amount is not None:
            paid[area][who] += amount
            counts[area] += 1
    expected = {}
    for area, by_contributor in paid.items():
        totals = sorted(by_contributor.values(), reverse=True)
        remainder = sum(totals[2:])
        hidden = len(totals) < least or (percent is not None and bool(totals) and remainder * 100 < percent * totals[0])
        figure = Decimal(sum(totals)) / (counts[area] if measure == "mean" else 1) if totals else None
        shown = None if hidden or figure is None else figure.quantize(Decimal("0.1"), ROUND_HALF_UP)
        expected[(area,)] = (shown, "onderdrukt" if shown is None else "gepubliceerd")
    assert table(workshop, done, "wijk") == expected


def test_a_mean_of_one_big_contributor_is_hidden(workshop: Any) -> None:
    rows = [("n", "groot", 1_000_000), *(("n", f"klein{n}", 10) for n in range(20))]
    policy = workshop.privacy(
        kind="magnitude", dimensions={"wijk": {}}, value="bedrag", contributor="wie", rules={"min_contributors": 3, "p_percent": "${P}"}
    )
    cells = workshop.columns(wijk="string quasi", wie="string direct", bedrag="integer sensitive")
    hidden = workshop.protect(cells, rows, policy, secrets={"P": "15"})
    assert table(workshop, hidden, "wijk") == {("n",): (None, "onderdrukt")}
    assert b"1000200" not in hidden.table.path.read_bytes()
    assert "15" not in str(hidden.report["rules"]), "the parameter is secret"


def test_sums_of_decimals_are_exact_in_any_order(workshop: Any) -> None:
    rows = [("n", Decimal(amount)) for amount in ["0.1"] * 10 + ["99999999999999999.123456789", "-99999999999999999.123456789"]]
    policy = workshop.privacy(kind="magnitude", dimensions={"wijk": {}}, value="bedrag", rules={"min_contributors": 3})
    cells = workshop.columns(wijk="string quasi", bedrag="decimal sensitive")
    for order in (rows, rows[::-1]):
        assert table(workshop, workshop.protect(cells, order, policy), "wijk") == {("n",): (Decimal(1), "gepubliceerd")}


@pytest.mark.parametrize("secret", ["tien", "-7777", "0", "7777", "nan", ""])
def test_a_secret_that_is_no_percentage_is_not_repeated(workshop: Any, secret: str) -> None:
    policy = workshop.privacy(kind="magnitude", dimensions={"wijk": {}}, value="bedrag", rules={"min_contributors": 3, "p_percent": "${P}"})
    with pytest.raises(ConfigurationError) as caught:
        workshop.protect(workshop.columns(wijk="string quasi", bedrag="integer sensitive"), [("n", 1)], policy, secrets={"P": secret})
    assert caught.value.problems[0].place.path == "privacy.rules.p_percent"
    assert "7777" not in str(caught.value) + caught.value.problems[0].nl


def test_below_zero_is_refused_with_the_p_rule_and_told_by_its_row(workshop: Any) -> None:
    cells = workshop.columns(wijk="string quasi", bedrag="integer sensitive")
    rows = [("n", 5), ("n", -317), ("n", 8)]
    asked = {"kind": "magnitude", "dimensions": {"wijk": {}}, "value": "bedrag"}
    refused = workshop.protect(
        cells, rows, workshop.privacy(**asked, rules={"min_contributors": 2, "p_percent": "${P}"}), secrets={"P": "10"}
    )
    assert refused.table is None
    assert "rij 2" in refused.problems[0].nl
    assert "317" not in refused.problems[0].nl + refused.problems[0].en
    plain = workshop.protect(cells, rows, workshop.privacy(**asked, rules={"min_contributors": 2}))
    assert table(workshop, plain, "wijk") == {("n",): (-304, "gepubliceerd")}


def test_rows_without_a_contributor_are_one_contributor_together(workshop: Any) -> None:
    cells = workshop.columns(wijk="string quasi", wie="string direct", bedrag="integer sensitive")
    rows = [("n", None, 5)] * 9 + [("n", "p", 5)]
    policy = workshop.privacy(kind="magnitude", dimensions={"wijk": {}}, value="bedrag", contributor="wie", rules={"min_contributors": 3})
    assert table(workshop, workshop.protect(cells, rows, policy), "wijk") == {("n",): (None, "onderdrukt")}


def test_a_table_needs_its_rule(workshop: Any) -> None:
    done = workshop.protect(workshop.columns(wijk="string quasi"), [("n",)], workshop.privacy(kind="frequency", dimensions={"wijk": {}}))
    assert done.table is None
    assert "min_count" in done.problems[0].nl


def test_set_aside_rows_are_not_counted(workshop: Any) -> None:
    policy = workshop.privacy(kind="frequency", dimensions={"wijk": {}}, rules={"min_count": 2})
    done = workshop.protect(workshop.columns(wijk="string quasi"), [("n",)] * 4, policy, exclude=frozenset({2, 4}))
    assert table(workshop, done, "wijk") == {("n",): (2, "gepubliceerd")}


def test_the_order_of_rows_does_not_matter(workshop: Any) -> None:
    policy = workshop.privacy(kind="frequency", dimensions={"wijk": {}}, rules={"min_count": 2})
    rows = [(f"w{n % 7}",) for n in range(50)]
    one, other = (workshop.protect(workshop.columns(wijk="string quasi"), order, policy) for order in (rows, rows[::-1]))
    assert one.table.path.read_bytes() == other.table.path.read_bytes()
