"""Writing the protected rows: streamed through their codes, then sorted on all columns: nothing is left of the order of the source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from engine.parquet import sink

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import pyarrow as pa

    from anonymisation.keys import KeySpace
    from anonymisation.tuples import Chunk, Coded
    from engine.session import Session
    from engine.snapshot import Snapshot


FEW = 1 << 16
"""Values of a text column that comes along, up to which it is coded too: sorting is slow on text."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text column with few values: sorted, a missing one last."""

    name: str
    values: pa.Array


class Way(Protocol):
    """How rows become protected rows."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the result, in order."""
        ...

    @property
    def quasi(self) -> tuple[Coded, ...]:
        """The coded columns."""
        ...

    def schema(self, source: pa.Schema) -> pa.Schema:
        """Give the schema of the result."""
        ...

    def codes(self, chunk: Chunk, words: Sequence[Words]) -> pa.RecordBatch:
        """Give the protected rows of a chunk with codes in the place of labels: sorted as labels are, and faster to sort.

        The codes of `words` follow those of the quasi-identifiers in the chunk.
        """
        ...

    def decoded(self, batch: pa.RecordBatch, words: Sequence[Words], schema: pa.Schema) -> pa.RecordBatch:
        """Give rows with their labels."""
        ...

    def labels(self) -> dict[str, pa.Array]:
        """Give the only values that each coarser column may hold."""
        ...


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A way in which a column has one level for all rows.

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

    def codes(self, chunk: Chunk, words: Sequence[Words]) -> pa.RecordBatch:
        """Give the protected rows of a chunk with codes in the place of labels."""
        codes = [one.levels[level].codes[found] for one, level, found in zip(self.quasi, self.levels, chunk.codes, strict=False)]
        keep = ~_among(self.space.apply(codes, chunk.batch.num_rows), self.suppressed)
        return coded_rows(self, chunk, words, codes, keep)

    def decoded(self, batch: pa.RecordBatch, words: Sequence[Words], schema: pa.Schema) -> pa.RecordBatch:
        """Give rows with their labels."""
        labels = {one.name: one.levels[level].labels for one, level in zip(self.quasi, self.levels, strict=True)}
        return decoded_rows(batch, labels, words, schema)

    def labels(self) -> dict[str, pa.Array]:
        """Give the only values that each coarser column may hold."""
        return {one.name: one.levels[level].labels for one, level in zip(self.quasi, self.levels, strict=True) if level}


def coded_rows(how: Way, chunk: Chunk, words: Sequence[Words], codes: Sequence[np.ndarray], keep: np.ndarray) -> pa.RecordBatch:
    """Give the rows of a chunk that are kept: the codes of the quasi-identifiers, those of `words`, and the other columns as they are."""
    import pyarrow as pa

    batch = chunk.batch.filter(pa.array(keep))
    coded = {one.name: pa.array(found[keep]) for one, found in zip(how.quasi, codes, strict=True)}
    coded |= {one.name: pa.array(found[keep]) for one, found in zip(words, chunk.codes[len(codes) :], strict=True)}
    return pa.record_batch({name: coded[name] if name in coded else batch.column(name) for name in how.names})


def decoded_rows(batch: pa.RecordBatch, labels: Mapping[str, pa.Array], words: Sequence[Words], schema: pa.Schema) -> pa.RecordBatch:
    """Give coded rows with the labels that their codes stand for."""
    import pyarrow as pa

    known = {**labels, **{one.name: one.values for one in words}}
    cells = [known[name].take(batch.column(name)) if name in known else batch.column(name) for name in schema.names]
    return pa.RecordBatch.from_arrays(cells, schema=schema)


def _among(keys: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Say which keys are known; those are sorted."""
    import numpy as np

    if not len(known):
        return np.zeros(len(keys), dtype=bool)
    found: np.ndarray = known[np.minimum(np.searchsorted(known, keys), len(known) - 1)] == keys
    return found


def write_rows(session: Session, snapshot: Snapshot, how: Way, out: Path, exclude: frozenset[int]) -> None:
    """Write the protected rows to `out` (Parquet), sorted on all columns; columns without codes come along as they are."""
    import pyarrow as pa

    from anonymisation.sorting import Packing
    from anonymisation.tuples import BATCH, chunks

    source = snapshot.schema()
    schema, widths = how.schema(source), {one.name: len(one.values) for one in how.quasi}
    words = _few(snapshot, [name for name in how.names if name not in widths])
    widths |= {name: len(labels) for name, labels in how.labels().items()} | {one.name: len(one.values) for one in words}
    coded = pa.schema([pa.field(name, pa.int32() if name in widths else source.field(name).type) for name in how.names])
    packing = Packing.of(coded, widths)
    read = chunks(snapshot, (*how.quasi, *words), packing.others, exclude)
    batches = (packing.packed(how.codes(chunk, words).cast(coded)) for chunk in read)
    reader = pa.RecordBatchReader.from_batches(packing.packed_schema, batches)
    with sink(out, schema) as into:
        for batch in session.sort(reader, packing.packed_schema.names, BATCH):
            into.write(how.decoded(packing.unpacked(batch), words, schema))


def _few(snapshot: Snapshot, names: Sequence[str]) -> list[Words]:
    """Give the text columns with at most `FEW` values."""
    import pyarrow as pa

    from anonymisation.hierarchies.base import distinct_values

    schema = snapshot.schema()
    found = {name: pa.array([], pa.string()) for name in names if pa.types.is_string(schema.field(name).type)}
    for batch in snapshot.batches(list(found), coded=list(found)) if found else ():
        for name in list(found):
            column = batch.column(name)
            more = [column.dictionary, *([pa.nulls(1, pa.string())] if column.null_count else [])]
            found[name] = pa.concat_arrays([found[name], *more]).unique()
            if len(found[name]) > FEW:
                del found[name]
        if not found:
            break
    return [Words(name, distinct_values(values)[0]) for name, values in found.items()]


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
