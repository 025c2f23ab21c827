"""Reports about public space, as the case system keeps them: a SQLite database.

The season and the category go together, and some people report much more than others. Planted: personal data in the free text, postcodes
that nobody has, and reports without a channel.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING

from config.voorbeeldgemeente.generator.texts import CATEGORIES, SEASON, note

if TYPE_CHECKING:
    from pathlib import Path

    from config.voorbeeldgemeente.generator.world import World

FILE = "meldingen.sqlite"
REPORTS = 8_000
FIRST_DAY, LAST_DAY = date(2024, 1, 1), date(2026, 9, 30)
WRONG_POSTCODES = 23
CHANNELS = ("app", "website", "telefoon", "balie")
STATES = ("afgehandeld", "in behandeling", "doorgezet")
TABLE = """CREATE TABLE meldingen (
    id INTEGER PRIMARY KEY, melder_naam TEXT, melder_bsn TEXT, melder_email TEXT, melder_telefoon TEXT, datum TEXT NOT NULL, straat TEXT,
    huisnummer INTEGER, postcode TEXT, categorie TEXT, kanaal TEXT, status TEXT, toelichting TEXT)"""

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
    random = world.random("meldingen")
    days = [FIRST_DAY + timedelta(days=day) for day in range((LAST_DAY - FIRST_DAY).days + 1)]
    moments = []
    for category, (share, _) in CATEGORIES.items():
        weights = [SEASON[category][day.month - 1] * (0.5 if day.weekday() > 4 else 1.0) for day in days]
        moments += [(day, category) for day in random.choices(days, weights, k=round(REPORTS * share / 100))]
    busy = [1 / (rank + 400) for rank in range(len(world.people))]
    reporters = random.choices(world.people, busy, k=len(moments))
    neighbours = random.choices(world.people, k=len(moments))
    wrong = set(random.sample(range(len(moments)), WRONG_POSTCODES))
    found: list[Row] = []
    for number, ((day, category), person, neighbour) in enumerate(zip(sorted(moments), reporters, neighbours, strict=True)):
        found.append(
            (
                100_001 + number,
                person.name,
                person.bsn,
                person.email,
                person.phone,
                day.isoformat(),
                person.address.street,
                person.address.number,
                person.address.postcode[:4] if number in wrong else person.address.postcode,
                category,
                None if random.random() < 0.003 else random.choices(CHANNELS, (48, 33, 16, 3))[0],
                STATES[0] if (LAST_DAY - day).days > random.expovariate(1 / 25) else random.choice(STATES[1:]),
                note(random, category, person, neighbour),
            )
        )
    return found
