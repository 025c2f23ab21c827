"""Turtle (W3C Recommendation, 2014), one block a subject."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdflib import RDF, Literal, URIRef

from catalogue.namespaces import PREFIXES
from catalogue.syntax.names import checked, split

if TYPE_CHECKING:
    from catalogue.syntax.names import Described

MEDIA_TYPE = "text/turtle"
SEPARATOR = TAIL = ""

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_ESCAPED = re.compile(r'[\\"\x00-\x1f\x7f]')


def head() -> str:
    """Give the prefixes, with which every file begins."""
    return "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())


def resource(described: Described) -> str:
    """Write one subject as a block."""
    subject, facts = described
    lines = [f"    {_predicate(predicate)} {', '.join(_object(value) for value in values)}" for predicate, values in facts]
    return f"\n{_iri(subject)}\n" + " ;\n".join(lines) + " .\n"


def _predicate(predicate: URIRef) -> str:
    """Write a predicate; a class is given with ``a``."""
    return "a" if predicate == RDF.type else _iri(predicate)


def _iri(iri: URIRef) -> str:
    """Write an IRI, short where a prefix fits."""
    name = split(iri)
    return f"{name[0]}:{name[1]}" if name else f"<{iri}>"


def _object(value: URIRef | Literal) -> str:
    """Write an object: an IRI, or a quoted text with its language or type."""
    if isinstance(value, URIRef):
        return _iri(value)
    if value.language:
        return f"{quoted(value)}@{value.language}"
    return f"{quoted(value)}^^{_iri(checked(value.datatype))}" if value.datatype else quoted(value)


def quoted(value: Literal) -> str:
    """Write the text of a literal between quotes."""
    return '"' + _ESCAPED.sub(lambda match: _escape(match[0]), str(value)) + '"'


def _escape(character: str) -> str:
    """Write a character that may not stand in a quoted text."""
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"
