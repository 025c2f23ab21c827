"""Statements about a dataset in words: what may be done with it (dct:RightsStatement), where it comes from (dct:ProvenanceStatement)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import DCTERMS, RDFS, SKOS, URIRef

from catalogue import iris
from catalogue.triples import Term, about, texts
from config import lists
from config.models.base import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalogue.model import DatasetDescription, PublisherDescription
    from catalogue.triples import Triple

WOO = "https://wetten.overheid.nl/BWBR0045754"
"""The Wet open overheid in the national collection of laws."""


def rights(publisher: PublisherDescription, told: DatasetDescription) -> Iterator[Triple]:
    """Say under which licence the files are, and on which Woo grounds columns were left out."""
    licence = lists.licence(told.licence).title
    grounds = ", ".join(told.grounds)
    nl = f"U mag de bestanden gebruiken volgens de licentie {licence.nl}."
    en = f"You may use the files under the licence {licence.get('en')}."
    if grounds:
        nl += f" Er zijn kolommen weggelaten op grond van: {grounds}."
        en += f" Columns were left out on the grounds of: {grounds}."
    yield from about(
        URIRef(iris.rights(publisher.base_uri, told.id)),
        (DCTERMS.RightsStatement,),
        (RDFS.label, texts(Text(nl=nl, en=en))),
        (DCTERMS.references, [_ground(publisher.base_uri, code) for code in told.grounds]),
    )


def _ground(base: str, code: str) -> Term:
    """Give a Woo ground; the law has no address for each, so it is a term of the catalogue."""
    label = lists.woo_ground(code).label
    listed = Term(
        URIRef(iris.part(iris.catalogue(base), "grounds")),
        (SKOS.ConceptScheme,),
        Text(nl="Gronden van de Wet open overheid", en="Grounds of the Dutch Open Government Act"),
        DCTERMS.title,
        same=URIRef(WOO),
    )
    name = Text(nl=f"{code}: {label.nl}", en=f"{code}: {label.get('en')}")
    return Term(URIRef(iris.part(iris.catalogue(base), code.lower().replace(" ", "-"))), (SKOS.Concept,), name, scheme=listed)


def provenance(publisher: PublisherDescription, told: DatasetDescription) -> Iterator[Triple]:
    """Say where the data come from and what was done to them."""
    nl = f"Gehaald uit een bestand van {publisher.name.nl}, gecontroleerd op kwaliteit en op persoonsgegevens."
    en = f"Taken from a source of {publisher.name.get('en')}, checked for quality and for personal data."
    if told.personal:
        nl += " De gegevens zijn zo bewerkt dat niemand te herkennen is."
        en += " The data were processed so that nobody can be recognised."
    if told.provenance:
        nl, en = f"{told.provenance.nl} {nl}", f"{told.provenance.en} {en}" if told.provenance.en else en
    node = URIRef(iris.provenance(publisher.base_uri, told.id))
    yield from about(node, (DCTERMS.ProvenanceStatement,), (RDFS.label, texts(Text(nl=nl, en=en))))
