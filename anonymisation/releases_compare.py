"""Two releases of one source laid side by side: what came, what went, and whether either is few enough to point somebody out.

Rows are compared class by class, at the finest steps at which both releases can be read. A class that both releases have may have grown
by nothing or by at least k rows, and lost nothing or at least k rows; not in number alone but in every choice of its other columns, since
whoever lays the releases side by side may leave a column out: when a status changed in every row, it is without the status that the one
new row shows. What came or went is a group that can be seen by itself, so the models of sensitive columns hold of it too (else all who
came between two dates could turn out to share one value). This goes back to X. Xiao, Y. Tao, "m-invariance: towards privacy preserving
re-publication of dynamic datasets", SIGMOD 2007, and J. Byun, Y. Sohn, E. Bertino, N. Li, "Secure anonymization for incremental
datasets", SDM 2006.

A class that one of the two does not have is no problem: all of it is what is published anyway, and that meets the guarantee by itself.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from anonymisation.models.base import class_table, summed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np

    from anonymisation.models.base import ClassModel

MOST_COLUMNS = 5
"""Other columns up to which every choice of them is looked at; with more a class may only grow or only shrink, which covers all."""
EXTRA = (0, 1, 4)
"""How many times k more rows are held back, when what goes must look more like the class it goes from."""


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of both releases by class and by some of their other columns.

    Attributes:
        of: per kind of row its place in this part.
        groups: per place its class.
        old: per place the rows of the earlier release.
        values: per place the values without the class; None where it is the class alone.
    """

    of: np.ndarray
    groups: np.ndarray
    old: np.ndarray
    values: np.ndarray | None = None

    def now(self, rows: np.ndarray) -> np.ndarray:
        """Give the new rows of each place out of those of each kind."""
        return summed(self.of, rows, len(self.groups))


