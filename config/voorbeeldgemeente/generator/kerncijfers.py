"""Key figures per neighbourhood with its border, as a statistics office publishes them: GeoJSON (RFC 7946, WGS 84).

They come rounded, as such figures do: people to fives, and left out below ten inhabitants; house values are left out below twenty homes.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from config.voorbeeldgemeente.generator.places import Neighbourhood
    from config.voorbeeldgemeente.generator.world import World

FILE = "kerncijfers.geojson"
YEAR = 2025
FEW_PEOPLE, FEW_HOMES = 10, 20


def write(folder: Path, world: World) -> None:
    """Write the register, one feature a line."""
    features = [
        {"type": "Feature", "properties": row, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for row, ring in zip(rows(world), _rings(world.neighbourhoods), strict=True)
    ]
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    (folder / FILE).write_text(f'{{"type":"FeatureCollection","name":"kerncijfers","features":[\n{lines}\n]}}\n', encoding="utf-8")


def rows(world: World) -> list[dict[str, Any]]:
    """Give the figures, one row a neighbourhood."""
    random = world.random("kerncijfers")
    homes = Counter(address.neighbourhood.code for address in world.addresses)
    found = []
    for area in world.neighbourhoods:
        count = homes[area.code]
        people = 5 * round(count * random.uniform(1.7, 2.6) / 5)
        known = people >= FEW_PEOPLE
        hectares = round(area.area / 10_000, 1)
        found.append(
            {
                "buurt_code": area.code,
                "buurt": area.name,
                "wijk_code": area.district_code,
                "wijk": area.district,
                "jaar": YEAR,
                "woningen": count,
                "inwoners": people if known else None,
                "huishoudens": 5 * round(people / random.uniform(1.8, 2.5) / 5) if known else None,
                "woz_waarde": round(random.lognormvariate(5.75, 0.22)) if count >= FEW_HOMES else None,
                "aardgasvrij": round(100 * random.betavariate(2, 9), 1),
                "oppervlakte": hectares,
                "dichtheid": round(people / hectares * 100) if known else None,
            }
        )
    return found


def _rings(areas: tuple[Neighbourhood, ...]) -> list[list[tuple[float, float]]]:
    """Give the closed ring of each neighbourhood in longitude and latitude, six decimals (about a decimetre)."""
    from pyproj import Transformer

    transformer = Transformer.from_crs("EPSG:28992", "EPSG:4326", always_xy=True)
    rings = []
    for area in areas:
        corners = [(round(x, 6), round(y, 6)) for x, y in (transformer.transform(*corner) for corner in area.corners)]
        rings.append([*corners, corners[0]])
    return rings
