"""A catalogue in parts: each dataset with all that hangs on it, and the rest; what is said of a part can be told from the part alone.

A shape looks at a resource, at the values of its properties and at the classes of those, and most rules look no further. So a part holds
every triple of its own resources, and of what it points at beyond (another dataset, a series, a catalogue) the classes. Resources that
several datasets share are in the part of each.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import FOAF, RDF, BNode, Graph, Literal

from catalogue.families import BEYOND, roots
from catalogue.namespaces import DCAT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from rdflib.term import Node

_TOWARDS = (FOAF.primaryTopic, DCAT.servesDataset)
"""Links by which a record and a service say which dataset they belong to."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part.

    Attributes:
        root: the dataset that it is the part of, None for the rest of the catalogue.
        own: the resources of which it holds everything.
        graph: their triples, and the classes of what they point at.
    """

    root: Node | None
    own: frozenset[Node]
    graph: Graph

    def digest(self) -> str | None:
        """Give the SHA-256 of the triples, whatever their order; None with blank nodes, whose names differ from reading to reading."""
        lines = []
        for triple in self.graph:
            if any(isinstance(term, BNode) for term in triple):
                return None
            lines.append(repr([_told(term) for term in triple]))
        return hashlib.sha256("\n".join(sorted(lines)).encode("utf-8", "surrogatepass")).hexdigest()


def _told(term: Node) -> list[str]:
    """Give a term as texts: an IRI as one, a literal as three."""
    return [str(term), term.language or "", str(term.datatype or "")] if isinstance(term, Literal) else [str(term)]


def parts(graph: Graph, *, without: Collection[Node] = ()) -> Iterator[Part]:
    """Split a catalogue: its datasets in the order of their IRIs, then the rest; `without` leaves resources of the rest out."""
    families: dict[Node, list[Node]] = {}
    for dataset, root in roots(graph).items():
        families.setdefault(root, []).append(dataset)
    beyond = {node for kind in BEYOND for node in graph.subjects(RDF.type, kind)}
    left = set(graph.subjects()).difference(without)
    for root, members in families.items():
        towards = [node for member in members for link in _TOWARDS for node in graph.subjects(link, member)]
        part = _part(graph, root, [*members, *towards], beyond)
        left -= part.own
        yield part
    if left:
        yield _part(graph, None, left, beyond)


def _part(graph: Graph, root: Node | None, start: Iterable[Node], beyond: Collection[Node]) -> Part:
    """Gather what the resources at the start point at, up to what is beyond."""
    waiting = list(start)
    own, held = set(waiting), Graph(store="SimpleMemory", bind_namespaces="none")
    while waiting:
        node = waiting.pop()
        for triple in graph.triples((node, None, None)):
            held.add(triple)
            value = triple[2]
            if value in own:
                continue
            if value in beyond:
                for kind in graph.objects(value, RDF.type):
                    held.add((value, RDF.type, kind))
            elif (value, None, None) in graph:
                own.add(value)
                waiting.append(value)
    return Part(root, frozenset(own), held)
