"""The score of a catalogue: each dataset with its points, its rating, and what to mend first.

As piveau's `scoreMetrics` does: of the distributions only the one with most points counts, to which the dataset's own metrics are added;
a date that the best distribution has is not counted again on the dataset. The catalogue has the mean of its datasets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rdflib import RDF

from catalogue.hints import hint
from catalogue.namespaces import DCAT
from catalogue.rules.view import View, name
from catalogue.score import measure
from catalogue.score.metrics import DIMENSIONS, METRICS, MOST, OFFLINE, Band, Dimension, Metric, band

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from rdflib import Graph
    from rdflib.term import Node

    from catalogue.findings import CatalogueFinding
    from catalogue.score.measure import Measured, Reach

SCHEMA = "score/1"
DATES = frozenset(metric.name for metric in METRICS if metric.on == "either")


@dataclass(frozen=True, slots=True)
class Loss:
    """Points that a dataset does not get, and what brings them in.

    Attributes:
        node: the dataset, or its best distribution.
        status: the HTTP status that cost them, None for metadata.
        file, key, mend_nl, mend_en: where to mend it and what to type, as in a finding.
    """

    metric: Metric
    points: int
    node: str
    status: int | None
    file: str | None
    key: str | None
    mend_nl: str
    mend_en: str

    def as_json(self) -> dict[str, Any]:
        """Give the form that results carry."""
        return {
            "metric": self.metric.name,
            "dimension": self.metric.dimension,
            "property": self.metric.prop,
            "points": self.points,
            "node": self.node,
            "status": self.status,
            "file": self.file,
            "key": self.key,
            "mend": {"nl": self.mend_nl, "en": self.mend_en},
        }


@dataclass(frozen=True, slots=True)
class DatasetScore:
    """The score of one dataset.

    Attributes:
        dataset: its id (ours) or IRI; `node` its IRI.
        points: out of `most`; by dimension in `dimensions`.
        best: the distribution that counted; `worst` the points with the distribution that has fewest instead.
        values: metric → what was measured, true or false, on what counted.
        withdrawn: it says that it was withdrawn, and is left out of the mean.
    """

    dataset: str
    node: str
    points: int
    most: int
    worst: int
    dimensions: Mapping[Dimension, int]
    best: str | None
    values: Mapping[str, bool]
    statuses: Mapping[str, int]
    losses: tuple[Loss, ...]
    withdrawn: bool = False

    @property
    def band(self) -> Band:
        """The rating."""
        return band(self.points, self.most)

    def as_json(self) -> dict[str, Any]:
        """Give the form that results carry."""
        return {
            "dataset": self.dataset,
            "node": self.node,
            "points": self.points,
            "most": self.most,
            "band": self.band,
            "worst": self.worst,
            "dimensions": dict(self.dimensions),
            "best_distribution": self.best,
            "metrics": dict(self.values),
            "statuses": dict(self.statuses),
            "withdrawn": self.withdrawn,
            "mend_first": [loss.as_json() for loss in self.losses],
        }


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a catalogue: the mean of its datasets, out of `most` (325 offline, 405 where addresses were tried)."""

    datasets: tuple[DatasetScore, ...]
    most: int

    @property
    def counted(self) -> tuple[DatasetScore, ...]:
        """The datasets that count: those not withdrawn."""
        return tuple(one for one in self.datasets if not one.withdrawn)

    @property
    def points(self) -> float:
        """The mean, in hundredths of a point."""
        return round(sum(one.points for one in self.counted) / len(self.counted), 2) if self.counted else 0.0

    @property
    def dimensions(self) -> dict[Dimension, float]:
        """The mean of each dimension."""
        count = len(self.counted)
        return {name: round(sum(one.dimensions[name] for one in self.counted) / count, 2) if count else 0.0 for name in DIMENSIONS}

    @property
    def band(self) -> Band:
        """The rating."""
        return band(self.points, self.most)

    def mend_first(self) -> tuple[tuple[Metric, int, int], ...]:
        """Give the metrics that lose most over the whole catalogue: with how many datasets lose them and the points together."""
        sums: dict[str, tuple[Metric, int, int]] = {}
        for one in self.counted:
            for loss in one.losses:
                _, times, points = sums.get(loss.metric.name, (loss.metric, 0, 0))
                sums[loss.metric.name] = (loss.metric, times + 1, points + loss.points)
        return tuple(sorted(sums.values(), key=lambda found: (-found[2], found[0].name)))

    def as_json(self) -> dict[str, Any]:
        """Give "score/1"."""
        return {
            "schema": SCHEMA,
            "points": self.points,
            "most": self.most,
            "band": self.band,
            "dimensions": self.dimensions,
            "mend_first": [{"metric": metric.name, "datasets": times, "points": points} for metric, times, points in self.mend_first()],
            "datasets": [one.as_json() for one in self.datasets],
        }


