"""The outline of a catalogue: the few facts of each part that the rules over the whole look at, small enough to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import DCTERMS, RDF, Graph, Literal, URIRef

from catalogue.namespaces import ADMS, DCAT
from catalogue.rules.names import LINKS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

    from catalogue.parts import Part

_KINDS = (DCAT.Catalog, DCAT.DataService, DCAT.Dataset, DCAT.DatasetSeries)
_FACTS = (
    ADMS.status,
    DCAT.bbox,
    DCAT.dataset,
    DCAT.endDate,
    DCAT.hasCurrentVersion,
    DCAT.hasVersion,
    DCAT.inSeries,
    DCAT.isVersionOf,
    DCAT.seriesMember,
    DCAT.servesDataset,
    DCAT.service,
    DCAT.startDate,
    DCTERMS.identifier,
)
_KIND_NAMES = frozenset(map(str, _KINDS))
_LINK_NAMES = frozenset(map(str, LINKS)) - frozenset(map(str, _FACTS))
_OF_SERIES = (DCTERMS.spatial, DCTERMS.temporal)

Fact = list[str]
"""A triple as texts: subject, predicate and IRI; or subject, predicate, text, language and datatype."""


def outline(part: Part) -> list[Fact]:
    """Give the facts of a part, sorted: what rules need of datasets, series, services and catalogues, one example of other classes."""
    graph, found = part.graph, set()
    series = any(graph.subjects(DCAT.inSeries)) or any(graph.subjects(RDF.type, DCAT.DatasetSeries))
    for prop in (*_FACTS, *(_OF_SERIES if series else ())):
        if series or prop not in (DCAT.bbox, DCAT.endDate, DCAT.startDate):
            found |= {(node, prop, value) for node, value in graph.subject_objects(prop)}
    for kind in set(graph.objects(None, RDF.type)):
        nodes = sorted((node for node in graph.subjects(RDF.type, kind) if node in part.own), key=str)
        found |= {(node, RDF.type, kind) for node in (nodes if kind in _KINDS else nodes[:1])}
    for link in LINKS:
        uses = sorted(graph.subject_objects(link), key=str)
        found |= {(node, link, value) for node, value in uses[:1]}
    return sorted(_fact(*triple) for triple in found)


def together(outlines: Iterable[Iterable[Fact]]) -> Graph:
    """Put outlines together to a graph."""
    graph, examples = Graph(store="SimpleMemory", bind_namespaces="none"), set()
    for facts in outlines:
        for subject, predicate, value, *kind in facts:
            if (example := _example(predicate, value)) in examples:
                continue
            examples |= {example} - {None}
            if kind:
                term: Node = Literal(value, lang=kind[0] or None, datatype=URIRef(kind[1]) if kind[1] else None, normalize=False)
            else:
                term = URIRef(value)
            graph.add((URIRef(subject), URIRef(predicate), term))
    return graph


def _example(predicate: str, value: str) -> str | None:
    """Tell what a fact is only an example of: that a class is there, or that a link is used; None for any other fact."""
    if predicate == str(RDF.type):
        return None if value in _KIND_NAMES else value
    return predicate if predicate in _LINK_NAMES else None


def _fact(subject: Node, predicate: Node, value: Node) -> Fact:
    """Give a triple as texts; blank nodes are only in catalogues of others, whose outline is not kept."""
    if isinstance(value, Literal):
        return [str(subject), str(predicate), str(value), value.language or "", str(value.datatype or "")]
    return [str(subject), str(predicate), str(value)]
