"""Titles, descriptions and keywords: languages, lengths, doubles."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from rdflib import DCTERMS, FOAF, Literal

from catalogue.namespaces import DCAT
from catalogue.rules.view import each, rule, shown
from config.errors import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalogue.findings import CatalogueFinding
    from catalogue.rules.view import View

LONGEST_DESCRIPTION = 2000
FEWEST_SENTENCES = 3

_RESOURCES = (DCAT.Catalog, DCAT.Dataset, DCAT.DatasetSeries, DCAT.DataService, DCAT.Distribution)
_TEXTS = (DCTERMS.title, DCTERMS.description)

EMPTY = Message("catalogue.text-empty", nl="deze tekst is leeg; vul hem in.", en="this text is empty; fill it in.")
NO_LANGUAGE = Message(
    "catalogue.language-tag",
    nl="bij «{value}» staat niet in welke taal het is; zet er @nl of @en achter.",
    en="«{value}» does not say in which language it is; put @nl or @en behind it.",
    severity="warning",
)
BAD_LANGUAGE = Message(
    "catalogue.language-code",
    nl="de taal «{tag}» bestaat niet; gebruik een code van twee letters, zoals nl of en.",
    en="the language «{tag}» does not exist; use a code of two letters, such as nl or en.",
)
TWICE = Message(
    "catalogue.text-twice",
    nl="er staan {count} teksten in dezelfde taal ({tag}); er mag er één per taal zijn.",
    en="there are {count} texts in the same language ({tag}); there may be one per language.",
)
NO_DUTCH = Message(
    "catalogue.no-dutch",
    nl="er is geen Nederlandse tekst.",
    en="there is no Dutch text.",
    severity="warning",
)
TOO_LONG = Message(
    "catalogue.description-long",
    nl="de beschrijving is {count} tekens lang; het mogen er {limit} zijn.",
    en="the description is {count} characters long; it may be {limit}.",
    severity="warning",
)
TOO_SHORT = Message(
    "catalogue.description-short",
    nl="de beschrijving heeft {count} zin(nen); {limit} is beter: wat het is, waar het vandaan komt, waar het voor is.",
    en="the description has {count} sentence(s); {limit} are better: what it is, where it comes from, what it is for.",
    severity="warning",
)
KEYWORD_LIST = Message(
    "catalogue.keyword-list",
    nl="«{value}» lijkt een rijtje; zet elk trefwoord apart.",
    en="«{value}» looks like a list; put every keyword by itself.",
    severity="warning",
)


@rule
def filled(view: View) -> Iterator[CatalogueFinding]:
    """A text says something."""
    for prop in (*_TEXTS, DCAT.keyword, FOAF.name):
        for node, _, value in view.pairs(prop):
            if isinstance(value, Literal) and not str(value).strip():
                yield view.finding(EMPTY, node, prop)


@rule
def tagged(view: View) -> Iterator[CatalogueFinding]:
    """A text names its language, by a code of ISO 639-1 or BCP 47."""
    for prop in (*_TEXTS, DCAT.keyword):
        for node, value in each(view.of(*_RESOURCES), view.graph, prop):
            if not value.language:
                yield view.finding(NO_LANGUAGE, node, prop, value=shown(value))
            elif not re.fullmatch(r"[a-z]{2}(-[a-z0-9]+)*", value.language):
                yield view.finding(BAD_LANGUAGE, node, prop, tag=value.language)


@rule
def once(view: View) -> Iterator[CatalogueFinding]:
    """A title or description comes once per language."""
    for node in view.of(*_RESOURCES):
        for prop in _TEXTS:
            texts = [value for value in view.values(node, prop) if isinstance(value, Literal)]
            for tag, count in sorted(Counter(value.language or "-" for value in texts).items()):
                if count > 1:
                    yield view.finding(TWICE, node, prop, count=count, tag=tag)


@rule
def dutch(view: View) -> Iterator[CatalogueFinding]:
    """A title and description come in Dutch; one without a language was reported already."""
    for node in view.of(*_RESOURCES):
        for prop in _TEXTS:
            tags = [value.language for value in view.values(node, prop) if isinstance(value, Literal)]
            if tags and None not in tags and not any((tag or "").startswith("nl") for tag in tags):
                yield view.finding(NO_DUTCH, node, prop)


@rule
def lengths(view: View) -> Iterator[CatalogueFinding]:
    """A description of a dataset has three sentences at least and 2000 characters at most."""
    for node, value in each((node for node in view.of(DCAT.Dataset, DCAT.DataService)), view.graph, DCTERMS.description):
        text = str(value).strip()
        sentences = len(re.findall(r"[.!?…](?:\s|$)", text))
        if len(text) > LONGEST_DESCRIPTION:
            yield view.finding(TOO_LONG, node, DCTERMS.description, count=len(text), limit=LONGEST_DESCRIPTION)
        elif text and sentences < FEWEST_SENTENCES:
            yield view.finding(TOO_SHORT, node, DCTERMS.description, count=max(1, sentences), limit=FEWEST_SENTENCES)


@rule
def keywords(view: View) -> Iterator[CatalogueFinding]:
    """A keyword is one word or phrase, not a row of them."""
    for node, value in each(view.datasets, view.graph, DCAT.keyword):
        if re.search(r"[,;|]", str(value)):
            yield view.finding(KEYWORD_LIST, node, DCAT.keyword, value=shown(value))
