"""What is public of a dataset and its releases, as frozen records with a JSON round trip.

The records hold facts only: no RDF, no portal. `catalogue.dcat` writes them as a graph, portals show them, and `publication` keeps them in
manifests. Importing this module is light (pydantic, no rdflib). Dates are ISO 8601 texts; instants carry their offset.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import ConfigDict, TypeAdapter

from config.models.base import Keywords, Text
from config.models.catalogue import Area, Attribution, Organisation, Relation, Series, Service, Standard
from config.models.schema import ColumnType  # noqa: TC001 - pydantic resolves it

if TYPE_CHECKING:
    from collections.abc import Mapping

    from anonymisation.safe import SafeColumn
    from config.models.dataset import Dataset
    from config.models.municipality import Municipality
    from distributions.base import Distribution

MUNICIPALITY = "municipality"
"""The value of `spatial` that means the whole municipality."""


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def _adapter(record: Any) -> TypeAdapter[Any]:
    """Give the validator of a record class, made once (building one takes milliseconds)."""
    if record not in _ADAPTERS:
        _ADAPTERS[record] = TypeAdapter(record)
    return _ADAPTERS[record]


_ABOUT_NL = (
    "De openbare datasets van {name}. Bij elke dataset staat hoe goed en hoe oud de gegevens zijn. "
    "Ook staat erbij wat u met de gegevens mag doen."
)
_ABOUT_EN = "The open datasets of {name}. Each dataset says how good and how old its data are. It also says what you may do with the data."


class Record:
    """A record that becomes JSON and comes back equal; unknown keys and wrong types are refused on the way back."""

    __slots__ = ()
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    def as_json(self) -> dict[str, Any]:
        """Give plain JSON values: lists for tuples, None where nothing is known."""
        values: dict[str, Any] = _adapter(type(self)).dump_python(self, mode="json")
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Make the record again; pydantic's ValidationError where the values do not fit."""
        record: Self = _adapter(cls).validate_json(json.dumps(values))
        return record


@dataclass(frozen=True, slots=True)
class ContactFacts(Record):
    """A functional contact point, never a person."""

    name: Text
    email: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class PublisherDescription(Record):
    """Who publishes, and the catalogue it publishes in.

    Attributes:
        uri: the TOOI URI of the municipality.
        name: the organisation, such as *Gemeente Voorbeeld*; `municipality` is the place, such as *Voorbeeldgemeente*.
        base_uri: where the portal stands, https, without a slash at the end.
        licence: the id of the licence that holds where a dataset names none.
        language: codes of the EU language list of the catalogue's own texts.
        example: a made-up municipality, which a portal says on every page.
        profile: the version of DCAT-AP-NL, ``3.0.0`` or ``3.0.1``.
        area: where the municipality lies; series: the series of its datasets, by id.
    """

    uri: str
    name: Text
    municipality: Text
    base_uri: str
    contact: ContactFacts
    title: Text
    description: Text
    licence: str
    language: tuple[str, ...] = ("NLD", "ENG")
    example: bool = False
    profile: Literal["3.0.0", "3.0.1"] = "3.0.1"
    area: Area = Area()  # noqa: RUF009 - the model is frozen
    series: dict[str, Series] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DatasetDescription(Record):
    """How a dataset is described, whatever its releases are.

    Attributes:
        owner: a role of the municipality, never a person.
        theme: EU data themes, as URIs.
        frequency: code of the EU frequency list; licence: an id of the licence list; access_rights, language: codes of the EU lists.
        spatial: ``municipality`` or the URI of a place.
        personal: whether the source held data on persons (the release does not).
        grounds: the Woo grounds on which columns were withheld, each once, sorted.

    The others are as in `config.models.catalogue.Description`.
    """

    id: str
    title: Text
    description: Text
    owner: str
    theme: tuple[str, ...]
    licence: str
    purpose: Text | None = None
    keywords: Keywords = Keywords()  # noqa: RUF009 - the model is frozen
    frequency: str | None = None
    spatial: str = MUNICIPALITY
    language: tuple[str, ...] = ("NLD",)
    access_rights: str = "PUBLIC"
    legislation: tuple[str, ...] = ()
    hvd_category: tuple[str, ...] = ()
    landing_page: str | None = None
    personal: bool = False
    grounds: tuple[str, ...] = ()
    policy_theme: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    documentation: tuple[str, ...] = ()
    provenance: Text | None = None
    creator: Organisation | None = None
    attributions: tuple[Attribution, ...] = ()
    relations: tuple[Relation, ...] = ()
    conforms_to: tuple[Standard, ...] = ()
    identifiers: tuple[str, ...] = ()
    series: str | None = None
    services: tuple[Service, ...] = ()
    spatial_resolution: float | None = None
    temporal_resolution: str | None = None


