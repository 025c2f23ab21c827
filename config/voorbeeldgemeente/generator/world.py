"""The made-up town as a whole; every register is drawn from the same places and people."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import TYPE_CHECKING

from config.voorbeeldgemeente.generator.people import Person, people
from config.voorbeeldgemeente.generator.places import Address, Neighbourhood, addresses, neighbourhoods

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

ADDRESSES = 12_000
PEOPLE = 6_500


@dataclass(frozen=True)
class World:
    """Everything that is true in the town, for one seed.

    Attributes:
        mended: whether the planted faults that block a dataset are left out.
        later: whether the registers are those of a month later.
    """

    seed: int
    mended: bool
    later: bool
    neighbourhoods: tuple[Neighbourhood, ...]
    addresses: tuple[Address, ...]
    people: tuple[Person, ...]

    def random(self, register: str) -> Random:
        """Give a register its own sequence, so that a change in one register leaves the others as they were."""
        return Random(f"{self.seed}:{register}")


@lru_cache(maxsize=4)
def world(seed: int, *, mended: bool = False, later: bool = False) -> World:
    """Make the town of a seed."""
    random = Random(f"{seed}:world")
    areas = neighbourhoods(random)
    homes = addresses(random, areas, ADDRESSES)
    return World(seed, mended, later, tuple(areas), tuple(homes), tuple(people(random, homes, PEOPLE)))


def write_delimited(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], *, encoding: str, preamble: str = "") -> None:
    """Write rows as registers export them: semicolons, CRLF, quotes where needed, perhaps a title line on top."""
    import csv

    with path.open("w", encoding=encoding, newline="") as file:
        file.write(preamble)
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(rows)


def dutch(value: float, *, digits: int = 2, thousands: bool = False) -> str:
    """Write a number with a decimal comma, and dots for thousands where asked."""
    text = f"{value:,.{digits}f}" if thousands else f"{value:.{digits}f}"
    return text.translate(str.maketrans(",.", ".,"))
