"""Writing a catalogue as files: the same graph gives the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalogue.syntax import jsonld, rdfxml, turtle
from catalogue.syntax.names import grouped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from rdflib.term import Node

    from catalogue.syntax.names import Described

    Syntax = Callable[[Iterable[Described]], Iterator[str]]

SYNTAXES: dict[str, Syntax] = {"ttl": turtle.write, "rdf": rdfxml.write, "jsonld": jsonld.write}
"""File suffix → writer."""

MEDIA_TYPES = {"ttl": "text/turtle", "rdf": "application/rdf+xml", "jsonld": "application/ld+json"}


def text(triples: Iterable[tuple[Node, Node, Node]], syntax: str) -> str:
    """Give a graph in a syntax (``ttl``, ``rdf``, ``jsonld``); ValueError for a blank node or what the syntax cannot hold."""
    return "".join(SYNTAXES[syntax](grouped(triples)))


def write(graph: Iterable[tuple[Node, Node, Node]], folder: Path, *, stem: str = "catalogue") -> tuple[Path, ...]:
    """Write a graph in every syntax into `folder`, UTF-8, and give the paths; the caller makes the folder and fsyncs."""
    resources = list(grouped(graph))
    written = []
    for syntax, lines in SYNTAXES.items():
        path = folder / f"{stem}.{syntax}"
        path.write_text("".join(lines(resources)), encoding="utf-8", newline="\n")
        written.append(path)
    return tuple(written)
