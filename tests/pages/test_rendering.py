"""Templates and words: the same keys in both languages, every key used, links relative, and no text that breaks out of a page."""

from __future__ import annotations

import json
import posixpath
import re
import string
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from config.errors import Language
from config.models.base import Text
from pages import render, style_sheet, texts
from pages.links import relative
from pages.rendering import _environment, script_json

ROOT = Path(__file__).resolve().parents[2]
NAMES = st.lists(
    st.text(string.ascii_letters + string.digits + "-_ é#?%", min_size=1, max_size=8).filter(lambda n: "#" not in n), min_size=1, max_size=4
)
BLANK = re.compile(r"\{(\w+)\}")


def test_both_languages_have_the_same_texts_with_the_same_blanks() -> None:
    nl, en = texts.texts("nl"), texts.texts("en")
    assert nl.keys() == en.keys()
    for key, words in nl.items():
        assert sorted(set(BLANK.findall(words))) == sorted(set(BLANK.findall(en[key]))), key
        assert words.strip(), key
        assert en[key].strip(), key


def test_every_text_is_used_and_every_text_that_is_used_is_there() -> None:
    folders = ("publication/site", "catalogue", "anonymisation", "quality", "flows")
    sources = [*(ROOT / "pages" / "templates").iterdir(), *(path for folder in folders for path in (ROOT / folder).rglob("*.py"))]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    known = texts.texts("nl")
    made = {*re.findall(r"""'([a-z_]+\.[a-z_]*)' ~""", code), *re.findall(r'f"([a-z_]+\.[a-z_]*)\{', code)}
    whole = {key for key in known if not any(key.startswith(prefix) for prefix in made)}
    unused = sorted(key for key in whole if re.sub(r"\.(one|other)$", "", key) not in code)
    assert unused == []
    asked = set(re.findall(r"""\bt\('([a-z_]+\.[a-zA-Z0-9_]+)'(?! ~)""", code)) | set(
        re.findall(r"""\btext\(\s*"([a-z_]+\.[a-z_]+)\"""", code)
    )
    assert asked - known.keys() == set()
    counted = set(re.findall(r"""\btn\('([a-z_]+\.[a-z_]+)'""", code))
    assert {f"{key}.{number}" for key in counted for number in ("one", "other")} - known.keys() == set()


def test_a_text_that_counts_and_a_share() -> None:
    assert texts.Sentence("privacy.suppressed_sentence", count=1).say("nl").startswith("1 rij leek")
    assert texts.Sentence("privacy.suppressed_sentence", count=1284).say("nl").startswith("1.284 rijen")
    assert "12,5%" in texts.Sentence("privacy.risk_sentence", shares={"share": 0.125}).say("nl")


def test_a_name_that_the_context_lacks_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render("redirect.html", {"here": "id/x/index.html"})


@given(NAMES, NAMES)
def test_a_relative_link_leads_to_its_target(here: list[str], target: list[str]) -> None:
    from urllib.parse import unquote, urlsplit

    link = relative("/".join(here), "/".join(target))
    parts = urlsplit(link)
    assert not parts.scheme
    assert not parts.netloc
    assert not parts.query
    assert posixpath.normpath(posixpath.join(posixpath.dirname("/".join(here)), unquote(parts.path))) == "/".join(target)


class Seen(HTMLParser):
    """The elements of a page with their attributes' names, and what its elements say."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.shape: list[tuple[str, ...]] = []
        self.said: dict[str, str] = {}
        self.attributes: list[tuple[str, str | None]] = []
        self._open = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append((tag, *(name for name, _ in attrs)))
        self.attributes += attrs
        self._open = tag

    def handle_endtag(self, tag: str) -> None:
        self.shape.append((f"/{tag}",))

    def handle_comment(self, data: str) -> None:
        self.shape.append(("comment", data))

    def handle_data(self, data: str) -> None:
        self.said[self._open] = self.said.get(self._open, "") + data


@given(st.text(min_size=1))
def test_no_title_breaks_out_of_an_element_or_an_attribute(title: str) -> None:
    page = '<p id="a">{{ say(text) }}</p><b title="{{ plain(text) }}">{{ t("dataset.contact_text", name=say(text)) }}</b><i>x</i>'

    def rendered(text: str, language: Language) -> str:
        return _environment(language).from_string(page).render(text=Text(nl=text), here="index.html")

    for language in get_args(Language):
        seen = Seen(rendered(title, language))
        assert seen.shape == Seen(rendered("x", language)).shape
        # A parser makes a line feed of a carriage return, in the text of a page as anywhere.
        same = title.replace("\r\n", "\n").replace("\r", "\n")
        assert (dict(seen.attributes)["title"] or "").replace("\r\n", "\n").replace("\r", "\n") == same
        assert seen.said["span" if language == "en" else "p"].replace("\r\n", "\n").replace("\r", "\n").startswith(same)


JSON = st.recursive(
    st.text() | st.integers() | st.none() | st.booleans(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(JSON)
def test_json_in_a_script_reads_back_and_cannot_end_it(value: object) -> None:
    text = str(script_json(value))
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == value


def test_the_look_loads_nothing_from_anywhere() -> None:
    sheet = style_sheet()
    assert "--vg-brand" in sheet
    assert not re.search(r"url\(|@import|https?:|//[a-z]", sheet)


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("inks", "paper", "least"),
    [
        ("ink ink-quiet link", "paper", 4.5),
        ("ink ink-quiet link", "paper-tint", 4.5),
        ("ink ink-quiet link brand-dark", "brand-tint", 4.5),
        ("on-brand", "brand", 4.5),
        ("on-brand", "brand-dark", 4.5),
        ("good", "good-tint", 4.5),
        ("note", "note-tint", 4.5),
        ("focus-ink", "focus", 4.5),
        ("line-strong chart", "paper", 3),
        ("chart", "chart-track", 3),
        ("map-line", "map-0", 3),
    ],
)
def test_colours_differ_enough(inks: str, paper: str, least: float) -> None:
    sheet = (ROOT / "pages" / "static" / "tokens.css").read_text(encoding="utf-8")
    tokens = dict(re.findall(r"--vg-([a-z0-9-]+):\s*(#[0-9a-f]{6})", sheet))
    assert {ink: contrast(tokens[ink], tokens[paper]) >= least for ink in inks.split()} == dict.fromkeys(inks.split(), True)


def test_a_page_that_stands_alone_has_the_style_sheet_as_it_is() -> None:
    from pages.rendering import render, style_sheet

    page = render("standalone.html", {"style": style_sheet()})
    style = page[page.index("<style>") : page.index("</style>")]
    assert "&#34;" not in style
    assert "&gt;" not in style
    assert "</" not in style_sheet()
