"""Several columns of small codes in one: fewer, wider columns are read, which is what counting classes costs.

Columns are packed together as long as their codes, taken together, are few: then the labels of a whole pack at any node are one small
table, and a key takes one look into it where it took one for every column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from anonymisation.lattice import Node
    from anonymisation.tuples import Coded

MOST = 4096
"""Codes of a pack: its table of labels then stays in the fastest memory."""


@dataclass(frozen=True, slots=True)
class Pack:
    """Columns whose codes are one code: mixed radix in the order of `columns`.

    Attributes:
        columns: positions among the quasi-identifiers; `sizes` how many values each has.
    """

    columns: tuple[int, ...]
    sizes: tuple[int, ...]

    def codes(self, coded: Sequence[Coded]) -> np.ndarray:
        """Give the code of each combination, in the smallest type that holds it."""
        import numpy as np

        whole, count = np.zeros(len(coded[self.columns[0]].codes), dtype=np.int64), 1
        for column, size in zip(self.columns, self.sizes, strict=True):
            whole = whole * size + coded[column].codes
            count *= size
        return whole.astype(np.min_scalar_type(max(count - 1, 0)))

    def labels(self, coded: Sequence[Coded], node: Node) -> tuple[np.ndarray, int]:
        """Give per code of the pack the label at a node, as one whole number, and how many labels there could be."""
        import numpy as np

        table, count = np.zeros(1, dtype=np.int64), 1
        for column, size in zip(self.columns, self.sizes, strict=True):
            level = coded[column].levels[node[column]]
            width = max(len(level.labels), 1)
            codes = level.codes.astype(np.int64) if size else np.zeros(0, dtype=np.int64)
            table = (table[:, None] * width + codes[None, :]).reshape(-1)
            count *= width
        return table, count


def packs(coded: Sequence[Coded]) -> tuple[Pack, ...]:
    """Divide columns over packs, the columns with most values first, each into the fullest pack that has room."""
    sizes = [len(one.values) for one in coded]
    made: list[tuple[int, list[int]]] = []
    for column in sorted(range(len(coded)), key=lambda column: (-sizes[column], column)):
        fitting = [number for number, (count, _) in enumerate(made) if count * sizes[column] <= MOST]
        if fitting:
            number = max(fitting, key=lambda number: made[number][0])
            made[number] = (made[number][0] * sizes[column], [*made[number][1], column])
        else:
            made.append((max(sizes[column], 1), [column]))
    return tuple(Pack(tuple(columns), tuple(sizes[column] for column in columns)) for _, columns in made)
