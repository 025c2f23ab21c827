"""Reports about public space, as the case system keeps them: a SQLite database.

The season and the category go together, and some people report much more than others. Planted: personal data in the free text, postcodes
that nobody has, and reports without a channel. A month later there are the reports of October 2026 too, and most that were open are closed.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

from config.voorbeeldgemeente.generator.texts import CATEGORIES, SEASON, note

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from config.voorbeeldgemeente.generator.world import World

FILE = "meldingen.sqlite"
REPORTS = 8_000
FIRST_DAY, LAST_DAY, LATER_DAY = date(2024, 1, 1), date(2026, 9, 30), date(2026, 10, 31)
LATER_REPORTS = 260
WRONG_POSTCODES = 23 / REPORTS
CHANNELS = ("app", "website", "telefoon", "balie")
STATES = ("afgehandeld", "in behandeling", "doorgezet")
TABLE = """CREATE TABLE meldingen (
    id INTEGER PRIMARY KEY, melder_naam TEXT, melder_bsn TEXT, melder_email TEXT, melder_telefoon TEXT, datum TEXT NOT NULL, straat TEXT,
    huisnummer INTEGER, postcode TEXT, categorie TEXT, kanaal TEXT, status TEXT, toelichting TEXT)"""

STATE = 11
"""Where the state stands in a row."""
Row = tuple[int, str, str, str, str, str, str, int, str, str, str | None, str, str]


def write(folder: Path, world: World) -> None:
    """Write the register; an older one is replaced."""
    path = folder / FILE
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(TABLE)
        database.executemany(f"INSERT INTO meldingen VALUES ({', '.join('?' * 13)})", rows(world))  # noqa: S608 - question marks only


def rows(world: World) -> list[Row]:
    """Give the rows, one a report, in the order of their dates."""
    found = _reported(world, world.random("meldingen"), FIRST_DAY, LAST_DAY, REPORTS)
    if world.later:
        random = world.random("meldingen, later")
        found = [cast("Row", (*row[:STATE], STATES[0] if random.random() < 0.8 else row[STATE], *row[STATE + 1 :])) for row in found]
        found += _reported(world, random, LAST_DAY + timedelta(days=1), LATER_DAY, LATER_REPORTS, number=len(found))
    return found


def _reported(world: World, random: Random, first: date, last: date, count: int, *, number: int = 0) -> list[Row]:
    """Draw what is reported from `first` up to and including `last`; `number` reports came before."""
    days = [first + timedelta(days=day) for day in range((last - first).days + 1)]
    moments = []
    for category, (share, _) in CATEGORIES.items():
        weights = [SEASON[category][day.month - 1] * (0.5 if day.weekday() > 4 else 1.0) for day in days]
        moments += [(day, category) for day in random.choices(days, weights, k=round(count * share / 100))]
    busy = [1 / (rank + 400) for rank in range(len(world.people))]
    reporters = random.choices(world.people, busy, k=len(moments))
    neighbours = random.choices(world.people, k=len(moments))
    wrong = set(random.sample(range(len(moments)), round(len(moments) * WRONG_POSTCODES)))
    found: list[Row] = []
    for place, ((day, category), person, neighbour) in enumerate(zip(sorted(moments), reporters, neighbours, strict=True)):
        found.append(
            (
                100_001 + number + place,
                person.name,
                person.bsn,
                person.email,
                person.phone,
                day.isoformat(),
                person.address.street,
                person.address.number,
                person.address.postcode[:4] if place in wrong else person.address.postcode,
                category,
                None if random.random() < 0.003 else random.choices(CHANNELS, (48, 33, 16, 3))[0],
                STATES[0] if (last - day).days > random.expovariate(1 / 25) else random.choice(STATES[1:]),
                note(random, category, person, neighbour),
            )
        )
    return found
