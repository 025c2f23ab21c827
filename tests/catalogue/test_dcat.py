"""The graph: what is a member, what hangs on what, what is said of what was withdrawn."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from rdflib import DCTERMS, FOAF, RDF, SKOS, XSD, BNode, Graph, Literal, URIRef

from catalogue import dcat, iris
from catalogue.model import DatasetDescription, Entry, PublisherDescription, Tombstone
from catalogue.namespaces import ADMS, AUTHORITY, DCAT, DCATAP, HVD_LAW, PREFIXES, SPDX, VCARD
from config.errors import ConfigurationError
from config.models.base import Text

if TYPE_CHECKING:
    from rdflib.term import Node

BASE = "https://data.voorbeeldgemeente.example"


@pytest.fixture
def graph(publisher: PublisherDescription, entries: tuple[Entry, ...]) -> Graph:
    return dcat.build(publisher, entries)


def node(path: str) -> URIRef:
    return URIRef(BASE + path)


def test_the_addresses_are_those_of_the_design() -> None:
    assert iris.catalogue(BASE) == f"{BASE}/id/catalogue"
    assert iris.dataset(BASE, "bomen") == f"{BASE}/id/dataset/bomen"
    assert iris.version(BASE, "bomen", "2026-03-09.1") == f"{BASE}/id/dataset/bomen/2026-03-09.1"
    assert iris.distribution(BASE, "bomen", "2026-03-09.1", "csv") == f"{BASE}/id/distribution/bomen/2026-03-09.1/csv"
    assert iris.download(BASE, "bomen", "2026-03-09.1", "bomen.csv") == f"{BASE}/download/bomen/2026-03-09.1/bomen.csv"
    assert iris.dataset_page(BASE, "bomen") == f"{BASE}/dataset/bomen/"


def test_only_datasets_are_members_and_their_versions_hang_on_them(graph: Graph) -> None:
    members = set(graph.objects(node("/id/catalogue"), DCAT.dataset))
    assert members == {node("/id/dataset/bomen"), node("/id/dataset/verkeer"), node("/id/dataset/oud")}
    versions = set(graph.objects(node("/id/dataset/bomen"), DCAT.hasVersion))
    assert versions == {node(f"/id/dataset/bomen/2026-{day}.1") for day in ("03-09", "03-02", "02-23")}
    for version in versions:
        assert graph.value(version, DCAT.version) == Literal(str(version).rsplit("/", 1)[1])
        assert graph.value(version, DCAT.isVersionOf) == node("/id/dataset/bomen")


def test_the_dataset_shows_the_files_of_its_newest_release(graph: Graph) -> None:
    files = {str(file) for file in graph.objects(node("/id/dataset/bomen"), DCAT.distribution)}
    assert files == {f"{BASE}/id/distribution/bomen/2026-03-09.1/{form}" for form in ("csv", "geojson", "parquet", "xlsx")}
    assert graph.value(node("/id/dataset/bomen"), DCAT.version) == Literal("2026-03-09.1")
    newest, before = node("/id/dataset/bomen/2026-03-09.1"), node("/id/dataset/bomen/2026-03-02.1")
    assert graph.value(newest, DCAT.previousVersion) == before
    assert (before, DCAT.previousVersion, None) not in graph


def test_a_file_says_everything_a_machine_needs_to_fetch_and_check_it(graph: Graph) -> None:
    file = node("/id/distribution/bomen/2026-03-09.1/csv")
    address = node("/download/bomen/2026-03-09.1/bomen.csv")
    said = {prop: graph.value(file, prop) for prop in set(graph.predicates(file))}
    assert said[DCAT.downloadURL] == said[DCAT.accessURL] == address
    assert str(said[DCAT.mediaType]) == "https://www.iana.org/assignments/media-types/text/csv"
    assert str(said[DCTERMS["format"]]) == f"{AUTHORITY}file-type/CSV"
    assert str(said[DCAT.byteSize]) == "2048"
    assert graph.value(file, DCAT.byteSize, any=False).datatype == XSD.nonNegativeInteger  # type: ignore[union-attr]
    checksum = said[SPDX.checksum]
    assert graph.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
    assert str(graph.value(checksum, SPDX.checksumValue)) == "0123456789abcdef" * 4
    for prop in (DCTERMS.license, DCTERMS.rights, ADMS.status, DCATAP.availability, DCTERMS.issued, DCTERMS.modified, DCTERMS.language):
        assert said[prop] is not None


def test_what_was_withdrawn_says_so_and_has_no_files(graph: Graph) -> None:
    for gone in (node("/id/dataset/oud"), node("/id/dataset/oud/2025-01-01.1"), node("/id/dataset/bomen/2026-02-23.1")):
        assert str(graph.value(gone, ADMS.status)).endswith("/WITHDRAWN")
        assert not list(graph.objects(gone, DCAT.distribution))
    notes = {text.language: str(text) for text in graph.objects(node("/id/dataset/oud"), ADMS.versionNotes) if isinstance(text, Literal)}
    assert notes == {
        "nl": "Ingetrokken op 2026-01-05. Reden: Persoonsgegevens gevonden.",
        "en": "Withdrawn on 2026-01-05.",  # the reason was given in Dutch alone
    }


def test_an_entry_with_nothing_public_is_not_in_the_catalogue(publisher: PublisherDescription, description: DatasetDescription) -> None:
    graph = dcat.build(publisher, [Entry(description)])
    assert not list(graph.subjects(RDF.type, DCAT.Dataset))


def test_the_catalogue_and_records_have_a_publisher_a_contact_and_dates(graph: Graph, publisher: PublisherDescription) -> None:
    catalogue = node("/id/catalogue")
    assert graph.value(catalogue, DCTERMS.publisher) == URIRef(publisher.uri)
    assert (graph.value(catalogue, DCAT.contactPoint), RDF.type, VCARD.Kind) in graph
    assert str(graph.value(catalogue, DCTERMS.issued)) == "2026-03-02T06:00:00+01:00"
    assert str(graph.value(catalogue, DCTERMS.modified)) == "2026-04-02T08:00:00+02:00"
    record = node("/id/record/verkeer")
    assert graph.value(record, FOAF.primaryTopic) == node("/id/dataset/verkeer")
    assert str(graph.value(record, DCTERMS.modified)) == "2026-04-02T08:00:00+02:00"
    assert {str(code)[-3:] for code in graph.objects(node("/id/record/bomen"), DCTERMS.language)} == {"NLD", "ENG"}
    assert {str(code)[-3:] for code in graph.objects(record, DCTERMS.language)} == {"NLD"}


def test_instants_with_different_offsets_are_compared_as_instants(publisher: PublisherDescription, entries: tuple[Entry, ...]) -> None:
    entry = dataclasses.replace(entries[1], described="2026-04-01T04:30:00+00:00")  # half an hour after 06:00+02:00, though it sorts before
    graph = dcat.build(publisher, [entry])
    assert str(graph.value(node("/id/record/verkeer"), DCTERMS.modified)) == "2026-04-01T04:30:00+00:00"


def test_there_are_no_blank_nodes_and_every_term_is_typed_and_labelled(graph: Graph) -> None:
    nodes: set[Node] = {value for triple in graph for value in triple}
    assert not [value for value in nodes if isinstance(value, BNode)]
    lists = {value for value in graph.objects() if isinstance(value, URIRef) and str(value).startswith(AUTHORITY)}
    assert len(lists) > 10
    for term in lists:
        assert (term, RDF.type, None) in graph
        labels = [*graph.objects(term, SKOS.prefLabel), *graph.objects(term, DCTERMS.title)]
        named = {label.language for label in labels if isinstance(label, Literal)}
        assert named == {"nl", "en"}, term


def test_a_high_value_dataset_names_the_regulation_on_itself_and_its_files(graph: Graph) -> None:
    law = URIRef(HVD_LAW)
    assert (node("/id/dataset/verkeer"), DCATAP.applicableLegislation, law) in graph
    for file in graph.objects(node("/id/dataset/verkeer"), DCAT.distribution):
        assert (file, DCATAP.applicableLegislation, law) in graph
    assert (node("/id/dataset/bomen"), DCATAP.applicableLegislation, law) not in graph


def test_coverage_comes_from_the_release_and_else_from_the_as_of_date(
    graph: Graph, publisher: PublisherDescription, entries: tuple[Entry, ...]
) -> None:
    period = graph.value(node("/id/dataset/bomen"), DCTERMS.temporal)
    assert graph.value(period, DCAT.startDate) == Literal("2024-01", datatype=XSD.gYearMonth, normalize=False)
    box = node("/id/location/bomen/2026-03-09.1")
    assert str(graph.value(box, DCAT.bbox)) == "POLYGON((5.7 53.1, 5.9 53.1, 5.9 53.3, 5.7 53.3, 5.7 53.1))"
    bare = dataclasses.replace(entries[0].releases[0], temporal=None, bbox=None, as_of="2026-03-31")
    graph = dcat.build(publisher, [dataclasses.replace(entries[0], releases=(bare,))])
    period = graph.value(node("/id/dataset/bomen"), DCTERMS.temporal)
    assert str(graph.value(period, DCAT.startDate)) == str(graph.value(period, DCAT.endDate)) == "2026-03-31"
    assert list(graph.objects(node("/id/dataset/bomen"), DCTERMS.spatial)) == [node("/id/location/municipality")]


def test_the_graph_does_not_depend_on_the_order_of_the_entries(publisher: PublisherDescription, entries: tuple[Entry, ...]) -> None:
    assert set(dcat.build(publisher, entries)) == set(dcat.build(publisher, entries[::-1]))


def test_a_code_that_no_list_has_is_refused_with_a_suggestion(publisher: PublisherDescription, entries: tuple[Entry, ...]) -> None:
    odd = dataclasses.replace(entries[0], description=dataclasses.replace(entries[0].description, frequency="WEEKLI"))
    with pytest.raises(ConfigurationError) as caught:
        dcat.build(publisher, [odd])
    assert "`WEEKLY`" in caught.value.problems[0].nl


def test_a_tombstone_of_the_whole_dataset_needs_no_version(publisher: PublisherDescription, description: DatasetDescription) -> None:
    graph = dcat.build(publisher, [Entry(description, (), Tombstone("bomen", None, "2026-05-01", Text(nl="Weg.", en="Gone.")))])
    assert str(graph.value(node("/id/dataset/bomen"), ADMS.status)).endswith("/WITHDRAWN")
    assert not list(graph.objects(node("/id/dataset/bomen"), DCAT.hasVersion))
    assert Literal("Withdrawn on 2026-05-01. Reason: Gone.", lang="en") in set(graph.objects(node("/id/dataset/bomen"), ADMS.versionNotes))


def test_the_graph_carries_our_prefixes_alone(graph: Graph) -> None:
    assert {prefix: str(namespace) for prefix, namespace in graph.namespaces()} == PREFIXES
