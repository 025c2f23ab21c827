"""The validator: silent over our own catalogue, the same from a graph, a file and our facts, and it looks again only at what changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rdflib import RDF, Graph, Literal, URIRef

from catalogue import dcat, engines, serialise
from catalogue.findings import CatalogueFinding, violations
from catalogue.namespaces import DCAT, PREFIXES
from catalogue.score.score import score
from catalogue.validate import validate, validate_entries
from config.models.base import Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from catalogue.model import Entry, PublisherDescription

BASE = "https://data.voorbeeldgemeente.example"
EU = "http://publications.europa.eu/resource/authority"
HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items()) + f"@base <{BASE}> .\n"
BOMEN = "/id/dataset/bomen"


@pytest.fixture
def graph(publisher: PublisherDescription, entries: tuple[Entry, ...]) -> Graph:
    return dcat.build(publisher, entries)


def iri(name: str) -> URIRef:
    prefix, _, local = name.partition(":")
    return URIRef(PREFIXES[prefix] + local) if prefix in PREFIXES else URIRef(name if "://" in name else BASE + name)


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many resources the shapes were run over, run by run."""
    runs: list[int] = []

    def counting(graph: Graph, version: engines.Version, own: Collection[object] | None) -> set[engines.Result]:
        runs.append(len(own or ()))
        return engines.by_pyshacl(graph, version, own)  # type: ignore[arg-type]

    monkeypatch.setattr(engines, "ENGINES", {"pyshacl": counting})
    monkeypatch.setattr("catalogue.shacl.ENGINES", {"pyshacl": counting})
    return runs


@pytest.mark.parametrize("version", ["3.0.0", "3.0.1"])
def test_our_own_catalogue_has_no_finding_at_all(publisher: PublisherDescription, entries: tuple[Entry, ...], version: str) -> None:
    made_for = replace(publisher, profile=version)  # type: ignore[arg-type]
    assert [finding.text() for finding in validate(dcat.build(made_for, entries), version=made_for.profile)] == []
    assert validate_entries(made_for, entries) == ()


def test_a_misspelt_class_is_told_with_the_right_one(graph: Graph) -> None:
    graph.remove((iri("/id/catalogue"), RDF.type, None))
    graph.add((iri("/id/catalogue"), RDF.type, DCAT.Catalogue))
    found = {finding.code: finding for finding in validate(graph)}
    assert "Bedoelt u dcat:Catalog?" in found["catalogue.unknown-class"].nl
    assert "dcat:Catalog" in found["catalogue.nothing-checked"].nl
    assert found["catalogue.nothing-checked"].severity == "violation"


@pytest.mark.parametrize(("wrong", "right"), [("dcat:dataset", "dcat:Dataset"), ("dct:PeriodofTime", "dct:PeriodOfTime")])
def test_a_class_without_its_capitals_is_misspelt(graph: Graph, wrong: str, right: str) -> None:
    graph.parse(data=f"{HEAD}</iets> a {wrong} .", format="turtle")
    found = [finding.nl for finding in validate(graph) if finding.code == "catalogue.unknown-class"]
    assert found == [f"de klasse {wrong} bestaat niet, dus niets hiervan is gecontroleerd. Bedoelt u {right}?"]


def test_a_withdrawn_dataset_owes_no_recommended_fields(graph: Graph) -> None:
    gone = iri("/id/dataset/oud")
    assert (gone, RDF.type, DCAT.Dataset) in graph
    assert not list(graph.objects(gone, DCAT.distribution))
    assert not [finding for finding in validate(graph) if finding.dataset == "oud"]


def test_the_same_thing_in_many_files_of_a_dataset_is_said_once(graph: Graph) -> None:
    for file in list(graph.subjects(RDF.type, DCAT.Distribution)):
        if not list(graph.objects(file, DCAT.accessService)):
            graph.remove((file, iri("dct:license"), None))
    found = [finding for finding in validate(graph) if finding.prop == "dct:license" and finding.code == "catalogue.shape"]
    assert [(finding.dataset, finding.times) for finding in found] == [("bomen", 8), ("verkeer", 4)]


