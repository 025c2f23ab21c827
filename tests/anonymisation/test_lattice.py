"""The search on lattices of any make: exact where it runs to its end, honest about its gap where it does not."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from anonymisation.bounded import find
from anonymisation.lattice import Look, search

if TYPE_CHECKING:
    from collections.abc import Callable

    Node = tuple[int, ...]

SHAPES = st.lists(st.integers(1, 4), min_size=0, max_size=4)


class World:
    """A made-up lattice: losses that rise along every column, and rows that fail, of which a part falls going up and a part does not.

    Attributes:
        hopeless: rows that fail for a reason no node below can mend: never more going up, and as many where the loss stays.
        wild: rows that fail for another reason: as many where the loss stays, else anything.
        score: a class measure: `low`, which never falls going up, and something on top.
    """

    def __init__(self, data: st.DataObject, shape: list[int], *, monotone: bool) -> None:
        self.losses = [sorted(data.draw(st.lists(st.integers(0, 6), min_size=size, max_size=size))) for size in shape]
        self.nodes = list(itertools.product(*(range(size) for size in shape)))
        start = data.draw(st.integers(0, 20))
        self.hopeless = {node: max(0, start - self.loss(node)) for node in self.nodes}
        extra = {losses: 0 if monotone else data.draw(st.integers(0, 8)) for losses in {self.each(node) for node in self.nodes}}
        self.wild = {node: extra[self.each(node)] for node in self.nodes}
        self.low = {node: self.loss(node) for node in self.nodes}
        self.score = {node: self.loss(node) + data.draw(st.integers(0, 5)) for node in self.nodes}
        self.limit = data.draw(st.integers(0, 20))
        self.looked: list[Node] = []

    def each(self, node: Node) -> tuple[int, ...]:
        return tuple(column[level] for column, level in zip(self.losses, node, strict=True))

    def loss(self, node: Node) -> int:
        return sum(self.each(node))

    def out(self, node: Node) -> int:
        return self.hopeless[node] + self.wild[node]

    def look(self, node: Node) -> Look:
        self.looked.append(node)
        return Look(self.out(node), self.out(node) <= self.limit, self.hopeless[node] > self.limit, self.score[node], self.low[node])

    def best(self, scores: Callable[[Node], int]) -> tuple[int, int, Node] | None:
        return min(((scores(node), self.out(node), node) for node in self.nodes if self.out(node) <= self.limit), default=None)


@settings(max_examples=150, deadline=None)
@given(shape=SHAPES, data=st.data(), monotone=st.booleans())
def test_a_measure_that_adds_up(shape: list[int], data: st.DataObject, *, monotone: bool) -> None:
    world = World(data, shape, monotone=monotone)
    found, best = search(world.losses, world.look, additive=True), world.best(world.loss)
    assert found.complete
    assert found.size == len(world.nodes)
    assert found.evaluated == len(set(world.looked)) == len(world.looked)
    assert (None if found.node is None else (found.score, found.suppressed, found.node)) == best
    if best:
        assert found.bound == found.score


@settings(max_examples=150, deadline=None)
@given(shape=SHAPES, data=st.data(), monotone=st.booleans())
def test_a_measure_of_classes(shape: list[int], data: st.DataObject, *, monotone: bool) -> None:
    world = World(data, shape, monotone=monotone)
    found, best = search(world.losses, world.look, additive=False), world.best(world.score.__getitem__)
    assert found.complete
    assert len(set(world.looked)) == len(world.looked)
    assert (None if found.node is None else (found.score, found.suppressed, found.node)) == best


@settings(max_examples=150, deadline=None)
@given(shape=SHAPES, data=st.data(), monotone=st.booleans(), additive=st.booleans(), most=st.integers(1, 12), largest=st.integers(0, 30))
def test_a_search_that_is_cut_short_tells_no_lie(
    shape: list[int], data: st.DataObject, most: int, largest: int, *, monotone: bool, additive: bool
) -> None:
    world = World(data, shape, monotone=monotone)
    found = find(world.losses, world.look, additive=additive, most=most, largest=largest)
    scores = world.loss if additive else world.score.__getitem__
    best = world.best(scores)
    assert found.size == len(world.nodes)
    if found.node is not None:
        assert best is not None
        assert world.out(found.node) == found.suppressed <= world.limit
        assert found.score == scores(found.node)
        assert found.bound <= best[0] <= found.score
    if found.complete:
        assert (found.node is None) == (best is None)
        assert best is None or found.score == best[0]
    again = find(world.losses, world.look, additive=additive, most=most, largest=largest)
    assert again == found


def test_a_lattice_that_does_not_fit_in_memory() -> None:
    """Fourteen columns of five levels: six thousand million nodes; what is lost falls short of the best by at most the gap that is told."""
    losses = [[0, 2, 5, 9, 14 + axis] for axis in range(14)]

    def look(node: Node) -> Look:
        # Columns work together in pairs: a pair needs four steps, however they are divided.
        short = sum(max(0, 4 - node[at] - node[at + 1]) for at in range(0, 14, 2))
        return Look(short, short <= 3, short > 3)

    found = find(losses, look, additive=True, most=math.inf)
    assert found.size == 5**14
    assert found.node is not None
    assert look(found.node).passes
    least = 10 * 7 - (5 - 2) * 3  # two steps each, of which three may be left out
    assert found.bound <= least <= found.score <= 1.1 * least
    assert found.evaluated < 20_000
