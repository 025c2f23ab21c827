"""The sizes of classes at the nodes of a lattice, each computed from the smallest collapse that is known below it.

Combinations that fall together at a node fall together at every node above it. So a node need not look at all combinations: it starts from
the classes of a node below it that was looked at before (the snapshots of Flash), of which one combination a class and its rows are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anonymisation.keys import first_of_each

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from anonymisation.lattice import Node
    from anonymisation.tuples import Tuples

WORTH = 0.5
"""A collapse is kept when it is at most this share of what it was made from …"""
ROOM = 4
"""… as long as all that are kept are at most this many times the combinations."""


@dataclass(frozen=True, slots=True)
class _Base:
    """The combinations collapsed at a node: the codes (level 0) of one combination a class, and the rows of each class."""

    node: Node
    codes: Sequence[np.ndarray]
    weights: np.ndarray

    def __len__(self) -> int:
        return len(self.weights)


class Classes:
    """Counts classes at nodes; what it remembers makes it faster, never different."""

    def __init__(self, tuples: Tuples) -> None:
        import numpy as np

        self._columns = tuples.columns
        # Small codes: looking a level up is bound by how fast memory is read.
        codes = [one.codes.astype(np.min_scalar_type(max(len(one.values) - 1, 0))) for one in tuples.columns]
        self._bases = [_Base((0,) * len(codes), codes, tuples.weights)]
        self._room = ROOM * len(tuples)

    def sizes(self, node: Node) -> np.ndarray:
        """Give the sizes of the classes at a node, in no particular order."""
        base = self._below(node)
        keys, size = self._keys(base, node)
        first, weights = first_of_each(keys, size, base.weights)
        if len(first) <= WORTH * len(base):
            self._keep(_Base(node, [codes[first] for codes in base.codes], weights))
        return weights

    def suppressed(self, node: Node, k: int) -> int:
        """Give how many rows are in classes smaller than `k`."""
        sizes = self.sizes(node)
        return int(sizes[sizes < k].sum())

    def _below(self, node: Node) -> _Base:
        """Give the smallest collapse at or below a node."""
        fitting = (base for base in self._bases if all(low <= high for low, high in zip(base.node, node, strict=True)))
        return min(fitting, key=len)

    def _keep(self, base: _Base) -> None:
        """Remember a collapse; the largest make way."""
        self._bases.append(base)
        self._room -= len(base)
        while self._room < 0:
            largest = max(self._bases[1:], key=len)
            self._bases.remove(largest)
            self._room += len(largest)

    def _keys(self, base: _Base, node: Node) -> tuple[np.ndarray, int]:
        """Give the key of each combination at a node, and how many keys there could be."""
        import numpy as np

        from anonymisation.keys import LARGEST, dense

        keys, size = np.zeros(len(base), dtype=np.int64), 1
        for one, level, codes in zip(self._columns, node, base.codes, strict=True):
            width = len(one.levels[level].labels)
            if width <= 1:
                continue
            if size > LARGEST // width:
                keys, size = dense(keys)
            # The weight of the place goes into the small table, not into the long column.
            keys += (one.levels[level].codes.astype(np.int64) * size)[codes]
            size *= width
        return keys, size
