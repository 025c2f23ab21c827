"""Terms out of the value lists: what `config.lists` knows, as typed and labelled terms; the few lists that only RDF needs stand here."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from rdflib import DCTERMS, FOAF, RDFS, SKOS, URIRef

from catalogue.namespaces import AUTHORITY, DCAT, ELI, HVD_LAW, IANA, SPDX
from catalogue.triples import Term
from config import lists
from config.models.base import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

DATASET_STATUS = {
    "COMPLETED": Text(nl="gereed", en="completed"),
    "DEPRECATED": Text(nl="verouderd", en="deprecated"),
    "DEVELOP": Text(nl="in ontwikkeling", en="under development"),
    "DISCONT": Text(nl="niet meer bijgewerkt", en="discontinued"),
    "WITHDRAWN": Text(nl="ingetrokken", en="withdrawn"),
}
"""Codes of the EU list dataset-status; distribution-status has the same but DISCONT."""

AVAILABILITY = {
    "AVAILABLE": Text(nl="beschikbaar", en="available"),
    "EXPERIMENTAL": Text(nl="experimenteel", en="experimental"),
    "STABLE": Text(nl="stabiel", en="stable"),
    "TEMPORARY": Text(nl="tijdelijk", en="temporary"),
}
"""Codes of the EU list planned-availability."""

CHANGE_TYPE = {"created": Text(nl="nieuw", en="created"), "updated": Text(nl="bijgewerkt", en="updated")}
"""What happened to a record of the catalogue (ADMS)."""

HVD_CATEGORIES = {
    "http://data.europa.eu/bna/c_ac64a52d": Text(nl="Geospatiale data", en="Geospatial"),
    "http://data.europa.eu/bna/c_dd313021": Text(nl="Aardobservatie en milieu", en="Earth observation and environment"),
    "http://data.europa.eu/bna/c_164e0bf5": Text(nl="Meteorologische data", en="Meteorological"),
    "http://data.europa.eu/bna/c_e1da4e07": Text(nl="Statistiek", en="Statistics"),
    "http://data.europa.eu/bna/c_a9135398": Text(nl="Bedrijven en eigendom van bedrijven", en="Companies and company ownership"),
    "http://data.europa.eu/bna/c_b79e35eb": Text(nl="Mobiliteit", en="Mobility"),
}
"""The six categories of high-value datasets (EU 2023/138); sub-categories have URIs of the same form."""

LAWS = {HVD_LAW: Text(nl="Uitvoeringsverordening (EU) 2023/138", en="Implementing Regulation (EU) 2023/138")}

PROFILE = "https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/"
"""DCAT-AP-NL 3.0, whichever patch."""

EU_PROFILES = {
    "https://semiceu.github.io/DCAT-AP/releases/3.0.1/": Text(nl="DCAT-AP 3.0.1", en="DCAT-AP 3.0.1"),
    "https://semiceu.github.io/DCAT-AP/releases/3.0.0-hvd/": Text(nl="DCAT-AP HVD 3.0.0", en="DCAT-AP HVD 3.0.0"),
}
"""European profiles that a record of ours meets: of everything, and of high-value datasets."""

FILE_STANDARDS = {
    "CSV": ("https://www.rfc-editor.org/rfc/rfc4180", "RFC 4180"),
    "GEOJSON": ("https://www.rfc-editor.org/rfc/rfc7946", "RFC 7946"),
}
"""EU file type → the standard that files of that type follow."""


SCHEMES = {
    "access-right": Text(nl="Toegangsrechten (EU)", en="Access rights (EU)"),
    "continent": Text(nl="Werelddelen (EU)", en="Continents (EU)"),
    "country": Text(nl="Landen (EU)", en="Countries (EU)"),
    "data-theme": Text(nl="Datathema's (EU)", en="Data themes (EU)"),
    "dataset-status": Text(nl="Status van een dataset (EU)", en="Dataset status (EU)"),
    "distribution-status": Text(nl="Status van een distributie (EU)", en="Distribution status (EU)"),
    "file-type": Text(nl="Bestandstypen (EU)", en="File types (EU)"),
    "frequency": Text(nl="Frequenties (EU)", en="Frequencies (EU)"),
    "language": Text(nl="Talen (EU)", en="Languages (EU)"),
    "place": Text(nl="Plaatsen (EU)", en="Places (EU)"),
    "planned-availability": Text(nl="Beschikbaarheid (EU)", en="Planned availability (EU)"),
}
"""EU authority tables that our terms come from."""


@cache
def scheme(table: str) -> Term:
    """Give an EU authority table as a whole."""
    return Term(URIRef(f"{AUTHORITY}{table}"), (SKOS.ConceptScheme,), SCHEMES[table], DCTERMS.title)


def _listed(table: str, code: str, kind: URIRef, label: Text) -> Term:
    """Give a term of an EU authority table; it is a SKOS concept beside what DCAT calls it."""
    return Term(URIRef(f"{AUTHORITY}{table}/{code}"), tuple(dict.fromkeys((kind, SKOS.Concept))), label, scheme=scheme(table))


@cache
def theme(uri: str) -> Term:
    """Give an EU data theme."""
    found = lists.theme(uri)
    return Term(URIRef(found.uri), (SKOS.Concept,), found.label, scheme=scheme("data-theme"))


@cache
def frequency(code: str) -> Term:
    """Give how often a dataset is brought up to date."""
    return _listed("frequency", code, DCTERMS.Frequency, lists.frequency(code).label)


@cache
def language(code: str) -> Term:
    """Give a language by its EU code."""
    return _listed("language", code, DCTERMS.LinguisticSystem, lists.language(code).label)


@cache
def access_right(code: str) -> Term:
    """Give who may see a dataset."""
    return _listed("access-right", code, DCTERMS.RightsStatement, lists.access_right(code).label)


@cache
def file_type(code: str) -> Term:
    """Give the EU file type of a format."""
    return _listed("file-type", code, DCTERMS.MediaTypeOrExtent, lists.file_type(code).label)


@cache
def licence(identifier: str) -> Term:
    """Give a licence by its id."""
    found = lists.licence(identifier)
    return Term(URIRef(found.uri), (DCTERMS.LicenseDocument,), found.title, DCTERMS.title, same=URIRef(found.url))


@cache
def dataset_status(code: str) -> Term:
    """Give how a dataset stands."""
    return _listed("dataset-status", code, SKOS.Concept, DATASET_STATUS[code])


@cache
def distribution_status(code: str) -> Term:
    """Give how a file stands."""
    return _listed("distribution-status", code, SKOS.Concept, DATASET_STATUS[code])


@cache
def availability(code: str) -> Term:
    """Give how long a file is meant to stay."""
    return _listed("planned-availability", code, SKOS.Concept, AVAILABILITY[code])


@cache
def change_type(code: str) -> Term:
    """Give what happened to a record."""
    return Term(URIRef(f"http://purl.org/adms/changetype/{code}"), (SKOS.Concept,), CHANGE_TYPE[code])


@cache
def publisher_type() -> Term:
    """Give the kind of publisher that a municipality is."""
    label = Text(nl="Lokale overheid", en="Local authority")
    listed = Term(
        URIRef("http://purl.org/adms/publishertype/1.0"),
        (SKOS.ConceptScheme,),
        Text(nl="Soorten uitgevers (ADMS)", en="Publisher types (ADMS)"),
        DCTERMS.title,
    )
    return Term(URIRef("http://purl.org/adms/publishertype/LocalAuthority"), (SKOS.Concept,), label, scheme=listed)


@cache
def policy_theme(code: str) -> Term:
    """Give a theme of data.overheid.nl."""
    found = lists.policy_themes()[code]
    return Term(URIRef(found.uri), (SKOS.Concept,), found.label, scheme=policy_themes())


@cache
def policy_themes() -> Term:
    """Give the list of themes of data.overheid.nl as a whole."""
    label = Text(nl="Taxonomie Beleidsagenda (OWMS)", en="Policy agenda taxonomy (OWMS)")
    return Term(URIRef(f"{lists.OWMS}/TaxonomieBeleidsagenda"), (SKOS.ConceptScheme,), label, DCTERMS.title)


def policy_themes_of(codes: Iterable[str], themes: Iterable[str]) -> list[Term]:
    """Give the themes of data.overheid.nl of a dataset: those that were declared, else those its EU themes lead to."""
    wanted = list(codes)
    if not wanted:
        eu = {lists.theme(uri).code for uri in themes}
        wanted = [code for code, found in lists.policy_themes().items() if eu & {*found.eu}]
    return [policy_theme(code) for code in wanted]


@cache
def place(uri: str) -> Term:
    """Give a place that was declared by its URI; one that has no name here is labelled with its address."""
    table = next((table for table in ("continent", "country", "place") if uri.startswith(f"{AUTHORITY}{table}/")), None)
    known = lists.places().get(uri)
    return Term(URIRef(uri), (DCTERMS.Location,), known.label if known else uri, scheme=scheme(table) if table else None)


@cache
def media_type(code: str) -> Term:
    """Give an IANA media type, such as ``text/csv``."""
    return Term(URIRef(IANA + code), (DCTERMS.MediaType,), code, RDFS.label)


@cache
def sha256_algorithm() -> Term:
    """Give the algorithm of our checksums."""
    return Term(SPDX.checksumAlgorithm_sha256, (SPDX.ChecksumAlgorithm,), "SHA-256", RDFS.label)


@cache
def hvd_category(uri: str) -> Term:
    """Give a category of high-value datasets; one that has no name here is labelled with its own address."""
    return Term(URIRef(uri), (SKOS.Concept,), HVD_CATEGORIES.get(uri, uri))


def laws(legislation: Iterable[str], hvd: Iterable[str]) -> list[Term]:
    """Give the laws that hold for a dataset; a high-value dataset always has the regulation on those among them."""
    wanted = {*legislation, *([HVD_LAW] if tuple(hvd) else [])}
    return [Term(URIRef(uri), (ELI.LegalResource,), LAWS.get(uri, uri), DCTERMS.title) for uri in sorted(wanted)]


def profiles(version: str, *, hvd: bool) -> list[Term]:
    """Give the profiles that a record of ours meets, under a version of DCAT-AP-NL; that of high-value datasets where it is one."""
    name = f"DCAT-AP-NL {version}"
    every, high_value = EU_PROFILES.items()
    wanted = [(PROFILE, Text(nl=name, en=name)), every, *([high_value] if hvd else [])]
    return [standard(uri, label) for uri, label in wanted]


def standard(uri: str, title: Text) -> Term:
    """Give a standard."""
    return Term(URIRef(uri), (DCTERMS.Standard,), title, DCTERMS.title)


@cache
def file_standard(file_type_code: str) -> Term | None:
    """Give the standard that files of a type follow, where there is one to name."""
    if file_type_code not in FILE_STANDARDS:
        return None
    uri, label = FILE_STANDARDS[file_type_code]
    return standard(uri, Text(nl=label, en=label))


@cache
def service_standard(kind: str) -> Term:
    """Give the standard that a kind of service follows."""
    found = lists.services()[kind]
    return standard(found.standard, Text(nl=found.standard_name, en=found.standard_name))


@cache
def service_format(kind: str) -> Term:
    """Give what a kind of service answers with, out of the EU file-type list."""
    return file_type(lists.services()[kind].file_type)


@cache
def role(code: str) -> Term:
    """Give the role of an organisation."""
    found = lists.roles()[code]
    return Term(URIRef(found.uri), (DCAT.Role, SKOS.Concept), found.label)


@cache
def relation(code: str) -> Term:
    """Give what a dataset has to do with another."""
    found = lists.relations()[code]
    return Term(URIRef(found.uri), (DCAT.Role, SKOS.Concept), found.label)


def organisation(uri: str, name: Text) -> Term:
    """Give an organisation."""
    return Term(URIRef(uri), (FOAF.Agent, FOAF.Organization), name, FOAF.name)


def document(uri: str, title: Text | None = None) -> Term:
    """Give a page for people."""
    return Term(URIRef(uri), (FOAF.Document,), title, DCTERMS.title)
