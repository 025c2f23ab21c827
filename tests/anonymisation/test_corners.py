"""Odd input that must neither break the guarantee nor the sameness of bytes."""

from __future__ import annotations

import math
from collections import Counter
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anonymisation.policy import columns_of_policy
from config.errors import ConfigurationError


def test_an_empty_table_has_no_class(workshop: Any) -> None:
    done = workshop.protect(workshop.columns(x="string sensitive"), [], workshop.privacy(kind="microdata", model={"k": 2}))
    assert done.table.rows == 0
    for figures in (done.report["before"], done.report["after"]):
        assert (figures["rows"], figures["classes"], figures["k"]) == (0, 0, None)


def test_without_quasi_identifiers_all_rows_are_one_class(workshop: Any) -> None:
    policy = workshop.privacy(kind="microdata", model={"k": 3})
    cells = workshop.columns(x="string sensitive")
    assert workshop.protect(cells, [("a",)] * 2, policy).table is None
    assert workshop.protect(cells, [("a",), ("b",), ("c",)], policy).report["after"]["k"] == 3


def test_zero_has_one_sign_and_not_a_number_is_a_value(workshop: Any) -> None:
    cells, policy = workshop.columns(x="number quasi", y="number sensitive"), workshop.privacy(kind="microdata", model={"k": 2})
    rows = [(0.0, -0.0), (-0.0, 0.0), (math.nan, 1.0), (math.nan, 2.0)] * 50
    one, other = workshop.protect(cells, rows, policy), workshop.protect(cells, rows[::-1], policy)
    assert one.report["after"]["classes"] == 2
    assert one.table.path.read_bytes() == other.table.path.read_bytes()
    assert all(math.copysign(1, row["y"]) == 1 for row in workshop.rows(one))
    table = workshop.privacy(kind="frequency", dimensions={"x": {}}, rules={"min_count": 2})
    assert [row["aantal"] for row in workshop.rows(workshop.protect(cells, rows, table))] == [100, 100]


@pytest.mark.parametrize(
    ("kind", "value"),
    [("number", math.inf), ("number", math.nan), ("number", 2e18), ("decimal", Decimal(9 * 10**28)), ("integer", 2 * 10**18)],
)
def test_values_that_cannot_be_added_exactly_are_told_by_their_row(workshop: Any, kind: str, value: Any) -> None:
    policy = workshop.privacy(kind="magnitude", dimensions={"wijk": {}}, value="x", rules={"min_contributors": 1})
    done = workshop.protect(workshop.columns(wijk="string quasi", x=f"{kind} sensitive"), [("n", 1), ("n", value)], policy)
    (problem,) = done.problems
    assert (problem.code, "rij 2" in problem.nl) == ("anonymise.not-finite", True)


def test_the_p_rule_is_exact_for_long_decimals(workshop: Any) -> None:
    """The rest is exactly 10 % of the largest, or less by one billionth."""
    policy = workshop.privacy(kind="magnitude", dimensions={"wijk": {}}, value="x", rules={"min_contributors": 3, "p_percent": "${P}"})
    cells = workshop.columns(wijk="string quasi", x="decimal sensitive")
    large = Decimal("123456789012345678.000000010")
    for rest, hidden in ((large / 10, False), (large / 10 - Decimal("0.000000001"), True)):
        done = workshop.protect(cells, [("n", large), ("n", large), ("n", rest)], policy, secrets={"P": "10"})
        assert (workshop.rows(done)[0]["status"] == "onderdrukt") is hidden


def test_cells_stand_in_the_order_of_their_labels(workshop: Any) -> None:
    cells = workshop.columns(a="boolean quasi", b="integer quasi", c="string quasi")
    rows = [(a, b, c) for c in ("é", "Z", "a", None) for b in (10, -2, None) for a in (True, None, False)]
    done = workshop.protect(cells, rows, workshop.privacy(kind="frequency", dimensions={"a": {}, "b": {}, "c": {}}, rules={"min_count": 1}))
    found = [(row["a"], row["b"], row["c"]) for row in workshop.rows(done)]
    assert found == sorted(rows, key=lambda row: [(value is None, 0 if value is None else value) for value in row])


