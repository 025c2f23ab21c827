"""Places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdflib import DCTERMS, RDFS, SKOS

from catalogue.namespaces import DCAT, LOCN
from catalogue.rules.check import Check
from catalogue.rules.view import rule, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalogue.findings import CatalogueFinding
    from catalogue.rules.view import View

PLACE = Check(
    "place",
    nl="{value} komt uit geen bekende lijst met plaatsen en heeft geen naam of rechthoek, dus niemand weet waar het ligt.",
    en="{value} is of no known list of places and has neither a name nor a box, so nobody knows where it lies.",
    severity="warning",
    props="dct:spatial",
    source="DCAT-AP-NL 3.0, dct:Location",
)
NO_LISTED_PLACE = Check(
    "place-list",
    nl="de plaats komt alleen uit een Nederlandse lijst; zet er een uit de EU-lijst of GeoNames bij, of een rechthoek.",
    en="the place is of a Dutch list alone; add one of the EU list or GeoNames, or a box.",
    severity="warning",
    props="dct:spatial",
    source="DCAT-AP-NL 3.0, dct:spatial: eerst de EU-lijsten, dan GeoNames, daarnaast CBS",
)
PLACE_PAGE = Check(
    "place-page",
    nl="dit is de pagina van GeoNames, niet de plaats; schrijf <https://sws.geonames.org/{number}/>.",
    en="this is the page of GeoNames, not the place; write <https://sws.geonames.org/{number}/>.",
    props="dct:spatial",
    source="DCAT-AP-NL 3.0, waardelijsten: http://sws.geonames.org/",
)
BOX = Check(
    "box",
    nl="de rechthoek of het punt is geen WKT in graden (WGS 84): lengte van -180 tot 180, dan breedte van -90 tot 90.",
    en="the box or point is no WKT in degrees (WGS 84): longitude from -180 to 180, then latitude from -90 to 90.",
    props="dcat:bbox dcat:centroid",
    source="DCAT-AP-NL 3.0, dct:Location: WKT in WGS 84",
)

_PLACE_FACTS = (SKOS.prefLabel, RDFS.label, DCAT.bbox, DCAT.centroid, LOCN.geometry)
_ON_MAP = (DCAT.bbox, DCAT.centroid, LOCN.geometry)
_LISTED = re.compile(r"http://publications\.europa\.eu/resource/authority/(continent|country|place)/|https?://sws\.geonames\.org/")
_PLACES = re.compile(r"https?://vocabs\.cbs\.nl/|https?://standaarden\.overheid\.nl/owms/terms/|https://identifier\.overheid\.nl/tooi/id/")
_PAGE = re.compile(r"https?://(?:www\.)?geonames\.org/(\d+)")
_WKT = re.compile(r"(?:<[^>]*>\s*)?(?:POINT|POLYGON|MULTIPOLYGON|ENVELOPE|LINESTRING)\s*\(", re.IGNORECASE)
_PAIR = re.compile(r"(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s+(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)")


@rule
def places(view: View) -> Iterator[CatalogueFinding]:
    """A place is of a known list, or says itself where it lies."""
    for node, prop, value in view.pairs(DCTERMS.spatial):
        known = any(form.match(str(value)) for form in (_LISTED, _PLACES, _PAGE))
        if not known and value in view.near(node, prop) and not view.values(value, *_PLACE_FACTS):
            yield view.finding(PLACE, node, prop, value=shown(value))


@rule
def pages(view: View) -> Iterator[CatalogueFinding]:
    """A place of GeoNames is named by its address for data, not by that of its page."""
    for node, prop, value in view.pairs(DCTERMS.spatial):
        page = _PAGE.match(str(value))
        if page:
            yield view.finding(PLACE_PAGE, node, prop, number=page[1])


@rule
def listed(view: View) -> Iterator[CatalogueFinding]:
    """Beside a place of a Dutch list there is one that all of Europe knows, or a box."""
    for node in view.of(DCAT.Dataset):
        values = view.near(node, DCTERMS.spatial)
        only_dutch = any(_PLACES.match(str(value)) for value in values)
        if only_dutch and not any(_LISTED.match(str(value)) or view.values(value, *_ON_MAP) for value in values):
            yield view.finding(NO_LISTED_PLACE, node, DCTERMS.spatial)


@rule
def boxes(view: View) -> Iterator[CatalogueFinding]:
    """A box or centroid is WKT in degrees; GeoJSON texts are left alone, for DCAT-AP allows them."""
    for node, prop, value in view.pairs(DCAT.bbox, DCAT.centroid):
        text = str(value).strip()
        if text.startswith("{") and text.endswith("}"):
            continue
        pairs = [(float(x), float(y)) for x, y in _PAIR.findall(text)]
        if not (_WKT.match(text) and pairs and all(_on_earth(x, y) for x, y in pairs)):
            yield view.finding(BOX, node, prop)


def _on_earth(longitude: float, latitude: float) -> bool:
    """Whether a pair of numbers is a place in degrees."""
    return -180 <= longitude <= 180 and -90 <= latitude <= 90  # noqa: PLR2004 - degrees
