"""What is public, in the shape that pages show: numbers and `Text`s, no language yet. Made once, shown in every language."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from catalogue import iris
from config import lists
from pages.numbers import local_date
from publication.release import SUMS, order
from publication.site import paths, reading, reports
from publication.site.tally import NUMERIC

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from catalogue.model import CodeFacts, ColumnFacts, ContactFacts, DatasetDescription, PublisherDescription, ReleaseFacts, Tombstone
    from config.lists import Concept, Licence
    from config.models.base import Text
    from config.models.schema import ColumnType
    from publication.portals.base import PortalEntry, Wanted
    from publication.release import Release
    from publication.site.figures import Figure
    from publication.site.reports import PrivacyView, QualityView
    from publication.site.tally import Tally

LATEST = 12
"""Changes that the home page lists."""


@dataclass(frozen=True, slots=True)
class SiteView:
    """What every page says of the publisher; `told` is how it describes itself."""

    told: PublisherDescription
    publisher: Text
    title: Text
    description: Text
    contact: ContactFacts
    example: bool
    base: str
    uri: str
    licence: Licence


@dataclass(frozen=True, slots=True)
class FileView:
    """One file of a release; `kind` is ``distribution`` or what else it is."""

    name: str
    kind: str
    format: str
    media_type: str
    path: str
    address: str
    size: int
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column; `dimension` says that a computed table is counted by it, `grouped` that its numbers are figures."""

    name: str
    type: ColumnType
    title: Text | None
    description: Text | None
    unit: str | None
    codelist: str | None
    measured: bool
    level: str | None
    dimension: bool
    numeric: bool
    grouped: bool
    filled: float | None
    codes: tuple[CodeFacts, ...]


