"""Trees that the town looks after, as the tree system exports them: a shapefile in RD, field names of ten characters, numbers as floats.

They stand in rows along streets. Planted: trees whose year of planting is 0 (unknown).
"""

from __future__ import annotations

from math import cos, hypot, sin, tau
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from random import Random

    from config.voorbeeldgemeente.generator.places import Neighbourhood, Point
    from config.voorbeeldgemeente.generator.world import World

FILE = "bomen.shp"
TREES = 2_500
UNKNOWN_YEARS = 14
SPECIES = (
    ("Quercus robur", "Zomereik", 20),
    ("Tilia x europaea", "Hollandse linde", 18),
    ("Acer platanoides", "Noorse esdoorn", 12),
    ("Platanus x hispanica", "Gewone plataan", 11),
    ("Betula pendula", "Ruwe berk", 9),
    ("Alnus glutinosa", "Zwarte els", 8),
    ("Fraxinus excelsior", "Gewone es", 7),
    ("Salix alba", "Schietwilg", 6),
    ("Prunus avium", "Zoete kers", 5),
    ("Ulmus 'New Horizon'", "Iep 'New Horizon'", 4),
    ("Fagus sylvatica", "Gewone beuk", 3),
    ("Ginkgo biloba", "Japanse notenboom", 1),
)
HEIGHTS = ("0-6 m", "6-9 m", "9-12 m", "12-15 m", "15-18 m", "18-24 m")


def write(folder: Path, world: World) -> None:
    """Write the register: .shp, .shx, .dbf, .prj and .cpg."""
    import numpy as np
    import pyogrio.raw
    import shapely

    rows_ = rows(world)
    names = [name for name in rows_[0] if name != "geometry"]
    pyogrio.raw.write(
        folder / FILE,
        geometry=shapely.to_wkb(shapely.points([row["geometry"] for row in rows_])),
        field_data=[np.array([row[name] for row in rows_], dtype=type(rows_[0][name]) if name != "soort_nl" else object) for name in names],
        fields=np.array(names),
        geometry_type="Point",
        crs="EPSG:28992",
        driver="ESRI Shapefile",
        encoding="UTF-8",
        layer_options={"DBF_DATE_LAST_UPDATE": "2026-07-01"},  # else the day of writing stands in the file
    )


def rows(world: World) -> list[dict[str, Any]]:
    """Give the rows, one a tree."""
    random = world.random("bomen")
    without_year = set(random.sample(range(TREES), UNKNOWN_YEARS))
    found: list[dict[str, Any]] = []
    for number, (area, point) in enumerate(_stands(random, world.neighbourhoods)):
        if number == TREES:
            break
        latin, dutch, _ = random.choices(SPECIES, [share for *_, share in SPECIES])[0]
        year = 0 if number in without_year else min(2025, max(1880, round(2004 - random.expovariate(1 / 22) + random.randrange(20))))
        height = HEIGHTS[min(len(HEIGHTS) - 1, max(0, (2026 - max(year, 1950)) // 13 + random.choice((-1, 0, 0, 0, 1))))]
        found.append(
            {
                "boomnr": float(10_001 + number),
                "soort": latin,
                "soort_nl": dutch,
                "plantjaar": float(year),
                "hoogte": height,
                "stamdiam": float(max(4, round((2026 - max(year, 1950)) * random.uniform(0.5, 1.1)))),
                "buurt_code": area.code,
                "geometry": point,
            }
        )
    return found


def _stands(random: Random, areas: tuple[Neighbourhood, ...]) -> Iterator[tuple[Neighbourhood, Point]]:
    """Give places for trees without end: along a line of 60 to 250 m, one every nine metres or so, a little off the line."""
    while True:
        area = random.choice(areas)
        start = area.inside(random.uniform(0.15, 0.5), random.uniform(0.15, 0.5))
        end = area.inside(random.uniform(0.3, 0.85), random.uniform(0.3, 0.85))
        length = max(hypot(end[0] - start[0], end[1] - start[1]), 1.0)
        for metres in range(0, int(min(length, random.uniform(60, 250))), 9):
            share, angle = metres / length, random.uniform(0, tau)
            x = start[0] + share * (end[0] - start[0]) + 0.6 * cos(angle)
            y = start[1] + share * (end[1] - start[1]) + 0.6 * sin(angle)
            yield area, (round(x, 2), round(y, 2))
