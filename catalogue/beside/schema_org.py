"""schema.org descriptions (JSON-LD), by which search engines for datasets find them.

`Dataset` and `DataCatalog` with the properties that Google Dataset Search asks and reads; texts in one language, for a page has one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalogue import iris
from config import lists

if TYPE_CHECKING:
    from collections.abc import Iterable

    from catalogue.model import ColumnFacts, DatasetDescription, DistributionFacts, PublisherDescription, ReleaseFacts
    from config.errors import Language
    from config.models.catalogue import Service

CONTEXT = "https://schema.org/"


def catalogue(
    publisher: PublisherDescription, datasets: Iterable[tuple[DatasetDescription, str]], address: str, language: Language
) -> dict[str, Any]:
    """Describe the catalogue; `datasets` come with the addresses of their pages, `address` is that of the front page."""
    return {
        "@context": CONTEXT,
        "@type": "DataCatalog",
        "@id": iris.catalogue(publisher.base_uri),
        "name": publisher.title.get(language),
        "description": publisher.description.get(language),
        "url": address,
        "inLanguage": language,
        "license": lists.licence(publisher.licence).url,
        "publisher": _publisher(publisher, language),
        "dataset": [
            {"@type": "Dataset", "@id": iris.dataset(publisher.base_uri, told.id), "name": told.title.get(language), "url": page}
            for told, page in datasets
        ],
    }


def dataset(
    publisher: PublisherDescription,
    told: DatasetDescription,
    release: ReleaseFacts,
    language: Language,
    *,
    iri: str,
    page: str,
    published: str,
    modified: str,
) -> dict[str, Any]:
    """Describe a dataset as such by its current release, or one version alone.

    Args:
        publisher: who publishes.
        told: the dataset.
        release: whose files are named.
        language: of the texts.
        iri: the persistent address of the dataset or the version.
        page: the address of its page.
        published: when it first came out, ISO 8601.
        modified: when it last changed, ISO 8601.
    """
    creator = {"@type": "Organization", "@id": told.creator.uri, "name": told.creator.name.get(language)} if told.creator else None
    described: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": iri,
        "identifier": [iri, *told.identifiers] if told.identifiers else iri,
        "name": told.title.get(language),
        "description": told.description.get(language),
        "url": page,
        "version": release.version,
        "license": lists.licence(told.licence).url,
        "isAccessibleForFree": True,
        "inLanguage": [lists.language(code).tag for code in told.language],
        "publisher": _publisher(publisher, language),
        "creator": creator or _publisher(publisher, language),
        "datePublished": published,
        "dateModified": modified,
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "@id": iris.catalogue(publisher.base_uri),
            "name": publisher.title.get(language),
        },
        "distribution": [
            *(_file(publisher, told, release, file) for file in release.distributions),
            *(_service(service, language) for service in told.services),
        ],
        "variableMeasured": [_variable(column, language) for column in release.columns],
    }
    return described | dict(_more(publisher, told, release, language))


def _more(
    publisher: PublisherDescription, told: DatasetDescription, release: ReleaseFacts, language: Language
) -> Iterable[tuple[str, Any]]:
    """Give what not every dataset has."""
    keywords = getattr(told.keywords, language) or told.keywords.nl
    if keywords:
        yield "keywords", list(keywords)
    if told.landing_page:
        yield "sameAs", told.landing_page
    if release.temporal:
        yield "temporalCoverage", "/".join(dict.fromkeys(release.temporal))
    if told.series in publisher.series:
        series = publisher.series[told.series or ""]
        yield (
            "isPartOf",
            {"@type": "Dataset", "@id": iris.series(publisher.base_uri, told.series or ""), "name": series.title.get(language)},
        )
    place: dict[str, Any] = {"@type": "Place"}
    if told.spatial == "municipality":
        place["name"] = publisher.municipality.get(language)
    if release.bbox:
        west, south, east, north = release.bbox
        place["geo"] = {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}
    if len(place) > 1:
        yield "spatialCoverage", place


def _publisher(publisher: PublisherDescription, language: Language) -> dict[str, Any]:
    contact = {
        "@type": "ContactPoint",
        "contactType": "customer service",
        "name": publisher.contact.name.get(language),
        "email": publisher.contact.email,
    }
    return {"@type": "GovernmentOrganization", "@id": publisher.uri, "name": publisher.name.get(language), "contactPoint": contact}


def _file(publisher: PublisherDescription, told: DatasetDescription, release: ReleaseFacts, file: DistributionFacts) -> dict[str, Any]:
    return {
        "@type": "DataDownload",
        "name": file.name,
        "contentUrl": iris.download(publisher.base_uri, told.id, release.version, file.name),
        "encodingFormat": file.media_type,
        "contentSize": f"{file.size} B",
        "sha256": file.sha256,
    }


def _service(service: Service, language: Language) -> dict[str, Any]:
    kind = lists.services()[service.kind]
    name = (service.title or kind.label).get(language)
    return {
        "@type": "DataDownload",
        "name": name,
        "contentUrl": service.endpoint,
        "encodingFormat": lists.file_type(kind.file_type).media_type,
    }


def _variable(column: ColumnFacts, language: Language) -> dict[str, Any]:
    described = {
        "@type": "PropertyValue",
        "name": column.title.get(language) if column.title else column.name,
        "alternateName": column.name,
    }
    if column.description:
        described["description"] = column.description.get(language)
    if column.unit:
        described["unitText"] = column.unit
    return described
