"""What the profile calls *aanbevolen*, as far as a municipality can know it, and services that nobody would find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import DCTERMS, FOAF

from catalogue.namespaces import DCAT, DCATAP, short
from catalogue.rules.check import Check
from catalogue.rules.view import rule, rule_of_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalogue.findings import CatalogueFinding
    from catalogue.rules.view import View

SHOULD_HAVE = Check(
    "recommended",
    nl="{missing} ontbreekt; het profiel raadt aan dit in te vullen als het bekend is.",
    en="{missing} is missing; the profile recommends to fill it in where it is known.",
    severity="warning",
    props="*",
    source="DCAT-AP-NL 3.0: aanbevolen",
)
NOT_LISTED = Check(
    "service-stray",
    nl="deze dienst staat niet bij de diensten van de catalogus (dcat:service), dus niemand oogst haar.",
    en="this service is not among the services of the catalogue (dcat:service), so nobody harvests it.",
    severity="warning",
    source="DCAT-AP-NL 3.0, dcat:Catalog: dcat:service",
    whole=True,
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
    DCAT.DataService: (DCAT.keyword, DCTERMS.creator, DCTERMS.language),
    DCAT.DatasetSeries: (DCAT.contactPoint, DCTERMS.publisher),
    DCAT.Catalog: (FOAF.homepage, DCTERMS.language, DCTERMS.license, DCTERMS.issued, DCTERMS.modified, DCAT.themeTaxonomy),
}


@rule
def recommended(view: View) -> Iterator[CatalogueFinding]:
    """What is recommended is there; what was withdrawn owes nobody anything, and an interface has no file to download."""
    for kind, props in RECOMMENDED.items():
        for node in view.of(kind):
            for prop in props if node not in view.withdrawn else ():
                interface = prop in (DCAT.downloadURL, DCTERMS["format"]) and view.values(node, DCAT.accessService)
                if not view.values(node, prop) and not interface:
                    yield view.finding(SHOULD_HAVE, node, prop, missing=short(str(prop)))


@rule_of_whole
def services(view: View) -> Iterator[CatalogueFinding]:
    """Every service is listed by a catalogue, where there is one."""
    listed = {value for _, _, value in view.pairs(DCAT.service)}
    if view.of(DCAT.Catalog):
        for node in view.of(DCAT.DataService):
            if node not in listed:
                yield view.finding(NOT_LISTED, node)
