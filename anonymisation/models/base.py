"""What every privacy model shares: the classes it judges, and the guarantee that several models make together.

A *class* is the rows that share their published quasi-identifiers. A model judges classes one by one (`ClassModel`), or the whole of the
rows that stay (`TableModel`). A class that fails is suppressed: its rows are left out. Where a model of the whole does not hold, the
smallest classes are left out until it does, as few as possible: the smallest gain most and cost least, so that is the optimum.

What the search may conclude from a node rests on two properties of a model of classes:

* `upward`: a class that passes still passes when it is merged with any other class. Then the rows that fail never become more when values
  are made coarser, whatever may be suppressed. Models of the whole have it too: keep what was kept, merged, and they still hold.
* `merging`: two classes that pass still pass when they are merged. Then a node that passes without suppression has only such nodes above.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np


@dataclass(frozen=True, slots=True)
class Pairs:
    """How often each value of one sensitive column occurs in each class; only what occurs, sorted by class, then value.

    Attributes:
        starts: int64, one more than there are classes: the pairs of class i stand at starts[i] up to starts[i + 1].
        values: int32 or int64, the code of the value of each pair (its position among the sorted distinct values of the column).
        counts: int64, the rows of each pair, above 0.
    """

    starts: np.ndarray
    values: np.ndarray
    counts: np.ndarray

    def per_class(self, figures: np.ndarray) -> np.ndarray:
        """Add up a figure of each pair (whole numbers or bool) per class; exact where each sum fits its type."""
        import numpy as np

        # Differences of running totals, since `reduceat` has no empty groups; where the totals of int64 wrap, the differences do not.
        kind = object if figures.dtype == object else np.int64
        totals = np.concatenate([np.zeros(1, dtype=kind), np.cumsum(figures, dtype=kind)])
        summed: np.ndarray = totals[self.starts[1:]] - totals[self.starts[:-1]]
        return summed

    def owners(self) -> np.ndarray:
        """Give the class of each pair."""
        import numpy as np

        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))


@dataclass(frozen=True, slots=True)
class ClassTable:
    """Classes to judge, in any order.

    Attributes:
        sizes: int64, the rows of each class; 0 where only the population has it.
        population: int64, the persons of the population in each class; None without a population table.
        sensitive: sensitive column → its counts per class.
        rank: a canonical order of the classes, to choose between equal sizes; None: any order will do.
    """

    sizes: np.ndarray
    population: np.ndarray | None = None
    sensitive: Mapping[str, Pairs] = field(default_factory=dict)
    rank: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.sizes)


@dataclass(frozen=True, slots=True)
class Reference:
    """A sensitive column in the whole input: what t-closeness, beta-likeness and delta-disclosure compare with.

    Attributes:
        counts: int64, the rows of each value code, over the whole input, suppressed rows included (as ARX).
        levels: per level of its hierarchy, from fine to coarse, the label code of each value code; level 0 is not among them.
    """

    column: str
    counts: np.ndarray
    levels: tuple[np.ndarray, ...] = ()

    @property
    def rows(self) -> int:
        """The rows of the whole input."""
        return int(self.counts.sum())


class ClassModel(Protocol):
    """A model that judges classes one by one."""

    @property
    def name(self) -> str:
        """What it asks, as people write it, such as ``k = 5``; no value of the data."""
        ...

    @property
    def key(self) -> str:
        """The key under `privacy.model`."""
        ...

    @property
    def column(self) -> str | None:
        """The sensitive column that it looks at; None: it looks at sizes only."""
        ...

    @property
    def upward(self) -> bool:
        """Whether a class that passes still passes when it is merged with any other."""
        ...

    @property
    def merging(self) -> bool:
        """Whether two classes that pass still pass when they are merged."""
        ...

    def failing(self, classes: ClassTable) -> np.ndarray:
        """Say of each class whether it fails (bool)."""
        ...


class TableModel(Protocol):
    """A model of the rows that stay, as a whole; it looks at the sizes of classes only."""

    @property
    def name(self) -> str:
        """What it asks, as people write it."""
        ...

    @property
    def key(self) -> str:
        """The key under `privacy.model`."""
        ...

    def excess(self, sizes: np.ndarray) -> int:
        """Give how many of the smallest classes must go before it holds; `sizes` are those that stay so far, ascending."""
        ...


@dataclass(frozen=True)
class Guarantee:
    """Several models at once: a class passes when it passes all of them.

    Attributes:
        classwise: the models that judge classes.
        overall: the models of the whole.
        complete: whether every class of the population must stay: a lower bound of delta-presence above 0.
    """

    classwise: tuple[ClassModel, ...] = ()
    overall: tuple[TableModel, ...] = ()
    complete: bool = False

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The sensitive columns that it looks at, sorted."""
        return tuple(sorted({one.column for one in self.classwise if one.column is not None}))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What it asks, model by model."""
        return tuple([one.name for one in self.classwise] + [one.name for one in self.overall])

    @cached_property
    def upward(self) -> Guarantee:
        """The part of which the rows that fail never become more when values are made coarser."""
        return Guarantee(tuple(one for one in self.classwise if one.upward), self.overall)

    @cached_property
    def plain(self) -> Guarantee:
        """The part of `upward` that needs no sensitive column: the cheapest to judge."""
        return Guarantee(tuple(one for one in self.upward.classwise if one.column is None), self.overall)

    def monotone(self, limit: int) -> bool:
        """Say whether a node that fails has only failing nodes below it, when at most `limit` rows may be suppressed."""
        if all(one.upward for one in self.classwise) and not self.complete:
            return True
        return (limit == 0 or self.complete) and all(one.merging for one in self.classwise)

    def failing(self, classes: ClassTable) -> np.ndarray:
        """Say of each class whether it fails by itself (bool); the models of the whole are not asked."""
        import numpy as np

        failed = np.zeros(len(classes), dtype=bool)
        for one in self.classwise:
            failed |= one.failing(classes)
        return failed

    def keeps(self, classes: ClassTable) -> np.ndarray:
        """Say of each class whether its rows are published (bool), the models of the whole included."""
        import numpy as np

        kept = ~self.failing(classes) & (classes.sizes > 0)
        if self.overall:
            order = _smallest_first(classes, np.flatnonzero(kept))
            kept[order[: self._excess(classes.sizes[order])]] = False
        if self.complete and classes.population is not None and (~kept & (classes.population > 0)).any():
            kept[:] = False
        return kept

    def suppressed(self, classes: ClassTable) -> int:
        """Give how many rows are left out."""
        return int(classes.sizes[~self.keeps(classes)].sum())

    def _excess(self, sizes: np.ndarray) -> int:
        """Give how many of the smallest classes must go; one that goes never makes room for another to come back."""
        return max((one.excess(sizes) for one in self.overall), default=0)


def _smallest_first(classes: ClassTable, chosen: np.ndarray) -> np.ndarray:
    """Give positions of classes by size, equal sizes in canonical order."""
    import numpy as np

    if classes.rank is None:
        return chosen[np.argsort(classes.sizes[chosen], kind="stable")]
    return chosen[np.lexsort((classes.rank[chosen], classes.sizes[chosen]))]


def class_table(
    classes: np.ndarray,
    count: int,
    weights: np.ndarray,
    sensitive: Mapping[str, np.ndarray],
    *,
    population: np.ndarray | None = None,
    rank: np.ndarray | None = None,
) -> ClassTable:
    """Count classes of any make: full-domain, local, or what a released file shows.

    Args:
        classes: int64, the class of each combination, 0 to `count` - 1.
        count: the number of classes.
        weights: int64, the rows that each combination stands for; 0 where only the population has it.
        sensitive: sensitive column → the code of its value in each combination.
        population: int64, the persons of the population in each combination.
        rank: see `ClassTable`.
    """
    found = {name: pairs_of(classes, count, codes, weights) for name, codes in sensitive.items()}
    return ClassTable(summed(classes, weights, count), None if population is None else summed(classes, population, count), found, rank)


def pairs_of(classes: np.ndarray, count: int, codes: np.ndarray, weights: np.ndarray) -> Pairs:
    """Count the values of one sensitive column per class; `classes` are 0 to `count` - 1, combinations without rows do not count."""
    import numpy as np

    from anonymisation.keys import totals_of

    width = int(codes.max(initial=0)) + 1
    pairs, counts = totals_of(classes.astype(np.int64) * width + codes, count * width, weights)
    owners, values = np.divmod(pairs, width)
    return Pairs(np.searchsorted(owners, np.arange(count + 1)), values, counts)


def summed(places: np.ndarray, weights: np.ndarray, count: int) -> np.ndarray:
    """Add up weights per place, as whole numbers; float64 adds exactly up to 2**53 rows."""
    import numpy as np

    return np.bincount(places, weights=weights, minlength=count).astype(np.int64)


def floors(numbers: np.ndarray, factor: Fraction, less: int = 0) -> np.ndarray:
    """Give floor((number x factor's numerator - `less`) / its denominator) of whole numbers (int64), exactly, however large the product.

    With `less` = 1, ``x <= floors(n, f, 1)`` says that x is strictly below n x f. Few distinct numbers occur (they are sizes of classes),
    so Python's own whole numbers do the work.
    """
    import numpy as np

    top, bottom = factor.as_integer_ratio()
    distinct, places = np.unique(numbers, return_inverse=True)
    found = [min((number * top - less) // bottom, LARGEST) for number in distinct.tolist()]
    return np.array(found, dtype=np.int64)[places]


def exceeds(figures: np.ndarray, numbers: np.ndarray, factor: Fraction) -> np.ndarray:
    """Say where a figure is larger than number x factor, exactly; figures are int64, or Python's whole numbers where those are larger."""
    import numpy as np

    if figures.dtype != object:
        larger: np.ndarray = figures > floors(numbers, factor)
        return larger
    return np.array([figure > number * factor for figure, number in zip(figures.tolist(), numbers.tolist(), strict=True)], dtype=bool)


def whole(largest: int) -> type:
    """Give the type for exact sums up to `largest`: int64 where that holds them, else Python's own whole numbers (slow)."""
    import numpy as np

    return np.int64 if largest <= LARGEST else object


def exactly(number: float) -> Fraction:
    """Give the number as it was typed: 0.1 is one tenth."""
    return Fraction(repr(number))


def typed(number: float) -> str:
    """Write a number as a person types it: 2, not 2.0."""
    return str(int(number)) if float(number).is_integer() else repr(number)


LARGEST = 2**63 - 1
