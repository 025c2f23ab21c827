"""The words of the pages: one file a language in `pages/words/`, the same keys in each.

A key is ``part.name``; blanks are ``{name}``. A sentence that counts has the keys ``….one`` and ``….other``.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from config.errors import Language
from pages.numbers import integer, percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FOLDER = Path(__file__).parent / "words"
LANGUAGES: tuple[Language, ...] = get_args(Language)


@cache
def texts(language: Language) -> Mapping[str, str]:
    """Give every text of a language by its key."""
    with (FOLDER / f"{language}.toml").open("rb") as file:
        return dict(_flat(tomllib.load(file)))


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Give the keys of nested tables, joined by dots."""
    for name, value in table.items():
        if isinstance(value, str):
            yield f"{above}{name}", value.strip()
        else:
            yield from _flat(value, f"{above}{name}.")


def text(key: str, language: Language, /, **fields: object) -> str:
    """Give a text with its blanks filled, as plain text; KeyError for a key or a blank that is not there."""
    return texts(language)[key].format_map(fields)


def counted(key: str, count: int) -> str:
    """Give the key of a sentence for a number of things."""
    return f"{key}.{'one' if count == 1 else 'other'}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence to be said in the language of the page.

    Attributes:
        count: for a key that counts; fills ``{count}``.
        numbers: whole numbers by blank; `shares` shares by blank, said as percentages.
    """

    key: str
    count: int | None = None
    numbers: Mapping[str, int] = field(default_factory=dict)
    shares: Mapping[str, float] = field(default_factory=dict)

    def say(self, language: Language) -> str:
        """Say it."""
        fields = {name: integer(value, language) for name, value in self.numbers.items()}
        fields |= {name: percent(value, language) for name, value in self.shares.items()}
        if self.count is None:
            return text(self.key, language, **fields)
        return text(counted(self.key, self.count), language, count=integer(self.count, language), **fields)
