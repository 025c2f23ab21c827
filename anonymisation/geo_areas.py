"""In which area of a file a point lies.

The file (GeoJSON, GeoPackage, shapefile) holds the areas as polygons, with the code of Statistics Netherlands of each in a field. An area
may be several polygons. A point on a border belongs to the area with the lowest code. Errors name the position of a polygon, never a code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anonymisation.hierarchies._areas import AREAS, digits
from anonymisation.hierarchies._lines import MAX_PROBLEMS
from anonymisation.hierarchies._squares import in_rd
from config.errors import ConfigurationError, Message, Place
from config.suggest import hints

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import pyarrow as pa

UNREADABLE = Message(
    "hierarchy.areas-unreadable",
    nl="Dit bestand met gebieden kan niet worden gelezen. Lever GeoJSON, GeoPackage of een shapefile, en kijk of het bestand er staat.",
    en="This file with areas cannot be read. Deliver GeoJSON, GeoPackage or a shapefile, and check that the file is there.",
)
LAYER = Message(
    "hierarchy.areas-layer",
    nl="Dit bestand met gebieden heeft meer lagen. Noem er een bij `layer`. Ze heten: {known}.",
    en="This file with areas has more than one layer. Name one at `layer`. They are called: {known}.",
)
FIELD = Message(
    "hierarchy.areas-field",
    nl="Het bestand met gebieden heeft geen veld `{field}`.{hint} Noem bij `code` het veld met de CBS-code.",
    en="The file with areas has no field `{field}`.{hint_en} Name the field with the CBS code at `code`.",
)
CODE = Message(
    "hierarchy.areas-code",
    nl="Gebied {number} van dit bestand heeft geen CBS-code van een {area}, zoals {example}.",
    en="Area {number} of this file has no CBS code of a {area}, such as {example}.",
)
NO_CRS = Message(
    "hierarchy.areas-crs",
    nl="Dit bestand zegt niet in welk coördinatenstelsel de gebieden staan, of dat is niet herkend. Lever het in RD (EPSG:28992).",
    en="This file does not say in which coordinate reference system the areas are, or it is not known. Deliver it in RD (EPSG:28992).",
)
EXAMPLES = {"buurt": "BU03920101", "wijk": "WK039201", "gemeente": "GM0392"}


@dataclass(frozen=True, slots=True)
class Areas:
    """Areas: the digits of their codes, rising, and their polygons in RD."""

    codes: pa.Array
    shapes: np.ndarray

    def around(self, points: np.ndarray) -> pa.Array:
        """Give the digits of the code of the area around each point (shapely, in RD); null where there is none."""
        import numpy as np
        import pyarrow as pa
        import shapely

        # The tree holds the points: GEOS then prepares each polygon once.
        shape, point = shapely.STRtree(points).query(self.shapes, predicate="intersects")
        lowest = np.full(len(points), len(self.shapes), dtype=np.int64)
        np.minimum.at(lowest, point, shape)
        return self.codes.take(pa.array(lowest, mask=lowest == len(self.shapes)))


def read_areas(path: Path, typed: str, *, field: str, layer: str | None, smallest: str) -> Areas:
    """Read the areas of a file.

    Args:
        path: the file.
        typed: how the declaration names it.
        field: the field with the code.
        layer: the layer to read; None: the only one.
        smallest: the smallest sort of area that is needed: ``buurt``, ``wijk`` or ``gemeente``.

    Raises:
        ConfigurationError: the file cannot be read, has no such field or layer, or an area has no code that is fine enough.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    from engine import geo

    crs, shapes, texts = _read(path, typed, field, layer)
    codes = digits(pa.array(texts, pa.string()))
    enough = pc.fill_null(pc.greater_equal(pc.utf8_length(codes), AREAS[smallest][1]), fill_value=False).to_numpy(zero_copy_only=False)
    if not enough.all():
        wrong = np.flatnonzero(~enough)[:MAX_PROBLEMS].tolist()
        raise ConfigurationError(*(CODE.at(Place(typed), number=at + 1, area=smallest, example=EXAMPLES[smallest]) for at in wrong))
    order = pc.sort_indices(codes).to_numpy()
    polygons = geo.repair(in_rd(geo.decode(pa.array(shapes, pa.binary())), crs)).geometries
    return Areas(codes.take(pa.array(order)), polygons[order])


def _read(path: Path, typed: str, field: str, layer: str | None) -> tuple[str, Any, list[str | None]]:
    """Give the CRS, the geometries as WKB, and the codes."""
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    from engine import geo

    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(path)]
        if len(layers) > 1 and layer is None:
            raise ConfigurationError(LAYER.at(Place(typed), known=", ".join(layers)))
        info = pyogrio.read_info(path, layer=layer)
        fields = [str(name) for name in info["fields"]]
        if field not in fields:
            nl, en = hints(field, fields)
            raise ConfigurationError(FIELD.at(Place(typed), field=field, hint=nl, hint_en=en))
        _, _, shapes, columns = pyogrio.raw.read(path, layer=layer, columns=[field])
    except (DataSourceError, DataLayerError):  # whose text may quote the file
        raise ConfigurationError(UNREADABLE.at(Place(typed))) from None
    try:
        crs = geo.authority_code(info["crs"] or "")
    except ValueError:
        raise ConfigurationError(NO_CRS.at(Place(typed))) from None
    return crs, shapes, [None if code is None else str(code) for code in columns[0].tolist()]
