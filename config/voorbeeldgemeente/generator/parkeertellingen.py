"""Counts of parked cars per hour and car park, as the counting system exports them: UTF-8, semicolons, local time with its offset.

A day has a rush at noon, Saturday is busy, Sunday is not. Planted: hours in which a sensor counted more cars than there are places.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import exp
from typing import TYPE_CHECKING

from config.voorbeeldgemeente.generator.world import write_delimited

if TYPE_CHECKING:
    from pathlib import Path

    from config.voorbeeldgemeente.generator.world import World

FILE = "parkeertellingen.csv"
HEADER = ("meetmoment", "locatie_id", "locatie", "soort", "capaciteit", "bezet")
LOCATIONS = (
    ("P01", "Garage Vismarkt", "garage", 420),
    ("P02", "Garage Station Noord", "garage", 610),
    ("P03", "Garage Bolwerk", "garage", 275),
    ("P04", "Terrein Havenkwartier", "terrein", 180),
    ("P05", "Terrein Oude Werf", "terrein", 95),
    ("P06", "Terrein Zwembad", "terrein", 140),
    ("P07", "P+R Oosterpoort", "P+R", 510),
    ("P08", "P+R Waardse Tuinen", "P+R", 360),
    ("P09", "Straat Kloosterbuurt", "straat", 130),
    ("P10", "Straat Stationsbuurt", "straat", 165),
    ("P11", "Straat Componisten", "straat", 210),
    ("P12", "Straat Molenvliet", "straat", 240),
)
FIRST_HOUR = datetime(2026, 6, 30, 22, tzinfo=UTC)
"""Midnight of 1 July in the Netherlands (+02:00)."""
DAYS = 70
STUCK_SENSORS = 42
CENTRE = {"garage": (13.5, 4.0, 0.82), "terrein": (14.0, 4.5, 0.7), "P+R": (12.0, 5.0, 0.75), "straat": (22.0, 6.5, 0.9)}
"""Per kind: the busiest hour, how wide the rush is in hours, and the share of places in use then."""


def write(folder: Path, world: World) -> None:
    """Write the register."""
    write_delimited(folder / FILE, HEADER, rows(world), encoding="utf-8")


def rows(world: World) -> list[tuple[str, str, str, str, int, int]]:
    """Give the rows, one an hour and car park, in the order of time."""
    random = world.random("parkeertellingen")
    hours = DAYS * 24
    stuck = set(random.sample(range(hours * len(LOCATIONS)), STUCK_SENSORS))
    found: list[tuple[str, str, str, str, int, int]] = []
    for hour in range(hours):
        moment = FIRST_HOUR + timedelta(hours=hour + 2)
        for code, name, kind, places in LOCATIONS:
            busiest, width, top = CENTRE[kind]
            day = {5: 1.15, 6: 0.55}.get(moment.weekday(), 1.0) if kind != "straat" else 1.0
            distance = min(abs(moment.hour - busiest), 24 - abs(moment.hour - busiest))
            share = min(1.0, max(0.01, day * top * exp(-((distance / width) ** 2)) + random.gauss(0.04, 0.03)))
            taken = places + random.randrange(5, 400) if len(found) in stuck else round(places * share)
            found.append((f"{moment:%Y-%m-%dT%H:%M:%S}+02:00", code, name, kind, places, taken))
    return found
