"""schema.org descriptions inside the pages (JSON-LD), by which search engines for datasets find them; and reading them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publication.site.paths import address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.errors import Language
    from publication.site.views import DatasetView, FileView, ReleaseView, SiteView

CONTEXT = "https://schema.org/"


def catalogue(site: SiteView, shown: Sequence[DatasetView], language: Language) -> dict[str, Any]:
    """Describe the site as a catalogue of data."""
    return {
        "@context": CONTEXT,
        "@type": "DataCatalog",
        "@id": f"{site.base}/id/catalogue",
        "name": site.title.get(language),
        "description": site.description.get(language),
        "url": address(site.base, "index.html"),
        "inLanguage": language,
        "publisher": _publisher(site, language),
        "dataset": [
            {
                "@type": "Dataset",
                "@id": dataset.identifier.iri,
                "name": dataset.title.get(language),
                "url": address(site.base, dataset.path),
            }
            for dataset in shown
            if dataset.current
        ],
    }


def dataset(site: SiteView, shown: DatasetView, release: ReleaseView, language: Language, *, whole: bool) -> dict[str, Any]:
    """Describe a dataset as such (`whole`) by its current release, or one version alone."""
    described: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "Dataset",
        "@id": shown.identifier.iri if whole else release.uri,
        "identifier": shown.identifier.iri if whole else release.uri,
        "name": shown.title.get(language),
        "description": shown.description.get(language),
        "url": address(site.base, shown.path if whole else release.path),
        "version": release.version,
        "license": shown.licence.url,
        "isAccessibleForFree": True,
        "inLanguage": "nl",
        "publisher": _publisher(site, language),
        "creator": _publisher(site, language),
        "datePublished": shown.releases[-1].issued if whole else release.issued,
        "dateModified": shown.changed if whole else release.issued,
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": f"{site.base}/id/catalogue", "name": site.title.get(language)},
        "distribution": [_file(file) for file in release.files],
        "variableMeasured": [column.title.get(language) if column.title else column.name for column in release.columns],
    }
    keywords = shown.keywords[language] or shown.keywords["nl"]
    if keywords:
        described["keywords"] = list(keywords)
    if release.temporal:
        described["temporalCoverage"] = "/".join(dict.fromkeys(release.temporal))
    if release.bbox:
        west, south, east, north = release.bbox
        box = {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}
        described["spatialCoverage"] = {"@type": "Place", "geo": box}
    return described


def _publisher(site: SiteView, language: Language) -> dict[str, Any]:
    contact = {"@type": "ContactPoint", "name": site.contact.name.get(language), "email": site.contact.email}
    return {"@type": "GovernmentOrganization", "@id": site.uri, "name": site.publisher.get(language), "contactPoint": contact}


def _file(file: FileView) -> dict[str, Any]:
    return {
        "@type": "DataDownload",
        "name": file.name,
        "contentUrl": file.address,
        "encodingFormat": file.media_type,
        "contentSize": f"{file.size} B",
        "sha256": file.sha256,
    }
