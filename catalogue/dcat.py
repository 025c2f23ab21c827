"""The catalogue of a municipality as a graph, by DCAT-AP-NL 3.0 (valid under 3.0.0 and 3.0.1).

Every resource has an IRI, there are no blank nodes, and every date comes out of the facts: the same facts give the same graph.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from rdflib import Graph, URIRef

from catalogue import iris
from catalogue.namespaces import DCAT, PREFIXES
from catalogue.resources.agents import agent, contact
from catalogue.resources.catalog import catalog, record
from catalogue.resources.coverage import area
from catalogue.resources.dataset import dataset
from catalogue.resources.paging import paging
from catalogue.resources.series import series

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from catalogue.model import Entry, PublisherDescription
    from catalogue.triples import Triple

_MEMBERS = frozenset({DCAT.dataset, DCAT.record, DCAT.service})


Catalogue: TypeAlias = Graph
"""A catalogue as a graph, for those who hand it on without looking in it."""


def build(publisher: PublisherDescription, entries: Sequence[Entry]) -> Graph:
    """Give the whole catalogue; an entry without a release or a tombstone has nothing public and is left out."""
    graph = empty()
    for triple in set(triples(publisher, entries)):  # a set is cheaper than adding what shared terms repeat
        graph.add(triple)
    return graph


def empty() -> Graph:
    """Give a graph with our prefixes and no others."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph


def triples(publisher: PublisherDescription, entries: Sequence[Entry]) -> Iterator[Triple]:
    """Give the triples of the catalogue; what two resources share comes more than once."""
    public = shown(entries)
    yield from heading(publisher, public)
    for entry in public:
        issued, modified = dates(entry)
        yield from record(publisher, entry, issued=issued, modified=modified)
        yield from dataset(publisher, entry, modified=modified)


def shown(entries: Iterable[Entry]) -> list[Entry]:
    """Give the entries with something public, in the order of their ids."""
    return sorted((entry for entry in entries if entry.releases or entry.tombstones), key=lambda entry: entry.description.id)


def frame(publisher: PublisherDescription) -> Iterator[Triple]:
    """Give what every dataset points at: the publisher, its contact point and its area."""
    yield from agent(publisher)
    yield from contact(publisher)
    yield from area(publisher)


def heading(publisher: PublisherDescription, public: Sequence[Entry]) -> Iterator[Triple]:
    """Give what no dataset has for itself: the publisher, its contact point and area, and the catalogue with its members."""
    yield from frame(publisher)
    issued, modified = _span(public)
    yield from catalog(publisher, [entry.description.id for entry in public], issued=issued, modified=modified)
    catalogue = URIRef(iris.catalogue(publisher.base_uri))
    for entry in public:
        told = entry.description
        for service in told.services if entry.current else ():
            yield catalogue, DCAT.service, URIRef(iris.service(publisher.base_uri, told.id, service.id))
    for name in sorted(publisher.series):
        members = [entry for entry in public if entry.description.series == name]
        if members:
            issued, modified = _span(members)
            yield catalogue, DCAT.resource, URIRef(iris.series(publisher.base_uri, name))
            yield from series(publisher, name, members, issued=issued, modified=modified)


def _span(entries: Sequence[Entry]) -> tuple[str | None, str | None]:
    """Give when the first of these came out, and when anything about them last changed."""
    moments = [dates(entry) for entry in entries]
    issued = min((issued for issued, _ in moments if issued), key=instant, default=None)
    return issued, max((modified for _, modified in moments), key=instant, default=None)


def page(
    publisher: PublisherDescription, heading: Iterable[Triple], identifiers: Sequence[str], number: int, *, total: int, size: int
) -> Iterator[Triple]:
    """Give the heading of one page of the catalogue, for a harvester that reads it page by page: its members only, and where to go on."""
    base, here = publisher.base_uri, {*identifiers}
    for triple in heading:
        of = iris.owner(base, str(triple[2])) if triple[1] in _MEMBERS else None
        if of is None or of in here:
            yield triple
    yield from paging(publisher, number, total=total, size=size)


def dates(entry: Entry) -> tuple[str | None, str]:
    """Give when a dataset first came out, where that is known, and when anything about it last changed."""
    issued = entry.releases[-1].issued if entry.releases else None
    events = [release.issued for release in entry.releases]
    events += [tombstone.date for tombstone in entry.tombstones]
    events += [entry.described] if entry.described else []
    return issued, max(events, key=instant)


def instant(text: str) -> float:
    """Give a moment as seconds, so that instants with different offsets compare; a day starts at midnight UTC."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else datetime.fromisoformat(f"{moment.isoformat()}+00:00")).timestamp()
