"""The European score: every metric told apart, the best distribution counts, and what to mend first."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import DCTERMS, RDF, XSD, Graph, Literal, URIRef

from catalogue import dcat
from catalogue.namespaces import AUTHORITY, DCAT, DQV, IANA
from catalogue.score import dqv, trend
from catalogue.score.metrics import DIMENSIONS, METRICS, MOST, OFFLINE, PV, band
from catalogue.score.reach import Asking, Statuses, ask
from catalogue.score.report import page
from catalogue.score.score import score
from catalogue.validate import validate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from catalogue.findings import CatalogueFinding
    from catalogue.model import Entry, PublisherDescription

SET, FILE, OTHER = URIRef("https://x.example/set"), URIRef("https://x.example/file"), URIRef("https://x.example/other")
CSV, TEXT_CSV = URIRef(f"{AUTHORITY}file-type/CSV"), URIRef(f"{IANA}text/csv")
CC0 = URIRef(f"{AUTHORITY}licence/CC0")
DATASET: dict[str, tuple[URIRef, URIRef | Literal]] = {
    "keywordAvailability": (DCAT.keyword, Literal("bomen", lang="nl")),
    "categoryAvailability": (DCAT.theme, URIRef(f"{AUTHORITY}data-theme/ENVI")),
    "spatialAvailability": (DCTERMS.spatial, URIRef("https://x.example/place")),
    "temporalAvailability": (DCTERMS.temporal, URIRef("https://x.example/period")),
    "accessRightsAvailability": (DCTERMS.accessRights, URIRef(f"{AUTHORITY}access-right/PUBLIC")),
    "contactPointAvailability": (DCAT.contactPoint, URIRef("https://x.example/contact")),
    "publisherAvailability": (DCTERMS.publisher, URIRef("https://x.example/publisher")),
}
DISTRIBUTION: dict[str, tuple[URIRef, URIRef | Literal]] = {
    "downloadUrlAvailability": (DCAT.downloadURL, URIRef("https://x.example/bomen.csv")),
    "formatAvailability": (DCTERMS.format, CSV),
    "mediaTypeAvailability": (DCAT.mediaType, TEXT_CSV),
    "licenceAvailability": (DCTERMS.license, CC0),
    "rightsAvailability": (DCTERMS.rights, URIRef("https://x.example/rights")),
    "byteSizeAvailability": (DCAT.byteSize, Literal(3, datatype=XSD.nonNegativeInteger)),
    "dateIssuedAvailability": (DCTERMS.issued, Literal("2026-01-01", datatype=XSD.date)),
    "dateModifiedAvailability": (DCTERMS.modified, Literal("2026-01-02", datatype=XSD.date)),
}


def catalogue(dataset: dict[str, tuple[URIRef, URIRef | Literal]], *files: dict[str, tuple[URIRef, URIRef | Literal]]) -> Graph:
    graph = Graph()
    graph.add((SET, RDF.type, DCAT.Dataset))
    for prop, value in dataset.values():
        graph.add((SET, prop, value))
    for node, held in zip((FILE, OTHER), files, strict=False):
        graph.add((SET, DCAT.distribution, node))
        graph.add((node, RDF.type, DCAT.Distribution))
        for prop, value in held.values():
            graph.add((node, prop, value))
    return graph


def points(graph: Graph, findings: tuple[CatalogueFinding, ...] = ()) -> int:
    return score(graph, findings).datasets[0].points


def test_the_points_are_those_of_the_assessment() -> None:
    assert (OFFLINE, MOST) == (325, 405)
    assert {name: sum(metric.points for metric in METRICS if metric.dimension == name) for name in DIMENSIONS} == {
        "findability": 100,
        "accessibility": 100,
        "interoperability": 110,
        "reusability": 75,
        "contextuality": 20,
    }
    assert [band(points) for points in (0, 120, 121, 220, 221, 350, 351, 405)] == [
        *("bad", "bad", "sufficient", "sufficient", "good", "good", "excellent", "excellent")
    ]


def test_a_description_with_everything_has_every_point() -> None:
    assert points(catalogue(DATASET, DISTRIBUTION)) == OFFLINE


@pytest.mark.parametrize("missing", [*DATASET, *DISTRIBUTION])
def test_each_property_that_is_missing_costs_its_points(missing: str) -> None:
    graph = catalogue(
        {name: fact for name, fact in DATASET.items() if name != missing},
        {name: fact for name, fact in DISTRIBUTION.items() if name != missing},
    )
    found = score(graph, ()).datasets[0]
    metric = next(metric for metric in METRICS if metric.name == missing)
    along = {  # what cannot be told without it
        "formatAvailability": (
            "formatMediaTypeVocabularyAlignment",
            "formatMediaTypeNonProprietary",
            "formatMediaTypeMachineInterpretable",
        ),
        "mediaTypeAvailability": ("formatMediaTypeVocabularyAlignment",),
        "licenceAvailability": ("knownLicence",),
        "accessRightsAvailability": ("accessRightsVocabularyAlignment",),
    }.get(missing, ())
    lost = metric.points - metric.missing + sum(one.points for one in METRICS if one.name in along)
    assert found.points == OFFLINE - lost
    assert {loss.metric.name for loss in found.losses} == {missing, *along}
    assert sum(loss.points for loss in found.losses) == lost


@pytest.mark.parametrize(
    ("prop", "value", "lost"),
    [
        (DCTERMS.format, URIRef(f"{AUTHORITY}file-type/PARQUET"), {"formatMediaTypeNonProprietary", "formatMediaTypeMachineInterpretable"}),
        (DCTERMS.format, URIRef(f"{AUTHORITY}file-type/XLSX"), {"formatMediaTypeNonProprietary"}),
        (DCTERMS.format, URIRef(f"{AUTHORITY}file-type/TXT"), {"formatMediaTypeMachineInterpretable"}),
        (
            DCTERMS.format,
            Literal("csv"),
            {"formatMediaTypeNonProprietary", "formatMediaTypeMachineInterpretable", "formatMediaTypeVocabularyAlignment"},
        ),
        (DCAT.mediaType, URIRef(f"{IANA}text/cvs"), {"formatMediaTypeVocabularyAlignment"}),
        (DCTERMS.license, URIRef("https://x.example/eigen-licentie"), {"knownLicence"}),
        (DCTERMS.license, URIRef("http://creativecommons.org/licenses/by/4.0"), set()),
    ],
)
def test_a_value_is_looked_up_in_its_list(prop: URIRef, value: URIRef | Literal, lost: set[str]) -> None:
    held = {name: (prop, value) if fact[0] == prop else fact for name, fact in DISTRIBUTION.items()}
    found = score(catalogue(DATASET, held), ()).datasets[0]
    assert {loss.metric.name for loss in found.losses} == lost


def test_access_rights_that_are_in_no_list_lose_five() -> None:
    held = DATASET | {"accessRightsAvailability": (DCTERMS.accessRights, URIRef("https://x.example/open"))}
    assert points(catalogue(held, DISTRIBUTION)) == OFFLINE - 5


def test_of_the_distributions_the_best_counts_and_the_worst_is_told() -> None:
    poor = {"formatAvailability": (DCTERMS.format, URIRef(f"{AUTHORITY}file-type/PARQUET"))}
    for files in ((poor, DISTRIBUTION), (DISTRIBUTION, poor)):
        found = score(catalogue(DATASET, *files), ()).datasets[0]
        assert found.points == OFFLINE
        assert found.worst < found.points


def test_a_date_counts_once_on_the_file_or_else_on_the_dataset() -> None:
    dates = {name: DISTRIBUTION[name] for name in ("dateIssuedAvailability", "dateModifiedAvailability")}
    without = {name: fact for name, fact in DISTRIBUTION.items() if name not in dates}
    assert points(catalogue(DATASET | dates, without)) == OFFLINE
    assert points(catalogue(DATASET | dates, DISTRIBUTION)) == OFFLINE
    assert points(catalogue(DATASET, without)) == OFFLINE - 10


def test_without_a_distribution_what_is_measured_on_one_is_lost_and_the_mend_is_to_publish_a_file() -> None:
    found = score(catalogue(DATASET), ()).datasets[0]
    assert found.points == sum(metric.points for metric in METRICS if metric.on == "dataset")
    assert {loss.key for loss in found.losses if loss.metric.on == "distribution"} == {"publication.distributions"}
    assert sum(loss.points for loss in found.losses) == OFFLINE - found.points


FACTS = [("dataset", name) for name in DATASET] + [("file", name) for name in DISTRIBUTION]


@given(st.sets(st.sampled_from(FACTS)), st.sampled_from(FACTS))
def test_a_property_more_never_costs_points(held: set[tuple[str, str]], more: tuple[str, str]) -> None:
    def made(facts: set[tuple[str, str]]) -> Graph:
        return catalogue(
            {name: fact for name, fact in DATASET.items() if ("dataset", name) in facts},
            {name: fact for name, fact in DISTRIBUTION.items() if ("file", name) in facts},
        )

    assert points(made(held | {more})) >= points(made(held))


def test_our_own_catalogue_has_every_point(publisher: PublisherDescription, entries: tuple[Entry, ...]) -> None:
    graph = dcat.build(publisher, entries)
    found = score(graph, validate(graph))
    assert [(one.points, one.losses) for one in found.counted] == [(OFFLINE, ())] * len(found.counted)
    assert found.counted


def test_a_violation_costs_the_compliance_of_that_dataset_alone(publisher: PublisherDescription, entries: tuple[Entry, ...]) -> None:
    graph = dcat.build(publisher, entries)
    hit, *others = score(graph, ()).counted
    graph.remove((URIRef(hit.node), DCTERMS.title, None))
    after = {one.dataset: one for one in score(graph, validate(graph)).datasets}
    assert after[hit.dataset].points == OFFLINE - 30
    assert [loss.metric.name for loss in after[hit.dataset].losses] == ["dcatApCompliance"]
    assert all(after[one.dataset].points == one.points for one in others)


def test_versions_are_not_scored_by_themselves(publisher: PublisherDescription, entries: tuple[Entry, ...]) -> None:
    graph = dcat.build(publisher, entries)
    versions = set(graph.objects(None, DCAT.hasVersion))
    assert versions
    assert not {URIRef(one.node) for one in score(graph, ()).datasets} & versions


class Answers(BaseHTTPRequestHandler):
    """Answers by path: a status, or a redirect."""

    seen: ClassVar[list[tuple[str, str]]] = []

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        Answers.seen.append((self.command, self.path))
        code, location = {
            "/set": (200, ""),
            "/gone": (404, ""),
            "/no-head": (405 if self.command == "HEAD" else 206, ""),
            "/moved": (302, "/set"),
            "/circle": (302, "/circle"),
            "/away": (302, "http://127.0.0.1:1/"),
        }.get(self.path, (500, ""))
        self.send_response(code)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@contextmanager
def serving() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("path", "code"), [("set", 200), ("gone", 404), ("no-head", 206), ("moved", 200), ("circle", 0), ("away", 0), ("broken", 500)]
)
def test_an_address_is_tried_where_it_stands_now(path: str, code: int) -> None:
    graph = Graph()
    url = URIRef(f"https://portal.example/{path}")
    graph.add((FILE, DCAT.accessURL, url))
    with serving() as base:
        assert ask(graph, Asking({"https://portal.example": base})).status(str(url)) == code


def test_nothing_is_asked_that_was_not_meant() -> None:
    Answers.seen.clear()
    graph = Graph()
    with serving() as base:
        inside = [
            f"{base}/set",
            f"{base.replace('http:', 'https:')}/set",
            "https://portal.example.elsewhere.example/set",
            "https://10.0.0.1/",
        ]
        for url in inside:
            graph.add((FILE, DCAT.accessURL, URIRef(url)))
        found = ask(graph, Asking({"https://portal.example": base}, online=True))
    assert {found.status(url) for url in inside} == {0}
    assert Answers.seen == []


def test_answers_of_the_addresses_bring_the_last_eighty_points() -> None:
    held = DISTRIBUTION | {"access": (DCAT.accessURL, URIRef("https://x.example/set"))}
    graph = catalogue(DATASET, held)
    good = Statuses({"https://x.example/set": 200, "https://x.example/bomen.csv": 204})
    bad = Statuses({"https://x.example/set": 200, "https://x.example/bomen.csv": 404})
    assert score(graph, (), good).datasets[0].points == MOST
    found = score(graph, (), bad).datasets[0]
    assert found.points == MOST - 30
    assert [(loss.metric.name, loss.status) for loss in found.losses] == [("downloadUrlStatusCode", 404)]


def test_the_score_goes_out_as_json_as_dqv_and_as_a_page(
    publisher: PublisherDescription, entries: tuple[Entry, ...], tmp_path: Path
) -> None:
    graph = dcat.build(publisher, entries)
    graph.remove((None, DCAT.keyword, None))
    found = score(graph, ())
    json.dumps(found.as_json())
    measured = dqv.measurements(found)
    told = sum(len(one.values) + len(DIMENSIONS) + 1 for one in found.datasets)
    assert len(set(measured.subjects(RDF.type, DQV.QualityMeasurement))) == told
    keywords = [measured.value(node, DQV.value) for node in measured.subjects(DQV.isMeasurementOf, URIRef(f"{PV}keywordAvailability"))]
    assert {value.toPython() for value in keywords if isinstance(value, Literal)} == {False}
    moments = [
        trend.remember(tmp_path / "scores.json", one, datetime(2026, 1, day, tzinfo=UTC))
        for day, one in enumerate((found, found, score(dcat.build(publisher, entries), ())), 1)
    ]
    assert [len(lines) for lines in moments] == [1, 1, 2]
    assert trend.past(tmp_path / "scores.json") == moments[-1]
    for language, word in (("nl", "trefwoorden"), ("en", "keywords")):
        text = page(found, moments[-1], language)
        assert word in text
        assert "catalogue.keywords" in text
        assert "<svg" in text
        assert "http-equiv" in text
    assert "src=" not in page(found, [], "nl")
