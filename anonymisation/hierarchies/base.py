"""What every hierarchy shares: a ladder gives the label of a value on each step, and labels become small integer codes.

Level 0 is the value itself; the steps of the ladder follow. A missing value is a value of its own: it stays missing on every step,
unless the ladder names it (an empty first cell of a file) or the step is `any`. Above level 0 every label is text, but for a date at
`day`, which stays a date.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    import pyarrow as pa

    from config.models.privacy import Hierarchy
    from config.models.schema import ColumnType

ANY = "*"
"""The label of a step on which all values are one."""


class Ladder(Protocol):
    """The steps above the value itself."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the steps, from fine to coarse."""
        ...

    def labels(self, values: pa.Array) -> list[pa.Array]:
        """Give one array of labels a step; a label that is null where the value is not says that the value does not fit the ladder."""
        ...

    def domain(self, level: int, of: pa.DataType) -> pa.Array | None:
        """Give every label that a level can have, when that is known beforehand; `of` is the type of the values, for level 0."""
        ...


@dataclass(frozen=True, slots=True)
class Level:
    """A column at one level.

    Attributes:
        name: the name of the step; None for level 0.
        type: the type of its labels in the words of a declaration.
        labels: the distinct labels, sorted, a missing one last.
        codes: per distinct value of the column the position of its label; int32.
    """

    name: str | None
    type: ColumnType
    labels: pa.Array
    codes: np.ndarray


def open_ladder(hierarchy: Hierarchy, base: Path) -> Ladder:
    """Open a hierarchy; `base` is the folder that its path starts at.

    Raises:
        ConfigurationError: the file cannot be read, or is not a hierarchy.
    """
    if hierarchy.type == "file":
        from anonymisation.hierarchies.file import read_file

        return read_file(hierarchy, base)
    if hierarchy.type == "date":
        from anonymisation.hierarchies.date import DateLadder

        return DateLadder(hierarchy.levels)
    if hierarchy.type == "nl-postcode":
        from anonymisation.hierarchies.postcode import PostcodeLadder

        return PostcodeLadder(hierarchy.levels)
    raise NotImplementedError(hierarchy.type)


def recode(values: pa.Array, own: ColumnType, ladder: Ladder | None) -> tuple[tuple[Level, ...], np.ndarray]:
    """Code the sorted distinct values of a column at every level.

    Returns:
        the levels, and the positions of the values that do not fit the ladder (their codes mean nothing).
    """
    import numpy as np

    levels = [Level(None, own, values, np.arange(len(values), dtype=np.int32))]
    misfits = np.zeros(len(values), dtype=bool)
    if ladder is None:
        return tuple(levels), np.flatnonzero(misfits)
    for name, labels in zip(ladder.names, ladder.labels(values), strict=True):
        misfits |= (labels.is_null().to_numpy(zero_copy_only=False)) & ~values.is_null().to_numpy(zero_copy_only=False)
        distinct, codes = distinct_values(labels)
        levels.append(Level(name, _type_of(labels), distinct, codes))
    return tuple(levels), np.flatnonzero(misfits)


def distinct_values(values: pa.Array | pa.ChunkedArray) -> tuple[pa.Array, np.ndarray]:
    """Give the distinct values in sorted order, a missing one last, and per value its position among them (int32)."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    # In one piece: Arrow cannot unify dictionaries that hold a missing value.
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    encoded = pc.dictionary_encode(whole, null_encoding="encode")
    codes, found = encoded.indices.to_numpy(zero_copy_only=False), encoded.dictionary
    order = pc.sort_indices(found).to_numpy()
    rank = np.empty(len(order), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return found.take(pa.array(order)), rank[codes]


def as_text(values: pa.Array) -> pa.Array:
    """Give values as a person types them: whole numbers without a point, decimals without trailing zeros, dates in ISO 8601."""
    import pyarrow as pa
    from pyarrow import types

    if types.is_decimal(values.type) or types.is_floating(values.type):
        return pa.array([None if value is None else _plain(value) for value in values.to_pylist()], pa.string())
    if types.is_binary(values.type):
        return pa.array([None if value is None else value.hex() for value in values.to_pylist()], pa.string())
    return values.cast(pa.string())


def _plain(value: object) -> str:
    text = format(value, "f") if not isinstance(value, float) else repr(value)
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def _type_of(labels: pa.Array) -> ColumnType:
    from pyarrow import types

    return "date" if types.is_date(labels.type) else "string"


def check_nested(levels: Sequence[Level]) -> bool:
    """Say whether every label has one label on the next level: what the lattice's pruning and k-anonymity rest on."""
    import numpy as np

    for fine, coarse in itertools.pairwise(levels):
        above = np.full(len(fine.labels), -1, dtype=np.int64)
        above[fine.codes] = coarse.codes
        if not np.array_equal(above[fine.codes], coarse.codes):
            return False
    return True
