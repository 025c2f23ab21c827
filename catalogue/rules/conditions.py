"""Conditions of the profile: what must be there because something else is, and what should be there when it is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import DCTERMS, FOAF, URIRef

from catalogue.namespaces import DCAT, DCATAP, HVD_LAW, VCARD, short
from catalogue.rules.view import rule
from config.errors import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

    from catalogue.findings import CatalogueFinding
    from catalogue.rules.view import View

DATA_GOVERNANCE_ACT = URIRef("http://data.europa.eu/eli/reg/2022/868/oj")

NO_MEDIA_TYPE = Message(
    "catalogue.download-media-type",
    nl="er is een download, maar er staat niet bij wat voor bestand het is (dcat:mediaType).",
    en="there is a download, but it does not say what kind of file it is (dcat:mediaType).",
)
HVD_NO_LAW = Message(
    "catalogue.hvd-law",
    nl="dit is een hoogwaardige dataset; dan hoort verordening <{law}> bij de toepasbare wetgeving.",
    en="this is a high-value dataset; regulation <{law}> then belongs to the applicable legislation.",
)
HVD_NO_CATEGORY = Message(
    "catalogue.hvd-no-category",
    nl="deze dataset valt onder de verordening voor hoogwaardige datasets, maar heeft geen HVD-categorie.",
    en="this dataset falls under the regulation on high-value datasets, but has no HVD category.",
)
HVD_NO_FILE = Message(
    "catalogue.hvd-no-distribution",
    nl="een hoogwaardige dataset heeft minstens één distributie.",
    en="a high-value dataset has at least one distribution.",
)
DGA_MISSING = Message(
    "catalogue.dga",
    nl="deze dataset valt onder de datagovernanceverordening; dan is {missing} verplicht.",
    en="this dataset falls under the Data Governance Act; {missing} is then mandatory.",
)
NO_WAY_TO_REACH = Message(
    "catalogue.contact",
    nl="het contactpunt heeft geen e-mailadres en geen contactformulier.",
    en="the contact point has neither an e-mail address nor a contact form.",
)
SHOULD_HAVE = Message(
    "catalogue.recommended",
    nl="{missing} ontbreekt; het profiel raadt aan dit in te vullen als het bekend is.",
    en="{missing} is missing; the profile recommends to fill it in where it is known.",
    severity="warning",
)
NO_PROFILE = Message(
    "catalogue.profile",
    nl="het record noemt niet aan welk profiel het voldoet.",
    en="the record does not say which profile it meets.",
    severity="warning",
)

RECOMMENDED = {
    DCAT.Dataset: (
        DCAT.distribution,
        DCAT.keyword,
        DCAT.landingPage,
        DCTERMS.language,
        DCTERMS.spatial,
        DCTERMS.temporal,
    ),
    DCAT.Distribution: (DCATAP.availability, DCTERMS.description, DCTERMS["format"], DCAT.downloadURL),
    DCAT.Catalog: (FOAF.homepage, DCTERMS.language, DCTERMS.license, DCTERMS.issued, DCTERMS.modified, DCAT.themeTaxonomy),
}
"""What the profile calls *aanbevolen*, as far as a municipality can know it."""


@rule
def downloads(view: View) -> Iterator[CatalogueFinding]:
    """A file that can be downloaded says what kind of file it is."""
    for node in view.of(DCAT.Distribution):
        if view.values(node, DCAT.downloadURL) and not view.values(node, DCAT.mediaType):
            yield view.finding(NO_MEDIA_TYPE, node, DCAT.mediaType)


@rule
def high_value(view: View) -> Iterator[CatalogueFinding]:
    """A high-value dataset names the regulation, a category and a file; each of its files names the regulation too."""
    law = URIRef(HVD_LAW)
    for node in view.of(DCAT.Dataset, DCAT.DataService):
        lawful = law in view.values(node, DCATAP.applicableLegislation)
        categories = view.values(node, DCATAP.hvdCategory)
        if categories and not lawful:
            yield view.finding(HVD_NO_LAW, node, DCATAP.applicableLegislation, law=HVD_LAW)
        if lawful and not categories:
            yield view.finding(HVD_NO_CATEGORY, node, DCATAP.hvdCategory)
        if not (lawful or categories) or node not in view.datasets_set or node in view.withdrawn:
            continue
        files = view.values(node, DCAT.distribution)
        if not files:
            yield view.finding(HVD_NO_FILE, node, DCAT.distribution)
        for file in files:
            if law not in view.values(file, DCATAP.applicableLegislation):
                yield view.finding(HVD_NO_LAW, file, DCATAP.applicableLegislation, law=HVD_LAW)


@rule
def data_governance(view: View) -> Iterator[CatalogueFinding]:
    """Files of a dataset under the Data Governance Act have a format, a size and a statement of rights."""
    for node in view.datasets:
        if DATA_GOVERNANCE_ACT in view.values(node, DCATAP.applicableLegislation):
            for file in view.values(node, DCAT.distribution):
                for prop in _missing(view, file, (DCTERMS["format"], DCAT.byteSize, DCTERMS.rights)):
                    yield view.finding(DGA_MISSING, file, prop, missing=short(str(prop)))


@rule
def contacts(view: View) -> Iterator[CatalogueFinding]:
    """A contact point can be reached, by e-mail or by a form."""
    for node in sorted({value for _, _, value in view.pairs(DCAT.contactPoint)}, key=str):
        if not view.values(node, VCARD.hasEmail, VCARD.hasURL):
            yield view.finding(NO_WAY_TO_REACH, node, VCARD.hasEmail)


@rule
def recommended(view: View) -> Iterator[CatalogueFinding]:
    """What is recommended is there; what was withdrawn owes nobody anything."""
    for kind, props in RECOMMENDED.items():
        for node in view.of(kind):
            if node not in view.withdrawn:
                for prop in _missing(view, node, props):
                    yield view.finding(SHOULD_HAVE, node, prop, missing=short(str(prop)))


@rule
def profiles(view: View) -> Iterator[CatalogueFinding]:
    """A record says which profile it meets."""
    for node in view.of(DCAT.CatalogRecord):
        if not view.values(node, DCTERMS.conformsTo):
            yield view.finding(NO_PROFILE, node, DCTERMS.conformsTo)


def _missing(view: View, node: Node, props: tuple[URIRef, ...]) -> list[URIRef]:
    """Give the properties that a resource does not have."""
    return [prop for prop in props if not view.values(node, prop)]
