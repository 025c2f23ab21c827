"""Non-uniform entropy, the measure of ARX: how many bits the values lose when they are made coarser.

A row with value v that becomes g(v) loses log2(n[g(v)] / n[v]) bits, with n counted over the whole input; a column loses the sum over all
rows. It is additive over columns, so the loss of every node of a lattice is one broadcast sum. Suppressed rows count at the levels of their
node, as in ARX (`MetricMDNUEntropyPrecomputed`, arx-deidentifier).

Losses are whole numbers of `UNIT` bits: sums are then exact, in whatever order rows and columns come, and equal losses are equal.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from anonymisation.tuples import Coded, Tuples

UNITS_PER_BIT = 1_000_000


def column_losses(coded: Coded, weights: np.ndarray) -> list[int]:
    """Give the loss of a column at each of its levels, in millionths of a bit."""
    import numpy as np

    counts = np.bincount(coded.codes, weights=weights, minlength=len(coded.values))
    return [_loss(counts, np.bincount(level.codes, weights=counts)[level.codes]) for level in coded.levels]


def _loss(counts: np.ndarray, groups: np.ndarray) -> int:
    """Add up n log2(group / n); `fsum` rounds once, so the order of the values does not matter."""
    import numpy as np

    present = counts > 0
    bits = counts[present] * np.log2(groups[present] / counts[present])
    return round(math.fsum(bits.tolist()) * UNITS_PER_BIT)


def information_loss(tuples: Tuples, levels: tuple[int, ...], kept: np.ndarray) -> tuple[float, list[float]]:
    """Give the share of the information that is lost, 0 to 1, overall and per column.

    A column loses the bits its kept rows lose, as a share of the bits they have (what they would lose if all values were one; a column
    with one value has none to lose). Overall: the mean over the columns for a row that is kept, 1 for a suppressed row.

    Args:
        tuples: all combinations.
        levels: the level of each column.
        kept: which combinations are published.
    """
    import numpy as np

    shares = []
    for coded, level in zip(tuples.columns, levels, strict=True):
        counts = np.bincount(coded.codes, weights=tuples.weights, minlength=len(coded.values))
        groups = np.bincount(coded.levels[level].codes, weights=counts)[coded.levels[level].codes]
        left = np.bincount(coded.codes[kept], weights=tuples.weights[kept], minlength=len(coded.values))
        present = left > 0
        lost = math.fsum((left[present] * np.log2(groups[present] / counts[present])).tolist())
        had = math.fsum((left[present] * np.log2(tuples.rows / counts[present])).tolist())
        shares.append(round(min(lost / had, 1.0), 6) if had else 0.0)
    kept_rows = int(tuples.weights[kept].sum())
    mean = math.fsum(shares) / len(shares) if shares else 0.0
    overall = (tuples.rows - kept_rows + kept_rows * mean) / tuples.rows if tuples.rows else 0.0
    return round(overall, 6), shares
