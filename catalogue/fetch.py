"""Fetching a catalogue from the web, so that no address can lead into the own network.

Only https addresses of public machines are fetched, each redirect is judged like the first address, and the connection is made to the very
machine that was judged: a name that is looked up twice can answer twice. What `resolve` names is taken as it is: a person asked for it.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit, urlunsplit

from catalogue.load import loads
from config.errors import ConfigurationError, Message, SourceError

if TYPE_CHECKING:
    import httpx
    from rdflib import Graph

    from catalogue.score.reach import Asking

LARGEST: Final = 256 * 2**20
"""Bytes of a catalogue, unpacked: ten thousand datasets are about 100 MiB."""
LONGEST: Final = 300.0
"""Seconds for the whole of it."""
TIME_OUT: Final = 30.0
"""Seconds without a sign of life."""
REDIRECTS: Final = 5
ACCEPT: Final = "text/turtle, application/n-triples;q=0.9, application/rdf+xml;q=0.8, application/ld+json;q=0.7, */*;q=0.1"

NOT_ALLOWED = Message(
    "catalogue.file-address",
    nl="{url}: dit adres wordt niet opgehaald. Een catalogus komt van een openbaar https-adres; typ --online voor http, en "
    "--resolve {url}=ADRES voor een adres in het eigen netwerk",
    en="{url}: this address is not fetched. A catalogue comes from a public https address; type --online for http, and "
    "--resolve {url}=ADDRESS for an address in your own network",
)
NOT_REACHED = Message(
    "catalogue.file-unreached",
    nl="{url}: hier kwam geen catalogus vandaan ({status}); probeer het adres in een browser",
    en="{url}: no catalogue came from here ({status}); try the address in a browser",
)
TOO_BIG = Message(
    "catalogue.file-size",
    nl="{url}: dit is meer dan {limit} MiB of duurt te lang; haal de catalogus zelf op en typ het pad van het bestand",
    en="{url}: this is more than {limit} MiB or takes too long; fetch the catalogue yourself and type the path of the file",
)


def is_address(source: str) -> bool:
    """Whether what somebody typed is an address and not a file."""
    return source.lower().startswith(("http://", "https://"))


def fetch(url: str, asking: Asking) -> Graph:
    """Fetch a catalogue and read it; what it is, its first characters tell, whatever the server says.

    Raises:
        ConfigurationError: the address may not be fetched, is too big, or what is there cannot be read.
        SourceError: nothing came.
    """
    import httpx

    try:
        with httpx.Client(timeout=TIME_OUT, follow_redirects=False, headers={"Accept": ACCEPT}) as client:
            return loads(_content(client, url, asking), url)
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise SourceError(NOT_REACHED.at(url=url, status=type(error).__name__)) from None


def _content(client: httpx.Client, url: str, asking: Asking) -> bytes:
    """Give the content at an address, at the end of its redirects."""
    target, until = url, time.monotonic() + LONGEST
    for _ in range(REDIRECTS + 1):
        address, options = _judged(target, url, asking)
        with client.stream("GET", address, **options) as answer:
            if answer.is_redirect:
                target = urljoin(target, answer.headers.get("location", ""))
                continue
            if not answer.is_success:
                raise SourceError(NOT_REACHED.at(url=url, status=answer.status_code))
            return _capped(answer, url, until)
    raise SourceError(NOT_REACHED.at(url=url, status="redirect"))


def _judged(target: str, url: str, asking: Asking) -> tuple[str, dict[str, Any]]:
    """Give the address to connect to and how; ConfigurationError where that may not be."""
    for base, served in asking.resolve.items():
        for start in (base, served):
            if target == start or target.startswith(f"{start.rstrip('/')}/"):
                return served.rstrip("/") + target[len(start.rstrip("/")) :], {}
    parts = urlsplit(target)
    if parts.scheme not in (("https", "http") if asking.online else ("https",)) or not parts.hostname or parts.username:
        raise ConfigurationError(NOT_ALLOWED.at(url=url))
    machine = _machine(parts.hostname, _port(parts.port, parts.scheme))
    if machine is None:
        raise ConfigurationError(NOT_ALLOWED.at(url=url))
    where = f"[{machine}]" if ":" in machine else machine
    pinned = urlunsplit((parts.scheme, f"{where}:{_port(parts.port, parts.scheme)}", parts.path, parts.query, ""))
    host = parts.netloc.rpartition("@")[2]
    return pinned, {"headers": {"Host": host}, "extensions": {"sni_hostname": parts.hostname}}


def _port(port: int | None, scheme: str) -> int:
    return port or (443 if scheme == "https" else 80)


def _machine(host: str, port: int) -> str | None:
    """Give the address of a machine, None unless it has one and all that it has are public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return None
    machines = [str(address[0]).partition("%")[0] for *_, address in found]
    public = all(ipaddress.ip_address(machine).is_global for machine in machines)
    return machines[0] if machines and public else None


def _capped(answer: httpx.Response, url: str, until: float) -> bytes:
    """Read an answer, unpacked, up to the limits."""
    content = bytearray()
    for piece in answer.iter_bytes():
        content += piece
        if len(content) > LARGEST or time.monotonic() > until:
            raise ConfigurationError(TOO_BIG.at(url=url, limit=LARGEST // 2**20))
    return bytes(content)