@dataclass(frozen=True)
class Comparison:
    """One earlier release beside the rows to publish.

    A *kind* is the rows of both that are equal, classes at common steps; `of` says which kind each line of the new release is, where a
    line is rows that are equal to the last column.

    Attributes:
        k: what is few.
        of: per line of the new release its kind.
        old: per kind the rows of the earlier release.
        groups: per kind its class.
        parts: every choice of other columns that is looked at; the class alone comes first, all columns last.
        monotone: a class may only grow or only shrink; then the parts need not be every choice.
        sensitive: pairs of a model and the part of its column, with per place the code of the value; -1 where the source has it no more.
    """

    k: int
    of: np.ndarray
    old: np.ndarray
    groups: np.ndarray
    parts: tuple[Part, ...]
    monotone: bool
    sensitive: tuple[tuple[ClassModel, Part, np.ndarray], ...] = ()

    @cached_property
    def count(self) -> int:
        """The number of classes."""
        return len(self.parts[0].groups)

    def settled(self, lines: np.ndarray, order: np.ndarray) -> np.ndarray:
        """Give of each line the rows that can be published beside the earlier release, at most `lines`.

        Args:
            lines: the rows of each line.
            order: the lines, those first that are to stay when not all of equal kinds can.
        """
        now = summed(self.of, lines, len(self.old))
        target = self._unlinked(now)
        bad = self.bad(target)
        if bad.any():
            target = self._repaired(target, bad)
        return lines if (target == now).all() else filled(lines, self.of, target, order)

    def bad(self, now: np.ndarray) -> np.ndarray:
        """Say of each class whether what came or went points out too few (bool); `now` are the new rows of each kind."""
        import numpy as np

        found = np.zeros(self.count, dtype=bool)
        for part in self.parts:
            came, went = self._changes(part, now)
            found |= ((came > 0) & (came < self.k)) | ((went > 0) & (went < self.k))
        if self.monotone:
            found |= (came > 0) & (went > 0)  # of the last part, which has all columns
        for model, part, codes in self.sensitive:
            found |= self._reveals(model, part, codes, part.now(now) - part.old)
        sizes = self.parts[0]
        both: np.ndarray = found & (sizes.now(now) > 0) & (sizes.old > 0)
        return both

    def _changes(self, part: Part, now: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give the rows that came to each class, and those that went."""
        import numpy as np

        change = part.now(now) - part.old
        return summed(part.groups, np.maximum(change, 0), self.count), summed(part.groups, np.maximum(-change, 0), self.count)

    def _reveals(self, model: ClassModel, part: Part, codes: np.ndarray, change: np.ndarray) -> np.ndarray:
        """Say of each class whether those who came, or those who went, fail a model of a sensitive column by themselves."""
        import numpy as np

        found = np.zeros(self.count, dtype=bool)
        for rows in (np.maximum(change, 0), np.maximum(-change, 0)):
            known = codes >= 0
            places, some = part.groups[known], rows[known]
            table = class_table(places, self.count, some, {str(model.column): codes[known]})
            found |= model.failing(table) & (table.sizes > 0)
            # Nothing is known of how a value that the source has no more is spread.
            found |= summed(part.groups[~known], rows[~known], self.count) > 0
        return found

    def _unlinked(self, now: np.ndarray) -> np.ndarray:
        """Hold back rows whose rare values left another class: the value would tell that it is the same person."""
        import numpy as np

        for part in self.parts:
            if part.values is None:
                continue
            new, count = part.now(now), int(part.values.max(initial=-1)) + 1
            change = new - part.old
            came, went = (summed(part.values, np.maximum(sign * change, 0), count) for sign in (1, -1))
            rare = np.minimum(summed(part.values, new, count), summed(part.values, part.old, count)) < self.k
            moved = ((came > 0) & (went > 0) & rare)[part.values] & (change > 0)
            if moved.any():
                now = spread(now, part.of, np.where(moved, part.old, new))
        return now

    def _repaired(self, now: np.ndarray, bad: np.ndarray) -> np.ndarray:
        """Hold back rows of the classes that are bad, as few as will do of what is tried; where nothing does, all of a class."""
        import numpy as np

        best, most = np.where(bad[self.groups], 0, now), np.zeros(self.count, dtype=np.int64)
        for tried in self._tries(now):
            sizes = summed(self.groups, tried, self.count)
            better = bad & (sizes > most)
            if better.any():
                better &= ~self.bad(np.where(better[self.groups], tried, best))
                best, most = np.where(better[self.groups], tried, best), np.where(better, sizes, most)
        return best

    def _tries(self, now: np.ndarray) -> Iterator[np.ndarray]:
        """Yield ways to hold rows back; each is judged class by class."""
        yield self._fewer(now, additions=True, extra=0)
        yield self._trimmed(now)
        for times in EXTRA:
            yield self._fewer(now, additions=False, extra=times * self.k)

    def _trimmed(self, now: np.ndarray) -> np.ndarray:
        """Hold back, part by part, the few that came, and more where few went; from all columns down to the class alone."""
        import numpy as np

        for part in reversed(self.parts):
            new = part.now(now)
            came, went = self._changes(part, now)
            few = ((came > 0) & (came < self.k))[part.groups]
            shared = np.minimum(new, part.old)
            target = np.where(few, shared, new)
            short = (went > 0) & (went < self.k)
            stays = summed(part.groups, shared, self.count) - (self.k - went)
            fewer = spread(shared, part.groups, np.maximum(stays, 0)) + target - shared
            now = spread(now, part.of, np.where(short[part.groups], fewer, target))
        return now

    def _fewer(self, now: np.ndarray, *, additions: bool, extra: int) -> np.ndarray:
        """Give fewer rows of each kind, so that the sizes of a class and of what came and went are as they must be.

        Args:
            now: the rows of each kind.
            additions: let rows come; without it the rows that both have stay, and no others.
            extra: rows to hold back beyond the fewest.
        """
        import numpy as np

        shared = np.minimum(now, self.old)
        came = now - shared
        old, stay = (summed(self.groups, rows, self.count) for rows in (self.old, shared))
        went = old - stay
        goes = np.minimum(np.where(went > 0, np.maximum(went, self.k), 0) + extra, old)
        comes = summed(self.groups, came, self.count) if additions else np.zeros_like(went)
        comes[comes < self.k] = 0
        net = comes - goes
        comes = np.where((net > 0) & (net < self.k), goes, comes)
        comes = np.where((net < 0) & (net > -self.k), np.where(goes >= 2 * self.k, goes - self.k, 0), comes)
        found: np.ndarray = spread(shared, self.groups, old - goes) + spread(came, self.groups, comes)
        return found


def compare(
    classes: Sequence[np.ndarray],
    others: Mapping[str, np.ndarray],
    old: np.ndarray,
    *,
    k: int,
    models: Sequence[tuple[ClassModel, np.ndarray]],
) -> Comparison:
    """Lay the lines of the new release beside those of an earlier one.

    Args:
        classes: per quasi-identifier the code of its label at the common step: of the new lines, then of the old ones.
        others: per other column the code of its value, likewise; in order of name.
        old: the rows of the old lines.
        k: what is few.
        models: the models of sensitive columns, each with the code of the value in every line as the model knows it (-1: it does not).
    """
    total = len(others[next(iter(others))]) if others else len(classes[0]) if classes else 0
    new = total - len(old)
    groups, _ = numbered(classes, total)
    kinds, first = numbered([groups, *others.values()], total)
    rows = summed(kinds[new:], old, len(first))
    own = groups[first]
    parts = []
    for chosen in _choices(tuple(others)):
        of, one = numbered([own, *(others[name][first] for name in chosen)], len(first))
        values = numbered([others[name][first] for name in chosen], len(first))[0][one] if chosen else None
        parts.append(Part(of, own[one], summed(of, rows, len(one)), values))
    sensitive = []
    for model, codes in models:
        of, one = numbered([own, others[str(model.column)][first]], len(first))
        sensitive.append((model, Part(of, own[one], summed(of, rows, len(one))), codes[first][one]))
    return Comparison(k, kinds[:new], rows, own, tuple(parts), len(others) > MOST_COLUMNS, tuple(sensitive))


def _choices(names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield every choice of columns, none first and all last; of many columns none, each one, and all."""
    sizes = range(len(names) + 1) if len(names) <= MOST_COLUMNS else (0, 1, len(names))
    for size in sizes:
        yield from itertools.combinations(names, size)


def numbered(columns: Sequence[np.ndarray], count: int) -> tuple[np.ndarray, np.ndarray]:
    """Number lines by their codes, in the order of the codes; equal lines have one number.

    Returns:
        the number of each line, and one line of each number.
    """
    import numpy as np

    found, first = np.zeros(count, dtype=np.int64), np.arange(min(count, 1))
    for codes in columns:
        keys = found * (int(codes.max(initial=0)) + 1) + codes
        _, first, found = np.unique(keys, return_index=True, return_inverse=True)
    return found, first


def spread(rows: np.ndarray, groups: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Take `wanted` rows of each group, evenly over its members (systematic sampling, in order); all where there are no more.

    Args:
        rows: the rows of each member.
        groups: the group of each.
        wanted: the rows to take of each group.
    """
    import numpy as np

    order, running, before, totals = _running(rows, groups, len(wanted))
    wanted = np.minimum(wanted, totals)
    own, share = groups[order], np.maximum(totals, 1)
    taken = running * wanted[own] // share[own] - before * wanted[own] // share[own]
    found = np.empty_like(rows)
    found[order] = taken
    return found


def filled(rows: np.ndarray, groups: np.ndarray, wanted: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Take `wanted` rows of each group, from its first members in an order on; arguments as `spread` has them."""
    import numpy as np

    places, _, before, _ = _running(rows[order], groups[order], len(wanted))
    found = np.empty_like(rows)
    members = order[places]
    found[members] = np.clip(wanted[groups[members]] - before, 0, rows[members])
    return found


def _running(rows: np.ndarray, groups: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Add up rows within groups: an order by group, the sums with and before each member in it, and the total of each group."""
    import numpy as np

    order = np.argsort(groups, kind="stable")
    totals = summed(groups, rows, count)
    starts = (np.cumsum(totals) - totals)[groups[order]]
    running = np.cumsum(rows[order]) - starts
    return order, running, running - rows[order], totals
