"""Our shapes: every one can fail, they find the same part by part as over the whole, and another engine finds the same."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import RDF, RDFS, BNode, Graph, Literal, URIRef

from catalogue.engines import ENGINES, SH, Result, Version, shapes
from catalogue.namespaces import DCAT, SPDX
from catalogue.parts import parts
from catalogue.rules.view import LOCAL, View, name
from catalogue.shacl import informed
from catalogue.validate import validate

SOUND = Path(__file__).parent / "fixtures" / "sound.ttl"


@cache
def sound() -> Graph:
    return Graph().parse(SOUND)


@cache
def triples() -> list[tuple[URIRef, URIRef, URIRef | Literal]]:
    return sorted(sound())  # type: ignore[arg-type]


def whole(graph: Graph, engine: str = "pyshacl", version: Version = "3.0.1") -> set[Result]:
    return ENGINES[engine](informed(graph), version, set(graph.subjects()))  # type: ignore[index]


def test_the_shapes_look_no_further_than_a_part_reaches() -> None:
    """A shape that followed a path, or looked at a neighbour's properties, could tell other things of a part than of the whole."""
    allowed = {
        SH.targetClass,
        SH.property,
        SH.path,
        SH.name,
        SH.minCount,
        SH.maxCount,
        SH.nodeKind,
        SH["class"],
        SH.datatype,
        SH.message,
        RDF.type,
        RDFS.subClassOf,  # pySHACL adds what it knows of SHACL itself
    }
    for version in ("3.0.0", "3.0.1"):
        assert set(shapes(version).predicates()) <= allowed
        assert all(isinstance(path, URIRef) for path in shapes(version).objects(None, SH.path))


def test_every_shape_has_its_sentences_and_a_resource_in_the_sound_catalogue() -> None:
    rules = shapes("3.0.0")
    kinds = set(informed(sound()).objects(None, RDF.type))
    for shape in rules.subjects(RDF.type, SH.NodeShape):
        (kind,) = rules.objects(shape, SH.targetClass)
        assert kind in kinds, f"{shape} looks at nothing here"
        for prop in rules.objects(shape, SH.property):
            messages = {text.language for text in rules.objects(prop, SH.message)}  # type: ignore[attr-defined]
            assert messages == {"nl", "en"}, prop


def constrained() -> list[tuple[str, URIRef, URIRef, str]]:
    """Every property shape: its name, class, property, and what to break."""
    rules, found = shapes("3.0.0"), []
    for shape in rules.subjects(RDF.type, SH.NodeShape):
        kind = rules.value(shape, SH.targetClass)
        for prop in rules.objects(shape, SH.property):
            path = rules.value(prop, SH.path)
            constraints = [one for one in (SH.minCount, SH.maxCount, SH.nodeKind, SH["class"], SH.datatype) if (prop, one, None) in rules]
            found += [(str(prop), kind, path, str(constraint).rpartition("#")[2]) for constraint in constraints]
    return sorted(found)  # type: ignore[arg-type]


def test_every_constraint_of_every_shape_fails_when_it_is_broken() -> None:
    """All of one kind are broken at once: a resource of every class without, with two of, or with other values of every property."""
    for what in ("minCount", "maxCount", "nodeKind", "class", "datatype"):
        graph, expected = Graph(), set()
        for number, (shape, kind, path, constraint) in enumerate(one for one in constrained() if one[3] == what):
            node = URIRef(f"https://a.example/{number}")
            graph.add((node, RDF.type, kind))
            for value in _broken(constraint, shape):
                graph.add((node, path, value))
            expected.add(
                (
                    node,
                    shape,
                    {"minCount": "MinCount", "maxCount": "MaxCount", "nodeKind": "NodeKind", "class": "Class"}.get(what, "Datatype"),
                )
            )
        assert len(expected) > 5
        assert expected <= ENGINES["pyshacl"](graph, "3.0.0", None), what


def _broken(constraint: str, shape: str) -> list[URIRef | Literal | BNode]:
    if constraint == "minCount":
        return []
    if constraint == "nodeKind":
        kind = shapes("3.0.0").value(URIRef(shape), SH.nodeKind)
        return [URIRef("https://a.example/iets")] if kind == SH.Literal else [Literal("iets")]
    if constraint == "class":
        return [URIRef("https://a.example/iets")]
    return [Literal("een"), Literal("twee")]


