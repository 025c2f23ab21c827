"""Who publishes and whom to write to: foaf:Agent with its TOOI URI, and the contact point as a vCard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import DCTERMS, FOAF, RDF, RDFS, URIRef

from catalogue import authority, iris
from catalogue.namespaces import VCARD
from catalogue.triples import about, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalogue.model import PublisherDescription
    from catalogue.triples import Triple


def agent(publisher: PublisherDescription) -> Iterator[Triple]:
    """Describe the municipality as publisher and creator."""
    yield from about(
        URIRef(publisher.uri),
        (FOAF.Agent, FOAF.Organization),
        (FOAF.name, texts(publisher.name)),
        (DCTERMS.type, authority.publisher_type()),
    )


def contact(publisher: PublisherDescription) -> Iterator[Triple]:
    """Describe the contact point: a team, never a person. It is a vcard:Kind as well, for shapes know no subclasses."""
    facts = publisher.contact
    addresses = [URIRef(f"mailto:{facts.email}"), *([URIRef(facts.url)] if facts.url else [])]
    yield from about(
        URIRef(iris.contact(publisher.base_uri)),
        (VCARD.Kind, VCARD.Organization),
        (VCARD.fn, texts(facts.name)),
        (VCARD["organization-name"], texts(publisher.name)),
        (VCARD.hasEmail, addresses[0]),
        (VCARD.hasURL, addresses[1:]),
    )
    for address in addresses:  # DCAT-AP-HVD asks for the class that everything has
        yield address, RDF.type, RDFS.Resource
