"""A series that datasets belong to: dcat:DatasetSeries. It covers what its members cover, which is derived from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import DCTERMS, URIRef

from catalogue import authority, iris
from catalogue.namespaces import DCAT, DCATAP, GEO
from catalogue.resources.coverage import box_around, polygon, where
from catalogue.triples import about, moment, texts, typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from catalogue.model import Entry, PublisherDescription
    from catalogue.triples import Triple


def member(node: URIRef, publisher: PublisherDescription, name: str | None) -> Iterator[Triple]:
    """Say that a dataset is in a series, and what that is; nothing where the municipality does not have the series any more."""
    if name is not None and name in publisher.series:
        yield node, DCAT.inSeries, URIRef(iris.series(publisher.base_uri, name))
        yield from _declared(publisher, name)


def _declared(publisher: PublisherDescription, name: str) -> Iterator[Triple]:
    """Say of a series what was declared."""
    declared = publisher.series[name]
    yield from about(
        URIRef(iris.series(publisher.base_uri, name)),
        (DCAT.DatasetSeries, DCAT.Resource),
        (DCTERMS.title, texts(declared.title)),
        (DCTERMS.description, texts(declared.description)),
        (DCTERMS.publisher, URIRef(publisher.uri)),
        (DCAT.contactPoint, URIRef(iris.contact(publisher.base_uri))),
        (DCTERMS.accrualPeriodicity, authority.frequency(declared.frequency) if declared.frequency else None),
    )


def series(
    publisher: PublisherDescription, name: str, members: Sequence[Entry], *, issued: str | None, modified: str | None
) -> Iterator[Triple]:
    """Say of a series what follows from its members: which they are, what they cover, and when one of them last changed."""
    base = publisher.base_uri
    iri = iris.series(base, name)
    node = URIRef(iri)
    yield from _declared(publisher, name)
    for entry in members:
        yield from about(node, (), (DCTERMS.spatial, where(publisher, entry.description)))
    categories = {uri for entry in members for uri in entry.description.hvd_category}
    hvd = sorted(categories) if all(entry.description.hvd_category for entry in members) else []
    laws = [{*entry.description.legislation} for entry in members]
    yield from about(
        node,
        (),
        (DCAT.seriesMember, [URIRef(iris.dataset(base, entry.description.id)) for entry in members]),
        (DCTERMS.issued, moment(issued) if issued else None),
        (DCTERMS.modified, moment(modified) if modified else None),
        (DCATAP.applicableLegislation, authority.laws(set.intersection(*laws), hvd)),
        (DCATAP.hvdCategory, [authority.hvd_category(uri) for uri in hvd]),
    )
    yield from _covered(node, iri, members)


def _covered(node: URIRef, iri: str, members: Sequence[Entry]) -> Iterator[Triple]:
    """Say which period and box the members cover together."""
    current = [entry.current for entry in members if entry.current]
    periods = [release.temporal or (release.as_of, release.as_of) for release in current]
    boxes = [release.bbox for release in current if release.bbox]
    if periods:
        period = URIRef(iris.part(iri, "period"))
        # A year starts before and ends after every day in it.
        start = min(first for first, _ in periods)
        end = max((last for _, last in periods), key=lambda last: last.ljust(10, "~"))
        yield node, DCTERMS.temporal, period
        yield from about(period, (DCTERMS.PeriodOfTime,), (DCAT.startDate, moment(start)), (DCAT.endDate, moment(end)))
    if boxes:
        area = URIRef(iris.part(iri, "area"))
        yield node, DCTERMS.spatial, area
        yield from about(area, (DCTERMS.Location,), (DCAT.bbox, typed(polygon(box_around(boxes)), GEO.wktLiteral)))
