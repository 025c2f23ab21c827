"""A hierarchy in a file, as ARX writes it: CSV without a header, first column the value, each next column one level more general.

UTF-8 without a byte order mark. A value stands in it as `as_text` writes it; an empty first cell stands for a missing value. The file is
checked when it is read: every line is complete, no value stands there twice, and a label has one label on the next level. Errors name the
line, never what stands there.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anonymisation.hierarchies.base import as_text
from config.errors import ConfigurationError, Message, Place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

    from config.errors import Problem
    from config.models.privacy import Hierarchy

MISSING = Message(
    "hierarchy.missing",
    nl="Dit hiërarchiebestand kan niet worden gelezen. Kijk of het er staat en of u het mag lezen.",
    en="This hierarchy file cannot be read. Check that it is there and that you may read it.",
)
BOM = Message(
    "hierarchy.bom",
    nl="Dit hiërarchiebestand begint met een BOM: onzichtbare tekens die bij de eerste waarde zouden horen. "
    "Sla het op als UTF-8 zonder BOM.",
    en="This hierarchy file starts with a BOM: invisible characters that would belong to the first value. Save it as UTF-8 without BOM.",
)
ENCODING = Message(
    "hierarchy.encoding",
    nl="Dit hiërarchiebestand is geen UTF-8; vanaf deze regel staan er andere tekens in (vaak cp1252). Sla het op als UTF-8 zonder BOM.",
    en="This hierarchy file is not UTF-8; from this line on it holds other characters (often cp1252). Save it as UTF-8 without BOM.",
)
QUOTES = Message(
    "hierarchy.quotes",
    nl='Deze regel van het hiërarchiebestand is niet te lezen. Kijk naar de aanhalingstekens: wat met " begint, eindigt ermee, '
    'en een " daarbinnen staat er dubbel.',
    en='This line of the hierarchy file cannot be read. Look at the quotes: what starts with " ends with it, '
    'and a " inside stands there twice.',
)
EMPTY = Message("hierarchy.empty", nl="Dit hiërarchiebestand is leeg.", en="This hierarchy file is empty.")
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
TWICE = Message(
    "hierarchy.twice",
    nl="De waarde op deze regel staat ook op regel {first}. Laat één van de twee staan.",
    en="The value on this line also stands on line {first}. Leave one of the two.",
)
MONOTONE = Message(
    "hierarchy.monotone",
    nl="Kolom {column} is op deze regel gelijk aan die op regel {first}, maar kolom {next} is anders. "
    "Wat samenvalt moet op elke volgende stap samen blijven.",
    en="Column {column} of this line equals that of line {first}, but column {next} differs. "
    "What falls together must stay together on every next step.",
)
LEVELS = Message(
    "hierarchy.levels",
    nl="Bij `levels` staan {named} namen en het bestand heeft {found} stappen na de waarde. Noem ze alle of geen.",
    en="`levels` has {named} names and the file has {found} steps after the value. Name all or none.",
)
MAX_PROBLEMS = 20
"""A file with the wrong delimiter is wrong on every line; the first lines tell the story."""


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


def read_file(hierarchy: Hierarchy, base: Path) -> FileLadder:
    """Read and check a hierarchy file.

    Raises:
        ConfigurationError: with every line that is wrong (the first `MAX_PROBLEMS`).
    """
    typed = hierarchy.path or ""
    numbered = _rows(_text(typed, base), typed, hierarchy.delimiter)
    if not numbered:
        raise ConfigurationError(EMPTY.at(Place(typed)))
    problems = _shape(numbered, typed, hierarchy.delimiter) or [*_repeats(numbered, typed), *_forks(numbered, typed)]
    steps = len(numbered[0][1]) - 1
    if hierarchy.levels and not problems and len(hierarchy.levels) != steps:
        problems.append(LEVELS.at(Place(typed), named=len(hierarchy.levels), found=steps))
    if problems:
        raise ConfigurationError(*problems[:MAX_PROBLEMS])
    names = hierarchy.levels or tuple(str(step) for step in range(1, steps + 1))
    return FileLadder(names, tuple(zip(*(cells for _, cells in numbered), strict=True)))


def _text(typed: str, base: Path) -> str:
    """Read the file as UTF-8."""
    try:
        raw = (base / typed).read_bytes()
    except OSError:
        raise ConfigurationError(MISSING.at(Place(typed))) from None
    if raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise ConfigurationError(BOM.at(Place(typed, 1)))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigurationError(ENCODING.at(Place(typed, raw.count(b"\n", 0, error.start) + 1))) from None


def _rows(text: str, typed: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """Split into cells, each line with its number; blank lines are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error:
        raise ConfigurationError(QUOTES.at(Place(typed, reader.line_num))) from None


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
