"""Rows on their way through a sort: columns of small codes go as one whole number, which sorts several times as fast; others as they are.

The sorted order is that of the coded columns, in their order, then of the others, in theirs: it says nothing of the order of the source.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anonymisation.keys import LARGEST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Packing:
    """How rows are packed.

    Attributes:
        schema: of the rows, with codes (int32) in the coded columns.
        widths: coded column → codes that it can have: 0 to width - 1.
        keys: the coded columns, as many to a key as 63 bits hold.
        others: the other columns.
        packed_schema: of packed rows; its names are numbers, so that no column's name is in the way.
    """

    schema: pa.Schema
    widths: Mapping[str, int]
    keys: tuple[tuple[str, ...], ...]
    others: tuple[str, ...]
    packed_schema: pa.Schema

    @classmethod
    def of(cls, schema: pa.Schema, widths: Mapping[str, int]) -> Packing:
        """Divide the columns of a schema."""
        import pyarrow as pa

        others = tuple(name for name in schema.names if name not in widths)
        keys = tuple(_divided([name for name in schema.names if name in widths], widths))
        kinds = [*(pa.int64() for _ in keys), *(schema.field(name).type for name in others)]
        return cls(schema, widths, keys, others, pa.schema([(str(place), kind) for place, kind in enumerate(kinds)]))

    def packed(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Pack rows."""
        import numpy as np
        import pyarrow as pa

        cells = []
        for names in self.keys:
            key = np.zeros(batch.num_rows, dtype=np.int64)
            for name in names:
                key = key * max(self.widths[name], 1) + batch.column(name).to_numpy()
            cells.append(pa.array(key))
        return pa.RecordBatch.from_arrays([*cells, *(batch.column(name) for name in self.others)], schema=self.packed_schema)

    def unpacked(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Give packed rows as they were."""
        import numpy as np
        import pyarrow as pa

        cells = {name: batch.column(len(self.keys) + place) for place, name in enumerate(self.others)}
        for place, names in enumerate(self.keys):
            key = batch.column(place).to_numpy()
            for name in reversed(names):
                key, code = np.divmod(key, max(self.widths[name], 1))
                cells[name] = pa.array(code.astype(np.int32))
        return pa.RecordBatch.from_arrays([cells[name] for name in self.schema.names], schema=self.schema)


def _divided(names: Sequence[str], widths: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Put as many columns to a key as fit."""
    found: list[tuple[str, ...]] = []
    size = LARGEST + 1
    for name in names:
        width = max(widths[name], 1)
        if size > LARGEST // width:
            found.append(())
            size = 1
        found[-1] = (*found[-1], name)
        size *= width
    return found
