"""What the three syntaxes share: triples grouped by subject in a fixed order, and names with a prefix."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from rdflib import RDF, Literal, URIRef

from catalogue.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Node

_SAFE_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')

Described = tuple[URIRef, list[tuple[URIRef, list[URIRef | Literal]]]]
"""A subject with its predicates in order, and each predicate's objects in order."""


def grouped(triples: Iterable[tuple[Node, Node, Node]]) -> Iterator[Described]:
    """Group triples by subject and predicate, all sorted; ValueError for a blank node or an IRI that no syntax can hold."""
    subjects: dict[URIRef, dict[URIRef, set[URIRef | Literal]]] = defaultdict(lambda: defaultdict(set))
    for subject, predicate, value in triples:
        subjects[checked(subject)][checked(predicate)].add(value if isinstance(value, Literal) else checked(value))
    for node in sorted(subjects):
        predicates = subjects[node]
        yield node, [(predicate, sorted(predicates[predicate], key=_order)) for predicate in sorted(predicates, key=_predicate_order)]


def checked(node: Node) -> URIRef:
    """Give an IRI as it is, and refuse everything else."""
    if not isinstance(node, URIRef):
        raise ValueError("a blank node or a literal stands where an IRI must stand")  # noqa: TRY004 - the graph is wrong, not a type of ours
    if _NOT_IN_IRI.search(node):
        raise ValueError(f"an IRI holds a space or a character that is not allowed: {node[:120]!r}")
    return node


@lru_cache(maxsize=4096)
def split(iri: URIRef) -> tuple[str, str] | None:
    """Give prefix and local name of an IRI in one of our vocabularies, None for another or one whose local name needs escapes."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and _SAFE_LOCAL.fullmatch(local := iri[len(namespace) :]):
            return prefix, local
    return None


def _predicate_order(predicate: URIRef) -> tuple[bool, str]:
    """Sort the class of a thing before what is said of it."""
    return predicate != RDF.type, str(predicate)


def _order(value: URIRef | Literal) -> tuple[bool, str, str, str]:
    """Sort IRIs before literals; Dutch literals before the others, for Dutch is what most readers look for."""
    if isinstance(value, URIRef):
        return False, "", str(value), ""
    return True, f"{value.language != 'nl'}{value.language or ''}", str(value), str(value.datatype or "")
