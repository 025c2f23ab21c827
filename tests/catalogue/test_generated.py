"""Whatever a municipality may declare, the catalogue is valid, is written byte for byte alike, and its facts survive JSON."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

import pyshacl
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from rdflib import Graph, Namespace
from rdflib import Literal as RdfLiteral
from rdflib.compare import isomorphic

from catalogue import dcat, serialise
from catalogue.authority import HVD_CATEGORIES
from catalogue.findings import violations
from catalogue.model import (
    ContactFacts,
    DatasetDescription,
    DistributionFacts,
    Entry,
    MadeFacts,
    PublisherDescription,
    ReleaseFacts,
    Tombstone,
)
from catalogue.validate import validate
from config import lists
from config.models.base import Keywords, Text
from config.models.catalogue import Area, Attribution, Organisation, Relation, Series, Service, Standard
from config.rules.description import HVD_LICENCES

SHAPES = Path(__file__).parents[2].parent / "shared" / "shapes"
SH = Namespace("http://www.w3.org/ns/shacl#")
PROFILES: tuple[Literal["3.0.0", "3.0.1"], ...] = ("3.0.0", "3.0.1")
GEO = "http://data.europa.eu/bna/c_ac64a52d"
PARSERS = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld", "nt": "nt"}

# A catalogue is big: naming which part of it matters (explain) takes minutes and says little.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)

# What YAML can hold: printable characters, with quotes, brackets, ampersands, accents and emoji among them, and line ends.
printable = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp"))
words = st.text(printable | st.sampled_from('\n\r\t"\\<&>'), min_size=1, max_size=40)
filled = words.filter(lambda text: text.strip() != "")
texts = st.builds(Text, nl=filled, en=st.none() | filled)
ids = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)
instants = st.builds(
    lambda day, hour, offset: f"{day.isoformat()}T{hour:02d}:00:00{offset}",
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.integers(0, 23),
    st.sampled_from(("+01:00", "+02:00", "+00:00", "Z")),
)
days = st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(str)
pages = st.sampled_from(("https://www.voorbeeldgemeente.example/pagina?a=1&b='2'", "https://a.example/", "http://b.example/é#deel"))
tooi = st.sampled_from(("https://identifier.overheid.nl/tooi/id/gemeente/gm0392", "https://ror.org/04dkp9463"))
standards = st.lists(st.builds(Standard, uri=pages, title=texts), max_size=2).map(tuple)
relations = st.builds(Relation, dataset=ids, role=st.sampled_from(sorted(lists.relations()))) | st.builds(Relation, uri=pages)
attributions = st.builds(Attribution, uri=tooi, name=texts, role=st.sampled_from(sorted(lists.roles())))
made = st.builds(
    MadeFacts,
    run=st.just("20260309T050000Z-1"),
    software=st.just("vrijgave 0.1.0"),
    source=st.sampled_from((*sorted(lists.source_kinds()), "anders")),
    configuration=st.just("ab" * 32),
)
SERIES = "reeks-een"


@st.composite
def services(draw: st.DrawFn) -> tuple[Service, ...]:
    names = draw(st.lists(ids, max_size=2, unique=True))
    return tuple(
        Service(
            id=name,
            kind=draw(st.sampled_from(sorted(lists.services()))),
            title=draw(st.none() | texts),
            description=draw(texts),
            endpoint=draw(st.sampled_from(("https://geo.example/wfs", "https://geo.example/wfs?map=a&x=1"))),
            description_url="https://geo.example/openapi.json",
            documentation="https://geo.example/uitleg",
            conforms_to=draw(standards),
        )
        for name in names
    )


@st.composite
def reports(draw: st.DrawFn) -> dict[str, object]:
    results = []
    for kind in draw(st.lists(st.sampled_from(sorted(lists.expectations())), max_size=3)):
        total = draw(st.none() | st.integers(0, 1000))
        result = {
            "type": kind,
            "dimension": draw(st.sampled_from(sorted(lists.dimensions()))),
            "success": draw(st.booleans()),
            "element_count": total,
            "unexpected_count": draw(st.integers(0, total)) if total is not None else None,
            "text": draw(st.none() | st.just({"nl": 'Altijd "goed" & <wel>', "en": None})),
        }
        results.append({key: value for key, value in result.items() if value is not None} if draw(st.booleans()) else result)
    scores = {
        name: {"checks": 3, "passed": 1, "score": 1 / 3} for name in draw(st.sets(st.sampled_from(sorted(lists.dimensions())), max_size=2))
    }
    return {"results": results, "dimensions": scores}


@st.composite
def files(draw: st.DrawFn, dataset: str) -> tuple[DistributionFacts, ...]:
    codes = draw(st.lists(st.sampled_from(sorted(lists.file_types())), min_size=1, max_size=3, unique=True))
    made = []
    for code in codes:
        kind = lists.file_type(code)
        size, rows = draw(st.integers(0, 10**13)), draw(st.integers(0, 10**9))
        digest = draw(st.text("0123456789abcdef", min_size=64, max_size=64))
        made.append(DistributionFacts(f"{dataset}.{kind.extension}", code.lower(), code, kind.media_type, size, digest, rows))
    return tuple(made)


@st.composite
def releases(draw: st.DrawFn, dataset: str) -> ReleaseFacts:
    width = draw(st.sampled_from((4, 7, 10)))
    period = sorted(draw(st.tuples(days, days)))
    west, east = sorted(draw(st.tuples(st.floats(3, 7.3), st.floats(3, 7.3))))
    south, north = sorted(draw(st.tuples(st.floats(50.7, 53.7), st.floats(50.7, 53.7))))
    return ReleaseFacts(
        dataset=dataset,
        version=f"{draw(days)}.{draw(st.integers(1, 99))}",
        issued=draw(instants),
        as_of=draw(days)[: draw(st.sampled_from((4, 7, 10)))],
        rows=draw(st.integers(0, 10**9)),
        distributions=draw(files(dataset)),
        temporal=draw(st.none() | st.just((period[0][:width], period[1][:width]))),
        bbox=draw(st.none() | st.just((west, south, east, north))),
        notes=draw(st.none() | texts),
        made=draw(st.none() | made),
        quality=draw(st.just({}) | reports()),
    )


@st.composite
def entries(draw: st.DrawFn, identifier: str) -> Entry:
    high_value = draw(st.lists(st.sampled_from(sorted(HVD_CATEGORIES)), max_size=2, unique=True))
    told = DatasetDescription(
        id=identifier,
        title=draw(texts),
        description=draw(texts),
        owner="beheer",
        theme=tuple(draw(st.lists(st.sampled_from(sorted(lists.themes())), min_size=1, max_size=3, unique=True))),
        licence=draw(st.sampled_from(HVD_LICENCES if high_value else sorted(lists.licences()))),
        keywords=Keywords(nl=tuple(draw(st.lists(filled, max_size=3))), en=tuple(draw(st.lists(filled, max_size=2)))),
        frequency=draw(st.none() | st.sampled_from(sorted(lists.frequencies()))),
        spatial=draw(st.sampled_from(("municipality", "http://publications.europa.eu/resource/authority/place/NLD_AMS"))),
        language=tuple(draw(st.lists(st.sampled_from(sorted(lists.languages())), min_size=1, max_size=2, unique=True))),
        access_rights="PUBLIC" if high_value else draw(st.sampled_from(sorted(lists.access_rights()))),
        hvd_category=tuple(high_value),
        landing_page=draw(st.none() | pages),
        personal=draw(st.booleans()),
        grounds=tuple(sorted(draw(st.sets(st.sampled_from(sorted(lists.woo_grounds())), max_size=2)))),
        policy_theme=tuple(draw(st.lists(st.sampled_from(sorted(lists.policy_themes())), max_size=2, unique=True))),
        places=tuple(draw(st.lists(st.sampled_from(sorted(lists.places())), max_size=2, unique=True))),
        documentation=tuple(draw(st.lists(pages, max_size=2, unique=True))),
        provenance=draw(st.none() | texts),
        creator=draw(st.none() | st.builds(Organisation, uri=tooi, name=texts)),
        attributions=tuple(draw(st.lists(attributions, max_size=2))),
        relations=tuple(draw(st.lists(relations, max_size=2))),
        conforms_to=draw(standards),
        identifiers=tuple(draw(st.lists(filled, max_size=2))),
        series=draw(st.sampled_from((None, SERIES, "niet-meer-daar"))),
        services=draw(services()),
        spatial_resolution=draw(st.none() | st.floats(0.001, 10_000)),
        temporal_resolution=draw(st.sampled_from((None, "P1D", "P1M", "PT15M"))),
    )
    made = {release.version: release for release in draw(st.lists(releases(identifier), max_size=2))}
    shown = tuple(made[version] for version in sorted(made, reverse=True))
    gone = st.builds(
        Tombstone, dataset=st.just(identifier), version=st.just("1999-01-01.1"), date=days | instants, reason_public=st.none() | texts
    )
    tombstone = draw(gone) if not shown else None
    return Entry(told, shown, tombstone, tuple(draw(st.lists(gone, max_size=1))), draw(st.none() | instants))


@st.composite
def catalogues(draw: st.DrawFn) -> tuple[PublisherDescription, tuple[Entry, ...]]:
    local = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=8)
    publisher = PublisherDescription(
        uri="https://identifier.overheid.nl/tooi/id/gemeente/gm0400",
        name=draw(texts),
        municipality=draw(texts),
        base_uri="https://data.voorbeeldgemeente.example" + draw(st.sampled_from(("", "/open/data"))),
        contact=ContactFacts(
            draw(texts), f"{draw(local)}@voorbeeldgemeente.example", draw(st.none() | st.just("https://a.example/contact"))
        ),
        title=draw(texts),
        description=draw(texts),
        licence=draw(st.sampled_from(sorted(lists.licences()))),
        area=draw(st.sampled_from((Area(), Area(bbox=(4, 52, 5.5, 53), same_as=("http://sws.geonames.org/2751792/",))))),
        series={SERIES: Series(title=draw(texts), description=draw(texts), frequency=draw(st.sampled_from((None, "ANNUAL"))))},
    )
    names = draw(st.lists(ids, min_size=1, max_size=2, unique=True))
    return publisher, tuple(draw(entries(name)) for name in names)


def as_parsed(graph: Graph) -> Graph:
    """Give the graph as rdflib would parse it: it rewrites some literals (``Z`` becomes ``+00:00``)."""
    parsed = Graph()
    for subject, prop, value in graph:
        parsed.add((subject, prop, RdfLiteral(str(value), value.language, value.datatype) if isinstance(value, RdfLiteral) else value))
    return parsed


@settings(max_examples=8, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
@given(catalogues())
def test_every_catalogue_is_valid_and_survives_writing(made: tuple[PublisherDescription, tuple[Entry, ...]]) -> None:
    publisher, shown = made
    for version in PROFILES:
        graph = dcat.build(replace(publisher, profile=version), shown)
        assert [finding.text() for finding in violations(validate(graph, version=version))] == []
    for syntax, parser in PARSERS.items():
        written = serialise.text(graph, syntax)
        assert isomorphic(Graph().parse(data=written, format=parser), as_parsed(graph))
        assert serialise.text(sorted(graph, reverse=True), syntax) == written


@pytest.mark.skipif(not SHAPES.is_dir(), reason="../shared/shapes is absent: the official shapes cannot be run")
@pytest.mark.parametrize("version", PROFILES)
def test_every_catalogue_is_valid_under_the_official_shapes(version: Literal["3.0.0", "3.0.1"]) -> None:
    rules = official(f"dcat-ap-nl-{version}", "dcat-ap*SHACL*.ttl")
    assert len(rules) > 1000

    @settings(max_examples=15, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
    @given(catalogues())
    def check(made: tuple[PublisherDescription, tuple[Entry, ...]]) -> None:
        publisher, shown = made
        shown = tuple(entry for entry in shown if entry.releases or entry.tombstones)
        assume(shown)  # the shapes ask of a catalogue that it has a dataset
        assert_valid(dcat.build(replace(publisher, profile=version), shown), rules)

    check()


@pytest.mark.skipif(not SHAPES.is_dir(), reason="../shared/shapes is absent: the official shapes cannot be run")
def test_every_high_value_dataset_is_valid_under_the_official_shapes() -> None:
    rules = official("dcat-ap-hvd-3.0.0", "shacl__hvd-SHACL.ttl")
    assert len(rules) > 100

    @settings(max_examples=15, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
    @given(catalogues())
    def check(made: tuple[PublisherDescription, tuple[Entry, ...]]) -> None:
        publisher, shown = made
        high = tuple(replace(entry, description=replace(entry.description, hvd_category=(GEO,))) for entry in shown if entry.releases)
        assume(high)
        assert_valid(dcat.build(publisher, high), rules)

    check()


def official(folder: str, pattern: str) -> Graph:
    """Read official shapes; DCAT-AP 3.0.1 names two property shapes that it does not describe, at which pySHACL would stop."""
    rules = Graph()
    for file in sorted((SHAPES / folder).glob(pattern)):
        rules.parse(file)
    for node, _, missing in [*rules.triples((None, SH.property, None))]:
        if rules.value(missing, SH.path) is None:
            rules.remove((node, SH.property, missing))
    return rules


def assert_valid(graph: Graph, rules: Graph) -> None:
    _, report, text = pyshacl.validate(graph, shacl_graph=rules, inference="none")
    assert isinstance(report, Graph)
    assert set(report.objects(None, SH.resultSeverity)) <= {SH.Warning}, text


@settings(max_examples=50, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
@given(catalogues())
def test_the_facts_survive_json_and_give_the_same_graph(made: tuple[PublisherDescription, tuple[Entry, ...]]) -> None:
    publisher, shown = made
    again = PublisherDescription.from_json(publisher.as_json()), tuple(Entry.from_json(entry.as_json()) for entry in shown)
    assert again == made
    assert set(dcat.build(*again)) == set(dcat.build(publisher, shown))
