"""The site in a real browser: it fits a phone and a screen, asks nothing of anybody else, and gives the files it promises."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "publication"))
import site_town

from publication.site_server import SiteServer, open_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.service, pytest.mark.slow]

EXAMPLE = Path(__file__).resolve().parents[2] / "config" / "voorbeeldgemeente"
PHONE, SCREEN = 320, 1280
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
WATCH = "addEventListener('securitypolicyviolation', found => (window.refused ??= []).push(found.violatedDirective))"
TOO_WIDE = """() => [...document.querySelectorAll('body *')]
    .filter(element => !element.closest('.scroll, pre, svg, .visually-hidden, .skip-link'))
    .filter(element => element.getBoundingClientRect().right > innerWidth + 1)
    .map(element => `${element.tagName}.${element.className}`)"""


def chromium() -> str:
    """The browser that `tests/services/run` found or installed, else one on PATH; without one these tests are skipped."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        pytest.skip("no Chromium on PATH; tests/services/run (make services) installs it")
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    path = chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@contextmanager
def serving(folder: Path) -> Iterator[SiteServer]:
    with open_server(folder, 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def made_up(folder: Path) -> Path:
    """A site with every sort of dataset, withdrawn ones too."""
    home, entries = site_town.full(folder)
    home.publish(*entries)
    return home.site


def example(folder: Path) -> Path:
    """The site of the example municipality after a plain run: what needs no approval."""
    if not (EXAMPLE / "data").is_dir():
        pytest.skip("the registers of the example are not there; make setup writes them")
    command = [str(part) for part in (Path(sys.executable).parent / "vrijgave", "run", "--config", EXAMPLE, "--home", folder / "out", "-q")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (folder / "out" / "site" / "index.html").exists(), done.stderr
    return folder / "out" / "site"


@pytest.fixture(scope="module", params=[made_up, example], ids=["made-up", "example"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteServer]:
    with serving(request.param(tmp_path_factory.mktemp("site"))) as running:
        yield running


@dataclass
class Visit:
    """What a browser did and said while it showed pages."""

    page: Page
    server: SiteServer
    requests: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        self.page.add_init_script(WATCH)

    def go(self, path: str) -> int:
        answer = self.page.goto(self.server.url + path)
        assert answer
        return answer.status

    @property
    def outside(self) -> list[str]:
        return [url for url in self.requests if not url.startswith(self.server.url)]

    @property
    def refused(self) -> list[str]:
        found: list[str] = self.page.evaluate("window.refused ?? []")
        return found


@contextmanager
def visiting(browser: Browser, server: SiteServer, width: int, **options: Any) -> Iterator[Visit]:
    with browser.new_context(viewport={"width": width, "height": 720}, accept_downloads=True, **options) as context:
        yield Visit(context.new_page(), server)


def addresses(server: SiteServer) -> list[str]:
    """Every page, those that only forward left out."""
    root = server.folder.resolve()
    found = [path.relative_to(root).as_posix().removesuffix("index.html") for path in sorted(root.rglob("*.html"))]
    return [path for path in found if not path.startswith("id/") and not path.endswith("404.html")]


@pytest.mark.parametrize("width", [PHONE, SCREEN])
def test_every_page_fits_and_asks_nothing_of_anybody_else(browser: Browser, server: SiteServer, width: int) -> None:
    with visiting(browser, server, width) as visit:
        shown = addresses(server)
        for path in shown:
            assert visit.go(path) == 200
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert visit.page.evaluate(TOO_WIDE) == [], path
            assert visit.refused == [], path
            assert visit.page.evaluate("getComputedStyle(document.querySelector('.hero')).backgroundColor") != "rgba(0, 0, 0, 0)", path
            for drawing in visit.page.query_selector_all("svg"):
                box = drawing.bounding_box()
                assert box, path
                assert min(box["width"], box["height"]) > 40, path
        assert len(shown) > 20
        assert visit.said == []
        assert visit.outside == []


def test_what_the_browser_would_refuse_is_seen_here(browser: Browser, server: SiteServer, tmp_path: Path) -> None:
    """The control of the test above: planted scripts and outside images are refused by the headers, and that is noticed."""
    shutil.copytree(server.folder.resolve(), tmp_path / "site")
    page = tmp_path / "site" / "index.html"
    planted = '<script>document.title = "ran"</script><img src="https://elders.example/x.png" alt=""><p style="color: red">x</p>'
    text = page.read_text(encoding="utf-8").replace("</main>", f"{planted}</main>")
    page.unlink()
    page.write_text(text, encoding="utf-8")
    with serving(tmp_path / "site") as trapped, visiting(browser, trapped, SCREEN) as visit:
        visit.go("")
        assert visit.page.title() != "ran"
        assert {"script-src-elem", "img-src", "style-src-attr"} <= set(visit.refused)
        assert visit.said


def test_every_file_of_a_page_can_be_downloaded_and_is_what_the_page_says(browser: Browser, server: SiteServer) -> None:
    digests = re.compile(r"\b[0-9a-f]{64}\b")
    downloaded = 0
    with visiting(browser, server, PHONE) as visit:
        for path in [path for path in addresses(server) if re.fullmatch(r"dataset/[a-z-]+/", path)]:
            visit.go(path)
            for line in visit.page.query_selector_all("li.download"):
                link = line.query_selector("a.button")
                assert link
                with visit.page.expect_download() as coming:
                    link.click()
                file = coming.value.path()
                assert [hashlib.sha256(file.read_bytes()).hexdigest()] == digests.findall(line.inner_text())
                downloaded += 1
        assert visit.outside == []
    assert downloaded >= 5


def test_a_theme_is_chosen_without_a_script(browser: Browser, server: SiteServer) -> None:
    with visiting(browser, server, SCREEN, java_script_enabled=False) as visit:
        visit.go("")
        every = len(visit.page.query_selector_all(".card"))
        links = visit.page.locator(".themes a")
        for at in range(1, links.count()):
            name = links.nth(at).inner_text()
            links.nth(at).click()
            shown = [card for card in visit.page.query_selector_all(".card") if card.is_visible()]
            assert f"({len(shown)})" in name
            assert all(name.partition(" (")[0] in card.inner_text() for card in shown)
        links.first.click()
        assert len([card for card in visit.page.query_selector_all(".card") if card.is_visible()]) == every


def test_a_keyboard_gets_past_the_menu_and_along_a_wide_table(browser: Browser, server: SiteServer) -> None:
    with visiting(browser, server, PHONE) as visit:
        visit.go("dataset/bomen/")
        visit.page.keyboard.press("Tab")
        visit.page.wait_for_function("document.activeElement.className === 'skip-link'")
        visit.page.wait_for_function("document.activeElement.getBoundingClientRect().top >= 0")
        visit.page.keyboard.press("Enter")
        visit.page.wait_for_function("document.activeElement.id === 'main'")
        table = visit.page.locator(".scroll:has(table.data)")
        table.focus()
        moved = False
        for _ in range(200):  # a busy machine may draw the focus later than the first keys
            visit.page.keyboard.press("ArrowRight")
            visit.page.wait_for_timeout(20)
            if moved := visit.page.evaluate("document.querySelector('.scroll:has(table.data)').scrollLeft > 0"):
                break
        assert moved


def test_the_other_language_is_one_step_away(browser: Browser, server: SiteServer) -> None:
    with visiting(browser, server, PHONE) as visit:
        visit.go("dataset/bomen/")
        visit.page.click("text=English")
        assert visit.page.url == f"{server.url}en/dataset/bomen/index.html"
        assert visit.page.get_attribute("html", "lang") == "en"
        visit.page.click("text=Nederlands")
        assert visit.page.get_attribute("html", "lang") == "nl"


def test_what_is_not_there_has_a_page_that_leads_home_from_any_depth(browser: Browser, server: SiteServer) -> None:
    with visiting(browser, server, PHONE) as visit:
        assert visit.go("dataset/bomen/nergens/diep/weg") == 404
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE
        assert visit.page.evaluate("getComputedStyle(document.querySelector('.button')).backgroundColor") != "rgba(0, 0, 0, 0)"
        visit.page.click("a.button")
        assert visit.page.query_selector(".card")
        assert visit.outside == []


def test_a_persistent_address_leads_to_the_page(browser: Browser, server: SiteServer) -> None:
    with visiting(browser, server, PHONE) as visit:
        visit.go("id/dataset/bomen/")
        visit.page.wait_for_url("**/dataset/bomen/")
        assert visit.page.inner_text("h1") == "Bomen"


def test_the_page_stays_readable_in_forced_colours_and_in_print(browser: Browser, server: SiteServer) -> None:
    with visiting(browser, server, SCREEN, forced_colors="active", color_scheme="dark") as visit:
        visit.go("dataset/kerncijfers/")
        fills = visit.page.eval_on_selector_all(".map-area", "areas => [...new Set(areas.map(area => getComputedStyle(area).fill))]")
        assert len(fills) > 2
        visit.page.emulate_media(media="print")
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= SCREEN
        assert not visit.page.is_visible(".site-nav")
