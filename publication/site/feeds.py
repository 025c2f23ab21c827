"""What programs follow without RDF: an Atom feed of releases in each language, and `data.json` as CKAN's harvester reads it.

Atom: RFC 4287. `data.json`: DCAT-US 1.1 (Project Open Data Metadata Schema), the form that many portals still harvest.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from catalogue import iris
from catalogue.dcat import instant
from config import lists
from pages.links import localised
from pages.numbers import local_date
from pages.texts import LANGUAGES, text
from publication.site import paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalogue.model import DatasetDescription, PublisherDescription, Tombstone
    from config.errors import Language
    from publication.portals.base import PortalEntry, Wanted
    from publication.release import Release

ATOM: Final = "http://www.w3.org/2005/Atom"
NEWEST: Final = 100
"""Entries of a feed."""
INTERVALS: Final = {
    "ANNUAL": "R/P1Y",
    "ANNUAL_2": "R/P6M",
    "ANNUAL_3": "R/P4M",
    "BIENNIAL": "R/P2Y",
    "BIMONTHLY": "R/P2M",
    "BIWEEKLY": "R/P2W",
    "CONT": "R/PT1S",
    "DAILY": "R/P1D",
    "HOURLY": "R/PT1H",
    "IRREG": "irregular",
    "MONTHLY": "R/P1M",
    "QUARTERLY": "R/P3M",
    "TRIENNIAL": "R/P3Y",
    "WEEKLY": "R/P1W",
}
"""EU frequency → how DCAT-US writes it (ISO 8601); others are left out."""


def feeds(wanted: Wanted) -> Iterator[tuple[str, str]]:
    """Give each feed: its path from the root of the site, and its text."""
    for language in LANGUAGES:
        yield localised(paths.FEED, language), _atom(wanted, language)
    yield paths.DATA_JSON, json.dumps(_data_json(wanted), ensure_ascii=False, indent=1) + "\n"


def _atom(wanted: Wanted, language: Language) -> str:
    """Write the feed: what came out and what was withdrawn, newest first."""
    base, publisher = wanted.publisher.base_uri, wanted.publisher
    own = paths.address(base, localised(paths.FEED, language))
    news = [one for entry in wanted.entries for one in _news(publisher, entry, language)]
    news.sort(key=lambda one: (instant(one[0]), one[1]), reverse=True)
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": language})
    _add(feed, "id", own)
    _add(feed, "title", publisher.title.get(language))
    _add(feed, "updated", news[0][0] if news else "1970-01-01T00:00:00+00:00")
    ET.SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": own})
    ET.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": paths.address(base, localised(paths.HOME, language))})
    _add(ET.SubElement(feed, "author"), "name", publisher.name.get(language))
    for _, _, entry in news[:NEWEST]:
        feed.append(entry)
    ET.indent(feed, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(feed, encoding="unicode") + "\n"


def _news(publisher: PublisherDescription, entry: PortalEntry, language: Language) -> Iterator[tuple[str, str, ET.Element]]:
    """Give what happened to a dataset: the instant, the address of the version, and the entry of the feed."""
    told, base = entry.description, publisher.base_uri
    for release in entry.releases:
        facts = release.facts()
        number = facts.version
        address = iris.version(base, told.id, number)
        title = f"{told.title.get(language)} ({number})"
        made = _entry(address, title, facts.issued, (facts.notes or told.description).get(language))
        ET.SubElement(made, "link", _page(publisher, told.id, number, language))
        for file in facts.distributions:
            href = iris.download(base, told.id, number, file.name)
            ET.SubElement(made, "link", {"rel": "enclosure", "type": file.media_type, "length": str(file.size), "href": href})
        yield facts.issued, address, made
    for tombstone in _tombstones(entry):
        version = tombstone.version
        address = iris.version(base, told.id, version) if version else iris.dataset(base, told.id)
        updated = tombstone.date if "T" in tombstone.date else f"{tombstone.date}T00:00:00+00:00"
        title = text("feed.withdrawn", language, title=told.title.get(language), version=version or "").strip()
        reason = tombstone.reason_public
        made = _entry(f"{address}#withdrawn", title, updated, reason.get(language) if reason else title)
        ET.SubElement(made, "link", _page(publisher, told.id, version, language))
        yield updated, address, made


def _tombstones(entry: PortalEntry) -> Iterator[Tombstone]:
    if entry.tombstone:
        yield entry.tombstone
    yield from (one for one in entry.withdrawn if one != entry.tombstone)


def _entry(address: str, title: str, updated: str, summary: str) -> ET.Element:
    made = ET.Element("entry")
    for name, value in (("id", address), ("title", title), ("updated", updated), ("summary", summary)):
        _add(made, name, value)
    return made


def _page(publisher: PublisherDescription, identifier: str, version: str | None, language: Language) -> dict[str, str]:
    page = paths.version(identifier, version) if version else paths.dataset(identifier)
    return {"rel": "alternate", "type": "text/html", "href": paths.address(publisher.base_uri, localised(page, language))}


def _add(parent: ET.Element, name: str, value: str) -> None:
    ET.SubElement(parent, name).text = value


def _data_json(wanted: Wanted) -> dict[str, Any]:
    """Describe the datasets that can be downloaded now."""
    return {
        "@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld",
        "@id": paths.address(wanted.publisher.base_uri, paths.DATA_JSON),
        "@type": "dcat:Catalog",
        "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
        "describedBy": "https://project-open-data.cio.gov/v1.1/schema/catalog.json",
        "dataset": [_dataset(wanted.publisher, entry.description, entry.releases[0]) for entry in wanted.entries if entry.releases],
    }


def _dataset(publisher: PublisherDescription, told: DatasetDescription, release: Release) -> dict[str, Any]:
    facts, base = release.facts(), publisher.base_uri
    made: dict[str, Any] = {
        "@type": "dcat:Dataset",
        "identifier": iris.dataset(base, told.id),
        "title": told.title.nl,
        "description": told.description.nl,
        "keyword": [*told.keywords.nl] or [told.id],
        "modified": local_date(facts.issued),
        "issued": local_date(facts.issued),
        "publisher": {"@type": "org:Organization", "name": publisher.name.nl},
        "contactPoint": {"@type": "vcard:Contact", "fn": publisher.contact.name.nl, "hasEmail": f"mailto:{publisher.contact.email}"},
        "accessLevel": "public",
        "license": lists.licences()[told.licence].url,
        "landingPage": iris.dataset_page(base, told.id),
        "language": [lists.languages()[code].tag for code in told.language],
        "theme": [lists.themes()[uri].label.nl for uri in told.theme if uri in lists.themes()],
        "distribution": [
            {
                "@type": "dcat:Distribution",
                "title": file.name,
                "format": file.format,
                "mediaType": file.media_type,
                "downloadURL": iris.download(base, told.id, facts.version, file.name),
            }
            for file in facts.distributions
        ],
    }
    if facts.temporal:
        made["temporal"] = "/".join(facts.temporal)
    if facts.bbox:
        made["spatial"] = ",".join(f"{edge:g}" for edge in facts.bbox)
    if told.frequency in INTERVALS:
        made["accrualPeriodicity"] = INTERVALS[told.frequency]
    return made