def score(graph: Graph, findings: Collection[CatalogueFinding], reach: Reach | None = None) -> Score:
    """Score a catalogue.

    Args:
        graph: the catalogue.
        findings: of its validation; a violation of a shape costs a dataset its compliance.
        reach: how addresses are tried; None: offline, 325 points at most.
    """
    view = View(graph)
    wrong = {finding.dataset for finding in findings if finding.severity == "violation" and finding.code == "catalogue.shape"}
    most = MOST if reach else OFFLINE
    return Score(tuple(_one(view, node, wrong, reach, most) for node in members(view)), most)


def members(view: View) -> list[Node]:
    """Give the datasets that a catalogue lists, sorted; without a catalogue every dataset that is no version of another."""
    graph = view.graph
    listed = {node for catalogue in view.of(DCAT.Catalog) for node in graph.objects(catalogue, DCAT.dataset)}
    if not listed:
        versions = set(graph.objects(None, DCAT.hasVersion))
        listed = {node for node in view.datasets if node not in versions}
    return sorted((node for node in listed if (node, RDF.type, None) in graph), key=str)


def _one(view: View, node: Node, wrong: Collection[str | None], reach: Reach | None, most: int) -> DatasetScore:
    owner = view.owner(node) or name(node)
    own = measure.dataset(view.graph, node, complies=owner not in wrong)
    options = measure.distributions(view.graph, node, reach)
    best = max(options, key=lambda one: one.points()) if options else None
    worst = min(options, key=lambda one: one.points()) if options else None
    values, statuses = _counted(own, best)
    points = _points(values)
    return DatasetScore(
        dataset=owner,
        node=name(node),
        points=sum(points.values()),
        most=most,
        worst=sum(_points(_counted(own, worst)[0]).values()),
        dimensions=points,
        best=name(best.node) if best else None,
        values=values,
        statuses=statuses,
        losses=tuple(sorted(_losses(owner, own, best, values, statuses), key=lambda loss: (-loss.points, loss.metric.name))),
        withdrawn=node in view.withdrawn,
    )


def _counted(own: Measured, best: Measured | None) -> tuple[dict[str, bool], dict[str, int]]:
    """Put together what counts: of the distribution, then of the dataset; a date of the distribution is not counted twice."""
    values = dict(best.values) if best else {}
    for metric, value in own.values.items():
        values.setdefault(metric, value)
    return {metric.name: values[metric.name] for metric in METRICS if metric.name in values}, dict(best.statuses) if best else {}


def _points(values: Mapping[str, bool]) -> dict[Dimension, int]:
    points: dict[Dimension, int] = dict.fromkeys(DIMENSIONS, 0)
    for metric in METRICS:
        if metric.name in values:
            points[metric.dimension] += metric.points if values[metric.name] else metric.missing
    return points


def _losses(owner: str, own: Measured, best: Measured | None, values: Mapping[str, bool], statuses: Mapping[str, int]) -> Iterator[Loss]:
    """Say what is lost; without a distribution everything that is measured on one."""
    for metric in METRICS:
        measured = metric.name in values
        if values.get(metric.name) or (not measured and (best or metric.online)):
            continue
        found = hint("dcat:distribution" if not measured else metric.prop)
        ours = "/" not in owner
        file = None if found is None or not ours else "municipality.yaml" if found.municipality else f"datasets/{owner}.yaml"
        yield Loss(
            metric=metric,
            points=metric.points - (metric.missing if measured else 0),
            node=name(own.node if best is None or metric.on != "distribution" else best.node),
            status=statuses.get(metric.name),
            file=file,
            key=found.key if found else None,
            mend_nl=found.nl if found else "",
            mend_en=found.en if found else "",
        )
