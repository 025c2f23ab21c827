"""The best node of a lattice of generalisation levels, found exactly.

A node names one level a column. What prunes the search:

* a node is *hopeless* when it fails for a reason that no node below it can mend (the part of the guarantee that is monotone): it settles
  its whole lower box;
* a measure that adds up losses per column never falls going up, and where it stays equal nothing merged: the upper box of a node that
  passes holds nothing better, and nodes are taken by score until one is dearer than the best;
* of another measure only a bound is known: the upper box of a node whose bound is above the best holds nothing better.

A node that fails without being hopeless settles nothing but itself: where no part of the guarantee is monotone every candidate is looked
at.

The search takes the first node that is not settled, climbs from it to the top along the cheapest steps, and bisects that path for its
lowest node that is not hopeless (the idea of Flash: Kohlmayer, Prasser, Eckert, Kemper, Kuhn, "Flash: efficient, stable and optimal
k-anonymity", PASSAT 2012).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np

    Node = tuple[int, ...]

LARGEST = 10_000_000
"""Nodes that fit in memory: a score, a bound and a rank each."""
STRIDE = 65_536


class Look(NamedTuple):
    """What was seen at a node.

    Attributes:
        suppressed: rows that are left out there, or that at least would be.
        passes: whether that is allowed, and the guarantee holds for the rest.
        hopeless: whether no node below passes either.
        score: of a class measure its score; of an additive one it is in the losses.
        bound: of a class measure, what no node at or above scores below.
    """

    suppressed: int
    passes: bool
    hopeless: bool
    score: int = 0
    bound: int = 0


@dataclass(frozen=True, slots=True)
class Optimum:
    """What a search found.

    Attributes:
        node: the level of each column; None when no node passes (or none was found before the search had to stop).
        suppressed: rows that are left out, at `node` or else at the top.
        score: the loss of `node`.
        size: how many nodes there are.
        evaluated: how many nodes were looked at.
        bound: no node that passes scores below it; equal to `score` where the search ran to its end.
        complete: whether it ran to its end: `node` is the best there is, or there is none.
    """

    node: Node | None
    suppressed: int
    score: int
    size: int
    evaluated: int
    bound: int
    complete: bool = True


def size_of(losses: Sequence[Sequence[int]]) -> int:
    """Give the number of nodes."""
    return math.prod(len(column) for column in losses)


def search(losses: Sequence[Sequence[int]], look: Callable[[Node], Look], *, additive: bool = True, most: float = math.inf) -> Optimum:
    """Find the node with the least score that passes.

    Ties go to fewer suppressed rows, then to the lower level in column order.

    Args:
        losses: per column the loss at each of its levels, never falling, and rising where anything falls together; of a class measure they
            only say in which order nodes are tried.
        look: looks at a node.
        additive: whether the score of a node is the sum of `losses`; else it is in its look.
        most: how many nodes may be looked at; beyond it the best so far is given.
    """
    state = _State.over(losses, look, additive=additive)
    top = tuple(size - 1 for size in state.shape)
    state.see(top)
    complete, bound = True, math.inf
    for node in state.unsettled():
        if state.dearer(node):
            if additive:
                break
            state.settle_above(node)
        elif len(state.seen) >= most:
            complete, bound = False, state.least_left(node)
            break
        else:
            state.bisect(state.path(node))
    best = state.best
    score = 0 if best is None else int(state.best_score)
    bound = score if complete else min(score if best is not None else math.inf, bound)
    return Optimum(best, state.seen[best or top].suppressed, score, state.scores.size, len(state.seen), int(bound), complete)


@dataclass(slots=True)
class _State:
    """A search under way: which nodes are settled, which were looked at, and the best so far."""

    scores: np.ndarray
    settled: np.ndarray
    bounds: np.ndarray | None
    look: Callable[[Node], Look]
    seen: dict[Node, Look] = field(default_factory=dict)
    best: Node | None = None

    @classmethod
    def over(cls, losses: Sequence[Sequence[int]], look: Callable[[Node], Look], *, additive: bool) -> _State:
        import numpy as np

        scores = np.zeros((1,) * len(losses), dtype=np.int64)
        for axis, column in enumerate(losses):
            along = [1] * len(losses)
            along[axis] = len(column)
            scores = scores + np.array(column, dtype=np.int64).reshape(along)
        bounds = None if additive else np.full(scores.shape, np.iinfo(np.int64).min)
        return cls(scores, np.zeros(scores.shape, dtype=bool), bounds, look)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.scores.shape

    @property
    def best_score(self) -> float:
        return math.inf if self.best is None else self._score(self.best)

    def dearer(self, node: Node) -> bool:
        """Say whether a node is known to score above the best."""
        known = self.scores if self.bounds is None else self.bounds
        return bool(known[node] > self.best_score)

    def least_left(self, node: Node) -> int:
        """Give what no node that is not settled scores below; `node` is the next in turn."""
        return int(self.scores[node] if self.bounds is None else self.bounds[~self.settled].min())

    def unsettled(self) -> Iterator[Node]:
        """Give the nodes that are not settled when their turn comes: by loss, equal ones with the lower level first in column order."""
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
            steps = [step for step in steps if not self.settled[step] and not self.dearer(step)]
            if not steps:
                return path
            path.append(min(steps, key=lambda step: int(self.scores[step])))

    def bisect(self, path: list[Node]) -> None:
        """Look for the lowest node of a path that is not hopeless; its first node is settled afterwards."""
        low, high = 0, len(path) - 1
        # Once the best is near, most paths hold nothing: the last node then settles the whole path at once.
        if self.best is not None and high:
            if self.see(path[high]).hopeless:
                return
            high -= 1
        while low <= high:
            middle = (low + high) // 2
            if self.see(path[middle]).hopeless:
                low = middle + 1
            else:
                high = middle - 1

    def see(self, node: Node) -> Look:
        """Look at a node, settle what follows from it, and keep it when it is the best."""
        seen = self.seen[node] = self.look(node)
        self.settled[node] = True
        if seen.hopeless:
            self.settled[tuple(slice(0, level + 1) for level in node)] = True
        if self.bounds is not None:
            import numpy as np

            # The dots keep it a view, also without columns.
            box: tuple[Any, ...] = (*(slice(level, None) for level in node), ...)
            above = self.bounds[box]
            np.maximum(above, seen.bound, out=above)
        elif seen.passes:
            self.settle_above(node)
        if seen.passes and (self.best is None or self._rank(node) < self._rank(self.best)):
            self.best = node
        return seen

    def settle_above(self, node: Node) -> None:
        """Settle a node and all above it."""
        self.settled[tuple(slice(level, None) for level in node)] = True

    def _score(self, node: Node) -> int:
        return int(self.scores[node]) if self.bounds is None else self.seen[node].score

    def _rank(self, node: Node) -> tuple[int, int, Node]:
        return self._score(node), self.seen[node].suppressed, node
