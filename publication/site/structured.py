"""schema.org descriptions inside the pages (JSON-LD): data that a browser does not run, so no policy on scripts holds them up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalogue.beside import schema_org
from publication.site.paths import HOME, address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.errors import Language
    from publication.site.views import DatasetView, ReleaseView, SiteView


def catalogue(site: SiteView, shown: Sequence[DatasetView], language: Language) -> dict[str, Any]:
    """Describe the site as a catalogue of data."""
    members = [(dataset.told, address(site.base, dataset.path)) for dataset in shown if dataset.current]
    return schema_org.catalogue(site.told, members, address(site.base, HOME), language)


def dataset(site: SiteView, shown: DatasetView, release: ReleaseView, language: Language, *, whole: bool) -> dict[str, Any]:
    """Describe a dataset as such (`whole`) by its current release, or one version alone."""
    return schema_org.dataset(
        site.told,
        shown.told,
        release.facts,
        language,
        iri=shown.identifier.iri if whole else release.uri,
        page=address(site.base, shown.path if whole else release.path),
        published=shown.releases[-1].issued if whole else release.issued,
        modified=shown.changed if whole else release.issued,
    )