@dataclass(frozen=True, slots=True)
class CodeFacts(Record):
    """One code of a code list and what it means."""

    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class ColumnFacts(Record):
    """One column of a release; the fields of `anonymisation.safe.SafeColumn`, and what is only known of a release.

    Attributes:
        filled: the share of rows with a value, rounded to four decimals; None where the release does not say.
        codes: the codes of its list, where the values are codes and the list is short enough to show.
    """

    name: str
    type: ColumnType
    title: Text | None = None
    description: Text | None = None
    unit: str | None = None
    codelist: str | None = None
    open: bool = False
    measured: bool = False
    level: str | None = None
    filled: float | None = None
    codes: tuple[CodeFacts, ...] = ()

    @classmethod
    def of(cls, column: SafeColumn, filled: float | None = None, codes: tuple[CodeFacts, ...] = ()) -> ColumnFacts:
        """Give the facts of a column of a protected table."""
        return cls(
            name=column.name,
            type=column.type,
            title=column.title,
            description=column.description,
            unit=column.unit,
            codelist=column.codelist,
            open=column.open,
            measured=column.measured,
            level=column.level,
            filled=filled,
            codes=codes,
        )


@dataclass(frozen=True, slots=True)
class DistributionFacts(Record):
    """One file of a release: its name, EU file-type code, IANA media type, size in bytes, SHA-256 (hexadecimal) and number of rows."""

    name: str
    format: str
    file_type: str
    media_type: str
    size: int
    sha256: str
    rows: int

    @classmethod
    def of(cls, distribution: Distribution) -> DistributionFacts:
        """Give the facts of a written distribution."""
        return cls(
            name=distribution.name,
            format=distribution.format,
            file_type=distribution.file_type,
            media_type=distribution.media_type,
            size=distribution.size,
            sha256=distribution.sha256,
            rows=distribution.rows,
        )


@dataclass(frozen=True, slots=True)
class MadeFacts(Record):
    """How a release came about, for PROV-O.

    Attributes:
        run: the id of the run; software: the program and its version, as ``vrijgave 0.2.0``.
        source: the kind of source, never its address.
        configuration: SHA-256, hexadecimal, of the configuration it was made by.
    """

    run: str
    software: str
    source: str
    configuration: str


@dataclass(frozen=True, slots=True)
class ReleaseFacts(Record):
    """One immutable version of a dataset.

    Attributes:
        version: ``YYYY-MM-DD.N``.
        issued: the instant it was released, ISO 8601 with an offset.
        as_of: the date the data describe, at the precision that is known (``2024``, ``2024-03`` or ``2024-03-31``).
        temporal: first and last day, month or year in the data, same forms; None where no column holds a date.
        bbox: west, south, east, north in WGS84 degrees; None where there is no geometry.
        quality, privacy: the public reports, as JSON values.
        notes: what changed since the version before.
        personal: whether the source held data on persons.
        made: how it came about; None where the release does not say.
    """

    dataset: str
    version: str
    issued: str
    as_of: str
    rows: int
    columns: tuple[ColumnFacts, ...] = ()
    distributions: tuple[DistributionFacts, ...] = ()
    temporal: tuple[str, str] | None = None
    bbox: tuple[float, float, float, float] | None = None
    quality: dict[str, Any] = field(default_factory=dict)
    privacy: dict[str, Any] = field(default_factory=dict)
    notes: Text | None = None
    personal: bool = False
    made: MadeFacts | None = None


