"""High-value datasets (Implementing Regulation (EU) 2023/138) and the services that carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import DCTERMS, FOAF, URIRef

from catalogue.namespaces import DCAT, DCATAP, HVD_LAW, short
from catalogue.rules.check import Check
from catalogue.rules.view import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalogue.findings import CatalogueFinding
    from catalogue.rules.view import View

HVD_NO_LAW = Check(
    "hvd-law",
    nl="dit is een hoogwaardige dataset; dan hoort verordening <{law}> bij de toepasbare wetgeving.",
    en="this is a high-value dataset; regulation <{law}> then belongs to the applicable legislation.",
    props="dcatap:applicableLegislation",
    source="Verordening (EU) 2023/138; DCAT-AP-HVD 3.0",
)
HVD_NO_CATEGORY = Check(
    "hvd-no-category",
    nl="deze dataset valt onder de verordening voor hoogwaardige datasets, maar heeft geen HVD-categorie.",
    en="this dataset falls under the regulation on high-value datasets, but has no HVD category.",
    props="dcatap:hvdCategory",
    source="Verordening (EU) 2023/138; DCAT-AP-HVD 3.0",
)
HVD_NO_FILE = Check(
    "hvd-no-distribution",
    nl="een hoogwaardige dataset heeft minstens één distributie.",
    en="a high-value dataset has at least one distribution.",
    props="dcat:distribution",
    source="Verordening (EU) 2023/138; DCAT-AP-NL 3.0",
)
HVD_SERVICE = Check(
    "hvd-service",
    nl="deze dienst geeft hoogwaardige data; dan is {missing} verplicht.",
    en="this service gives high-value data; {missing} is then mandatory.",
    props="dcatap:applicableLegislation dcatap:hvdCategory dcat:servesDataset dct:conformsTo foaf:page",
    source="Verordening (EU) 2023/138, artikel 3; DCAT-AP-HVD 3.0, dcat:DataService",
)

_SERVICE = (DCATAP.hvdCategory, DCAT.servesDataset, DCTERMS.conformsTo, FOAF.page)


@rule
def high_value(view: View) -> Iterator[CatalogueFinding]:
    """A high-value dataset names the regulation, a category and a file; each of its files names the regulation too."""
    law = URIRef(HVD_LAW)
    for node in view.of(DCAT.Dataset, DCAT.DatasetSeries):
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
        for file in view.near(node, DCAT.distribution):
            if law not in view.values(file, DCATAP.applicableLegislation):
                yield view.finding(HVD_NO_LAW, file, DCATAP.applicableLegislation, law=HVD_LAW)


@rule
def services(view: View) -> Iterator[CatalogueFinding]:
    """A service of high-value data says so, and has its documentation of quality."""
    law = URIRef(HVD_LAW)
    for node in view.of(DCAT.DataService):
        lawful = law in view.values(node, DCATAP.applicableLegislation)
        serves = any(law in view.values(served, DCATAP.applicableLegislation) for served in view.values(node, DCAT.servesDataset))
        if serves and not lawful:
            yield view.finding(HVD_SERVICE, node, DCATAP.applicableLegislation, missing=f"<{HVD_LAW}>")
        if serves or lawful or view.values(node, DCATAP.hvdCategory):
            for prop in _SERVICE:
                if not view.values(node, prop):
                    yield view.finding(HVD_SERVICE, node, prop, missing=short(str(prop)))
