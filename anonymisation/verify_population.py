"""For the proof: how many persons of the population fit a published class, counted from the table of the population itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from anonymisation.verify_models import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np
    import pyarrow as pa

    from anonymisation.hierarchies.base import Ladder
    from anonymisation.verify_models import Key


@dataclass
class Persons:
    """The population, every person with all labels that a release may show of them.

    A person fits a class when every label of the class is one of theirs: in a release with one step a column that is the label on that
    step, in a release with steps of its own for each class the label on any step.

    Attributes:
        words: per quasi-identifier label → which combinations of the population have it (bool).
        counts: the persons of each combination.
    """

    words: Sequence[Mapping[Any, np.ndarray]]
    counts: np.ndarray
    _asked: dict[Key, int] = field(default_factory=dict)

    def fit(self, key: Key) -> int:
        """Give how many persons fit a class."""
        if key not in self._asked:
            self._asked[key] = int(self.counts[self._mask(key)].sum())
        return self._asked[key]

    def left_over(self, keys: Iterable[Key]) -> int:
        """Give how many persons fit none of these classes."""
        import numpy as np

        covered = np.zeros(len(self.counts), dtype=bool)
        for key in keys:
            covered |= self._mask(key)
        return int(self.counts[~covered].sum())

    def _mask(self, key: Key) -> np.ndarray:
        import numpy as np

        mask = np.ones(len(self.counts), dtype=bool)
        for words, label in zip(self.words, key, strict=True):
            mask &= words.get(label, np.zeros(len(self.counts), dtype=bool))
        return mask


def read_persons(
    table: pa.Table, columns: Sequence[str], counts: str, ladders: Mapping[str, Ladder], levels: Mapping[str, int] | None
) -> Persons:
    """Give the population of a table.

    Args:
        table: its quasi-identifiers and the persons of each line.
        columns: the quasi-identifiers, in the order of a class's key.
        counts: the column with the persons.
        ladders: of the columns that have one.
        levels: the step of each column; None where each class has its own.
    """
    import numpy as np

    words = []
    for name in columns:
        values = table.column(name).combine_chunks()
        words.append(_words(_labels(values, ladders.get(name), None if levels is None else levels[name])))
    return Persons(words, table.column(counts).to_numpy().astype(np.int64))


def _labels(values: pa.Array, ladder: Ladder | None, level: int | None) -> list[pa.Array]:
    """Give the labels that may be shown, a list a step; where steps are mixed the values themselves are shown as text."""
    from anonymisation.hierarchies.base import ANY, as_text

    if ladder is None:
        return [values]
    if level is not None:
        return [values if level == 0 else ladder.labels(values)[level - 1]]
    import pyarrow as pa

    everything = pa.array([ANY] * len(values), pa.string())
    return [as_text(values), *(as_text(labels) for labels in ladder.labels(values)), everything]


def _words(steps: Sequence[pa.Array]) -> dict[Any, np.ndarray]:
    """Give per label which combinations have it on any step."""
    import numpy as np

    found: dict[Any, np.ndarray] = {}
    for labels in steps:
        for at, label in enumerate(labels.to_pylist()):
            found.setdefault(key_of(label), np.zeros(len(labels), dtype=bool))[at] = True
    return found
