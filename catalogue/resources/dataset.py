"""A declared dataset and its versions: dcat:Dataset.

The dataset keeps one IRI for ever and shows the files of its current release. Each release is a dcat:Dataset of its own that hangs on
`dcat:hasVersion`; it is no member of the catalogue, or a harvester would meet one more entry a week. What was withdrawn keeps its IRI, says
so in its status, and has no files.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from rdflib import DCTERMS, FOAF, PROV, Literal, URIRef

from catalogue import authority, iris
from catalogue.namespaces import ADMS, DCAT, DCATAP
from catalogue.resources.coverage import spatial, temporal
from catalogue.resources.distribution import distribution
from catalogue.resources.lineage import lineage
from catalogue.resources.qualified import creator, qualified
from catalogue.resources.quality import quality
from catalogue.resources.series import member
from catalogue.resources.service import services
from catalogue.resources.statements import provenance, rights
from catalogue.triples import about, moment, texts
from config.models.base import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalogue.model import DatasetDescription, Entry, PublisherDescription, ReleaseFacts, Tombstone
    from catalogue.triples import Triple


def dataset(publisher: PublisherDescription, entry: Entry, *, modified: str) -> Iterator[Triple]:
    """Describe a declared dataset with everything that hangs on it; `modified` is when its record last changed."""
    told, current = entry.description, entry.current
    node = URIRef(iris.dataset(publisher.base_uri, told.id))
    page = iris.dataset_page(publisher.base_uri, told.id)
    yield from _common(node, publisher, told, title=told.title, status="COMPLETED" if current else "WITHDRAWN")
    yield from about(
        node,
        (),
        (DCAT.landingPage, [authority.document(address) for address in (page, told.landing_page) if address]),
        (FOAF.page, authority.document(page)),
        (DCTERMS.issued, moment(entry.releases[-1].issued) if entry.releases else None),
        (DCTERMS.modified, moment(modified)),
    )
    yield from spatial(node, publisher, told, current)
    yield from rights(publisher, told)
    yield from provenance(publisher, told)
    yield from qualified(node, publisher, told)
    yield from member(node, publisher, told.series)
    if current:
        yield from _current(node, publisher, current)
        yield from services(node, publisher, told)
    elif entry.tombstone:
        yield from about(node, (), (ADMS.versionNotes, texts(_farewell(entry.tombstone))))
    yield from _versions(node, publisher, entry)


def _current(node: URIRef, publisher: PublisherDescription, release: ReleaseFacts) -> Iterator[Triple]:
    """Say what the dataset is today: the version, period and files of its current release."""
    version = iris.version(publisher.base_uri, release.dataset, release.version)
    yield from about(
        node,
        (),
        (DCAT.version, Literal(release.version)),
        (ADMS.versionNotes, texts(release.notes)),
        (DCAT.distribution, _files(publisher, release)),
        (DCAT.hasCurrentVersion, URIRef(version)),
        (PROV.wasGeneratedBy, URIRef(iris.part(version, "run")) if release.made else None),
    )
    yield from temporal(node, publisher, release)


def _versions(node: URIRef, publisher: PublisherDescription, entry: Entry) -> Iterator[Triple]:
    """Describe every version, released or withdrawn."""
    told = entry.description
    for release, before in zip_longest(entry.releases, entry.releases[1:]):
        yield from _release(node, publisher, told, release, before)
        yield from lineage(publisher, told, release)
        yield from quality(publisher, release, current=release is entry.current)
    for tombstone in entry.tombstones:
        if tombstone.version:
            yield from _withdrawn(node, publisher, told, tombstone, tombstone.version)


def _release(
    parent: URIRef, publisher: PublisherDescription, told: DatasetDescription, release: ReleaseFacts, before: ReleaseFacts | None
) -> Iterator[Triple]:
    """Describe one release and its files."""
    base = publisher.base_uri
    node = URIRef(iris.version(base, told.id, release.version))
    yield parent, DCAT.hasVersion, node
    yield from _common(node, publisher, told, title=_versioned(told.title, release.version), status="COMPLETED")
    previous = URIRef(iris.version(base, told.id, before.version)) if before else None
    yield from about(
        node,
        (),
        (DCAT.isVersionOf, parent),
        (DCAT.version, Literal(release.version)),
        (DCAT.prev, previous),
        (DCAT.previousVersion, previous),
        (ADMS.versionNotes, texts(release.notes)),
        (DCTERMS.issued, moment(release.issued)),
        (DCTERMS.modified, moment(release.issued)),
        (DCAT.landingPage, authority.document(iris.version_page(base, told.id, release.version))),
        (FOAF.page, authority.document(iris.dataset_page(base, told.id))),
        (DCAT.distribution, _files(publisher, release)),
    )
    yield from spatial(node, publisher, told, release)
    yield from temporal(node, publisher, release)
    for file in release.distributions:
        yield from distribution(publisher, told, release, file)


def _withdrawn(
    parent: URIRef, publisher: PublisherDescription, told: DatasetDescription, tombstone: Tombstone, version: str
) -> Iterator[Triple]:
    """Describe what stays of a version that was withdrawn."""
    node = URIRef(iris.version(publisher.base_uri, told.id, version))
    yield parent, DCAT.hasVersion, node
    yield from _common(node, publisher, told, title=_versioned(told.title, version), status="WITHDRAWN")
    yield from about(
        node,
        (),
        (DCAT.isVersionOf, parent),
        (DCAT.version, Literal(version)),
        (ADMS.versionNotes, texts(_farewell(tombstone))),
        (DCTERMS.modified, moment(tombstone.date)),
        (DCAT.landingPage, authority.document(iris.dataset_page(publisher.base_uri, told.id))),
    )


def _common(node: URIRef, publisher: PublisherDescription, told: DatasetDescription, *, title: Text, status: str) -> Iterator[Triple]:
    """Say what a dataset and each of its versions have alike; dcat:Resource is named because shapes know no subclasses."""
    keywords = [Literal(word, lang=tag) for tag, words in (("nl", told.keywords.nl), ("en", told.keywords.en)) for word in words]
    yield from about(
        node,
        (DCAT.Dataset, DCAT.Resource),
        (DCTERMS.identifier, Literal(str(node))),
        (DCTERMS.title, texts(title)),
        (DCTERMS.description, texts(told.description)),
        (DCTERMS.publisher, URIRef(publisher.uri)),
        (DCTERMS.creator, creator(publisher, told)),
        (DCAT.contactPoint, URIRef(iris.contact(publisher.base_uri))),
        (DCAT.theme, [*map(authority.theme, told.theme), *authority.policy_themes_of(told.policy_theme, told.theme)]),
        (DCAT.keyword, keywords),
        (DCTERMS.accessRights, authority.access_right(told.access_rights)),
        (DCTERMS.license, authority.licence(told.licence)),  # data.overheid.nl asks it of the dataset, the profile of its files
        (DCTERMS.accrualPeriodicity, authority.frequency(told.frequency) if told.frequency else None),
        (DCTERMS.language, [authority.language(code) for code in told.language]),
        (DCTERMS.provenance, URIRef(iris.provenance(publisher.base_uri, told.id))),
        (ADMS.status, authority.dataset_status(status)),
        (DCATAP.applicableLegislation, authority.laws(told.legislation, told.hvd_category)),
        (DCATAP.hvdCategory, [authority.hvd_category(uri) for uri in told.hvd_category]),
    )


def _files(publisher: PublisherDescription, release: ReleaseFacts) -> list[URIRef]:
    """Give the IRIs of the files of a release."""
    base = publisher.base_uri
    return [URIRef(iris.distribution(base, release.dataset, release.version, file.format)) for file in release.distributions]


def _versioned(title: Text, version: str) -> Text:
    """Put the version behind the title, as the profile asks."""
    return Text(nl=f"{title.nl}, versie {version}", en=f"{title.en}, version {version}" if title.en else None)


def _farewell(tombstone: Tombstone) -> Text:
    """Say that something was withdrawn, when, and why where that is public."""
    day, reason = tombstone.date[:10], tombstone.reason_public
    nl, en = f"Ingetrokken op {day}.", f"Withdrawn on {day}."
    if reason:
        nl += f" Reden: {reason.nl}"
        # A reason that was given in Dutch alone is not passed off as English.
        en += f" Reason: {reason.en}" if reason.en else ""
    return Text(nl=nl, en=en)
