"""Records: what the catalogue says of its descriptions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdflib import DCTERMS, FOAF, Literal

from catalogue.namespaces import DCAT
from catalogue.rules.check import Check
from catalogue.rules.view import rule
from config import lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalogue.findings import CatalogueFinding
    from catalogue.rules.view import View

NO_PROFILE = Check(
    "profile",
    nl="het record noemt niet aan welk profiel het voldoet.",
    en="the record does not say which profile it meets.",
    severity="warning",
    props="dct:conformsTo",
    source="DCAT-AP-NL 3.0, dcat:CatalogRecord",
)
OTHER_PROFILE = Check(
    "profile-nl",
    nl="het record noemt wel een profiel, maar niet DCAT-AP-NL; voeg <https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/> toe.",
    en="the record names a profile, but not DCAT-AP-NL; add <https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/>.",
    severity="warning",
    props="dct:conformsTo",
    source="DCAT-AP-NL 3.0, dcat:CatalogRecord",
)
RECORD_LANGUAGE = Check(
    "record-language",
    nl="de beschrijving is er ook in het {language}, maar het record noemt die taal niet.",
    en="the description is there in {language} too, but the record does not name that language.",
    severity="warning",
    props="dct:language",
    source="DCAT-AP-NL 3.0, dcat:CatalogRecord: taal van de metadata",
)

_NL = re.compile(r"https?://(docs\.)?geo(standaarden|novum)\.(nl|github\.io)/.*dcat-ap-nl", re.IGNORECASE)


@rule
def profiles(view: View) -> Iterator[CatalogueFinding]:
    """A record says which profile it meets."""
    for node in view.of(DCAT.CatalogRecord):
        if not view.values(node, DCTERMS.conformsTo):
            yield view.finding(NO_PROFILE, node, DCTERMS.conformsTo)


@rule
def dutch_profile(view: View) -> Iterator[CatalogueFinding]:
    """A record names the Dutch profile among the profiles that it meets."""
    for node in view.of(DCAT.CatalogRecord):
        values = view.values(node, DCTERMS.conformsTo)
        if values and not any(_NL.match(str(value)) for value in values):
            yield view.finding(OTHER_PROFILE, node, DCTERMS.conformsTo)


@rule
def languages(view: View) -> Iterator[CatalogueFinding]:
    """The record names every language in which both title and description are given; the dataset names that of the data."""
    codes = {language.tag: language.code for language in lists.languages().values()}
    for node in view.of(DCAT.CatalogRecord):
        named = {str(value).rpartition("/")[2] for value in view.values(node, DCTERMS.language)}
        for topic in view.values(node, FOAF.primaryTopic):
            tags = [
                {value.language for value in view.values(topic, prop) if isinstance(value, Literal)}
                for prop in (DCTERMS.title, DCTERMS.description)
            ]
            for tag in sorted({tag for tag in tags[0] & tags[1] if tag}):
                if named and tag in codes and codes[tag] not in named:
                    yield view.finding(RECORD_LANGUAGE, node, DCTERMS.language, language=tag)
