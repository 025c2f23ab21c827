"""A good node of a lattice that is too large to hold, and how far it can be from the best.

First the lattice is made smaller without losing anything: with all other columns at their coarsest, a level of one column that is hopeless
is hopeless everywhere (the subset property of K. LeFevre, D. DeWitt, R. Ramakrishnan, "Incognito: efficient full-domain k-anonymity",
SIGMOD 2005, §3). Where what is left fits, the search is exact.

Else a beam goes down from the top: of all nodes one step below those it holds the ones that pass with the least score go on. The gap is
told by a lower bound: the columns are dealt out in small groups, and each group alone (all other columns at their coarsest) must lose at
least its own least loss; the sum of those is a loss that no node undercuts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anonymisation.lattice import LARGEST, Look, Optimum, search, size_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from anonymisation.lattice import Node

WIDTH = 8
"""Nodes that go on at every step down."""
GROUP = 4_096
"""Nodes of a group of columns that is searched for the lower bound."""


def find(losses: Sequence[Sequence[int]], look: Callable[[Node], Look], *, additive: bool, most: float, largest: int = LARGEST) -> Optimum:
    """Find the best node, or a good one where the lattice is larger than `largest` nodes; arguments as `search` has them."""
    if size_of(losses) <= largest:
        return search(losses, look, additive=additive, most=most)
    whole = _Lattice(losses, look, {})
    floor = whole.floor()
    rest = [column[low:] for column, low in zip(losses, floor, strict=True)]

    def above(node: Node) -> Look:
        return whole.at(tuple(level + low for level, low in zip(node, floor, strict=True)))

    if size_of(rest) <= largest:
        found = search(rest, above, additive=additive, most=most)
    else:
        found = _Lattice(rest, above, {}).beam(additive=additive, most=most)
    node = None if found.node is None else tuple(level + low for level, low in zip(found.node, floor, strict=True))
    return Optimum(node, found.suppressed, found.score, size_of(losses), len(whole.seen), found.bound, found.complete)


@dataclass(frozen=True, slots=True)
class _Lattice:
    """A lattice of which only the nodes that were looked at are held."""

    losses: Sequence[Sequence[int]]
    look: Callable[[Node], Look]
    seen: dict[Node, Look]

    @property
    def top(self) -> Node:
        return tuple(len(column) - 1 for column in self.losses)

    def at(self, node: Node) -> Look:
        """Look at a node, once."""
        if node not in self.seen:
            self.seen[node] = self.look(node)
        return self.seen[node]

    def floor(self) -> Node:
        """Give per column the lowest level that is not hopeless with all other columns at their coarsest."""
        return tuple(self._lowest(axis, height) for axis, height in enumerate(self.top))

    def _lowest(self, axis: int, height: int) -> int:
        low, high = 0, height
        while low < high:
            middle = (low + high) // 2
            if self.at((*self.top[:axis], middle, *self.top[axis + 1 :])).hopeless:
                low = middle + 1
            else:
                high = middle
        return low

    def beam(self, *, additive: bool, most: float) -> Optimum:
        """Go down from the top."""
        best: tuple[int, int, Node] | None = None
        held = [self.top] if not self.at(self.top).hopeless else []
        while held and len(self.seen) < most:
            ranked = sorted(self._rank(node, additive=additive) for node in held if self.at(node).passes)
            if ranked and (best is None or ranked[0] < best):
                best = ranked[0]
            steps = sorted({step for node in held for step in self._below(node)}, key=lambda node: (self._loss(node), node))
            held = self._allowed(steps)
        size = size_of(self.losses)
        if best is None:
            return Optimum(None, self.at(self.top).suppressed, 0, size, len(self.seen), 0, complete=self.at(self.top).hopeless)
        bound = self._least(most) if additive else self.at((0,) * len(self.losses)).bound
        return Optimum(best[2], best[1], best[0], size, len(self.seen), min(bound, best[0]), complete=bound >= best[0])

    def _allowed(self, steps: Sequence[Node]) -> list[Node]:
        """Give the first steps that are not hopeless, those that pass before those that do not."""
        passing: list[Node] = []
        others: list[Node] = []
        for node in steps:
            seen = self.at(node)
            if seen.passes:
                passing.append(node)
            elif not seen.hopeless:
                others.append(node)
            if len(passing) == WIDTH:
                break
        return (passing + others)[:WIDTH]

    def _least(self, most: float) -> int:
        """Give a loss that no node that passes undercuts."""
        return sum(self._least_of(group, most) for group in self._groups())

    def _groups(self) -> Iterator[range]:
        """Deal the columns out in groups of neighbours."""
        start, size = 0, 1
        for axis, column in enumerate(self.losses):
            if axis > start and size * len(column) > GROUP:
                yield range(start, axis)
                start, size = axis, 1
            size *= len(column)
        yield range(start, len(self.losses))

    def _least_of(self, group: range, most: float) -> int:
        """Give the least loss of a group at which the whole is not hopeless, all other columns at their coarsest."""

        def look(node: Node) -> Look:
            seen = self.at((*self.top[: group.start], *node, *self.top[group.stop :]))
            return Look(seen.suppressed, not seen.hopeless, seen.hopeless)

        return search([self.losses[axis] for axis in group], look, most=most).bound

    def _below(self, node: Node) -> Iterator[Node]:
        for axis, level in enumerate(node):
            if level:
                yield (*node[:axis], level - 1, *node[axis + 1 :])

    def _loss(self, node: Node) -> int:
        return sum(column[level] for column, level in zip(self.losses, node, strict=True))

    def _rank(self, node: Node, *, additive: bool) -> tuple[int, int, Node]:
        seen = self.at(node)
        return self._loss(node) if additive else seen.score, seen.suppressed, node
