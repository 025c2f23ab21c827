"""Licences: open, of today, and with what is left said in the rights."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdflib import DCTERMS, URIRef

from catalogue.namespaces import DCAT, DCATAP, HVD_LAW
from catalogue.rules.check import Check
from catalogue.rules.view import rule, shown
from config import lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalogue.findings import CatalogueFinding
    from catalogue.rules.view import View

LICENCE = Check(
    "licence",
    nl="{value} is geen Creative Commons-licentie en staat niet in de lijst met licenties.",
    en="{value} is no Creative Commons licence and is not in the list of licences.",
    severity="warning",
    props="dct:license",
    source="DCAT-AP-NL 3.0, dct:license",
)
OLD_LICENCE = Check(
    "licence-version",
    nl="{value} is een oude versie van de licentie; neem versie 4.0.",
    en="{value} is an old version of the licence; take version 4.0.",
    severity="warning",
    props="dct:license",
    source="DCAT-AP-NL 3.0, dct:license: nieuwste versie",
)
CLOSED_LICENCE = Check(
    "licence-closed",
    nl="de licentie is niet open of onbekend, en nergens staat wat dan wel mag; zet dat in dct:rights.",
    en="the licence is not open or not known, and nothing says what is allowed then; put that in dct:rights.",
    severity="warning",
    props="dct:rights",
    source="DCAT-AP-NL 3.0, dct:license en dct:rights",
)
HVD_LICENCE = Check(
    "hvd-licence",
    nl="{value} mag niet bij een hoogwaardige dataset: die is vrij, met hoogstens naamsvermelding (CC0 of CC BY).",
    en="{value} may not go with a high-value dataset: that is free, with attribution at most (CC0 or CC BY).",
    props="dct:license",
    source="Verordening (EU) 2023/138, artikel 4; DCAT-AP-HVD 3.0",
)

_LICENCES = re.compile(r"https?://creativecommons\.org/(licenses|publicdomain)/|http://standaarden\.overheid\.nl/owms/terms/")
_OLD = re.compile(r"https?://creativecommons\.org/licenses/[a-z-]+/[123]\.\d")
_CLOSED = re.compile(r"http://standaarden\.overheid\.nl/owms/terms/(geslotenlicentie|licentieonbekend)", re.IGNORECASE)
_FREE = re.compile(
    r"https?://creativecommons\.org/(publicdomain/(zero|mark)|licenses/by)/"
    r"|http://publications\.europa\.eu/resource/authority/licence/(CC0|CC_PDM_1_0|CC_BY_\d_\d)$"
)


@rule
def licences(view: View) -> Iterator[CatalogueFinding]:
    """A licence is one of Creative Commons, or another that the lists know."""
    known = {address for licence in lists.licences().values() for address in (licence.uri, licence.url)}
    for node, prop, value in view.pairs(DCTERMS.license):
        if str(value) not in known and not _LICENCES.match(str(value)):
            yield view.finding(LICENCE, node, prop, value=shown(value))


@rule
def versions(view: View) -> Iterator[CatalogueFinding]:
    """A Creative Commons licence is of the newest version."""
    for node, prop, value in view.pairs(DCTERMS.license):
        if _OLD.match(str(value)):
            yield view.finding(OLD_LICENCE, node, prop, value=shown(value))


@rule
def closed(view: View) -> Iterator[CatalogueFinding]:
    """Where the licence does not say what is allowed, the rights do."""
    for node, _, value in view.pairs(DCTERMS.license):
        if _CLOSED.match(str(value)) and not view.values(node, DCTERMS.rights):
            yield view.finding(CLOSED_LICENCE, node, DCTERMS.rights)


@rule
def high_value(view: View) -> Iterator[CatalogueFinding]:
    """High-value data is free, with attribution at most."""
    law = URIRef(HVD_LAW)
    for node in view.of(DCAT.Distribution, DCAT.DataService):
        if law in view.values(node, DCATAP.applicableLegislation):
            for value in view.values(node, DCTERMS.license):
                if not _FREE.match(str(value)):
                    yield view.finding(HVD_LICENCE, node, DCTERMS.license, value=shown(value))
