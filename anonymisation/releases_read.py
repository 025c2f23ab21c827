"""The rows of a published file, read as anybody can who downloads it: equal rows counted, every column in codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from anonymisation.hierarchies.base import distinct_values
from anonymisation.tuples import settled

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    import pyarrow as pa

DIGITS = 12
"""Digits of a number that every format keeps: spreadsheets hold sixteen, of which the last ones differ with who wrote them."""
QUOTED = r"^'([=+@\t\r])"
"""An apostrophe that was put before text that a spreadsheet would run."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A column of some lines: its distinct values, and which of them each line has (int64)."""

    values: pa.Array
    codes: np.ndarray

    def beside(self, other: Cells) -> np.ndarray:
        """Code two columns alike: first the lines of this one, then those of the other; values of one type."""
        import numpy as np
        import pyarrow as pa

        # In order of the values, so that nothing depends on where a row stands.
        _, places = distinct_values(pa.concat_arrays([self.values, other.values]))
        here, there = places[: len(self.values)], places[len(self.values) :]
        return np.concatenate([here[self.codes], there[other.codes]]).astype(np.int64)

    def blurred(self) -> Cells:
        """Give the values as far as every text format keeps them: empty text is missing, numbers have `DIGITS` digits."""
        return Cells(_blurred(self.values), self.codes)


@dataclass(frozen=True, slots=True)
class FileLines:
    """The rows of a file; equal rows that follow each other are one line.

    Attributes:
        rows: int64, the rows of each line.
        columns: every column by its name.
    """

    rows: np.ndarray
    columns: Mapping[str, Cells]

    def expand(self, kept: np.ndarray) -> np.ndarray:
        """Say of every row of the file whether it is among the first `kept` of its line (bool)."""
        import numpy as np

        starts = np.repeat(np.cumsum(self.rows) - self.rows, self.rows)
        found: np.ndarray = np.arange(int(self.rows.sum())) - starts < np.repeat(kept, self.rows)
        return found


def read_lines(path: Path, types: Mapping[str, pa.DataType]) -> FileLines:
    """Read a Parquet file whose columns are of these types, or are text that can be read as such.

    Raises:
        ValueError: a column is not there, there is one more, or it is of another type.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        if set(file.schema_arrow.names) != set(types):
            raise ValueError("other columns")
        table = file.read()
    columns, fresh = {}, np.zeros(len(table), dtype=bool)
    fresh[:1] = True
    for name, kind in types.items():
        try:
            values, codes = distinct_values(table.column(name))
            columns[name] = Cells(settled(_typed(values, kind)), codes)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):  # its text would quote a cell
            raise ValueError("another type") from None
        fresh[1:] |= codes[1:] != codes[:-1]
    starts = np.flatnonzero(fresh)
    rows = np.diff(np.append(starts, len(table))).astype(np.int64)
    return FileLines(rows, {name: Cells(one.values, one.codes[starts].astype(np.int64)) for name, one in columns.items()})


def _typed(values: pa.Array, kind: pa.DataType) -> pa.Array:
    """Read values as a type; text that is no decimal or moment of that exact type is tried by way of a coarser one."""
    from pyarrow import types

    if types.is_string(values.type) and types.is_decimal(kind):
        import pyarrow as pa

        # Arrow reads no exponents; which text is a decimal was settled when the file was written.
        return values.cast(pa.float64())
    return values.cast(kind)


def _blurred(values: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import types

    if types.is_string(values.type):
        bare = pc.replace_substring_regex(values, QUOTED, r"\1")
        return pc.if_else(pc.equal(bare, ""), None, bare)
    if types.is_floating(values.type) or types.is_decimal(values.type):
        return pa.array([None if one is None else float(f"{float(one):.{DIGITS}G}") + 0.0 for one in values.to_pylist()], pa.float64())
    if types.is_timestamp(values.type):
        return pc.floor_temporal(values, unit="second")
    return values
