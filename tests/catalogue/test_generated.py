"""Whatever a municipality may declare, the catalogue is valid, is written byte for byte alike, and its facts survive JSON."""

from __future__ import annotations

import string
from datetime import date
from pathlib import Path

import pyshacl
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic

from catalogue import dcat, serialise
from catalogue.authority import HVD_CATEGORIES
from catalogue.findings import violations
from catalogue.model import ContactFacts, DatasetDescription, DistributionFacts, Entry, PublisherDescription, ReleaseFacts, Tombstone
from catalogue.validate import validate
from config import lists
from config.models.base import Keywords, Text

SHAPES = Path(__file__).parents[2].parent / "shared" / "shapes"
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
    )


@st.composite
def entries(draw: st.DrawFn, identifier: str) -> Entry:
    told = DatasetDescription(
        id=identifier,
        title=draw(texts),
        description=draw(texts),
        owner="beheer",
        theme=tuple(draw(st.lists(st.sampled_from(sorted(lists.themes())), min_size=1, max_size=3, unique=True))),
        licence=draw(st.sampled_from(sorted(lists.licences()))),
        keywords=Keywords(nl=tuple(draw(st.lists(filled, max_size=3))), en=tuple(draw(st.lists(filled, max_size=2)))),
        frequency=draw(st.none() | st.sampled_from(sorted(lists.frequencies()))),
        spatial=draw(st.sampled_from(("municipality", "http://publications.europa.eu/resource/authority/place/NLD_AMS"))),
        language=tuple(draw(st.lists(st.sampled_from(sorted(lists.languages())), min_size=1, max_size=2, unique=True))),
        access_rights=draw(st.sampled_from(sorted(lists.access_rights()))),
        hvd_category=tuple(draw(st.lists(st.sampled_from(sorted(HVD_CATEGORIES)), max_size=2, unique=True))),
        landing_page=draw(st.none() | st.just("https://www.voorbeeldgemeente.example/pagina?a=1&b='2'")),
        personal=draw(st.booleans()),
        grounds=tuple(sorted(draw(st.sets(st.sampled_from(sorted(lists.woo_grounds())), max_size=2)))),
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
    )
    names = draw(st.lists(ids, min_size=1, max_size=2, unique=True))
    return publisher, tuple(draw(entries(name)) for name in names)


def as_parsed(graph: Graph) -> Graph:
    """Give the graph as rdflib would parse it: it rewrites some literals (``Z`` becomes ``+00:00``)."""
    parsed = Graph()
    for subject, prop, value in graph:
        parsed.add((subject, prop, Literal(str(value), value.language, value.datatype) if isinstance(value, Literal) else value))
    return parsed


@settings(max_examples=25, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
@given(catalogues())
def test_every_catalogue_is_valid_and_survives_writing(made: tuple[PublisherDescription, tuple[Entry, ...]]) -> None:
    publisher, shown = made
    graph = dcat.build(publisher, shown)
    for version in ("3.0.0", "3.0.1"):
        assert [finding.text() for finding in violations(validate(graph, version=version))] == []  # type: ignore[arg-type]
    for syntax, parser in PARSERS.items():
        written = serialise.text(graph, syntax)
        assert isomorphic(Graph().parse(data=written, format=parser), as_parsed(graph))
        assert serialise.text(sorted(graph, reverse=True), syntax) == written


@pytest.mark.skipif(not SHAPES.is_dir(), reason="../shared/shapes is absent: the official shapes cannot be run")
@pytest.mark.parametrize("version", ["3.0.0", "3.0.1"])
def test_every_catalogue_is_valid_under_the_official_shapes(version: str) -> None:
    rules = Graph()
    for file in sorted((SHAPES / f"dcat-ap-nl-{version}").glob("dcat-ap*SHACL*.ttl")):
        rules.parse(file)
    assert len(rules) > 1000

    @settings(max_examples=15, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
    @given(catalogues())
    def check(made: tuple[PublisherDescription, tuple[Entry, ...]]) -> None:
        publisher, shown = made
        shown = tuple(entry for entry in shown if entry.releases or entry.tombstones)
        assume(shown)  # the shapes ask of a catalogue that it has a dataset
        _, report, text = pyshacl.validate(dcat.build(publisher, shown), shacl_graph=rules, inference="none")
        severities = {str(value).rsplit("#", 1)[1] for value in report.objects(None, URIRef("http://www.w3.org/ns/shacl#resultSeverity"))}
        assert severities <= {"Warning"}, text

    check()


@settings(max_examples=50, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
@given(catalogues())
def test_the_facts_survive_json_and_give_the_same_graph(made: tuple[PublisherDescription, tuple[Entry, ...]]) -> None:
    publisher, shown = made
    again = PublisherDescription.from_json(publisher.as_json()), tuple(Entry.from_json(entry.as_json()) for entry in shown)
    assert again == made
    assert set(dcat.build(*again)) == set(dcat.build(publisher, shown))
