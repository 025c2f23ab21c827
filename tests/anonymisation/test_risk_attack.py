"""Attackers who know more or look for less: who is in the data, a promise about persons alone, the order of the rows.

The plain attack, with the file and a register of everybody, is in `test_attack.py`. The attacker here is brute force too and knows nothing
of the program: a cell fits a person when it is their value or anything above it in the hierarchies.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conftest import Workshop

STREETS = {f"{1000 + 10 * area + street}AB": [f"{1000 + 10 * area + street}", f"10{area}", "*"] for area in range(4) for street in range(5)}
BORN = {str(year): [f"{year // 5 * 5}+", "voor 1970" if year < 1970 else "na 1970", "*"] for year in range(1950, 2000)}
SEX = {"m": ["*"], "v": ["*"], "x": ["*"]}
LADDERS: dict[str, dict[str, list[str]]] = {"postcode": STREETS, "geboren": BORN, "sekse": SEX}
KINDS = dict.fromkeys(LADDERS, "string quasi")
Person = tuple[str, ...]


def people(count: int, seed: int) -> list[Person]:
    """Give a population in which some places and years are rare."""
    dice = random.Random(seed)
    streets, years = sorted(STREETS), sorted(BORN)
    return [
        (
            streets[min(int(dice.expovariate(0.25)), len(streets) - 1)],
            years[min(int(dice.gauss(25, 10)) % len(years), len(years) - 1)],
            dice.choices("mvx", (50, 49, 1))[0],
        )
        for _ in range(count)
    ]


def fits(label: str | None, column: str, value: str) -> bool:
    """Say whether a published cell can be somebody's."""
    return label in {value, "*", *LADDERS[column][value]}


def suspects(row: Sequence[str | None], everybody: Counter[Person]) -> int:
    """Count the people a row can be about."""
    return sum(
        times
        for person, times in everybody.items()
        if all(fits(label, column, value) for label, column, value in zip(row, LADDERS, person, strict=True))
    )


def published(workshop: Workshop, rows: Sequence[Person], model: dict[str, Any], **more: Any) -> Counter[tuple[str | None, ...]]:
    """Publish rows and read them as a citizen would."""
    columns = {
        name: {"hierarchy": workshop.file(f"{name}.csv", *(";".join([value, *steps]) for value, steps in ladder.items()))}
        for name, ladder in LADDERS.items()
    }
    done = workshop.protect(workshop.columns(**KINDS), rows, workshop.privacy(kind="microdata", columns=columns, model=model, **more))
    return Counter(tuple(row[name] for name in LADDERS) for row in workshop.rows(done))


@pytest.mark.parametrize("recoding", ["full-domain", "local"])
def test_whoever_knows_that_somebody_is_in_it_is_left_with_k_rows_or_none(workshop: Workshop, recoding: str) -> None:
    source = people(800, 21)
    found = published(workshop, source, {"k": 4, "suppression_limit": 0.05, "recoding": recoding})
    for person in set(source):
        rows = [
            times
            for row, times in found.items()
            if all(fits(label, column, value) for label, column, value in zip(row, LADDERS, person, strict=True))
        ]
        assert not rows or sum(rows) >= 4


def test_a_promise_about_persons_holds_for_a_small_sample(workshop: Workshop) -> None:
    everybody = people(1500, 8)
    lines = [";".join([*person, str(times)]) for person, times in sorted(Counter(everybody).items())]
    (workshop.folder / "personen.csv").write_text("\n".join([";".join([*LADDERS, "aantal"]), *lines]) + "\n", encoding="utf-8")
    source = random.Random(1).sample(everybody, 150)
    table = {"table": {"path": "personen.csv", "count": "aantal"}}
    found = published(workshop, source, {"k_map": {"k": 6}, "suppression_limit": 0.1}, population=table)
    known = Counter(everybody)
    assert all(suspects(row, known) >= 6 for row in found)
    assert min(found.values()) < 6, "classes of fewer rows are allowed, as long as enough people fit"


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), recoding=st.sampled_from(["full-domain", "local"]))
def test_the_order_of_the_result_says_nothing_of_the_order_of_the_source(workshop: Workshop, data: st.DataObject, recoding: str) -> None:
    """Whatever order the rows come in, the file is the same byte for byte: so it cannot hold that order."""
    rows = [(*person, number % 7 / 4) for number, person in enumerate(people(60, data.draw(st.integers(0, 5))))]
    cells = workshop.columns(**KINDS, waarde="number open")
    columns = {
        name: {"hierarchy": workshop.file(f"{name}.csv", *(";".join([value, *steps]) for value, steps in ladder.items()))}
        for name, ladder in LADDERS.items()
    }
    policy = workshop.privacy(kind="microdata", columns=columns, model={"k": 3, "suppression_limit": 0.1, "recoding": recoding})
    one = workshop.protect(cells, rows, policy)
    other = workshop.protect(cells, data.draw(st.permutations(rows)), policy)
    assert one.table is not None
    assert other.table is not None
    assert one.table.path.read_bytes() == other.table.path.read_bytes()