@st.composite
def broken(draw: st.DrawFn) -> Graph:
    """The sound catalogue with facts gone, facts of one resource told of another, and classes swapped."""
    graph = Graph()
    for triple in sound():
        graph.add(triple)
    for triple in draw(st.lists(st.sampled_from(triples()), max_size=12)):
        graph.remove(triple)
    for (_, prop, value), (node, *_) in draw(st.lists(st.tuples(st.sampled_from(triples()), st.sampled_from(triples())), max_size=8)):
        graph.add((node, prop, value))
    return graph


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(broken())
def test_the_parts_give_what_the_whole_gives(graph: Graph) -> None:
    known = {
        Result(*result)
        for part in parts(graph)
        for result in ENGINES["pyshacl"](informed(part.graph), "3.0.1", part.own)
        if result.focus in part.own
    }
    assert known == whole(graph)
    of_whole = {_said(finding) for rule in LOCAL for finding in rule(View(graph))}
    of_parts = {_said(finding) for part in parts(graph) for rule in LOCAL for finding in rule(View(part.graph, part.own))}
    assert of_parts == of_whole


def _said(finding: object) -> tuple[str, ...]:
    return (finding.code, finding.node, str(finding.prop), finding.nl)  # type: ignore[attr-defined]


def test_every_resource_is_in_a_part_with_all_that_is_said_of_it() -> None:
    graph, seen = sound(), set()
    for part in parts(graph):
        for node in part.own:
            assert set(graph.predicate_objects(node)) == set(part.graph.predicate_objects(node))
        assert set(part.graph) <= set(graph)
        seen |= part.own
    assert seen == set(graph.subjects())


def test_a_part_has_the_same_digest_in_any_order_and_another_when_a_fact_changes() -> None:
    first = {part.root: part.digest() for part in parts(sound())}
    again = Graph()
    for triple in reversed(triples()):
        again.add(triple)
    assert {part.root: part.digest() for part in parts(again)} == first
    node = URIRef("https://data.voorbeeldgemeente.example/id/dataset/verkeer")
    again.add((node, DCAT.keyword, Literal("auto's", lang="nl")))
    other = {part.root: part.digest() for part in parts(again)}
    assert {root for root in first if first[root] != other[root]} == {node}
    again.add((node, DCAT.contactPoint, BNode()))
    assert {part.root: part.digest() for part in parts(again)}[node] is None


def test_datasets_that_are_versions_of_each_other_are_one_part() -> None:
    graph, names = Graph(), [URIRef(f"https://a.example/{letter}") for letter in "abc"]
    for node, other in zip(names, [*names[1:], names[0]], strict=True):
        graph.add((node, RDF.type, DCAT.Dataset))
        graph.add((node, DCAT.isVersionOf, other))
    assert [(part.root, part.own) for part in parts(graph)] == [(names[0], frozenset(names))]
    assert {finding.dataset for finding in validate(graph) if finding.dataset} == {str(names[0])}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(broken())
def test_a_faster_engine_finds_what_pyshacl_finds(graph: Graph) -> None:
    pytest.importorskip("shacl", reason="the extra [shacl] is not installed: there is no second engine to compare with")
    for version in ("3.0.0", "3.0.1"):
        assert whole(graph, "shacl", version) == whole(graph, "pyshacl", version)


def test_a_number_without_its_type_is_found_whatever_the_engine() -> None:
    graph = Graph()
    for triple in sound():
        graph.add(triple)
    node = URIRef("https://data.voorbeeldgemeente.example/id/distribution/bomen/csv")
    graph.set((node, DCAT.byteSize, Literal(2048)))
    graph.remove((URIRef(f"{node}/checksum"), SPDX.algorithm, None))
    found = {(name(result.focus), result.shape.rpartition(":")[2]) for result in whole(graph)}
    assert found == {(str(node), "Distribution-dcat-byteSize"), (f"{node}/checksum", "Checksum-spdx-algorithm")}
