"""JSON-LD 1.1 (W3C Recommendation, 2020), flat: one object a subject in `@graph`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rdflib import RDF, Literal, URIRef

from catalogue.namespaces import PREFIXES
from catalogue.syntax.names import split

if TYPE_CHECKING:
    from catalogue.syntax.names import Described

MEDIA_TYPE = "application/ld+json"
SEPARATOR = ",\n"
TAIL = "\n]}\n"


def head() -> str:
    """Give the context, and the start of the graph."""
    return f'{{"@context": {json.dumps(PREFIXES)},\n"@graph": [\n'


def resource(described: Described) -> str:
    """Write one subject as an object on a line."""
    return json.dumps(_object(described), ensure_ascii=False)


def _object(described: Described) -> dict[str, object]:
    """Give one subject as a JSON object."""
    subject, facts = described
    made: dict[str, object] = {"@id": str(subject)}
    for predicate, values in facts:
        if predicate == RDF.type and all(isinstance(value, URIRef) for value in values):
            made["@type"] = [_name(value) for value in values if isinstance(value, URIRef)]
        else:
            made[_name(predicate)] = [_value(value) for value in values]
    return made


def _name(iri: URIRef) -> str:
    """Give an IRI, short where a prefix fits."""
    name = split(iri)
    return ":".join(name) if name else str(iri)


def _value(value: URIRef | Literal) -> dict[str, str]:
    """Give an object as a JSON-LD value; every literal is a string, so that no reader rounds or reformats it."""
    if isinstance(value, URIRef):
        return {"@id": str(value)}
    if value.language:
        return {"@value": str(value), "@language": value.language}
    return {"@value": str(value), "@type": _name(value.datatype)} if value.datatype else {"@value": str(value)}
