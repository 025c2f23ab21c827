"""Catalogues from an address, and addresses that must answer: over a real server, and never into the own network unasked."""

from __future__ import annotations

import gzip
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, Graph, URIRef

from catalogue import fetch, online, serialise
from catalogue.namespaces import DCAT
from catalogue.score.reach import Asking
from config.errors import ConfigurationError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

TURTLE = b"<https://a.example/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> .\n"
BASE = "https://elders.example"


@contextmanager
def serving() -> Iterator[str]:
    """A server with catalogues in every syntax, wrongly labelled, moved, too big and gone."""
    graph = Graph().parse(data=TURTLE, format="turtle")
    files = {f"/c.{syntax}": (200, {}, serialise.text(graph, syntax).encode()) for syntax in serialise.SYNTAXES}
    files |= {
        "/moved": (302, {"Location": "/c.ttl"}, b""),
        "/away": (302, {"Location": "http://127.0.0.1:1/c.ttl"}, b""),
        "/round": (302, {"Location": "/round"}, b""),
        "/packed": (200, {"Content-Encoding": "gzip"}, gzip.compress(TURTLE)),
        "/bomb": (200, {"Content-Encoding": "gzip"}, gzip.compress(b" " * 3_000_000)),
        "/page": (200, {"Content-Type": "text/html"}, b"<!DOCTYPE html><html><body>geheim1234</body></html>"),
        "/gone": (404, {}, b"geheim1234"),
    }

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            code, headers, body = files.get(self.path, (404, {}, b""))
            self.send_response(code)
            for name, value in {"Content-Type": "application/octet-stream", **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.mark.parametrize("path", [*(f"c.{syntax}" for syntax in serialise.SYNTAXES), "moved", "packed"])
def test_a_catalogue_is_fetched_whatever_the_server_calls_it(base: str, path: str) -> None:
    for url, resolve in ((f"{BASE}/{path}", {BASE: base}), (f"{base}/{path}", {base: base})):
        graph = fetch.fetch(url, Asking(resolve))
        assert list(graph.subjects(RDF.type, DCAT.Dataset)) == [URIRef("https://a.example/x")]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/c.ttl",
        "https://127.0.0.1/c.ttl",
        "https://localhost/c.ttl",
        "https://[::1]/c.ttl",
        "https://10.0.0.1/c.ttl",
        "https://169.254.169.254/latest",
        "https://2130706433/c.ttl",
        "https://gebruiker:wachtwoord@a.example/c.ttl",
        "https:///c.ttl",
    ],
)
@pytest.mark.parametrize("ask", [Asking(), Asking(online=True), Asking({BASE: "http://127.0.0.1:9"})])
def test_an_address_in_the_own_network_is_never_fetched_unasked(url: str, ask: Asking) -> None:
    with pytest.raises(ConfigurationError) as caught:
        fetch.fetch(url, ask)
    assert caught.value.problems[0].code == "catalogue.file-address"


def test_the_connection_is_made_to_the_machine_that_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that gives a public address when it is judged, and a private one when it is connected to, gets nowhere."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: [(2, 1, 6, "", ("8.8.8.8", 443))])
    address, options = fetch._judged("https://a.example:8443/c.ttl?x=1#y", "", Asking())
    assert address == "https://8.8.8.8:8443/c.ttl?x=1"
    assert options == {"headers": {"Host": "a.example:8443"}, "extensions": {"sni_hostname": "a.example"}}
    mixed = [(2, 1, 6, "", ("8.8.8.8", 443)), (2, 1, 6, "", ("192.168.1.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: mixed)
    with pytest.raises(ConfigurationError):
        fetch._judged("https://a.example/c.ttl", "", Asking())


def test_plain_http_to_the_public_internet_needs_to_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: [(2, 1, 6, "", ("8.8.8.8", 80))])
    assert fetch._judged("http://a.example/c.ttl", "", Asking(online=True))[0] == "http://8.8.8.8:80/c.ttl"
    with pytest.raises(ConfigurationError):
        fetch._judged("http://a.example/c.ttl", "", Asking())


def test_a_redirect_leads_nowhere_that_the_address_itself_may_not(base: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        fetch.fetch(f"{BASE}/away", Asking({BASE: base}))
    assert caught.value.problems[0].code == "catalogue.file-address"


@pytest.mark.parametrize(("path", "status"), [("gone", "404"), ("round", "redirect")])
def test_an_address_without_a_catalogue_says_so(base: str, path: str, status: str) -> None:
    with pytest.raises(SourceError) as caught:
        fetch.fetch(f"{BASE}/{path}", Asking({BASE: base}))
    assert status in caught.value.problems[0].nl
    assert "geheim1234" not in caught.value.problems[0].text()


def test_a_server_that_is_not_there_says_so() -> None:
    with pytest.raises(SourceError) as caught:
        fetch.fetch(f"{BASE}/c.ttl", Asking({BASE: "http://127.0.0.1:1"}))
    assert caught.value.__cause__ is None
    assert "ConnectError" in caught.value.problems[0].nl


def test_a_web_page_is_no_catalogue_and_is_not_quoted(base: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        fetch.fetch(f"{BASE}/page", Asking({BASE: base}))
    assert caught.value.problems[0].code == "catalogue.file-html"
    assert "geheim1234" not in caught.value.problems[0].text()


def test_what_unpacks_to_more_than_the_limit_is_left(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "LARGEST", 2**20)
    with pytest.raises(ConfigurationError) as caught:
        fetch.fetch(f"{BASE}/bomb", Asking({BASE: base}))
    assert caught.value.problems[0].code == "catalogue.file-size"


def test_addresses_that_do_not_answer_are_findings(base: str) -> None:
    node = URIRef(f"{BASE}/f")
    graph = Graph()
    graph.add((node, RDF.type, DCAT.Distribution))
    graph.add((node, DCAT.accessURL, URIRef(f"{BASE}/c.ttl")))
    graph.add((node, DCAT.downloadURL, URIRef(f"{BASE}/gone")))
    (finding,) = online.findings(graph, Asking({BASE: base}))
    assert (finding.code, finding.prop, finding.key, finding.severity) == (
        "catalogue.unreachable",
        "dcat:downloadURL",
        "base_uri",
        "violation",
    )
    assert "404" in finding.nl
    assert online.findings(graph, Asking({"https://iets-anders.example": base})) == (), (
        "an address that may not be asked is not held against it"
    )
