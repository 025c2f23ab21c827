"""Every page of the site as text, by its path: the same release, description and program give the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from catalogue import iris
from config.models.base import Text
from pages import render
from pages.links import localised
from pages.numbers import local_date
from pages.rendering import STATIC
from pages.texts import LANGUAGES
from publication.site import paths, structured, views
from publication.site.course import course
from publication.site.drawing import draw
from publication.site.snippets import snippets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from catalogue.model import Tombstone
    from config.errors import Language
    from publication.portals.base import Wanted
    from publication.site.views import DatasetView, Identifier, ReleaseView, SiteView

    Page = tuple[str, str]

CONTENTS = (
    ("facts", "dataset.facts"),
    ("download", "download.title"),
    ("figure", "figure.title"),
    ("preview", "preview.title"),
    ("columns", "columns.title"),
    ("quality", "quality.title"),
    ("privacy", "privacy.title"),
    ("code", "code.title"),
    ("versions", "versions.title"),
    ("cite", "cite.title"),
)
"""The parts of a dataset page: their ids, and the keys of their titles."""


def pages(wanted: Wanted) -> Iterator[Page]:
    """Give every page: its path from the root of the site, and its text."""
    site = views.site(wanted.publisher)
    shown = views.datasets(wanted)
    yield from _both("home.html", paths.HOME, site, _home(site, shown))
    live = [dataset for dataset in shown if dataset.current]
    yield from _both("about.html", paths.ABOUT, site, lambda _language: {"datasets": live})
    yield from _not_found(site)
    for dataset in shown:
        yield from _dataset(site, dataset)
        yield from _redirects(site, dataset)
    catalogue = views.Identifier(iris.catalogue(site.base), paths.persistent(iris.catalogue(site.base), site.base))
    yield _redirect(site, catalogue, paths.HOME, site.title)
    used = {dataset.told.series for dataset in shown}
    for name in sorted(name for name in site.told.series if name in used):
        series = views.Identifier(iris.series(site.base, name), paths.persistent(iris.series(site.base, name), site.base))
        yield _redirect(site, series, paths.HOME, site.told.series[name].title)
    contact = iris.contact(site.base)
    yield _redirect(site, views.Identifier(contact, paths.persistent(contact, site.base)), paths.ABOUT, site.publisher)
    yield "sitemap.xml", _sitemap(site, shown)
    yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {site.base}/sitemap.xml\n"


def static_files(tokens: bytes | None = None) -> Iterator[tuple[str, bytes]]:
    """Give what the pages share: style sheets and icon; `tokens` is a municipality's own look in place of ours."""
    for path in sorted(STATIC.iterdir()):
        own = tokens if path.name == "tokens.css" else None
        yield f"static/{path.name}", own if own is not None else path.read_bytes()


def _both(template: str, path: str, site: SiteView, context: Callable[[Language], Mapping[str, Any]], **more: Any) -> Iterator[Page]:
    """Render a page in every language."""
    canonical = {language: paths.address(site.base, localised(path, language)) for language in LANGUAGES}
    for language in LANGUAGES:
        here = localised(path, language)
        shared = {"site": site, "here": here, "path": path, "canonical": canonical}
        yield here, render(template, {**shared, **context(language), **more}, language=language)


def _home(site: SiteView, shown: tuple[DatasetView, ...]) -> Callable[[Language], Mapping[str, Any]]:
    live = tuple(dataset for dataset in shown if dataset.current)
    return lambda language: {
        "datasets": live,
        "withdrawn": tuple(dataset for dataset in shown if not dataset.current),
        "themes": views.themes(live),
        "changes": views.changes(shown),
        "files": sum(len(dataset.current.files) for dataset in live if dataset.current),
        "summary": site.description,
        "structured": {language: structured.catalogue(site, shown, language)},
    }


def _dataset(site: SiteView, dataset: DatasetView) -> Iterator[Page]:
    """Give the pages of a dataset and of its versions, those that were withdrawn too."""
    if dataset.current:
        yield from _both("dataset.html", dataset.path, site, _current(site, dataset, dataset.current))
    elif dataset.tombstones:
        yield from _tombstone(site, dataset, dataset.tombstone or dataset.tombstones[0], dataset.path)
    for release in dataset.releases:
        yield from _version(site, dataset, release)
    for tombstone in dataset.tombstones:
        if tombstone.version:
            yield from _tombstone(site, dataset, tombstone, paths.version(dataset.id, tombstone.version))


