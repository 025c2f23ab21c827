"""What a dataset covers: dct:Location (a named area, a box in WGS84) and dct:PeriodOfTime."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from rdflib import DCTERMS, SKOS, URIRef

from catalogue import authority, iris
from catalogue.model import MUNICIPALITY
from catalogue.namespaces import DCAT, GEO
from catalogue.triples import about, moment, texts, typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from catalogue.coverage import Box
    from catalogue.model import DatasetDescription, PublisherDescription, ReleaseFacts
    from catalogue.triples import Term, Triple

STEP = Decimal("0.000001")
"""A millionth of a degree, some ten centimetres."""


def area(publisher: PublisherDescription) -> Iterator[Triple]:
    """Describe the municipality as an area: its name, its box, and what it is called in lists of places."""
    declared = publisher.area
    yield from about(
        URIRef(iris.area(publisher.base_uri)),
        (DCTERMS.Location,),
        (SKOS.prefLabel, texts(publisher.municipality)),
        (DCAT.bbox, typed(polygon(declared.bbox), GEO.wktLiteral) if declared.bbox else None),
        (SKOS.exactMatch, [URIRef(uri) for uri in declared.same_as]),
    )


def spatial(subject: URIRef, publisher: PublisherDescription, told: DatasetDescription, release: ReleaseFacts | None) -> Iterator[Triple]:
    """Say which area a dataset covers: the places that were declared, and the box around its geometry where it has any."""
    yield from about(subject, (), (DCTERMS.spatial, where(publisher, told)))
    if release and release.bbox:
        box = URIRef(iris.location(publisher.base_uri, told.id, release.version))
        yield subject, DCTERMS.spatial, box
        yield from about(box, (DCTERMS.Location,), (DCAT.bbox, typed(polygon(release.bbox), GEO.wktLiteral)))


def where(publisher: PublisherDescription, told: DatasetDescription) -> list[URIRef | Term]:
    """Give the places of a dataset; the municipality also by its addresses in lists that all of Europe knows."""
    whole = told.spatial == MUNICIPALITY
    listed = [*(publisher.area.same_as if whole else [told.spatial]), *told.places]
    own: list[URIRef | Term] = [URIRef(iris.area(publisher.base_uri))] if whole else []
    return [*own, *(authority.place(uri) for uri in dict.fromkeys(listed))]


def box_around(boxes: Sequence[Box]) -> Box:
    """Give the box around boxes."""
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def polygon(bbox: Box) -> str:
    """Give a box as WKT in WGS84, longitude first (CRS84, what a wktLiteral without a CRS means)."""
    # Outwards, so that nothing lies outside the box.
    outward = zip(bbox, (ROUND_FLOOR, ROUND_FLOOR, ROUND_CEILING, ROUND_CEILING), strict=True)
    edges = (Decimal(str(edge)).quantize(STEP, rounding) for edge, rounding in outward)
    west, south, east, north = (f"{edge:f}".rstrip("0").rstrip(".") for edge in edges)
    return f"POLYGON(({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))"


def temporal(subject: URIRef, publisher: PublisherDescription, release: ReleaseFacts) -> Iterator[Triple]:
    """Say which period a release covers: what its dates say, else the moment that its data describe."""
    start, end = release.temporal or (release.as_of, release.as_of)
    node = URIRef(iris.period(publisher.base_uri, release.dataset, release.version))
    yield subject, DCTERMS.temporal, node
    yield from about(node, (DCTERMS.PeriodOfTime,), (DCAT.startDate, moment(start)), (DCAT.endDate, moment(end)))
