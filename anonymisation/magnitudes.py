"""The totals of a magnitude table, cell by cell and contributor by contributor, added up exactly.

Values become decimals with nine places before they are added, so that a sum does not depend on the order of the rows. A row without a value
contributes nothing. Rows without a contributor count as one contributor together: nobody knows that they are more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from anonymisation.rules import Contributions
from anonymisation.tuples import chunks
from config.errors import Message, Place
from engine.parquet import sink
from engine.types import ROW

if TYPE_CHECKING:
    from pathlib import Path

    import narwhals as nw
    import numpy as np
    import pyarrow as pa

    from anonymisation.cells import Cells
    from anonymisation.tuples import Tuples
    from config.errors import Problem
    from engine.session import Session
    from engine.snapshot import Snapshot

CELL, WHO, VALUE = "_cell", "_who", "_value"
LARGEST = 1e18
"""Of one value: a decimal with nine places has 29 digits before the point, which leaves room for the sum of a hundred billion of these."""

NEGATIVE = Message(
    "anonymise.negative",
    nl="Kolom {column} heeft een waarde onder nul in rij {row}. De p%-regel geldt alleen voor waarden van nul of meer. "
    "Zet zulke rijen apart met een controle (on_fail: quarantine), of publiceer ze in een andere tabel.",
    en="Column {column} has a value below zero in row {row}. The p% rule holds only for values of zero or more. "
    "Set such rows aside with an expectation (on_fail: quarantine), or publish them in another table.",
)
NOT_FINITE = Message(
    "anonymise.not-finite",
    nl="Kolom {column} heeft in rij {row} een waarde die niet kan worden opgeteld (geen getal, oneindig, of te groot).",
    en="Column {column} has a value in row {row} that cannot be added up (not a number, infinite, or too large).",
)


def contributions(
    session: Session,
    snapshot: Snapshot,
    tuples: Tuples,
    cells: Cells,
    *,
    value: str,
    contributor: str | None,
    allow_negative: bool,
    work: Path,
    exclude: frozenset[int],
) -> tuple[list[Contributions], Problem | None]:
    """Give what each cell is made of; the problem names a row with a value that cannot be used."""
    prepared = work / "contributions.parquet"
    try:
        problem = _prepare(prepared, snapshot, tuples, cells, value, contributor, exclude, allow_negative=allow_negative)
        if problem:
            return [], problem
        return _added(session.parquet(prepared), len(cells), by_contributor=contributor is not None), None
    finally:
        prepared.unlink(missing_ok=True)


def _prepare(
    out: Path,
    snapshot: Snapshot,
    tuples: Tuples,
    cells: Cells,
    value: str,
    contributor: str | None,
    exclude: frozenset[int],
    *,
    allow_negative: bool,
) -> Problem | None:
    """Write per row with a value its cell, its contributor and its value as a decimal."""
    import pyarrow as pa
    import pyarrow.compute as pc

    source = snapshot.schema()
    who = source.field(contributor).type if contributor else pa.int64()
    schema = pa.schema([(CELL, pa.int64()), (WHO, who), (VALUE, pa.decimal128(38, 9))])
    with sink(out, schema) as into:
        for chunk in chunks(snapshot, tuples.columns, [value, *([contributor] if contributor else [])], exclude):
            problem = _unusable(chunk.batch, value, allow_negative=allow_negative)
            if problem:
                return problem
            values = chunk.batch.column(value).cast(pa.decimal128(38, 9))
            where = pa.array(cells.of(chunk.codes, chunk.batch.num_rows), pa.int64())
            one = pa.RecordBatch.from_arrays([where, chunk.batch.column(contributor or ROW), values], schema=schema)
            into.write(one.filter(pc.is_valid(values)))
    return None


def _unusable(batch: pa.RecordBatch, value: str, *, allow_negative: bool) -> Problem | None:
    """Find the first value that cannot be added up, or that is below zero where that is not allowed."""
    import numpy as np

    values = batch.column(value)
    place = Place(path="privacy.value")
    figures = values.cast("float64", safe=False).to_numpy(zero_copy_only=False)
    missing = values.is_null().to_numpy(zero_copy_only=False)
    wrong = ~missing & ~(np.abs(figures) <= LARGEST)
    if wrong.any():
        return NOT_FINITE.at(place, column=value, row=_row(batch, wrong))
    if not allow_negative and (figures < 0).any():
        return NEGATIVE.at(place, column=value, row=_row(batch, figures < 0))
    return None


def _row(batch: pa.RecordBatch, wrong: np.ndarray) -> int:
    return int(batch.column(ROW)[int(wrong.argmax())].as_py())


def _added(frame: nw.LazyFrame[pa.Table], cells: int, *, by_contributor: bool) -> list[Contributions]:
    """Add up per contributor, then per cell with the two largest contributors."""
    import narwhals as nw

    each = (
        frame.group_by(CELL, WHO).agg(nw.col(VALUE).sum(), nw.len().alias("n"))
        if by_contributor
        else frame.with_columns(nw.lit(1).alias("n"))
    )
    total = each.group_by(CELL).agg(nw.col(VALUE).sum().alias("total"), nw.col("n").sum().alias("count"), nw.len().alias("contributors"))
    ranked = each.with_columns(nw.col(VALUE).rank("ordinal", descending=True).over(CELL).alias("rank")).filter(nw.col("rank") <= 2)  # noqa: PLR2004
    largest = ranked.group_by(CELL).agg(nw.col(VALUE).max().alias("largest"), nw.col(VALUE).sum().alias("two_largest"))
    found = [Contributions(count=0, contributors=0)] * cells
    for row in total.join(largest, on=CELL, how="left").collect("pyarrow").to_native().to_pylist():
        found[row[CELL]] = Contributions(int(row["count"]), int(row["contributors"]), row["total"], row["largest"], row["two_largest"])
    return found
