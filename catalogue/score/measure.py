"""Measuring: what is true of each dataset and each of its distributions, metric by metric.

As piveau does: a property is available when it is there at all, a value is aligned when it is in the list. Compliance is taken from our
own shapes, which ask all that those of DCAT-AP ask and more: who complies here complies there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from rdflib import DCTERMS, Literal, URIRef

from catalogue.namespaces import DCAT
from catalogue.score import lists
from catalogue.score.metrics import METRICS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rdflib import Graph
    from rdflib.term import Node

OK = range(200, 300)


class Reach(Protocol):
    """How an address is tried."""

    def status(self, url: str) -> int:
        """Give the HTTP status of an address, 0 where no answer came."""
        ...


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured on one resource: metric → true or false; what was not measured is not in it.

    Attributes:
        statuses: metric → the HTTP status that counted.
    """

    node: Node
    values: Mapping[str, bool]
    statuses: Mapping[str, int]

    def points(self) -> int:
        """Add up its points, of every metric but the dates that count on either."""
        return sum(metric.points if self.values[metric.name] else metric.missing for metric in METRICS if metric.name in self.values)


_PRESENT: Mapping[str, URIRef] = {
    "keywordAvailability": DCAT.keyword,
    "categoryAvailability": DCAT.theme,
    "spatialAvailability": DCTERMS.spatial,
    "temporalAvailability": DCTERMS.temporal,
    "downloadUrlAvailability": DCAT.downloadURL,
    "formatAvailability": DCTERMS.format,
    "mediaTypeAvailability": DCAT.mediaType,
    "licenceAvailability": DCTERMS.license,
    "accessRightsAvailability": DCTERMS.accessRights,
    "contactPointAvailability": DCAT.contactPoint,
    "publisherAvailability": DCTERMS.publisher,
    "rightsAvailability": DCTERMS.rights,
    "byteSizeAvailability": DCAT.byteSize,
    "dateIssuedAvailability": DCTERMS.issued,
    "dateModifiedAvailability": DCTERMS.modified,
}
"""Metrics that ask only whether a property is there."""


def _values(graph: Graph, node: Node, prop: URIRef) -> list[str]:
    return sorted(str(value) for value in graph.objects(node, prop) if isinstance(value, URIRef | Literal))


def _file_type(graph: Graph, node: Node) -> list[str]:
    return _values(graph, node, DCTERMS.format)


_LISTED: Mapping[str, Callable[[Graph, Node], bool]] = {
    "formatMediaTypeVocabularyAlignment": lambda graph, node: (
        any(value in lists.file_types() for value in _file_type(graph, node))
        and any(lists.is_media_type(value) for value in _values(graph, node, DCAT.mediaType))
    ),
    "formatMediaTypeNonProprietary": lambda graph, node: any(value in lists.non_proprietary() for value in _file_type(graph, node)),
    "formatMediaTypeMachineInterpretable": lambda graph, node: any(value in lists.machine_readable() for value in _file_type(graph, node)),
    "knownLicence": lambda graph, node: any(value.rstrip("/") in lists.licences() for value in _values(graph, node, DCTERMS.license)),
    "accessRightsVocabularyAlignment": lambda graph, node: any(
        value in lists.access_rights() for value in _values(graph, node, DCTERMS.accessRights)
    ),
}
"""Metrics that look a value up in a list."""

_REQUESTED: Mapping[str, URIRef] = {"accessUrlStatusCode": DCAT.accessURL, "downloadUrlStatusCode": DCAT.downloadURL}
"""Metrics that ask an address; of several the best answer counts."""


def dataset(graph: Graph, node: Node, *, complies: bool) -> Measured:
    """Measure a dataset; `complies` says whether the shapes found nothing wrong with it or what hangs on it."""
    values = {"dcatApCompliance": complies} | _offline(graph, node, ("dataset", "either"))
    return Measured(node, values, {})


def distributions(graph: Graph, node: Node, reach: Reach | None) -> list[Measured]:
    """Measure the distributions of a dataset, sorted; without `reach` no address is tried.

    A date counts on a distribution only where it is there: else that of the dataset may count.
    """
    found = []
    for one in sorted(graph.objects(node, DCAT.distribution), key=str):
        values = _offline(graph, one, ("distribution",))
        dates = _offline(graph, one, ("either",))
        values |= {name: True for name, there in dates.items() if there}
        statuses = _online(graph, one, reach) if reach else {}
        found.append(Measured(one, values | {name: code in OK for name, code in statuses.items()}, statuses))
    return found


def _offline(graph: Graph, node: Node, on: Sequence[str]) -> dict[str, bool]:
    values = {}
    for metric in METRICS:
        if metric.on not in on or metric.online:
            continue
        if metric.name in _PRESENT:
            values[metric.name] = (node, _PRESENT[metric.name], None) in graph
        elif metric.name in _LISTED:
            values[metric.name] = _LISTED[metric.name](graph, node)
    return values


def _online(graph: Graph, node: Node, reach: Reach) -> dict[str, int]:
    """Try the addresses; a metric without an address has status 0."""
    found = {}
    for name, prop in _REQUESTED.items():
        codes = [reach.status(url) for url in _values(graph, node, prop)]
        good = [code for code in codes if code in OK]
        found[name] = (good or codes or [0])[0]
    return found
