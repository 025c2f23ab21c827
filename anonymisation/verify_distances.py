"""How far the sensitive values of a class are from those of the whole source, written out from the papers for the proof.

t-closeness: N. Li, T. Li, S. Venkatasubramanian, ICDE 2007; beta-likeness: J. Cao, P. Karras, PVLDB 5(11), 2012; delta-disclosure:
J. Brickell, V. Shmatikov, KDD 2008.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def equal(values: Counter[Any], whole: Counter[Any]) -> Fraction:
    """Give half the sum of the differences of the shares (§4.2); only the values of the class need looking at: the rest is missing mass."""
    rows, total = sum(values.values()), sum(whole.values())
    # What is gained somewhere is lost elsewhere, so what is gained is half of all differences.
    gains = (Fraction(count, rows) - Fraction(whole[value], total) for value, count in values.items())
    return sum((gain for gain in gains if gain > 0), Fraction(0))


def ordered(classes: Sequence[Counter[Any]], whole: Counter[Any], order: Sequence[str]) -> list[Fraction]:
    """Give, for each class, the mean of |the running totals of the differences| over the steps between ranks (§4.1)."""
    import numpy as np

    ranked = _ranked(whole, order)
    steps = len(ranked) - 1
    if steps < 1:
        return [Fraction(0)] * len(classes)
    total = sum(whole.values())
    place = {value: rank for rank, value in enumerate(ranked)}
    found = []
    for values in classes:
        rows = sum(values.values())
        kind = np.int64 if rows * total * len(ranked) < 2**62 else object
        moved = np.array([-whole[value] * rows for value in ranked], dtype=kind)
        for value, count in values.items():
            moved[place[value]] += count * total
        found.append(Fraction(int(np.abs(np.cumsum(moved)[:-1]).sum()), rows * total * steps))
    return found


def _ranked(whole: Counter[Any], order: Sequence[str]) -> list[Any]:
    """Give the values from low to high, a missing one last."""
    if order:
        places = {word: place for place, word in enumerate(order)}
        return sorted(whole, key=lambda value: (value is None, places.get(str(value), len(places)), str(value)))
    known = sorted(value for value in whole if value is not None)
    return [*known, *([None] if None in whole else [])]


def hierarchical(values: Counter[Any], whole: Counter[Any], labels: Mapping[Any, tuple[Any, ...]]) -> Fraction:
    """Give the cost of moving mass in the tree: what the children of each inner node exchange, times its height over the tree's (§4.2).

    `labels` gives of each value its labels from fine to coarse; where the coarsest are several they meet in a root above.
    """
    rows, total = sum(values.values()), sum(whole.values())
    extra = {(value,): Fraction(values[value], rows) - Fraction(whole[value], total) for value in whole}
    paths = {(value,): (*labels[value], None) if _several(whole, labels) else labels[value] for value in whole}
    tree = len(next(iter(paths.values()), ()))
    cost = Fraction(0)
    for height in range(1, tree + 1):
        parents: dict[tuple[Any, ...], list[tuple[Any, ...]]] = defaultdict(list)
        for child, path in paths.items():
            parents[path[height - 1 :]].append(child)
        given = {parent: sum((max(extra[child], Fraction(0)) for child in children), Fraction(0)) for parent, children in parents.items()}
        taken = {parent: sum((max(-extra[child], Fraction(0)) for child in children), Fraction(0)) for parent, children in parents.items()}
        cost += sum((min(given[parent], taken[parent]) for parent in parents), Fraction(0)) * Fraction(height, tree)
        extra = {parent: given[parent] - taken[parent] for parent in parents}
        paths = {parent: paths[children[0]] for parent, children in parents.items()}
    return cost


def _several(whole: Counter[Any], labels: Mapping[Any, tuple[Any, ...]]) -> bool:
    """Whether the coarsest labels are several, or there are none."""
    return not all(labels[value] for value in whole) or len({labels[value][-1] for value in whole}) > 1


def basic_gain(values: Counter[Any], whole: Counter[Any]) -> Iterator[tuple[Fraction, float]]:
    """Yield, for each value of a class that became more frequent, by how much relative to its share in the source; and that share."""
    rows, total = sum(values.values()), sum(whole.values())
    for value, count in values.items():
        share = Fraction(whole[value], total)
        gain = (Fraction(count, rows) - share) / share
        if gain > 0:
            yield gain, float(share)


def change(values: Counter[Any], whole: Counter[Any]) -> float:
    """Give the greatest |log2 of the share in the class over that in the source| of a value of the class."""
    rows, total = sum(values.values()), sum(whole.values())
    return max(abs(math.log2(Fraction(count * total, rows * whole[value]))) for value, count in values.items())