@dataclass(frozen=True, slots=True)
class Tombstone(Record):
    """What stays public of what was withdrawn: a version, or the whole dataset where `version` is None."""

    dataset: str
    version: str | None
    date: str
    reason_public: Text | None = None


@dataclass(frozen=True, slots=True)
class Entry(Record):
    """One dataset in the catalogue.

    Attributes:
        releases: what can be downloaded, newest first; the first is the current one.
        tombstone: set when the dataset as a whole, or its current version, was withdrawn; without releases the dataset is WITHDRAWN.
        withdrawn: earlier versions that were withdrawn.
        described: the instant the description last changed by itself; None where it came with the newest release.
    """

    description: DatasetDescription
    releases: tuple[ReleaseFacts, ...] = ()
    tombstone: Tombstone | None = None
    withdrawn: tuple[Tombstone, ...] = ()
    described: str | None = None

    def __post_init__(self) -> None:
        """Refuse facts that contradict each other: a version comes once, and is either released or withdrawn."""
        versions = [release.version for release in self.releases]
        if len({*versions}) < len(versions) or {*versions} & {tombstone.version for tombstone in self.tombstones}:
            raise ValueError("a version comes twice, or is both released and withdrawn")

    @property
    def current(self) -> ReleaseFacts | None:
        """The release we stand for, if there is one."""
        return self.releases[0] if self.releases else None

    @property
    def tombstones(self) -> tuple[Tombstone, ...]:
        """Every tombstone, that of the dataset first; of two for one version the first counts."""
        standing = (*((self.tombstone,) if self.tombstone else ()), *self.withdrawn)
        return tuple({tombstone.version: tombstone for tombstone in reversed(standing)}.values())[::-1]


def describe(dataset: Dataset, municipality: Municipality) -> DatasetDescription:
    """Give the description of a declared dataset; the municipality's licence stands in where the dataset names none."""
    told = dataset.catalogue
    return DatasetDescription(
        id=dataset.id,
        title=dataset.title,
        description=dataset.description,
        owner=dataset.owner,
        purpose=dataset.purpose,
        theme=told.theme,
        keywords=told.keywords,
        frequency=told.frequency,
        licence=told.licence or municipality.licence,
        spatial=told.spatial,
        language=told.language,
        access_rights=told.access_rights,
        legislation=told.applicable_legislation,
        hvd_category=told.hvd_category,
        landing_page=told.landing_page,
        personal=dataset.personal,
        grounds=tuple(sorted({column.ground for column in dataset.columns if column.ground})),
        policy_theme=told.policy_theme,
        places=told.places,
        documentation=told.documentation,
        provenance=told.provenance,
        creator=told.creator,
        attributions=told.attributions,
        relations=told.relations,
        conforms_to=told.conforms_to,
        identifiers=told.identifiers,
        series=told.series,
        services=told.services,
        spatial_resolution=told.spatial_resolution,
        temporal_resolution=told.temporal_resolution,
    )


def publisher(municipality: Municipality) -> PublisherDescription:
    """Give the publisher and its catalogue, with titles made from the municipality's name."""
    name = municipality.name
    contact = municipality.contact
    return PublisherDescription(
        uri=municipality.publisher.uri,
        name=municipality.publisher.name,
        municipality=name,
        base_uri=municipality.base_uri,
        contact=ContactFacts(name=contact.name, email=contact.email, url=contact.url),
        title=Text(nl=f"Open data van {name.nl}", en=f"Open data of {name.get('en')}"),
        description=Text(nl=_ABOUT_NL.format(name=name.nl), en=_ABOUT_EN.format(name=name.get("en"))),
        licence=municipality.licence,
        example=municipality.example,
        profile=municipality.catalogue_profile,
        area=municipality.area,
        series=dict(municipality.series),
    )
