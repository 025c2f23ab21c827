"""What CKAN can hold of our description, by the field names of ckanext-dcat (profile `euro_dcat_ap_3`), read from our own graph.

Reading the graph and not the facts keeps one source of what we say: CKAN says what DCAT-AP-NL says, as far as it can.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from rdflib import DCTERMS, FOAF, OWL, RDFS, SKOS, Graph, Literal, URIRef

from catalogue import dcat, iris
from catalogue.namespaces import ADMS, DCAT, DCATAP, SPDX, VCARD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.term import Node

    from catalogue.model import Entry, PublisherDescription

Fields = dict[str, Any]
"""Field → a text, a list of texts, or a list of objects of texts."""

ONE: Final = {
    "issued": DCTERMS.issued,
    "modified": DCTERMS.modified,
    "identifier": DCTERMS.identifier,
    "frequency": DCTERMS.accrualPeriodicity,
    "access_rights": DCTERMS.accessRights,
    "version": DCAT.version,
    "version_notes": ADMS.versionNotes,
    "temporal_resolution": DCAT.temporalResolution,
    "spatial_resolution_in_meters": DCAT.spatialResolutionInMeters,
    "url": DCAT.landingPage,
}
"""Field of a dataset → property with one value."""
MANY: Final = {
    "theme": DCAT.theme,
    "language": DCTERMS.language,
    "documentation": FOAF.page,
    "conforms_to": DCTERMS.conformsTo,
    "applicable_legislation": DCATAP.applicableLegislation,
    "hvd_category": DCATAP.hvdCategory,
    "has_version": DCAT.hasVersion,
    "alternate_identifier": ADMS.identifier,
}
OF_FILE: Final = {
    "issued": DCTERMS.issued,
    "modified": DCTERMS.modified,
    "license": DCTERMS.license,
    "availability": DCATAP.availability,
    "rights": DCTERMS.rights,
}


def dataset_fields(publisher: PublisherDescription, entry: Entry) -> Fields:
    """Give the fields of a dataset; those without a value are left out.

    Args:
        publisher: whose dataset it is.
        entry: the dataset, with what is public of it or its tombstone.
    """
    graph = dcat.build(publisher, [entry])
    node = URIRef(iris.dataset(publisher.base_uri, entry.description.id))
    found: Fields = {"title": _text(graph, node, DCTERMS.title), "notes": _text(graph, node, DCTERMS.description), "uri": str(node)}
    found |= {field: _text(graph, node, prop) for field, prop in ONE.items()}
    found |= {field: _texts(graph, node, prop) for field, prop in MANY.items()}
    found["keywords"] = sorted({str(word) for word in graph.objects(node, DCAT.keyword) if getattr(word, "language", None) in {None, "nl"}})
    found["provenance"] = _label(graph, node, DCTERMS.provenance)
    found["contact"] = [_contact(graph, each) for each in _ordered(graph.objects(node, DCAT.contactPoint))]
    found["publisher"] = [_agent(graph, each) for each in _ordered(graph.objects(node, DCTERMS.publisher))]
    found["creator"] = [_agent(graph, each) for each in _ordered(graph.objects(node, DCTERMS.creator))]
    found["temporal_coverage"] = [_period(graph, each) for each in _ordered(graph.objects(node, DCTERMS.temporal))]
    found["spatial_coverage"] = [_place(graph, each) for each in _ordered(graph.objects(node, DCTERMS.spatial))]
    found["qualified_relation"] = [_relation(graph, each) for each in _ordered(graph.objects(node, DCAT.qualifiedRelation))]
    return {field: value for field, value in found.items() if value}


def file_fields(publisher: PublisherDescription, entry: Entry) -> dict[str, Fields]:
    """Give the fields of every file that is public, by its address on the static portal."""
    graph = dcat.build(publisher, [entry])
    found: dict[str, Fields] = {}
    for node in _ordered(graph.subjects(DCAT.downloadURL)):
        told: Fields = {field: _text(graph, node, prop) for field, prop in OF_FILE.items()}
        told |= {"uri": str(node), "name": _text(graph, node, DCTERMS.title), "description": _text(graph, node, DCTERMS.description)}
        told["language"] = _texts(graph, node, DCTERMS.language)
        told["conforms_to"] = _texts(graph, node, DCTERMS.conformsTo)
        told["applicable_legislation"] = _texts(graph, node, DCATAP.applicableLegislation)
        told["rights"] = _label(graph, node, DCTERMS.rights)
        told["hash_algorithm"] = _text(graph, graph.value(node, SPDX.checksum), SPDX.algorithm)
        found[str(graph.value(node, DCAT.downloadURL))] = {field: value for field, value in told.items() if value}
    return found


def _ordered(nodes: Iterable[Node]) -> list[Node]:
    return sorted(nodes, key=str)


def _text(graph: Graph, node: Node | None, prop: Node) -> str:
    """Give one value, Dutch where there is a choice; empty where there is none."""
    values = list(graph.objects(node, prop)) if node is not None else []
    return str(min(values, key=_preference)) if values else ""


def _preference(value: Node) -> tuple[int, str]:
    language = value.language if isinstance(value, Literal) else None
    return {"nl": 0, None: 1}.get(language, 2), str(value)


def _texts(graph: Graph, node: Node, prop: Node) -> list[str]:
    return sorted(str(value) for value in graph.objects(node, prop))


def _label(graph: Graph, node: Node, prop: Node) -> str:
    """Give the label of what a property points at, or the address itself."""
    value = graph.value(node, prop)
    return _text(graph, value, RDFS.label) or (str(value) if value else "")


def _some(pairs: Iterator[tuple[str, str]]) -> dict[str, str]:
    return {name: value for name, value in pairs if value}


def _contact(graph: Graph, node: Node) -> dict[str, str]:
    email = _text(graph, node, VCARD.hasEmail).removeprefix("mailto:")
    told = (("uri", str(node)), ("name", _text(graph, node, VCARD.fn)), ("email", email), ("url", _text(graph, node, VCARD.hasURL)))
    return _some(iter(told))


def _agent(graph: Graph, node: Node) -> dict[str, str]:
    told = (("uri", str(node)), ("name", _text(graph, node, FOAF.name)), ("type", _text(graph, node, DCTERMS.type)))
    return _some(iter(told))


def _period(graph: Graph, node: Node) -> dict[str, str]:
    return _some(iter((("start", _text(graph, node, DCAT.startDate)), ("end", _text(graph, node, DCAT.endDate)))))


def _place(graph: Graph, node: Node) -> dict[str, str]:
    """Give a place; CKAN keeps shapes as GeoJSON."""
    same = next((str(one) for one in _ordered(graph.objects(node, OWL.sameAs))), str(node))
    told = (
        ("uri", same),
        ("text", _text(graph, node, SKOS.prefLabel) or _text(graph, node, RDFS.label)),
        ("bbox", _geojson(_text(graph, node, DCAT.bbox))),
    )
    return _some(iter(told))


def _geojson(wkt: str) -> str:
    """Give a WKT shape as GeoJSON, empty for an empty one."""
    if not wkt:
        return ""
    from shapely import from_wkt, to_geojson

    return json.dumps(json.loads(to_geojson(from_wkt(wkt.partition("> ")[2] if wkt.startswith("<") else wkt))), sort_keys=True)


def _relation(graph: Graph, node: Node) -> dict[str, str]:
    told = (("uri", str(node)), ("relation", _text(graph, node, DCTERMS.relation)), ("role", _text(graph, node, DCAT.hadRole)))
    return _some(iter(told))
