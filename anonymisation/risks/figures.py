"""Figures of risk out of the sizes of classes: of the prosecutor, the journalist and the marketer.

K. El Emam, "Guide to the De-Identification of Personal Health Information", 2013, ch. 16. The prosecutor knows that somebody is in the
data; the journalist wants to point out anybody, and looks a row up among the persons of the population; the marketer wants to match as
many rows as possible. A class has f rows and F persons of the population.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from anonymisation.risks.individual import expected_inverse
from anonymisation.risks.uniqueness import population_uniqueness

if TYPE_CHECKING:
    import numpy as np

    from anonymisation.report import Risk


def risk(sizes: np.ndarray, k: int, *, rows: int = 0, size: int = 0) -> Risk:
    """Give the risk of pointing out records.

    Args:
        sizes: the rows of each class, above 0; in any order.
        k: the class that is large enough.
        rows: what was drawn from the population: the rows of the whole source, suppressed ones too.
        size: the persons of the population; 0 where that is not known, and then nothing is said of the journalist.
    """
    import numpy as np

    lengths, times = np.unique(sizes, return_counts=True)
    counts = dict(zip(lengths.tolist(), times.tolist(), strict=True))
    total, classes = int(sizes.sum()), len(sizes)
    smallest = min(counts, default=None)
    told: Risk = {
        "rows": total,
        "classes": classes,
        "k": smallest,
        "uniques": counts.get(1, 0),
        "prosecutor_max": round(1 / smallest, 6) if smallest else 0.0,
        "prosecutor_avg": round(classes / total, 6) if total else 0.0,
        "at_risk": round(int(sizes[sizes < k].sum()) / total, 6) if total else 0.0,
        "marketer": round(classes / total, 6) if total else 0.0,
    }
    if size and total:
        told |= _estimated(counts, total, max(rows, total), size)  # type: ignore[typeddict-item]
    return told


def _estimated(counts: dict[int, int], total: int, rows: int, size: int) -> dict[str, Any]:
    """Estimate the journalist's figures: the persons of a class are not counted, but expected (Benedetti and Franconi).

    Args:
        counts: size of class → how many classes have it.
        total: the rows in them.
        rows: the rows that were drawn.
        size: the persons they were drawn from.
    """
    fraction = min(rows / size, 1.0)
    chances = {length: expected_inverse(length, fraction) for length in counts}
    linked = math.fsum(times * length * chances[length] for length, times in counts.items()) / total
    spread = sum(counts.values()) * fraction / total
    return {
        "journalist_max": round(max(chances.values()), 6),
        "journalist_avg": round(max(linked, spread), 6),
        "marketer": round(linked, 6),
        **population_uniqueness(counts, rows, size),
    }


def counted(sizes: np.ndarray, persons: np.ndarray) -> dict[str, Any]:
    """Give the journalist's figures where the persons of each class were counted in a table.

    A table that knows fewer persons than there are rows in a class is behind: there are at least as many as rows.

    Args:
        sizes: the rows of each class, 0 where only the population has it.
        persons: the persons of each class, in the same order.
    """
    import numpy as np

    there = sizes > 0
    if not there.any():
        return {}
    rows, found = sizes[there].astype(np.int64), np.maximum(persons[there], sizes[there]).astype(np.int64)
    total = int(rows.sum())
    linked = math.fsum((rows / found).tolist()) / total
    return {
        "journalist_max": round(1 / int(found.min()), 6),
        "journalist_avg": round(max(linked, len(rows) / int(found.sum())), 6),
        "marketer": round(linked, 6),
        "population_uniques": round(int((found == 1).sum()) / total, 6),
        "population_model": "table",
    }
