"""Every page of a site with every sort of dataset: links, structure, languages, nothing from elsewhere, and no text that breaks out."""

from __future__ import annotations

import posixpath
import re
import shutil
import sys
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
import site_town

from catalogue.model import ContactFacts, Tombstone
from config.models.base import Keywords, Text
from publication.portals.base import PortalEntry, Wanted
from publication.site import links, paths, reports
from publication.site.pages import pages
from publication.site.visit import described

if TYPE_CHECKING:
    from collections.abc import Iterator

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SVG_ALONE = {"path", "rect", "line"}


@dataclass
class Element:
    """An element of a page with its attributes and what it says."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def above(self) -> Iterator[Element]:
        if self.parent:
            yield self.parent
            yield from self.parent.above()

    def __iter__(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            yield from child


class Page(HTMLParser):
    """A page as a tree; an element that is not closed as it was opened is an error."""

    def __init__(self, path: str, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.path = path
        self.root = self._at = Element("document", {}, None)
        self.comments: list[str] = []
        self.feed(html)
        self.close()
        assert self._at is self.root, f"{path}: {self._at.tag} stays open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self._at)
        assert len(element.attributes) == len(attrs), f"{self.path}: {tag} has an attribute twice"
        self._at.children.append(element)
        if tag not in VOID:
            self._at = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._at.tag == tag, f"{self.path}: {tag} closes {self._at.tag}"
        assert self._at.parent
        self._at = self._at.parent

    def handle_data(self, data: str) -> None:
        for element in (self._at, *self._at.above()):
            element.text += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def every(self, *tags: str) -> list[Element]:
        return [element for element in self.root if element.tag in tags]

    @property
    def language(self) -> str:
        return "en" if self.path.startswith("en/") else "nl"

    @property
    def forwards(self) -> bool:
        return any(element.attributes.get("http-equiv") == "refresh" for element in self.every("meta"))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[site_town.Home, Wanted]:
    home, entries = site_town.full(tmp_path_factory.mktemp("town"))
    return home, home.publish(*entries)


@pytest.fixture(scope="module")
def site(town: tuple[site_town.Home, Wanted]) -> Path:
    return town[0].site


@pytest.fixture(scope="module")
def read(site: Path) -> dict[str, Page]:
    root = site.resolve()
    return {
        path.relative_to(root).as_posix(): Page(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(root.rglob("*.html"))
    }


def test_there_is_a_page_of_everything_in_both_languages(read: dict[str, Page]) -> None:
    version = "bomen/2026-11-22.1"
    expected = ["index.html", "404.html", "about/index.html", "dataset/bomen/index.html", "dataset/oude-lijst/index.html"]
    expected += [f"dataset/{version}/{page}index.html" for page in ("", "quality/", "privacy/", "columns/")]
    assert {path for page in expected for path in (page, f"en/{page}")} <= read.keys()
    nl = {path for path in read if not path.startswith(("en/", "id/"))}
    assert {f"en/{path}" for path in nl} == {path for path in read if path.startswith("en/")}


def test_every_link_of_every_page_leads_somewhere(read: dict[str, Page], site: Path) -> None:
    ids = {path: {element.attributes["id"] for element in page.root if "id" in element.attributes} for path, page in read.items()}
    followed = 0
    for path, page in read.items():
        for element in page.root:
            for name in ("href", "src"):
                if name not in element.attributes:
                    continue
                parts = urlsplit(element.attributes[name])
                if parts.scheme or element.tag == "base":
                    continue
                folder = "" if page.every("base") else posixpath.dirname(path)
                target = posixpath.normpath(posixpath.join(folder, unquote(parts.path))) if parts.path else path
                assert (site / target).is_file(), (path, element.attributes[name])
                assert not parts.fragment or parts.fragment in ids[target], (path, element.attributes[name])
                followed += 1
    assert followed > 1000


def test_every_page_can_be_reached_from_the_first(read: dict[str, Page]) -> None:
    seen, due = set(), ["index.html"]
    while due:
        path = due.pop()
        if path in seen or path not in read:
            continue
        seen.add(path)
        found = [element.attributes["href"] for element in read[path].every("a") if not urlsplit(element.attributes["href"]).scheme]
        due += [
            posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(urlsplit(link).path)))
            for link in found
            if urlsplit(link).path
        ]
    unreached = {path for path in read if path not in seen and not path.startswith("id/")}
    assert unreached <= {"404.html", "en/404.html"}


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        ('<a href="nergens.html">x</a>', "nergens.html"),
        ('<a href="#nergens">x</a>', "#nergens"),
        ('<a href="/index.html">x</a>', "/index.html"),
        ('<a href="../buiten.html">x</a>', "../buiten.html"),
        ('<a href="javascript:alert(1)">x</a>', "javascript:alert(1)"),
        ('<img src="https://elders.example/x.png" alt="">', "https://elders.example/x.png"),
        ('<link rel="stylesheet" href="https://elders.example/x.css">', "https://elders.example/x.css"),
        ('<b id="main">x</b>', "#main"),
    ],
)
def test_a_link_that_does_not_hold_is_found_before_the_switch(site: Path, tmp_path: Path, planted: str, told: str) -> None:
    copied = tmp_path / "site"
    shutil.copytree(site.resolve(), copied)
    assert list(links.broken(copied)) == []
    page = copied / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace("</main>", f"{planted}</main>"), encoding="utf-8")
    assert list(links.broken(copied)) == [("index.html", told)]


def test_nothing_is_loaded_from_elsewhere_and_nothing_runs(read: dict[str, Page], site: Path) -> None:
    for path, page in read.items():
        for element in page.root:
            names = element.attributes
            assert not [name for name in names if name.startswith("on") or name in {"style", "srcset", "ping"}], path
            assert element.tag not in {"iframe", "object", "embed", "form", "style", "img"}, path
            if element.tag == "script":
                assert names == {"type": "application/ld+json"}, path
            if element.tag == "link" and names["rel"] not in {"canonical", "alternate"}:
                assert not urlsplit(names["href"]).netloc, path
            for name in ("src", "data", "action", "poster", "background", "xlink:href"):
                assert name not in names, path
    for sheet in (site / "static").glob("*"):
        assert not re.search(r"url\(|@import|https?://(?!www\.w3\.org/2000/svg)", sheet.read_text(encoding="utf-8")), sheet.name


def test_every_page_says_its_language_its_title_and_one_heading(read: dict[str, Page]) -> None:
    titles: dict[str, str] = {}
    for path, page in read.items():
        [html], [head], [heading], [_] = page.every("html"), page.every("head"), page.every("h1"), page.every("main")
        [title] = [element for element in head if element.tag == "title"]
        assert html.attributes["lang"] == page.language, path
        assert heading.text.strip(), path
        assert any(element.attributes.get("name") == "viewport" for element in page.every("meta")), path
        if not page.forwards:
            assert titles.setdefault(f"{page.language} {title.text}", path) == path
            assert title.text.startswith(heading.text.strip()) or path.removeprefix("en/") == "index.html", path
        levels = [int(element.tag[1]) for element in page.every("h1", "h2", "h3", "h4") if not _in_footer(element)]
        assert levels[0] == 1, path
        assert all(right <= left + 1 for left, right in pairwise(levels)), path


def _in_footer(element: Element) -> bool:
    return any(above.tag == "footer" for above in element.above())


def test_what_is_named_by_a_label_is_there_and_says_something(read: dict[str, Page]) -> None:
    for path, page in read.items():
        ids = [element.attributes["id"] for element in page.root if "id" in element.attributes]
        assert len(ids) == len(set(ids)), path
        said = {element.attributes["id"]: element.text.strip() for element in page.root if "id" in element.attributes}
        for element in page.root:
            names = element.attributes
            for label in names.get("aria-labelledby", "").split():
                assert said[label], path
            if element.tag == "nav" or names.get("role") == "region":
                assert names.get("aria-label") or names.get("aria-labelledby"), path
            if "scroll" in names.get("class", "").split() or element.tag == "pre":
                assert names.get("tabindex") == "0", path
            if element.tag in {"a", "button", "summary", "caption", "th", "li"}:
                assert element.text.strip() or names.get("aria-label"), (path, element.tag)
            if element.tag == "svg":
                assert names["role"] == "img", path
                assert len(names["aria-labelledby"].split()) == 2, path
        navigations = [e.attributes.get("aria-label") or said[e.attributes["aria-labelledby"]] for e in page.every("nav")]
        assert len(navigations) == len(set(navigations)), path


def test_every_table_has_a_caption_and_headings_that_say_what_they_head(read: dict[str, Page]) -> None:
    tables = 0
    for path, page in read.items():
        for table in page.every("table"):
            tables += 1
            assert [element for element in table if element.tag == "caption"], path
            heads = [element for element in table if element.tag == "th"]
            assert {element.attributes.get("scope") for element in heads} <= {"col", "row"}, path
            widths = {
                sum(int(cell.attributes.get("colspan", "1")) for cell in row.children if cell.tag in {"td", "th"})
                for row in table
                if row.tag == "tr"
            }
            assert len(widths) == 1, path
    assert tables > 50


def test_an_english_page_marks_what_it_has_in_dutch_only(read: dict[str, Page]) -> None:
    page = read["en/dataset/kerncijfers/index.html"]
    [heading] = page.every("h1")
    assert [child.attributes for child in heading.children] == [{"lang": "nl"}]
    assert read["en/dataset/bomen/index.html"].every("h1")[0].children == []


def test_a_dataset_page_tells_what_why_who_and_under_what_licence(read: dict[str, Page], town: tuple[site_town.Home, Wanted]) -> None:
    entry = next(entry for entry in town[1].entries if entry.description.id == "bomen")
    text = read["dataset/bomen/index.html"].root.text
    description = entry.description
    assert description.purpose
    for said in (description.description.nl, description.purpose.nl, "Gemeente Voorbeeld", "Creative Commons", "maandelijks", "Boomnummer"):
        assert said in text
    for file in entry.releases[0].manifest.distributions:
        assert file.sha256 in text
    assert "https://data.voorbeeldgemeente.example/id/dataset/bomen/2026-11-22.1" in text
    for release in entry.releases:
        assert release.manifest.version in text
    assert "Ingetrokken op 3 oktober 2026" in text


def test_a_data_dictionary_says_of_every_column_what_it_is_how_full_it_is_and_what_its_codes_mean(
    read: dict[str, Page], town: tuple[site_town.Home, Wanted]
) -> None:
    entry = next(entry for entry in town[1].entries if entry.description.id == "bomen")
    page = read["dataset/bomen/2026-11-22.1/columns/index.html"]
    told = [element.text for element in page.every("section") if element.attributes.get("aria-labelledby", "").startswith("column-")]
    columns = entry.releases[0].manifest.columns
    assert len(told) == len(columns)
    for column, text in zip(columns, told, strict=True):
        assert column.name in text
        assert ("Gevuld" in text) == (column.filled is not None)
    kind = next(text for text in told if "soort_nl" in text)
    assert "Een linde met kleine bladeren" in kind
    assert 0 < (next(column.filled for column in columns if column.name == "soort_nl") or 0) < 1
    assert "A lime with small leaves" in read["en/dataset/bomen/2026-11-22.1/columns/index.html"].root.text


def test_a_privacy_page_gives_the_ground_of_every_column_that_is_withheld(read: dict[str, Page]) -> None:
    [withheld, *_] = read["dataset/meldingen/2026-11-16.2/privacy/index.html"].every("table")
    rows = {row.children[0].text.split()[-1]: row.children[1].text for row in withheld if row.tag == "tr"}
    assert "Nummers die personen identificeren" in rows["melder_bsn"]
    assert "persoonlijke levenssfeer" in rows["toelichting"]
    assert "Wie een melding deed mag niemand hieruit halen." in read["dataset/meldingen/2026-11-16.2/privacy/index.html"].root.text


def test_what_the_privacy_report_takes_from_the_declaration(tmp_path: Path) -> None:
    from config.project import load

    example = Path(__file__).resolve().parents[2] / "config" / "voorbeeldgemeente"
    declared = load(example, env={"P_PERCENT": "10"}).datasets
    reported, computed = declared["meldingen-openbare-ruimte"].dataset, declared["gasverbruik-buurten"].dataset
    assert reported
    assert computed
    told = reports.declared(reported, {"datum", "postcode", "categorie", "kanaal", "status"})
    grounds = {column["name"]: column["ground"] for column in told["withheld"]}
    assert grounds["melder_bsn"] == "Woo 5.1 1e"
    assert not {"datum", "postcode", "categorie"} & grounds.keys()
    told = reports.declared(computed, {"buurt_code", "jaar", "verbruik_m3", "status"})
    assert {column["ground"] for column in told["withheld"]} == {"Woo 5.1 2e"}
    assert "straat" in {column["name"] for column in told["withheld"]}


def test_figures_that_are_not_public_are_in_no_page(town: tuple[site_town.Home, Wanted]) -> None:
    """A group of which a figure is hidden is not added up: the sum, beside the others, would undo the hiding."""
    home, _ = town
    page = (home.site / "dataset/gasverbruik-buurten/index.html").read_text(encoding="utf-8")
    cells = site_town.gas().cells
    hidden = {
        place
        for place, year, figure in zip(cells["buurt"], cells["jaar"], cells["verbruik_m3"], strict=True)
        if figure is None and year == 2025
    }
    shown = set(site_town.NEIGHBOURHOODS) - hidden
    figure = page.partition('<svg class="figure-drawing"')[2].partition("</svg>")[0]
    assert hidden
    assert all(place in figure for place in shown)
    assert not any(place in figure for place in hidden)


HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(1)> </title></style> <!-- --> &lt;b&gt; {{ 7*7 }} ' ` \x00 \u2028 \u202e"
TEXTS = st.text(min_size=1, max_size=60) | st.just(HOSTILE)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> PortalEntry:
    """A small release whose cells are hostile too."""
    home = site_town.Home(tmp_path_factory.mktemp("hostile"))
    made = site_town.reports(40)
    cells = dict(made.cells) | {"categorie": [HOSTILE.replace("\x00", "")] * 20 + ["Groen"] * 20}
    release = home.release("meldingen", replace(made, cells=cells, formats=("csv", "parquet")), "2026-11-16.2")
    return PortalEntry(site_town.describe("meldingen", "Meldingen", None, "Wat.", None, "REGI", personal=True), (release,))


def everywhere(entry: PortalEntry, text: str) -> Wanted:
    """The same site with `text` wherever a steward may write."""
    said = Text(nl=text)
    manifest = entry.releases[0].manifest
    results = [result | {"text": {"nl": text, "en": text}} for result in manifest.quality["results"]]
    privacy = manifest.privacy | {"justification": {"nl": text, "en": None}}
    privacy["withheld"] = [column | {"name": text, "title": {"nl": text, "en": None}} for column in privacy["withheld"]]
    columns = tuple(replace(column, title=said, description=said, unit=text, codelist=text) for column in manifest.columns)
    release = replace(
        entry.releases[0], manifest=replace(manifest, columns=columns, quality=manifest.quality | {"results": results}, privacy=privacy)
    )
    description = replace(entry.description, title=said, description=said, purpose=said, keywords=Keywords(nl=(text,), en=(text,)))
    gone = PortalEntry(replace(description, id="weg"), (), Tombstone("weg", "2026-05-01.1", "2026-06-02", said))
    publisher = replace(site_town.PUBLISHER, name=said, title=said, description=said, contact=ContactFacts(name=said, email="a@b.example"))
    return Wanted(publisher, (replace(entry, description=description, releases=(release,)), gone))


def shapes(site: Wanted) -> dict[str, list[tuple[str, ...]]]:
    """Every page as its elements with the names of their attributes, in order."""
    return {
        path: [(element.tag, *sorted(element.attributes)) for element in Page(path, html).root]
        for path, html in pages(site)
        if path.endswith(".html")
    }


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=TEXTS)
def test_no_text_of_a_steward_breaks_out_of_a_page(one: PortalEntry, text: str) -> None:
    told = shapes(everywhere(one, text))
    assert told == shapes(everywhere(one, "x"))
    page = dict(pages(everywhere(one, text)))[paths.dataset("meldingen")]
    found = described(page)
    assert found
    assert found["name"] == text


def test_a_hostile_cell_is_text(one: PortalEntry) -> None:
    page = Page("x", dict(pages(everywhere(one, "x")))[paths.dataset("meldingen")])
    assert HOSTILE.replace("\x00", "") in [cell.text for cell in page.every("td")]
    assert {element.attributes["type"] for element in page.every("script")} == {"application/ld+json"}
