"""Series: they have members, and say of time and place no less than their members do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rdflib import DCTERMS

from catalogue.namespaces import DCAT
from catalogue.rules.check import Check
from catalogue.rules.view import rule_of_whole, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib.term import Node

    from catalogue.findings import CatalogueFinding
    from catalogue.rules.view import View

EMPTY_SERIES = Check(
    "series-empty",
    nl="geen enkele dataset zegt dat zij bij deze serie hoort (dcat:inSeries).",
    en="no dataset says that it is in this series (dcat:inSeries).",
    source="DCAT-AP-NL 3.0, dcat:DatasetSeries",
    whole=True,
)
SERIES_PERIOD = Check(
    "series-period",
    nl="de periode van de serie dekt die van {member} niet.",
    en="the period of the series does not cover that of {member}.",
    severity="warning",
    props="dct:temporal",
    source="DCAT-AP-NL 3.0, dcat:DatasetSeries: dekt haar leden",
    whole=True,
)
SERIES_AREA = Check(
    "series-area",
    nl="het gebied van de serie dekt dat van {member} niet.",
    en="the area of the series does not cover that of {member}.",
    severity="warning",
    props="dct:spatial",
    source="DCAT-AP-NL 3.0, dcat:DatasetSeries: dekt haar leden",
    whole=True,
)

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_SLACK = 1e-6
"""Degrees (about a decimetre) that a box may stick out: boxes are rounded."""


class Box(NamedTuple):
    """A box in degrees."""

    west: float
    south: float
    east: float
    north: float


@rule_of_whole
def series(view: View) -> Iterator[CatalogueFinding]:
    """A series has members, and its period and area cover theirs as far as both are known."""
    members: dict[Node, set[Node]] = {}
    for member, _, whole in view.pairs(DCAT.inSeries):
        members.setdefault(whole, set()).add(member)
    for node in view.of(DCAT.DatasetSeries):
        found = sorted(members.get(node, ()), key=str)
        if not found:
            yield view.finding(EMPTY_SERIES, node)
        for member in found:
            if not _covers(_period(view, node), _period(view, member)):
                yield view.finding(SERIES_PERIOD, node, DCTERMS.temporal, member=shown(member))
            if not _holds(_box(view, node), _box(view, member)):
                yield view.finding(SERIES_AREA, node, DCTERMS.spatial, member=shown(member))


def _period(view: View, node: Node) -> tuple[str, str] | None:
    """Give the first and last moment of a resource; None where either end is open or not said."""
    starts, ends = [], []
    for period in view.values(node, DCTERMS.temporal):
        starts += [str(value) for value in view.values(period, DCAT.startDate)]
        ends += [str(value) for value in view.values(period, DCAT.endDate)]
    return (min(starts), max(ends)) if starts and ends else None


def _covers(whole: tuple[str, str] | None, part: tuple[str, str] | None) -> bool:
    """Whether a period covers another, compared at the precision that both have; what is not known is not held against anybody."""
    if whole is None or part is None:
        return True
    (start, end), (from_, to) = whole, part
    first, last = min(len(start), len(from_)), min(len(end), len(to))
    return start[:first] <= from_[:first] and to[:last] <= end[:last]


def _box(view: View, node: Node) -> Box | None:
    """Give the box around the boxes of a resource; None where it has none."""
    longitudes, latitudes = [], []
    for place in view.values(node, DCTERMS.spatial):
        for value in view.values(place, DCAT.bbox):
            numbers = [float(number) for number in _NUMBER.findall(str(value).rpartition(">")[2])]
            longitudes += numbers[0::2]
            latitudes += numbers[1::2]
    if not (longitudes and latitudes):
        return None
    return Box(min(longitudes), min(latitudes), max(longitudes), max(latitudes))


def _holds(whole: Box | None, part: Box | None) -> bool:
    """Whether a box holds another."""
    if whole is None or part is None:
        return True
    low = whole.west - _SLACK <= part.west and whole.south - _SLACK <= part.south
    return low and part.east <= whole.east + _SLACK and part.north <= whole.north + _SLACK
