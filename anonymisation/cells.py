"""The cells of one breakdown: which there are, how many rows each holds, and to which cell a row belongs.

A cell is a combination of one label a dimension. Cells without rows are there when every dimension's labels are listed beforehand (a
hierarchy file lists them), or when zeros are hidden: a cell that is missing would say zero. A dimension without a list then has the labels
that occur.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anonymisation.keys import KeySpace
from config.errors import ConfigurationError, Message, Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import pyarrow as pa

    from anonymisation.hierarchies.base import Ladder, Level
    from anonymisation.tuples import Tuples
    from config.models.privacy import DimensionRule

MOST_CELLS = 2_000_000

NO_LEVEL = Message(
    "anonymise.dimension-level",
    nl="Dimensie {column} heeft geen stap {level}. Kies uit: {known}.",
    en="Dimension {column} has no step {level}. Choose from: {known}.",
)
TOO_MANY = Message(
    "anonymise.cells",
    nl="Alle combinaties van de dimensies samen zijn {cells} cellen; meer dan {most} kan niet. Kies een grovere stap of minder dimensies.",
    en="All combinations of the dimensions are {cells} cells; more than {most} is not possible. Choose a coarser step or fewer dimensions.",
)


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension at its level.

    Attributes:
        number: the number of the level; `level` the level itself.
        labels: its labels in sorted order, a missing one last; those that occur and those that are listed.
        codes: per distinct value of the source the position of its label.
        listed: whether the labels were known beforehand.
    """

    name: str
    number: int
    level: Level
    labels: pa.Array
    codes: np.ndarray
    listed: bool


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a table, in the order of their dimensions' labels.

    Attributes:
        keys: the key of each cell, rising.
        codes: per dimension, per cell the position of its label.
        rows: how many rows of the source each cell holds.
    """

    dimensions: tuple[Dimension, ...]
    space: KeySpace
    keys: np.ndarray
    codes: tuple[np.ndarray, ...]
    rows: np.ndarray

    def __len__(self) -> int:
        return len(self.keys)

    def of(self, codes: Sequence[np.ndarray], rows: int) -> np.ndarray:
        """Give the position of the cell of each row, from the codes of its values."""
        import numpy as np

        labels = [one.codes[found] for one, found in zip(self.dimensions, codes, strict=True)]
        return np.searchsorted(self.keys, self.space.apply(labels, rows))

    def labels(self) -> list[pa.Array]:
        """Give the columns of the dimensions."""
        import pyarrow as pa

        return [one.labels.take(pa.array(codes)) for one, codes in zip(self.dimensions, self.codes, strict=True)]


def picked(name: str, rule: DimensionRule, ladder: Ladder | None) -> int:
    """Give the number of the level that a dimension asks: as named or numbered, else the last.

    Raises:
        ConfigurationError: the hierarchy has no such level.
    """
    names = ladder.names if ladder else ()
    if rule.level is None:
        return len(names)
    number = names.index(rule.level) + 1 if rule.level in names else rule.level
    if isinstance(number, str) and number.isdecimal():
        number = int(number)
    if not isinstance(number, int) or not 0 <= number <= len(names):
        known = ", ".join(["0", *names])
        raise ConfigurationError(
            NO_LEVEL.at(Place(path=f"privacy.dimensions.{name}.level"), column=name, level=str(rule.level), known=known)
        )
    return number


def lay_out(tuples: Tuples, levels: Sequence[int], ladders: Mapping[str, Ladder], *, hide_zeros: bool, fill_listed: bool) -> Cells:
    """Lay out the cells of a breakdown.

    Args:
        tuples: the combinations of the dimensions' values.
        levels: the number of the level of each dimension.
        ladders: of the dimensions that have one.
        hide_zeros: zeros are not shown, so every combination must be there.
        fill_listed: a table of counts: where all labels are listed, combinations without rows are there with a count of 0.

    Raises:
        ConfigurationError: the combinations are too many.
    """
    import numpy as np

    dimensions = tuple(
        _dimension(one.name, number, one.levels[number], ladders.get(one.name)) for one, number in zip(tuples.columns, levels, strict=True)
    )
    codes = [one.codes[coded.codes] for one, coded in zip(dimensions, tuples.columns, strict=True)]
    space = KeySpace([len(one.labels) for one in dimensions])
    keys = space.fit(codes, len(tuples))
    if hide_zeros or (fill_listed and all(one.listed for one in dimensions)):
        return _filled(dimensions, space, keys, tuples)
    found, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    rows = np.bincount(inverse, weights=tuples.weights, minlength=len(found)).astype(np.int64)
    return Cells(dimensions, space, found, tuple(code[first] for code in codes), rows)


def _filled(dimensions: tuple[Dimension, ...], space: KeySpace, keys: np.ndarray, tuples: Tuples) -> Cells:
    """Lay out every combination of labels."""
    import numpy as np

    sizes = [len(one.labels) for one in dimensions]
    if math.prod(sizes) > MOST_CELLS:
        raise ConfigurationError(TOO_MANY.at(Place(path="privacy.dimensions"), cells=math.prod(sizes), most=MOST_CELLS))
    every = np.arange(math.prod(sizes), dtype=np.int64)
    rows = np.bincount(keys, weights=tuples.weights, minlength=len(every)).astype(np.int64)
    codes = tuple(code.astype(np.int64) for code in np.unravel_index(every, sizes)) if len(every) else tuple(every for _ in sizes)
    return Cells(dimensions, space, every, codes, rows)


def _dimension(name: str, number: int, level: Level, ladder: Ladder | None) -> Dimension:
    """Bring together the labels that occur and those that are listed."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from anonymisation.hierarchies.base import distinct_values

    domain = ladder.domain(number, level.labels.type) if ladder else None
    if domain is None:
        return Dimension(name, number, level, level.labels, level.codes, listed=False)
    labels, _ = distinct_values(pa.concat_arrays([level.labels, domain]))
    place = pc.index_in(level.labels, value_set=labels).to_numpy()
    return Dimension(name, number, level, labels, place[level.codes], listed=True)
