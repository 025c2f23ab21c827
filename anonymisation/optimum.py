"""The search for micro-data put together: what is asked, what is measured, what was found, and why nothing was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from anonymisation.bounded import find
from anonymisation.classes import Classes
from anonymisation.judge import Judge
from anonymisation.metrics.base import open_metric
from anonymisation.models.base import Guarantee
from config.errors import Message, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from anonymisation.lattice import Optimum
    from anonymisation.tuples import Tuples
    from config.errors import Problem

MOST_WORK = 200_000_000_000
"""Combinations that may be looked at, node by node: about half an hour at the bottom of a lattice, far more nodes above it."""

UNMET = Message(
    "anonymise.unmet",
    nl="{model} wordt niet gehaald: ook op de grofste stappen zitten {suppressed} van de {rows} rijen in een groep die niet voldoet, "
    "en er mogen er {limit} weg. Geef een grovere stap ({columns}), laat een kolom weg, of verhoog suppression_limit.",
    en="{model} is not met: even on the coarsest steps {suppressed} of the {rows} rows are in a group that does not comply, "
    "and {limit} may be left out. Give a coarser step ({columns}), drop a column, or raise suppression_limit.",
)
TOO_MUCH = Message(
    "anonymise.too-much",
    nl="Na {nodes} van de {size} mogelijkheden is er nog geen gevonden die voldoet ({models}), en meer is te veel om te bekijken. "
    "Laat stappen of kolommen weg ({columns}).",
    en="After {nodes} of the {size} possibilities none was found that complies ({models}), and more is too many to look at. "
    "Leave out steps or columns ({columns}).",
)


class Search:
    """A search under way.

    Attributes:
        tuples: the combinations.
        guarantee: what must hold.
        metric: what is made least.
        limit: rows that may be suppressed.
        classes: the classes at every node.
        columns: the names of the quasi-identifiers, for people.
        lowest: per column the lowest level that may be published.
    """

    def __init__(self, tuples: Tuples, guarantee: Guarantee, metric: str, limit: int, lowest: Sequence[int]) -> None:
        self.tuples = tuples
        self.guarantee = guarantee
        self.limit = limit
        self.metric = open_metric(metric, tuples)
        self.classes = Classes(tuples)
        self.columns = ", ".join(one.name for one in tuples.columns) or "-"
        self.lowest = lowest

    def run(self) -> Optimum:
        """Find the best node; levels below `lowest` are not in the lattice."""
        losses = [self.metric.additive.losses(one)[low:] for one, low in zip(self.tuples.columns, self.lowest, strict=True)]
        classwise = self.metric.classwise
        judge = Judge(self.classes, self.guarantee, self.limit, self.lowest, classwise)
        found = find(losses, judge.look, additive=classwise is None, most=MOST_WORK // max(len(self.tuples), 1))
        return found if found.node is None else replace(found, node=judge.levels(found.node))

    def gap(self, found: Optimum) -> float:
        """Give how much better the best node can be at most, as a share of the score that was found."""
        score, least = self.metric.value(found.score), self.metric.value(found.bound)
        return round((score - least) / score, 6) if score else 0.0

    def unmet(self, found: Optimum) -> tuple[Problem, ...]:
        """Say why no node was found: every model that fails at the top by itself, else all of them."""
        place = Place(path="privacy.model")
        if not found.complete:
            models = ", ".join(self.guarantee.names)
            return (TOO_MUCH.at(place, nodes=found.evaluated, size=found.size, models=models, columns=self.columns),)
        alone = tuple(
            UNMET.at(Place(path=f"privacy.model.{key}"), model=name, suppressed=rows, **self._rest())
            for key, name, rows in self._at_the_top()
            if rows > self.limit
        )
        together = ", ".join(self.guarantee.names)
        return alone or (UNMET.at(place, model=together, suppressed=found.suppressed, **self._rest()),)

    def _at_the_top(self) -> Iterator[tuple[str, str, int]]:
        """Yield of each model its key, its name, and the rows that it would leave out at the coarsest steps."""
        table = self.classes.full(tuple(len(one.levels) - 1 for one in self.tuples.columns))
        for one in self.guarantee.classwise:
            yield one.key, one.name, Guarantee(classwise=(one,)).suppressed(table)
        for whole in self.guarantee.overall:
            yield whole.key, whole.name, Guarantee(overall=(whole,)).suppressed(table)

    def _rest(self) -> dict[str, str | float]:
        return {"rows": self.tuples.rows, "limit": self.limit, "columns": self.columns}
