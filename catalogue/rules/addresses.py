"""Addresses: well formed, https, pointing at something that is described."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdflib import DCTERMS, FOAF, RDF, Literal, URIRef

from catalogue.namespaces import DCAT, SPDX, VCARD
from catalogue.rules.view import rule, shown
from config.errors import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalogue.findings import CatalogueFinding
    from catalogue.rules.view import View

BAD_IRI = Message(
    "catalogue.iri",
    nl="in het adres «{value}» staat een spatie of een teken dat daar niet mag.",
    en="the address «{value}» holds a space or a character that may not stand there.",
)
NOT_HTTPS = Message(
    "catalogue.https",
    nl="«{value}» begint niet met https://.",
    en="«{value}» does not start with https://.",
)
DANGLING = Message(
    "catalogue.dangling",
    nl="dit wijst naar {value}, maar dat staat niet in de catalogus beschreven.",
    en="this points at {value}, but the catalogue does not describe it.",
)
STRAY = Message(
    "catalogue.stray",
    nl="deze dataset hangt nergens aan: geen catalogus, versie of serie noemt haar, dus niemand oogst haar.",
    en="nothing points at this dataset: no catalogue, version or series names it, so nobody harvests it.",
    severity="warning",
)
IDENTIFIER = Message(
    "catalogue.identifier",
    nl="«{value}» is geen blijvend webadres; een identificator is bij voorkeur het adres van de dataset zelf.",
    en="«{value}» is no lasting web address; an identifier is preferably the address of the dataset itself.",
    severity="warning",
)
IDENTIFIER_TWICE = Message(
    "catalogue.identifier-twice",
    nl="«{value}» is ook de identificator van een andere dataset.",
    en="«{value}» is the identifier of another dataset too.",
)
PUBLISHER = Message(
    "catalogue.publisher",
    nl="{value} staat niet in een register van organisaties (TOOI, ROR of de EU-lijst van organisaties).",
    en="{value} is in no register of organisations (TOOI, ROR or the EU list of corporate bodies).",
    severity="warning",
)
MAILTO = Message(
    "catalogue.mailto",
    nl="«{value}» is geen e-mailadres als adres; schrijf <mailto:data@voorbeeldgemeente.example>.",
    en="«{value}» is no e-mail address as an IRI; write <mailto:data@voorbeeldgemeente.example>.",
)
CHECKSUM = Message(
    "catalogue.checksum",
    nl="de controlesom heeft {count} tekens; een SHA-256 heeft er 64, elk 0-9 of a-f.",
    en="the checksum has {count} characters; a SHA-256 has 64, each 0-9 or a-f.",
)
BOX = Message(
    "catalogue.box",
    nl="de rechthoek of het punt is geen WKT in graden (WGS 84): lengte van -180 tot 180, dan breedte van -90 tot 90.",
    en="the box or point is no WKT in degrees (WGS 84): longitude from -180 to 180, then latitude from -90 to 90.",
)

_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_REGISTERS = re.compile(
    r"https://identifier\.overheid\.nl/tooi/id/|https://ror\.org/|http://publications\.europa\.eu/resource/authority/corporate-body/"
)
_WKT = re.compile(r"(?:<[^>]*>\s*)?(?:POINT|POLYGON|MULTIPOLYGON|ENVELOPE|LINESTRING)\s*\(", re.IGNORECASE)
_PAIR = re.compile(r"(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s+(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)")
_LINKS = (DCAT.dataset, DCAT.distribution, DCAT.record, DCAT.service, DCAT.hasVersion, FOAF.primaryTopic, SPDX.checksum)
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


@rule
def well_formed(view: View) -> Iterator[CatalogueFinding]:
    """An address holds no space; one finding an address."""
    used = {(value, node, prop) for node, prop, value in view.graph if isinstance(value, URIRef) and _NOT_IN_IRI.search(value)}
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


@rule
def linked(view: View) -> Iterator[CatalogueFinding]:
    """Every dataset is a member of a catalogue, a version of a dataset, or in a series."""
    if not view.of(DCAT.Catalog):
        return
    known = {value for _, _, value in view.pairs(DCAT.dataset, DCAT.hasVersion, DCAT.hasCurrentVersion, DCAT.seriesMember)}
    for node in view.datasets:
        if node not in known and not view.values(node, DCAT.isVersionOf, DCAT.inSeries):
            yield view.finding(STRAY, node)


@rule
def identifiers(view: View) -> Iterator[CatalogueFinding]:
    """An identifier is a lasting address, and belongs to one dataset."""
    seen: dict[str, object] = {}
    for node in view.datasets:
        for value in view.values(node, DCTERMS.identifier):
            if not re.match(r"https?://|urn:|doi:", str(value)):
                yield view.finding(IDENTIFIER, node, DCTERMS.identifier, value=shown(value))
            if seen.setdefault(str(value), node) != node:
                yield view.finding(IDENTIFIER_TWICE, node, DCTERMS.identifier, value=shown(value))


@rule
def publishers(view: View) -> Iterator[CatalogueFinding]:
    """A publisher is named by its address in a register; one finding a resource."""
    for node in view.of(DCAT.Catalog, DCAT.Dataset):
        for value in view.values(node, DCTERMS.publisher):
            if not _REGISTERS.match(str(value)):
                yield view.finding(PUBLISHER, node, DCTERMS.publisher, value=shown(value))


@rule
def mail(view: View) -> Iterator[CatalogueFinding]:
    """An e-mail address is an IRI of the form ``mailto:``."""
    for node, prop, value in view.pairs(VCARD.hasEmail):
        if not (isinstance(value, URIRef) and re.fullmatch(r"mailto:[^@\s]+@[^@\s]+\.[^@\s]+", str(value))):
            yield view.finding(MAILTO, node, prop, value=shown(value))


@rule
def checksums(view: View) -> Iterator[CatalogueFinding]:
    """A SHA-256 has 64 hexadecimal digits."""
    for node in view.of(SPDX.Checksum):
        if SPDX.checksumAlgorithm_sha256 in view.values(node, SPDX.algorithm):
            for value in view.values(node, SPDX.checksumValue):
                if not _SHA256.fullmatch(str(value)):
                    yield view.finding(CHECKSUM, node, SPDX.checksumValue, count=len(str(value)))


@rule
def boxes(view: View) -> Iterator[CatalogueFinding]:
    """A box or centroid is WKT in degrees; GeoJSON texts are left alone, for DCAT-AP allows them."""
    for node, prop, value in view.pairs(DCAT.bbox, DCAT.centroid):
        text = str(value).strip()
        if text.startswith("{") and text.endswith("}"):
            continue
        pairs = [(float(x), float(y)) for x, y in _PAIR.findall(text)]
        if not (_WKT.match(text) and pairs and all(_on_earth(x, y) for x, y in pairs)):
            yield view.finding(BOX, node, prop)


def _on_earth(longitude: float, latitude: float) -> bool:
    """Whether a pair of numbers is a place in degrees."""
    return -180 <= longitude <= 180 and -90 <= latitude <= 90  # noqa: PLR2004 - degrees
