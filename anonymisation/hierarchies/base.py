"""What every hierarchy shares: a ladder gives the label of a value on each step, and labels become small integer codes.

Level 0 is the value itself; the steps of the ladder follow. A missing value is a value of its own: it stays missing on every step,
unless the ladder names it (an empty first cell of a file) or the step is `any`. Above level 0 every label is text, but for a date at
`day`, which stays a date.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from config.errors import ConfigurationError, Message, Place
from config.registry import HIERARCHIES
from engine.types import ROW

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    import pyarrow as pa

    from config.models.hierarchy import HierarchyOptions
    from config.models.schema import ColumnType
    from engine.snapshot import Snapshot

NEEDS_DATA = Message(
    "hierarchy.needs-data",
    nl="Een hiërarchie met type: {type} hangt van de waarden van de kolom af en kan hier niet. Kies een ander type.",
    en="A hierarchy of type: {type} depends on the values of the column and is not possible here. Choose another type.",
)
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


@runtime_checkable
class Unfitted(Protocol):
    """A hierarchy that is made for the column it stands at, before it is a ladder."""

    def fit(self, seen: Seen) -> Ladder:
        """Make the ladder.

        Raises:
            RefusedError: no ladder over these values does what was asked.
        """
        ...


@dataclass(frozen=True)
class Seen:
    """A column of a snapshot, read when it is asked for.

    Attributes:
        column: its name.
        exclude: the numbers of rows that take no part.
        part: the part of `privacy:` that names its hierarchy.
    """

    snapshot: Snapshot
    column: str
    exclude: frozenset[int] = frozenset()
    part: str = "columns"

    @property
    def place(self) -> Place:
        """Where the hierarchy stands."""
        return Place(path=f"privacy.{self.part}.{self.column}.hierarchy")

    @cached_property
    def counted(self) -> tuple[pa.Array, np.ndarray]:
        """The distinct values, sorted, a missing one last, and how many rows have each (int64)."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        left_out = pa.array(sorted(self.exclude), pa.int64())
        tables = []
        for batch in self.snapshot.batches([ROW, self.column]):
            kept = batch.filter(pc.invert(pc.is_in(batch.column(ROW), value_set=left_out)))
            tables.append(pa.table({"value": kept.column(self.column)}).group_by("value").aggregate([([], "count_all")]))
        if not tables:
            return pa.array([], self.snapshot.schema().field(self.column).type), np.empty(0, dtype=np.int64)
        together = pa.concat_tables(tables).group_by("value").aggregate([("count_all", "sum")]).sort_by("value")
        return together.column("value").combine_chunks(), together.column("count_all_sum").to_numpy().astype(np.int64)


def open_ladder(hierarchy: HierarchyOptions, base: Path, seen: Seen | None = None) -> Ladder:
    """Open a hierarchy.

    Args:
        hierarchy: what was declared.
        base: the folder that its paths start at.
        seen: the column that it is for; only a type that `needs_data` looks at it.

    Raises:
        ConfigurationError: a file cannot be read, or is not a hierarchy; the type needs data and there is no column.
        RefusedError: no ladder over the values of the column does what was asked.
    """
    made: Ladder | Unfitted = HIERARCHIES.load(hierarchy.type).open_ladder(hierarchy, base)
    if not isinstance(made, Unfitted):
        return made
    if seen is None:
        raise ConfigurationError(NEEDS_DATA.at(type=hierarchy.type))
    return made.fit(seen)


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


def forked(levels: Sequence[Level]) -> tuple[int, int] | None:
    """Give the positions of two values that share a label but not every label above it; None where levels nest.

    The lattice's pruning and every model rest on it. What this program makes nests; what a third party makes is checked here.
    """
    import numpy as np

    for fine, coarse in itertools.pairwise(levels):
        last = np.zeros(len(fine.labels), dtype=np.int64)
        last[fine.codes] = np.arange(len(fine.codes))
        apart = np.flatnonzero(coarse.codes[last[fine.codes]] != coarse.codes)
        if len(apart):
            return int(apart[0]), int(last[fine.codes[apart[0]]])
    return None
