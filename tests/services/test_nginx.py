"""The configuration of nginx, in a real nginx: it answers as our own server does."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import Graph, URIRef

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "publication"))
import site_town

from publication.nginx import configuration
from publication.site_server import open_server

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.service

SAME = ("Content-Type", "Location", "Vary", "Cache-Control", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy")


def nginx() -> str:
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not found:
        pytest.skip("no nginx on PATH; tests/services/run (make services) installs it")
    return found


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> site_town.Home:
    home, entries = site_town.full(tmp_path_factory.mktemp("served"))
    home.publish(*entries)
    return home


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def running(base: str, site: Path, folder: Path) -> Iterator[int]:
    """Run nginx on this machine with our configuration included, as the user of the tests."""
    port = free_port()
    (folder / "portal.conf").write_text(configuration(base, site, listen=f"127.0.0.1:{port}"), encoding="utf-8")
    temporary = "".join(f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;\n" if os.getuid() == 0 else ""
    within = f"access_log off;\n{temporary}include {folder}/portal.conf;\n"
    main = f"{user}daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\nhttp {{\n{within}}}\n"
    (folder / "nginx.conf").write_text(main, encoding="utf-8")
    with subprocess.Popen(
        [nginx(), "-e", str(folder / "early.log"), "-c", str(folder / "nginx.conf")], stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            for _ in range(100):
                if server.poll() is not None:
                    raise AssertionError(server.stderr.read() if server.stderr else "nginx ended")
                with socket.socket() as knock:
                    if not knock.connect_ex(("127.0.0.1", port)):
                        break
                time.sleep(0.05)
            yield port
        finally:
            server.terminate()


def ask(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return found


def addresses(site: Path) -> Iterator[str]:
    yield from (
        "/",
        "/en/",
        "/catalogue.ttl",
        "/catalogue.nt",
        "/catalogue/page-1",
        "/catalogue/page-1.rdf",
        "/feed.atom",
        "/data.json",
        "/about/",
    )
    yield from ("/nergens", "/en/nergens", "/.verborgen", "/dataset/nergens/", "/static/site.css", "/sitemap.xml")
    yield from (f"/{path.relative_to(site).as_posix()}" for path in sorted(site.glob("download/*/*/*")))
    nodes = (str(node).partition("#")[0] for node in Graph().parse(site / "catalogue.ttl").subjects() if isinstance(node, URIRef))
    yield from (node.removeprefix(site_town.BASE) for node in sorted({*nodes}) if node.startswith(f"{site_town.BASE}/id/"))


@pytest.mark.parametrize(
    "accept", ["text/html,application/xhtml+xml,*/*;q=0.8", "text/turtle", "application/ld+json", "application/rdf+xml", "*/*"]
)
def test_nginx_answers_as_our_own_server_does(town: site_town.Home, tmp_path: Path, accept: str) -> None:
    with open_server(town.site, 0) as ours, running(site_town.BASE, town.site, tmp_path) as port:
        thread = threading.Thread(target=ours.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            for path in addresses(town.site.resolve()):
                status, headers, body = ask(port, path, Accept=accept)
                own_status, own_headers, own_body = ask(ours.server_address[1], path, Accept=accept)
                assert status == own_status, path
                told = {name: headers.get(name) for name in SAME}
                if told["Location"]:  # nginx writes it whole
                    told["Location"] = told["Location"].removeprefix(f"http://127.0.0.1:{port}")
                if status == 200:
                    assert body == own_body, path
                    assert told == {name: own_headers.get(name) for name in SAME}, path
                elif status == 303:
                    del told["Content-Type"]
                    assert told == {name: own_headers.get(name) for name in told}, path
                assert headers["Content-Security-Policy"] == own_headers["Content-Security-Policy"], path
        finally:
            ours.shutdown()
            thread.join()


def test_a_portal_below_a_path_is_served_there(town: site_town.Home, tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "data").symlink_to(town.site)
    with running("https://www.voorbeeldgemeente.example/data", tmp_path / "root", tmp_path) as port:
        status, headers, _ = ask(port, "/data/id/dataset/bomen", Accept="text/turtle")
        assert (status, headers["Location"].rpartition(f":{port}")[2]) == (303, "/data/dataset/bomen/index.ttl")
        assert ask(port, "/data/dataset/bomen/index.ttl")[0] == 200
