"""Looks at the nodes of a lattice: does the guarantee hold there, and what is lost?

It looks at sizes first, and at sensitive values only where sizes do not settle the node already.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anonymisation.lattice import Look

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anonymisation.classes import Classes
    from anonymisation.lattice import Node
    from anonymisation.metrics.base import ClassMetric
    from anonymisation.models.base import ClassTable, Guarantee


@dataclass(frozen=True, slots=True)
class Judge:
    """Looks at nodes.

    Attributes:
        classes: counts the classes of a node.
        guarantee: what must hold.
        limit: rows that may be suppressed.
        lowest: per column the level that is 0 in the lattice.
        metric: the measure of the classes; None: the score of a node is known without looking.
    """

    classes: Classes
    guarantee: Guarantee
    limit: int
    lowest: Sequence[int]
    metric: ClassMetric | None = None

    def look(self, node: Node) -> Look:
        """Look at a node of the lattice."""
        levels = self.levels(node)
        if self.metric is None and (merged := self.classes.merged(levels)) is not None:
            least = self.guarantee.plain.suppressed(merged)
            if least > self.limit:
                return Look(least, passes=False, hopeless=True)
        table = self.classes.plain(levels)
        bound = self.metric.bound(table) if self.metric else 0
        least = self.guarantee.plain.suppressed(table)
        if least > self.limit:
            return Look(least, passes=False, hopeless=True, bound=bound)
        if self.guarantee.columns:
            table = self.classes.full(levels)
            least = self.guarantee.upward.suppressed(table)
            if least > self.limit:
                return Look(least, passes=False, hopeless=True, bound=bound)
        return self._look(table, bound)

    def levels(self, node: Node) -> Node:
        """Give the levels of the columns at a node of the lattice."""
        return tuple(level + low for level, low in zip(node, self.lowest, strict=True))

    def _look(self, table: ClassTable, bound: int) -> Look:
        """Look at everything."""
        kept = self.guarantee.keeps(table)
        suppressed = int(table.sizes[~kept].sum())
        passes = suppressed <= self.limit
        score = self.metric.score(table, kept) if self.metric else 0
        return Look(suppressed, passes, not passes and self.guarantee.monotone(self.limit), score, bound)
