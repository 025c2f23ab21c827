"""The attack that protection is for: somebody has the published file and a register of everybody, and looks who each record can be.

The matcher shares nothing with the program: it reads labels as a person would (`1901`, `19**`, `2026-03`, `2026`, `20 to 39`, `*`) and goes
through the whole register for every record.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Workshop

PEOPLE, REPORTED = 3_000, 2_400
K = 5
COLUMNS = {"postcode": "string quasi", "geboren": "date quasi", "leeftijd": "integer quasi", "kwaal": "string sensitive"}
HIERARCHIES = {
    "postcode": {"hierarchy": {"type": "nl-postcode", "levels": ["PC4", "PC3", "PC2", "any"]}},
    "geboren": {"hierarchy": {"type": "date", "levels": ["month", "year", "any"]}},
    "leeftijd": {"hierarchy": {"type": "interval", "widths": [5, 20], "levels": ["vijf", "twintig"]}},
}
Person = tuple[str, date, int, str]


def register() -> list[Person]:
    """Make up everybody of a town; the rare live in one corner of it."""
    chance = random.Random(3)
    people = []
    for _ in range(PEOPLE):
        born = date(1950, 1, 1) + timedelta(days=int(chance.triangular(0, 20_000, 6_000)))
        postcode = f"19{chance.choice('0001112')}{chance.randint(0, 4)}{chance.choice('AB')}{chance.choice('CD')}"
        people.append((postcode, born, 2026 - born.year, chance.choice(("astma", "griep", "hoofdpijn", "koorts"))))
    return people


def fits(label: Any, value: Any) -> bool:
    """Say whether a value can stand behind a label."""
    if label is None:
        return True
    text = str(label)
    if isinstance(value, int):
        low, _, high = text.partition(" \N{EN DASH} ")
        if high:
            return int(low) <= value <= int(high)
        return "*" in text or text == str(value)
    own = value.isoformat() if isinstance(value, date) else value
    shown = text.rstrip("*") if text.strip("*") else ""
    return bool(own.startswith(shown))


@pytest.mark.parametrize("recoding", ["global", "local"])
@pytest.mark.parametrize("suppression", [0.0, 0.05])
def test_no_record_can_be_fewer_than_k_people(workshop: Workshop, recoding: str, suppression: float) -> None:
    people = register()
    reported = random.Random(4).sample(people, REPORTED)
    model: dict[str, Any] = {"k": K, "suppression_limit": suppression}
    policy = workshop.privacy(kind="microdata", columns=HIERARCHIES, model=model | ({"recoding": "local"} if recoding == "local" else {}))
    done = workshop.protect(workshop.columns(**COLUMNS), reported, policy)
    records = Counter((row["postcode"], row["geboren"], row["leeftijd"]) for row in workshop.rows(done))
    assert sum(records.values()) >= REPORTED * (1 - suppression)
    for record in records:
        candidates = sum(all(fits(label, value) for label, value in zip(record, person, strict=False)) for person in people)
        assert candidates >= K, f"{candidates} people fit a record of {records[record]} rows"


def test_the_matcher_does_find_people_in_a_file_that_is_not_protected() -> None:
    people = register()
    some = people[:200]
    alone = [person for person in some if sum(all(map(fits, person[:3], other[:3])) for other in people) < K]
    assert len(alone) > len(some) / 2, "without protection most can be found"
