"""How a rule looks at a catalogue, and how it says what it found."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from rdflib import DCTERMS, FOAF, PROV, RDF, BNode, Literal, URIRef

from catalogue.families import BEYOND, roots
from catalogue.findings import CatalogueFinding
from catalogue.hints import hint
from catalogue.namespaces import ADMS, DCAT, DQV, SPDX, short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rdflib import Graph
    from rdflib.term import Node

    from catalogue.rules.check import Check

    Rule: TypeAlias = Callable[["View"], Iterator[CatalogueFinding]]

_OWN_DATASET = re.compile(r"/id/dataset/([a-z0-9-]+)(?:/[^/]+)?$")
_BELONGS = (
    ADMS.identifier,
    ADMS.sample,
    DCAT.distribution,
    DCAT.qualifiedRelation,
    DCTERMS.provenance,
    DCTERMS.rights,
    DCTERMS.spatial,
    DCTERMS.temporal,
    DQV.hasQualityMeasurement,
    PROV.qualifiedAttribution,
    PROV.wasGeneratedBy,
    SPDX.checksum,
)
"""Links from a dataset to what hangs on it."""

LOCAL: list[Rule] = []
"""Rules that a part of the catalogue is enough for."""
WHOLE: list[Rule] = []
"""Rules that look at the catalogue as a whole; `catalogue.outline` says of which facts."""


def rule(function: Rule) -> Rule:
    """Add a rule that sees one part of the catalogue at a time."""
    LOCAL.append(function)
    return function


def rule_of_whole(function: Rule) -> Rule:
    """Add a rule that sees the outline of the whole catalogue."""
    WHOLE.append(function)
    return function


class View:
    """A catalogue, or a part of it, as the rules see it: everything in a fixed order, and every resource traced to its dataset."""

    def __init__(self, graph: Graph, own: frozenset[Node] | None = None) -> None:
        """Look at a graph; of a part, only at the resources that are its own."""
        self.graph = graph
        self.own = own

    def has(self, node: Node) -> bool:
        """Whether a resource is looked at."""
        return self.own is None or node in self.own

    def of(self, *kinds: URIRef) -> list[Node]:
        """Give the resources of these classes, sorted."""
        return sorted({node for kind in kinds for node in self.graph.subjects(RDF.type, kind) if self.has(node)}, key=str)

    def values(self, node: Node, *props: URIRef) -> list[Node]:
        """Give the values of these properties, sorted."""
        return sorted((value for prop in props for value in self.graph.objects(node, prop)), key=_key)

    def near(self, node: Node, *props: URIRef) -> list[Node]:
        """Give the values of these properties of which everything is known, sorted: a rule may say what they lack."""
        beyond = [(RDF.type, kind) for kind in BEYOND]
        return [value for value in self.values(node, *props) if not any((value, *kind) in self.graph for kind in beyond)]

    def pairs(self, *props: URIRef) -> Iterator[tuple[Node, URIRef, Node]]:
        """Give every use of these properties, sorted."""
        for prop in props:
            for node, value in sorted(self.graph.subject_objects(prop), key=lambda pair: (str(pair[0]), _key(pair[1]))):
                yield node, prop, value

    @cached_property
    def datasets(self) -> list[Node]:
        """Every dataset and version, sorted."""
        return self.of(DCAT.Dataset)

    @cached_property
    def withdrawn(self) -> frozenset[Node]:
        """The datasets that say that they were withdrawn."""
        return frozenset(node for node in self.datasets if any(str(v).endswith("/WITHDRAWN") for v in self.values(node, ADMS.status)))

    @cached_property
    def _owners(self) -> dict[Node, Node]:
        """Resource → the dataset it hangs on: that of a version is what it is a version of, that of a service what it serves."""
        families = roots(self.graph)
        owners = {node: families[topic] for node, topic in self.graph.subject_objects(FOAF.primaryTopic) if topic in families}
        for service in set(self.graph.subjects(DCAT.servesDataset)):
            served = {families.get(node) for node in self.graph.objects(service, DCAT.servesDataset)}
            if len(served) == 1 and (root := served.pop()) is not None:
                owners[service] = root
        for dataset in reversed(self.datasets):
            waiting = [dataset]
            while waiting:
                node, root = waiting.pop(), families[dataset]
                if owners.get(node) != root and (node is dataset or node not in families):
                    owners[node] = root
                    waiting += [value for prop in _BELONGS for value in self.graph.objects(node, prop)]
        return owners

    @cached_property
    def datasets_set(self) -> frozenset[Node]:
        """Every dataset and version."""
        return frozenset(self.datasets)

    def owner(self, node: Node) -> str | None:
        """Give the dataset that a resource belongs to: the id of one of ours, the IRI of another's, None where there is none."""
        dataset = self._owners.get(node)
        if dataset is None:
            return None
        own = _OWN_DATASET.search(str(dataset))
        return own[1] if own else name(dataset)

    def finding(self, message: Check, node: Node, prop: URIRef | None = None, **fields: str | int) -> CatalogueFinding:
        """Say what a rule found; the key to mend comes out of the hints."""
        problem = message.at(**fields)
        severity = "violation" if message.severity == "error" else "warning"
        return self.made(problem.code, node, prop, (problem.nl, problem.en), severity=severity)

    def made(
        self, code: str, node: Node, prop: URIRef | None, sentence: tuple[str, str], *, severity: str, shape: str | None = None
    ) -> CatalogueFinding:
        """Make a finding out of its parts; the sentence comes in Dutch and English."""
        called = short(str(prop)) if prop is not None else None
        owner = self.owner(node)
        found = hint(called, {short(str(kind)) for kind in self.graph.objects(node, RDF.type)})
        return CatalogueFinding(
            code=code,
            severity="violation" if severity == "violation" else "warning",
            dataset=owner,
            node=name(node),
            prop=called,
            nl=sentence[0],
            en=sentence[1],
            file=None if found is None else "municipality.yaml" if found.municipality else f"datasets/{_stem(owner)}.yaml",
            key=found.key if found else None,
            mend_nl=found.nl if found else "",
            mend_en=found.en if found else "",
            shape=shape,
        )


def _stem(owner: str | None) -> str:
    """Give the id of a dataset of ours, and a placeholder for another's."""
    return owner if owner and re.fullmatch(r"[a-z0-9-]+", owner) else "<id>"


def name(node: Node) -> str:
    """Give an IRI as it is; every blank node is called the same, for its label changes with each reading."""
    return "_:blank" if isinstance(node, BNode) else str(node)


def shown(value: Node, limit: int = 80) -> str:
    """Give a value of the metadata for a sentence, cut short."""
    text = short(str(value)) if isinstance(value, URIRef) else name(value)
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def each(nodes: Iterable[Node], graph: Graph, prop: URIRef) -> Iterator[tuple[Node, Literal]]:
    """Give the literals of a property over some resources, sorted."""
    for node in nodes:
        for value in sorted(graph.objects(node, prop), key=_key):
            if isinstance(value, Literal):
                yield node, value


def _key(value: Node) -> tuple[str, str, str]:
    """Sort values whatever they are; blank nodes among themselves have no order that lasts, and need none."""
    language = value.language or "" if isinstance(value, Literal) else ""
    return type(value).__name__, name(value), language
