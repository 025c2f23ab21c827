"""A hierarchy in a file, as ARX writes it: CSV without a header, first column the value, each next column one level more general.

A value stands in it as `as_text` writes it; an empty first cell stands for a missing value. The file is checked when it is read: every
line is complete, no value stands there twice, and a label has one label on the next level. Errors name the line, never what stands there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from anonymisation.hierarchies._lines import LEVELS, MAX_PROBLEMS, TWICE, read_lines
from anonymisation.hierarchies.base import as_text
from config.errors import ConfigurationError, Message, Place
from config.models.hierarchy import HierarchyOptions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

    from config.errors import Problem

WIDTH = Message(
    "hierarchy.width",
    nl="Deze regel heeft {found} kolommen en regel 1 heeft er {expected}. "
    "Geef elke waarde op elke stap een naam (scheidingsteken `{delimiter}`).",
    en="This line has {found} columns and line 1 has {expected}. Name every value on every step (delimiter `{delimiter}`).",
)
FLAT = Message(
    "hierarchy.flat",
    nl="Dit hiërarchiebestand heeft één kolom. Zet na elke waarde de grovere stappen, gescheiden door `{delimiter}`.",
    en="This hierarchy file has one column. Put the coarser steps after each value, separated by `{delimiter}`.",
)
BLANK = Message(
    "hierarchy.blank",
    nl="Kolom {column} van deze regel is leeg. Vul de grovere stap in.",
    en="Column {column} of this line is empty. Fill in the coarser step.",
)
MONOTONE = Message(
    "hierarchy.monotone",
    nl="Kolom {column} is op deze regel gelijk aan die op regel {first}, maar kolom {next} is anders. "
    "Wat samenvalt moet op elke volgende stap samen blijven.",
    en="Column {column} of this line equals that of line {first}, but column {next} differs. "
    "What falls together must stay together on every next step.",
)


class Options(HierarchyOptions):
    """A hierarchy in a file: CSV without a header, first column the value, each next column one step coarser (ARX's format).

    Attributes:
        levels: the names of the columns after the first; without it they are numbered from 1.
        path: relative to the file that names it.
        delimiter: the character between cells.
    """

    type: Literal["file"]
    path: str = Field(min_length=1)
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ";"

    def steps(self) -> tuple[str, ...] | None:
        """Give the names of the columns, where they are named."""
        return self.levels or None

    def files(self) -> tuple[str, ...]:
        """Give the file."""
        return (self.path,)


@dataclass(frozen=True, slots=True)
class FileLadder:
    """The columns of a hierarchy file.

    Attributes:
        names: as `levels` names them, else ``1``, ``2`` ….
        columns: the cells, column by column; the first holds the values.
    """

    names: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]

    def labels(self, values: pa.Array) -> list[pa.Array]:
        """Look the values up."""
        import pyarrow as pa
        import pyarrow.compute as pc

        texts = as_text(values)
        known = pa.array(self.columns[0], pa.string())
        # An empty first cell stands for a missing value; an empty text, which is not missing, finds it too.
        positions = pc.index_in(texts.fill_null(""), value_set=known)
        return [pa.array(column, pa.string()).take(positions) for column in self.columns[1:]]

    def domain(self, level: int, of: pa.DataType) -> pa.Array | None:
        """Give the labels of a level; of level 0 the values, in the column's own type, or None where they cannot be read as such."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if level:
            return pc.unique(pa.array(self.columns[level], pa.string()))
        texts = pa.array([cell or None for cell in self.columns[0]], pa.string())
        try:
            return texts.cast(of)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            return None


def open_ladder(options: Options, base: Path) -> FileLadder:
    """Read and check a hierarchy file.

    Raises:
        ConfigurationError: with every line that is wrong (the first `MAX_PROBLEMS`).
    """
    typed = options.path
    numbered = read_lines(typed, base, options.delimiter)
    problems = _shape(numbered, typed, options.delimiter) or [*_repeats(numbered, typed), *_forks(numbered, typed)]
    steps = len(numbered[0][1]) - 1
    if options.levels and not problems and len(options.levels) != steps:
        problems.append(LEVELS.at(Place(typed), named=len(options.levels), found=steps))
    if problems:
        raise ConfigurationError(*problems[:MAX_PROBLEMS])
    names = options.levels or tuple(str(step) for step in range(1, steps + 1))
    return FileLadder(names, tuple(zip(*(cells for _, cells in numbered), strict=True)))


def _shape(numbered: Sequence[tuple[int, list[str]]], typed: str, delimiter: str) -> list[Problem]:
    """Check that every line has the same number of cells and that no step is blank."""
    expected = len(numbered[0][1])
    if expected == 1:
        return [FLAT.at(Place(typed, 1), delimiter=delimiter)]
    problems = []
    for line, cells in numbered:
        if len(cells) != expected:
            problems.append(WIDTH.at(Place(typed, line), found=len(cells), expected=expected, delimiter=delimiter))
        else:
            problems += [BLANK.at(Place(typed, line), column=column) for column, cell in enumerate(cells[1:], 2) if not cell]
    return problems


def _repeats(numbered: Sequence[tuple[int, list[str]]], typed: str) -> list[Problem]:
    """Find values that stand there twice."""
    first: dict[str, int] = {}
    problems = []
    for line, cells in numbered:
        if first.setdefault(cells[0], line) != line:
            problems.append(TWICE.at(Place(typed, line), first=first[cells[0]]))
    return problems


def _forks(numbered: Sequence[tuple[int, list[str]]], typed: str) -> list[Problem]:
    """Find labels that have two labels on the next step."""
    first: dict[tuple[int, str], tuple[int, str]] = {}
    problems = []
    for line, cells in numbered:
        for column in range(1, len(cells) - 1):
            before, above = first.setdefault((column, cells[column]), (line, cells[column + 1]))
            if above != cells[column + 1]:
                problems.append(MONOTONE.at(Place(typed, line), column=column + 1, first=before, next=column + 2))
    return problems
