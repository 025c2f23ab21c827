"""Writing a catalogue as files: the same graph gives the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from catalogue.syntax import jsonld, ntriples, rdfxml, turtle
from catalogue.syntax.names import grouped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from rdflib.term import Node

    from catalogue.syntax.names import Described


class Syntax(Protocol):
    """A syntax: a file is its head, its resources with the separator between them, and its tail."""

    MEDIA_TYPE: str
    SEPARATOR: str
    TAIL: str

    def head(self) -> str:
        """Give what a file begins with."""
        ...

    def resource(self, described: Described) -> str:
        """Write one subject with all that is said of it; ValueError for what the syntax cannot hold."""
        ...


SYNTAXES: dict[str, Syntax] = {"ttl": turtle, "rdf": rdfxml, "jsonld": jsonld, "nt": ntriples}
"""File suffix → syntax."""

MEDIA_TYPES = {suffix: syntax.MEDIA_TYPE for suffix, syntax in SYNTAXES.items()}


def text(triples: Iterable[tuple[Node, Node, Node]], syntax: str) -> str:
    """Give a graph in a syntax (``ttl``, ``rdf``, ``jsonld``, ``nt``); ValueError for a blank node or what the syntax cannot hold."""
    return "".join(pieces(SYNTAXES[syntax], (SYNTAXES[syntax].resource(described) for described in grouped(triples))))


def pieces(syntax: Syntax, resources: Iterable[str]) -> Iterator[str]:
    """Give a file piece by piece: its head, its written resources with what stands between them, its tail."""
    yield syntax.head()
    for number, resource in enumerate(resources):
        yield syntax.SEPARATOR + resource if number else resource
    yield syntax.TAIL


def write(graph: Iterable[tuple[Node, Node, Node]], folder: Path, *, stem: str = "catalogue") -> tuple[Path, ...]:
    """Write a graph in every syntax into `folder`, UTF-8, and give the paths; the caller makes the folder and fsyncs."""
    resources = list(grouped(graph))
    written = []
    for suffix, syntax in SYNTAXES.items():
        path = folder / f"{stem}.{suffix}"
        path.write_text("".join(pieces(syntax, map(syntax.resource, resources))), encoding="utf-8", newline="\n")
        written.append(path)
    return tuple(written)
