"""Showing the static portal on this machine, at 127.0.0.1 and nowhere else, as a careful public server would.

A request opens the generation that the link names at that moment, once, and takes its file below that opened folder: a switch while pages
are served gives a file of the old site or of the new one, never parts of both. No link is followed below it, no folder is listed, and a
name that starts with a dot is not there. Every answer carries headers under which a browser runs and loads nothing from elsewhere.
"""

from __future__ import annotations

import errno
import logging
import os
import shutil
import stat
import sys
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote, unquote

from config.errors import ConfigurationError, Message
from pages.links import PREFIX
from publication.serving import ASK_AGAIN, BINARY, HEADERS, MEDIA_TYPES, caching, place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOG = logging.getLogger(__name__)
HOST = "127.0.0.1"
FOLDER = os.O_RDONLY | os.O_DIRECTORY
ATTEMPTS = 5
"""How often a request looks again when the generation that it looked in has just been replaced."""

INDEX, MISSING = "index.html", "404.html"

IN_USE = Message(
    "site.port-in-use",
    nl="poort {port} is al in gebruik; kies een andere, bijvoorbeeld: vrijgave site serve --port {other}",
    en="port {port} is in use already; choose another one, for example: vrijgave site serve --port {other}",
)
REFUSED = Message(
    "site.port",
    nl="poort {port} kan niet worden geopend ({kind}); kies er een van 1024 tot en met 65535, zoals: vrijgave site serve --port 8080",
    en="port {port} cannot be opened ({kind}); choose one from 1024 to 65535, such as: vrijgave site serve --port 8080",
)


def serve(folder: Path, port: int, *, on_ready: Callable[[str], object]) -> None:
    """Serve a site until Ctrl-C.

    Args:
        folder: the site, or the link to its current generation.
        port: where to listen; 0 for any free one.
        on_ready: is told the address once the site can be visited.

    Raises:
        ConfigurationError: the port is in use or may not be opened.
    """
    with suppress(KeyboardInterrupt), open_server(folder, port) as server:
        on_ready(server.url)
        server.serve_forever()


def open_server(folder: Path, port: int) -> SiteServer:
    """Listen, and answer nothing until `serve_forever` is called.

    Raises:
        ConfigurationError: the port is in use or may not be opened.
    """
    try:
        return SiteServer(folder, port)
    except (OSError, OverflowError) as error:
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            raise ConfigurationError(IN_USE.at(port=port, other=port + 1 if port < 65535 else 8080)) from None  # noqa: PLR2004 - last port
        raise ConfigurationError(REFUSED.at(port=port, kind=type(error).__name__)) from None


@dataclass(frozen=True, slots=True)
class Found:
    """What an address leads to: an open file and its name, or the place to go to, or neither."""

    status: HTTPStatus
    file: BinaryIO | None = None
    name: str = ""
    location: str | None = None


def look_up(folder: Path, address: str) -> Found:
    """Find what an address (path and query, as sent) leads to in the generation that is current now; the caller closes the file."""
    for _ in range(ATTEMPTS):
        try:
            generation = os.open(folder, FOLDER)
        except OSError:
            break
        try:
            found = _within(generation, address)
            if found.status != HTTPStatus.NOT_FOUND or _is_current(generation, folder):
                return found
            if found.file:
                found.file.close()
        finally:
            os.close(generation)
    return Found(HTTPStatus.SERVICE_UNAVAILABLE)


def _within(generation: int, address: str) -> Found:
    """Find an address in an opened generation."""
    parts = _parts(address)
    if parts is not None:
        if file := _open_below(generation, parts):
            return Found(HTTPStatus.OK, file, parts[-1])
        if index := _open_below(generation, (*parts, INDEX)):
            index.close()
            return Found(HTTPStatus.MOVED_PERMANENTLY, location=quote(f"/{'/'.join(parts)}/"))
    language = next((prefix for prefix in PREFIX.values() if prefix and address.startswith(f"/{prefix}")), "")
    return Found(HTTPStatus.NOT_FOUND, _open_below(generation, (*language.split("/")[:-1], MISSING)), MISSING)


