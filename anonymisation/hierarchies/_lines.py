"""Reading the small CSV files that hierarchies are made of; errors name the line, never what stands there.

UTF-8 without a byte order mark; quoted as RFC 4180 says; blank lines are passed over.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, TypeAlias

from config.errors import ConfigurationError, Message, Place

if TYPE_CHECKING:
    from pathlib import Path

Lines: TypeAlias = "list[tuple[int, list[str]]]"
"""The number of each line, from 1, with its cells."""

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
TWICE = Message(
    "hierarchy.twice",
    nl="De waarde op deze regel staat ook op regel {first}. Laat één van de twee staan.",
    en="The value on this line also stands on line {first}. Leave one of the two.",
)
LEVELS = Message(
    "hierarchy.levels",
    nl="Bij `levels` staan {named} namen en het bestand heeft {found} stappen na de waarde. Noem ze alle of geen.",
    en="`levels` has {named} names and the file has {found} steps after the value. Name all or none.",
)
MAX_PROBLEMS = 20
"""A file with the wrong delimiter is wrong on every line; the first lines tell the story."""


def read_lines(typed: str, base: Path, delimiter: str) -> Lines:
    """Read a file, as it is named in a declaration, into cells.

    Raises:
        ConfigurationError: it cannot be read, is not UTF-8 or has quotes that do not fit, or there is nothing in it.
    """
    reader = csv.reader(io.StringIO(_text(typed, base), newline=""), delimiter=delimiter, strict=True)
    try:
        found = [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error:
        raise ConfigurationError(QUOTES.at(Place(typed, reader.line_num))) from None
    if not found:
        raise ConfigurationError(EMPTY.at(Place(typed)))
    return found


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
