"""The graph where everything is declared: services, series, quality, lineage, organisations, and what may be told of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rdflib import DCTERMS, FOAF, PROV, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, URIRef

from catalogue import dcat, iris
from catalogue.namespaces import ADMS, DCAT, DCATAP, DQV, HVD_LAW
from catalogue.validate import validate, validate_entries
from config.models.base import Text
from config.models.catalogue import Service

if TYPE_CHECKING:
    from catalogue.model import Entry, PublisherDescription

BASE = "https://data.voorbeeldgemeente.example"
DATASET, VERSION = URIRef(f"{BASE}/id/dataset/bomen"), URIRef(f"{BASE}/id/dataset/bomen/2026-03-09.1")
SERIES = URIRef(f"{BASE}/id/series/bomen-per-jaar")


@pytest.fixture
def graph(full_publisher: PublisherDescription, full_entries: tuple[Entry, ...]) -> Graph:
    return dcat.build(full_publisher, full_entries)


def said(graph: Graph, node: URIRef, prop: URIRef) -> set[str]:
    return {str(value) for value in graph.objects(node, prop)}


def test_everything_has_an_address_and_a_class_and_nothing_is_blank(graph: Graph) -> None:
    assert not [term for triple in graph for term in triple if isinstance(term, BNode)]
    ours = {term for triple in graph for term in (triple[0], triple[2]) if isinstance(term, URIRef) and term.startswith(f"{BASE}/id/")}
    assert {term for term in ours if (term, RDF.type, None) not in graph} == set()


def test_a_service_is_in_the_catalogue_serves_its_dataset_and_is_reached_by_a_distribution(graph: Graph) -> None:
    wfs, access = URIRef(f"{BASE}/id/service/bomen/wfs"), URIRef(f"{BASE}/id/distribution/bomen/wfs")
    assert (URIRef(iris.catalogue(BASE)), DCAT.service, wfs) in graph
    assert (wfs, DCAT.servesDataset, DATASET) in graph
    assert (DATASET, DCAT.distribution, access) in graph
    assert (VERSION, DCAT.distribution, access) not in graph, "what a service answers has no version"
    assert graph.value(access, DCAT.accessService) == wfs
    assert graph.value(access, DCAT.downloadURL) is None
    assert said(graph, wfs, DCAT.endpointDescription) == {"https://geo.voorbeeldgemeente.example/wfs?service=WFS&request=GetCapabilities"}
    assert str(graph.value(wfs, DCTERMS["format"])).endswith("/file-type/WFS_SRVC")
    assert {text.language for text in graph.objects(wfs, DCTERMS.title)} == {"nl", "en"}
    assert said(graph, URIRef(f"{BASE}/id/service/bomen/api"), DCTERMS.title) == {"Bomen-API"}
    for node in (wfs, access):
        assert (node, DCATAP.applicableLegislation, URIRef(HVD_LAW)) in graph


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("https://geo.example/wfs", "https://geo.example/wfs?service=WFS&request=GetCapabilities"),
        ("https://geo.example/wfs?map=a", "https://geo.example/wfs?map=a&service=WFS&request=GetCapabilities"),
    ],
)
def test_where_a_service_describes_itself_is_derived(endpoint: str, expected: str) -> None:
    from catalogue.resources.service import described_at

    assert described_at(Service(id="a", kind="wfs", description=Text(nl="A."), endpoint=endpoint)) == expected


def test_a_withdrawn_dataset_has_no_service(full_publisher: PublisherDescription, full_entries: tuple[Entry, ...]) -> None:
    gone = full_entries[2]
    told = replace(gone, description=replace(gone.description, services=full_entries[0].description.services))
    graph = dcat.build(full_publisher, [told])
    assert not list(graph.subjects(RDF.type, DCAT.DataService))
    assert not list(graph.objects(None, DCAT.service))


def test_a_series_covers_what_its_members_cover(graph: Graph) -> None:
    assert said(graph, SERIES, DCAT.seriesMember) == {f"{BASE}/id/dataset/bomen", f"{BASE}/id/dataset/verkeer"}
    assert set(graph.subjects(DCAT.inSeries, SERIES)) == {DATASET, URIRef(f"{BASE}/id/dataset/verkeer")}
    period = graph.value(SERIES, DCTERMS.temporal)
    assert (str(graph.value(period, DCAT.startDate)), str(graph.value(period, DCAT.endDate))) == ("2024-01", "2026-03")
    assert (SERIES, DCTERMS.spatial, URIRef(iris.area(BASE))) in graph
    assert "https://vocabs.cbs.nl/nl/page/?uri=BU00000101" in said(graph, SERIES, DCTERMS.spatial)
    assert str(graph.value(SERIES, DCTERMS.modified)) == "2026-04-02T08:00:00+02:00"
    assert graph.value(SERIES, DCTERMS.issued) == graph.value(DATASET, DCTERMS.issued)


def test_the_end_of_a_series_is_that_of_the_member_that_ends_last(
    full_publisher: PublisherDescription, full_entries: tuple[Entry, ...]
) -> None:
    def spanning(entry: Entry, start: str, end: str) -> Entry:
        return replace(entry, releases=tuple(replace(release, temporal=(start, end)) for release in entry.releases))

    members = [spanning(full_entries[0], "2024-05-02", "2026-03-31"), spanning(full_entries[1], "2024", "2026")]
    graph = dcat.build(full_publisher, members)
    period = graph.value(SERIES, DCTERMS.temporal)
    assert (str(graph.value(period, DCAT.startDate)), str(graph.value(period, DCAT.endDate))) == ("2024", "2026")


def test_a_series_that_is_not_declared_any_more_is_not_named(publisher: PublisherDescription, full_entries: tuple[Entry, ...]) -> None:
    assert not list(dcat.build(publisher, full_entries).triples((None, DCAT.inSeries, None)))


def test_a_page_of_the_catalogue_names_only_its_own_members(full_publisher: PublisherDescription, full_entries: tuple[Entry, ...]) -> None:
    heading = list(dcat.heading(full_publisher, dcat.shown(full_entries)))
    page = set(dcat.page(full_publisher, heading, ["verkeer"], 1, total=3, size=1))
    catalogue = URIRef(iris.catalogue(BASE))
    assert {value for _, prop, value in page if prop == DCAT.dataset} == {URIRef(f"{BASE}/id/dataset/verkeer")}
    assert not [value for node, prop, value in page if node == catalogue and prop == DCAT.service]
    whole = set(dcat.page(full_publisher, heading, ["bomen", "oud", "verkeer"], 1, total=3, size=3))
    assert set(heading) <= whole


def test_quality_is_measured_on_the_version_and_the_dataset_that_shows_it(graph: Graph) -> None:
    measured = set(graph.objects(VERSION, DQV.hasQualityMeasurement))
    assert measured == set(graph.objects(DATASET, DQV.hasQualityMeasurement))
    assert len(measured) == 5, "three checks that were computed and two dimensions"
    values = {str(graph.value(node, DQV.isMeasurementOf)).rpartition("#")[2]: graph.value(node, DQV.value) for node in measured}
    assert values == {
        "metric-expect_column_values_to_not_be_null-completeness-share": Literal("1.0", datatype=XSD.decimal, normalize=False),
        "metric-expect_column_values_to_be_in_set-validity-share": Literal("0.875", datatype=XSD.decimal, normalize=False),
        "metric-expect_table_row_count_to_be_between-completeness": Literal("true", datatype=XSD.boolean),
        "metric-passed-completeness": Literal("1.0", datatype=XSD.decimal, normalize=False),
        "metric-passed-validity": Literal("0.6667", datatype=XSD.decimal, normalize=False),
    }
    for node in measured:
        metric = graph.value(node, DQV.isMeasurementOf)
        dimension = graph.value(metric, DQV.inDimension)
        assert (metric, RDF.type, DQV.Metric) in graph
        assert (dimension, RDF.type, DQV.Dimension) in graph
        assert list(graph.objects(dimension, SKOS.prefLabel))
        value = graph.value(node, DQV.value)
        assert isinstance(value, Literal)
        assert graph.value(metric, DQV.expectedDataType) == value.datatype
    texts = {str(text) for node in measured for text in graph.objects(node, RDFS.label)}
    assert "Van elke boom is de soort bekend" in texts


def test_lineage_names_run_program_configuration_and_kind_of_source_and_no_address(graph: Graph) -> None:
    run = graph.value(VERSION, PROV.wasGeneratedBy)
    assert graph.value(DATASET, PROV.wasGeneratedBy) == run
    assert (run, RDF.type, PROV.Activity) in graph
    assert graph.value(run, DCTERMS.identifier) == Literal("20260309T050000Z-1")
    [software] = [agent for agent in graph.objects(run, PROV.wasAssociatedWith) if (agent, RDF.type, PROV.SoftwareAgent) in graph]
    assert graph.value(software, FOAF.name) == Literal("vrijgave 0.1.0")
    plan = graph.value(graph.value(run, PROV.qualifiedAssociation), PROV.hadPlan)
    assert graph.value(plan, DCTERMS.identifier) == Literal(f"sha256:{'ab' * 32}")
    source = graph.value(VERSION, PROV.wasDerivedFrom)
    texts = {text.language: str(text) for text in graph.objects(source, DCTERMS.description) if isinstance(text, Literal)}
    assert texts["nl"] == "een bestand met een kaartlaag van Gemeente Voorbeeld. Uit het beheersysteem van de buitendienst."
    older = URIRef(f"{BASE}/id/dataset/bomen/2026-03-02.1")
    assert graph.value(older, PROV.wasGeneratedBy) is None, "a version that does not say how it came about is not made up for"


def test_organisations_relations_identifiers_and_standards(graph: Graph) -> None:
    [attribution] = graph.objects(DATASET, PROV.qualifiedAttribution)
    assert graph.value(attribution, PROV.agent) == URIRef("https://ror.org/04dkp9463")
    assert str(graph.value(attribution, DCAT.hadRole)).endswith("#processor")
    roles = {
        str(graph.value(node, DCTERMS.relation)): str(graph.value(node, DCAT.hadRole))
        for node in graph.objects(DATASET, DCAT.qualifiedRelation)
    }
    assert roles == {
        f"{BASE}/id/dataset/verkeer": "http://www.iana.org/assignments/relation/related",
        "https://example.com/bron": "http://www.iana.org/assignments/relation/original",
    }
    assert said(graph, DATASET, DCTERMS.creator) == {"https://identifier.overheid.nl/tooi/id/gemeente/gm0080"}
    assert said(graph, VERSION, DCTERMS.creator) == said(graph, DATASET, DCTERMS.creator)
    [other] = graph.objects(DATASET, ADMS.identifier)
    assert graph.value(other, SKOS.notation) == Literal("bomen-2019")
    assert "https://www.imgeo.nl/" in said(graph, DATASET, DCTERMS.conformsTo)
    assert str(graph.value(DATASET, DCAT.spatialResolutionInMeters)) == "0.5"
    assert graph.value(DATASET, DCAT.temporalResolution) == Literal("P1M", datatype=XSD.duration)


def test_data_overheid_finds_its_themes_and_a_licence_on_the_dataset(graph: Graph, full_publisher: PublisherDescription) -> None:
    themes = said(graph, DATASET, DCAT.theme)
    assert {theme.rpartition("/")[2] for theme in themes} == {"ENVI", "REGI", "Natuur_en_milieu", "Ruimte_en_infrastructuur"}
    assert (DATASET, DCTERMS.license, None) in graph
    assert full_publisher.profile == "3.0.1"


def test_a_theme_of_data_overheid_that_was_chosen_stands_in_for_those_that_follow(
    full_publisher: PublisherDescription, full_entries: tuple[Entry, ...]
) -> None:
    chosen = replace(full_entries[0], description=replace(full_entries[0].description, policy_theme=("Verkeer_(thema)",)))
    themes = said(dcat.build(full_publisher, [chosen]), DATASET, DCAT.theme)
    assert {theme.rpartition("/")[2] for theme in themes} == {"ENVI", "REGI", "Verkeer_(thema)"}


def test_the_grounds_of_what_is_withheld_are_terms_of_a_list(graph: Graph) -> None:
    rights = URIRef(iris.rights(BASE, "bomen"))
    [ground] = graph.objects(rights, DCTERMS.references)
    assert "Woo 5.1 2e: Eerbiediging van de persoonlijke levenssfeer" in said(graph, ground, SKOS.prefLabel)
    assert (graph.value(ground, SKOS.inScheme), SKOS.exactMatch, URIRef("https://wetten.overheid.nl/BWBR0045754")) in graph


def test_the_record_names_the_profiles_that_are_met(full_publisher: PublisherDescription, full_entries: tuple[Entry, ...]) -> None:
    for profile in ("3.0.0", "3.0.1"):
        graph = dcat.build(replace(full_publisher, profile=profile), full_entries)
        records = {name: URIRef(iris.record(BASE, name)) for name in ("bomen", "oud")}
        named = {name: {str(label) for each in graph.objects(node, DCTERMS.conformsTo) for label in graph.objects(each, DCTERMS.title)}
                 for name, node in records.items()}  # fmt: skip
        assert named["bomen"] == {f"DCAT-AP-NL {profile}", "DCAT-AP 3.0.1", "DCAT-AP HVD 3.0.0"}
        assert named["oud"] == {f"DCAT-AP-NL {profile}", "DCAT-AP 3.0.1"}


def test_under_3_0_0_a_file_names_no_more_than_one_language(full_publisher: PublisherDescription, full_entries: tuple[Entry, ...]) -> None:
    file = URIRef(iris.distribution(BASE, "verkeer", "2026-04-01.1", "csv"))
    for profile, count in (("3.0.0", 0), ("3.0.1", 2)):
        graph = dcat.build(replace(full_publisher, profile=profile), full_entries)
        assert len(said(graph, file, DCTERMS.language)) == count


@pytest.mark.parametrize("profile", ["3.0.0", "3.0.1"])
def test_our_own_rules_and_shapes_find_no_violation_whole_or_in_parts(
    profile: str, full_publisher: PublisherDescription, full_entries: tuple[Entry, ...]
) -> None:
    publisher = replace(full_publisher, profile=profile)  # type: ignore[arg-type]
    found = validate(dcat.build(publisher, full_entries), version=publisher.profile)
    assert {finding.severity for finding in found} <= {"warning"}, [finding.text() for finding in found]
    assert validate_entries(publisher, full_entries) == found


def test_the_owner_of_an_address() -> None:
    assert iris.owner(BASE, str(VERSION)) == "bomen"
    assert iris.owner(BASE, iris.part(str(DATASET), "source")) == "bomen"
    assert iris.owner(BASE, iris.service(BASE, "bomen", "wfs")) == "bomen"
    shared = (iris.catalogue(BASE), iris.part(iris.catalogue(BASE), "metric-a"), iris.contact(BASE), iris.area(BASE), str(SERIES))
    for iri in (*shared, "https://elders.example/id/dataset/bomen"):
        assert iris.owner(BASE, iri) is None, iri
