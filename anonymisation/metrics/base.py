"""What every measure shares: scores are whole numbers, so that sums are exact and equal losses are equal, whatever the order.

An *additive* measure adds up a loss per column and level, over all rows of the input: the scores of all nodes are one broadcast sum, and
coarser values never lose less. A *class* measure looks at the classes of a node and at what is suppressed there, so every node has to be
looked at; its `bound` never falls when values are made coarser, and no node at or above has a lower score.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from anonymisation.models.base import ClassTable
    from anonymisation.tuples import Coded, Tuples


class AdditiveMetric(Protocol):
    """A loss per column and level; suppressed rows count at the levels of their node, as in ARX."""

    def losses(self, coded: Coded) -> list[int]:
        """Give the loss of a column at each of its levels, never falling, and rising where values fall together."""
        ...

    def value(self, score: int) -> float:
        """Give a score (a sum over columns) as the report shows it."""
        ...


class ClassMetric(Protocol):
    """A loss of the classes of a node."""

    def score(self, classes: ClassTable, kept: np.ndarray) -> int:
        """Give the score of a node; `kept` says which classes are published."""
        ...

    def bound(self, classes: ClassTable) -> int:
        """Give what no node at or above this one scores below."""
        ...

    def value(self, score: int) -> float:
        """Give a score as the report shows it."""
        ...


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure, opened.

    Attributes:
        additive: the measure itself, or for a class measure non-uniform entropy: it says in which order nodes are tried.
        classwise: a class measure; None: `additive` is the measure.
    """

    additive: AdditiveMetric
    classwise: ClassMetric | None = None

    def value(self, score: int) -> float:
        """Give a score as the report shows it."""
        return (self.classwise or self.additive).value(score)


def open_metric(name: str, tuples: Tuples) -> Measure:
    """Open a measure of these combinations by the name that `privacy.model.metric` has."""
    from anonymisation.metrics.average_class_size import AverageClassSize
    from anonymisation.metrics.discernibility import Discernibility
    from anonymisation.metrics.entropy import Entropy
    from anonymisation.metrics.loss import Loss
    from anonymisation.metrics.precision import Precision

    additive: dict[str, Callable[[Tuples], AdditiveMetric]] = {"entropy": Entropy, "loss": Loss, "precision": Precision}
    if name in additive:
        return Measure(additive[name](tuples))
    classwise: dict[str, Callable[[Tuples], ClassMetric]] = {"discernibility": Discernibility, "average-class-size": AverageClassSize}
    return Measure(Entropy(tuples), classwise[name](tuples))
