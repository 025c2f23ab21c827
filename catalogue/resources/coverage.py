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
    from collections.abc import Iterator

    from catalogue.model import DatasetDescription, PublisherDescription, ReleaseFacts
    from catalogue.triples import Triple

STEP = Decimal("0.000001")
"""A millionth of a degree, some ten centimetres."""


def area(publisher: PublisherDescription) -> Iterator[Triple]:
    """Describe the municipality as an area."""
    node = URIRef(iris.area(publisher.base_uri))
    yield from about(node, (DCTERMS.Location,), (SKOS.prefLabel, texts(publisher.municipality)))


def spatial(subject: URIRef, publisher: PublisherDescription, told: DatasetDescription, release: ReleaseFacts | None) -> Iterator[Triple]:
    """Say which area a dataset covers: the place that was declared, and the box around its geometry where it has any."""
    place = URIRef(iris.area(publisher.base_uri)) if told.spatial == MUNICIPALITY else authority.place(told.spatial)
    yield from about(subject, (), (DCTERMS.spatial, place))
    if release and release.bbox:
        box = URIRef(iris.location(publisher.base_uri, told.id, release.version))
        yield subject, DCTERMS.spatial, box
        yield from about(box, (DCTERMS.Location,), (DCAT.bbox, typed(polygon(release.bbox), GEO.wktLiteral)))


def polygon(bbox: tuple[float, float, float, float]) -> str:
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
