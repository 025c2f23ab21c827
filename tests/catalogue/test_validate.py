"""The validator: silent over a good catalogue, and each rule speaks when its own thing is broken, with the key to mend."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pytest
from rdflib import RDF, Graph, URIRef

from catalogue import dcat, serialise
from catalogue.findings import violations
from catalogue.namespaces import DCAT, PREFIXES
from catalogue.rules.view import RULES
from catalogue.validate import validate
from config.errors import Message

if TYPE_CHECKING:
    from pathlib import Path

    from catalogue.model import Entry, PublisherDescription

BASE = "https://data.voorbeeldgemeente.example"
EU = "http://publications.europa.eu/resource/authority"
EU_HTTPS = EU.replace("http", "https")
HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items()) + f"@base <{BASE}> .\n"
BOMEN, VERKEER = "/id/dataset/bomen", "/id/dataset/verkeer"
CSV = "/id/distribution/bomen/2026-03-09.1/csv"
PERIOD = "/id/period/bomen/2026-03-09.1"
LEGISLATION = "dcatap:applicableLegislation"


class Case(NamedTuple):
    """What to break: facts to take away (resource, property), Turtle to add; the code, property and key that must come out."""

    code: str
    prop: str | None
    key: str | None
    away: tuple[tuple[str, str], ...] = ()
    add: str = ""


def swap(code: str, node: str, prop: str, value: str, key: str | None = None) -> Case:
    """Put another value in the place of a property's."""
    return Case(code, prop, key, ((node, prop),), f"<{node}> {prop} {value} .")


