"""Which key of a declaration leads to a property of the catalogue, and what to type there."""

from __future__ import annotations

from dataclasses import dataclass


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


def hint(prop: str | None, *, catalogue: bool = False) -> Hint | None:
    """Give the hint for a property of a dataset (or what hangs on it), or of the catalogue itself."""
    if prop is None:
        return None
    first, second = (_CATALOGUE, _MUNICIPALITY) if catalogue else (_DATASET, _MUNICIPALITY)
    return first.get(prop) or second.get(prop)
