"""The catalogue and its records: dcat:Catalog, dcat:CatalogRecord."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import DCTERMS, FOAF, URIRef

from catalogue import authority, iris
from catalogue.namespaces import ADMS, DCAT
from catalogue.triples import about, moment, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from catalogue.model import Entry, PublisherDescription
    from catalogue.triples import Triple


def catalog(
    publisher: PublisherDescription, identifiers: Sequence[str], *, issued: str | None = None, modified: str | None = None
) -> Iterator[Triple]:
    """Describe the catalogue and name its members; only the datasets are members, not their versions."""
    base = publisher.base_uri
    yield from about(
        URIRef(iris.catalogue(base)),
        (DCAT.Catalog, DCAT.Resource),
        (DCTERMS.title, texts(publisher.title)),
        (DCTERMS.description, texts(publisher.description)),
        (DCTERMS.publisher, URIRef(publisher.uri)),
        (DCTERMS.creator, URIRef(publisher.uri)),
        (DCAT.contactPoint, URIRef(iris.contact(base))),
        (FOAF.homepage, authority.document(iris.home_page(base))),
        (DCTERMS.language, [authority.language(code) for code in publisher.language]),
        (DCTERMS.license, authority.licence(publisher.licence)),
        (DCTERMS.spatial, URIRef(iris.area(base))),
        (DCTERMS.issued, moment(issued) if issued else None),
        (DCTERMS.modified, moment(modified) if modified else None),
        (DCAT.themeTaxonomy, [authority.scheme("data-theme"), authority.policy_themes()]),
    )
    yield from members(publisher, identifiers)


def members(publisher: PublisherDescription, identifiers: Sequence[str]) -> Iterator[Triple]:
    """Name datasets as members of the catalogue, with their records."""
    base = publisher.base_uri
    yield from about(
        URIRef(iris.catalogue(base)),
        (),
        (DCAT.dataset, [URIRef(iris.dataset(base, identifier)) for identifier in identifiers]),
        (DCAT.record, [URIRef(iris.record(base, identifier)) for identifier in identifiers]),
    )


def record(publisher: PublisherDescription, entry: Entry, *, issued: str | None, modified: str) -> Iterator[Triple]:
    """Describe what the catalogue says of a dataset: the language of the description, its dates, the profiles it meets."""
    told = entry.description
    languages = ("NLD", "ENG") if told.title.en and told.description.en else ("NLD",)
    yield from about(
        URIRef(iris.record(publisher.base_uri, told.id)),
        (DCAT.CatalogRecord,),
        (FOAF.primaryTopic, URIRef(iris.dataset(publisher.base_uri, told.id))),
        (DCTERMS.title, texts(told.title)),
        (DCTERMS.language, [authority.language(code) for code in languages]),
        (DCTERMS.conformsTo, authority.profiles(publisher.profile, hvd=bool(told.hvd_category))),
        (ADMS.status, authority.change_type("created" if issued == modified else "updated")),
        (DCTERMS.issued, moment(issued) if issued else None),
        (DCTERMS.modified, moment(modified)),
    )
