"""Writing and describing rows of which each class has its own steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anonymisation.choice import Step
from anonymisation.hierarchies.base import ANY
from anonymisation.keys import KeySpace
from anonymisation.rewrite import coded_rows, decoded_rows
from anonymisation.risks.queries import Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pyarrow as pa

    from anonymisation.local import Recoding, Rung
    from anonymisation.report import Report
    from anonymisation.rewrite import Words
    from anonymisation.tuples import Chunk, Coded, Tuples

EXACT = "exact"
"""The name of the values themselves among the steps of a column; the same word in Dutch and English."""


@dataclass
class LocalRewriting:
    """How rows become protected rows: each is looked up by its combination of quasi-identifiers.

    A column with a hierarchy becomes text, whatever its steps: its cells may stand at different ones.

    Attributes:
        names: the columns of the result, in order.
        tuples: the combinations.
        recoding: the level of each of their cells.
        rungs: the columns with their levels.
    """

    names: tuple[str, ...]
    tuples: Tuples
    recoding: Recoding
    rungs: Sequence[Rung]
    _space: KeySpace = field(init=False)
    _keys: np.ndarray = field(init=False)
    _first: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        import numpy as np

        self._space = KeySpace([len(rung.coded.values) for rung in self.rungs])
        keys = self._space.fit([rung.coded.codes for rung in self.rungs], len(self.tuples))
        # Combinations that differ in a sensitive value only are in one class: the first speaks for all.
        self._keys, self._first = np.unique(keys, return_index=True)

    @property
    def quasi(self) -> tuple[Coded, ...]:
        """The coded columns."""
        return self.tuples.columns

    def schema(self, source: pa.Schema) -> pa.Schema:
        """Give the schema of the result."""
        import pyarrow as pa

        coarse = {rung.coded.name: rung.words[0].type for rung in self.rungs if len(rung.coded.levels) > 1}
        return pa.schema([pa.field(name, coarse.get(name, source.field(name).type)) for name in self.names])

    def codes(self, chunk: Chunk, words: Sequence[Words]) -> pa.RecordBatch:
        """Give the protected rows of a chunk with codes in the place of labels."""
        import numpy as np

        own = chunk.codes[: len(self.rungs)]
        first = self._first[np.searchsorted(self._keys, self._space.apply(own, chunk.batch.num_rows))]
        levels = self.recoding.levels[first]
        codes = [rung.words[1][levels[:, at], found] for at, (rung, found) in enumerate(zip(self.rungs, own, strict=True))]
        return coded_rows(self, chunk, words, codes, self.recoding.kept[first])

    def decoded(self, batch: pa.RecordBatch, words: Sequence[Words], schema: pa.Schema) -> pa.RecordBatch:
        """Give rows with their labels."""
        return decoded_rows(batch, {rung.coded.name: rung.words[0] for rung in self.rungs}, words, schema)

    def labels(self) -> dict[str, pa.Array]:
        """Give the only values that each recoded column may hold."""
        return {rung.coded.name: rung.words[0] for rung in self.rungs if len(rung.coded.levels) > 1}


@dataclass(frozen=True, slots=True)
class LocalChoice:
    """A recoding in which each class has its own steps.

    Attributes:
        tuples: the combinations.
        recoding: the level of each of their cells.
        rungs: the columns with their levels.
    """

    tuples: Tuples
    recoding: Recoding
    rungs: tuple[Rung, ...]

    @property
    def kept(self) -> np.ndarray:
        """Which combinations are published (bool)."""
        return self.recoding.kept

    def way(self, names: tuple[str, ...]) -> LocalRewriting:
        """Give how its rows are written, with these columns."""
        return LocalRewriting(names, self.tuples, self.recoding, self.rungs)

    def steps(self) -> dict[str, Step]:
        """Give what each quasi-identifier became: the level is that of all steps that occur, such as ``exact, PC4, *``."""
        found = {}
        for at, rung in enumerate(self.rungs):
            names = [str(one["name"]) for one in self.used(at)]
            recoded = len(rung.coded.levels) > 1
            found[rung.coded.name] = Step("string" if recoded else rung.coded.column.type, ", ".join(names) if names != [EXACT] else None)
        return found

    def shown(self) -> list[Shown]:
        """Give each quasi-identifier as the release shows it; the same word on another step has a code of its own."""
        import numpy as np

        found = []
        for at, rung in enumerate(self.rungs):
            places = rung.words[1]
            meaning = places + len(rung.words[0]) * np.arange(len(places))[:, None]
            codes = rung.coded.codes
            found.append(Shown(rung.coded.name, codes, meaning[self.recoding.levels[:, at], codes], meaning))
        return found

    def used(self, at: int) -> list[dict[str, object]]:
        """Give the levels that occur in a column, from fine to coarse, with the share of the published rows at each."""
        import numpy as np

        rung, kept = self.rungs[at], self.kept
        rows = np.bincount(self.recoding.levels[kept, at], weights=self.tuples.weights[kept], minlength=rung.top + 1)
        total = rows.sum() or 1.0
        return [
            {"level": level, "name": rung.name(level), "share": round(float(count / total), 6)} for level, count in enumerate(rows) if count
        ]

    def tell(self, report: Report) -> None:
        """Put in the report what was done, column by column.

        What the search said of full-domain recoding (its score, that it is the best) is not said of this.
        """
        by_name, steps, cells = {one["name"]: one for one in report["columns"]}, self.steps(), 0
        for at, rung in enumerate(self.rungs):
            told = by_name[rung.coded.name]
            told["levels_used"] = self.used(at)
            step = steps[rung.coded.name].level
            told |= {"level": 0, "level_name": None} if step is None else {"level_name": step}
            told["information_loss"] = self.recoding.shares[at]
            if rung.starred:
                told["levels"] = [*told.get("levels", []), ANY]
                told["suppressed_cells"] = self._starred(at)
                cells += told["suppressed_cells"]
        report["recoding"] = "local"
        report["suppressed_cells"] = report.get("suppressed_cells", 0) + cells
        report["suppressed_rows"] = self.recoding.suppressed
        report["information_loss"] = self.recoding.loss
        report["optimal"] = False
        report.pop("score", None)
        report.pop("gap", None)

    def _starred(self, at: int) -> int:
        """Count the cells of a column that became ``*`` beyond its last step."""
        starred = self.kept & (self.recoding.levels[:, at] >= len(self.rungs[at].coded.levels))
        return int(self.tuples.weights[starred].sum())
