"""Pseudonyms: one person, one code here, and no way to the codes elsewhere; and no code where its rows together point somebody out."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anonymisation.protect import protect
from anonymisation.verify_trails import prove_trails
from config.errors import ConfigurationError, IntegrityError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conftest import Workshop

    from anonymisation.protect import Protected

KEY = "0123456789abcdef0123456789abcdef"
PEOPLE = [[f"bsn{number:04d}", number % 3] for number in range(30)]
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def run(
    workshop: Workshop,
    rows: Sequence[Sequence[Any]] = PEOPLE,
    *,
    dataset: str = "meldingen",
    secret: str = KEY,
    print_: str = "a",
    model: dict[str, Any] | None = None,
    sensitive: bool = False,
    **rule: Any,
) -> Protected:
    """Protect persons and the group that each is in."""
    kinds = {"bsn": "string direct", "groep": "integer quasi", **({"ziekte": "string sensitive"} if sensitive else {})}
    declared = workshop.columns(**kinds)
    snapshot = workshop.snapshot(declared, rows)
    object.__setattr__(snapshot, "fingerprint", print_ * 64)
    columns = {"bsn": {"action": "pseudonym", "key": "${SLEUTEL}", **rule}}
    policy = workshop.privacy(kind="microdata", columns=columns, model=model or {"k": 5})
    work = workshop.folder / f"run{workshop.made}"
    work.mkdir()
    return protect(snapshot, declared, policy, base=workshop.folder, secrets={"SLEUTEL": secret}, work=work, dataset=dataset)


def codes(workshop: Workshop, **how: Any) -> set[str]:
    """Give the pseudonyms of the same thirty persons."""
    found = {row["bsn"] for row in workshop.rows(run(workshop, **how))}
    assert len(found) == 30
    assert None not in found
    return found


def test_a_pseudonym_is_the_same_only_where_it_should_be(workshop: Workshop) -> None:
    """The same persons under the same secret have no code in common in another dataset, rotation, release or column."""
    releases = [
        codes(workshop, rotation="2026"),
        codes(workshop, rotation="2027"),
        codes(workshop, dataset="vergunningen", rotation="2026"),
        codes(workshop),
        codes(workshop, print_="b"),
        codes(workshop, rotation="2026", secret=KEY[::-1]),
        codes(workshop, dataset="", rotation="2026"),
        codes(workshop, dataset="", rotation="2026", print_="b"),
        codes(workshop, dataset="meldingen2026", rotation="x"),
        codes(workshop, dataset="meldingen", rotation="2026x"),
    ]
    for one, other in itertools.combinations(releases, 2):
        assert not one & other
        # Nor in part: a code that is cut off elsewhere would link.
        assert not {code[:12] for code in one} & {code[:12] for code in other}
    assert codes(workshop, rotation="2026", print_="b") == releases[0]
    assert codes(workshop) == releases[3]


def test_pseudonyms_are_as_long_as_was_asked(workshop: Workshop) -> None:
    full = codes(workshop, rotation="2026", length=64)
    assert {len(code) for code in full} == {64}
    assert codes(workshop, rotation="2026", length=12) == {code[:12] for code in full}
    assert {len(code) for code in codes(workshop)} == {32}


def test_how_text_was_typed_does_not_matter(workshop: Workshop) -> None:
    """É as one character or as two is the same person."""
    one = {row["bsn"] for row in workshop.rows(run(workshop, [["Ren\u00e9", 1]] * 5, rotation="x"))}
    two = {row["bsn"] for row in workshop.rows(run(workshop, [["Rene\u0301", 1]] * 5, rotation="x"))}
    assert one == two


def test_a_secret_must_be_long(workshop: Workshop) -> None:
    with pytest.raises(ConfigurationError) as caught:
        run(workshop, secret="kort" * 7)
    assert caught.value.problems[0].code == "transform.short-secret"


def test_only_what_is_direct_gets_a_pseudonym(workshop: Workshop) -> None:
    policy = workshop.privacy(kind="microdata", columns={"a": {"action": "pseudonym", "key": "${SLEUTEL}"}}, model={"k": 2})
    done = workshop.protect(workshop.columns(a="string quasi"), [["x"], ["x"]], policy, secrets={"SLEUTEL": KEY})
    assert [problem.code for problem in done.problems] == ["anonymise.pseudonym-direct"]


def test_two_columns_of_pseudonyms_are_refused(workshop: Workshop) -> None:
    rule = {"action": "pseudonym", "key": "${SLEUTEL}"}
    policy = workshop.privacy(kind="microdata", columns={"a": rule, "b": rule}, model={"k": 2})
    done = workshop.protect(workshop.columns(a="string direct", b="string direct"), [["x", "y"]] * 2, policy, secrets={"SLEUTEL": KEY})
    assert [problem.code for problem in done.problems] == ["anonymise.pseudonyms"]


def trails(found: list[dict[str, Any]]) -> tuple[dict[str, Counter[Any]], Counter[Any]]:
    """Give the classes of each pseudonym, and how many rows of each class have none."""
    linked: defaultdict[str, Counter[Any]] = defaultdict(Counter)
    without: Counter[Any] = Counter()
    for row in found:
        (without if row["bsn"] is None else linked[row["bsn"]])[row["groep"]] += 1
    return dict(linked), without


@QUICK
@given(
    # Rows of one person in groups that are large enough; few groups, so that trails are shared.
    people=st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=3), min_size=6, max_size=24),
    k=st.integers(2, 3),
)
def test_nobody_is_known_by_the_trail_of_his_rows(workshop: Workshop, people: list[list[int]], k: int) -> None:
    rows = [[f"p{number}", group] for number, groups in enumerate(people) for group in groups]
    done = run(workshop, rows, model={"k": k, "suppression_limit": 1.0})
    if done.table is None:
        return
    found = workshop.rows(done)
    linked, without = trails(found)
    # An attacker who knows in which groups somebody's rows are looks for that trail, or for rows without a code.
    for groups in people:
        shown = Counter(group for group in groups if any(row["groep"] == group for row in found))
        same = [trail for trail in linked.values() if trail == shown]
        assert len(same) == 0 or len(same) >= k
        assert all(without[group] >= k for group in shown) or same
    assert all(count >= k for count in without.values())
    assert Counter(row["groep"] for row in found) == Counter(row[1] for row in rows if any(one["groep"] == row[1] for one in found))
    column = next(one for one in done.report["columns"] if one["name"] == "bsn")
    assert column["suppressed_cells"] == sum(without.values())


def test_a_shared_trail_keeps_its_codes(workshop: Workshop) -> None:
    rows = [[f"p{number}", group] for number in range(5) for group in (1, 1, 2)] + [[f"q{number}", 2] for number in range(5)]
    found = workshop.rows(run(workshop, rows, model={"k": 5}))
    assert trails(found)[1] == Counter()
    alone = [*rows, ["x", 1], ["x", 2], ["x", 2]]
    linked, without = trails(workshop.rows(run(workshop, alone, model={"k": 5})))
    # That x has no code can be seen, so there must be four others without one in each of its groups: all who are in group 1, …
    assert without[1] >= 5
    assert without[2] >= 5
    # … and those who are in group 2 only keep theirs.
    assert Counter(tuple(trail.elements()) for trail in linked.values()) == {(2,): 5}


def test_with_a_sensitive_column_only_single_rows_are_linked(workshop: Workshop) -> None:
    rows = [[f"p{number}", 1, "griep"] for number in range(6)] + [[f"p{number}", 1, "hiv"] for number in range(6)]
    rows += [[f"q{number}", 1, "griep" if number % 2 else "hiv"] for number in range(6)]
    model = {"k": 3, "l": {"column": "ziekte", "value": 2}}
    linked, without = trails(workshop.rows(run(workshop, rows, model=model, sensitive=True)))
    assert without == {1: 12}
    assert len(linked) == 6
    # Six persons with one row each, all with the same illness: their codes would set them apart from the others.
    same = [[*row[:2], "griep"] if row[0].startswith("q") else row for row in rows]
    assert trails(workshop.rows(run(workshop, same, model=model, sensitive=True)))[0] == {}


def test_the_order_of_rows_does_not_matter(workshop: Workshop) -> None:
    rows = [[f"p{number % 11}", number % 4] for number in range(60)]
    first, again = run(workshop, rows, model={"k": 3}), run(workshop, rows[::-1], model={"k": 3})
    assert workshop.rows(first) == workshop.rows(again)


def test_the_proof_finds_a_trail_that_is_not_shared(workshop: Workshop) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = workshop.folder / "fout.parquet"
    good = {"bsn": ["a", "a", "b", "b", None, None], "groep": [1, 2, 1, 2, 1, 1]}
    pq.write_table(pa.table(good), path)
    prove_trails(path, "bsn", ["groep"], 2)
    for bad in (
        {"bsn": ["a", "a", "b", "b"], "groep": [1, 2, 1, 1]},  # another trail each
        {"bsn": ["a", "b", None, "c"], "groep": [1, 1, 1, 1]},  # one row without
    ):
        pq.write_table(pa.table(bad), path)
        with pytest.raises(IntegrityError):
            prove_trails(path, "bsn", ["groep"], 2)