@dataclass(frozen=True, slots=True)
class PreviewView:
    """The first rows, of the columns that can be read in a table."""

    columns: tuple[ColumnView, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Identifier:
    """A persistent IRI, and the page of the site that answers it."""

    iri: str
    path: str


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """One version; `facts` are what the catalogue says of it."""

    facts: ReleaseFacts
    version: str
    path: str
    quality_path: str
    privacy_path: str
    columns_path: str
    issued: str
    as_of: str
    rows: int
    temporal: tuple[str, str] | None
    bbox: tuple[float, float, float, float] | None
    columns: tuple[ColumnView, ...]
    files: tuple[FileView, ...]
    extras: tuple[FileView, ...]
    quality: QualityView
    privacy: PrivacyView
    preview: PreviewView | None
    digest: str
    identifier: Identifier
    distributions: tuple[Identifier, ...]

    @property
    def uri(self) -> str:
        """The persistent IRI of this version."""
        return self.identifier.iri


@dataclass(frozen=True, slots=True)
class HistoryView:
    """A line in the list of versions; `withdrawn` is the date of a tombstone."""

    version: str
    path: str
    issued: str = ""
    as_of: str = ""
    rows: int = 0
    withdrawn: str | None = None


@dataclass(frozen=True, slots=True)
class DatasetView:
    """One dataset; `current` is None when it was withdrawn, `changed` is the instant anything about it last changed."""

    told: DatasetDescription
    id: str
    title: Text
    description: Text
    purpose: Text | None
    path: str
    themes: tuple[Concept, ...]
    keywords: dict[str, tuple[str, ...]]
    frequency: Text | None
    licence: Licence
    identifier: Identifier
    current: ReleaseView | None
    releases: tuple[ReleaseView, ...]
    history: tuple[HistoryView, ...]
    tombstone: Tombstone | None
    tombstones: tuple[Tombstone, ...]
    changed: str
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A line in the list of changes; `kind` is ``first``, ``newer`` or ``withdrawn``."""

    date: str
    title: Text
    path: str
    kind: str
    version: str | None


@dataclass(frozen=True, slots=True)
class ThemeView:
    """A theme with its number of datasets."""

    code: str
    label: Text
    count: int


def site(publisher: PublisherDescription) -> SiteView:
    """Give what every page says."""
    return SiteView(
        told=publisher,
        publisher=publisher.name,
        title=publisher.title,
        description=publisher.description,
        contact=publisher.contact,
        example=publisher.example,
        base=publisher.base_uri,
        uri=publisher.uri,
        licence=lists.licence(publisher.licence),
    )


def datasets(wanted: Wanted) -> tuple[DatasetView, ...]:
    """Give every dataset that has a release or a tombstone, in order of id."""
    found = (entry for entry in wanted.entries if entry.releases or entry.tombstone or entry.withdrawn)
    return tuple(_dataset(entry, wanted.publisher.base_uri) for entry in sorted(found, key=lambda entry: entry.description.id))


def _dataset(entry: PortalEntry, base: str) -> DatasetView:
    from publication.site import figures, tally

    told = entry.description
    counted = [tally.tally(reading.batches(release), release.manifest.columns) for release in entry.releases[:1]]
    releases = [_release(release, base, counted[0] if counted and number == 0 else None) for number, release in enumerate(entry.releases)]
    tombstones = (*((entry.tombstone,) if entry.tombstone else ()), *entry.withdrawn)
    changed = [release.issued for release in releases[:1]] + [entry.described or ""] + [tombstone.date for tombstone in tombstones]
    return DatasetView(
        told=told,
        id=told.id,
        title=told.title,
        description=told.description,
        purpose=told.purpose,
        path=paths.dataset(told.id),
        themes=tuple(lists.theme(uri) for uri in told.theme),
        keywords={"nl": told.keywords.nl, "en": told.keywords.en},
        frequency=lists.frequency(told.frequency).label if told.frequency else None,
        licence=lists.licence(told.licence),
        identifier=_identifier(iris.dataset(base, told.id), base),
        current=releases[0] if releases else None,
        releases=tuple(releases),
        history=_history(told.id, releases, tombstones),
        tombstone=entry.tombstone,
        tombstones=tombstones,
        changed=max(changed, key=lambda moment: (local_date(moment), moment) if moment else ("", "")),
        figure=figures.choose(counted[0], entry.releases[0].manifest.privacy) if counted else None,
    )


def _release(release: Release, base: str, counted: Tally | None) -> ReleaseView:
    told = release.manifest
    computed = any(column.measured for column in told.columns)
    columns = tuple(_column(column, computed=computed) for column in told.columns)
    return ReleaseView(
        facts=release.facts(),
        version=told.version,
        path=paths.version(told.dataset, told.version),
        quality_path=paths.quality(told.dataset, told.version),
        privacy_path=paths.privacy(told.dataset, told.version),
        columns_path=paths.columns(told.dataset, told.version),
        issued=told.staged,
        as_of=told.as_of,
        rows=told.rows,
        temporal=told.temporal,
        bbox=told.bbox,
        columns=columns,
        files=tuple(_files(release, base)),
        extras=tuple(_extras(release, base)),
        quality=reports.quality(told),
        privacy=reports.privacy(told),
        preview=_preview(columns, first_rows(release) if counted is None else counted.first),
        digest=told.release_digest,
        identifier=_identifier(iris.version(base, told.dataset, told.version), base),
        distributions=tuple(
            _identifier(iris.distribution(base, told.dataset, told.version, file.format), base) for file in told.distributions
        ),
    )


def first_rows(release: Release) -> Sequence[tuple[Any, ...]]:
    """Give the first rows of a release without going over all of it."""
    from publication.site.tally import PREVIEW_ROWS

    names = [column.name for column in release.manifest.columns]
    rows: list[tuple[Any, ...]] = []
    for batch in reading.batches(release):
        part = batch.slice(0, PREVIEW_ROWS - len(rows))
        there = set(part.schema.names)
        listed = [part.column(name).to_pylist() if name in there else [None] * len(part) for name in names]
        rows += zip(*listed, strict=True)
        if len(rows) >= PREVIEW_ROWS:
            break
    return rows


def _preview(columns: tuple[ColumnView, ...], rows: Sequence[tuple[Any, ...]]) -> PreviewView | None:
    shown = [at for at, column in enumerate(columns) if column.type != "geometry"]
    if not rows or not shown:
        return None
    return PreviewView(tuple(columns[at] for at in shown), tuple(tuple(row[at] for at in shown) for row in rows))


def _column(column: ColumnFacts, *, computed: bool) -> ColumnView:
    numeric = column.type in NUMERIC
    return ColumnView(
        name=column.name,
        type=column.type,
        title=column.title,
        description=column.description,
        unit=column.unit,
        codelist=column.codelist,
        measured=column.measured or (computed and column.name == "status"),
        level=column.level,
        dimension=computed,
        numeric=numeric,
        grouped=numeric and bool(column.measured or column.unit),
        filled=column.filled,
        codes=column.codes,
    )


def _files(release: Release, base: str) -> Iterator[FileView]:
    told = release.manifest
    for file in told.distributions:
        path = paths.download(told.dataset, told.version, file.name)
        address = paths.address(base, path)
        yield FileView(file.name, "distribution", file.format, file.media_type, path, address, file.size, file.sha256, file.rows)


def _extras(release: Release, base: str) -> Iterator[FileView]:
    """Give the files beside the distributions; they have no digest of their own on the page, as SHA256SUMS holds it."""
    told = release.manifest
    names = {file.name for file in told.distributions}
    kinds = {"datapackage.json": "package", f"{told.dataset}.csv-metadata.json": "csvw", SUMS: "sums", "manifest.json": "manifest"}
    for file in release.files:
        if file.name not in names:
            path = paths.download(told.dataset, told.version, file.name)
            kind = kinds.get(file.name, "other")
            yield FileView(file.name, kind, "", "", path, paths.address(base, path), file.stat().st_size, "", 0)


def _identifier(iri: str, base: str) -> Identifier:
    return Identifier(iri, paths.persistent(iri, base))


def _history(identifier: str, releases: Sequence[ReleaseView], tombstones: Sequence[Tombstone]) -> tuple[HistoryView, ...]:
    lines = [HistoryView(release.version, release.path, release.issued, release.as_of, release.rows) for release in releases]
    lines += [
        HistoryView(tombstone.version, paths.version(identifier, tombstone.version), withdrawn=tombstone.date)
        for tombstone in tombstones
        if tombstone.version
    ]
    return tuple(sorted(lines, key=lambda line: order(line.version), reverse=True))


def changes(shown: Sequence[DatasetView]) -> tuple[ChangeView, ...]:
    """Give the latest changes, newest first."""
    found = []
    for dataset in shown:
        for newer, older in pairwise([*dataset.releases, None]):
            if newer:
                before = older or any(gone.version and order(gone.version) < order(newer.version) for gone in dataset.tombstones)
                kind = "newer" if before else "first"
                found.append(ChangeView(local_date(newer.issued), dataset.title, newer.path, kind, newer.version))
        for tombstone in dataset.tombstones:
            path = paths.version(dataset.id, tombstone.version) if tombstone.version else dataset.path
            found.append(ChangeView(local_date(tombstone.date), dataset.title, path, "withdrawn", tombstone.version))
    found.sort(key=lambda change: (change.title.nl, change.version or ""))
    return tuple(sorted(found, key=lambda change: change.date, reverse=True)[:LATEST])


def themes(shown: Sequence[DatasetView]) -> tuple[ThemeView, ...]:
    """Give the themes that datasets have, by their Dutch names."""
    found = {theme.code: theme for dataset in shown for theme in dataset.themes}
    counts = {code: sum(code in {theme.code for theme in dataset.themes} for dataset in shown) for code in found}
    return tuple(ThemeView(code, found[code].label, counts[code]) for code in sorted(found, key=lambda code: found[code].label.nl))
