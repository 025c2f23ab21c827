"""Which key of a declaration leads to a property of the catalogue, and what to type there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True, slots=True)
class Hint:
    """The key to mend, in `datasets/<id>.yaml` or `municipality.yaml`, and an example of what to type."""

    key: str
    nl: str
    en: str
    municipality: bool = False


def _type(key: str, example: str, *, municipality: bool = False) -> Hint:
    return Hint(key, f"Typ bijvoorbeeld: {example}", f"Type for example: {example}", municipality)


_THEME = "http://publications.europa.eu/resource/authority/data-theme/ENVI"

_DATASET: dict[str, Hint] = {
    "dct:title": _type("title", "title: {nl: Bomen in beheer, en: Trees}"),
    "dct:description": _type("description", 'description: {nl: "Alle bomen die wij verzorgen. Per boom de soort. Bedoeld voor bewoners."}'),
    "dcat:theme": _type("catalogue.theme", f'theme: ["{_THEME}"]'),
    "dcat:keyword": _type("catalogue.keywords", "keywords: {nl: [bomen, groen], en: [trees]}"),
    "dct:accrualPeriodicity": _type("catalogue.frequency", "frequency: WEEKLY"),
    "dct:accessRights": _type("catalogue.access_rights", "access_rights: PUBLIC"),
    "dct:language": _type("catalogue.language", "language: [NLD]"),
    "dct:license": _type("catalogue.licence", "licence: CC0-1.0"),
    "dct:spatial": _type("catalogue.spatial", "spatial: municipality"),
    "dct:temporal": _type("source.as_of", "as_of: {column: datum, precision: month}"),
    "dcatap:applicableLegislation": _type(
        "catalogue.applicable_legislation", 'applicable_legislation: ["http://data.europa.eu/eli/reg_impl/2023/138/oj"]'
    ),
    "dcatap:hvdCategory": _type("catalogue.hvd_category", 'hvd_category: ["http://data.europa.eu/bna/c_ac64a52d"]'),
    "dcat:landingPage": _type("catalogue.landing_page", 'landing_page: "https://www.voorbeeldgemeente.example/bomen"'),
    "dcat:distribution": _type("publication.distributions", "distributions: [csv, parquet]"),
    "dct:format": _type("publication.distributions", "distributions: [csv, parquet]"),
    "dcat:mediaType": _type("publication.distributions", "distributions: [csv, parquet]"),
    "dcat:temporalResolution": _type("catalogue.temporal_resolution", "temporal_resolution: P1M"),
    "dcat:spatialResolutionInMeters": _type("catalogue.spatial_resolution", "spatial_resolution: 10"),
    "dct:conformsTo": _type(
        "catalogue.conforms_to", 'conforms_to: [{uri: "https://www.geonovum.nl/geo-standaarden/imgeo", title: {nl: IMGeo}}]'
    ),
    "adms:identifier": _type("catalogue.identifiers", 'identifiers: ["https://oudportaal.example/dataset/bomen"]'),
    "foaf:page": _type("catalogue.documentation", 'documentation: ["https://www.voorbeeldgemeente.example/uitleg-bomen"]'),
    "dct:provenance": _type("catalogue.provenance", "provenance: {nl: Ingemeten door de buitendienst.}"),
    "prov:qualifiedAttribution": _type(
        "catalogue.attributions",
        'attributions: [{uri: "https://identifier.overheid.nl/tooi/id/gemeente/gm0400", name: {nl: …}, role: processor}]',
    ),
    "dcat:qualifiedRelation": _type("catalogue.relations", "relations: [{dataset: bomen, role: related}]"),
    "dct:relation": _type("catalogue.relations", "relations: [{dataset: bomen, role: related}]"),
    "dcat:inSeries": _type("catalogue.series", "series: groen"),
    "dcat:startDate": _type("source.as_of", "as_of: {column: datum, precision: month}"),
    "dcat:endDate": _type("source.as_of", "as_of: {column: datum, precision: month}"),
}

_PUBLISHER = _type(
    "publisher.uri", 'publisher: {uri: "https://identifier.overheid.nl/tooi/id/gemeente/gm0400", name: {nl: …}}', municipality=True
)
_EMAIL = _type("contact.email", "contact: {name: {nl: Team Data}, email: data@voorbeeldgemeente.example}", municipality=True)
_BASE = _type("base_uri", 'base_uri: "https://data.voorbeeldgemeente.example"', municipality=True)

_MUNICIPALITY: dict[str, Hint] = {
    "dct:publisher": _PUBLISHER,
    "dct:creator": _PUBLISHER,
    "foaf:name": _type("publisher.name", "publisher: {uri: …, name: {nl: Gemeente Voorbeeld}}", municipality=True),
    "dcat:contactPoint": _EMAIL,
    "vcard:hasEmail": _EMAIL,
    "vcard:hasURL": _type("contact.url", 'contact: {…, url: "https://www.voorbeeldgemeente.example/contact"}', municipality=True),
    "vcard:fn": _type("contact.name", "contact: {name: {nl: Team Data}, …}", municipality=True),
    "dcat:accessURL": _BASE,
    "dcat:downloadURL": _BASE,
    "foaf:homepage": _BASE,
}

_CATALOGUE: dict[str, Hint] = {
    "dct:title": _type("name", "name: {nl: Voorbeeldgemeente}", municipality=True),
    "dct:description": _type("name", "name: {nl: Voorbeeldgemeente}", municipality=True),
    "dct:license": _type("licence", "licence: CC0-1.0", municipality=True),
    "dcat:dataset": _type("publication.portals", "portals: [site]"),
}

_RECORD: dict[str, Hint] = {prop: _DATASET[prop] for prop in ("dct:title", "dct:description")}

_SERVICES = "services: [{id: bomen-wfs, kind: wfs, description: {nl: …}, endpoint: "
_ENDPOINT = _type("catalogue.services", f'{_SERVICES}"https://kaart.voorbeeldgemeente.example/wfs"}}]')
_SERVICE: dict[str, Hint] = _DATASET | {
    "dcat:endpointURL": _ENDPOINT,
    "dcat:servesDataset": _ENDPOINT,
    "dcat:endpointDescription": _type(
        "catalogue.services", f'{_SERVICES}…, description_url: "https://kaart.voorbeeldgemeente.example/api.html"}}]'
    ),
    "dct:title": _type("catalogue.services", f"{_SERVICES}…, title: {{nl: Bomen als WFS}}}}]"),
    "dct:description": _type(
        "catalogue.services", "services: [{…, description: {nl: De bomen op te vragen. Per boom de soort. Voor bouwers.}}]"
    ),
    "foaf:page": _type("catalogue.services", f'{_SERVICES}…, documentation: "https://www.voorbeeldgemeente.example/dienst"}}]'),
    "dct:conformsTo": _type(
        "catalogue.services",
        f'{_SERVICES}…, conforms_to: [{{uri: "http://www.opengis.net/def/serviceType/ogc/wfs", title: {{nl: WFS}}}}]}}]',
    ),
}

_SERIES: dict[str, Hint] = {
    "dct:title": _type("series", "series: {groen: {title: {nl: Groen}, description: {nl: …}}}", municipality=True),
    "dct:description": _type("series", "series: {groen: {title: {nl: Groen}, description: {nl: …}}}", municipality=True),
    "dct:accrualPeriodicity": _type("series", "series: {groen: {…, frequency: ANNUAL}}", municipality=True),
}

_OF_CLASS: dict[str, tuple[dict[str, Hint], ...]] = {
    "dcat:Catalog": (_CATALOGUE, _MUNICIPALITY),
    "dcat:CatalogRecord": (_RECORD,),
    "dcat:DataService": (_SERVICE, _MUNICIPALITY),
    "dcat:DatasetSeries": (_SERIES, _MUNICIPALITY),
}
"""Class → where a key for its properties is looked for; what is not here is mended as a dataset, or what hangs on one, is."""


def hint(prop: str | None, kinds: Collection[str] = ()) -> Hint | None:
    """Give the hint for a property of a resource of these classes (``dcat:Catalog``); without one, as of a dataset."""
    if prop is None:
        return None
    tables = next((_OF_CLASS[kind] for kind in sorted(kinds) if kind in _OF_CLASS), (_DATASET, _MUNICIPALITY))
    return next((table[prop] for table in tables if prop in table), None)
