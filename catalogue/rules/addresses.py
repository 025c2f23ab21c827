"""Addresses: well formed, https, pointing at something that is described."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdflib import DCTERMS, FOAF, RDF, Literal, URIRef

from catalogue.namespaces import DCAT, SPDX
from catalogue.rules.check import Check
from catalogue.rules.view import rule, rule_of_whole, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalogue.findings import CatalogueFinding
    from catalogue.rules.view import View

BAD_IRI = Check(
    "iri",
    nl="in het adres «{value}» staat een spatie of een teken dat daar niet mag.",
    en="the address «{value}» holds a space or a character that may not stand there.",
    props="*",
    source="RFC 3987",
)
NOT_HTTPS = Check(
    "https",
    nl="«{value}» begint niet met https://.",
    en="«{value}» does not start with https://.",
    props="dcat:accessURL dcat:downloadURL dcat:endpointURL",
    source="DCAT-AP-NL 3.0, dcat:accessURL",
)
DANGLING = Check(
    "dangling",
    nl="dit wijst naar {value}, maar dat staat niet in de catalogus beschreven.",
    en="this points at {value}, but the catalogue does not describe it.",
    props="dcat:dataset dcat:distribution dcat:record dcat:service dcat:hasVersion foaf:primaryTopic spdx:checksum",
    source="DCAT 3",
)
STRAY = Check(
    "stray",
    nl="deze dataset hangt nergens aan: geen catalogus, versie of serie noemt haar, dus niemand oogst haar.",
    en="nothing points at this dataset: no catalogue, version or series names it, so nobody harvests it.",
    severity="warning",
    source="DCAT 3, dcat:dataset",
    whole=True,
)
IDENTIFIER = Check(
    "identifier",
    nl="«{value}» is geen blijvend webadres; een identificator is bij voorkeur het adres van de dataset zelf.",
    en="«{value}» is no lasting web address; an identifier is preferably the address of the dataset itself.",
    severity="warning",
    props="dct:identifier",
    source="DCAT-AP-NL 3.0, dct:identifier",
)
IDENTIFIER_TWICE = Check(
    "identifier-twice",
    nl="«{value}» is ook de identificator van een andere dataset.",
    en="«{value}» is the identifier of another dataset too.",
    props="dct:identifier",
    source="DCAT-AP-NL 3.0, dct:identifier",
    whole=True,
)

NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_LINKS = (DCAT.dataset, DCAT.distribution, DCAT.record, DCAT.service, DCAT.hasVersion, FOAF.primaryTopic, SPDX.checksum)


@rule
def well_formed(view: View) -> Iterator[CatalogueFinding]:
    """An address holds no space; one finding an address."""
    used = {(value, node, prop) for node, prop, value in view.graph if isinstance(value, URIRef) and NOT_IN_IRI.search(value)}
    for value, node, prop in sorted(used, key=lambda use: tuple(map(str, use))):
        yield view.finding(BAD_IRI, node, URIRef(str(prop)), value=shown(value))


@rule
def secure(view: View) -> Iterator[CatalogueFinding]:
    """What people fetch, they fetch by https (ftp and http cannot be trusted on the way)."""
    for node, prop, value in view.pairs(DCAT.accessURL, DCAT.downloadURL, DCAT.endpointURL):
        if not str(value).startswith("https://"):
            yield view.finding(NOT_HTTPS, node, prop, value=shown(value))


@rule
def described(view: View) -> Iterator[CatalogueFinding]:
    """What a resource links to is described in the same file."""
    for node, prop, value in view.pairs(*_LINKS):
        if not isinstance(value, Literal) and (value, RDF.type, None) not in view.graph:
            yield view.finding(DANGLING, node, prop, value=shown(value))


@rule_of_whole
def linked(view: View) -> Iterator[CatalogueFinding]:
    """Every dataset is a member of a catalogue, a version of a dataset, or in a series."""
    if not view.of(DCAT.Catalog):
        return
    known = {value for _, _, value in view.pairs(DCAT.dataset, DCAT.hasVersion, DCAT.hasCurrentVersion, DCAT.seriesMember)}
    for node in view.datasets:
        if node not in known and not view.values(node, DCAT.isVersionOf, DCAT.inSeries):
            yield view.finding(STRAY, node)


@rule
def lasting(view: View) -> Iterator[CatalogueFinding]:
    """An identifier is a lasting address."""
    for node in view.datasets:
        for value in view.values(node, DCTERMS.identifier):
            if not re.match(r"https?://|urn:|doi:", str(value)):
                yield view.finding(IDENTIFIER, node, DCTERMS.identifier, value=shown(value))


@rule_of_whole
def identifiers(view: View) -> Iterator[CatalogueFinding]:
    """An identifier belongs to one dataset."""
    seen: dict[str, object] = {}
    for node in view.datasets:
        for value in view.values(node, DCTERMS.identifier):
            if seen.setdefault(str(value), node) != node:
                yield view.finding(IDENTIFIER_TWICE, node, DCTERMS.identifier, value=shown(value))
