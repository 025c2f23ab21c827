"""Engines that run SHACL. pySHACL is the reference; `shacl` (Rust, an extra) gives the same and takes a hundredth of the time."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from rdflib import RDF, RDFS, Graph, Namespace, URIRef

from config.errors import ConfigurationError, Message

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from rdflib.term import Node

SH = Namespace("http://www.w3.org/ns/shacl#")
FOLDER = Path(__file__).parent / "shapes"
Version = Literal["3.0.0", "3.0.1"]
Engine = Literal["pyshacl", "shacl"]

NOT_INSTALLED = Message(
    "catalogue.file-engine",
    nl="de snelle toetser is niet geïnstalleerd; typ: pip install 'vrijgave[shacl]', of laat --engine weg",
    en="the fast engine is not installed; type: pip install 'vrijgave[shacl]', or leave --engine out",
)


Run: TypeAlias = "Callable[[Graph, Version, Collection[Node] | None], set[Result]]"
"""Runs the shapes of a version over a graph and gives what they find on some of its resources, or on all."""

_WEB = re.compile(r"https?://")


class Result(NamedTuple):
    """One thing that a shape found: about which resource, by which property shape, and the kind of constraint, as ``MinCount``."""

    focus: Node
    shape: str
    component: str


@cache
def shapes(version: Version) -> Graph:
    """Give our shapes for a version of the profile; 3.0.0 is 3.0.1 and tighter in places."""
    graph = Graph(bind_namespaces="none")
    for path in sorted(FOLDER.glob("*.ttl")):
        if not path.name.startswith("profile-") or path.name == f"profile-{version}.ttl":
            graph.parse(path, format="turtle")
    return graph


def by_pyshacl(graph: Graph, version: Version, own: Collection[Node] | None) -> set[Result]:
    """Run pySHACL, the reference; it can be told where to look only by IRIs."""
    import pyshacl

    where = _focus(graph, own) if own is not None else None
    if where == []:
        return set()
    _, found, _ = pyshacl.validate(graph, shacl_graph=shapes(version), inference="none", focus_nodes=where)
    if not isinstance(found, Graph):
        raise TypeError("the SHACL engine gave no report")
    results = set()
    for node in found.subjects(RDF.type, SH.ValidationResult):
        focus = found.value(node, SH.focusNode)
        if focus is not None:
            results.add(
                Result(focus, str(found.value(node, SH.sourceShape)), _component(str(found.value(node, SH.sourceConstraintComponent))))
            )
    return results


def _focus(graph: Graph, own: Collection[Node]) -> list[str | URIRef] | None:
    """Give the resources to look at as pySHACL takes them, web addresses; None where one with a class has none."""
    with_class = [node for node in own if any(kind != RDFS.Resource for kind in graph.objects(node, RDF.type))]
    web: list[str | URIRef] = [node for node in with_class if isinstance(node, URIRef) and _WEB.match(node)]
    return web if len(web) == len(with_class) else None


def by_shacl(graph: Graph, version: Version, own: Collection[Node] | None) -> set[Result]:
    """Run `shacl`, an engine in Rust.

    Raises:
        ConfigurationError: it is not installed.
    """
    try:
        import shacl
    except ImportError:
        raise ConfigurationError(NOT_INSTALLED.at()) from None
    compiled = _compiled(version, shacl)
    nodes = {node.n3(): node for node in graph.subjects()}
    report = compiled.validate_text(graph.serialize(format="nt"), "ntriples")
    results = (
        Result(nodes[each.focus_node], str(each.source_shape).strip("<>"), _component(each.component_iri)) for each in report.results
    )
    return {result for result in results if own is None or result.focus in own}


@cache
def _compiled(version: Version, library: Any) -> Any:
    return library.Shapes.from_text(shapes(version).serialize(format="nt"), "ntriples")


def _component(iri: str) -> str:
    return iri.rpartition("#")[2].removesuffix("ConstraintComponent")


ENGINES: Final[Mapping[Engine, Run]] = {"pyshacl": by_pyshacl, "shacl": by_shacl}
