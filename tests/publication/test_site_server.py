"""The site on this machine, over real sockets: its files and nothing else, with careful headers, also while the site is replaced."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import pytest
from rdflib import Graph, URIRef

sys.path.insert(0, str(Path(__file__).parent))
import site_town

from config.errors import ConfigurationError
from config.models.base import Text
from publication.portals.base import PortalEntry, Wanted
from publication.site_server import HEADERS, HOST, SiteServer, open_server

if TYPE_CHECKING:
    from collections.abc import Iterator

CONSOLE = Path(sys.executable).parent / "vrijgave"
SECRET = b"not for visitors"


@contextmanager
def serving(folder: Path) -> Iterator[SiteServer]:
    with open_server(folder, 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> site_town.Home:
    home, entries = site_town.full(tmp_path_factory.mktemp("served"))
    home.publish(*entries)
    return home


@pytest.fixture(scope="module")
def server(town: site_town.Home) -> Iterator[SiteServer]:
    with serving(town.site) as running:
        yield running


def ask(server: SiteServer, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Send a request as it stands, without the tidying of a browser."""
    connection = http.client.HTTPConnection(HOST, server.server_address[1], timeout=10)
    connection.putrequest(method, path, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, dict(answer.getheaders()), content


def test_every_file_of_the_site_and_nothing_less(server: SiteServer, town: site_town.Home) -> None:
    for path, content in town.tree().items():
        if path.startswith("id/"):  # for servers that cannot redirect; this one does
            assert ask(server, f"/{path.removesuffix('index.html')}")[0] == 303, path
            continue
        status, headers, body = ask(server, f"/{path}")
        assert (status, body) == (200, content), path
        assert headers["Content-Length"] == str(len(content))


def test_the_links_of_the_pages_work_from_the_first_page_on(server: SiteServer) -> None:
    seen, due = set(), [server.url, f"{server.url}en/"]
    while due:
        address = due.pop()
        if address in seen:
            continue
        seen.add(address)
        with urllib.request.urlopen(address) as answer:  # noqa: S310 - this machine
            body = answer.read()
            if "text/html" not in answer.headers["Content-Type"]:
                continue
            for link in re.findall(r'(?:href|src)="([^"]+)"', body.decode()):
                target = urljoin(answer.url, link).partition("#")[0]
                if target.startswith(server.url):
                    due.append(target)
    assert len(seen) > 60


@pytest.mark.parametrize(
    ("ending", "media_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("parquet", "application/vnd.apache.parquet"),
        ("geojson", "application/geo+json"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("ttl", "text/turtle; charset=utf-8"),
        ("nt", "application/n-triples"),
        ("atom", "application/atom+xml; charset=utf-8"),
        ("rdf", "application/rdf+xml"),
        ("jsonld", "application/ld+json"),
        ("html", "text/html; charset=utf-8"),
        ("css", "text/css; charset=utf-8"),
        ("svg", "image/svg+xml"),
        ("json", "application/json"),
        ("xml", "application/xml"),
        ("txt", "text/plain; charset=utf-8"),
        ("SHA256SUMS", "text/plain; charset=utf-8"),
    ],
)
def test_media_types(server: SiteServer, town: site_town.Home, ending: str, media_type: str) -> None:
    path = next(path for path in town.tree() if path.endswith(ending))
    assert ask(server, f"/{path}")[1]["Content-Type"] == media_type


def test_no_kind_of_file_in_the_site_is_without_a_media_type(server: SiteServer, town: site_town.Home) -> None:
    assert {path for path in town.tree() if ask(server, f"/{path}", "HEAD")[1]["Content-Type"] == "application/octet-stream"} == set()


@pytest.mark.parametrize("path", ["/", "/nergens", "/dataset/bomen", "/../x", "/download/", "/catalogue.ttl"])
def test_every_answer_carries_the_headers_that_keep_a_browser_here(server: SiteServer, path: str) -> None:
    for method in ("GET", "HEAD", "POST"):
        headers = ask(server, path, method)[1]
        assert {name: headers[name] for name in HEADERS} == HEADERS
        assert "Python" not in headers["Server"]
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_head_says_what_get_would_without_the_content(server: SiteServer) -> None:
    for path in ("/", "/nergens", "/dataset/bomen", "/catalogue.ttl"):
        got, head = ask(server, path), ask(server, path, "HEAD")
        assert head[2] == b""
        assert head[0] == got[0]
        assert {name: value for name, value in head[1].items() if name != "Date"} == {
            name: value for name, value in got[1].items() if name != "Date"
        }


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_the_site_can_only_be_read(server: SiteServer, method: str) -> None:
    status, headers, _ = ask(server, "/", method)
    assert (status, headers["Allow"]) == (405, "GET, HEAD")


def test_a_folder_without_its_slash_leads_to_the_page_and_a_folder_without_a_page_is_not_listed(server: SiteServer) -> None:
    status, headers, _ = ask(server, "/dataset/bomen?x=1")
    assert (status, headers["Location"]) == (301, "/dataset/bomen/")
    assert ask(server, "/dataset/bomen/")[0] == 200
    for path in ("/download", "/download/", "/download/bomen/", "/static/", "/dataset/"):
        assert ask(server, path)[0] == 404, path


def test_what_is_not_there_is_answered_with_the_page_of_the_site_in_the_language_asked(server: SiteServer) -> None:
    status, headers, body = ask(server, "/dataset/nergens/diep/weg")
    assert (status, headers["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert b'<html lang="nl">' in body
    assert b"Deze pagina is er niet" in body
    status, _, body = ask(server, "/en/dataset/nowhere/")
    assert status == 404
    assert b'<html lang="en">' in body


OUTSIDE = [
    "/../secret.txt", "/../../secret.txt", "/dataset/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%2e%2e%2fsecret.txt",
    "/dataset/%2e%2e/%2e%2e/secret.txt", "//secret.txt", "/./../secret.txt", "/..\\secret.txt", "/%5c..%5csecret.txt", "/static/link.txt",
    "/static/folder/secret.txt", "/.hidden", "/%00", "/index.html%00.txt", "/%ff%fe", "/index.html/", "/index.html/..", "/static/pipe",
    "/static/./site.css", "/static//site.css", "*", "http://127.0.0.1/index.html",
]  # fmt: skip


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory, town: site_town.Home) -> Iterator[SiteServer]:
    """A site beside a secret, with links and a named pipe inside that lead astray."""
    root = tmp_path_factory.mktemp("trapped")
    for path, content in town.tree().items():
        (root / "site" / path).parent.mkdir(parents=True, exist_ok=True)
        (root / "site" / path).write_bytes(content)
    (root / "secret.txt").write_bytes(SECRET)
    (root / "site" / ".hidden").write_bytes(SECRET)
    (root / "site" / "static" / "link.txt").symlink_to(root / "secret.txt")
    (root / "site" / "static" / "folder").symlink_to(root)
    os.mkfifo(root / "site" / "static" / "pipe")
    with serving(root / "site") as running:
        yield running


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_address_leads_out_of_the_site(trapped: SiteServer, path: str) -> None:
    status, _, body = ask(trapped, path)
    assert status == 404
    assert SECRET not in body


def test_what_is_no_request_is_refused_without_repeating_it(server: SiteServer) -> None:
    for sent in (
        b"rubbish-4711\r\n\r\n",
        b"GET /\x01-4711 HTTP/9.9\r\n\r\n",
        b"BREW /4711 HTTP/1.1\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
    ):
        with socket.create_connection((HOST, server.server_address[1]), timeout=10) as connection:
            connection.sendall(sent)
            answer = b""
            while part := connection.recv(65536):
                answer += part
        assert b"4711" not in answer
        assert b"aaaa" not in answer
        assert re.match(rb"(HTTP/1.1 (400|414|501|505) |(400|505) )", answer), answer[:80]
    assert ask(server, "/")[0] == 200


def test_a_body_that_nobody_reads_is_not_taken_for_a_request(server: SiteServer) -> None:
    hidden = b"GET /catalogue.ttl HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection((HOST, server.server_address[1]), timeout=10) as connection:
        connection.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(hidden) + hidden)
        answer = b""
        try:
            while part := connection.recv(65536):
                answer += part
        except ConnectionResetError:
            pass
    assert answer.count(b"HTTP/1.1 200") == 1


def test_a_visitor_who_goes_away_does_no_harm(
    server: SiteServer, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    for _ in range(20):
        with socket.create_connection((HOST, server.server_address[1]), timeout=10) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            connection.sendall(b"GET /catalogue.rdf HTTP/1.1\r\nHost: x\r\n\r\n")
    assert ask(server, "/")[0] == 200
    assert caplog.text == ""
    assert capfd.readouterr() == ("", "")


def test_only_this_machine_is_served(server: SiteServer) -> None:
    assert server.server_address[0] == "127.0.0.1"
    with socket.socket() as probe, pytest.raises(OSError, match="refused"):
        probe.connect(("127.0.0.2", server.server_address[1]))


def test_a_port_in_use_is_said_with_what_to_type(server: SiteServer, town: site_town.Home) -> None:
    port = server.server_address[1]
    with pytest.raises(ConfigurationError) as caught:
        open_server(town.site, port)
    [problem] = caught.value.problems
    assert f"poort {port} is al in gebruik" in problem.nl
    assert "vrijgave site serve --port" in problem.nl
    assert "vrijgave site serve --port" in problem.en
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("port", [-1, 65536, 10**6])
def test_a_port_that_does_not_exist_is_said(town: site_town.Home, port: int) -> None:
    with pytest.raises(ConfigurationError, match="1024"):
        open_server(town.site, port)


def test_while_the_site_is_replaced_a_visitor_gets_a_file_of_the_old_or_the_new_one(tmp_path: Path) -> None:
    home = site_town.Home(tmp_path)
    table = replace(site_town.trees(12), formats=("csv",))
    told = site_town.describe("bomen", "Bomen", "Trees", "Welke bomen er staan.", None, "ENVI")
    first, second = home.release("bomen", table, "2026-10-22.1"), home.release("bomen", replace(table, as_of="2026-11"), "2026-11-22.1")
    sites = [
        Wanted(site_town.PUBLISHER, (PortalEntry(replace(told, title=Text(nl=title)), releases),))
        for title, releases in (("Bomen", (first,)), ("Alle bomen", (first,)), ("Nieuwe bomen", (second,)))
    ]
    paths = ("dataset/bomen/index.html", "index.html", "catalogue.ttl", "generation.json")
    wholes = []
    for site in sites:
        home.portal.apply(home.portal.plan(site))
        wholes.append({path: (home.site / path).read_bytes() for path in paths})
    got: dict[str, set[bytes]] = {path: set() for path in paths}
    wrong: list[Any] = []
    over = threading.Event()

    def look(server: SiteServer) -> None:
        while not over.is_set():
            for path in paths:
                status, _, body = ask(server, f"/{path}")
                got[path].add(body)
                if status != 200:
                    wrong.append((status, path))

    with serving(home.site) as server:
        visitors = [threading.Thread(target=look, args=(server,)) for _ in range(2)]
        for visitor in visitors:
            visitor.start()
        for number in range(15):
            home.portal.apply(home.portal.plan(sites[number % 3]))
        over.set()
        for visitor in visitors:
            visitor.join()
    assert not wrong
    for path in paths:
        assert got[path] <= {whole[path] for whole in wholes}
    assert len(got["generation.json"]) > 1


def test_a_site_that_is_gone_is_said(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    with serving(tmp_path / "site") as server:
        assert ask(server, "/")[0] == 404
        (tmp_path / "site").rmdir()
        assert ask(server, "/")[0] == 503


def test_the_verb_serves_until_ctrl_c_and_ends_quietly(town: site_town.Home) -> None:
    running = subprocess.Popen(
        [CONSOLE, "site", "serve", "--port", "0", "--home", str(town.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Whoever runs these tests in the background of a shell has Ctrl-C switched off, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None,  # noqa: PLW1509 - no threads here
    )
    assert running.stdout
    line = running.stdout.readline()
    address = re.search(r"http://127\.0\.0\.1:\d+/", line)
    assert address, line
    with urllib.request.urlopen(address[0]) as answer:  # noqa: S310 - this machine
        assert b"Open data van Voorbeeldgemeente" in answer.read()
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=20)
    assert (running.returncode, err) == (0, "")
    assert "Traceback" not in out


def test_the_verb_says_that_a_port_is_in_use(server: SiteServer, town: site_town.Home) -> None:
    port = str(server.server_address[1])
    done = subprocess.run([CONSOLE, "site", "serve", "--port", port, "--home", str(town.root)], check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "al in gebruik" in done.stderr
    assert "Traceback" not in done.stderr


def told_by_every_place(town: site_town.Home) -> Iterator[tuple[str, str]]:
    """Give every persistent address of the catalogue that stands on the portal as it is asked for, and what it names.

    What stands behind ``#`` a program keeps to itself (RFC 3986, section 3.5).
    """
    graph = Graph().parse(town.site / "catalogue.ttl")
    base = f"{site_town.BASE}/id/"
    for node in sorted({str(node) for triple in graph for node in (triple[0], triple[2]) if isinstance(node, URIRef)}):
        if node.startswith(base):
            yield node.removeprefix(site_town.BASE).partition("#")[0], node


def test_a_persistent_address_leads_to_the_page_or_to_the_file_that_describes_it(server: SiteServer, town: site_town.Home) -> None:
    seen = 0
    for path, node in told_by_every_place(town):
        for accept, parser in (("text/turtle", "turtle"), ("application/ld+json, */*;q=0.1", "json-ld"), ("application/rdf+xml", "xml")):
            status, headers, _ = ask(server, path, Accept=accept)
            assert (status, headers["Vary"]) == (303, "Accept"), path
            status, _, body = ask(server, headers["Location"])
            assert status == 200, (path, headers["Location"])
            assert (URIRef(node), None, None) in Graph().parse(data=body, format=parser), path
        for accept in ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "*/*", ""):
            status, headers, _ = ask(server, path, Accept=accept)
            assert status == 303
            status, told, _ = ask(server, headers["Location"])
            assert (status, told["Content-Type"]) == (200, "text/html; charset=utf-8"), (path, headers["Location"])
        seen += 1
    assert seen > 50


def test_a_page_of_the_catalogue_comes_in_the_form_that_is_asked(server: SiteServer) -> None:
    _, headers, _ = ask(server, "/catalogue/page-1", Accept="application/rdf+xml;q=0.8, text/turtle")
    assert headers["Location"] == "/catalogue/page-1.ttl"


def test_what_a_visitor_has_already_is_not_sent_again(server: SiteServer, town: site_town.Home) -> None:
    for path in ("/", "/catalogue.ttl", f"/{next(path for path in town.tree() if path.endswith('.parquet'))}"):
        _, first, body = ask(server, path)
        assert body
        status, again, nothing = ask(server, path, **{"If-None-Match": first["ETag"]})
        assert (status, nothing, again["ETag"]) == (304, b"", first["ETag"])
        assert ask(server, path, **{"If-None-Match": '"other"'})[0] == 200


def test_only_a_version_is_kept_without_asking_and_not_for_long(server: SiteServer, town: site_town.Home) -> None:
    kept = {path: ask(server, f"/{path}", "HEAD")[1]["Cache-Control"] for path in town.tree() if not path.startswith("id/")}
    assert {path for path, told in kept.items() if told != "no-cache"} == {path for path in kept if path.startswith("download/")}
    (told,) = {told for told in kept.values() if told != "no-cache"}
    assert told == "public, max-age=86400, immutable"
