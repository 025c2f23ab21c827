"""Holding every link of a site: each leads to a file of the site and a part that is there; nothing is loaded from anywhere else."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOADING = {"src", "srcset", "poster", "data", "action", "formaction", "background"}
"""Attributes by which a page would fetch or send something by itself."""
NAMING = {"canonical", "alternate"}
"""Relations of ``<link>`` that name an address and fetch nothing."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a page; `loads` where a browser would fetch it by itself."""

    address: str
    loads: bool


@dataclass
class _Reader(HTMLParser):
    """What a page links to, which parts it has, and what it calls its base."""

    links: list[Link] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    base: str | None = None

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if "id" in told:
            self.parts.append(told["id"])
        if tag == "base":
            self.base = told.get("href")
            return
        if tag == "meta" and told.get("http-equiv", "").lower() == "refresh":
            self.links.append(Link(told["content"].partition("url=")[2], loads=True))
        if "href" in told:
            loads = tag not in {"a", "area"} and not (tag == "link" and set(told.get("rel", "").split()) <= NAMING)
            self.links.append(Link(told["href"], loads))
        self.links += [Link(told[name], loads=True) for name in sorted(LOADING & set(told))]


def read(text: str) -> _Reader:
    """Read a page."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader


def broken(root: Path) -> Iterator[tuple[str, str]]:
    """Give every link that does not hold, as page and address, in order of page; a part that a page has twice counts too."""
    read_pages = {
        path.relative_to(root).as_posix(): read(path.read_text(encoding="utf-8")) for path in sorted(root.rglob("*.html")) if path.is_file()
    }
    for page, reader in read_pages.items():
        for part in sorted({part for part in reader.parts if reader.parts.count(part) > 1}):
            yield page, f"#{part}"
        for link in reader.links:
            if not _holds(link, page, reader, read_pages, root):
                yield page, link.address


def _holds(link: Link, page: str, reader: _Reader, read_pages: dict[str, _Reader], root: Path) -> bool:
    parts = urlsplit(link.address)
    if parts.scheme == "mailto":
        return not link.loads
    if parts.scheme or parts.netloc:
        return parts.scheme in {"http", "https"} and not link.loads
    if parts.path.startswith("/"):
        return False
    # A page with a base (the one for unknown addresses) is read from the root.
    folder = "" if reader.base is not None else posixpath.dirname(page)
    target = posixpath.normpath(posixpath.join(folder, unquote(parts.path))) if parts.path else page
    if target.startswith("..") or not (root / target).is_file():
        return False
    return not parts.fragment or (target in read_pages and parts.fragment in read_pages[target].parts)
