"""A score as DQV: one measurement a metric and dataset, with piveau's metrics, so that it can stand beside the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef

from catalogue.namespaces import DQV, PREFIXES
from catalogue.score.metrics import DIMENSIONS, METRICS, PV

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalogue.score.score import DatasetScore, Score
    from catalogue.triples import Triple

VOCABULARY: Final = Namespace(PV)


def measurements(score: Score) -> Graph:
    """Give the measurements of every dataset: each metric, each dimension's points, and the points in all (`pv:scoring`)."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in {**PREFIXES, "pv": PV}.items():
        graph.bind(prefix, namespace)
    for dataset in score.datasets:
        for triple in _measured(dataset):
            graph.add(triple)
    return graph


def _measured(score: DatasetScore) -> Iterator[Triple]:
    node = URIRef(score.node)
    for metric in METRICS:
        if metric.name in score.statuses:
            yield from _one(node, node, metric.name, Literal(score.statuses[metric.name], datatype=XSD.integer))
        elif metric.name in score.values:
            yield from _one(node, node, metric.name, Literal(score.values[metric.name]))
    for dimension in DIMENSIONS:
        yield from _one(node, node, f"{dimension}Scoring", Literal(score.dimensions[dimension], datatype=XSD.integer))
    yield from _one(node, node, "scoring", Literal(score.points, datatype=XSD.integer))


def _one(dataset: URIRef, on: URIRef, metric: str, value: Literal) -> Iterator[Triple]:
    """Give one measurement; its address hangs on that of the dataset."""
    base = str(dataset)
    made = URIRef(f"{base}{'/' if '#' not in base else '-'}quality/{metric}")
    yield dataset, DQV.hasQualityMeasurement, made
    yield made, RDF.type, DQV.QualityMeasurement
    yield made, DQV.isMeasurementOf, VOCABULARY[metric]
    yield made, DQV.computedOn, on
    yield made, DQV.value, value
