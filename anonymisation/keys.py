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


def first_of_each(keys: np.ndarray, size: int, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the position of one row of each key, and the weights of equal keys added up.

    Args:
        keys: whole numbers from 0 to `size` - 1.
        size: the number of keys there could be.
        weights: of each row, above 0.
    """
    import numpy as np

    if size > ROOMY * len(keys) + 65_536:
        keys, size = dense(keys)
    # bincount adds in float64, which is exact up to 2**53 rows.
    totals = np.bincount(keys, weights=weights, minlength=size)
    place = np.empty(size, dtype=np.int64)
    place[keys] = np.arange(len(keys))
    present = np.flatnonzero(totals)
    return place[present], totals[present].astype(np.int64)


def dense(keys: np.ndarray) -> tuple[np.ndarray, int]:
    """Number the distinct keys in order of appearance, and count them (a hash table: three times as fast as sorting)."""
    import pandas as pd

    codes, distinct = pd.factorize(keys)
    return codes, len(distinct)
