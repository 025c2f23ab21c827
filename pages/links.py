"""Links inside a site: always relative, so that the pages can be read from a disk, under any address, and in either language."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from config.errors import Language

PREFIX: dict[Language, str] = {"nl": "", "en": "en/"}
"""Where the pages of a language stand; a page has the same path below it in every language."""


def localised(path: str, language: Language) -> str:
    """Give where a page stands in a language."""
    return PREFIX[language] + path


def relative(here: str, target: str) -> str:
    """Give the link from one file of the site to another, both as paths from its root; a ``#part`` of `target` is kept."""
    path, mark, part = target.partition("#")
    if mark and path == here:
        return f"#{part}"
    return quote(posixpath.relpath(path, posixpath.dirname(here) or ".")) + mark + part
