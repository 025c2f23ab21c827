"""The best node of a lattice of generalisation levels, found exactly.

A node names one level a column. Two facts prune the search, both for full-domain generalisation with a suppression limit:

* going up, classes only merge, so the rows in classes that are too small never become more: a node that fails has a failing lower box;
* going up, a loss that is additive over columns never becomes less, and where it stays equal nothing merged: the upper box of a node that
  passes holds nothing better.

The search takes the cheapest node that is not settled, climbs from it to the top along the cheapest steps, and bisects that path (the idea
of Flash: Kohlmayer, Prasser, Eckert, Kemper, Kuhn, "Flash: efficient, stable and optimal k-anonymity", PASSAT 2012). It ends when no
unsettled node is as cheap as the best.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np

    Node = tuple[int, ...]

LARGEST = 10_000_000
"""Nodes that fit in memory: a score and a rank each."""
STRIDE = 65_536


@dataclass(frozen=True, slots=True)
class Optimum:
    """What a search found.

    Attributes:
        node: the level of each column; None when even the top fails.
        suppressed: rows in classes that are too small, at `node` or else at the top.
        score: the loss of `node`.
        evaluated: how many nodes were looked at.
    """

    node: Node | None
    suppressed: int
    score: int
    size: int
    evaluated: int


def size_of(losses: Sequence[Sequence[int]]) -> int:
    """Give the number of nodes."""
    return math.prod(len(column) for column in losses)


def search(losses: Sequence[Sequence[int]], suppressed_at: Callable[[Node], int], limit: int) -> Optimum:
    """Find the node with the least loss at which at most `limit` rows are suppressed.

    Ties go to fewer suppressed rows, then to the lower level in column order.

    Args:
        losses: per column the loss at each of its levels, never falling.
        suppressed_at: rows in classes that are too small at a node, never rising with any level.
        limit: rows that may be suppressed.
    """
    state = _State.over(losses, suppressed_at, limit)
    top = tuple(size - 1 for size in state.shape)
    if not state.passes(top):
        return Optimum(None, state.seen[top], int(state.scores[top]), state.scores.size, len(state.seen))
    for node in state.unsettled():
        if state.scores[node] > state.best_score:
            break
        state.bisect(state.path(node))
    best = state.best or top
    return Optimum(best, state.seen[best], int(state.scores[best]), state.scores.size, len(state.seen))


@dataclass(slots=True)
class _State:
    """A search under way: which nodes are settled, which were looked at, and the best so far."""

    scores: np.ndarray
    settled: np.ndarray
    suppressed_at: Callable[[Node], int]
    limit: int
    seen: dict[Node, int] = field(default_factory=dict)
    best: Node | None = None

    @classmethod
    def over(cls, losses: Sequence[Sequence[int]], suppressed_at: Callable[[Node], int], limit: int) -> _State:
        import numpy as np

        scores = np.zeros((1,) * len(losses), dtype=np.int64)
        for axis, column in enumerate(losses):
            along = [1] * len(losses)
            along[axis] = len(column)
            scores = scores + np.array(column, dtype=np.int64).reshape(along)
        return cls(scores, np.zeros(scores.shape, dtype=bool), suppressed_at, limit)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.scores.shape

    @property
    def best_score(self) -> float:
        return math.inf if self.best is None else int(self.scores[self.best])

    def unsettled(self) -> Iterator[Node]:
        """Give the nodes that are not settled when their turn comes: by score, equal ones with the lower level first in column order."""
        import numpy as np

        order, settled = np.argsort(self.scores, axis=None, kind="stable"), self.settled.reshape(-1)
        for start in range(0, len(order), STRIDE):
            part = order[start : start + STRIDE]
            for flat in part[~settled[part]].tolist():
                if not settled[flat]:
                    yield tuple(int(level) for level in np.unravel_index(flat, self.shape))

    def path(self, start: Node) -> list[Node]:
        """Climb from a node to as far as unsettled nodes of interest go, each time by the cheapest step."""
        path = [start]
        while True:
            node = path[-1]
            steps = [(*node[:axis], level + 1, *node[axis + 1 :]) for axis, level in enumerate(node) if level + 1 < self.shape[axis]]
            steps = [step for step in steps if not self.settled[step] and self.scores[step] <= self.best_score]
            if not steps:
                return path
            path.append(min(steps, key=lambda step: int(self.scores[step])))

    def bisect(self, path: list[Node]) -> None:
        """Look for the lowest node of a path that passes; every node of the path is settled afterwards up to it."""
        low, high = 0, len(path) - 1
        while low <= high:
            middle = (low + high) // 2
            if self.passes(path[middle]):
                high = middle - 1
            else:
                low = middle + 1

    def passes(self, node: Node) -> bool:
        """Look at a node, settle what follows from it, and keep it when it is the best."""
        suppressed = self.seen[node] = self.suppressed_at(node)
        if suppressed > self.limit:
            self.settled[tuple(slice(0, level + 1) for level in node)] = True
            return False
        self.settled[tuple(slice(level, None) for level in node)] = True
        if self.best is None or self._rank(node) < self._rank(self.best):
            self.best = node
        return True

    def _rank(self, node: Node) -> tuple[int, int, Node]:
        return int(self.scores[node]), self.seen[node], node
