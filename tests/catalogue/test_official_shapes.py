"""The official shapes of DCAT-AP-NL, DCAT-AP and DCAT-AP-HVD over our catalogue: no violation, and not by looking at nothing."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyshacl
import pytest
from rdflib import DCTERMS, FOAF, RDF, Graph, Namespace

from catalogue import dcat
from catalogue.namespaces import ADMS, DCAT, SPDX, VCARD

if TYPE_CHECKING:
    from catalogue.model import Entry, PublisherDescription

SHAPES = Path(__file__).parents[2].parent / "shared" / "shapes"
SH = Namespace("http://www.w3.org/ns/shacl#")

pytestmark = pytest.mark.skipif(not SHAPES.is_dir(), reason="../shared/shapes is absent: the official shapes cannot be run")

SETS = {
    "nl-3.0.0": ("dcat-ap-nl-3.0.0", "dcat-ap-SHACL.ttl", "dcat-ap-nl-SHACL*.ttl"),
    "nl-3.0.1": ("dcat-ap-nl-3.0.1", "dcat-ap-SHACL.ttl", "dcat-ap-nl-SHACL*.ttl"),
    "eu-3.0.1": ("dcat-ap-3.0.1", "shacl__dcat-ap-SHACL.ttl"),
}


@cache
def shapes(name: str) -> Graph:
    folder, *patterns = SETS[name]
    graph = Graph()
    for pattern in patterns:
        files = sorted((SHAPES / folder).glob(pattern))
        assert files, f"{folder}/{pattern} is gone"
        for file in files:
            graph.parse(file)
    # DCAT-AP 3.0.1 names two property shapes of a service that it does not describe; pySHACL stops there, other engines pass them over.
    for node, _, missing in [*graph.triples((None, SH.property, None))]:
        if graph.value(missing, SH.path) is None:
            graph.remove((node, SH.property, missing))
    return graph


def violations(data: Graph, shape_graph: Graph) -> list[tuple[str, str, str]]:
    _, report, _ = pyshacl.validate(data, shacl_graph=shape_graph, inference="none")
    assert isinstance(report, Graph)
    return sorted(
        (str(report.value(result, SH.focusNode)), str(report.value(result, SH.resultPath)), str(report.value(result, SH.value)))
        for result in report.subjects(RDF.type, SH.ValidationResult)
        if report.value(result, SH.resultSeverity) != SH.Warning
    )


@pytest.mark.parametrize("name", SETS)
def test_no_violation_under_the_official_shapes(name: str, publisher: PublisherDescription, entries: tuple[Entry, ...]) -> None:
    graph, rules = dcat.build(publisher, entries), shapes(name)
    assert violations(graph, rules) == []
    targets = set(rules.objects(None, SH.targetClass))
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution, DCAT.CatalogRecord, FOAF.Agent, SPDX.Checksum):
        assert kind in targets
        assert list(graph.subjects(RDF.type, kind)), f"the shapes of {kind} looked at nothing"


@pytest.mark.parametrize("name", SETS)
def test_no_violation_where_everything_is_declared(
    name: str, full_publisher: PublisherDescription, full_entries: tuple[Entry, ...]
) -> None:
    profile = "3.0.0" if name == "nl-3.0.0" else "3.0.1"
    graph, rules = dcat.build(dataclasses.replace(full_publisher, profile=profile), full_entries), shapes(name)
    assert violations(graph, rules) == []
    targets = set(rules.objects(None, SH.targetClass))
    for kind in (DCAT.DataService, DCAT.DatasetSeries, DCAT.Relationship, ADMS.Identifier, DCTERMS.Location, DCTERMS.PeriodOfTime):
        assert kind in targets
        assert list(graph.subjects(RDF.type, kind)), f"the shapes of {kind} looked at nothing"


@pytest.mark.parametrize("name", SETS)
def test_the_official_shapes_do_find_something_when_it_is_broken(
    name: str, publisher: PublisherDescription, entries: tuple[Entry, ...]
) -> None:
    graph = dcat.build(publisher, entries)
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution):
        for node in graph.subjects(RDF.type, kind):
            for prop in set(graph.predicates(node)) - {RDF.type}:
                graph.remove((node, prop, None))
    broken = {node for node, _, _ in violations(graph, shapes(name))}
    assert {str(node) for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.Distribution) for node in graph.subjects(RDF.type, kind)} <= broken


def test_a_high_value_dataset_meets_the_shapes_for_those(publisher: PublisherDescription, entries: tuple[Entry, ...]) -> None:
    graph = dcat.build(publisher, [entry for entry in entries if entry.description.hvd_category])
    rules = Graph().parse(SHAPES / "dcat-ap-hvd-3.0.0" / "shacl__hvd-SHACL.ttl")
    assert violations(graph, rules) == []
    assert list(graph.subjects(RDF.type, VCARD.Kind))


def test_a_high_value_dataset_with_services_in_a_series_meets_the_shapes_for_those(
    full_publisher: PublisherDescription, full_entries: tuple[Entry, ...]
) -> None:
    graph = dcat.build(full_publisher, [entry for entry in full_entries if entry.description.hvd_category])
    rules = Graph().parse(SHAPES / "dcat-ap-hvd-3.0.0" / "shacl__hvd-SHACL.ttl")
    assert violations(graph, rules) == []
    targets = set(rules.objects(None, SH.targetClass))
    for kind in (DCAT.Dataset, DCAT.Distribution, DCAT.DataService, DCAT.DatasetSeries):
        assert kind in targets
        assert list(graph.subjects(RDF.type, kind))
