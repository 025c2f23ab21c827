"""N-Triples (W3C Recommendation, 2014): a triple a line, for programs that read line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import Literal, URIRef

from catalogue.syntax.names import checked
from catalogue.syntax.turtle import quoted

if TYPE_CHECKING:
    from catalogue.syntax.names import Described

MEDIA_TYPE = "application/n-triples"
SEPARATOR = TAIL = ""


def head() -> str:
    """Give nothing: a file of triples has no beginning."""
    return ""


def resource(described: Described) -> str:
    """Write one subject, a line a triple."""
    subject, facts = described
    return "".join(f"<{subject}> <{predicate}> {_object(value)} .\n" for predicate, values in facts for value in values)


def _object(value: URIRef | Literal) -> str:
    if isinstance(value, URIRef):
        return f"<{value}>"
    if value.language:
        return f"{quoted(value)}@{value.language}"
    return f"{quoted(value)}^^<{checked(value.datatype)}>" if value.datatype else quoted(value)
