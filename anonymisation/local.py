"""Local recoding: each class has its own steps, so that only what is rare is made coarse.

Full-domain recoding gives a column one step for all rows. Here the rows are divided, class by class, along the hierarchies: strict
multidimensional recoding as in Mondrian (K. LeFevre, D. DeWitt, R. Ramakrishnan, ICDE 2006), on ladders in place of medians. A class is
divided by taking one column one step down; the parts that meet the guarantee become classes of their own, the others stay together at the
step where they were, if they meet it together. So a value that is rare keeps a coarse label, or at last ``*``, in as few columns as it
needs (local suppression) while its neighbours get a finer one.

What stands in a class depends on the quasi-identifiers alone, and every class meets the guarantee by itself, so whoever knows the
quasi-identifiers of a person and how this works is left with a class of the release, as with full-domain recoding.

Full-domain recoding is made too, and taken where it loses no more (`information_loss`): local recoding is never worse.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from anonymisation.hierarchies.base import ANY, as_text
from anonymisation.local_release import EXACT, LocalChoice
from anonymisation.local_split import Splitter
from anonymisation.models.base import class_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    import pyarrow as pa

    from anonymisation.lattice import Node
    from anonymisation.models.base import Guarantee
    from anonymisation.tuples import Coded, Tuples


@dataclass(frozen=True, slots=True)
class Recoding:
    """A recoding, of whatever make.

    Attributes:
        levels: int8, combinations x columns: the level of each cell; one above the last level of its column is ``*``.
        kept: which combinations are published.
        suppressed: rows that are not.
        loss: the information that is lost, 0 to 1; see `anonymisation.entropy`.
        shares: the same per column, over the rows that are kept.
    """

    levels: np.ndarray
    kept: np.ndarray
    suppressed: int
    loss: float
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Rung:
    """A column on all its levels, ``*`` included where it may be used.

    Attributes:
        coded: the column.
        lowest: the lowest level that may be published.
    """

    coded: Coded
    lowest: int

    @cached_property
    def starred(self) -> bool:
        """Whether ``*`` comes above the last level: the column has a hierarchy, whose last level tells values apart."""
        return len(self.coded.levels) > 1 and len(self.coded.levels[-1].labels) > 1

    @property
    def top(self) -> int:
        """The highest level."""
        return len(self.coded.levels) - 1 + self.starred

    @cached_property
    def codes(self) -> np.ndarray:
        """Levels x values: the code of the label of each value."""
        import numpy as np

        rows = [level.codes for level in self.coded.levels]
        return np.stack([*rows, np.zeros_like(rows[0])] if self.starred else rows).astype(np.int64)

    def bits(self, weights: np.ndarray) -> np.ndarray:
        """Levels x values: the bits that a row with this value loses; see `anonymisation.entropy`."""
        import numpy as np

        counts = np.bincount(self.coded.codes, weights=weights, minlength=len(self.coded.values))
        whole = [np.bincount(codes, weights=counts)[codes] for codes in self.codes]
        present = np.maximum(counts, 1)
        return np.stack([np.log2(np.maximum(groups, 1) / present) * (counts > 0) for groups in whole])

    @cached_property
    def words(self) -> tuple[pa.Array, np.ndarray]:
        """The distinct labels of all levels as text, and levels x values: the position of each label among them.

        A column without a hierarchy has its own values.
        """
        import numpy as np
        import pyarrow as pa

        from anonymisation.hierarchies.base import distinct_values

        if len(self.coded.levels) == 1:
            return self.coded.values, self.codes
        texts = [as_text(level.labels) for level in self.coded.levels] + ([pa.array([ANY], pa.string())] if self.starred else [])
        distinct, places = distinct_values(pa.chunked_array(texts, pa.string()))
        starts = np.cumsum([0, *(len(text) for text in texts)])
        return distinct, np.stack([places[start:][codes] for start, codes in zip(starts, self.codes, strict=False)]).astype(np.int64)

    def name(self, level: int) -> str:
        """Give the name of a level, as a reader may see it."""
        if level >= len(self.coded.levels):
            return ANY
        return self.coded.levels[level].name or EXACT


def recode(tuples: Tuples, guarantee: Guarantee, limit: int, lowest: Sequence[int], node: Node | None) -> LocalChoice | None:
    """Find the recoding that loses least.

    Args:
        tuples: the combinations, without a population.
        guarantee: what every class must meet.
        limit: rows that may be suppressed.
        lowest: per column the lowest level that may be published.
        node: the best node of full-domain recoding; None where there is none.

    Returns:
        the recoding; None where none meets the guarantee within the limit.
    """
    rungs = tuple(Rung(coded, low) for coded, low in zip(tuples.columns, lowest, strict=True))
    maker = _Maker(tuples, guarantee, rungs)
    plain = maker.plain(node) if node is not None else None
    found = [*maker.from_the_top(), *([plain] if plain else [])]
    fitting = [one for one in found if one.suppressed <= limit]
    if plain is not None and fitting == [plain]:
        fitting.append(maker.from_plain(plain))
    # Of equal ones full-domain recoding, which is the plainest.
    best = min(fitting, key=lambda one: (one.loss, one is not plain), default=None)
    return LocalChoice(tuples, best, rungs) if best else None


@dataclass(frozen=True)
class _Maker:
    """Makes and measures recodings."""

    tuples: Tuples
    guarantee: Guarantee
    rungs: tuple[Rung, ...]

    def plain(self, node: Node) -> Recoding:
        """Give full-domain recoding."""
        import numpy as np

        size = len(self.tuples)
        return self.measured(np.tile(np.array(node, dtype=np.int8), (size, 1)), np.ones(size, dtype=bool))

    def from_the_top(self) -> Iterator[Recoding]:
        """Yield recodings that start from one class of all rows, with a pool and without."""
        import numpy as np

        top = np.tile(np.array([rung.top for rung in self.rungs], dtype=np.int8), (len(self.tuples), 1))
        for pool in (True, False):
            yield self.measured(*self.splitter.refine(top, pool=pool))

    def from_plain(self, plain: Recoding) -> Recoding:
        """Give the recoding that goes on from full-domain recoding, what that suppresses being left out."""
        levels, kept = self.splitter.refine(plain.levels, pool=False)
        return self.measured(levels, kept & plain.kept)

    @cached_property
    def splitter(self) -> Splitter:
        """What divides classes."""
        return Splitter(self.tuples, self.guarantee, self.rungs)

    def kept(self, levels: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Say of some combinations whether they are published; rows with the same labels are one class."""
        import numpy as np

        by_name = sorted(range(len(self.rungs)), key=lambda at: self.rungs[at].coded.name)
        codes = [self.rungs[at].words[1][levels[rows, at], self.rungs[at].coded.codes[rows]] for at in by_name]
        keys = self._keys(codes) if codes else np.zeros(len(rows), dtype=np.int64)
        distinct, classes = np.unique(keys, return_inverse=True)
        sensitive = {one.name: one.codes[rows] for one in self.tuples.sensitive}
        table = class_table(classes, len(distinct), self.tuples.weights[rows], sensitive, rank=np.arange(len(distinct)))
        kept: np.ndarray = self.guarantee.keeps(table)[classes]
        return kept

    def measured(self, levels: np.ndarray, kept: np.ndarray) -> Recoding:
        """Judge a recoding by its labels and measure it.

        Classes that happen to have the same labels are one for who reads them; where the guarantee does not hold of it, its rows go.
        """
        import numpy as np

        rows = np.flatnonzero(kept)
        kept = np.zeros(len(kept), dtype=bool)
        kept[rows] = self.kept(levels, rows)
        loss, shares = _loss(self.tuples, self.rungs, levels, kept)
        return Recoding(levels, kept, int(self.tuples.weights[~kept].sum()), loss, shares)

    @staticmethod
    def _keys(codes: Sequence[np.ndarray]) -> np.ndarray:
        """Give a key to each combination whose order is that of its codes: the last column weighs least."""
        import numpy as np

        keys = codes[0]
        for column in codes[1:]:
            keys = np.unique(keys, return_inverse=True)[1] * (int(column.max(initial=0)) + 1) + column
        return keys


def _loss(tuples: Tuples, rungs: Sequence[Rung], levels: np.ndarray, kept: np.ndarray) -> tuple[float, tuple[float, ...]]:
    """Give the share of the information that is lost, as `anonymisation.entropy.information_loss` does for one level a column."""
    import numpy as np

    weights, shares = tuples.weights[kept], []
    for at, rung in enumerate(rungs):
        bits, codes = rung.bits(tuples.weights), rung.coded.codes[kept]
        counts = np.bincount(rung.coded.codes, weights=tuples.weights, minlength=len(rung.coded.values))
        lost = math.fsum((weights * bits[levels[kept, at], codes]).tolist())
        had = math.fsum((weights * np.log2(tuples.rows / np.maximum(counts, 1))[codes]).tolist())
        shares.append(round(min(lost / had, 1.0), 6) if had else 0.0)
    rows = int(weights.sum())
    mean = math.fsum(shares) / len(shares) if shares else 0.0
    return round((tuples.rows - rows + rows * mean) / tuples.rows, 6) if tuples.rows else 0.0, tuple(shares)
