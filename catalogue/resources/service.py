"""A data service beside the files: dcat:DataService, and the distribution by which its dataset is reached through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import DCTERMS, FOAF, RDF, RDFS, Literal, URIRef

from catalogue import authority, iris
from catalogue.namespaces import ADMS, DCAT, DCATAP
from catalogue.triples import about, texts
from config import lists
from config.models.base import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalogue.model import DatasetDescription, PublisherDescription
    from catalogue.triples import Triple
    from config.models.catalogue import Service


def services(node: URIRef, publisher: PublisherDescription, told: DatasetDescription) -> Iterator[Triple]:
    """Describe the services of a dataset, each with the distribution that leads to it."""
    for service in told.services:
        yield node, DCAT.distribution, URIRef(iris.service_access(publisher.base_uri, told.id, service.id))
        yield from _service(node, publisher, told, service)
        yield from _access(publisher, told, service)


def _service(dataset: URIRef, publisher: PublisherDescription, told: DatasetDescription, service: Service) -> Iterator[Triple]:
    """Describe the service itself: whose it is and what may be done with it is as with its dataset."""
    base = publisher.base_uri
    node, described = URIRef(iris.service(base, told.id, service.id)), URIRef(described_at(service))
    standards = [authority.service_standard(service.kind), *(authority.standard(each.uri, each.title) for each in service.conforms_to)]
    keywords = [Literal(word, lang=tag) for tag, words in (("nl", told.keywords.nl), ("en", told.keywords.en)) for word in words]
    yield from about(
        node,
        (DCAT.DataService, DCAT.Resource),
        (DCTERMS.identifier, Literal(str(node))),
        (DCTERMS.title, texts(_title(told, service))),
        (DCTERMS.description, texts(service.description)),
        (DCTERMS.publisher, URIRef(publisher.uri)),
        (DCTERMS.creator, URIRef(publisher.uri)),
        (DCAT.contactPoint, URIRef(iris.contact(base))),
        (DCAT.theme, [authority.theme(uri) for uri in told.theme]),
        (DCAT.keyword, keywords),
        (DCTERMS.accessRights, authority.access_right(told.access_rights)),
        (DCTERMS.license, authority.licence(told.licence)),
        (DCTERMS.rights, URIRef(iris.rights(base, told.id))),
        (DCTERMS.language, [authority.language(code) for code in told.language]),
        (DCTERMS["format"], authority.service_format(service.kind)),
        (DCTERMS.conformsTo, standards),
        (DCAT.endpointURL, URIRef(service.endpoint)),
        (DCAT.endpointDescription, described),
        (DCAT.servesDataset, dataset),
        (DCAT.landingPage, authority.document(iris.dataset_page(base, told.id))),
        (FOAF.page, authority.document(service.documentation) if service.documentation else None),
        (DCATAP.applicableLegislation, authority.laws(told.legislation, told.hvd_category)),
        (DCATAP.hvdCategory, [authority.hvd_category(uri) for uri in told.hvd_category]),
    )
    for address in (URIRef(service.endpoint), described):  # DCAT-AP 3.0.0 asks for the class that everything has
        yield address, RDF.type, RDFS.Resource


def _access(publisher: PublisherDescription, told: DatasetDescription, service: Service) -> Iterator[Triple]:
    """Describe the dataset as the service gives it; what it holds is what the service answers, so there is no size and no checksum."""
    base = publisher.base_uri
    yield from about(
        URIRef(iris.service_access(base, told.id, service.id)),
        (DCAT.Distribution,),
        (DCTERMS.title, texts(_title(told, service))),
        (DCTERMS.description, texts(service.description)),
        (DCAT.accessURL, URIRef(service.endpoint)),
        (DCAT.accessService, URIRef(iris.service(base, told.id, service.id))),
        (DCTERMS["format"], authority.service_format(service.kind)),
        (DCTERMS.conformsTo, authority.service_standard(service.kind)),
        (DCTERMS.license, authority.licence(told.licence)),
        (DCTERMS.rights, URIRef(iris.rights(base, told.id))),
        (ADMS.status, authority.distribution_status("COMPLETED")),
        (DCATAP.availability, authority.availability("AVAILABLE")),
        (DCATAP.applicableLegislation, authority.laws(told.legislation, told.hvd_category)),
    )


def described_at(service: Service) -> str:
    """Give where a service describes itself: as declared, else what the standard of its kind says to ask."""
    if service.description_url:
        return service.description_url
    request = lists.services()[service.kind].request
    return f"{service.endpoint}{'&' if '?' in service.endpoint else '?'}{request}" if request else service.endpoint


def _title(told: DatasetDescription, service: Service) -> Text:
    """Give the title that was declared, else that of the dataset with the kind of service behind it."""
    if service.title:
        return service.title
    kind = lists.services()[service.kind].label
    return Text(nl=f"{told.title.nl} ({kind.nl})", en=f"{told.title.en} ({kind.get('en')})" if told.title.en else None)
