"""RDF/XML (W3C Recommendation, 2014), plain: one `rdf:Description` a subject."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from rdflib import Literal, URIRef

from catalogue.namespaces import PREFIXES
from catalogue.syntax.names import split

if TYPE_CHECKING:
    from catalogue.syntax.names import Described

MEDIA_TYPE = "application/rdf+xml"
SEPARATOR = ""
TAIL = "</rdf:RDF>\n"

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def head() -> str:
    """Give the opening tag with the namespaces."""
    names = "\n".join(f'    xmlns:{prefix}="{namespace}"' for prefix, namespace in PREFIXES.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF\n{names}>\n'


def resource(described: Described) -> str:
    """Write one subject; ValueError for a predicate outside our vocabularies or a control character that XML cannot hold."""
    subject, facts = described
    lines = [_property(predicate, value) for predicate, values in facts for value in values]
    return f"  <rdf:Description rdf:about={quoteattr(subject)}>\n" + "".join(lines) + "  </rdf:Description>\n"


def _property(predicate: URIRef, value: URIRef | Literal) -> str:
    """Write one property with one value."""
    name = split(predicate)
    if name is None:
        raise ValueError(f"a property outside the vocabularies of the catalogue: {predicate}")
    tag = ":".join(name)
    if isinstance(value, URIRef):
        return f"    <{tag} rdf:resource={quoteattr(value)}/>\n"
    kind = f' xml:lang="{value.language}"' if value.language else f" rdf:datatype={quoteattr(value.datatype)}" if value.datatype else ""
    return f"    <{tag}{kind}>{_text(str(value))}</{tag}>\n"


def _text(text: str) -> str:
    """Write a text; a parser would turn a bare carriage return into a line feed."""
    if _NOT_IN_XML.search(text):
        raise ValueError("a text holds a control character, which XML cannot hold")
    return escape(text, {"\r": "&#13;"})
