"""Combinations of small codes as one whole number: mixed radix, with a table in between where 63 bits are not enough."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

LARGEST = 2**62
ROOMY = 4
"""A table with a place for every possible key is used up to this many places a row; beyond it the keys are numbered first."""


@dataclass(slots=True)
class KeySpace:
    """Keys of combinations of codes; equal combinations have equal keys, and only those.

    Attributes:
        sizes: per column the number of codes; a code lies in 0 … size - 1.
        size: the number of keys there could be, known after `fit`.
    """

    sizes: Sequence[int]
    size: int = 1
    _tables: dict[int, np.ndarray] = field(default_factory=dict)

    def fit(self, codes: Sequence[np.ndarray], rows: int) -> np.ndarray:
        """Give the key of each row (int64); the combinations seen here are those that `apply` knows."""
        import numpy as np

        keys, size = np.zeros(rows, dtype=np.int64), 1
        self._tables = {}
        for position, (column, width) in enumerate(zip(codes, self.sizes, strict=True)):
            if size > LARGEST // max(width, 1):
                self._tables[position], keys = np.unique(keys, return_inverse=True)
                size = len(self._tables[position])
            keys = keys * width + column if position else column.astype(np.int64)
            size *= width
        self.size = size
        return keys

    def apply(self, codes: Sequence[np.ndarray], rows: int) -> np.ndarray:
        """Give the keys of other rows, all of which are combinations that `fit` saw."""
        import numpy as np

        keys = np.zeros(rows, dtype=np.int64)
        for position, (column, width) in enumerate(zip(codes, self.sizes, strict=True)):
            if position in self._tables:
                keys = np.searchsorted(self._tables[position], keys)
            keys = keys * width + column if position else column.astype(np.int64)
        return keys


def needs_numbers(size: int, rows: int) -> bool:
    """Say whether keys are so many more than rows that they must be numbered before they are counted."""
    return size > ROOMY * rows + 65_536


def first_of_each(keys: np.ndarray, size: int, weights: Sequence[np.ndarray]) -> tuple[np.ndarray, list[np.ndarray]]:
    """Give the position of one row of each key, and the weights of equal keys added up.

    Args:
        keys: whole numbers from 0 to `size` - 1.
        size: the number of keys there could be.
        weights: one or more arrays of whole numbers, each with a weight of every row, in one of them above 0.
    """
    present, found, numbered = totals(keys, size, weights)
    return one_of_each(numbered, present), found


def totals(keys: np.ndarray, size: int, weights: Sequence[np.ndarray]) -> tuple[np.ndarray, list[np.ndarray], np.ndarray]:
    """Add up the weights of equal keys; arguments as `first_of_each` has them.

    Returns:
        the keys that any row has, ascending, the totals of each, and the keys of the rows: numbered anew where there could be too many.
    """
    import numpy as np

    if needs_numbers(size, len(keys)):
        keys, size = dense(keys)
    # bincount adds in float64, which is exact up to 2**53 rows.
    found = [np.bincount(keys, weights=one, minlength=size) for one in weights]
    present = np.flatnonzero(found[0] if len(found) == 1 else np.logical_or.reduce(found))
    return present, [one[present].astype(np.int64) for one in found], keys


def one_of_each(keys: np.ndarray, present: np.ndarray) -> np.ndarray:
    """Give the position of one row of each key; `present` are the keys that there are, ascending."""
    import numpy as np

    place = np.empty(int(present[-1]) + 1 if len(present) else 0, dtype=np.int64)
    place[keys] = np.arange(len(keys))
    found: np.ndarray = place[present]
    return found


def totals_of(keys: np.ndarray, size: int, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the keys with any weight, ascending, and the total of each; exact up to 2**53.

    Args:
        keys: whole numbers from 0 to `size` - 1.
        size: the number of keys there could be.
        weights: of each row, 0 or more.
    """
    import numpy as np
    import pandas as pd

    distinct = None
    if needs_numbers(size, len(keys)):
        keys, distinct = pd.factorize(keys, sort=True)
        size = len(distinct)
    totals = np.bincount(keys, weights=weights, minlength=size)
    present = np.flatnonzero(totals)
    return (present if distinct is None else distinct[present]), totals[present].astype(np.int64)


def dense(keys: np.ndarray) -> tuple[np.ndarray, int]:
    """Number the distinct keys in order of appearance, and count them (a hash table: three times as fast as sorting)."""
    import pandas as pd

    codes, distinct = pd.factorize(keys)
    return codes, len(distinct)
