"""A proxy before a portal that breaks what passes: answers that get lost, refusals, and a hand to pull a plug at the nth request."""

from __future__ import annotations

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

STATUSES = {"500": 500, "502": 502, "503": 503, "429": 429}


class Proxy:
    """Forwards to a portal on this machine; `fault` says what to do with the nth request (from 1) for an action."""

    def __init__(self, portal: str) -> None:
        self.portal = urlsplit(portal)
        self.seen: list[str] = []
        self.fault: Callable[[int, str], str | None] = lambda _number, _action: None
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"proxy": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def counted(self, action: str) -> tuple[int, str | None]:
        with self._lock:
            self.seen.append(action)
            number = len(self.seen)
        return number, self.fault(number, action)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    proxy: ClassVar[Proxy]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._pass()

    def do_POST(self) -> None:
        self._pass()

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        _, fault = self.proxy.counted(self.path.rpartition("/")[2].partition("?")[0])
        if fault == "cut":
            self.close_connection = True
            self.connection.close()
            return
        if fault in STATUSES:
            self._answer(STATUSES[fault], b"<html>no</html>", {"Retry-After": "0"} if fault == "429" else {})
            return
        status, told, content = self._forward(body)
        if fault == "lost":
            self.close_connection = True
            self.connection.close()
        elif fault == "truncated":
            self.send_response(status)
            self.send_header("Content-Length", str(len(content) + 10))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2])
            self.close_connection = True
        elif fault == "failed":
            self._answer(200, b'{"success": false, "error": {"message": "no"}}', {"Content-Type": "application/json"})
        else:
            self._answer(status, content, told)

    def _forward(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(self.proxy.portal.hostname or "", self.proxy.portal.port, timeout=120)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in {"host", "connection"}}
        try:
            connection.request(self.command, self.path, body or None, {**headers, "Host": self.proxy.portal.netloc})
            answer = connection.getresponse()
            return answer.status, {"Content-Type": answer.getheader("Content-Type", "")}, answer.read()
        finally:
            connection.close()

    def _answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""
