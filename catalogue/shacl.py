"""Our own shapes: they hold what the tables of DCAT-AP-NL 3.0 ask of every class, with sentences for people."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rdflib import DCTERMS, RDF, RDFS, SKOS, Graph, URIRef
from rdflib import Literal as RdfLiteral

from catalogue.engines import ENGINES, SH, shapes
from catalogue.namespaces import AUTHORITY, DCAT, ELI, SPDX, VCARD, short
from catalogue.rules.view import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

    from catalogue.engines import Engine, Version
    from catalogue.findings import CatalogueFinding
    from catalogue.rules.view import View

CODE = "catalogue.shape"
_PREFIX = "urn:vrijgave:shape:"

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


def findings(view: View, version: Version, engine: Engine = "pyshacl") -> Iterator[CatalogueFinding]:
    """Give what the shapes find, one finding a resource and shape, with what stands there now.

    Raises:
        ConfigurationError: the engine is not installed.
    """
    found: dict[tuple[Node, str], set[str]] = {}
    for focus, shape, component in ENGINES[engine](informed(view.graph), version, view.own):
        if view.has(focus):
            found.setdefault((focus, shape), set()).add(component)
    for (focus, shape), components in sorted(found.items(), key=lambda item: (str(item[0][0]), item[0][1])):
        nl, en = _told(version, shape)
        now_nl, now_en = _now(view, focus, shape, version, components)
        told, prop = (f"{nl} {now_nl}", f"{en} {now_en}"), _looks_at(version, shape)[0]
        yield view.made(CODE, focus, prop, told, severity="violation", shape=shape.removeprefix(_PREFIX))


def _now(view: View, focus: Node, shape: str, version: Version, components: set[str]) -> tuple[str, str]:
    """Say what stands there now: how many where the number is wrong, else a value that is not described as it should be, or not right."""
    prop, kind = _looks_at(version, shape)
    values = view.values(focus, prop) if prop is not None else []
    if not values:
        return "Nu staat er niets.", "Now there is nothing."
    if components & {"MinCount", "MaxCount"}:
        return f"Nu staan er {len(values)}.", f"Now there are {len(values)}."
    if kind is not None and "Class" in components and "NodeKind" not in components:
        value = next((one for one in values if (one, RDF.type, kind) not in view.graph), values[0])
        called = short(str(kind))
        return f"«{shown(value)}» is hier niet beschreven als {called}.", f"«{shown(value)}» is not described as a {called} here."
    return f"Nu staat er «{shown(values[0])}».", f"Now it says «{shown(values[0])}»."


@cache
def _looks_at(version: Version, shape: str) -> tuple[URIRef | None, URIRef | None]:
    """Give the property that a shape looks at, and the class that its values must have."""
    rules, node = shapes(version), URIRef(shape)
    path, kind = rules.value(node, SH.path), rules.value(node, SH["class"])
    return path if isinstance(path, URIRef) else None, kind if isinstance(kind, URIRef) else None


@cache
def _told(version: Version, shape: str) -> tuple[str, str]:
    """Give the sentences of a shape."""
    return _sentence(shapes(version), URIRef(shape), "nl"), _sentence(shapes(version), URIRef(shape), "en")


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
