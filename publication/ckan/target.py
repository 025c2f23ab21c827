"""How a dataset should be in CKAN, and in what it differs from how it is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from catalogue import iris
from catalogue.beside.ckan import dataset_fields, file_fields
from catalogue.model import Entry
from publication.ckan import shape, tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from catalogue.model import DistributionFacts, PublisherDescription
    from publication.portals.base import PortalEntry
    from publication.release import Release

COMPLETED: Final = "http://purl.org/adms/status/Completed"
DEPRECATED: Final = "http://purl.org/adms/status/Deprecated"
VERSION: Final = "vrijgave_version"
"""The field of a file by which we know it is ours, with its version."""
MANAGED: Final = ("name", "description", "format", "mimetype", "hash", "hash_algorithm", "license", "status", VERSION)
"""Fields of a file by which a difference is seen; the others go along."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a municipality chose for a portal.

    Attributes:
        organization: owns the datasets.
        keep: how many earlier versions stay downloadable; None for all.
        largest: bytes above which a file is not uploaded but linked to the static portal.
        datastore: whether rows go into the DataStore.
        overwrite: whether what somebody changed by hand is changed back.
    """

    organization: str
    keep: int | None = None
    largest: int = 10 << 20
    datastore: bool = True
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A file as it should be in CKAN."""

    id: str
    release: Release
    facts: DistributionFacts
    told: dict[str, Any]
    linked: bool


@dataclass(frozen=True, slots=True)
class Target:
    """A dataset as it should be in CKAN: its metadata, and its files, those of the current version first."""

    id: str
    iri: str
    fields: dict[str, Any]
    files: tuple[File, ...] = ()

    @property
    def current(self) -> tuple[File, ...]:
        """Give the files of the current version."""
        newest = self.files[0].release.manifest.version if self.files else None
        return tuple(file for file in self.files if file.release.manifest.version == newest)


def target(publisher: PublisherDescription, entry: PortalEntry, schema: shape.Schema, choices: Choices) -> Target:
    """Work out how a dataset should be; one that was withdrawn keeps its description and no file."""
    kept = entry.releases if choices.keep is None else entry.releases[: choices.keep + 1]
    told = Entry(entry.description, tuple(release.facts() for release in kept), entry.tombstone, entry.withdrawn, entry.described)
    fields = shape.package(dataset_fields(publisher, told), schema, licence=entry.description.licence)
    if not kept:
        fields["notes"] = f"**Deze dataset is ingetrokken. This dataset was withdrawn.**\n\n{fields.get('notes', '')}"
    about = file_fields(publisher, told)
    files = [
        _file(publisher, release, facts, about, schema, choices, current=place == 0)
        for place, release in enumerate(kept)
        for facts in release.manifest.distributions
    ]
    return Target(entry.description.id, iris.dataset(publisher.base_uri, entry.description.id), fields, tuple(files))


def _file(
    publisher: PublisherDescription,
    release: Release,
    facts: DistributionFacts,
    about: Mapping[str, Mapping[str, Any]],
    schema: shape.Schema,
    choices: Choices,
    *,
    current: bool,
) -> File:
    manifest = release.manifest
    address = iris.download(publisher.base_uri, manifest.dataset, manifest.version, facts.name)
    told = dict(about.get(address, {}))
    told.setdefault("name", facts.name)
    if not current:
        told["name"] = f"{told['name']}, {manifest.version}"
    told |= {
        "format": facts.file_type,
        "mimetype": facts.media_type,
        "size": facts.size,
        "hash": facts.sha256,
        "status": COMPLETED if current else DEPRECATED,
        VERSION: manifest.version,
    }
    linked = facts.size > choices.largest
    if linked:
        told |= {"url": address, "download_url": address}
    identifier = shape.resource_id(publisher.base_uri, manifest.dataset, manifest.version, facts.name)
    return File(identifier, release, facts, shape.resource(told, schema), linked)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it should be.

    Attributes:
        field: of the dataset, or of a file by its name: ``bomen.csv: hash``.
        edited: somebody changed it in CKAN since we last did.
    """

    field: str
    before: str
    after: str
    edited: bool = False


def differences(seen: Mapping[str, Any] | None, wanted: Target, sent: Mapping[str, Any] | None) -> Iterator[Difference]:
    """Compare a dataset as CKAN shows it with how it should be.

    Args:
        seen: as `package_search` or `package_show` gives it; None where it is not there.
        wanted: how it should be.
        sent: what was sent last; None where that is not known.
    """
    for name, value in wanted.fields.items():
        shown = seen.get(name) if seen else None
        if not shape.same(name, shown, value):
            edited = bool(seen) and sent is not None and name in sent and not shape.same(name, shown, sent[name])
            yield Difference(name, _short(shown), _short(value), edited)
    if seen and seen.get("private"):
        yield Difference("private", "true", "false")
    there = {each["id"]: each for each in (seen or {}).get("resources", ())}
    for file in wanted.files:
        shown = there.get(file.id)
        for name in MANAGED:
            before, after = shown.get(name) if shown else None, file.told.get(name)
            if after is not None and not shape.same(name, before, after):
                yield Difference(f"{file.facts.name} {file.release.manifest.version}: {name}", _short(before), _short(after))
    known = {file.id for file in wanted.files}
    for each in there.values():
        if each.get(VERSION) and each["id"] not in known:
            yield Difference(f"{each.get('name')}: {VERSION}", str(each[VERSION]), "")
    ours = [each["id"] for each in (seen or {}).get("resources", ()) if each["id"] in known]
    if seen and set(ours) == known and ours != [file.id for file in wanted.files]:
        yield Difference("resources", "…", "…")


def _short(value: Any) -> str:
    """Give a value in one line of a plan."""
    text = "" if value is None else value if isinstance(value, str) else str(value)
    return text if len(text) <= _LINE else f"{text[: _LINE - 1]}…"


_LINE = 120


def table_of(wanted: Target) -> str | None:
    """Give the id of the file of the current version that has the table: the first that is CSV, else the first."""
    if not wanted.current or tables.source(wanted.current[0].release) is None:
        return None
    return min(wanted.current, key=lambda file: file.facts.format != "csv").id


def identifier(package: Mapping[str, Any]) -> str | None:
    """Give the identifier of a dataset, from its field or its extras."""
    extras = {each["key"]: each["value"] for each in package.get("extras") or ()}
    return package.get("identifier") or extras.get("identifier")
