"""Points to the smallest area that holds enough rows, area by area: one column with squares here and neighbourhoods there.

Squares of 100 m, 500 m and 1 km, neighbourhoods, districts and municipalities of Statistics Netherlands, then any;
`anonymisation.geo_cover` says which, and what that promises. A label is the level and the code, ``100m E1214N4867`` or
``buurt BU03920101``. It stands for the rows in that area that are not published under a smaller one. Where squares and areas are both
asked, a square lies in one area or is divided, and its label says in which: ``100m E1214N4867 BU03920101``. So labels nest, and the rows of
a neighbourhood can be added up.

Each named level is a step too: on the step ``500m`` nothing is smaller than that, and what had to be larger stays so. Steps nest, so the
search of the lattice can trade places for other columns. Level 0, the point itself, is never published. The areas depend on the data, after
quarantine, so labels differ from release to release. A missing point is an area of its own, which is larger than none but ``any``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from anonymisation.hierarchies import _squares as squares
from anonymisation.hierarchies._areas import AREAS, area_codes
from anonymisation.hierarchies.base import ANY, distinct_values
from config.errors import Message, RefusedError
from config.models.base import WrongError
from config.models.hierarchy import PLACES, HierarchyOptions, chosen

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import pyarrow as pa

    from anonymisation.hierarchies.base import Seen

LEVELS = ("100m", "500m", "1km", "buurt", "wijk", "gemeente", "any")

TOO_FEW = Message(
    "hierarchy.area-minimum",
    nl="{rows} rijen liggen ook op de grofste stap ({level}) in een gebied met minder dan {minimum} rijen, of hebben geen punt. Zet `any` "
    "achteraan bij `levels`, verlaag `minimum`, of zet zulke rijen apart met een controle (on_fail: quarantine).",
    en="{rows} rows lie, even on the coarsest step ({level}), in an area with fewer than {minimum} rows, or have no point. Put `any` at "
    "the end of `levels`, lower `minimum`, or set such rows aside with an expectation (on_fail: quarantine).",
)


class Options(HierarchyOptions):
    """Points to the smallest area that holds enough rows, area by area.

    Attributes:
        levels: steps out of `100m`, `500m`, `1km`, `buurt`, `wijk`, `gemeente` and `any`, in that order.
        minimum: how many rows every area must hold.
        areas: a file with the areas as polygons (GeoJSON, GeoPackage, shapefile), where `levels` has any; relative to the file that names
            it.
        code: the field of that file with the code of Statistics Netherlands.
        layer: the layer of that file, where it has more than one.
    """

    fits = PLACES
    lowest = 1

    type: Literal["area"]
    levels: Annotated[
        tuple[Literal["100m", "500m", "1km", "buurt", "wijk", "gemeente", "any"], ...],
        Field(min_length=1),
        AfterValidator(chosen(LEVELS)),
    ]
    minimum: Annotated[int, Field(ge=2)]
    areas: str | None = None
    code: str | None = None
    layer: str | None = None

    @property
    def needs_data(self) -> bool:
        """The areas depend on how many rows lie in them."""
        return True

    def files(self) -> tuple[str, ...]:
        """Give the file with areas, where there is one."""
        return (self.areas,) if self.areas else ()

    @model_validator(mode="after")
    def _file(self) -> Self:
        """Areas come from a file, and only they do."""
        asked = bool(set(self.levels) & set(AREAS))
        if asked and not (self.areas and self.code):
            raise WrongError(
                "Voor buurt, wijk en gemeente zijn `areas` (een bestand met gebieden) en `code` (het veld met de CBS-code) nodig.",
                "For buurt, wijk and gemeente, `areas` (a file with areas) and `code` (its field with the CBS code) are needed.",
            )
        if not asked and (self.areas or self.code or self.layer):
            raise WrongError(
                "`areas`, `code` en `layer` horen bij de stappen buurt, wijk en gemeente. Haal ze weg.",
                "`areas`, `code` and `layer` belong to the steps buurt, wijk and gemeente. Remove them.",
            )
        return self


@dataclass(frozen=True, slots=True)
class Smallest:
    """The areas, before it is known where the rows lie."""

    options: Options
    base: Path

    def fit(self, seen: Seen) -> AreaLadder:
        """Find the smallest area of each point.

        Raises:
            ConfigurationError: the file with areas cannot be used.
            RefusedError: some rows are in an area with too few, even on the last level.
        """
        import numpy as np
        import pyarrow as pa

        from anonymisation.geo_cover import UNPLACED, cover

        values, rows = seen.counted
        codes, wholes = self._codes(values, seen.snapshot.crs or "")
        missing = values.is_null().to_numpy(zero_copy_only=False)
        fits = np.ones(len(values), dtype=bool)
        for level in codes:
            fits &= missing | level.is_valid().to_numpy(zero_copy_only=False)
        kept = pa.array(fits)
        coded = [distinct_values(level.filter(kept)) for level in codes]
        areas = _numbers([numbers for _, numbers in coded])
        # Most are the same arrays: a district is part of no more than itself.
        whole = _numbers(
            [
                numbers if part is level else distinct_values(part.filter(kept))[1]
                for (_, numbers), level, part in zip(coded, codes, wholes, strict=True)
            ]
        )
        _, first, place = np.unique(areas[:, 0], return_index=True, return_inverse=True)
        counts = np.bincount(place, weights=rows[fits], minlength=len(first)).astype(np.int64)
        level = cover(areas[first], whole[first], counts, self.options.minimum)
        if (level == UNPLACED).any():
            left = int(counts[level == UNPLACED].sum())
            raise RefusedError(TOO_FEW.at(seen.place, rows=left, level=self.options.levels[-1], minimum=self.options.minimum))
        texts = [_texts(name, labels) for name, (labels, _) in zip(self.options.levels, coded, strict=True)]
        return AreaLadder(self.options.levels, values.filter(kept), areas, level[place], tuple(texts))

    def _codes(self, values: pa.Array, crs: str) -> tuple[list[pa.Array], list[pa.Array]]:
        """Give the code of the area of each point on every level, and of what that is a part of; null where there is none, or no point."""
        import pyarrow as pa
        import pyarrow.compute as pc

        points = squares.points(values, crs)
        corners = squares.around(points)
        around = self._around(points, corners[:, 0] != squares.NOWHERE)
        smallest = self._smallest
        codes, wholes = [], []
        for name in self.options.levels:
            if name == "any":
                # A point that is nowhere does not fit here either.
                nowhere = pa.array(corners[:, 0] == squares.NOWHERE)
                codes.append(pc.if_else(pc.and_(nowhere, values.is_valid()), pa.scalar(None, pa.string()), ANY))
            else:
                codes.append(area_codes(around, name) if name in AREAS else squares.codes(corners, squares.SIDES[name]))
            wholes.append(codes[-1])
            if smallest and name in squares.SIDES:
                codes[-1] = pc.binary_join_element_wise(codes[-1], area_codes(around, smallest), " ")
        return codes, wholes

    @property
    def _smallest(self) -> str | None:
        """The smallest sort of area that is asked."""
        return next((name for name in self.options.levels if name in AREAS), None)

    def _around(self, points: np.ndarray, there: np.ndarray) -> pa.Array:
        """Give the digits of the area around each point that is there, where areas are asked."""
        import numpy as np
        import pyarrow as pa
        import shapely

        from anonymisation.geo_areas import read_areas

        smallest = self._smallest
        if smallest is None or self.options.areas is None or self.options.code is None:
            return pa.nulls(len(points), pa.string())
        path = self.base / self.options.areas
        areas = read_areas(path, self.options.areas, field=self.options.code, layer=self.options.layer, smallest=smallest)
        return areas.around(shapely.points(points[there])).take(pa.array(np.cumsum(there) - 1, mask=~there))


@dataclass(frozen=True, slots=True)
class AreaLadder:
    """The smallest areas.

    Attributes:
        names: the levels.
        points: the distinct points (WKB) that have an area.
        areas: int64 of shape (points, levels): the area of each point on each level.
        level: of each point, the smallest that holds enough rows.
        texts: per level the labels of its areas.
    """

    names: tuple[str, ...]
    points: pa.Array
    areas: np.ndarray
    level: np.ndarray
    texts: tuple[pa.Array, ...]

    def labels(self, values: pa.Array) -> list[pa.Array]:
        """Look the points up."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        every = pa.concat_arrays(list(self.texts))
        offsets = np.concatenate([[0], np.cumsum([len(texts) for texts in self.texts])])
        places = pc.index_in(values, value_set=self.points)
        steps = []
        for step in range(len(self.names)):
            level = np.maximum(self.level, step)
            codes = offsets[level] + self.areas[np.arange(len(level)), level]
            steps.append(every.take(pa.array(codes)).take(places))
        return steps

    def domain(self, level: int, of: pa.DataType) -> pa.Array | None:  # noqa: ARG002 - the protocol's parameters
        """Which areas there are is not known beforehand."""
        return None


def open_ladder(options: Options, base: Path) -> Smallest:
    """Give the hierarchy, to be fitted to its column."""
    return Smallest(options, base)


def _numbers(levels: list[np.ndarray]) -> np.ndarray:
    """Put the numbers of areas side by side: int64 of shape (points, levels)."""
    import numpy as np

    return np.stack(levels, axis=1).astype(np.int64)


def _texts(level: str, codes: pa.Array) -> pa.Array:
    """Give the labels of areas: the level and the code."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return codes if level == "any" else pc.binary_join_element_wise(pa.scalar(level), codes, " ")
