"""The recoding that was chosen: which rows are published, how they are written, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from anonymisation.entropy import information_loss
from anonymisation.keys import KeySpace
from anonymisation.models.base import class_table
from anonymisation.rewrite import Rewriting
from anonymisation.risks.queries import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    from anonymisation.lattice import Node
    from anonymisation.models.base import Guarantee
    from anonymisation.report import Report
    from anonymisation.rewrite import Way
    from anonymisation.tuples import Tuples
    from config.models.schema import ColumnType


class Step(NamedTuple):
    """What a column became: the type of its values, and the name of its level (None: as in the source)."""

    type: ColumnType
    level: str | None


class Chosen(Protocol):
    """A recoding."""

    @property
    def kept(self) -> np.ndarray:
        """Which combinations are published (bool)."""
        ...

    def way(self, names: tuple[str, ...]) -> Way:
        """Give how its rows are written, with these columns."""
        ...

    def steps(self) -> Mapping[str, Step]:
        """Give what each quasi-identifier became."""
        ...

    def shown(self) -> Sequence[Shown]:
        """Give each quasi-identifier as the release shows it."""
        ...

    def tell(self, report: Report) -> None:
        """Put in the report what was chosen, and what is lost by it."""
        ...


@dataclass(frozen=True, slots=True)
class Choice:
    """A node of the lattice: one level a column for all rows.

    Attributes:
        tuples: the combinations.
        levels: the level of each quasi-identifier.
        space: the keys of its classes; `keys` the key of each combination.
        kept: which combinations are published.
    """

    tuples: Tuples
    levels: tuple[int, ...]
    space: KeySpace
    keys: np.ndarray
    kept: np.ndarray

    def way(self, names: tuple[str, ...]) -> Rewriting:
        """Give how its rows are written, with these columns."""
        import numpy as np

        return Rewriting(names, self.tuples.columns, self.levels, self.space, np.unique(self.keys[~self.kept]))

    def steps(self) -> dict[str, Step]:
        """Give what each quasi-identifier became."""
        chosen = {one.name: one.levels[level] for one, level in zip(self.tuples.columns, self.levels, strict=True)}
        return {name: Step(level.type, level.name) for name, level in chosen.items()}

    def shown(self) -> list[Shown]:
        """Give each quasi-identifier as the release shows it."""
        chosen = zip(self.tuples.columns, self.levels, strict=True)
        return [Shown(one.name, one.codes, one.at(level), one.levels[level].codes[None, :]) for one, level in chosen]

    def tell(self, report: Report) -> None:
        """Put in the report what was chosen, and what is lost by it."""
        overall, shares = information_loss(self.tuples, self.levels, self.kept)
        report["information_loss"] = overall
        report["transformation"] = {one.name: level for one, level in zip(self.tuples.columns, self.levels, strict=True)}
        by_name = {described["name"]: described for described in report["columns"]}
        for one, level, share in zip(self.tuples.columns, self.levels, shares, strict=True):
            by_name[one.name] |= {"level": level, "level_name": one.levels[level].name, "information_loss": share}


def choose(tuples: Tuples, levels: Node, guarantee: Guarantee) -> Choice:
    """Say which combinations are published at a node."""
    import numpy as np

    space = KeySpace([len(one.levels[level].labels) for one, level in zip(tuples.columns, levels, strict=True)])
    codes = [one.at(level) for one, level in zip(tuples.columns, levels, strict=True)]
    keys = space.fit(codes, len(tuples))
    _, first, classes = np.unique(keys, return_index=True, return_inverse=True)
    # In the order of the names of the columns, so that moving a column moves no row in or out.
    by_name = sorted(range(len(codes)), key=lambda column: tuples.columns[column].name, reverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.lexsort([codes[column][first] for column in by_name]) if by_name else slice(None)] = np.arange(len(first))
    sensitive = {one.name: one.codes for one in tuples.sensitive}
    table = class_table(classes, len(first), tuples.weights, sensitive, population=tuples.population, rank=rank)
    return Choice(tuples, tuple(levels), space, keys, guarantee.keeps(table)[classes])
