"""The proof of the figures of a table: held against the rows of the source, by code that shares nothing with the engine or the rules.

Rows are labelled batch by batch and added up by Arrow, in memory: a row a contributor of a cell. The rules are put to each cell in plain
Python: every figure that is shown must be the figure of its cell, and no cell that is shown may break a rule. What is hidden besides is
nobody's loss of privacy, and is not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from typing import TYPE_CHECKING, Any

from anonymisation.tuples import chunks, settled
from anonymisation.verify import UNPROVEN
from config.errors import IntegrityError
from engine.types import ROW

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import pyarrow as pa

    from anonymisation.hierarchies.base import Ladder
    from anonymisation.rules import Parameters
    from engine.snapshot import Snapshot

CELL, WHO, VALUE, COUNT = "_cell", "_who", "_value", "_count"
ROWS = 65_536
EXACT = Context(prec=76)
"""Room for every total of decimals with 38 digits."""

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rows of one cell say.

    Attributes:
        count: rows with a value; of how many `contributors`.
        total: the sum of the values; `largest` and `second` the totals of the two largest contributors.
    """

    count: int = 0
    contributors: int = 0
    total: Decimal = Decimal(0)
    largest: Decimal = Decimal(0)
    second: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Promise:
    """What the figures of a table should be.

    Attributes:
        dimensions: per dimension its ladder and the number of its level.
        figure: the column with the figures.
        value: the column that is added up, by `contributor` where there is one; None in a table of counts.
        mean: whether the figure is a mean, not a sum.
        error: how far rounding may take a figure from what it is.
    """

    dimensions: Mapping[str, tuple[Ladder | None, int]]
    figure: str
    value: str | None = None
    contributor: str | None = None
    mean: bool = False
    error: Decimal = Decimal(0)


def prove_figures(path: Path, snapshot: Snapshot, exclude: frozenset[int], promise: Promise, rules: Parameters) -> None:
    """Hold the figures of a written table against the rows it was made of.

    Raises:
        IntegrityError: a figure is not that of its cell, or stands where a rule forbids it.
    """
    import pyarrow.parquet as pq

    names = tuple(promise.dimensions)
    with localcontext(EXACT), pq.ParquetFile(path) as file:
        facts = recount(snapshot, exclude, promise)
        for batch in file.iter_batches(ROWS, columns=[*names, promise.figure]):
            for row in batch.to_pylist():
                figure = row[promise.figure]
                wrong = None if figure is None else _wrong(Decimal(figure), facts.get(_key(row, names), Facts()), promise, rules)
                if wrong:
                    raise IntegrityError(UNPROVEN.at(what=wrong))


def recount(snapshot: Snapshot, exclude: frozenset[int], promise: Promise) -> dict[Key, Facts]:
    """Give the facts of every cell that has rows with a value; rows without a contributor belong to one that they share."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    names = tuple(promise.dimensions)
    parts = list(_contributed(snapshot, exclude, promise))
    if not sum(part.num_rows for part in parts):
        return {}
    # One row a contributor of a cell, the largest first.
    each = _added(pa.concat_tables(parts), promise)
    each = each.append_column(CELL, pa.array(_numbered([each.column(name) for name in names])))
    each = each.take(pc.sort_indices(each, [(CELL, "ascending"), (VALUE, "descending")]))
    cells = each.column(CELL).to_numpy()
    first = np.flatnonzero(np.diff(cells, prepend=-1))
    # In a cell of one contributor the next row is that of another cell.
    second = np.minimum(first + 1, len(cells) - 1)
    alone = (second == first) | (cells[second] != cells[first])
    totals = each.column(VALUE)
    sums = each.group_by(CELL).aggregate([(COUNT, "sum"), (COUNT, "count"), (VALUE, "sum")]).sort_by(CELL)
    facts = (
        *(sums.column(name).to_pylist() for name in (f"{COUNT}_sum", f"{COUNT}_count", f"{VALUE}_sum")),
        totals.take(pa.array(first)).to_pylist(),
        [Decimal(0) if one else total for one, total in zip(alone.tolist(), totals.take(pa.array(second)).to_pylist(), strict=True)],
    )
    keys = (_key(row, names) for row in each.select(names).take(pa.array(first)).to_pylist())
    return {key: Facts(*cell) for key, *cell in zip(keys, *facts, strict=True)}


def _contributed(snapshot: Snapshot, exclude: frozenset[int], promise: Promise) -> Iterator[pa.Table]:
    """Stream the rows with a value as labels, contributor, value and count 1, added up where a contributor has more rows."""
    import numpy as np
    import pyarrow as pa

    others = [name for name in (promise.value, promise.contributor) if name]
    for chunk in chunks(snapshot, (), [*promise.dimensions, *others], exclude):
        batch = chunk.batch
        ones = pa.array(np.ones(batch.num_rows, dtype=np.int64))
        made = {name: _labels(batch.column(name), *how) for name, how in promise.dimensions.items()}
        # In a table of counts every row is worth 1 and nobody asks whose it is.
        made[WHO] = batch.column(promise.contributor or ROW) if promise.value else ones
        made[VALUE] = (batch.column(promise.value) if promise.value else ones).cast(pa.decimal128(38, 9))
        made[COUNT] = ones
        table = pa.table(made)
        yield _added(table.filter(table.column(VALUE).is_valid()), promise)


def _added(table: pa.Table, promise: Promise) -> pa.Table:
    """Bring the rows of one contributor in one cell together; where nothing names a contributor each row is one."""
    if promise.value and not promise.contributor:
        return table
    keys = [*promise.dimensions, WHO]
    added = table.group_by(keys).aggregate([(VALUE, "sum"), (COUNT, "sum")])
    return added.rename_columns(
        [name.removesuffix("_sum") if name in {f"{VALUE}_sum", f"{COUNT}_sum"} else name for name in added.column_names]
    )


def _numbered(columns: Sequence[pa.ChunkedArray]) -> np.ndarray:
    """Number the combinations of labels from 0."""
    import numpy as np
    import pyarrow.compute as pc

    numbers = np.zeros(len(columns[0]) if columns else 0, dtype=np.int64)
    for column in columns:
        codes = pc.dictionary_encode(column.combine_chunks(), null_encoding="encode").indices.to_numpy(zero_copy_only=False)
        _, numbers = np.unique(numbers * (int(codes.max(initial=0)) + 1) + codes, return_inverse=True)
    return numbers


def _labels(values: pa.Array, ladder: Ladder | None, level: int) -> pa.Array:
    return ladder.labels(values)[level - 1] if ladder and level else settled(values)


def _key(row: Mapping[str, Any], names: Sequence[str]) -> Key:
    """Give the labels of a row; not-a-number is like itself here."""
    return tuple("nan" if row[name] != row[name] else row[name] for name in names)


def _wrong(figure: Decimal, cell: Facts, promise: Promise, rules: Parameters) -> str | None:
    """Say what is wrong with a figure that is shown, None where nothing is."""
    exact = cell.total / cell.count if promise.mean and cell.count else cell.total
    rest = cell.total - cell.largest - cell.second
    tests = {
        "figure": abs(figure - exact) > promise.error,
        "zeros": rules.hide_zeros and not cell.total,
        "min_count": rules.min_count and 0 < cell.count < rules.min_count,
        "min_contributors": promise.value and rules.min_contributors and cell.contributors < rules.min_contributors,
        "p%": promise.value and rules.p_percent is not None and rest < cell.largest * rules.p_percent / 100,
    }
    return next((name for name, holds in tests.items() if holds), None)
