"""Dates and periods."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from rdflib import DCTERMS, XSD, Literal

from catalogue.namespaces import DCAT, short
from catalogue.rules.check import Check
from catalogue.rules.view import rule, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node, URIRef

    from catalogue.findings import CatalogueFinding
    from catalogue.rules.view import View

_DATES = (DCTERMS.issued, DCTERMS.modified, DCAT.startDate, DCAT.endDate)

DATE_TYPE = Check(
    "date-type",
    nl="«{value}» is geen datum: schrijf een jaar, maand, dag of tijdstip, als xsd:gYear, xsd:gYearMonth, xsd:date of xsd:dateTime.",
    en="«{value}» is no date: write a year, month, day or instant, as xsd:gYear, xsd:gYearMonth, xsd:date or xsd:dateTime.",
    props="dct:issued dct:modified dcat:startDate dcat:endDate",
    source="DCAT-AP-NL 3.0: datums volgens ISO 8601",
)
DATE_FORM = Check(
    "date-form",
    nl="«{value}» bestaat niet als {type}: schrijf bijvoorbeeld {example}.",
    en="«{value}» does not exist as {type}: write for example {example}.",
    props="dct:issued dct:modified dcat:startDate dcat:endDate",
    source="DCAT-AP-NL 3.0: datums volgens ISO 8601",
)
PERIOD_ORDER = Check(
    "period-order",
    nl="de periode eindt ({end}) voordat zij begint ({start}).",
    en="the period ends ({end}) before it starts ({start}).",
    props="dcat:endDate",
    source="DCAT 3, dct:PeriodOfTime",
)
DATE_ORDER = Check(
    "date-order",
    nl="gewijzigd ({modified}) ligt voor uitgegeven ({issued}).",
    en="modified ({modified}) lies before issued ({issued}).",
    severity="warning",
    props="dct:modified",
    source="DCAT 3, dct:issued en dct:modified",
)
OPEN_PERIOD = Check(
    "period-empty",
    nl="de periode heeft geen begin en geen einde.",
    en="the period has neither a start nor an end.",
    severity="warning",
    props="dcat:startDate",
    source="DCAT-AP-NL 3.0, dct:PeriodOfTime",
)
NO_ZONE = Check(
    "date-zone",
    nl="bij het tijdstip «{value}» staat geen tijdzone; schrijf bijvoorbeeld 2026-03-31T12:00:00+02:00.",
    en="the instant «{value}» has no time zone; write for example 2026-03-31T12:00:00+02:00.",
    severity="warning",
    props="dct:issued dct:modified dcat:startDate dcat:endDate",
    source="ISO 8601; RFC 3339",
)
DURATION = Check(
    "duration",
    nl="«{value}» is geen tijdsduur; schrijf bijvoorbeeld P1D (een dag), PT15M (een kwartier) of P1Y (een jaar), als xsd:duration.",
    en="«{value}» is no duration; write for example P1D (a day), PT15M (a quarter of an hour) or P1Y (a year), as xsd:duration.",
    props="dcat:temporalResolution",
    source="DCAT-AP-NL 3.0, dcat:temporalResolution",
)

_DURATION = re.compile(r"P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?")
_EXAMPLES = {XSD.gYear: "2026", XSD.gYearMonth: "2026-03", XSD.date: "2026-03-31", XSD.dateTime: "2026-03-31T12:00:00+02:00"}
_ZONE = r"(Z|[+-]\d\d:\d\d)?"
_ZONED = re.compile(r"(Z|[+-]\d\d:\d\d)$")
_FORMS = {
    XSD.gYear: re.compile(r"-?\d{4,}" + _ZONE),
    XSD.gYearMonth: re.compile(r"-?\d{4,}-(0[1-9]|1[0-2])" + _ZONE),
    XSD.date: re.compile(r"\d{4}-\d\d-\d\d" + _ZONE),
    XSD.dateTime: re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?" + _ZONE),
}


@rule
def date_types(view: View) -> Iterator[CatalogueFinding]:
    """A date is an XSD date, and one that exists; the official shapes let «gisteren» pass."""
    for node, prop, value in view.pairs(*_DATES):
        if not isinstance(value, Literal) or value.datatype not in _FORMS:
            yield view.finding(DATE_TYPE, node, prop, value=shown(value))
        elif not exists(value):
            kind = value.datatype
            yield view.finding(DATE_FORM, node, prop, value=shown(value), type=short(str(kind)), example=_EXAMPLES[kind])


@rule
def periods(view: View) -> Iterator[CatalogueFinding]:
    """A period starts before it ends."""
    for node in view.of(DCTERMS.PeriodOfTime):
        starts, ends = view.values(node, DCAT.startDate), view.values(node, DCAT.endDate)
        if not starts and not ends and not list(view.graph.predicates(node, None))[1:]:
            yield view.finding(OPEN_PERIOD, node, DCAT.startDate)
        for start in starts:
            for end in ends:
                if _later(start, end):
                    yield view.finding(PERIOD_ORDER, node, DCAT.endDate, start=shown(start), end=shown(end))


@rule
def order(view: View) -> Iterator[CatalogueFinding]:
    """Nothing is modified before it was issued."""
    for node in view.of(DCAT.Dataset, DCAT.Distribution, DCAT.Catalog, DCAT.CatalogRecord):
        for issued in view.values(node, DCTERMS.issued):
            for modified in view.values(node, DCTERMS.modified):
                if _later(issued, modified):
                    yield view.finding(DATE_ORDER, node, DCTERMS.modified, issued=shown(issued), modified=shown(modified))


@rule
def zones(view: View) -> Iterator[CatalogueFinding]:
    """An instant says in which zone its clock stands."""
    for node, prop, value in view.pairs(*_DATES):
        if isinstance(value, Literal) and value.datatype == XSD.dateTime and exists(value) and not _ZONED.search(str(value)):
            yield view.finding(NO_ZONE, node, prop, value=shown(value))


@rule
def durations(view: View) -> Iterator[CatalogueFinding]:
    """A resolution in time is a duration."""
    for node, prop, value in view.pairs(DCAT.temporalResolution):
        if not (isinstance(value, Literal) and value.datatype == XSD.duration and _DURATION.fullmatch(str(value))):
            yield view.finding(DURATION, node, prop, value=shown(value))


def exists(value: Literal) -> bool:
    """Whether a date literal has the form of its type and is a day of the calendar."""
    text = str(value)
    form = _FORMS.get(value.datatype) if value.datatype else None
    if form is None or not form.fullmatch(text):
        return False
    try:
        if value.datatype == XSD.date:
            date.fromisoformat(text[:10])
        elif value.datatype == XSD.dateTime:
            datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _later(one: Node, other: Node) -> bool:
    """Whether one date surely lies after another: compared at the precision that both have."""
    if not (isinstance(one, Literal) and isinstance(other, Literal) and exists(one) and exists(other)):
        return False
    if one.datatype == other.datatype == XSD.dateTime:
        first, second = datetime.fromisoformat(str(one)), datetime.fromisoformat(str(other))
        if (first.tzinfo is None) == (second.tzinfo is None):
            return first > second
    width = min(_width(one.datatype), _width(other.datatype))
    return str(one)[:width] > str(other)[:width]


def _width(kind: URIRef | None) -> int:
    """Give how many characters of a date of this type count; an instant counts as its day."""
    return {XSD.gYear: 4, XSD.gYearMonth: 7}.get(kind, 10) if kind else 0
