"""Figures of risk out of the sizes of classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from anonymisation.report import Risk


def risk(sizes: np.ndarray, k: int) -> Risk:
    """Give the risk of singling out records, from the size of each class (sizes above 0)."""
    rows, classes = int(sizes.sum()), len(sizes)
    smallest = int(sizes.min()) if classes else None
    return {
        "rows": rows,
        "classes": classes,
        "k": smallest,
        "uniques": int((sizes == 1).sum()),
        "prosecutor_max": round(1 / smallest, 6) if smallest else 0.0,
        "prosecutor_avg": round(classes / rows, 6) if rows else 0.0,
        "at_risk": round(int(sizes[sizes < k].sum()) / rows, 6) if rows else 0.0,
    }
