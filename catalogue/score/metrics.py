"""The metrics of the European metadata quality assessment, with their points.

Names, dimensions and points are those of piveau's DQV vocabulary (`piveau-dqv-vocabulary`, namespace `PV`), which data.europa.eu uses: 325
points can be told from the metadata, 80 more need a request to the addresses. A format or media type that is missing costs 5 points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

Dimension = Literal["findability", "accessibility", "interoperability", "reusability", "contextuality"]
DIMENSIONS: Final[tuple[Dimension, ...]] = get_args(Dimension)
Band = Literal["excellent", "good", "sufficient", "bad"]

PV: Final = "https://piveau.eu/ns/voc#"
"""The namespace of piveau's metrics and dimensions."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric.

    Attributes:
        name: piveau's name.
        points: what a dataset gets when it is true, `missing` when it is false.
        on: what it is measured on; a date counts once, of the best distribution or else of the dataset.
        prop: the property to mend.
        online: whether it takes a request over the network.
    """

    name: str
    dimension: Dimension
    points: int
    on: Literal["dataset", "distribution", "either"]
    prop: str
    missing: int = 0
    online: bool = False

    @property
    def uri(self) -> str:
        """The IRI of the metric in piveau's vocabulary."""
        return f"{PV}{self.name}"


METRICS: Final[tuple[Metric, ...]] = (
    Metric("keywordAvailability", "findability", 30, "dataset", "dcat:keyword"),
    Metric("categoryAvailability", "findability", 30, "dataset", "dcat:theme"),
    Metric("spatialAvailability", "findability", 20, "dataset", "dct:spatial"),
    Metric("temporalAvailability", "findability", 20, "dataset", "dct:temporal"),
    Metric("accessUrlStatusCode", "accessibility", 50, "distribution", "dcat:accessURL", online=True),
    Metric("downloadUrlAvailability", "accessibility", 20, "distribution", "dcat:downloadURL"),
    Metric("downloadUrlStatusCode", "accessibility", 30, "distribution", "dcat:downloadURL", online=True),
    Metric("formatAvailability", "interoperability", 20, "distribution", "dct:format", missing=-5),
    Metric("mediaTypeAvailability", "interoperability", 10, "distribution", "dcat:mediaType", missing=-5),
    Metric("formatMediaTypeVocabularyAlignment", "interoperability", 10, "distribution", "dct:format"),
    Metric("formatMediaTypeNonProprietary", "interoperability", 20, "distribution", "dct:format"),
    Metric("formatMediaTypeMachineInterpretable", "interoperability", 20, "distribution", "dct:format"),
    Metric("dcatApCompliance", "interoperability", 30, "dataset", "dcat:Dataset"),
    Metric("licenceAvailability", "reusability", 20, "distribution", "dct:license"),
    Metric("knownLicence", "reusability", 10, "distribution", "dct:license"),
    Metric("accessRightsAvailability", "reusability", 10, "dataset", "dct:accessRights"),
    Metric("accessRightsVocabularyAlignment", "reusability", 5, "dataset", "dct:accessRights"),
    Metric("contactPointAvailability", "reusability", 20, "dataset", "dcat:contactPoint"),
    Metric("publisherAvailability", "reusability", 10, "dataset", "dct:publisher"),
    Metric("rightsAvailability", "contextuality", 5, "distribution", "dct:rights"),
    Metric("byteSizeAvailability", "contextuality", 5, "distribution", "dcat:byteSize"),
    Metric("dateIssuedAvailability", "contextuality", 5, "either", "dct:issued"),
    Metric("dateModifiedAvailability", "contextuality", 5, "either", "dct:modified"),
)

MOST: Final = sum(metric.points for metric in METRICS)
OFFLINE: Final = sum(metric.points for metric in METRICS if not metric.online)

_BANDS: Final[tuple[tuple[int, Band], ...]] = ((350, "excellent"), (220, "good"), (120, "sufficient"))
"""A score above this many points is in the band."""


def band(points: float, most: int = MOST) -> Band:
    """Give the rating of a score, on the scale of 405 points whatever was measured."""
    scaled = points * MOST / most if most else 0
    return next((name for above, name in _BANDS if scaled > above), "bad")


def points_of(prop: str | None) -> int:
    """Give the points that hang on a property: what a dataset loses at most when it is wrong, whether it needs the network or not."""
    return sum(metric.points for metric in METRICS if metric.prop == prop)
