"""The unique combinations of some columns with how often each occurs: all that lattice and table need to know of the rows.

The engine collapses the rows; from there on everything runs on the combinations. Values are coded in sorted order, so neither the order of
the rows nor the engine's threads can be seen in a result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from anonymisation.hierarchies.base import distinct_values, forked, recode
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
FORKED = Message(
    "anonymise.forked",
    nl="Kolom {column}: de waarden in rij {first} en rij {second} vallen op een stap van de hiërarchie samen, en op een grovere niet. "
    "Wat samenvalt moet op elke volgende stap samen blijven.",
    en="Column {column}: the values in row {first} and row {second} fall together on one step of the hierarchy, and not on a coarser one. "
    "What falls together must stay together on every next step.",
)
POPULATION_MISFIT = Message(
    "anonymise.population-misfit",
    nl="Kolom {column}: {count} verschillende waarden uit de tabel met de bevolking staan niet in de hiërarchie. Vul de hiërarchie aan.",
    en="Column {column}: {count} different values of the population table are not in the hierarchy. Complete the hierarchy.",
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
    """The unique combinations.

    Attributes:
        columns: the columns whose values are made coarser.
        weights: int64, the rows that each combination stands for; 0 where only the population has it.
        rows: the rows in all.
        sensitive: columns that come along as they are; combinations are unique with them.
        population: int64, the persons of the population in each combination; None without a population table. Its combinations follow
            those of the data, with weight 0; their sensitive codes mean nothing.
    """

    columns: tuple[Coded, ...]
    weights: np.ndarray
    rows: int
    sensitive: tuple[Coded, ...] = ()
    population: np.ndarray | None = None

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
    sensitive: Sequence[Column] = (),
    population: pa.Table | None = None,
) -> tuple[Tuples, tuple[Problem, ...]]:
    """Collapse a snapshot to the combinations of `columns`, without the rows in `exclude`.

    Args:
        session: the engine.
        snapshot: the rows.
        columns: the columns whose values are made coarser.
        ladders: their hierarchies.
        exclude: row numbers that do not count.
        part: the part of `privacy:` that names the ladders.
        sensitive: columns that come along as they are.
        population: `columns` of the persons of the population, and how many persons each line stands for (`_row`).

    Returns:
        the combinations, and the columns with values that fit no ladder.
    """
    import numpy as np
    import pyarrow as pa

    found = _counted(session, snapshot, [column.name for column in (*columns, *sensitive)], exclude)
    schema = snapshot.schema()
    coded, problems = [], []
    for column in columns:
        cells = [found.column(column.name), *([population.column(column.name)] if population is not None else [])]
        own = schema.field(column.name).type
        values, codes = distinct_values(settled(pa.chunked_array([chunk for some in cells for chunk in some.cast(own).chunks], own)))
        levels, misfits = recode(values, column.type, ladders.get(column.name))
        coded.append(Coded(column, values, codes, levels))
        if len(misfits):
            problems.append(_misfit(snapshot, coded[-1], misfits, exclude, part))
        elif fork := forked(levels):
            problems.append(_fork(snapshot, coded[-1], fork, exclude, part))
    weights = found.column(ROW).to_numpy().astype(np.int64)
    if not columns and not sensitive and not weights.any():
        weights = weights[:0]  # without columns no rows are counted as one combination that nobody has
    more = len(population) if population is not None else 0
    known = tuple(_plain(column, found, more, schema) for column in sensitive)
    persons = population.column(ROW).to_numpy() if population is not None else None
    padded = np.concatenate([weights, np.zeros(more, dtype=np.int64)])
    everybody = None if persons is None else np.concatenate([np.zeros(len(weights), dtype=np.int64), persons])
    return Tuples(tuple(coded), padded, int(weights.sum()), known, everybody), tuple(problems)


def _counted(session: Session, snapshot: Snapshot, names: Sequence[str], exclude: frozenset[int]) -> pa.Table:
    """Count the rows of each combination of some columns, in the engine; the counts are in `_row`."""
    import narwhals as nw
    import pyarrow as pa

    frame = session.parquet(snapshot.path)
    if exclude:
        frame = frame.join(session.arrow(pa.table({ROW: pa.array(sorted(exclude), pa.int64())})), on=ROW, how="anti")
    size = nw.len().alias(ROW)
    counted = frame.group_by(*names).agg(size) if names else frame.select(size)
    return counted.collect("pyarrow").to_native()


def _plain(column: Column, found: pa.Table, more: int, schema: pa.Schema) -> Coded:
    """Code a sensitive column; `more` combinations follow that have no value."""
    import numpy as np

    values, codes = distinct_values(settled(found.column(column.name).cast(schema.field(column.name).type)))
    levels, _ = recode(values, column.type, None)
    return Coded(column, values, np.concatenate([codes, np.zeros(more, dtype=np.int32)]), levels)


class Listed(Protocol):
    """A column of which all values are known; a `Coded` is one."""

    @property
    def name(self) -> str:
        """The column's name."""
        ...

    @property
    def values(self) -> pa.Array:
        """Its distinct values, sorted, a missing one last."""
        ...


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a snapshot with their codes: one array a coded column."""

    batch: pa.RecordBatch
    codes: tuple[np.ndarray, ...]


def chunks(snapshot: Snapshot, coded: Sequence[Listed], others: Sequence[str], exclude: frozenset[int]) -> Iterator[Chunk]:
    """Stream the rows with the codes of their values; `others` are columns that come along, `exclude` rows that do not."""
    import numpy as np
    import pyarrow as pa

    left_out = np.array(sorted(exclude), dtype=np.int64)
    wanted = list(dict.fromkeys([ROW, *(column.name for column in coded), *others]))
    texts = [one.name for one in coded if pa.types.is_string(one.values.type) and one.name not in others]
    for read in snapshot.batches(wanted, size=BATCH, coded=texts):
        batch = read
        if len(left_out):
            batch = read.filter(pa.array(~np.isin(read.column(ROW).to_numpy(), left_out)))
        yield Chunk(batch, tuple(_codes(settled(batch.column(one.name)), one.values) for one in coded))


def _codes(values: pa.Array, known: pa.Array) -> np.ndarray:
    """Give the position of each value among those that are known, of which a missing one is the last."""
    import numpy as np
    import pyarrow as pa

    if isinstance(values, pa.DictionaryArray):
        # The dictionary may hold values of rows that were left out since: those are of no row.
        places = np.append(_places(values.dictionary, known), np.int32(-1 if known[-1].is_valid else len(known) - 1))
        found: np.ndarray = places[values.indices.fill_null(len(values.dictionary)).to_numpy()]
    else:
        found = _places(values, known)
    if (found < 0).any():
        raise ValueError("a value that was not there when the snapshot was collapsed")
    return found


def _places(values: pa.Array, known: pa.Array) -> np.ndarray:
    """Give the position of each value among those that are known, -1 where it is not (int32)."""
    import pyarrow.compute as pc

    return pc.index_in(values, value_set=known).fill_null(-1).to_numpy()  # type: ignore[no-any-return]


def settled(values: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Give floats with one zero: the engine takes -0.0 and 0.0 for one value."""
    import pyarrow.compute as pc
    from pyarrow import types

    return pc.add(values, 0.0) if types.is_floating(values.type) else values


