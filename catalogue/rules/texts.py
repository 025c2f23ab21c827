"""Titles, descriptions and keywords: languages, lengths, doubles."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from rdflib import DCTERMS, FOAF, Literal

from catalogue.namespaces import DCAT
from catalogue.rules.check import Check
from catalogue.rules.view import each, rule, shown
from config import lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalogue.findings import CatalogueFinding
    from catalogue.rules.view import View

LONGEST_DESCRIPTION = 2000
FEWEST_SENTENCES = 3

_RESOURCES = (DCAT.Catalog, DCAT.Dataset, DCAT.DatasetSeries, DCAT.DataService, DCAT.Distribution)
_TEXTS = (DCTERMS.title, DCTERMS.description)

EMPTY = Check(
    "text-empty",
    nl="deze tekst is leeg; vul hem in.",
    en="this text is empty; fill it in.",
    props="dct:title dct:description dcat:keyword foaf:name",
    source="DCAT-AP-NL 3.0, dct:title en dct:description",
)
NO_LANGUAGE = Check(
    "language-tag",
    nl="bij «{value}» staat niet in welke taal het is; zet er @nl of @en achter.",
    en="«{value}» does not say in which language it is; put @nl or @en behind it.",
    severity="warning",
    props="dct:title dct:description dcat:keyword",
    source="DCAT-AP-NL 3.0: één tekst per taal",
)
BAD_LANGUAGE = Check(
    "language-code",
    nl="de taal «{tag}» bestaat niet; gebruik een code van twee letters, zoals nl of en.",
    en="the language «{tag}» does not exist; use a code of two letters, such as nl or en.",
    props="dct:title dct:description dcat:keyword",
    source="DCAT-AP-NL 3.0: ISO 639-1",
)
TWICE = Check(
    "text-twice",
    nl="er staan {count} teksten in dezelfde taal ({tag}); er mag er één per taal zijn.",
    en="there are {count} texts in the same language ({tag}); there may be one per language.",
    props="dct:title dct:description",
    source="DCAT-AP-NL 3.0: één tekst per taal",
)
NO_DUTCH = Check(
    "no-dutch",
    nl="er is geen Nederlandse tekst.",
    en="there is no Dutch text.",
    severity="warning",
    props="dct:title dct:description",
    source="DCAT-AP-NL 3.0, dct:title en dct:description",
)
TOO_LONG = Check(
    "description-long",
    nl="de beschrijving is {count} tekens lang; het mogen er {limit} zijn.",
    en="the description is {count} characters long; it may be {limit}.",
    severity="warning",
    props="dct:description",
    source="DCAT-AP-NL 3.0: hoogstens 2000 tekens",
)
TOO_SHORT = Check(
    "description-short",
    nl="de beschrijving heeft {count} zin(nen); {limit} is beter: wat het is, waar het vandaan komt, waar het voor is.",
    en="the description has {count} sentence(s); {limit} are better: what it is, where it comes from, what it is for.",
    severity="warning",
    props="dct:description",
    source="DCAT-AP-NL 3.0: minstens drie zinnen",
)
KEYWORD_LIST = Check(
    "keyword-list",
    nl="«{value}» lijkt een rijtje; zet elk trefwoord apart.",
    en="«{value}» looks like a list; put every keyword by itself.",
    severity="warning",
    props="dcat:keyword",
    source="DCAT-AP-NL 3.0, dcat:keyword",
)
MARKUP = Check(
    "markup",
    nl="in de tekst staat opmaak (HTML); een portaal laat die als losse tekens zien. Schrijf gewone zinnen.",
    en="there is markup (HTML) in the text; a portal shows it as loose characters. Write plain sentences.",
    severity="warning",
    props="dct:title dct:description",
    source="DCAT-AP-NL 3.0, dct:description",
)
ABBREVIATION = Check(
    "abbreviation",
    nl="de afkorting {word} staat nergens voluit; schrijf haar een keer uit, in de titel of de beschrijving.",
    en="the abbreviation {word} is nowhere spelt out; write it out once, in the title or the description.",
    severity="warning",
    props="dct:title",
    source="DCAT-AP-NL 3.0, dct:title: afkortingen alleen als zij ook voluit staan",
)

_TAG = re.compile(r"</?(?:a|b|br|div|em|i|li|ol|p|span|strong|u|ul)\b[^<>]*>|&(?:nbsp|amp|lt|gt|quot);", re.IGNORECASE)
_ABBREVIATION = re.compile(r"\b[A-Z]{2,6}\b")
_WORD = re.compile(r"[^\W\d_]+")


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
            elif not re.fullmatch(r"[a-z]{2}(-[A-Za-z0-9]+)*", value.language):
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


@rule
def plain(view: View) -> Iterator[CatalogueFinding]:
    """A text is text, not HTML."""
    for node in view.of(*_RESOURCES):
        for prop in _TEXTS:
            if any(_TAG.search(str(value)) for value in view.values(node, prop)):
                yield view.finding(MARKUP, node, prop)


@rule
def spelt_out(view: View) -> Iterator[CatalogueFinding]:
    """An abbreviation in a title is written out in the title, the description or a keyword; formats are no abbreviations to explain."""
    for node in view.of(DCAT.Dataset, DCAT.DatasetSeries):
        texts = [str(value) for value in view.values(node, DCTERMS.title, DCTERMS.description, DCAT.keyword)]
        words = {word for value in view.values(node, DCTERMS.title) for word in _ABBREVIATION.findall(str(value))}
        for word in sorted(words - lists.file_types().keys()):
            if not any(_explains(text, word) for text in texts):
                yield view.finding(ABBREVIATION, node, DCTERMS.title, word=word)


def _explains(text: str, abbreviation: str) -> bool:
    """Whether words in a row start with the letters of an abbreviation, small words between them or not."""
    initials = [word[0].lower() for word in _WORD.findall(text) if word != abbreviation]
    wanted = abbreviation.lower()
    for start in range(len(initials)):
        left = wanted
        for initial in initials[start : start + 2 * len(wanted)]:
            left = left[1:] if left and initial == left[0] else left
        if not left and initials[start] == wanted[0]:
            return True
    return False