def _parts(address: str) -> tuple[str, ...] | None:
    """Give the names in the path of an address, `index.html` for a folder; None where one can never be a file of a site."""
    path = unquote(address.partition("?")[0].partition("#")[0], errors="replace")
    if not path.startswith("/") or "\0" in path or "\ufffd" in path:
        return None
    *folders, last = path[1:].split("/")
    parts = (*folders, last or INDEX)
    return None if any(not part or part.startswith(".") for part in parts) else parts


def _open_below(folder: int, parts: tuple[str, ...]) -> BinaryIO | None:
    """Open a regular file below an opened folder without following any link; None where there is none."""
    opened = []
    try:
        for part in parts[:-1]:
            folder = os.open(part, FOLDER | os.O_NOFOLLOW, dir_fd=folder)
            opened.append(folder)
        # Without O_NONBLOCK a named pipe would keep the thread waiting for a writer.
        file = os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except OSError:
        return None
    finally:
        for descriptor in opened:
            os.close(descriptor)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        return None
    return os.fdopen(file, "rb")


def _is_current(generation: int, folder: Path) -> bool:
    """Whether an opened generation still is the one that the link names."""
    try:
        return os.path.samestat(os.fstat(generation), folder.stat())
    except OSError:
        return False


class SiteServer(ThreadingHTTPServer):
    """Serves one site; a thread a connection, none of which keeps the program from ending."""

    daemon_threads = True

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder.absolute()
        super().__init__((HOST, port), SiteHandler)

    @property
    def url(self) -> str:
        """Where the site can be visited."""
        return f"http://{HOST}:{self.server_address[1]}/"

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the signature of the base class
        """Note what went wrong while answering; a visitor who went away is nothing wrong."""
        error = sys.exc_info()[0]
        if error and not issubclass(error, ConnectionError | TimeoutError):
            LOG.error("site: a request failed with %s", error.__name__)


class SiteHandler(BaseHTTPRequestHandler):
    """Answers GET and HEAD with files of the current generation."""

    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds that a silent connection may last
    server: SiteServer

    def do_GET(self) -> None:
        """Answer with a file, or with where it is, or with the page for what is not there."""
        if "Content-Length" in self.headers or "Transfer-Encoding" in self.headers:
            self.close_connection = True  # a body that nobody reads must not be taken for the next request
        if leads := place(self.path.partition("?")[0], self.headers.get("Accept", "")):
            self._say(HTTPStatus.SEE_OTHER, {"Location": leads, "Vary": "Accept"})
            return
        found = look_up(self.server.folder, self.path)
        if found.file is None:
            self._say(found.status, {"Location": found.location} if found.location else {})
            return
        with found.file as file:
            told = os.fstat(file.fileno())
            tag = f'"{told.st_mtime_ns:x}-{told.st_size:x}"'
            kept = {"ETag": tag, "Cache-Control": caching(self.path)} if found.status == HTTPStatus.OK else {}
            if kept and tag in self.headers.get("If-None-Match", ""):
                self._head(HTTPStatus.NOT_MODIFIED, kept)
                return
            ending = found.name.rpartition(".")[2]
            self._head(found.status, kept | {"Content-Type": MEDIA_TYPES.get(ending, BINARY), "Content-Length": str(told.st_size)})
            if self.command != "HEAD":
                shutil.copyfileobj(file, self.wfile)

    do_HEAD = do_GET  # noqa: N815 - as the base class looks for it

    def do_POST(self) -> None:
        """Answer that the site can only be read."""
        self.close_connection = True
        self._say(HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "GET, HEAD"})

    do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_POST  # noqa: N815 - as the base class looks for them

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002 - as the base class
        """Answer what is no request, without repeating any of it."""
        self.close_connection = True
        self._say(HTTPStatus(code), {})

    def _say(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        """Answer with a line of text."""
        text = f"{status.value} {status.phrase}\n".encode()
        self._head(status, headers | {"Content-Type": MEDIA_TYPES["txt"], "Content-Length": str(len(text))})
        if self.command != "HEAD":
            self.wfile.write(text)

    def _head(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        self.send_response(status)
        closing = {"Connection": "close"} if self.close_connection else {}
        for name, value in (HEADERS | {"Cache-Control": ASK_AGAIN} | headers | closing).items():
            self.send_header(name, value)
        self.end_headers()

    def version_string(self) -> str:
        """Name the program, without versions of what it is made with."""
        return "vrijgave"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        """Keep quiet: who looks at what is nobody's business."""