def test_3_0_0_is_tighter_where_the_adopted_profile_is(publisher: PublisherDescription, entries: tuple[Entry, ...]) -> None:
    graph = dcat.build(replace(publisher, profile="3.0.0"), entries)
    graph.parse(data=f"{HEAD}<{BOMEN}> dcat:contactPoint </id/contact2> . </id/contact2> a vcard:Kind ; vcard:hasURL <{BASE}/x> .")
    assert not violations(validate(graph, version="3.0.1"))
    assert {finding.prop for finding in violations(validate(graph, version="3.0.0"))} == {"dcat:contactPoint"}


@pytest.mark.parametrize("syntax", serialise.SYNTAXES)
def test_a_file_gives_what_its_graph_gives(graph: Graph, syntax: str, tmp_path: Path) -> None:
    graph.set((iri(BOMEN), iri("dct:modified"), Literal("gisteren")))
    path = tmp_path / f"catalogue.{syntax}"
    path.write_text(serialise.text(graph, syntax), encoding="utf-8")
    kept = tmp_path / "kept.cache"
    assert validate(path, kept=kept) == validate(graph, kept=kept)
    assert validate(path, kept=kept)


def test_a_catalogue_that_points_at_public_lists_without_copying_them_passes(graph: Graph) -> None:
    """Shapes look in the data alone; what everybody can know of a public list is not asked of a catalogue again."""
    for term in {node for node in graph.subjects() if str(node).startswith(EU) or "iana.org" in str(node)}:
        graph.remove((term, None, None))
    assert not violations(validate(graph))


def test_a_foreign_catalogue_with_blank_nodes_gets_the_same_findings_each_time(tmp_path: Path) -> None:
    path = tmp_path / "elders.ttl"
    path.write_text(
        HEAD
        + """
        </catalogus> a dcat:Catalog ; dct:title "Elders"@nl ; dcat:dataset </d> .
        </d> a dcat:Dataset ; dct:title "D" ; dcat:contactPoint [ a vcard:Organization ; vcard:fn "x" ] ;
            dcat:distribution [ a dcat:Distribution ; dcat:accessURL <http://elders.example/d> ], [ a dcat:Distribution ] .
        """,
        encoding="utf-8",
    )
    first = validate(path)
    assert first == validate(path, kept=tmp_path / "kept.cache")
    props = {finding.prop for finding in first}
    assert {"dct:publisher", "dct:license", "dcat:accessURL", "vcard:hasEmail"} <= props
    assert all(finding.node.startswith(("https://", "http://", "_:blank")) for finding in first)


def faults(publisher: PublisherDescription, entries: tuple[Entry, ...]) -> Iterator[tuple[PublisherDescription, tuple[Entry, ...]]]:
    """Our facts, with something wrong in a dataset, in what datasets share, in the catalogue, and with nothing public."""
    first, *others = entries
    told = first.description
    yield publisher, (replace(first, description=replace(told, description=Text(nl="Kort."), keywords=type(told.keywords)())), *others)
    yield publisher, (replace(first, description=replace(told, landing_page="https://eigen.example/met spatie")), *others)
    yield replace(publisher, uri="https://eigen.example/gemeente"), entries
    yield replace(publisher, title=Text(nl=" ")), entries
    yield publisher, entries[2:]
    yield publisher, ()


def test_our_facts_give_what_their_graph_gives(publisher: PublisherDescription, entries: tuple[Entry, ...], tmp_path: Path) -> None:
    for who, what in faults(publisher, entries):
        expected = validate(dcat.build(who, what), version=who.profile)
        assert expected
        for _ in range(2):
            assert validate_entries(who, what, kept=tmp_path / "kept.cache") == expected


