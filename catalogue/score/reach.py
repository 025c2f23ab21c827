"""Trying the addresses of a catalogue: HEAD, and where a server refuses that a GET of one byte; a few at a time.

Only https addresses of public machines are asked: a catalogue of somebody else could point into the own network. `resolve` names the base
address of a portal that stands somewhere else for now, such as on this machine; what it leads to may be anywhere.
"""

from __future__ import annotations

import ipaddress
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from rdflib import URIRef

from catalogue.namespaces import DCAT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from httpx import Client
    from rdflib import Graph

AT_ONCE: Final = 8
TIME_OUT: Final = 10.0
"""Seconds for one answer."""
REDIRECTS: Final = 5
NO_HEAD: Final = frozenset({403, 405, 501})
"""Answers to HEAD that some servers give where GET works."""
UNREACHED: Final = 0


@dataclass(frozen=True, slots=True)
class Statuses:
    """What every address answered."""

    found: Mapping[str, int] = field(default_factory=dict)

    def status(self, url: str) -> int:
        """Give the status of an address, 0 where it was not asked or did not answer."""
        return self.found.get(url, UNREACHED)


@dataclass(frozen=True, slots=True)
class Asking:
    """Which addresses may be asked, and where they stand.

    Attributes:
        resolve: base address in the catalogue → where it is served.
        online: whether addresses elsewhere are asked too.
    """

    resolve: Mapping[str, str] = field(default_factory=dict)
    online: bool = False

    def target(self, url: str) -> str | None:
        """Give the address to ask instead of `url`, None where it may not be asked."""
        for base, served in self.resolve.items():
            if url == base or url.startswith(f"{base.rstrip('/')}/"):
                return served.rstrip("/") + url[len(base.rstrip("/")) :]
        return url if self.online and _public(url) else None

    def follow(self, target: str, location: str) -> str | None:
        """Give where a redirect leads; from a resolved base one may stay on it, or go where any address may go."""
        following = urljoin(target, location)
        if any(following.startswith(f"{served.rstrip('/')}/") for served in self.resolve.values()):
            return following
        return self.target(following)


def ask(graph: Graph, asking: Asking) -> Statuses:
    """Try every access and download address of a catalogue once."""
    import httpx

    urls = {str(url) for prop in (DCAT.accessURL, DCAT.downloadURL) for url in graph.objects(None, prop) if isinstance(url, URIRef)}
    with httpx.Client(timeout=TIME_OUT, follow_redirects=False) as client:
        return Statuses(dict(zip(sorted(urls), _statuses(client, asking, sorted(urls)), strict=True)))


def _statuses(client: Client, asking: Asking, urls: Iterable[str]) -> list[int]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda url: _status(client, asking, url), urls))


def _status(client: Client, asking: Asking, url: str) -> int:
    """Ask one address, redirects followed one by one so that each is judged."""
    import httpx

    target = asking.target(url)
    for _ in range(REDIRECTS + 1):
        if target is None:
            return UNREACHED
        try:
            code, location = _answer(client, target)
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError):
            return UNREACHED
        if not location:
            return code
        target = asking.follow(target, location)
    return UNREACHED


def _answer(client: Client, target: str) -> tuple[int, str]:
    """Give the status and, of a redirect, where it leads."""
    answer = client.head(target)
    if answer.status_code in NO_HEAD:
        with client.stream("GET", target, headers={"Range": "bytes=0-0"}) as answer:
            pass  # the headers are enough
    return answer.status_code, answer.headers.get("location", "") if answer.is_redirect else ""


def _public(url: str) -> bool:
    """Whether an address is https and all its machines are public."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        return False
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return all(ipaddress.ip_address(str(address[0]).partition("%")[0]).is_global for *_, address in found)
