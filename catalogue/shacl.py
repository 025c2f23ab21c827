"""Our own shapes, run by pySHACL: they hold what the tables of DCAT-AP-NL 3.0 ask of every class, with sentences for people.

pySHACL stands behind `report` alone, so that a faster engine can stand there too.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rdflib import DCTERMS, RDF, RDFS, SKOS, Graph, Namespace, URIRef
from rdflib import Literal as RdfLiteral

from catalogue.namespaces import AUTHORITY, DCAT, ELI, SPDX, VCARD, short
from catalogue.rules.view import name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

    from catalogue.findings import CatalogueFinding
    from catalogue.rules.view import View

SH = Namespace("http://www.w3.org/ns/shacl#")
FOLDER = Path(__file__).parent / "shapes"
CODE = "catalogue.shape"
Version = Literal["3.0.0", "3.0.1"]

# DCAT calls a catalogue and a series datasets too; the profile does not ask of them what it asks of a dataset, so that is left out.
_SUBCLASSES = (
    (DCAT.Dataset, DCAT.Resource),
    (DCAT.DatasetSeries, DCAT.Resource),
    (DCAT.DataService, DCAT.Resource),
    (DCAT.Catalog, DCAT.Resource),
    (VCARD.Organization, VCARD.Kind),
    (VCARD.Individual, VCARD.Kind),
    (VCARD.Group, VCARD.Kind),
)
_TABLES = {
    "access-right": DCTERMS.RightsStatement,
    "data-theme": SKOS.Concept,
    "dataset-status": SKOS.Concept,
    "distribution-status": SKOS.Concept,
    "file-type": DCTERMS.MediaTypeOrExtent,
    "frequency": DCTERMS.Frequency,
    "language": DCTERMS.LinguisticSystem,
    "licence": DCTERMS.LicenseDocument,
    "planned-availability": SKOS.Concept,
    "continent": DCTERMS.Location,
    "country": DCTERMS.Location,
    "place": DCTERMS.Location,
}
_ELSEWHERE = {
    "http://data.europa.eu/eli/": ELI.LegalResource,
    "http://data.europa.eu/bna/": SKOS.Concept,
    "http://purl.org/adms/": SKOS.Concept,
    "http://spdx.org/rdf/terms#checksumAlgorithm_": SPDX.ChecksumAlgorithm,
    "https://www.iana.org/assignments/media-types/": DCTERMS.MediaType,
    "http://www.iana.org/assignments/media-types/": DCTERMS.MediaType,
    "http://creativecommons.org/": DCTERMS.LicenseDocument,
    "https://creativecommons.org/": DCTERMS.LicenseDocument,
}


@cache
def shapes(version: Version) -> Graph:
    """Give our shapes for a version of the profile; 3.0.0 is 3.0.1 and tighter in places."""
    graph = Graph(bind_namespaces="none")
    for path in sorted(FOLDER.glob("*.ttl")):
        if not path.name.startswith("profile-") or path.name == f"profile-{version}.ttl":
            graph.parse(path, format="turtle")
    return graph


def report(graph: Graph, shape_graph: Graph) -> Graph:
    """Run SHACL over a graph and give the report as a graph."""
    import pyshacl

    _, found, _ = pyshacl.validate(graph, shacl_graph=shape_graph, inference="none", advanced=False, meta_shacl=False)
    if not isinstance(found, Graph):
        raise TypeError("the SHACL engine gave no report")
    return found


def findings(view: View, version: Version) -> Iterator[CatalogueFinding]:
    """Give what the shapes find, one finding a resource and shape."""
    rules = shapes(version)
    found = report(informed(view.graph), rules)
    seen: set[tuple[str, str]] = set()
    for result in found.subjects(RDF.type, SH.ValidationResult):
        focus, shape = found.value(result, SH.focusNode), found.value(result, SH.sourceShape)
        if focus is None or shape is None or (name(focus), str(shape)) in seen:
            continue
        seen.add((name(focus), str(shape)))
        path = rules.value(shape, SH.path)
        prop = path if isinstance(path, URIRef) else None
        sentences = (_sentence(rules, shape, "nl"), _sentence(rules, shape, "en"))
        yield view.made(CODE, focus, prop, sentences, severity="violation")


def informed(graph: Graph) -> Graph:
    """Give the graph with what everybody knows: which class is part of which, and what the entries of public lists are.

    Shapes look in the data alone, so without this every catalogue fails that points at a list without copying it. A resource that the
    catalogue does type itself keeps only that: a theme typed as a licence is still found.
    """
    known = Graph(bind_namespaces="none")
    for triple in graph:
        known.add(triple)
    for part, whole in _SUBCLASSES:
        known.add((part, RDFS.subClassOf, whole))
    for value in {value for value in graph.objects() if isinstance(value, URIRef)}:
        kind = _kind(str(value))
        if kind is not None and (value, RDF.type, None) not in graph:
            known.add((value, RDF.type, kind))
            # what such an entry must be called is in its list; its address will do for a shape
            known.add((value, DCTERMS.title if kind == SKOS.ConceptScheme else SKOS.prefLabel, RdfLiteral(short(str(value)))))
    return known


def _kind(iri: str) -> URIRef | None:
    """Give the class of an entry of a public list, by its address."""
    if iri.startswith(AUTHORITY):
        table, _, code = iri[len(AUTHORITY) :].partition("/")
        return _TABLES.get(table) if code else SKOS.ConceptScheme
    return next((kind for start, kind in _ELSEWHERE.items() if iri.startswith(start)), None)


def _sentence(rules: Graph, shape: Node, language: str) -> str:
    """Give the sentence of a shape in a language."""
    return next((str(text) for text in rules.objects(shape, SH.message) if getattr(text, "language", None) == language), "")
