"""The proof of a table's figures: what it counts is what plain Python counts, and a table that was tampered with is refused."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anonymisation import tables
from anonymisation.rules import Parameters
from anonymisation.verify_figures import Facts, Promise, prove_figures, recount
from config.errors import IntegrityError

if TYPE_CHECKING:
    from pathlib import Path

SLOW = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
PAID = st.lists(
    st.tuples(
        st.sampled_from(["n", "z", None]),
        st.sampled_from(["p", "q", "r", None]),
        st.one_of(st.none(), st.integers(-5, 50)),
    ),
    max_size=30,
)
OPEN = Parameters(min_count=None, min_contributors=1, hide_zeros=False, p_percent=None)


@SLOW
@given(rows=PAID, named=st.booleans(), aside=st.sets(st.integers(1, 5)))
def test_the_facts_are_those_of_plain_python(workshop: Any, rows: list[Any], named: bool, aside: set[int]) -> None:  # noqa: FBT001 - drawn
    snapshot = workshop.snapshot(workshop.columns(wijk="string quasi", wie="string direct", bedrag="integer sensitive"), rows)
    found = recount(snapshot, frozenset(aside), Promise({"wijk": (None, 0)}, "bedrag", "bedrag", "wie" if named else None))
    paid: dict[Any, dict[Any, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, (area, who, amount) in enumerate(rows, 1):
        if amount is not None and number not in aside:
            paid[area][who if named else number].append(amount)
    expected = {}
    for area, people in paid.items():
        totals = sorted((sum(amounts) for amounts in people.values()), reverse=True)
        count = sum(len(amounts) for amounts in people.values())
        expected[area,] = Facts(count, len(totals), Decimal(sum(totals)), Decimal(totals[0]), Decimal(totals[1] if len(totals) > 1 else 0))
    assert found == expected


PAYERS = [("n", who, amount) for who, amount in (("p", 100), ("q", 20), ("r", 4), ("s", 1))] + [("z", "p", 60), ("z", "q", 0)]


def refused(workshop: Any, tmp_path: Path, figures: list[Any], rules: Parameters, **promise: Any) -> str | None:
    """Write a table of n and z with these figures; give what the proof says of it."""
    snapshot = workshop.snapshot(workshop.columns(wijk="string quasi", wie="string direct", bedrag="integer sensitive"), PAYERS)
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table({"wijk": ["n", "z"], "figuur": pa.array(figures)}), path)
    try:
        prove_figures(path, snapshot, frozenset(), Promise({"wijk": (None, 0)}, "figuur", **promise), rules)
    except IntegrityError as error:
        return str(error).split("(")[1].split(")")[0]
    return None


SUM = {"value": "bedrag", "contributor": "wie"}


@pytest.mark.parametrize(
    ("figures", "rules", "promise", "said"),
    [
        ([4, 2], Parameters(2, None, False, None), {}, None),  # noqa: FBT003 - a record of rules
        ([4, None], Parameters(3, None, False, None), {}, None),  # noqa: FBT003
        ([4, 2], Parameters(3, None, False, None), {}, "min_count"),  # noqa: FBT003
        ([5, None], Parameters(3, None, False, None), {}, "figure"),  # noqa: FBT003
        ([125, None], OPEN, SUM, None),
        ([125, 61], OPEN, SUM, "figure"),
        ([125, 60], OPEN, SUM, None),
        ([125, 60], Parameters(None, 3, False, None), SUM, "min_contributors"),  # noqa: FBT003
        ([125, None], Parameters(None, 3, False, Decimal(5)), SUM, None),  # noqa: FBT003
        ([125, None], Parameters(None, 3, False, Decimal("5.1")), SUM, "p%"),  # noqa: FBT003
        ([Decimal("31.3"), None], OPEN, SUM | {"mean": True, "error": Decimal("0.05")}, None),
        ([Decimal("31.4"), None], OPEN, SUM | {"mean": True, "error": Decimal("0.05")}, "figure"),
        ([125, 60], Parameters(None, 1, True, None), SUM, None),  # noqa: FBT003
    ],
)
def test_a_wrong_figure_is_refused(
    workshop: Any, tmp_path: Path, figures: list[Any], rules: Parameters, promise: dict[str, Any], said: str | None
) -> None:
    answer = refused(workshop, tmp_path, figures, rules, **promise)
    assert answer is None if said is None else answer is not None and answer.startswith(said)


def test_a_suppressed_cell_that_is_filled_in_is_refused(workshop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules themselves fail: nothing is hidden. What was written is then no release."""
    cells = workshop.columns(wijk="string quasi", wie="string direct", bedrag="integer sensitive")
    rules = {"min_contributors": 3, "p_percent": "${P}"}
    policy = workshop.privacy(kind="magnitude", dimensions={"wijk": {}}, value="bedrag", contributor="wie", rules=rules)
    monkeypatch.setattr("anonymisation.tables.broken", lambda _cell, _rules: None)
    with pytest.raises(IntegrityError):
        workshop.protect(cells, PAYERS, policy, secrets={"P": "5"})


def test_labels_of_a_ladder_are_looked_up_anew(workshop: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine counts rows in the wrong cell."""
    cells = workshop.columns(dag="date quasi")
    rows = [(date(2024, 1 + n % 2, 11),) for n in range(20)] + [(date(2024, 1, 12),)] * 3
    policy = workshop.privacy(
        kind="frequency", dimensions={"dag": {"hierarchy": {"type": "date", "levels": ["month"]}}}, rules={"min_count": 2}
    )
    assert [row["aantal"] for row in workshop.rows(workshop.protect(cells, rows, policy))] == [13, 10]
    real = tables.lay_out

    def swapped(*args: Any, **options: Any) -> Any:
        made = real(*args, **options)
        made.rows[:] = made.rows[::-1]
        return made

    monkeypatch.setattr(tables, "lay_out", swapped)
    with pytest.raises(IntegrityError, match="figure"):
        workshop.protect(cells, rows, policy)
