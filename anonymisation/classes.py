"""The classes at the nodes of a lattice, each counted from the smallest collapse that is known below it.

Combinations that fall together at a node fall together at every node above it. So a node need not look at all combinations: it starts from
the classes of a node below it that was looked at before (the snapshots of Flash), of which one combination a class and its rows are kept.
With sensitive columns there are two such stores: most nodes are settled by the sizes of their classes, and those need no sensitive value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anonymisation.keys import LARGEST, dense, first_of_each, needs_numbers, one_of_each, totals
from anonymisation.models.base import ClassTable, Pairs, pairs_of, summed
from anonymisation.packed import packs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    from anonymisation.lattice import Node
    from anonymisation.tuples import Coded, Tuples

SPREAD = 0x9E3779B97F4A7C15
"""The golden ratio of 64 bits: multiplying by it spreads keys over the highest bits (Knuth, The Art of Computer Programming 3, 6.4)."""
WORTH = 0.1
"""A collapse is kept when it is at most this share of what it was made from …"""
ROOM = 4
"""… as long as all that are kept are at most this many times the combinations."""


@dataclass(frozen=True, slots=True)
class _Base:
    """Combinations collapsed at a node.

    Attributes:
        codes: per pack of quasi-identifiers the code (level 0) of one combination a class.
        weights: the rows of each class, and the persons of the population where there is one.
        mark: the code of its sensitive values taken together; of sizes alone None.
    """

    node: Node
    codes: Sequence[np.ndarray]
    weights: Sequence[np.ndarray]
    mark: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.weights[0])

    def at(self, node: Node, first: np.ndarray, weights: Sequence[np.ndarray]) -> _Base:
        """Give this collapsed further, to one combination of each class at a node."""
        return _Base(node, [codes[first] for codes in self.codes], weights, None if self.mark is None else self.mark[first])


@dataclass(slots=True)
class _Store:
    """The collapses that are remembered; the largest make way. The first always stays."""

    bases: list[_Base]
    room: int = field(init=False)

    def __post_init__(self) -> None:
        self.room = ROOM * len(self.bases[0])

    def below(self, node: Node) -> _Base:
        """Give the smallest collapse at or below a node."""
        fitting = (base for base in self.bases if all(low <= high for low, high in zip(base.node, node, strict=True)))
        return min(fitting, key=len)

    def keep(self, base: _Base) -> None:
        """Remember a collapse."""
        self.bases.append(base)
        self.room -= len(base)
        while self.room < 0:
            largest = max(self.bases[1:], key=len)
            self.bases.remove(largest)
            self.room += len(largest)


class Classes:
    """Counts classes at nodes; what it remembers makes it faster, never different."""

    def __init__(self, tuples: Tuples) -> None:
        import numpy as np

        self._columns = tuples.columns
        bottom = (0,) * len(tuples.columns)
        weights = [tuples.weights] if tuples.population is None else [tuples.weights, tuples.population]
        self._packs = packs(tuples.columns)
        self._room = np.empty(len(tuples), dtype=np.int64)
        self._last: tuple[_Base, Node, np.ndarray, int] | None = None
        joint = _Base(bottom, [pack.codes(tuples.columns) for pack in self._packs], weights)
        self._joint: _Store | None = None
        if tuples.sensitive:
            mark, self._marks, self._apart = _taken_together(tuples.sensitive)
            self._joint = _Store([_Base(bottom, joint.codes, weights, mark)])
            keys, size = self._keys(joint, bottom)
            joint = joint.at(bottom, *first_of_each(keys, size, weights))
        self._plain = _Store([joint])

    def sizes(self, node: Node) -> np.ndarray:
        """Give the sizes of the classes at a node, in no particular order; of those that only the population has 0."""
        return self.plain(node).sizes

    def merged(self, node: Node) -> ClassTable | None:
        """Give the classes at a node with some of them taken together, where that is much faster than telling them apart; else None.

        A hash decides which come together. Models that are `upward` then leave out as many rows as they would, or fewer: what fails here
        fails.
        """
        import numpy as np

        base = self._plain.below(node)
        keys, size = self._keys(base, node)
        if not needs_numbers(size, len(keys)):
            return None
        bits = len(keys).bit_length()  # one to two places a combination
        buckets = ((keys.view(np.uint64) * SPREAD) >> np.uint64(64 - bits)).view(np.int64)
        weights = [np.bincount(buckets, weights=one, minlength=1 << bits).astype(np.int64) for one in base.weights]
        return _table(weights, {})

    def plain(self, node: Node) -> ClassTable:
        """Give the classes at a node without their sensitive values."""
        base = self._plain.below(node)
        present, weights, keys = totals(*self._keys(base, node), base.weights)
        if len(present) <= WORTH * len(base):
            self._plain.keep(base.at(node, one_of_each(keys, present), weights))
        return _table(weights, {})

    def full(self, node: Node) -> ClassTable:
        """Give the classes at a node with the counts of their sensitive values."""
        import numpy as np

        if self._joint is None:
            return self.plain(node)
        base = self._joint.below(node)
        keys, size = self._keys(base, node)
        if size > LARGEST // self._marks:
            keys, size = dense(keys)
        first, weights = first_of_each(keys * self._marks + base.mark, size * self._marks, base.weights)
        made = base.at(node, first, weights)
        if len(first) <= WORTH * len(base):
            self._joint.keep(made)
        owners = np.unique(keys[first], return_inverse=True)[1]
        count = int(owners.max(initial=-1)) + 1
        return _table([summed(owners, one, count) for one in weights], self._counts(made, owners, count))

    def _counts(self, made: _Base, owners: np.ndarray, count: int) -> dict[str, Pairs]:
        """Count the values of each sensitive column per class."""
        return {name: pairs_of(owners, count, codes[made.mark], made.weights[0]) for name, codes in self._apart.items()}

    def _keys(self, base: _Base, node: Node) -> tuple[np.ndarray, int]:
        """Give the key of each combination at a node, and how many keys there could be; those that were asked last are remembered."""
        if self._last is None or self._last[0] is not base or self._last[1] != node:
            self._last = (base, node, *self._counted(base, node))
        return self._last[2:]

    def _counted(self, base: _Base, node: Node) -> tuple[np.ndarray, int]:
        import numpy as np

        keys, size = np.zeros(len(base), dtype=np.int64), 1
        for pack, codes in zip(self._packs, base.codes, strict=True):
            labels, width = pack.labels(self._columns, node)
            if width <= 1:
                continue
            if size > LARGEST // width:
                keys, size = dense(keys)
            # The weight of the place goes into the small table, not into the long column. With a place to write to and nothing to
            # check, taking is bound by how fast memory is read.
            np.take(labels * size, codes, out=self._room[: len(base)], mode="clip")
            keys += self._room[: len(base)]
            size *= width
        return keys, size


def _table(weights: Sequence[np.ndarray], sensitive: Mapping[str, Pairs]) -> ClassTable:
    """Give classes; `weights` are their rows, and the persons of the population where there is one."""
    return ClassTable(weights[0], weights[1] if len(weights) > 1 else None, sensitive)


def _taken_together(sensitive: Sequence[Coded]) -> tuple[np.ndarray, int, dict[str, np.ndarray]]:
    """Code the sensitive values of each combination as one.

    Returns:
        the code of each combination, how many codes there are, and column → per code the code of its value.
    """
    import numpy as np

    mark, marks = sensitive[0].codes.astype(np.int64), max(len(sensitive[0].values), 1)
    for one in sensitive[1:]:
        mark, marks = dense(mark * max(len(one.values), 1) + one.codes)
    apart = {}
    for one in sensitive:
        apart[one.name] = np.zeros(marks, dtype=np.int64)
        apart[one.name][mark] = one.codes
    return mark, marks, apart
