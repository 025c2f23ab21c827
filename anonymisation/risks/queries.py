"""How far off counts are that are made from the release: the relative error of random count queries.

A query counts the rows whose values lie in a range in one or two columns. Who has only the release takes the values of a class to be spread
evenly over what its label stands for, as in K. LeFevre, D. DeWitt, R. Ramakrishnan, "Workload-aware anonymization", KDD 2006. The error is
|estimate - count| / count, with a floor under the count of a thousandth of all rows so that tiny counts do not rule (the sanity bound of
X. Xiao, G. Wang, J. Gehrke, "Differential privacy via wavelet transforms", ICDE 2010).

The same policy asks the same queries: they are drawn from its digest. Bounded: `QUERIES` queries over `PAIRS` pairs of columns at most, and
no pair of columns with more than `CELLS` combinations of values.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np

QUERIES = 200
PAIRS = 10
CELLS = 2_000_000
RANGE = 0.316
"""The share of a column's values that a range holds: the square root of a tenth, so that a query of two columns takes in a tenth."""
FLOOR = 0.001


class Shown(NamedTuple):
    """A column as the release shows it.

    Attributes:
        name: of the column.
        codes: per combination the code of its value in the source.
        shown: per combination the code of what is published of it.
        meaning: levels x values: the code that each value has on each level; codes of different levels differ.
    """

    name: str
    codes: np.ndarray
    shown: np.ndarray
    meaning: np.ndarray


@dataclass(frozen=True, slots=True)
class _Column:
    """A column with what a query needs of it: `values` in the source, `labels` in the release."""

    name: str
    codes: np.ndarray
    shown: np.ndarray
    meaning: np.ndarray
    values: int
    labels: int

    def asked(self, inside: np.ndarray) -> np.ndarray:
        """Give per label which share of the values that it stands for lies in a range (bool per value)."""
        import numpy as np

        shares = np.zeros(self.labels)
        for level in self.meaning:
            members = np.bincount(level, minlength=self.labels)
            there = members > 0
            shares[there] = np.bincount(level, weights=inside, minlength=self.labels)[there] / members[there]
        return shares


def query_error(columns: Sequence[Shown], weights: np.ndarray, kept: np.ndarray, digest: str) -> dict[str, Any]:
    """Give the error of random count queries.

    Args:
        columns: the quasi-identifiers.
        weights: the rows of each combination.
        kept: which combinations are published.
        digest: of the policy, hexadecimal.

    Returns:
        `queries` (how many), `mean`, `median` and `ninth_decile` of the relative error; nothing where there is nothing to ask.
    """
    import numpy as np

    rows = float(weights.sum())
    chance = random.Random(int(digest[:16], 16))  # noqa: S311 - which counts are asked is no secret
    prepared = sorted((_prepared(one) for one in columns), key=lambda one: one.name)
    subjects = list(_subjects(prepared, chance))
    if not rows or not subjects:
        return {}
    published = np.where(kept, weights, 0)
    errors: list[float] = []
    for number, subject in enumerate(subjects):
        asked = len(range(number, QUERIES, len(subjects)))
        counts, estimates = _answers(subject, weights, published, asked, chance)
        errors += (np.abs(estimates - counts) / np.maximum(counts, FLOOR * rows))[counts > 0].tolist()
    if not errors:
        return {}
    found = {"mean": np.mean(errors), "median": np.median(errors), "ninth_decile": np.quantile(errors, 0.9)}
    return {"queries": len(errors), **{name: round(float(error), 4) for name, error in found.items()}}


def _prepared(one: Shown) -> _Column:
    """Number what is shown without gaps."""
    import numpy as np

    known, meaning = np.unique(one.meaning, return_inverse=True)
    places = np.zeros(int(known[-1]) + 1 if len(known) else 1, dtype=np.int64)
    places[known] = np.arange(len(known))
    return _Column(one.name, one.codes, places[one.shown], meaning.reshape(one.meaning.shape), one.meaning.shape[1], len(known))


def _subjects(columns: Sequence[_Column], chance: random.Random) -> Iterator[tuple[_Column, ...]]:
    """Give the columns that are asked about: pairs, or one where there are no pairs that are small enough."""
    told = [one for one in columns if one.values > 1]
    pairs = [pair for pair in combinations(told, 2) if _small(pair)]
    if pairs:
        yield from chance.sample(pairs, min(PAIRS, len(pairs)))
    else:
        yield from ((one,) for one in told[:PAIRS])


def _small(pair: tuple[_Column, _Column]) -> bool:
    one, other = pair
    return max(one.values * other.values, one.labels * other.labels) <= CELLS


def _answers(
    subject: Sequence[_Column], weights: np.ndarray, published: np.ndarray, asked: int, chance: random.Random
) -> tuple[np.ndarray, np.ndarray]:
    """Give the true counts of some queries, and those that the release gives."""
    import numpy as np

    first, last = subject[0], subject[-1]
    alone = len(subject) == 1
    truth = _table(first.codes, first.values, weights, None if alone else (last.codes, last.values))
    shown = _table(first.shown, first.labels, published, None if alone else (last.shown, last.labels))
    ranges = [[_range(one.values, chance) for one in subject] for _ in range(asked)]
    inside = [np.array([query[at] for query in ranges], dtype=float) for at in range(len(subject))]
    spread = [np.array([one.asked(query[at]) for query in ranges]) for at, one in enumerate(subject)]
    ones = np.ones((asked, 1))
    counts = ((inside[0] @ truth) * (ones if alone else inside[1])).sum(axis=1)
    estimates = ((spread[0] @ shown) * (ones if alone else spread[1])).sum(axis=1)
    return counts, estimates


def _table(first: np.ndarray, height: int, weights: np.ndarray, other: tuple[np.ndarray, int] | None) -> np.ndarray:
    """Count rows by one code, or by two of which the second is that of the columns of the table."""
    import numpy as np

    last, width = (0, 1) if other is None else other
    return np.bincount(first.astype(np.int64) * width + last, weights=weights, minlength=height * width).reshape(height, width)


def _range(values: int, chance: random.Random) -> np.ndarray:
    """Draw values that lie beside each other in sorted order."""
    import numpy as np

    length = max(1, round(values * RANGE))
    start = chance.randint(0, values - length)
    inside = np.zeros(values, dtype=bool)
    inside[start : start + length] = True
    return inside
