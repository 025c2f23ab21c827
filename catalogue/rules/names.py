"""Misspelt classes and properties, and a catalogue in which nothing was checked.

A shape looks at instances of its class: a `dcat:Catalogue` (as in an official example) matches none, so every check passes over it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdflib import DCTERMS, FOAF, RDF, SKOS, URIRef

from catalogue.namespaces import ADMS, DCAT, SPDX, VCARD, short
from catalogue.rules.check import Check
from catalogue.rules.view import rule, rule_of_whole
from config.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

    from catalogue.findings import CatalogueFinding
    from catalogue.rules.view import View

_DCAT_CLASSES = "Catalog CatalogRecord DataService Dataset DatasetSeries Distribution Relationship Resource Role"
_DCAT_PROPERTIES = """
    accessService accessURL bbox byteSize catalog centroid compressFormat contactPoint dataset distribution downloadURL endDate
    endpointDescription endpointURL first hadRole hasCurrentVersion hasVersion inCatalog inSeries isVersionOf keyword landingPage last
    mediaType next nextVersion packageFormat prev previousVersion qualifiedRelation record relation resource seriesMember servesDataset
    service spatialResolutionInMeters startDate temporalResolution theme themeTaxonomy version
"""

NAMES: dict[str, frozenset[str]] = {
    str(DCAT): frozenset((_DCAT_CLASSES + _DCAT_PROPERTIES).split()),
    str(DCTERMS): frozenset(DCTERMS.__annotations__),
    str(FOAF): frozenset(FOAF.__annotations__),
    str(SKOS): frozenset(SKOS.__annotations__),
    str(SPDX): frozenset(["Checksum", "ChecksumAlgorithm", "algorithm", "checksum", "checksumValue"]),
}
"""Vocabulary → every name in it (DCAT 3; the others whole, of SPDX what DCAT uses)."""

UNKNOWN_CLASS = Check(
    "unknown-class",
    nl="de klasse {found} bestaat niet, dus niets hiervan is gecontroleerd.{nl}",
    en="the class {found} does not exist, so nothing of this was checked.{en}",
    source="DCAT 3",
)
UNKNOWN_PROPERTY = Check(
    "unknown-property",
    nl="de eigenschap {found} bestaat niet, dus niemand leest wat er staat.{nl}",
    en="the property {found} does not exist, so nobody reads what it says.{en}",
    props="*",
    source="DCAT 3",
)
NOTHING_FOUND = Check(
    "nothing-checked",
    nl="er is geen enkele {found}; van deze klasse is dus niets gecontroleerd. Staat de klasse goed geschreven?",
    en="there is no {found} at all, so nothing of this class was checked. Is the class spelt right?",
    source="DCAT-AP-NL 3.0",
    whole=True,
)

_MEANT = {"applicationProfile": "conformsTo"}
"""Names that are no slip of the pen, but another word for the same."""
_ALWAYS = (DCAT.Catalog, DCAT.Dataset)
_WITH_DATA = (DCAT.Distribution, FOAF.Agent, VCARD.Kind)
LINKS = {
    ADMS.identifier: ADMS.Identifier,
    DCAT.accessService: DCAT.DataService,
    DCAT.contactPoint: VCARD.Kind,
    DCAT.distribution: DCAT.Distribution,
    DCAT.inSeries: DCAT.DatasetSeries,
    DCAT.qualifiedRelation: DCAT.Relationship,
    DCAT.record: DCAT.CatalogRecord,
    DCAT.service: DCAT.DataService,
    DCTERMS.creator: FOAF.Agent,
    DCTERMS.publisher: FOAF.Agent,
    DCTERMS.temporal: DCTERMS.PeriodOfTime,
    SPDX.checksum: SPDX.Checksum,
}
"""Property → the class that it leads to: where it is used, there is one, or all of that class went unchecked."""
_CONTACT_CLASSES = tuple(VCARD[kind] for kind in ("Kind", "Organization", "Individual", "Group"))


@rule
def classes(view: View) -> Iterator[CatalogueFinding]:
    """Every class in a vocabulary we know is a class of it."""
    for node, kind in sorted(view.graph.subject_objects(RDF.type), key=lambda pair: (str(pair[0]), str(pair[1]))):
        if view.has(node) and (suggestion := _misspelt(kind, upper=True)) is not None:
            yield view.finding(UNKNOWN_CLASS, node, None, found=short(str(kind)), nl=suggestion[0], en=suggestion[1])


@rule
def properties(view: View) -> Iterator[CatalogueFinding]:
    """Every property in a vocabulary we know is a property of it; one finding a resource and property."""
    used = {(node, prop) for node, prop, _ in view.graph if view.has(node)}
    for node, prop in sorted(used, key=lambda pair: (str(pair[0]), str(pair[1]))):
        if (suggestion := _misspelt(prop, upper=False)) is not None:
            yield view.finding(UNKNOWN_PROPERTY, node, URIRef(str(prop)), found=short(str(prop)), nl=suggestion[0], en=suggestion[1])


@rule_of_whole
def focus(view: View) -> Iterator[CatalogueFinding]:
    """Every class that the catalogue must have, or points at, was found; files, organisations and contacts unless all is withdrawn."""
    alive = view.datasets_set - view.withdrawn
    wanted = {*_ALWAYS, *(_WITH_DATA if alive else ()), *(kind for link, kind in LINKS.items() if any(view.graph.subjects(link)))}
    for kind in sorted(wanted):
        if not view.of(*(_CONTACT_CLASSES if kind == VCARD.Kind else (kind,))):
            yield view.finding(NOTHING_FOUND, kind, None, found=short(str(kind)))


def _misspelt(term: Node, *, upper: bool) -> tuple[str, str] | None:
    """Give a did-you-mean (possibly empty) for a name that its vocabulary does not have; None where it is right, or not ours to know."""
    split = re.fullmatch(r"(.*[/#])([^/#]+)", str(term))
    if split is None or split[1] not in NAMES:
        return None
    # classes start with a capital, properties do not: `a dcat:dataset` is a misspelt class, though the name exists
    names = sorted(name for name in NAMES[split[1]] if name[0].isupper() == upper)
    if split[2] in names:
        return None
    near = _MEANT.get(split[2]) or closest(split[2], names)
    if near is None:
        return "", ""
    called = short(split[1] + near)
    return f" Bedoelt u {called}?", f" Did you mean {called}?"
