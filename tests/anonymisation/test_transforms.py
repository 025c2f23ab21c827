"""Values that are replaced: what every method does, that it needs the secret, and that it does not see the order of rows."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anonymisation.transforms import pram
from anonymisation.transforms.base import derive
from config.errors import ConfigurationError
from config.registry import TRANSFORMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conftest import Workshop

    from anonymisation.protect import Protected

SECRETS = {"ZAAD": "0123456789abcdef0123456789abcdef", "ANDER": "fedcba9876543210fedcba9876543210"}
SEED = "${ZAAD}"
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def run(workshop: Workshop, kinds: dict[str, str], rows: Sequence[Sequence[Any]], **rules: dict[str, Any]) -> Protected:
    """Protect rows of open and sensitive columns, k being no matter."""
    policy = workshop.privacy(kind="microdata", columns=rules, model={"k": 2})
    return workshop.protect(workshop.columns(**kinds), rows, policy, secrets=SECRETS)


def values(workshop: Workshop, kind: str, cells: Sequence[Any], **transform: Any) -> list[Any]:
    """Give the values of one column after a transform, sorted, missing ones last."""
    done = run(workshop, {"x": f"{kind} sensitive"}, [[cell] for cell in cells], x={"transform": transform})
    return [row["x"] for row in workshop.rows(done)]


def test_every_method_is_a_module() -> None:
    assert list(TRANSFORMS.modules) == ["microaggregation", "noise", "pram", "rounding", "top-bottom"]


@pytest.mark.parametrize(
    ("kind", "base", "before", "after"),
    [
        ("integer", 10, [4, 5, 14, 15, -4, -5, -15, None], [-20, -10, 0, 0, 10, 10, 20, None]),
        ("decimal", 0.25, [Decimal("0.13"), Decimal("1.124"), Decimal("1.125")], [Decimal("0.25"), Decimal(1), Decimal("1.25")]),
        ("number", 0.1, [0.26, 0.04, 1.05], [0.0, 0.3, 1.1]),
        ("number", 1000, [1499.9, 1500.0, -0.4], [0.0, 1000.0, 2000.0]),
    ],
)
def test_rounding(workshop: Workshop, kind: str, base: float, before: list[Any], after: list[Any]) -> None:
    assert values(workshop, kind, before, type="rounding", base=base) == after


@QUICK
@given(cells=st.lists(st.integers(-(10**12), 10**12), min_size=2, max_size=20), base=st.integers(1, 10**6))
def test_rounding_is_nearest(workshop: Workshop, cells: list[int], base: int) -> None:
    found = values(workshop, "integer", cells, type="rounding", base=base)
    expected = sorted((abs(cell) * 2 + base) // (2 * base) * base * (-1 if cell < 0 else 1) for cell in cells)
    assert found == expected


def test_top_and_bottom(workshop: Workshop) -> None:
    assert values(workshop, "integer", [3, 18, 40, 90, 104, None], type="top-bottom", top=90, bottom=18) == [18, 18, 40, 90, 90, None]
    assert values(workshop, "decimal", [Decimal(1), Decimal(9)], type="top-bottom", top=2.5) == [Decimal(1), Decimal("2.5")]
    assert values(workshop, "number", [-7.5, 9.0], type="top-bottom", bottom=-1.5) == [-1.5, 9.0]


def test_whole_numbers_stay_whole(workshop: Workshop) -> None:
    for transform in ({"type": "rounding", "base": 2.5}, {"type": "top-bottom", "top": 2.5}):
        with pytest.raises(ConfigurationError) as caught:
            values(workshop, "integer", [1], **transform)
        assert caught.value.problems[0].place.path == "privacy.columns.x.transform"


def test_what_was_done_is_said_and_no_more(workshop: Workshop) -> None:
    kinds = {"a": "integer sensitive", "b": "number sensitive", "c": "string sensitive"}
    done = run(
        workshop,
        kinds,
        [[number, float(number), "ja" if number % 3 else "nee"] for number in range(30)],
        a={"transform": {"type": "microaggregation", "k": 5}},
        b={"transform": {"type": "noise", "share": 0.37, "seed": SEED}},
        c={"transform": {"type": "pram", "retention": 0.83, "seed": SEED}},
    )
    told = {one["name"]: one["transform"] for one in done.report["columns"]}
    assert told["a"] == {
        "method": "microaggregation",
        "nl": "Gemiddelde van een groep van minstens 5 rijen die op elkaar lijken.",
        "en": "Mean of a group of at least 5 rows that are alike.",
        "smallest": 5,
    }
    assert (told["b"]["method"], told["c"]["method"]) == ("noise", "pram")
    assert not any(word in str(told) for word in ("0.37", "0.83", "0,37", "0,83", SECRETS["ZAAD"]))
    assert {one["action"] for one in done.report["columns"]} == {"transformed"}
    assert done.table is not None
    columns = {column.name: column for column in done.table.columns}
    assert columns["b"].level == "noise"
    assert columns["b"].description is not None
    assert "ruis" in columns["b"].description.nl


MIXED = {
    "a": {"transform": {"type": "microaggregation", "k": 3, "together": ["b"]}},
    "c": {"transform": {"type": "pram", "retention": 0.6, "seed": SEED}},
    "d": {"transform": {"type": "noise", "share": 0.5, "seed": SEED}},
}
KINDS = {"a": "integer sensitive", "b": "number sensitive", "c": "string sensitive", "d": "decimal sensitive", "e": "integer open"}


def mixed(count: int, seed: int) -> list[list[Any]]:
    dice = random.Random(seed)
    return [
        [dice.randint(0, 9), dice.choice([0.5, 1.5, 8.0, None]), dice.choice("xyz"), Decimal(dice.randint(0, 400)), dice.randint(0, 3)]
        for _ in range(count)
    ]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_and_columns_does_not_matter(workshop: Workshop, seed: int) -> None:
    rows = mixed(60, seed)
    first = run(workshop, KINDS, rows, **MIXED)
    random.Random(seed + 10).shuffle(rows)
    again = run(workshop, KINDS, rows, **MIXED)
    assert workshop.rows(first) == workshop.rows(again)
    names = list(reversed(KINDS))
    turned = run(workshop, {name: KINDS[name] for name in names}, [row[::-1] for row in rows], **MIXED)
    assert Counter(tuple(sorted(row.items(), key=str)) for row in workshop.rows(turned)) == Counter(
        tuple(sorted(row.items(), key=str)) for row in workshop.rows(first)
    )


def test_a_row_that_did_not_change_draws_the_same_again(workshop: Workshop) -> None:
    rows = [[float(number), number] for number in range(40)]
    noise = {"x": {"transform": {"type": "noise", "share": 0.3, "decimals": 9, "seed": SEED}}}
    policy = workshop.privacy(kind="microdata", columns=noise, model={"k": 2})
    declared = workshop.columns(x="number sensitive", n="integer open")

    def noisy(secrets: dict[str, str], wanted: list[list[Any]]) -> dict[int, float]:
        snapshot = workshop.snapshot(declared, wanted)
        work = workshop.folder / f"run{workshop.made}"
        work.mkdir()
        from anonymisation.protect import protect

        done = protect(snapshot, declared, policy, base=workshop.folder, secrets=secrets, work=work, dataset="proef")
        return {row["n"]: row["x"] - row["n"] for row in workshop.rows(done)}

    first, other = noisy(SECRETS, rows), noisy({"ZAAD": SECRETS["ANDER"]}, rows)
    # Twice the same rows: another spread would make other noise of the same draws.
    again = noisy(SECRETS, rows[::-1])
    assert first == again
    assert all(abs(first[number] - other[number]) > 1e-6 for number in first)


def test_noise_keeps_mean_and_correlation(workshop: Workshop) -> None:
    import numpy as np

    dice = np.random.default_rng(4)
    x = dice.normal(100, 20, 4000)
    y = 3 * x + dice.normal(0, 10, 4000)
    kinds = {"x": "number sensitive", "y": "number sensitive", "n": "integer open"}
    rules = {"x": {"transform": {"type": "noise", "share": 0.5, "together": ["y"], "seed": SEED, "decimals": 6}}}
    done = run(workshop, kinds, [[float(a), float(b), number] for number, (a, b) in enumerate(zip(x, y, strict=True))], **rules)
    found = sorted(workshop.rows(done), key=lambda row: row["n"])
    noisy = np.array([[row["x"], row["y"]] for row in found])
    noise = noisy - np.column_stack([x, y])
    assert abs(noise.mean(axis=0) / [20, 60]).max() < 0.03
    assert noise.std(axis=0) / np.column_stack([x, y]).std(axis=0) == pytest.approx([0.5, 0.5], rel=0.05)
    assert np.corrcoef(noisy.T)[0, 1] == pytest.approx(np.corrcoef(x, y)[0, 1], abs=0.01)
    assert abs(np.corrcoef(noise[:, 0], x)[0, 1]) < 0.05


def test_missing_values_stay_missing(workshop: Workshop) -> None:
    for kind, cells, transform in (
        ("number", [1.0, None, 3.0, 9.0], {"type": "noise", "share": 0.1, "seed": SEED}),
        ("string", ["a", None, "b", "a"], {"type": "pram", "retention": 0.1, "seed": SEED}),
        ("integer", [1, None, 2, 3], {"type": "microaggregation", "k": 3}),
    ):
        assert Counter(cell is None for cell in values(workshop, kind, cells, **transform)) == {False: 3, True: 1}


@pytest.mark.parametrize("invariant", [False, True])
def test_pram_keeps_what_it_promises(workshop: Workshop, invariant: bool) -> None:  # noqa: FBT001
    rows = [["veel" if number % 5 else "weinig", number] for number in range(5000)]
    rule = {"transform": {"type": "pram", "retention": 0.7, "invariant": invariant, "seed": SEED}}
    found = workshop.rows(run(workshop, {"x": "string sensitive", "n": "integer open"}, rows, x=rule))
    stayed = sum(row["x"] == rows[row["n"]][0] for row in found) / 5000
    share = sum(row["x"] == "weinig" for row in found) / 5000
    # Invariant: who does not stay draws from the column, and may draw what it had.
    assert stayed == pytest.approx(0.7 + 0.3 * (0.8**2 + 0.2**2) if invariant else 0.7, abs=0.02)
    assert share == pytest.approx(0.2 if invariant else 0.2 * 0.7 + 0.8 * 0.3, abs=0.02)


def test_an_invariant_matrix_keeps_the_distribution() -> None:
    import numpy as np

    matrix = {"a": {"a": 0.5, "b": 0.5}, "b": {"b": 0.8, "c": 0.2}, "c": {"a": 1.0}}
    options = pram.Options(type="pram", matrix=matrix, invariant=True, seed=SEED)
    counts = np.array([10, 60, 30])
    _, chances = pram._given(options, None, ["a", "b", "c"], counts)  # type: ignore[arg-type]
    assert chances.sum(axis=1) == pytest.approx([1, 1, 1])
    assert counts @ chances == pytest.approx(counts)


def test_a_matrix_must_know_every_value(workshop: Workshop) -> None:
    with pytest.raises(ConfigurationError) as caught:
        values(workshop, "string", ["a", "geheim"], type="pram", matrix={"a": {"a": 1.0}}, seed=SEED)
    assert caught.value.problems[0].code == "transform.pram-absent"
    assert "geheim" not in str(caught.value)


def test_a_number_in_text_is_told_to_be_declared(workshop: Workshop) -> None:
    with pytest.raises(ConfigurationError) as caught:
        values(workshop, "string", ["1"], type="rounding", base=10)
    assert caught.value.problems[0].code == "transform.misfit"


def test_a_short_or_missing_secret_is_refused(workshop: Workshop) -> None:
    rule = {"x": {"transform": {"type": "pram", "retention": 0.5, "seed": SEED}}}
    policy = workshop.privacy(kind="microdata", columns=rule, model={"k": 2})
    for secrets, code in (({"ZAAD": "kort"}, "transform.short-secret"), ({}, "config.unset")):
        with pytest.raises(ConfigurationError) as caught:
            workshop.protect(workshop.columns(x="string sensitive"), [["a"], ["b"]], policy, secrets=secrets)
        assert caught.value.problems[0].code == code
        assert "kort" not in caught.value.problems[0].nl.replace("te kort", "")


def test_keys_of_other_labels_are_other_keys() -> None:
    keys = [derive(SECRETS["ZAAD"], *labels) for labels in (("a", "bc"), ("ab", "c"), ("abc",), ("a", "b", "c"), ("a", "bc", ""))]
    assert len(set(keys)) == 5


def test_k_is_counted_on_what_is_published(workshop: Workshop) -> None:
    """Rounding makes two ages one, and the search then has nothing left to suppress."""
    rows = [[31], [34], [48], [52]]
    declared = workshop.columns(leeftijd="integer quasi")
    alone = workshop.protect(declared, rows, workshop.privacy(kind="microdata", model={"k": 2}))
    assert alone.table is None
    policy = workshop.privacy(kind="microdata", columns={"leeftijd": {"transform": {"type": "rounding", "base": 10}}}, model={"k": 2})
    done = workshop.protect(declared, rows, policy)
    assert [row["leeftijd"] for row in workshop.rows(done)] == [30, 30, 50, 50]
    assert done.report["after"]["k"] == 2


def test_a_hierarchy_starts_from_what_a_transform_made(workshop: Workshop) -> None:
    ladder = workshop.file("tientallen.csv", "30;jong", "50;oud", "60;oud")
    rule = {"transform": {"type": "rounding", "base": 10}, "hierarchy": ladder}
    policy = workshop.privacy(kind="microdata", columns={"leeftijd": rule}, model={"k": 2})
    done = workshop.protect(workshop.columns(leeftijd="integer quasi"), [[31], [34], [48], [61]], policy)
    assert [row["leeftijd"] for row in workshop.rows(done)] == ["jong", "jong", "oud", "oud"]


def test_rows_that_were_set_aside_take_no_part(workshop: Workshop) -> None:
    rule = {"x": {"transform": {"type": "microaggregation", "k": 2}}}
    policy = workshop.privacy(kind="microdata", columns=rule, model={"k": 2})
    declared = workshop.columns(x="integer sensitive")
    done = workshop.protect(declared, [[1], [1_000_000], [3], [5], [7]], policy, exclude=frozenset({2}))
    assert [row["x"] for row in workshop.rows(done)] == [2, 2, 6, 6]


@pytest.mark.parametrize("kind", ["no rows", "all alike", "all missing"])
def test_there_may_be_nothing_to_replace(workshop: Workshop, kind: str) -> None:
    kinds = {"a": "number sensitive", "b": "integer sensitive", "c": "string sensitive", "d": "decimal quasi", "e": "string direct"}
    rules: dict[str, dict[str, Any]] = {
        "a": {"transform": {"type": "noise", "share": 0.1, "seed": SEED}},
        "b": {"transform": {"type": "microaggregation", "k": 3}},
        "c": {"transform": {"type": "pram", "retention": 0.5, "invariant": True, "seed": SEED}},
        "d": {"transform": {"type": "rounding", "base": 10}},
        "e": {"action": "pseudonym", "key": SEED},
    }
    rows: list[list[Any]] = {"no rows": [], "all alike": [[1.0, 1, "a", Decimal(3), "x"]] * 4, "all missing": [[None] * 5] * 4}[kind]
    found = workshop.rows(run(workshop, kinds, rows, **rules))
    assert len(found) == len(rows)
    if kind == "all alike":  # without spread there is no noise, and with one value nothing else to become
        assert [(row["a"], row["b"], row["c"], row["d"]) for row in found] == [(1.0, 1, "a", Decimal(0))] * 4
    if kind == "all missing":
        assert {cell for row in found for cell in row.values()} == {None}
