"""Organisations and contact points."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdflib import DCTERMS, FOAF, RDF, URIRef

from catalogue.namespaces import DCAT, VCARD
from catalogue.rules.check import Check
from catalogue.rules.view import rule, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

    from catalogue.findings import CatalogueFinding
    from catalogue.rules.view import View

PUBLISHER = Check(
    "publisher",
    nl="{value} staat niet in een register van organisaties (TOOI, ROR of de EU-lijst van organisaties).",
    en="{value} is in no register of organisations (TOOI, ROR or the EU list of corporate bodies).",
    severity="warning",
    props="dct:publisher dct:creator",
    source="DCAT-AP-NL 3.0, foaf:Agent",
)
TOOI = Check(
    "tooi",
    nl="{value} is geen adres uit TOOI; dat ziet eruit als https://identifier.overheid.nl/tooi/id/gemeente/gm0400.",
    en="{value} is no address of TOOI; those look like https://identifier.overheid.nl/tooi/id/gemeente/gm0400.",
    props="dct:publisher dct:creator",
    source="TOOI, identificatie van overheidsorganisaties",
)
AGENT_TYPE = Check(
    "publisher-type",
    nl="{value} is geen soort organisatie uit de ADMS-lijst; een gemeente is <http://purl.org/adms/publishertype/LocalAuthority>.",
    en="{value} is no type of organisation of the ADMS list; a municipality is <http://purl.org/adms/publishertype/LocalAuthority>.",
    severity="warning",
    props="dct:type",
    source="DCAT-AP 3.0.1, foaf:Agent",
)
NO_WAY_TO_REACH = Check(
    "contact",
    nl="het contactpunt heeft geen e-mailadres en geen contactformulier.",
    en="the contact point has neither an e-mail address nor a contact form.",
    props="vcard:hasEmail",
    source="DCAT-AP-NL 3.0, dcat:contactPoint",
)
MAILTO = Check(
    "mailto",
    nl="«{value}» is geen e-mailadres als adres; schrijf <mailto:data@voorbeeldgemeente.example>.",
    en="«{value}» is no e-mail address as an IRI; write <mailto:data@voorbeeldgemeente.example>.",
    props="vcard:hasEmail",
    source="DCAT-AP-HVD 3.0, vcard:Kind",
)
PERSON = Check(
    "contact-person",
    nl="het contactpunt lijkt een persoon; noem een team met een eigen postbus, want mensen wisselen en zijn geen open data.",
    en="the contact point looks like a person; name a team with a mailbox of its own, for people move on and are no open data.",
    severity="warning",
    props="vcard:hasEmail",
    source="DCAT-AP-NL 3.0, dcat:contactPoint; AVG artikel 5",
)

_REGISTERS = re.compile(
    r"https://identifier\.overheid\.nl/tooi/id/|https://ror\.org/|http://publications\.europa\.eu/resource/authority/corporate-body/"
)
_TOOI = re.compile(r"https://identifier\.overheid\.nl/tooi/id/[a-z]+/[a-z]+\d+")
_TYPES = (
    "Academia-ScientificOrganisation",
    "Company",
    "IndustryConsortium",
    "LocalAuthority",
    "NationalAuthority",
    "NonGovernmentalOrganisation",
    "NonProfitOrganisation",
    "PrivateIndividual(s)",
    "RegionalAuthority",
    "StandardisationBody",
    "SupraNationalAuthority",
)
_INITIALS = re.compile(r"mailto:[a-z]\.(?:[a-z]\.)*(?:(?:van|de|der|den|ten|ter)\.?)*[a-z]{3,}@", re.IGNORECASE)


@rule
def agents(view: View) -> Iterator[CatalogueFinding]:
    """A publisher or maker is named by its address in a register."""
    for prop in (DCTERMS.publisher, DCTERMS.creator):
        for node in view.of(DCAT.Catalog, DCAT.Dataset, DCAT.DatasetSeries, DCAT.DataService):
            for value in view.values(node, prop):
                if not _REGISTERS.match(str(value)):
                    yield view.finding(PUBLISHER, node, prop, value=shown(value))
                elif "/tooi/" in str(value) and not _TOOI.fullmatch(str(value)):
                    yield view.finding(TOOI, node, prop, value=shown(value))


@rule
def types(view: View) -> Iterator[CatalogueFinding]:
    """The type of an organisation is of the ADMS list."""
    start = "http://purl.org/adms/publishertype/"
    for node in view.of(FOAF.Agent):
        for value in view.values(node, DCTERMS.type):
            if not str(value).startswith(start) or str(value).removeprefix(start) not in _TYPES:
                yield view.finding(AGENT_TYPE, node, DCTERMS.type, value=shown(value))


@rule
def contacts(view: View) -> Iterator[CatalogueFinding]:
    """A contact point can be reached, by e-mail or by a form."""
    for node in _contacts(view):
        if not view.values(node, VCARD.hasEmail, VCARD.hasURL):
            yield view.finding(NO_WAY_TO_REACH, node, VCARD.hasEmail)


@rule
def mail(view: View) -> Iterator[CatalogueFinding]:
    """An e-mail address is an IRI of the form ``mailto:``."""
    for node, prop, value in view.pairs(VCARD.hasEmail):
        if not (isinstance(value, URIRef) and re.fullmatch(r"mailto:[^@\s]+@[^@\s]+\.[^@\s]+", str(value))):
            yield view.finding(MAILTO, node, prop, value=shown(value))


@rule
def persons(view: View) -> Iterator[CatalogueFinding]:
    """A contact point is a team: no vcard:Individual, and no address of initials and a surname."""
    for node in _contacts(view):
        person = (node, RDF.type, VCARD.Individual) in view.graph
        if person or any(_INITIALS.match(str(value)) for value in view.values(node, VCARD.hasEmail)):
            yield view.finding(PERSON, node, VCARD.hasEmail)


def _contacts(view: View) -> list[Node]:
    """Give what is named as a contact point, sorted."""
    return sorted({value for node, prop, _ in view.pairs(DCAT.contactPoint) for value in view.near(node, prop)}, key=str)
