"""What every detector shares: distinct cells with their counts, the words of a header, masks that show a form and no value."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

SEPARATOR = r"[ .\u00a0\u202f\u2010-\u2013-]"
"""A single separator inside a number, as a class of Python's `re`: space, dot, hyphen, and what word processors make of them."""
SEPARATOR_RE2 = r"[ .\x{a0}\x{202f}\x{2010}-\x{2013}-]"
"""The same for Arrow's RE2, which has no ``\\u``."""
NOT_PLAIN = str.maketrans(dict.fromkeys("\u00a0\u202f", " ") | dict.fromkeys("\u2010\u2011\u2012\u2013", "-"))
# Neither the tail of a longer word nor of a decimal number, of which the digits after the sign say nothing.
STARTS = r"(?<![0-9A-Za-z_+])(?<![0-9][.,])"
ENDS = r"(?![0-9A-Za-z_])(?![.,][0-9])"


@dataclass(frozen=True)
class Header:
    """What a column is called: its name and its title."""

    column: str
    title: str

    def words(self) -> frozenset[str]:
        """Give the words of both in lower case, `camelCase`, `snake_case` and digits taken apart."""
        text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", f"{self.column} {self.title}")
        return frozenset(re.findall(r"[a-zà-ÿ]+", text.lower()))


@dataclass(frozen=True)
class Found:
    """What one detector says of one column.

    Attributes:
        hits: cells that hold the kind.
        lift: how many times more often than by chance, None where chance makes none.
        pattern: the commonest form, ``9`` for a digit, ``X`` and ``x`` for letters; never a value.
        hit: whether it stops a publication.
    """

    hits: int
    lift: float | None
    pattern: str
    reason_nl: str
    reason_en: str
    hit: bool


@dataclass
class Tally:
    """Cells that hold a kind, and in which form."""

    hits: int = 0
    forms: Counter[str] = field(default_factory=Counter)

    def add(self, text: str, times: int) -> None:
        """Count a find."""
        self.hits += times
        self.forms[mask(text)] += times

    def pattern(self) -> str:
        """Give the commonest form; of two as common the first by alphabet."""
        return min(self.forms, key=lambda form: (-self.forms[form], form)) if self.forms else ""


class Detector(Protocol):
    """A detector of one kind in one column; it is fed the distinct cells of every batch, and asked once."""

    kind: str

    def __init__(self, header: Header) -> None:
        """Look for the kind in the column of this header."""

    def texts(self, values: pa.StringArray, times: np.ndarray) -> None:
        """Take the distinct texts of a batch, shape (n,), none null, and how often each occurs, shape (n,)."""

    def numbers(self, values: np.ndarray, times: np.ndarray) -> None:
        """Take the distinct whole numbers of a batch, int64, shape (n,), and how often each occurs, shape (n,)."""

    def found(self) -> Found | None:
        """Say what was found, None for nothing at all."""


def mask(text: str) -> str:
    """Show the form of a text: digits become ``9``, capitals ``X``, other letters ``x``; of a run of letters one stays."""
    shown = re.sub(r"[0-9]", "9", text)
    shown = re.sub(r"[^\W\d_]", lambda letter: "X" if letter[0].isupper() else "x", shown)
    return re.sub(r"x{2,}", "x", shown)


def plain(text: str) -> str:
    """Write the separators of word processors as a space or a hyphen."""
    return text.translate(NOT_PLAIN)


def candidates(values: pa.StringArray, times: np.ndarray, pattern: str) -> list[tuple[str, int]]:
    """Give the texts that match an RE2 pattern, with their counts: Arrow throws away the rest a hundred times faster than Python could."""
    import pyarrow.compute as pc

    keep = pc.match_substring_regex(values, pattern)
    return list(zip(values.filter(keep).to_pylist(), times[keep.to_numpy(zero_copy_only=False)].tolist(), strict=True))
