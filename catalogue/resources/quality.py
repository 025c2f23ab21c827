"""How good the data are, in the Data Quality Vocabulary (W3C DQV): each check of the public quality report as a measurement of a version.

A check of rows is measured as the share of rows that pass, another as whether it succeeded; each dimension as the share of its checks that
succeeded. A metric is the check of a type in a dimension, so that datasets can be compared; neither limits nor columns are named here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rdflib import RDFS, SKOS, XSD, Literal, URIRef

from catalogue import iris
from catalogue.namespaces import DQV
from catalogue.triples import about, texts, typed
from config import lists
from config.models.base import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from catalogue.model import PublisherDescription, ReleaseFacts
    from catalogue.triples import Triple

_GALLERY = "https://greatexpectations.io/expectations/"


def quality(publisher: PublisherDescription, release: ReleaseFacts, *, current: bool) -> Iterator[Triple]:
    """Describe what was measured of a version; the dataset itself is what its `current` version is."""
    base = publisher.base_uri
    node = URIRef(iris.version(base, release.dataset, release.version))
    bearers = (node, URIRef(iris.dataset(base, release.dataset))) if current else (node,)
    for number, result in enumerate(release.quality.get("results", ()), 1):
        yield from _check(base, node, bearers, number, result)
    for name, told in sorted(release.quality.get("dimensions", {}).items()):
        metric = URIRef(iris.part(iris.catalogue(base), f"metric-passed-{name}"))
        yield from _metric(base, metric, name, Text(nl="aandeel van de controles dat slaagt", en="share of checks that pass"), XSD.decimal)
        yield from _measurement(node, bearers, f"quality-{name}", metric, _decimal(told["score"]))


def _check(base: str, node: URIRef, bearers: tuple[URIRef, ...], number: int, result: Mapping[str, Any]) -> Iterator[Triple]:
    """Describe one check; one that could not be computed measured nothing."""
    if result.get("error"):
        return
    kind, dimension = result["type"], result["dimension"]
    total, wrong = result.get("element_count"), result.get("unexpected_count")
    share = (total - wrong) / total if total and wrong is not None else None
    rows = share is not None
    metric = URIRef(iris.part(iris.catalogue(base), f"metric-{kind}-{dimension}{'-share' if rows else ''}"))
    yield from _metric(base, metric, dimension, kind, XSD.decimal if rows else XSD.boolean)
    yield metric, RDFS.seeAlso, URIRef(_GALLERY + kind)
    value = _decimal(share) if share is not None else typed("true" if result.get("success") else "false", XSD.boolean)
    words = result.get("text") or {}
    said = texts(Text(nl=words["nl"], en=words.get("en"))) if words.get("nl") else []
    yield from _measurement(node, bearers, f"quality-{number}", metric, value, said)


def _measurement(
    node: URIRef, bearers: tuple[URIRef, ...], name: str, metric: URIRef, value: Literal, said: list[Literal] | None = None
) -> Iterator[Triple]:
    made = URIRef(iris.part(str(node), name))
    for bearer in bearers:
        yield bearer, DQV.hasQualityMeasurement, made
    yield from about(
        made,
        (DQV.QualityMeasurement,),
        (DQV.isMeasurementOf, metric),
        (DQV.computedOn, bearers),
        (DQV.value, value),
        (RDFS.label, said),
    )


def _metric(base: str, node: URIRef, dimension: str, name: Text | str, datatype: URIRef) -> Iterator[Triple]:
    """Describe a metric and the dimension it belongs to."""
    found = lists.dimensions()[dimension]
    of = URIRef(iris.part(iris.catalogue(base), f"dimension-{dimension}"))
    label = Literal(name) if isinstance(name, str) else texts(name)
    yield from about(node, (DQV.Metric,), (SKOS.prefLabel, label), (DQV.expectedDataType, datatype), (DQV.inDimension, of))
    close = URIRef(found.close) if found.close else None
    yield from about(of, (DQV.Dimension,), (SKOS.prefLabel, texts(found.label)), (SKOS.closeMatch, close))


def _decimal(value: float) -> Literal:
    """Give a share with at most four decimals."""
    text = f"{value:.4f}".rstrip("0")
    return typed(f"{text}0" if text.endswith(".") else text, XSD.decimal)
