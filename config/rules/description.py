"""Rules on what `catalogue:` says beyond plain facts: services, series, relations, organisations, high-value datasets; on the area too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from config import lists
from config.errors import Message
from config.rules.catalogue import address, listed
from config.suggest import hints
from config.validation import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.document import Document, DocumentPath
    from config.errors import Problem
    from config.rules.scope import Scope

HVD_CATEGORY = re.compile(r"http://data\.europa\.eu/bna/c_[0-9a-f]{8}")
HVD_LICENCES = ("CC0-1.0", "PDM-1.0", "CC-BY-4.0")
"""Licences that ask no more than naming the source (Implementing Regulation (EU) 2023/138, article 4)."""

NO_SERIES = Message(
    "config.no-series",
    nl="De serie {found} staat niet bij `series` in municipality.yaml.{hint}",
    en="The series {found_en} is not among `series` in municipality.yaml.{hint_en}",
)
RELATION = Message(
    "config.relation",
    nl="Een relatie krijgt óf een `dataset` (een id van hier) óf een `uri` (een webadres).",
    en="A relation takes either a `dataset` (an id of here) or a `uri` (a web address).",
)
NO_DATASET = Message(
    "config.no-dataset",
    nl="De dataset {found} is er niet.{hint}",
    en="The dataset {found_en} does not exist.{hint_en}",
)
ITSELF = Message(
    "config.relation-self",
    nl="Een dataset heeft geen relatie met zichzelf. Noem een andere dataset.",
    en="A dataset has no relation with itself. Name another dataset.",
)
SERVICE_TWICE = Message(
    "config.service-twice",
    nl="De dienst {found} staat er twee keer. Geef elke dienst een eigen `id`.",
    en="The service {found_en} stands here twice. Give every service an `id` of its own.",
)
NOT_HTTPS = Message(
    "config.not-https",
    nl="Een dienst heeft een adres dat met https:// begint.",
    en="A service has an address that starts with https://.",
)
NO_DESCRIPTION = Message(
    "config.service-description",
    nl="Waar deze dienst zichzelf beschrijft, is niet af te leiden. Voeg `description_url: https://…` toe, zoals het OpenAPI-bestand.",
    en="Where a service of this kind describes itself cannot be derived. Add `description_url: https://…`, for example its OpenAPI file.",
)
HVD_CATEGORY_FORM = Message(
    "config.hvd-category",
    nl="Dit is geen HVD-categorie. Schrijf bijvoorbeeld `http://data.europa.eu/bna/c_ac64a52d` (geospatiale data).",
    en="This is no HVD category. Write for example `http://data.europa.eu/bna/c_ac64a52d` (geospatial).",
)
HVD_LICENCE = Message(
    "config.hvd-licence",
    nl="Een hoogwaardige dataset (HVD) mag niet meer vragen dan CC BY 4.0. Schrijf `licence: CC0-1.0` of `licence: CC-BY-4.0`.",
    en="A high-value dataset (HVD) may ask no more than CC BY 4.0 does. Write `licence: CC0-1.0` or `licence: CC-BY-4.0`.",
)
HVD_ACCESS = Message(
    "config.hvd-access",
    nl="Een hoogwaardige dataset (HVD) is voor iedereen. Schrijf `access_rights: PUBLIC`, of haal `hvd_category` weg.",
    en="A high-value dataset (HVD) is for everybody. Write `access_rights: PUBLIC`, or remove `hvd_category`.",
)
HVD_SERVICE = Message(
    "config.hvd-service",
    nl="Een dienst van een hoogwaardige dataset (HVD) heeft `documentation`: een pagina met wat gebruikers mogen verwachten.",
    en="A service of a high-value dataset (HVD) comes with `documentation`: a page with what users may expect of the service.",
)
BOX = Message(
    "config.bbox",
    nl="Verwacht wordt [west, zuid, oost, noord] in graden (WGS 84), bijvoorbeeld [4.58, 52.33, 4.69, 52.42].",
    en="Expected is [west, south, east, north] in degrees (WGS 84), for example [4.58, 52.33, 4.69, 52.42].",
)


def relations(scope: Scope) -> Iterator[Problem]:
    """Series, relations and organisations exist, and what they are called is in a list."""
    document = scope.document
    yield from _series(scope)
    yield from listed(document, ("catalogue", "policy_theme"), lists.policy_themes)
    for index, _ in enumerate(document.items("catalogue", "attributions")):
        path = ("catalogue", "attributions", index)
        yield from listed(document, (*path, "role"), lists.roles)
        yield from address(document, (*path, "uri"))
    for index, _ in enumerate(document.items("catalogue", "relations")):
        yield from _relation(scope, ("catalogue", "relations", index))
    for index, _ in enumerate(document.items("catalogue", "conforms_to")):
        yield from address(document, ("catalogue", "conforms_to", index, "uri"))
    yield from address(document, ("catalogue", "creator", "uri"))
    for key in ("places", "documentation"):
        yield from address(document, ("catalogue", key))


def _series(scope: Scope) -> Iterator[Problem]:
    named = scope.document.text("catalogue", "series")
    if named is None or scope.municipality is None:
        return
    known = scope.municipality.mapping("series")
    if named not in known:
        (nl, en), (hint, hint_en) = shown(named), hints(named, known)
        yield NO_SERIES.at(scope.document.places.at("catalogue", "series"), found=nl, found_en=en, hint=hint, hint_en=hint_en)


def _relation(scope: Scope, path: DocumentPath) -> Iterator[Problem]:
    document = scope.document
    named, uri = document.text(*path, "dataset"), document.text(*path, "uri")
    yield from listed(document, (*path, "role"), lists.relations)
    yield from address(document, (*path, "uri"))
    if (named is None) == (uri is None):
        yield RELATION.at(document.places.at(*path))
    elif named is not None and named == document.text("id"):
        yield ITSELF.at(document.places.at(*path, "dataset"))
    elif named is not None and scope.root is not None:
        there = sorted(file.stem for file in scope.base.glob("*.yaml"))
        if named not in there:
            (nl, en), (hint, hint_en) = shown(named), hints(named, there)
            yield NO_DATASET.at(document.places.at(*path, "dataset"), found=nl, found_en=en, hint=hint, hint_en=hint_en)


def services(scope: Scope) -> Iterator[Problem]:
    """Services have an id of their own, a known kind, an https address and a description of themselves."""
    document, seen = scope.document, set()
    for index, _ in enumerate(document.items("catalogue", "services")):
        path = ("catalogue", "services", index)
        identifier, kind = document.text(*path, "id"), document.text(*path, "kind")
        if identifier in seen:
            nl, en = shown(identifier)
            yield SERVICE_TWICE.at(document.places.at(*path, "id"), found=nl, found_en=en)
        seen.add(identifier)
        yield from listed(document, (*path, "kind"), lists.services)
        for key in ("endpoint", "description_url", "documentation"):
            yield from address(document, (*path, key))
        if (document.text(*path, "endpoint") or "").startswith("http://"):
            yield NOT_HTTPS.at(document.places.at(*path, "endpoint"))
        known = lists.services().get(kind or "")
        if known is not None and not known.request and document.text(*path, "description_url") is None:
            yield NO_DESCRIPTION.at(document.places.at(*path))
        for inner, _ in enumerate(document.items(*path, "conforms_to")):
            yield from address(document, (*path, "conforms_to", inner, "uri"))


def high_value(scope: Scope) -> Iterator[Problem]:
    """A high-value dataset is open to everybody under a free licence, and its services say what may be expected of them."""
    document = scope.document
    categories = list(document.texts("catalogue", "hvd_category"))
    for path, uri in categories:
        if HVD_CATEGORY.fullmatch(uri) is None:
            yield HVD_CATEGORY_FORM.at(document.places.at(*path))
    if not categories:
        return
    own = document.text("catalogue", "licence")
    licence = own or (scope.municipality.text("licence") if scope.municipality else None)
    if licence in lists.licences() and licence not in HVD_LICENCES:
        yield HVD_LICENCE.at(document.places.at("catalogue", *(["licence"] if own else [])))
    if (document.text("catalogue", "access_rights") or "PUBLIC") != "PUBLIC":
        yield HVD_ACCESS.at(document.places.at("catalogue", "access_rights"))
    for index, _ in enumerate(document.items("catalogue", "services")):
        if document.text("catalogue", "services", index, "documentation") is None:
            yield HVD_SERVICE.at(document.places.at("catalogue", "services", index))


def municipality(document: Document) -> Iterator[Problem]:
    """The area lies on earth, and series are described with words of the lists."""
    yield from address(document, ("area", "same_as"))
    for name in document.mapping("series"):
        yield from listed(document, ("series", name, "frequency"), lists.frequencies)
    box = document.items("area", "bbox")
    if len(box) == 4 and all(isinstance(edge, int | float) for edge in box):  # noqa: PLR2004 - west, south, east, north
        west, south, east, north = box
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):  # noqa: PLR2004 - degrees
            yield BOX.at(document.places.at("area", "bbox"))
