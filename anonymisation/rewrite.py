"""Writing the protected rows: streamed through their codes, then sorted on all columns: nothing is left of the order of the source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.parquet import sink

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    import pyarrow as pa

    from anonymisation.keys import KeySpace
    from anonymisation.tuples import Chunk, Coded
    from engine.session import Session
    from engine.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Rewriting:
    """How rows become protected rows.

    Attributes:
        names: the columns of the result, in order.
        quasi: the coded columns, and their chosen `levels`.
        space: the keys of classes at those levels.
        suppressed: the keys of the classes that are left out, sorted.
    """

    names: tuple[str, ...]
    quasi: tuple[Coded, ...]
    levels: tuple[int, ...]
    space: KeySpace
    suppressed: np.ndarray

    def schema(self, source: pa.Schema) -> pa.Schema:
        """Give the schema of the result."""
        import pyarrow as pa

        coarse = {one.name: one.levels[level].labels.type for one, level in zip(self.quasi, self.levels, strict=True) if level}
        return pa.schema([pa.field(name, coarse.get(name, source.field(name).type)) for name in self.names])

    def rows(self, chunk: Chunk, schema: pa.Schema) -> pa.RecordBatch:
        """Give the protected rows of a chunk."""
        import numpy as np
        import pyarrow as pa

        codes = [one.levels[level].codes[found] for one, level, found in zip(self.quasi, self.levels, chunk.codes, strict=True)]
        keep = ~np.isin(self.space.apply(codes, chunk.batch.num_rows), self.suppressed)
        mask = pa.array(keep)
        batch = chunk.batch.filter(mask)
        coarse = {
            one.name: one.levels[level].labels.take(pa.array(found[keep]))
            for one, level, found in zip(self.quasi, self.levels, codes, strict=True)
            if level
        }
        return pa.RecordBatch.from_arrays([coarse.get(name, batch.column(name)) for name in self.names], schema=schema)


def write_rows(session: Session, snapshot: Snapshot, how: Rewriting, out: Path, exclude: frozenset[int]) -> None:
    """Write the protected rows to `out` (Parquet), sorted on all columns."""
    from anonymisation.tuples import chunks

    unsorted = out.with_name(f"{out.stem}.unsorted{out.suffix}")
    schema = how.schema(snapshot.schema())
    try:
        with sink(unsorted, schema) as into:
            for chunk in chunks(snapshot, how.quasi, how.names, exclude):
                into.write(how.rows(chunk, schema))
        session.write(session.parquet(unsorted), out, order=how.names)
    finally:
        unsorted.unlink(missing_ok=True)


def copy_rows(snapshot: Snapshot, names: Sequence[str], out: Path, exclude: frozenset[int]) -> int:
    """Write some columns of the rows as they are, in source order; give how many rows there are."""
    import pyarrow as pa

    from anonymisation.tuples import chunks

    source = snapshot.schema()
    schema = pa.schema([pa.field(name, source.field(name).type) for name in names])
    rows = 0
    with sink(out, schema) as into:
        for chunk in chunks(snapshot, (), names, exclude):
            into.write(pa.RecordBatch.from_arrays([chunk.batch.column(name) for name in names], schema=schema))
            rows += chunk.batch.num_rows
    return rows
