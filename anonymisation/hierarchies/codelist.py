"""The tree of a code list: a CSV file with a header, of which one column holds the code and another the code above it.

Roots have no code above them. A step is a depth of the tree, the deepest but one first and the roots last, so that all labels of a step are
equally coarse; a code that already is that coarse stays as it is. The label is the code. The file is checked when it is read: every code
stands there once, the one above it is in the file, and nothing is above itself. Errors name the line, never what stands there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from anonymisation.hierarchies._lines import LEVELS, MAX_PROBLEMS, TWICE, read_lines
from anonymisation.hierarchies._steps import with_any
from anonymisation.hierarchies.base import ANY, as_text
from config.errors import ConfigurationError, Message, Place
from config.models.base import WrongError
from config.models.hierarchy import HierarchyOptions, named
from config.suggest import hints

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

    from anonymisation.hierarchies._lines import Lines
    from config.errors import Problem

NO_COLUMN = Message(
    "hierarchy.codelist-column",
    nl="De kopregel van dit bestand heeft geen kolom `{column}` (scheidingsteken `{delimiter}`).{hint}",
    en="The header of this file has no column `{column}` (delimiter `{delimiter}`).{hint_en}",
)
SHORT = Message(
    "hierarchy.codelist-line",
    nl="Deze regel heeft {found} kolommen en de kopregel heeft er {expected}.",
    en="This line has {found} columns and the header has {expected}.",
)
NO_CODE = Message("hierarchy.codelist-code", nl="Op deze regel staat geen code.", en="There is no code on this line.")
NO_PARENT = Message(
    "hierarchy.codelist-parent",
    nl="De bovenliggende code op deze regel staat zelf niet in het bestand. Voeg haar toe, of laat de cel leeg voor een code bovenaan.",
    en="The code above, on this line, is not in the file itself. Add it, or leave the cell empty for a code at the top.",
)
CIRCLE = Message(
    "hierarchy.codelist-circle",
    nl="De code op deze regel staat, via de codes erboven, boven zichzelf. Verbeter de bovenliggende code.",
    en="The code on this line is, by way of the codes above it, above itself. Correct the code above.",
)
NO_TREE = Message(
    "hierarchy.codelist-flat",
    nl="Geen enkele code in dit bestand heeft een bovenliggende code, dus er valt niets grover te maken.",
    en="No code in this file has a code above it, so nothing can be made coarser.",
)


class Options(HierarchyOptions):
    """The tree of a code list: a CSV file with a header.

    Attributes:
        levels: the names of the steps, the roots of the tree last; without it they are numbered from 1. A last name `any` adds a step on
            which all values are one.
        path: the code list, relative to the file that names it.
        code: the column with the code.
        parent: the column with the code above it, empty at the top.
        delimiter: the character between cells.
    """

    fits = frozenset({"string", "integer"})

    type: Literal["codelist"]
    path: str = Field(min_length=1)
    code: str = "code"
    parent: str = "parent"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ";"

    def steps(self) -> tuple[str, ...] | None:
        """Give the names of the steps, where they are named."""
        return self.levels or None

    def files(self) -> tuple[str, ...]:
        """Give the code list."""
        return (self.path,)


@dataclass(frozen=True, slots=True)
class TreeLadder:
    """The codes, and the label of each on every step."""

    names: tuple[str, ...]
    codes: tuple[str, ...]
    above: tuple[tuple[str, ...], ...]

    def labels(self, values: pa.Array) -> list[pa.Array]:
        """Look the codes up."""
        import pyarrow as pa
        import pyarrow.compute as pc

        places = pc.index_in(as_text(values), value_set=pa.array(self.codes, pa.string()))
        return with_any([pa.array(step, pa.string()).take(places) for step in self.above], self.names, len(values))

    def domain(self, level: int, of: pa.DataType) -> pa.Array | None:
        """Give the codes of a step; of level 0 all of them, where they are text."""
        import pyarrow as pa
        from pyarrow import types

        if not level:
            return pa.array(self.codes, pa.string()) if types.is_string(of) else None
        return pa.array(dict.fromkeys(self.above[level - 1]) if level <= len(self.above) else [ANY], pa.string())


def open_ladder(options: Options, base: Path) -> TreeLadder:
    """Read and check the tree.

    Raises:
        ConfigurationError: with every line that is wrong (the first `MAX_PROBLEMS`).
    """
    parents = _parents(options, read_lines(options.path, base, options.delimiter))
    paths = {code: _path(code, parents) for code in parents}
    deepest = max(map(len, paths.values())) - 1
    if not deepest:
        raise ConfigurationError(NO_TREE.at(Place(options.path)))
    try:
        names = named(options.levels, deepest)
    except WrongError:
        raise ConfigurationError(LEVELS.at(Place(options.path), named=len(options.levels), found=deepest)) from None
    # A path runs from the root down.
    above = tuple(tuple(path[min(depth, len(path) - 1)] for path in paths.values()) for depth in reversed(range(deepest)))
    return TreeLadder(names, tuple(paths), above)


def _parents(options: Options, lines: Lines) -> dict[str, str]:
    """Give the code above each code, empty at the top."""
    (_, header), *rows = lines
    problems = [_no_column(name, header, options) for name in (options.code, options.parent) if name not in header]
    if not problems:
        code, parent = header.index(options.code), header.index(options.parent)
        problems = [
            SHORT.at(Place(options.path, line), found=len(row), expected=len(header)) for line, row in rows if len(row) != len(header)
        ]
    if not problems:
        problems = _wrong(options.path, [(line, row[code], row[parent]) for line, row in rows])
    if problems:
        raise ConfigurationError(*problems[:MAX_PROBLEMS])
    return {row[code]: row[parent] for _, row in rows}


def _no_column(name: str, header: Sequence[str], options: Options) -> Problem:
    nl, en = hints(name, header)
    return NO_COLUMN.at(Place(options.path, 1), column=name, delimiter=options.delimiter, hint=nl, hint_en=en)


def _wrong(typed: str, rows: Sequence[tuple[int, str, str]]) -> list[Problem]:
    """Find codes that are missing or stand there twice, codes above that are not there, and circles."""
    first: dict[str, int] = {}
    problems = []
    for line, code, _ in rows:
        if not code:
            problems.append(NO_CODE.at(Place(typed, line)))
        elif first.setdefault(code, line) != line:
            problems.append(TWICE.at(Place(typed, line), first=first[code]))
    problems += [NO_PARENT.at(Place(typed, line)) for line, _, parent in rows if parent and parent not in first]
    if not problems:
        circular = _circular({code: parent for _, code, parent in rows})
        problems = [CIRCLE.at(Place(typed, line)) for line, code, _ in rows if code in circular]
    return problems


def _circular(parents: dict[str, str]) -> set[str]:
    """Give the codes that are above themselves; every code is passed once."""
    passed: set[str] = set()
    found: set[str] = set()
    for code in parents:
        path: dict[str, int] = {}
        at = code
        while at and at not in passed:
            passed.add(at)
            path[at] = len(path)
            at = parents[at]
        if at in path:
            found |= {one for one, place in path.items() if place >= path[at]}
    return found


def _path(code: str, parents: dict[str, str]) -> list[str]:
    """Give the codes from the root down to a code."""
    path = [code]
    while parents[path[-1]]:
        path.append(parents[path[-1]])
    return path[::-1]
