"""Rendering a template in a language: autoescaped, and an undefined name is an error.

What every template can use, bound to its language:

- ``t(key, …)`` a text of the language, its blanks filled and escaped; ``tn(key, count)`` one that counts
- ``told(sentence)`` a `pages.texts.Sentence`
- ``say(text)`` a `Text` of the declaration; Dutch on an English page is marked ``lang="nl"``; ``plain(text)`` the same for attributes
- ``page(path)`` and ``file(path)`` links, to a page in this language and to any file of the site, relative to ``here``
- the filters ``integer``, ``percent``, ``size``, ``day``, ``period`` and ``cell`` of `pages.numbers`
"""

from __future__ import annotations

import json
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pages import numbers
from pages.links import localised, relative
from pages.texts import counted, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment
    from jinja2.runtime import Context
    from markupsafe import Markup

    from config.errors import Language
    from config.models.base import Text

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"


def render(template: str, context: Mapping[str, Any], *, language: Language = "nl") -> str:
    """Fill a template of `pages/templates`.

    Args:
        template: its name, such as ``dataset.html``.
        language: the language of the page.
        context: what it shows; a page of a site has ``here``, its own path from the root of the site.

    Raises:
        jinja2.UndefinedError: the context lacks a name that the template uses.
    """
    return _environment(language).get_template(template).render(context)


def style_sheet() -> Markup:
    """Give the whole style sheet, for a page that stands alone: as it is, for inside ``<style>`` an escaped quote is no quote."""
    from markupsafe import Markup

    return Markup("\n".join((STATIC / name).read_text(encoding="utf-8") for name in ("tokens.css", "site.css")))  # noqa: S704 - our own


def script_json(value: Any) -> Markup:
    """Give JSON that is safe inside ``<script>``: no character in it can end the element or open a comment."""
    from markupsafe import Markup

    text = json.dumps(value, ensure_ascii=False, indent=1)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - escaped just above


@cache
def _environment(language: Language) -> Environment:
    """Make the environment of a language, once."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context

    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for name in ("integer", "percent", "size", "day", "period", "cell"):
        environment.filters[name] = partial(getattr(numbers, name), language=language)
    environment.filters["script_json"] = script_json
    environment.globals |= {
        "language": language,
        "other": "en" if language == "nl" else "nl",
        "t": partial(_translated, language),
        "tn": partial(_counted, language),
        "told": lambda sentence: sentence.say(language),
        "known": lambda key: key in texts(language),
        "say": partial(_said, language),
        "plain": lambda text: text.get(language),
        "page": pass_context(_page),
        "file": pass_context(_file),
        "localised": localised,
    }
    return environment


def _translated(language: Language, key: str, /, **fields: object) -> Markup:
    """Give a text as markup: the text and the fields escaped, a field that is markup itself left as it is."""
    from markupsafe import Markup, escape

    return Markup(escape(texts(language)[key])).format(**fields)  # noqa: S704 - escaped


def _counted(language: Language, key: str, count: int, /, **fields: object) -> Markup:
    """Give the text for a number of things; ``{count}`` is the number as people write it."""
    return _translated(language, counted(key, count), count=numbers.integer(count, language), **fields)


def _said(language: Language, text: Text) -> Markup:
    """Give a text of the declaration, marked as Dutch where an English page has no other."""
    from markupsafe import Markup, escape

    if language == "nl" or text.en:
        return escape(text.get(language))
    return Markup('<span lang="nl">{}</span>').format(text.nl)


def _page(context: Context, path: str) -> str:
    """Give the link to a page in the language of this one."""
    return relative(context["here"], localised(path, context["language"]))


def _file(context: Context, path: str) -> str:
    """Give the link to a file of the site."""
    return relative(context["here"], path)
