"""Gas use per connection and year, as a grid operator delivers it: cp1252, semicolons, decimal comma, a title line on top.

Skewed as real use is: most homes near 1,100 m³ and falling, greenhouses and works many hundreds of times that. Planted: one connection
that makes up nearly all of its neighbourhood (p% has to hide it), a neighbourhood with two connections, and meters that were not read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.voorbeeldgemeente.generator.world import dutch, write_delimited

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from config.voorbeeldgemeente.generator.places import Address
    from config.voorbeeldgemeente.generator.world import World

FILE = "gasverbruik.csv"
HEADER = (
    "aansluiting_id",
    "straat",
    "huisnummer",
    "toevoeging",
    "postcode",
    "woonplaats",
    "buurt_code",
    "jaar",
    "verbruik_m3",
    "soort_aansluiting",
)
YEARS = (2023, 2024, 2025)
PREAMBLE = "Levering gasverbruik per aansluiting;;;;;;;;;\r\n"
SMALL, LARGE, GREENHOUSE = "G4", "G25", "G400"
HEAT_NETWORK = "Nieuw-Waard"
"""The neighbourhood that is leaving gas: its connections close year by year."""


def write(folder: Path, world: World) -> None:
    """Write the register."""
    write_delimited(folder / FILE, HEADER, rows(world), encoding="cp1252", preamble=PREAMBLE)


def rows(world: World) -> list[tuple[str, ...]]:
    """Give the rows, one a connection and year."""
    random = world.random("gasverbruik")
    found: list[tuple[str, ...]] = []
    for number, address in enumerate(world.addresses):
        kind, use = _connection(random, address)
        last_year = random.choice((2022, 2023, 2024, 2025)) if address.neighbourhood.name == HEAT_NETWORK else 2025
        for year in YEARS:
            if year > last_year:
                break
            use *= random.gauss(0.965, 0.05)
            read = "" if random.random() < 0.0004 else dutch(max(use, 0.0))
            found.append(
                (
                    f"8716900{number:010d}{number % 10}",
                    address.street,
                    str(address.number),
                    address.suffix,
                    address.postcode,
                    "Voorbeeldstad",
                    address.neighbourhood.code,
                    str(year),
                    read,
                    kind,
                )
            )
    return found


def _connection(random: Random, address: Address) -> tuple[str, float]:
    """Draw the kind of a connection and its use in m³ in a year."""
    name = address.neighbourhood.name
    if name == "Glastuin" and address.number <= 4:
        return GREENHOUSE, random.uniform(400_000, 2_500_000)
    if name == "Bedrijvenpark Zuid" and random.random() < 0.6:
        return LARGE, random.lognormvariate(9.8, 1.1)
    return SMALL, random.lognormvariate(7.0, 0.42)