def test_only_what_changed_is_looked_at_again(
    publisher: PublisherDescription, entries: tuple[Entry, ...], looked: list[int], tmp_path: Path
) -> None:
    kept, first = tmp_path / "kept.cache", entries[0]
    validate_entries(publisher, entries, kept=kept)
    cold = len(looked)
    looked.clear()
    assert validate_entries(publisher, entries, kept=kept) == ()
    head = len(looked)
    looked.clear()
    changed = (replace(first, description=replace(first.description, title=Text(nl="Alle bomen"))), *entries[1:])
    validate_entries(publisher, changed, kept=kept)
    assert head == 1
    assert 1 < len(looked) < cold
    looked.clear()
    validate_entries(publisher, changed, kept=kept, version="3.0.0")
    assert len(looked) == cold, "another version of the profile finds other things"


def test_a_graph_is_looked_at_again_only_where_it_changed(graph: Graph, looked: list[int], tmp_path: Path) -> None:
    kept = tmp_path / "kept.cache"
    validate(graph, kept=kept)
    cold = len(looked)
    looked.clear()
    graph.set((iri(BOMEN), iri("dct:modified"), Literal("gisteren")))
    found = validate(graph, kept=kept)
    assert len(looked) == 1 < cold
    assert [finding.code for finding in found] == ["catalogue.date-type"]


@pytest.mark.parametrize("damage", [b"", b"geen cache", None])
def test_a_damaged_cache_counts_as_not_there(
    publisher: PublisherDescription, entries: tuple[Entry, ...], damage: bytes | None, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.cache"
    bad = (replace(entries[0], description=replace(entries[0].description, description=Text(nl="Kort."))),)
    expected = validate_entries(publisher, bad, kept=kept)
    assert expected
    if damage is None:
        kept.write_bytes(kept.read_bytes().replace(b"catalogue.description-short", b"catalogue.description-shrot"))
    else:
        kept.write_bytes(damage)
    assert validate_entries(publisher, bad, kept=kept) == expected == validate_entries(publisher, bad, kept=kept)


def test_the_points_are_those_that_the_score_does_not_give(graph: Graph) -> None:
    dataset = iri(BOMEN)
    graph.remove((dataset, DCAT.keyword, None))
    graph.remove((dataset, DCAT.theme, None))
    graph.remove((dataset, iri("dct:creator"), None))
    found = validate(graph)
    told = {finding.prop: finding.points for finding in found if finding.node == str(dataset)}
    assert told == {"dcat:keyword": 30, "dcat:theme": 30 + 30, "dct:creator": 30}, (
        "keyword and theme by themselves, compliance by the shapes"
    )
    scored = next(one for one in score(graph, found).datasets if one.node == str(dataset))
    assert scored.points == scored.most - 30 - 30 - 30
    assert "(-30 punten)" in next(finding.text() for finding in found if finding.prop == "dcat:keyword")


def test_a_finding_says_what_stands_there_now(graph: Graph) -> None:
    dataset = iri(BOMEN)
    graph.remove((dataset, DCAT.theme, None))
    graph.add((dataset, iri("dct:identifier"), Literal("https://eigen.example/nog-een")))
    graph.set((dataset, DCAT.contactPoint, Literal("Team Data")))
    said = {finding.prop: finding.nl for finding in validate(graph) if finding.code == "catalogue.shape"}
    assert said["dcat:theme"].endswith("Nu staat er niets.")
    assert said["dct:identifier"].endswith("Nu staan er 2.")
    assert said["dcat:contactPoint"].endswith("Nu staat er «Team Data».")


def test_a_finding_comes_back_out_of_its_json(graph: Graph) -> None:
    graph.remove((iri(BOMEN), DCAT.theme, None))
    graph.remove((iri(BOMEN), DCAT.keyword, None))
    for finding in validate(graph):
        assert CatalogueFinding.from_json(finding.as_json()) == finding
