"""Which rows can be published now, beside every earlier release, and which wait for a later one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anonymisation.models.base import Guarantee, class_table, summed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    from anonymisation.releases_compare import Comparison


@dataclass(frozen=True, slots=True)
class Lines:
    """The rows of a release; equal ones are one line.

    Attributes:
        rows: how many rows each line stands for.
        classes: the class of each line, 0 up to the number of classes, in order of their labels.
        sensitive: sensitive column → the code of its value in each line.
    """

    rows: np.ndarray
    classes: np.ndarray
    sensitive: Mapping[str, np.ndarray]


def publishable(lines: Lines, comparisons: Sequence[Comparison], guarantee: Guarantee) -> np.ndarray:
    """Give of each line the rows that can be published.

    Every step holds rows back and never brings one back, so this ends: at the latest with no rows, which is safe beside anything. Where
    only numbers of rows can be compared and classes have the same steps, no larger choice is safe: each comparison leaves the largest
    number that it allows at or below what is left, so nothing that all of them allow is passed over.

    Args:
        lines: the protected rows.
        comparisons: the earlier releases.
        guarantee: what the classes that stay must meet; models of a population must be left out of it.
    """
    import numpy as np

    rows = lines.rows
    while True:
        before, rows = rows, _guaranteed(lines, rows, guarantee)
        sizes = summed(lines.classes, rows, int(lines.classes.max(initial=-1)) + 1)
        # Where equal rows are in several classes, the largest classes keep theirs, so that small ones go whole.
        order = np.lexsort((np.arange(len(rows)), lines.classes, -sizes[lines.classes]))
        for comparison in comparisons:
            rows = comparison.settled(rows, order)
        if (rows == before).all():
            return rows


def _guaranteed(lines: Lines, rows: np.ndarray, guarantee: Guarantee) -> np.ndarray:
    """Leave out the rows of classes that no longer meet the guarantee."""
    import numpy as np

    count = int(lines.classes.max(initial=-1)) + 1
    table = class_table(lines.classes, count, rows, lines.sensitive, rank=np.arange(count))
    return np.where(guarantee.keeps(table)[lines.classes], rows, 0)
