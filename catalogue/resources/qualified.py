"""What a dataset has to do with others: prov:Attribution, dcat:Relationship, adms:Identifier, the standards and pages that explain it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import DCTERMS, FOAF, PROV, RDF, RDFS, SKOS, XSD, Literal, URIRef

from catalogue import authority, iris
from catalogue.namespaces import ADMS, DCAT
from catalogue.triples import about, typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalogue.model import DatasetDescription, PublisherDescription
    from catalogue.triples import Term, Triple


def qualified(node: URIRef, publisher: PublisherDescription, told: DatasetDescription) -> Iterator[Triple]:
    """Describe the organisations, datasets, standards, pages and other identifiers that a dataset was declared with."""
    for number, each in enumerate(told.attributions, 1):
        part = URIRef(iris.part(str(node), f"attribution-{number}"))
        yield node, PROV.qualifiedAttribution, part
        agent = authority.organisation(each.uri, each.name)
        yield from about(part, (PROV.Attribution,), (PROV.agent, agent), (DCAT.hadRole, authority.role(each.role)))
    for number, relation in enumerate(told.relations, 1):
        part = URIRef(iris.part(str(node), f"relation-{number}"))
        other = URIRef(relation.uri or iris.dataset(publisher.base_uri, relation.dataset or ""))
        yield from about(node, (), (DCAT.qualifiedRelation, part), (DCTERMS.relation, other))
        yield other, RDF.type, RDFS.Resource  # DCAT-AP 3.0.0 asks for the class that everything has
        yield from about(part, (DCAT.Relationship,), (DCTERMS.relation, other), (DCAT.hadRole, authority.relation(relation.role)))
    for number, text in enumerate(told.identifiers, 1):
        part = URIRef(iris.part(str(node), f"identifier-{number}"))
        yield node, ADMS.identifier, part
        yield from about(part, (ADMS.Identifier,), (SKOS.notation, Literal(text)))
    metres = f"{told.spatial_resolution:f}".rstrip("0").rstrip(".") if told.spatial_resolution else None
    yield from about(
        node,
        (),
        (DCTERMS.conformsTo, [authority.standard(each.uri, each.title) for each in told.conforms_to]),
        (FOAF.page, [authority.document(address) for address in told.documentation]),
        (DCAT.spatialResolutionInMeters, typed(metres, XSD.decimal) if metres else None),
        (DCAT.temporalResolution, typed(told.temporal_resolution, XSD.duration) if told.temporal_resolution else None),
    )


def creator(publisher: PublisherDescription, told: DatasetDescription) -> URIRef | Term:
    """Give who made the data: the organisation that was declared, else the publisher."""
    return authority.organisation(told.creator.uri, told.creator.name) if told.creator else URIRef(publisher.uri)
