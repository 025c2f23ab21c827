"""The part `catalogue:`: how a dataset is described to people and harvesters (DCAT-AP-NL 3.0)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from config import patterns
from config.models.base import Identifier, Keywords, Model, Text
from config.patterns import THEME

DataTheme = Annotated[str, Field(pattern=THEME)]


class Standard(Model):
    """A standard or data model that the data follow.

    Attributes:
        uri: the address of the standard.
        title: what people call it.
    """

    uri: str
    title: Text


class Organisation(Model):
    """An organisation, never a person.

    Attributes:
        uri: its address in TOOI, ROR or another register.
    """

    uri: str
    name: Text


class Attribution(Organisation):
    """An organisation that had a part in the data.

    Attributes:
        role: a role of ISO 19115, such as ``processor`` or ``custodian``.
    """

    role: str


class Relation(Model):
    """What these data have to do with others: another dataset here, or anything with an address.

    Attributes:
        dataset: the id of a dataset of this municipality; or `uri`.
        uri: the address of something else; or `dataset`.
        role: a link relation of IANA, such as ``original`` or ``related``.
    """

    dataset: Identifier | None = None
    uri: str | None = None
    role: str = "related"


class Service(Model):
    """A data service beside the files, such as a WFS or an OGC API.

    Attributes:
        id: names it in its persistent address, which never changes.
        kind: ``wfs``, ``wms``, ``wmts``, ``ogc-features``, ``ogc-tiles``, ``rest`` or ``sparql``.
        title: of the service; without it the title of the dataset with the kind behind it.
        endpoint: the address that programs call.
        description_url: where the service describes itself; derived for WFS, WMS and WMTS.
        documentation: a page for people, with what users may expect of its quality; required for high-value datasets.
        conforms_to: standards beside the one of its kind.
    """

    id: Identifier
    kind: str
    title: Text | None = None
    description: Text
    endpoint: str
    description_url: str | None = None
    documentation: str | None = None
    conforms_to: tuple[Standard, ...] = ()


class Series(Model):
    """A series that datasets belong to, in `municipality.yaml`; what it covers is derived from its members.

    Attributes:
        frequency: how often a member is added, as code of the EU frequency list.
    """

    title: Text
    description: Text
    frequency: str | None = None


class Area(Model):
    """The municipality as an area, in `municipality.yaml`.

    Attributes:
        bbox: west, south, east and north in degrees (WGS 84).
        same_as: addresses of the same place in the EU lists, GeoNames or CBS.
    """

    bbox: tuple[float, float, float, float] | None = None
    same_as: tuple[str, ...] = ()


class Description(Model):
    """What the catalogue says of a dataset beside its title and description.

    Attributes:
        theme: EU data themes, as URIs; at least one.
        policy_theme: themes of data.overheid.nl (OWMS); derived from `theme` where they are left out.
        frequency: code of the EU frequency list, such as ``WEEKLY``.
        licence: a licence out of the list, by its id; without it the municipality's.
        spatial: ``municipality`` or the URI of a place.
        places: addresses of further places, such as neighbourhoods at CBS.
        language: codes of the EU language list.
        access_rights: code of the EU access-right list.
        applicable_legislation: addresses (ELI) of laws by which the data are kept or published.
        hvd_category: EU high-value dataset categories, as URIs.
        landing_page: a page of your own on the data.
        documentation: pages that explain the data.
        provenance: where the data come from, in a sentence or two.
        creator: the organisation that made the data, where that is not the publisher.
        attributions: organisations that had another part in them.
        relations: what the data have to do with others.
        conforms_to: standards and data models that the data follow.
        identifiers: other identifiers of the same dataset, such as that of a portal it came from.
        series: the id of a series in `municipality.yaml`.
        services: services beside the files.
        spatial_resolution: the smallest distance that can be told apart, in metres.
        temporal_resolution: the smallest time that can be told apart, such as ``P1M`` or ``PT15M``.
    """

    theme: tuple[DataTheme, ...] = Field(min_length=1)
    policy_theme: tuple[str, ...] = ()
    keywords: Keywords = Keywords()
    frequency: str | None = None
    licence: str | None = None
    spatial: str = "municipality"
    places: tuple[str, ...] = ()
    language: tuple[str, ...] = ("NLD",)
    access_rights: str = "PUBLIC"
    applicable_legislation: tuple[str, ...] = ()
    hvd_category: tuple[str, ...] = ()
    landing_page: str | None = None
    documentation: tuple[str, ...] = ()
    provenance: Text | None = None
    creator: Organisation | None = None
    attributions: tuple[Attribution, ...] = ()
    relations: tuple[Relation, ...] = ()
    conforms_to: tuple[Standard, ...] = ()
    identifiers: tuple[Annotated[str, StringConstraints(min_length=1)], ...] = ()
    series: Identifier | None = None
    services: tuple[Service, ...] = ()
    spatial_resolution: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    temporal_resolution: Annotated[str, Field(pattern=patterns.RESOLUTION)] | None = None