CASES = [
    # dates
    swap("catalogue.date-type", BOMEN, "dct:modified", '"gisteren"'),
    swap("catalogue.date-type", BOMEN, "dct:issued", '"2026-03-02"'),
    swap("catalogue.date-form", CSV, "dct:issued", '"2026-02-30"^^xsd:date'),
    swap("catalogue.date-form", BOMEN, "dct:modified", '"2026-3-9"^^xsd:date'),
    swap("catalogue.date-form", PERIOD, "dcat:startDate", '"2024-13"^^xsd:gYearMonth', "source.as_of"),
    swap("catalogue.period-order", PERIOD, "dcat:endDate", '"2023"^^xsd:gYear', "source.as_of"),
    swap("catalogue.date-order", BOMEN, "dct:issued", '"2027-01-01"^^xsd:date')._replace(prop="dct:modified"),
    Case("catalogue.period-empty", "dcat:startDate", "source.as_of", ((PERIOD, "dcat:startDate"), (PERIOD, "dcat:endDate"))),
    # texts
    swap("catalogue.text-empty", BOMEN, "dct:title", '" "@nl', "title"),
    swap("catalogue.language-tag", BOMEN, "dcat:keyword", '"bomen"', "catalogue.keywords"),
    swap("catalogue.language-code", BOMEN, "dct:title", '"Bomen"@nederlands', "title"),
    swap("catalogue.text-twice", BOMEN, "dct:title", '"Bomen"@nl, "Boom"@nl', "title"),
    swap("catalogue.no-dutch", BOMEN, "dct:description", '"One thing. Two things. Three."@en', "description"),
    swap("catalogue.description-long", BOMEN, "dct:description", f'"{"Een zin. " * 300}"@nl', "description"),
    swap("catalogue.description-short", BOMEN, "dct:description", '"Alle bomen."@nl', "description"),
    swap("catalogue.keyword-list", BOMEN, "dcat:keyword", '"bomen, groen"@nl', "catalogue.keywords"),
    # names
    Case("catalogue.unknown-class", None, None, (("/id/catalogue", "rdf:type"),), "</id/catalogue> a dcat:Catalogue ."),
    Case("catalogue.unknown-property", "dct:licence", None, (), f"<{CSV}> dct:licence <{EU}/licence/CC0> ."),
    Case("catalogue.nothing-checked", None, None, (("/id/catalogue", "rdf:type"),), "</id/catalogue> a dcat:Catalogue ."),
    # lists
    swap("catalogue.not-in-list", BOMEN, "dct:accessRights", f"<{EU}/access-right/OPENBAAR>", "catalogue.access_rights"),
    swap("catalogue.not-in-list", BOMEN, "dct:accrualPeriodicity", '"wekelijks"', "catalogue.frequency"),
    swap("catalogue.not-in-list", BOMEN, "dct:language", '"nl"', "catalogue.language"),
    swap("catalogue.not-in-list", CSV, "dct:format", '"CSV"', "publication.distributions"),
    swap("catalogue.not-in-list", CSV, "adms:status", f"<{EU}/distribution-status/DISCONT>"),
    swap("catalogue.not-in-list", BOMEN, "dcat:theme", f"<{EU}/data-theme/ENVI>, <{EU}/data-theme/MILIEU>", "catalogue.theme"),
    swap("catalogue.unknown-code", BOMEN, "dct:accrualPeriodicity", f"<{EU}/frequency/WEEKLI>", "catalogue.frequency"),
    swap("catalogue.list-https", BOMEN, "dct:accessRights", f"<{EU_HTTPS}/access-right/PUBLIC>", "catalogue.access_rights"),
    swap(
        "catalogue.list-https",
        BOMEN,
        "dcat:theme",
        f"<{EU}/data-theme/ENVI>, <{EU_HTTPS}/data-theme/ENVI>",
        "catalogue.theme",
    ),
    swap("catalogue.no-eu-theme", BOMEN, "dcat:theme", "<https://eigen.example/thema/bomen>", "catalogue.theme"),
    swap("catalogue.media-type", CSV, "dcat:mediaType", '"text/csv"', "publication.distributions"),
    swap("catalogue.licence", CSV, "dct:license", "<https://eigen.example/licentie>", "catalogue.licence"),
    swap("catalogue.checksum-algorithm", f"{CSV}/checksum", "spdx:algorithm", "<https://eigen.example/sha>"),
    swap("catalogue.hvd-category", VERKEER, "dcatap:hvdCategory", "<https://eigen.example/hvd>", "catalogue.hvd_category"),
    swap("catalogue.place", BOMEN, "dct:spatial", "<https://eigen.example/plaats>", "catalogue.spatial"),
    # addresses
    swap("catalogue.https", CSV, "dcat:downloadURL", "<http://data.voorbeeldgemeente.example/bomen.csv>", "base_uri"),
    swap("catalogue.dangling", BOMEN, "dcat:distribution", "<https://eigen.example/bestand>", "publication.distributions"),
    Case("catalogue.stray", None, None, (), ""),
    swap("catalogue.identifier", BOMEN, "dct:identifier", '"bomen-1"'),
    swap("catalogue.identifier-twice", BOMEN, "dct:identifier", f'"{BASE}{VERKEER}"'),
    swap("catalogue.publisher", BOMEN, "dct:publisher", "<https://eigen.example/gemeente>", "publisher.uri"),
    swap("catalogue.mailto", "/id/contact", "vcard:hasEmail", '"data@voorbeeldgemeente.example"', "contact.email"),
    swap("catalogue.checksum", f"{CSV}/checksum", "spdx:checksumValue", '"0a0b"^^xsd:hexBinary'),
    swap("catalogue.box", "/id/location/bomen/2026-03-09.1", "dcat:bbox", '"POLYGON((120000 487000, 121000 487000, 120000 487000))"'),
    Case("catalogue.iri", "dct:relation", None, (), ""),
    # conditions
    Case("catalogue.download-media-type", "dcat:mediaType", "publication.distributions", ((CSV, "dcat:mediaType"),)),
    Case(
        "catalogue.hvd-law",
        "dcatap:applicableLegislation",
        "catalogue.applicable_legislation",
        ((VERKEER, "dcatap:applicableLegislation"),),
    ),
    Case("catalogue.hvd-no-category", "dcatap:hvdCategory", "catalogue.hvd_category", ((VERKEER, "dcatap:hvdCategory"),)),
    Case("catalogue.hvd-no-distribution", "dcat:distribution", "publication.distributions", ((VERKEER, "dcat:distribution"),)),
    Case(
        "catalogue.dga",
        "dct:rights",
        None,
        ((CSV, "dct:rights"),),
        f"<{BOMEN}> dcatap:applicableLegislation <http://data.europa.eu/eli/reg/2022/868/oj> .",
    ),
    Case("catalogue.contact", "vcard:hasEmail", "contact.email", (("/id/contact", "vcard:hasEmail"), ("/id/contact", "vcard:hasURL"))),
    Case("catalogue.recommended", "dcat:keyword", "catalogue.keywords", ((BOMEN, "dcat:keyword"),)),
    Case("catalogue.profile", "dct:conformsTo", None, (("/id/record/bomen", "dct:conformsTo"),)),
    # shapes
    Case("catalogue.shape", "dct:title", "title", ((BOMEN, "dct:title"),)),
    Case("catalogue.shape", "dcat:theme", "catalogue.theme", ((BOMEN, "dcat:theme"),)),
    Case("catalogue.shape", "dct:license", "catalogue.licence", ((CSV, "dct:license"),)),
    Case("catalogue.shape", "dct:publisher", "publisher.uri", (("/id/catalogue", "dct:publisher"),)),
    Case("catalogue.shape", "dcat:accessURL", "base_uri", (), f"<{CSV}> dcat:accessURL <https://eigen.example/nog-een> ."),
    swap("catalogue.shape", CSV, "dcat:byteSize", "2048"),
    swap("catalogue.shape", BOMEN, "dcat:contactPoint", '"Team Data"', "contact.email"),
    Case("catalogue.shape", "foaf:name", "publisher.name", (("https://identifier.overheid.nl/tooi/id/gemeente/gm0000", "foaf:name"),)),
    Case("catalogue.shape", "dct:modified", None, (("/id/record/bomen", "dct:modified"),)),
]


