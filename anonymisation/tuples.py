"""The unique combinations of some columns with how often each occurs: all that lattice and table need to know of the rows.

The engine collapses the rows; from there on everything runs on the combinations. Values are coded in sorted order, so neither the order of
the rows nor the engine's threads can be seen in a result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anonymisation.hierarchies.base import distinct_values, recode
from config.errors import Message, Place
from engine.types import ROW

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np
    import pyarrow as pa

    from anonymisation.hierarchies.base import Ladder, Level
    from config.errors import Problem
    from config.models.schema import Column
    from engine.session import Session
    from engine.snapshot import Snapshot

BATCH = 262_144
"""Rows a time: each batch looks its values up in a table that is built anew."""

MISFIT = Message(
    "anonymise.misfit",
    nl="Kolom {column}: {count} verschillende waarden staan niet in de hiërarchie; de eerste staat in rij {row}. Vul de hiërarchie aan, "
    "of zet zulke rijen apart met een controle (on_fail: quarantine).",
    en="Column {column}: {count} different values are not in the hierarchy; the first stands in row {row}. Complete the hierarchy, "
    "or set such rows aside with an expectation (on_fail: quarantine).",
)


@dataclass(frozen=True, slots=True)
class Coded:
    """One column of the combinations.

    Attributes:
        values: its distinct values, sorted, a missing one last.
        codes: per combination the position of its value; int32.
        levels: the column at every level; level 0 is the value itself.
    """

    column: Column
    values: pa.Array
    codes: np.ndarray
    levels: tuple[Level, ...]

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name

    def at(self, level: int) -> np.ndarray:
        """Give the code of each combination at a level."""
        return self.codes if not level else self.levels[level].codes[self.codes]


@dataclass(frozen=True, slots=True)
class Tuples:
    """The unique combinations: `weights` says how many rows each stands for, `rows` how many there are in all."""

    columns: tuple[Coded, ...]
    weights: np.ndarray
    rows: int

    def __len__(self) -> int:
        return len(self.weights)


def collapse(
    session: Session,
    snapshot: Snapshot,
    columns: Sequence[Column],
    ladders: Mapping[str, Ladder],
    exclude: frozenset[int],
    *,
    part: str = "columns",
) -> tuple[Tuples, tuple[Problem, ...]]:
    """Collapse a snapshot to the combinations of `columns`, without the rows in `exclude`.

    Returns:
        the combinations, and the columns with values that fit no ladder; `part` is the part of `privacy:` that names their ladders.
    """
    import narwhals as nw
    import numpy as np
    import pyarrow as pa

    frame = session.parquet(snapshot.path)
    if exclude:
        frame = frame.join(session.arrow(pa.table({ROW: pa.array(sorted(exclude), pa.int64())})), on=ROW, how="anti")
    names = [column.name for column in columns]
    size = nw.len().alias(ROW)
    counted = frame.group_by(*names).agg(size) if names else frame.select(size)
    found: pa.Table = counted.collect("pyarrow").to_native()
    schema = snapshot.schema()
    coded, problems = [], []
    for column in columns:
        values, codes = distinct_values(settled(found.column(column.name).cast(schema.field(column.name).type)))
        levels, misfits = recode(values, column.type, ladders.get(column.name))
        coded.append(Coded(column, values, codes, levels))
        if len(misfits):
            problems.append(_misfit(snapshot, coded[-1], misfits, exclude, part))
    weights = found.column(ROW).to_numpy().astype(np.int64)
    if not names and not weights.any():
        weights = weights[:0]  # without columns no rows are counted as one combination that nobody has
    return Tuples(tuple(coded), weights, int(weights.sum())), tuple(problems)


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a snapshot with their codes: one array a coded column."""

    batch: pa.RecordBatch
    codes: tuple[np.ndarray, ...]


def chunks(snapshot: Snapshot, coded: Sequence[Coded], others: Sequence[str], exclude: frozenset[int]) -> Iterator[Chunk]:
    """Stream the rows with the codes of their values; `others` are columns that come along, `exclude` rows that do not."""
    import numpy as np
    import pyarrow as pa

    left_out = np.array(sorted(exclude), dtype=np.int64)
    wanted = list(dict.fromkeys([ROW, *(column.name for column in coded), *others]))
    for read in snapshot.batches(wanted, size=BATCH):
        batch = read
        if len(left_out):
            batch = read.filter(pa.array(~np.isin(read.column(ROW).to_numpy(), left_out)))
        yield Chunk(batch, tuple(_codes(settled(batch.column(one.name)), one.values) for one in coded))


def _codes(values: pa.Array, known: pa.Array) -> np.ndarray:
    import pyarrow.compute as pc

    found = pc.index_in(values, value_set=known)
    if found.null_count:
        raise ValueError("a value that was not there when the snapshot was collapsed")
    return found.to_numpy()  # type: ignore[no-any-return]


def settled(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Give floats with one zero: the engine takes -0.0 and 0.0 for one value."""
    import pyarrow.compute as pc
    from pyarrow import types

    return pc.add(values, 0.0) if types.is_floating(values.type) else values


def _misfit(snapshot: Snapshot, coded: Coded, misfits: np.ndarray, exclude: frozenset[int], part: str) -> Problem:
    """Say in which row the first value stands that does not fit."""
    import numpy as np

    first = 0
    for chunk in chunks(snapshot, [coded], [], exclude):
        wrong = np.flatnonzero(np.isin(chunk.codes[0], misfits))
        if len(wrong):
            first = chunk.batch.column(ROW)[int(wrong[0])].as_py()
            break
    place = Place(path=f"privacy.{part}.{coded.name}.hierarchy")
    return MISFIT.at(place, column=coded.name, count=len(misfits), row=first)
