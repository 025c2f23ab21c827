"""The small language in which resources are described: triples, literals in both languages, dates at the precision that is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from rdflib import RDF, SKOS, XSD, Literal, URIRef

if TYPE_CHECKING:
    from config.models.base import Text

Triple: TypeAlias = tuple[URIRef, URIRef, URIRef | Literal]


@dataclass(frozen=True, slots=True)
class Term:
    """A value out of somebody's list. It is typed and labelled wherever it is used, for shapes look in the data graph only.

    Attributes:
        kinds: its classes; label: what people read; label_by: the property that carries the label; scheme: the list it is in, a term too;
            same: the page or term that means exactly the same elsewhere.
    """

    uri: URIRef
    kinds: tuple[URIRef, ...]
    label: Text | str | None = None
    label_by: URIRef = SKOS.prefLabel
    scheme: Term | None = None
    same: URIRef | None = None

    def triples(self) -> tuple[Triple, ...]:
        """Say what the term is."""
        return _said_of(self)


@lru_cache(maxsize=4096)
def _said_of(term: Term) -> tuple[Triple, ...]:
    """Say what a term is; every dataset uses the same few."""
    labels = [Literal(term.label)] if isinstance(term.label, str) else texts(term.label)
    return tuple(about(term.uri, term.kinds, (term.label_by, labels), (SKOS.inScheme, term.scheme), (SKOS.exactMatch, term.same)))


Value: TypeAlias = URIRef | Literal | Term
Values: TypeAlias = Value | Iterable[Value] | None


def about(subject: URIRef, kinds: Iterable[URIRef], *facts: tuple[URIRef, Values]) -> Iterator[Triple]:
    """Say what a resource is: its classes, then its properties; None is left out, a term brings its own description along."""
    for kind in kinds:
        yield subject, RDF.type, kind
    for predicate, values in facts:
        for value in _each(values):
            if isinstance(value, Term):
                yield subject, predicate, value.uri
                yield from value.triples()
            else:
                yield subject, predicate, value


def _each(values: Values) -> Iterable[Value]:
    """Give no, one or many values as many."""
    if values is None:
        return ()
    # A literal and an IRI are texts and so iterable: they are told apart before any other iterable.
    return (values,) if isinstance(values, (URIRef, Literal, Term)) else values


def texts(text: Text | None) -> list[Literal]:
    """Give the Dutch literal, and the English one where there is one."""
    if text is None:
        return []
    return [Literal(text.nl, lang="nl"), *([Literal(text.en, lang="en")] if text.en else [])]


def typed(lexical: str, datatype: URIRef) -> Literal:
    """Give a literal exactly as written; rdflib would rewrite some (``+01:00`` dates, hexadecimal digits)."""
    return Literal(lexical, datatype=datatype, normalize=False)


_FORMS = (
    (re.compile(r"-?\d{4,}"), XSD.gYear),
    (re.compile(r"-?\d{4,}-(0[1-9]|1[0-2])"), XSD.gYearMonth),
    (re.compile(r"-?\d{4,}-\d\d-\d\d"), XSD.date),
    (re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"), XSD.dateTime),
)


def moment(text: str) -> Literal:
    """Give a year, month, day or instant (ISO 8601) as a literal of the XSD type that its form has; ValueError for another form."""
    for form, datatype in _FORMS:
        if form.fullmatch(text):
            return typed(text, datatype)
    raise ValueError(f"not a year, month, day or instant: {len(text)} characters")