def _current(site: SiteView, dataset: DatasetView, release: ReleaseView) -> Callable[[Language], Mapping[str, Any]]:
    missing = {"figure"} if dataset.figure is None else set()
    missing |= {"preview"} if release.preview is None else set()
    return lambda language: {
        "dataset": dataset,
        "figure": draw(dataset.figure, language) if dataset.figure else None,
        "snippets": snippets(release),
        "contents": [part for part in CONTENTS if part[0] not in missing],
        "summary": dataset.description,
        "structured": {language: structured.dataset(site, dataset, release, language, whole=True)},
    }


def _version(site: SiteView, dataset: DatasetView, release: ReleaseView) -> Iterator[Page]:
    shared = {"dataset": dataset, "release": release}

    def version(language: Language) -> Mapping[str, Any]:
        described = structured.dataset(site, dataset, release, language, whole=False)
        return shared | {"summary": dataset.description, "structured": {language: described}}

    yield from _both("version.html", release.path, site, version)
    yield from _both("quality.html", release.quality_path, site, lambda language: shared | course(dataset, release, language))
    yield from _both("privacy.html", release.privacy_path, site, lambda _language: shared)
    yield from _both("columns.html", release.columns_path, site, lambda _language: shared)


def _tombstone(site: SiteView, dataset: DatasetView, tombstone: Tombstone, path: str) -> Iterator[Page]:
    context = {"dataset": dataset, "tombstone": tombstone, "whole": path == dataset.path}
    yield from _both("tombstone.html", path, site, lambda _language: context)


def _not_found(site: SiteView) -> Iterator[Page]:
    """Give the pages a server answers an unknown address with: at any depth, so their links start at the root of the site."""
    root = urlsplit(site.base).path.rstrip("/") + "/"
    for language in LANGUAGES:
        context = {"site": site, "here": paths.NOT_FOUND, "path": paths.HOME, "canonical": None, "root": root}
        yield localised(paths.NOT_FOUND, language), render("notfound.html", context, language=language)


def _redirects(site: SiteView, dataset: DatasetView) -> Iterator[Page]:
    """Give a page for every persistent IRI of a dataset, for readers whose server does not redirect."""
    for make in (iris.dataset, iris.record, iris.provenance, iris.rights):
        iri = make(site.base, dataset.id)
        yield _redirect(site, views.Identifier(iri, paths.persistent(iri, site.base)), dataset.path, dataset.title)
    for service in dataset.told.services if dataset.current else ():
        for make_access in (iris.service, iris.service_access):
            iri = make_access(site.base, dataset.id, service.id)
            yield _redirect(site, views.Identifier(iri, paths.persistent(iri, site.base)), dataset.path, dataset.title)
    for release in dataset.releases:
        yield _redirect(site, release.identifier, release.path, dataset.title)
        for file, identifier in zip(release.files, release.distributions, strict=True):
            yield _redirect(site, identifier, file.path, Text(nl=file.name))
        for make_part, there in ((iris.location, release.bbox), (iris.period, release.temporal)):
            if there:
                iri = make_part(site.base, dataset.id, release.version)
                yield _redirect(site, views.Identifier(iri, paths.persistent(iri, site.base)), release.path, dataset.title)
    for tombstone in dataset.tombstones:
        if tombstone.version:
            iri = iris.version(site.base, dataset.id, tombstone.version)
            target = paths.version(dataset.id, tombstone.version)
            yield _redirect(site, views.Identifier(iri, paths.persistent(iri, site.base)), target, dataset.title)


def _redirect(site: SiteView, identifier: Identifier, target: str, title: Text) -> Page:
    context = {"here": identifier.path, "target": target, "title": title, "canonical": paths.address(site.base, target)}
    return identifier.path, render("redirect.html", context, language="nl")


def _sitemap(site: SiteView, shown: tuple[DatasetView, ...]) -> str:
    """List the pages that search engines should know, with the day each last changed."""
    known = [(paths.HOME, max((local_date(dataset.changed) for dataset in shown), default=None))]
    known += [(dataset.path, local_date(dataset.changed)) for dataset in shown if dataset.current]
    found = [(paths.address(site.base, localised(path, language)), day) for path, day in known for language in LANGUAGES]
    return render("sitemap.xml", {"pages": found}, language="nl")
