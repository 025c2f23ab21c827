"""A dataset and its versions are one family: what is said of any of them is mended in one declaration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import RDF

from catalogue.namespaces import DCAT

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

BEYOND = (DCAT.Dataset, DCAT.DatasetSeries, DCAT.Catalog, DCAT.CatalogRecord)
"""Classes at which what belongs to a dataset ends: of these only the class is known where another dataset points at them."""


def roots(graph: Graph) -> dict[Node, Node]:
    """Give, for every dcat:Dataset, the dataset that it is a version of in the end; itself where it is a version of none.

    Of several parents the first by IRI counts; datasets that are versions of each other in a circle are the family of the first of them.
    """
    datasets = sorted(set(graph.subjects(RDF.type, DCAT.Dataset)), key=str)
    return {dataset: _root(graph, dataset) for dataset in datasets}


def _root(graph: Graph, dataset: Node) -> Node:
    way = [dataset]
    while True:
        parents = {*graph.objects(way[-1], DCAT.isVersionOf), *graph.subjects(DCAT.hasVersion, way[-1])}
        described = sorted((parent for parent in parents if (parent, RDF.type, DCAT.Dataset) in graph and parent != way[-1]), key=str)
        if not described:
            return way[-1]
        if described[0] in way:
            return min(way[way.index(described[0]) :], key=str)
        way.append(described[0])
