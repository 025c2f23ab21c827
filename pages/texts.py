"""The words of the pages: one file a language in `pages/words/`, the same keys in each.

A key is ``part.name``; blanks are ``{name}``. A sentence that counts has the keys ``….one`` and ``….other``.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from config.errors import Language

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