@pytest.fixture
def graph(publisher: PublisherDescription, entries: tuple[Entry, ...]) -> Graph:
    return dcat.build(publisher, entries)


def iri(name: str) -> URIRef:
    prefix, _, local = name.partition(":")
    return URIRef(PREFIXES[prefix] + local) if prefix in PREFIXES else URIRef(name if "://" in name else BASE + name)


def broken(graph: Graph, case: Case) -> Graph:
    for node, prop in case.away:
        graph.remove((iri(node), iri(prop), None))
    graph.parse(data=HEAD + case.add, format="turtle")
    if case.code == "catalogue.stray":
        graph.remove((iri("/id/catalogue"), DCAT.dataset, iri(BOMEN)))
    if case.code == "catalogue.iri":
        graph.add((iri(BOMEN), iri("dct:relation"), URIRef("https://eigen.example/met spatie")))
    return graph


@pytest.mark.parametrize("version", ["3.0.0", "3.0.1"])
def test_our_own_catalogue_has_no_finding_at_all(graph: Graph, version: str) -> None:
    assert [finding.text() for finding in validate(graph, version=version)] == []  # type: ignore[arg-type]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code.removeprefix('catalogue.')}-{case.prop}")
def test_each_rule_speaks_when_its_own_thing_is_broken(graph: Graph, case: Case) -> None:
    found = [finding for finding in validate(broken(graph, case)) if finding.code == case.code and finding.prop == case.prop]
    assert found, f"{case.code} said nothing"
    finding = found[0]
    assert finding.key == case.key
    for sentence in (finding.nl, finding.en):
        assert len(sentence) > 20
        assert "{" not in sentence
    if case.key:
        assert finding.file in ("municipality.yaml", "datasets/bomen.yaml", "datasets/verkeer.yaml")
        assert finding.mend_nl.startswith("Typ ")
        assert finding.mend_en.startswith("Type ")
    expected = (
        "violation" if case.code == "catalogue.shape" else {"error": "violation"}.get(Message.registry[case.code].severity, "warning")
    )
    assert finding.severity == expected
    assert finding.as_problem().severity == ("error" if expected == "violation" else "warning")
    assert (finding in violations(found)) == (expected == "violation")


def test_every_rule_has_a_case() -> None:
    messages = {code for code in Message.registry if code.startswith("catalogue.") and "file-" not in code} - {"catalogue.remote-context"}
    assert messages | {"catalogue.shape"} == {case.code for case in CASES}
    assert len(RULES) >= 20


def test_the_dutch_and_english_sentences_have_the_same_blanks() -> None:
    for code, message in Message.registry.items():
        if code.startswith("catalogue."):
            blanks = [set(re.findall(r"{(\w+)}", text)) - {"nl", "en", "hint", "hint_en"} for text in (message.nl, message.en)]
            assert blanks[0] == blanks[1], code


def test_a_misspelt_class_is_told_with_the_right_one(graph: Graph) -> None:
    found = {
        finding.code: finding for finding in validate(broken(graph, next(case for case in CASES if case.code == "catalogue.unknown-class")))
    }
    assert "Bedoelt u dcat:Catalog?" in found["catalogue.unknown-class"].nl
    assert "dcat:Catalog" in found["catalogue.nothing-checked"].nl


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
        graph.remove((file, iri("dct:license"), None))
    found = [finding for finding in validate(graph) if finding.prop == "dct:license"]
    assert [(finding.dataset, finding.times) for finding in found] == [("bomen", 8), ("verkeer", 4)]


def test_3_0_0_is_tighter_where_the_adopted_profile_is(graph: Graph) -> None:
    graph.parse(data=f"{HEAD}<{BOMEN}> dcat:contactPoint </id/contact2> . </id/contact2> a vcard:Kind ; vcard:hasURL <{BASE}/x> .")
    assert not violations(validate(graph, version="3.0.1"))
    assert {finding.prop for finding in violations(validate(graph, version="3.0.0"))} == {"dcat:contactPoint"}


@pytest.mark.parametrize("syntax", serialise.SYNTAXES)
def test_a_file_gives_what_its_graph_gives(graph: Graph, syntax: str, tmp_path: Path) -> None:
    broken(graph, swap("catalogue.date-type", BOMEN, "dct:modified", '"gisteren"'))
    path = tmp_path / f"catalogue.{syntax}"
    path.write_text(serialise.text(graph, syntax), encoding="utf-8")
    assert validate(path) == validate(graph)
    assert validate(path)


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
    assert first == validate(path)
    props = {finding.prop for finding in first}
    assert {"dct:publisher", "dct:license", "dcat:accessURL", "vcard:hasEmail"} <= props
    assert all(finding.node.startswith(("https://", "http://", "_:blank")) for finding in first)