def _misfit(snapshot: Snapshot, coded: Coded, misfits: np.ndarray, exclude: frozenset[int], part: str) -> Problem:
    """Say in which row the first value stands that does not fit."""
    first = _row(snapshot, coded, misfits, exclude)
    place = Place(path=f"privacy.{part}.{coded.name}.hierarchy")
    if not first:
        return POPULATION_MISFIT.at(place, column=coded.name, count=len(misfits))
    return MISFIT.at(place, column=coded.name, count=len(misfits), row=first)


def _fork(snapshot: Snapshot, coded: Coded, fork: tuple[int, int], exclude: frozenset[int], part: str) -> Problem:
    """Say in which rows two values stand that part again; a row of the population has number 0."""
    first, second = sorted(_row(snapshot, coded, [at], exclude) for at in fork)
    return FORKED.at(Place(path=f"privacy.{part}.{coded.name}.hierarchy"), column=coded.name, first=first, second=second)


def _row(snapshot: Snapshot, coded: Coded, values: np.ndarray | list[int], exclude: frozenset[int]) -> int:
    """Give the number of the first row with one of some values (positions among the distinct ones); 0 where there is none."""
    import numpy as np

    for chunk in chunks(snapshot, [coded], [], exclude):
        found = np.flatnonzero(np.isin(chunk.codes[0], values))
        if len(found):
            return int(chunk.batch.column(ROW)[int(found[0])].as_py())
    return 0
