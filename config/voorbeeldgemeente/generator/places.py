"""The made-up town: districts, neighbourhoods with a shape, streets, postcodes and addresses.

It lies in open water (the Markermeer), so that no point of it is anybody's home. Coordinates are metres in RD (EPSG:28992).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

Point = tuple[float, float]

ORIGIN: Point = (141_000.0, 502_000.0)
CELL = 700.0
"""Width and height in metres of the grid that the neighbourhoods are cut from."""

PC4 = ("8981", "8982", "8983", "8984", "8985", "8986", "8987", "8988", "8989", "8990")
TOWN = "Voorbeeldstad"

WIJKEN: dict[str, tuple[str, ...]] = {
    "Binnenstad": ("Vismarkt", "Havenkwartier", "Kloosterbuurt", "Stationsbuurt", "Weverseiland", "Singelbuurt", "Oude Werf", "Bolwerk"),
    "Noorderveen": ("Turfhoek", "Veenkade", "Korenbloem", "De Vlinder", "Zwanenbuurt", "Noordermeer", "Rietkraag", "Hoge Brink"),
    "Oosterpark": ("Componisten", "Schildersbuurt", "Vogelwijk", "Parkrand", "Kastanjehof", "Lindenhof", "Sterrenbuurt", "Oosterpoort"),
    "Zuiderwaard": (
        "Waardse Tuinen",
        "Molenvliet",
        "De Gaarde",
        "Polderzicht",
        "Boomgaard",
        "Dijkhof",
        "Nieuw-Waard",
        "Bedrijvenpark Zuid",
    ),
    "Buitengebied": ("Ooster-Lier", "Wester-Lier", "De Kolk", "Glastuin", "Ruige Hoek", "Waterkant", "Achterdijk", "Lierpolder"),
}
STREETS = tuple(
    """
    Amélie Appelvink Berken Boterbloem Brug Curaçao Coöperatie Dijk Distelvink Dorps Egelantier Elzen Esdoorn Fazanten Fluiter
    Gaspeldoorn Gracht Haven Hazelaar Heren IJsvogel Jasmijn Kade Kalmoes Karekiet Kerk Kievit Klaver Koninginne Koper Korenmolen
    Kruidenier Kwikstaart Lavendel Leeuwerik Lijster Linden Lisdodde Maria-Thérèse Markt Meidoorn Merel Molen Nachtegaal Nieuwe
    Noorder Olmen Ooievaar Papaver Parallel Pastorie Pimpernel Platanen Polder Populieren Prinsen Raadhuis Reiger Ring Roerdomp
    Rozen School Sering Sleutelbloem Smeden Specht Spoor Stations Sterren Tulpen Turf Veer Vlier Vlinder Voorstraat Waterlelie Weide
    Wester Wilgen Winterkoning Zilver Zonnebloem Zuider Zwaluw
    """.split()
)
ENDINGS = ("straat", "laan", "weg", "hof", "plein", "pad", "singel", "kade")
SIZES: dict[str, float] = {"Bedrijvenpark Zuid": 0.012, "Glastuin": 0.02, "De Kolk": 0.004, "Ruige Hoek": 0.03, "Achterdijk": 0.05}
"""Share of an ordinary neighbourhood's addresses, where it is far from ordinary."""


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A neighbourhood (*buurt*): its CBS-like codes, streets, and ring of corners.

    Attributes:
        weight: its share of the addresses, relative to the others; very skewed, as in a real town.
        corners: the four grid corners, counter-clockwise from the south-west.
    """

    code: str
    name: str
    district_code: str
    district: str
    weight: float
    streets: tuple[tuple[str, str], ...]
    corners: tuple[Point, Point, Point, Point]

    @property
    def area(self) -> float:
        """Area in square metres (shoelace formula)."""
        ring = (*self.corners, self.corners[0])
        return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2

    def inside(self, across: float, up: float) -> Point:
        """Give the point at shares `across` and `up` (0 to 1) of the shape, by bilinear interpolation."""
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = self.corners
        weights = ((1 - across) * (1 - up), across * (1 - up), across * up, (1 - across) * up)
        x = sum(w * v for w, v in zip(weights, (ax, bx, cx, dx), strict=True))
        y = sum(w * v for w, v in zip(weights, (ay, by, cy, dy), strict=True))
        return x, y


@dataclass(frozen=True, slots=True)
class Address:
    """One address."""

    street: str
    number: int
    suffix: str
    postcode: str
    neighbourhood: Neighbourhood


def neighbourhoods(random: Random) -> list[Neighbourhood]:
    """Make the neighbourhoods: a grid with every inner corner moved, one row a district."""
    rows, columns = len(WIJKEN), len(WIJKEN["Binnenstad"])
    corner = {
        (column, row): (
            round(ORIGIN[0] + CELL * (column + random.uniform(-0.28, 0.28)), 2),
            round(ORIGIN[1] + CELL * (row + random.uniform(-0.28, 0.28)), 2),
        )
        for row in range(rows + 1)
        for column in range(columns + 1)
    }
    names = iter(random.sample([f"{stem}{end}" if not stem.endswith("straat") else stem for stem in STREETS for end in ENDINGS], 8 * 40))
    found = []
    for row, (district, parts) in enumerate(WIJKEN.items()):
        for column, name in enumerate(parts):
            pc4 = PC4[2 * row + column // 4]
            found.append(
                Neighbourhood(
                    code=f"BU0000{row + 1:02d}{column + 1:02d}",
                    name=name,
                    district_code=f"WK0000{row + 1:02d}",
                    district=district,
                    weight=SIZES.get(name, 1.0) * random.lognormvariate(0, 0.55),
                    streets=tuple((next(names), pc4 + letters(random)) for _ in range(8)),
                    corners=(corner[column, row], corner[column + 1, row], corner[column + 1, row + 1], corner[column, row + 1]),
                )
            )
    return found


def letters(random: Random) -> str:
    """Draw the two letters of a postcode; the combinations SA, SD and SS are never given out."""
    while True:
        pair = "".join(random.choices("ABCDEGHJKLMNPRSTVWXZ", k=2))
        if pair not in {"SA", "SD", "SS"}:
            return pair


def addresses(random: Random, areas: list[Neighbourhood], count: int) -> list[Address]:
    """Draw different addresses, spread by the weights of the neighbourhoods; every neighbourhood has at least two."""
    weights = [area.weight for area in areas]
    drawn = [area for area in areas for _ in range(2)] + random.choices(areas, weights, k=count - 2 * len(areas))
    used: dict[str, int] = {}
    found = []
    for area in sorted(drawn, key=lambda area: area.code):
        street, postcode = random.choice(area.streets)
        used[street] = used.get(street, 0) + random.choice((1, 2, 2, 2, 4))
        suffix = random.choices(("", "A", "B", "bis", "2"), (90, 4, 3, 1, 2))[0]
        found.append(Address(street, used[street], suffix, postcode, area))
    return found
