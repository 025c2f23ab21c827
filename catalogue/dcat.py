"""The catalogue of a municipality as a graph, by DCAT-AP-NL 3.0 (valid under 3.0.0 and 3.0.1).

Every resource has an IRI, there are no blank nodes, and every date comes out of the facts: the same facts give the same graph.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from rdflib import Graph

from catalogue.namespaces import PREFIXES
from catalogue.resources.agents import agent, contact
from catalogue.resources.catalog import catalog, record
from catalogue.resources.coverage import area
from catalogue.resources.dataset import dataset

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from catalogue.model import Entry, PublisherDescription
    from catalogue.triples import Triple


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
    shown = sorted((entry for entry in entries if entry.releases or entry.tombstones), key=lambda entry: entry.description.id)
    yield from agent(publisher)
    yield from contact(publisher)
    yield from area(publisher)
    moments = [_dates(entry) for entry in shown]
    yield from catalog(
        publisher,
        [entry.description.id for entry in shown],
        issued=_first(issued for issued, _ in moments if issued),
        modified=_last(modified for _, modified in moments),
    )
    for entry, (issued, modified) in zip(shown, moments, strict=True):
        yield from record(publisher, entry, issued=issued, modified=modified)
        yield from dataset(publisher, entry, modified=modified)


def _dates(entry: Entry) -> tuple[str | None, str]:
    """Give when a dataset first came out, where that is known, and when anything about it last changed."""
    issued = entry.releases[-1].issued if entry.releases else None
    events = [release.issued for release in entry.releases]
    events += [tombstone.date for tombstone in entry.tombstones]
    events += [entry.described] if entry.described else []
    return issued, max(events, key=_instant)


def _first(moments: Iterable[str]) -> str | None:
    """Give the earliest moment."""
    return min(moments, key=_instant, default=None)


def _last(moments: Iterable[str]) -> str | None:
    """Give the latest moment."""
    return max(moments, key=_instant, default=None)


def _instant(text: str) -> float:
    """Give a moment as seconds, so that instants with different offsets compare; a day starts at midnight UTC."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else datetime.fromisoformat(f"{moment.isoformat()}+00:00")).timestamp()
