"""Maps as inline SVG: points, or areas that are darker where a value is higher. North is up; there is no background and no outside tile.

Coordinates come in as planar pairs (degrees or metres); degrees are narrowed by the cosine of the middle latitude so that shapes look
right.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pages.svg import number_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markupsafe import Markup

    Ring = Sequence[tuple[float, float]]

WIDTH, MARGIN = 800.0, 10.0
FLATTEST, TALLEST = 0.35, 1.25
"""The height of a map as a share of its width, at least and at most."""

CLASSES = 5
DEGREES = 180.0
"""Coordinates that stay within this are taken for degrees."""


@dataclass(frozen=True, slots=True)
class Area:
    """One area: its rings (outer ones and holes alike), its class from 0 to 4 or None without a value, and what it is called."""

    rings: Sequence[Ring]
    shade: int | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """How coordinates become those of the drawing."""

    west: float
    north: float
    narrow: float
    scale: float
    height: float

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Give where a coordinate lies in the drawing."""
        return MARGIN + (x - self.west) * self.narrow * self.scale, MARGIN + (self.north - y) * self.scale


def frame(coordinates: Iterable[tuple[float, float]]) -> Frame | None:
    """Fit coordinates into the drawing; None where there are none."""
    found = list(coordinates)
    if not found:
        return None
    west, east = min(x for x, _ in found), max(x for x, _ in found)
    south, north = min(y for _, y in found), max(y for _, y in found)
    degrees = max(abs(west), abs(east), abs(south), abs(north)) <= DEGREES
    narrow = math.cos(math.radians(min(abs(south + north) / 2, 80.0))) if degrees else 1.0
    wide, tall = (east - west) * narrow, north - south
    room = WIDTH - 2 * MARGIN
    scale = min(room / wide if wide else math.inf, room * TALLEST / tall if tall else math.inf)
    scale = scale if math.isfinite(scale) else 1.0
    height = max(tall * scale, room * FLATTEST)
    # What is smaller than the drawing stands in its middle.
    west -= (room / scale - wide) / 2 / narrow
    north += (height / scale - tall) / 2
    return Frame(west, north, narrow, scale, height + 2 * MARGIN)


def points(coordinates: Sequence[tuple[float, float]], *, key: str, title: str, description: str) -> Markup:
    """Draw points; those that fall on one spot are drawn once."""
    from markupsafe import Markup

    fitted = frame(coordinates)
    spots = sorted({tuple(round(part) for part in fitted.place(x, y)) for x, y in coordinates}) if fitted else []
    # One path of empty strokes with round ends: ten bytes a point instead of forty for a circle.
    path = "".join(f"M{x} {y}h0" for x, y in spots)
    drawn = Markup('<path class="map-points" d="{}"/>').format(path)
    return _map(drawn, fitted, key=key, title=title, description=description)


def areas(shapes: Sequence[Area], *, key: str, title: str, description: str) -> Markup:
    """Draw areas in the order given."""
    from markupsafe import Markup

    fitted = frame(point for shape in shapes for ring in shape.rings for point in ring)
    drawn = [
        Markup('<path class="map-area map-{}" d="{}"><title>{}</title></path>').format(
            "none" if shape.shade is None else shape.shade, _path(shape.rings, fitted), shape.label
        )
        for shape in shapes
        if fitted
    ]
    return _map(Markup().join(drawn), fitted, key=key, title=title, description=description)


def _path(rings: Sequence[Ring], fitted: Frame) -> str:
    """Give rings as one path, to a tenth of a unit."""
    parts = []
    for ring in rings:
        placed = [fitted.place(x, y) for x, y in ring]
        text = "L".join(f"{number_text(x, 1)} {number_text(y, 1)}" for x, y in placed)
        parts.append(f"M{text}Z")
    return "".join(parts)


def _map(drawn: Markup, fitted: Frame | None, *, key: str, title: str, description: str) -> Markup:
    """Wrap what was drawn as one image with a name and a description."""
    from markupsafe import Markup

    return Markup(
        '<svg class="figure-map" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{key}-title {key}-desc" focusable="false">'
        '<title id="{key}-title">{title}</title><desc id="{key}-desc">{description}</desc>{drawn}</svg>'
    ).format(
        width=number_text(WIDTH),
        height=number_text(math.ceil(fitted.height) if fitted else WIDTH * FLATTEST),
        key=key,
        title=title,
        description=description,
        drawn=drawn,
    )


def classes(values: Sequence[float]) -> tuple[tuple[float, float], ...]:
    """Divide values over at most five classes that hold about as many each; give the lowest and highest value of every class.

    Equal values are in one class, so there may be fewer classes and they may differ in size.
    """
    ordered = sorted(values)
    groups: list[list[float]] = []
    for number, value in enumerate(ordered):
        due = min(number * CLASSES // len(ordered), CLASSES - 1)
        if not groups or (len(groups) <= due and value != groups[-1][-1]):
            groups.append([])
        groups[-1].append(value)
    return tuple((group[0], group[-1]) for group in groups)
