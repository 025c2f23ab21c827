r"""Regular expressions: Python's `re` says what one means; the engine (RE2) looks for those on which the two agree.

Some agree on most texts only: RE2 knows ``\d``, ``\w``, ``\b`` and letters of either case in ASCII alone, and its ``$`` does not stand
before a last new line. Where the column holds texts on which they may differ, Python judges the column after all (`doubt`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.session import quoted
from quality.native.cells import NotNative, text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from quality.native.cells import Columns

_PYTHON_ONLY = re.compile(r"\\[ZsSuUN0-9]|\(\?(?:[=!]|<[=!])|\(\?P=|\[\[:|\{,|\0")
"""What the two read differently, or only Python reads: looking around, references, white space, ``{,n}``, classes of POSIX."""
_ASCII_IN_ENGINE = re.compile(r"\\[dDwWbB]|\(\?[a-z]*i")


def readable(pattern: str) -> bool:
    """Say whether Python reads a pattern; one that it does not read is a mistake in the suite."""
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def same_in_engine(pattern: str) -> bool:
    """Say whether the engine reads a pattern as Python does, but for the texts of `doubt`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if _PYTHON_ONLY.search(pattern):
        return False
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
    except pa.ArrowInvalid:
        return False
    return True


def matches(told: str, pattern: str) -> str:
    """Give the condition that a pattern occurs in a text."""
    return f"regexp_matches({told}, {text(pattern)})"


def doubt(told: str, patterns: Sequence[str]) -> str | None:
    """Give the condition of the texts on which the engine and Python may differ; None where they never do."""
    found = []
    if any(_ASCII_IN_ENGINE.search(pattern) for pattern in patterns):
        found.append(f"strlen({told}) <> length({told})")
    if any("$" in pattern for pattern in patterns):
        found.append(f"contains({told}, chr(10))")
    return " OR ".join(found) or None


def as_text(name: str, columns: Columns) -> str:
    """Give the text that checks of form look at: a text itself, the digits of a whole number."""
    kind = columns.kind(name)
    if kind not in {"string", "integer"}:
        raise NotNative
    return quoted(name) if kind == "string" else f"CAST({quoted(name)} AS VARCHAR)"


def python(patterns: Sequence[str], how: str, *, negated: bool) -> Callable[[str], bool]:
    """Give the test of a text against any or all of some patterns, or none of them."""
    compiled = [re.compile(pattern) for pattern in patterns]
    quantity = any if how == "any" else all
    return lambda cell: quantity(pattern.search(cell) for pattern in compiled) is not negated