def test_a_policy_takes_the_types_that_a_file_has(workshop: Any) -> None:
    policy = workshop.privacy(kind="magnitude", dimensions={"jaar": {}}, value="bedrag", rules={"min_contributors": 3})
    types = {"jaar": "integer", "bedrag": "number", "dag": "date", "naam": None}
    found, _ = columns_of_policy(policy, types, None, "drop")
    assert [(column.name, column.type) for column in found] == [
        ("jaar", "integer"), ("bedrag", "number"), ("dag", "date"), ("naam", "string"),
    ]  # fmt: skip
    found, _ = columns_of_policy(policy, types | {"bedrag": "string"}, None, "drop")
    assert found[1].type == "decimal"


@pytest.mark.parametrize("policy", [{"columns": {"b": {"action": "drop"}}, "others": "keep"}, {"others": "drop"}])
def test_an_open_policy_may_leave_columns_out(workshop: Any, policy: dict[str, Any]) -> None:
    asked = workshop.privacy(kind="open", **{"columns": {"a": {"action": "keep"}}} | policy)
    columns, privacy = columns_of_policy(asked, ["a", "b"], None, policy["others"])
    assert workshop.rows(workshop.protect(columns, [("x", "y")], privacy)) == [{"a": "x"}]


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["Naam", "naam"], "policy.twin-columns"),
        (["STRAẞE", "strasse"], "policy.twin-columns"),
        (["a", ""], "policy.nameless-column"),
        (["a", "x" * 121], "policy.nameless-column"),
        (["a", "_row"], "policy.nameless-column"),
    ],
)
def test_names_that_no_table_can_have_are_refused(workshop: Any, names: list[str], code: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        columns_of_policy(workshop.privacy(kind="open"), names, None, "keep")
    assert [problem.code for problem in caught.value.problems] == [code]


def test_a_twin_that_the_schema_names_otherwise_is_fine(workshop: Any) -> None:
    declared = [column.model_copy(update={"source": "naam"}) for column in workshop.columns(roepnaam="string open")]
    columns, _ = columns_of_policy(workshop.privacy(kind="open"), ["Naam", "naam"], declared, "keep")
    assert [column.name for column in columns] == ["Naam", "roepnaam"]


PLACES = {"a": "noord", "b": "noord", "c": "zuid", "d": "zuid"}


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("xy")), min_size=6, max_size=40), level=st.sampled_from([0, 1]))
def test_information_loss_and_risk_by_their_definitions(workshop: Any, rows: list[tuple[str, str]], level: int) -> None:
    """A column loses the bits of its kept rows as a share of what they have; a suppressed row loses all; pandas counts the classes."""
    ladder = workshop.file("p.csv", *(f"{place};{area}" for place, area in PLACES.items()))
    policy = workshop.privacy(
        kind="microdata",
        columns={"plaats": {"hierarchy": ladder}} if level else {},
        model={"k": 3, "suppression_limit": 0.5},
    )
    done = workshop.protect(workshop.columns(plaats="string quasi", soort="string quasi"), rows, policy)
    if done.table is None:
        return
    chosen = done.report["transformation"]["plaats"]
    made = [(PLACES[place] if chosen else place, kind) for place, kind in rows]
    kept = [index for index, row in enumerate(made) if made.count(row) >= 3]
    fine, coarse, total = Counter(place for place, _ in rows), Counter(place for place, _ in made), len(rows)
    lost = math.fsum(math.log2(coarse[made[index][0]] / fine[rows[index][0]]) for index in kept)
    had = math.fsum(math.log2(total / fine[rows[index][0]]) for index in kept)
    share = round(lost / had, 6) if had else 0.0
    assert done.report["information_loss"] == pytest.approx(((total - len(kept)) + len(kept) * share / 2) / total, abs=2e-6)
    sizes = pd.read_parquet(done.table.path).groupby(["plaats", "soort"]).size()
    after = done.report["after"]
    assert (after["k"], after["classes"], after["rows"]) == (sizes.min(), len(sizes), len(kept))
    assert after["k"] >= 3
    assert after["prosecutor_max"] == pytest.approx(1 / sizes.min(), abs=1e-6)
    assert total - len(kept) <= total / 2
