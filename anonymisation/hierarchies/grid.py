"""The squares of Statistics Netherlands around points: 100 m, 500 m, 1 km, then any.

For a column of points (in any CRS; they are taken to RD), or of codes of such squares, which are put in larger ones. The label is the code
of CBS, so that the data can be laid beside its figures; how large a square is, says the step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from anonymisation.hierarchies import _squares as squares
from anonymisation.hierarchies.base import ANY
from config.models.hierarchy import PLACES, TEXT, HierarchyOptions, chosen

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from anonymisation.hierarchies.base import Seen

LEVELS = ("100m", "500m", "1km", "any")


class Options(HierarchyOptions):
    """The squares of Statistics Netherlands around points, or around smaller squares.

    Attributes:
        levels: steps out of `100m`, `500m`, `1km` and `any`, in that order.
    """

    fits = PLACES | TEXT

    type: Literal["grid"]
    levels: Annotated[tuple[Literal["100m", "500m", "1km", "any"], ...], Field(min_length=1), AfterValidator(chosen(LEVELS))]


@dataclass(frozen=True, slots=True)
class Grid:
    """The squares, before it is known in which CRS the points are."""

    names: tuple[str, ...]

    def fit(self, seen: Seen) -> GridLadder:
        """Give the ladder; the values are not looked at."""
        return GridLadder(self.names, seen.snapshot.crs)


@dataclass(frozen=True, slots=True)
class GridLadder:
    """Steps of `LEVELS`, in their order; `crs` is that of the points."""

    names: tuple[str, ...]
    crs: str | None

    def labels(self, values: pa.Array) -> list[pa.Array]:
        """Give the squares around points (WKB) or around squares."""
        import pyarrow as pa
        from pyarrow import types

        binary = types.is_binary(values.type)
        found = squares.around(squares.points(values, self.crs or "")) if binary else squares.of_codes(values)
        return [
            pa.array([ANY] * len(values), pa.string()) if name == "any" else squares.codes(found, squares.SIDES[name])
            for name in self.names
        ]

    def domain(self, level: int, of: pa.DataType) -> pa.Array | None:  # noqa: ARG002 - the protocol's parameters
        """Which squares there are is not known here."""
        return None


def open_ladder(options: Options, base: Path) -> Grid:  # noqa: ARG001 - what every type of hierarchy is asked
    """Give the hierarchy, to be fitted to its column."""
    return Grid(options.levels)
