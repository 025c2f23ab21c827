"""SUDA2: which columns, and how few of them, are enough to make a row unique.

A minimal sample unique (MSU) of a row is a set of columns on which it is alone, while on no smaller part of that set it is. M. Elliot,
A. Manning, R. Ford, "A computational algorithm for handling the special uniques problem", International Journal of Uncertainty, Fuzziness
and Knowledge-Based Systems 10(5), 2002; A. Manning, D. Haglin, J. Keane, "A recursive search algorithm for statistical disclosure
assessment", Data Mining and Knowledge Discovery 16, 2008. An MSU of k of ATT columns, looked for up to M columns, scores the product of
ATT - i for i from k to M: the fewer columns, the more a row stands out. (The factor 0 of M = ATT is left out.)

Sets are tried by size, all of one size or none, until that would cost too much: the largest size that was tried is in the result. Nothing
is sampled: what is said of the sizes that were tried is exact.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

from anonymisation.keys import LARGEST, dense, needs_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np

    from anonymisation.tuples import Tuples

BUDGET = 60_000_000
"""Cells that may be looked at: combinations x the columns of every set. Single columns always are."""

Set = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Records:
    """Rows with equal quasi-identifiers taken together, or nearly so: equal ones may occur more than once.

    Attributes:
        names: of the columns.
        codes: per column the code of each, 0 up to `widths`.
        widths: how many codes each column has.
        weights: int64, the rows of each, above 0.
    """

    names: tuple[str, ...]
    codes: Sequence[np.ndarray]
    widths: Sequence[int]
    weights: np.ndarray

    def alone(self, columns: Set) -> np.ndarray:
        """Give the places of the rows that are alone on some columns, ascending."""
        import numpy as np

        keys, size = np.zeros(len(self.weights), dtype=np.int64), 1
        for column in columns:
            if size > LARGEST // max(self.widths[column], 1):
                keys, size = dense(keys)
            keys = keys * self.widths[column] + self.codes[column]
            size *= self.widths[column]
        if needs_numbers(size, len(keys)):
            keys, size = dense(keys)
        found: np.ndarray = np.flatnonzero(np.bincount(keys, weights=self.weights, minlength=size)[keys] == 1)
        return found


@dataclass(slots=True)
class Uniques:
    """What was found.

    Attributes:
        columns: how many columns there are; `names` of them.
        size: up to how many columns a set was tried.
        sizes: size of MSU → how many there are.
        scores: the score of each row that has an MSU, in no particular order.
        weights: per column the scores of the MSUs that it is in, added up.
    """

    names: tuple[str, ...]
    size: int
    sizes: Counter[int] = field(default_factory=Counter)
    scores: list[int] = field(default_factory=list)
    weights: Counter[str] = field(default_factory=Counter)

    def told(self, uniques: int, pairs: int, fraction: float | None) -> dict[str, Any]:
        """Give what the report says.

        Args:
            uniques: how many classes have one row.
            pairs: how many classes have two.
            fraction: rows / persons of the population; None where that is not known, and then there is no DIS.
        """
        total = sum(size_score * times for size_score, times in self._scored())
        contribution = {name: round(self.weights[name] / total, 6) if total else 0.0 for name in self.names}
        found: dict[str, Any] = {
            "largest_set": self.size,
            "complete": self.size == len(self.names),
            "sets": {str(size): self.sizes[size] for size in range(1, self.size + 1)},
            "contribution": contribution,
        }
        if fraction is not None:
            found |= self._intrusion(uniques, pairs, fraction)
        return {"suda_uniques": len(self.scores), "suda": found}

    def _scored(self) -> list[tuple[int, int]]:
        return [(score(size, len(self.names), self.size), times) for size, times in self.sizes.items()]

    def _intrusion(self, uniques: int, pairs: int, fraction: float) -> dict[str, float]:
        """Give the chance that a unique match is right, and that of the row that stands out most.

        Data intrusion simulation: C. Skinner, M. Elliot, "A measure of disclosure risk for microdata", Journal of the Royal Statistical
        Society B 64(4), 2002: pi n1 / (pi n1 + 2 (1 - pi) n2). A row has it in proportion to its score, at most 1.
        """
        if not uniques:
            return {"dis": 0.0, "dis_max": 0.0}
        right = fraction * uniques / (fraction * uniques + 2 * (1 - fraction) * pairs)
        most = right * max(self.scores) * len(self.scores) / sum(self.scores) if self.scores else right
        return {"dis": round(right, 6), "dis_max": round(min(most, 1.0), 6)}


def score(size: int, columns: int, largest: int) -> int:
    """Give the score of an MSU of `size` columns, out of `columns`, when sets of up to `largest` are looked for."""
    return math.prod(columns - at for at in range(size, min(largest, columns - 1) + 1))


def suda2(records: Records, budget: int = BUDGET) -> Uniques:
    """Look for the minimal sample uniques, set by set."""
    import numpy as np

    columns, rows = len(records.names), len(records.weights)
    largest = affordable(columns, rows, budget)
    found = Uniques(records.names, largest)
    gained = np.zeros(rows, dtype=object if score(1, columns, largest) > 2**40 else np.int64)
    below: dict[Set, np.ndarray] = {}
    for size in range(1, largest + 1):
        above = {}
        for chosen in combinations(range(columns), size):
            parts = [below[part] for part in combinations(chosen, size - 1) if part in below]
            everybody = next((part for part in parts if len(part) == rows), None)
            above[chosen] = alone = records.alone(chosen) if everybody is None else everybody
            minimal = alone[~_covered(rows, parts)[alone]]
            worth = score(size, columns, largest)
            found.sizes[size] += len(minimal)
            gained[minimal] += worth
            for column in chosen:
                found.weights[records.names[column]] += worth * len(minimal)
        below = above
    found.scores = gained[gained > 0].tolist()
    return found


def affordable(columns: int, rows: int, budget: int) -> int:
    """Give up to which size all sets of columns can be tried."""
    largest, cells = 0, 0
    while largest < columns:
        cells += (largest + 1) * math.comb(columns, largest + 1) * rows
        if largest and cells > budget:
            break
        largest += 1
    return largest


def _covered(rows: int, parts: Sequence[np.ndarray]) -> np.ndarray:
    """Say which rows are alone on a smaller set already."""
    import numpy as np

    covered = np.zeros(rows, dtype=bool)
    for part in parts:
        covered[part] = True
    return covered


def of_tuples(tuples: Tuples) -> Records:
    """Take the rows as they stand in the source; what only the population has is left out."""
    there = tuples.weights > 0
    whole = bool(there.all())
    codes = [one.codes if whole else one.codes[there] for one in tuples.columns]
    names = tuple(one.name for one in tuples.columns)
    return Records(names, codes, [len(one.values) for one in tuples.columns], tuples.weights if whole else tuples.weights[there])


def of_file(path: Path, quasi: Sequence[str]) -> Records:
    """Take the rows of a written file."""
    import numpy as np
    import pyarrow.parquet as pq

    counted = pq.read_table(path, columns=list(quasi)).group_by(list(quasi)).aggregate([([], "count_all")])
    coded = [counted.column(name).combine_chunks().dictionary_encode("encode") for name in quasi]
    codes = [one.indices.to_numpy().astype(np.int64) for one in coded]
    return Records(tuple(quasi), codes, [len(one.dictionary) for one in coded], counted.column("count_all").to_numpy().astype(np.int64))
