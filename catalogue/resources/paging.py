"""The pages of a catalogue, in the words of Hydra (W3C Hydra Core Vocabulary): both today's and those that harvesters still look for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import XSD, URIRef

from catalogue import iris
from catalogue.namespaces import HYDRA
from catalogue.triples import about, typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalogue.model import PublisherDescription
    from catalogue.triples import Triple


def paging(publisher: PublisherDescription, number: int, *, total: int, size: int) -> Iterator[Triple]:
    """Say which page this is and where the first, last, previous and next stand.

    `hydra:PagedCollection` with `nextPage` is what CKAN's harvester reads (older Hydra); `PartialCollectionView` with `next` is today's.
    The addresses are without a suffix: the server gives the syntax that was asked for.
    """
    base, last = publisher.base_uri, max((total + size - 1) // size, 1)

    def at(page: int) -> URIRef | None:
        return URIRef(iris.catalogue_page(base, page)) if 1 <= page <= last else None

    count = typed(str(total), XSD.integer)
    yield from about(
        URIRef(iris.catalogue_page(base, number)),
        (HYDRA.PagedCollection, HYDRA.PartialCollectionView),
        (HYDRA.totalItems, count),
        (HYDRA.itemsPerPage, typed(str(size), XSD.integer)),
        (HYDRA.firstPage, at(1)),
        (HYDRA.first, at(1)),
        (HYDRA.previousPage, at(number - 1)),
        (HYDRA.previous, at(number - 1)),
        (HYDRA.nextPage, at(number + 1)),
        (HYDRA.next, at(number + 1)),
        (HYDRA.lastPage, at(last)),
        (HYDRA.last, at(last)),
    )
    yield from about(
        URIRef(iris.catalogue(base)),
        (HYDRA.Collection,),
        (HYDRA.view, URIRef(iris.catalogue_page(base, number))),
        (HYDRA.totalItems, count),
    )
