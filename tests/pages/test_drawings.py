"""Charts and maps: what is drawn is as long, as high or as far as what it stands for, and a label is never more than text."""

from __future__ import annotations

import math
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages import maps, svg

AMOUNTS = st.lists(st.floats(0, 1e9), min_size=1, max_size=30)
COORDINATES = st.lists(
    st.tuples(st.floats(-170, 170).map(lambda x: round(x, 3)), st.floats(-80, 80).map(lambda y: round(y, 3))), min_size=1, max_size=50
)


class Shape(HTMLParser):
    """The elements and attribute names of a piece of HTML, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.shape: list[tuple[str, ...]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append((tag, *(name for name, _ in attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.shape.append((f"/{tag}",))

    def handle_comment(self, data: str) -> None:
        self.shape.append(("comment", data))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def items(amounts: list[float]) -> list[svg.Item]:
    return [svg.Item(f"item {number}", amount, f"{amount:g}") for number, amount in enumerate(amounts)]


def parsed(drawing: str) -> ET.Element:
    return ET.fromstring(drawing)  # noqa: S314 - made just above


def drawn(drawing: str, css: str) -> list[ET.Element]:
    return [element for element in parsed(drawing).iter() if element.get("class") == css]


@given(AMOUNTS)
def test_bars_are_as_long_as_their_amounts_and_add_up(amounts: list[float]) -> None:
    drawing = str(svg.bars(items(amounts), key="k", title="t", description="d"))
    widths = [float((bar.get("width") or "").removesuffix("%")) for bar in drawn(drawing, "figure-bar")]
    greatest = max(amounts)
    assert len(widths) == len(amounts)
    assert all(0 <= width <= 100 for width in widths)
    for width, amount in zip(widths, amounts, strict=True):
        assert width == pytest.approx(100 * amount / greatest if greatest else 0, abs=0.005)
    if greatest:
        assert max(widths) == 100
        assert sum(widths) * greatest / 100 == pytest.approx(sum(amounts), abs=0.005 * len(amounts) * greatest / 100 + 1e-6 * sum(amounts))


@given(AMOUNTS)
def test_columns_stand_on_one_line_and_are_as_high_as_their_amounts(amounts: list[float]) -> None:
    drawing = str(svg.columns(items(amounts), key="k", title="t", description="d"))
    found = [
        {name: float((bar.get(name) or "").removesuffix("%")) for name in ("x", "y", "width", "height")}
        for bar in drawn(drawing, "figure-bar")
    ]
    greatest = max(amounts)
    for bar, amount in zip(found, amounts, strict=True):
        assert bar["y"] + bar["height"] == pytest.approx(svg.TOP + svg.PLOT, abs=0.02)
        assert bar["height"] == pytest.approx(svg.PLOT * amount / greatest if greatest else 0, abs=0.01)
    for left, right in pairwise(found):
        assert left["x"] + left["width"] <= right["x"] + 0.01
    assert found[-1]["x"] + found[-1]["width"] <= 100


def test_a_chart_says_what_it_is() -> None:
    root = parsed(str(svg.bars(items([1, 2]), key="k", title="Titel", description="Uitleg")))
    ids = {element.get("id"): element.text for element in root.iter() if element.get("id")}
    assert root.get("role") == "img"
    assert [ids[name] for name in (root.get("aria-labelledby") or "").split()] == ["Titel", "Uitleg"]
    assert not [element for element in root.iter() if element.get("style")]


def test_a_drawing_without_anything_is_still_a_drawing() -> None:
    for drawing in (
        svg.bars([], key="k", title="t", description="d"),
        svg.columns([], key="k", title="t", description="d"),
        maps.points([], key="k", title="t", description="d"),
        maps.areas([], key="k", title="t", description="d"),
    ):
        assert parsed(str(drawing)).tag == "svg"


@given(st.text(), st.text(), st.text())
def test_no_text_breaks_out_of_a_drawing(label: str, title: str, description: str) -> None:
    square = (((0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.0, 0.0)),)

    def every(label: str, title: str, description: str) -> str:
        told = {"key": "k", "title": title, "description": description}
        two = [svg.Item(label, 1.0, label), svg.Item(label, 2.0, label)]
        return "".join([
            str(svg.bars(two, **told)), str(svg.columns(two, **told)),
            str(maps.areas([maps.Area(square, 0, label)], **told)), str(maps.points([(0.0, 0.0)], **told)),
        ])  # fmt: skip

    assert Shape(every(label, title, description)).shape == Shape(every("a", "b", "c")).shape


@given(st.text(max_size=80))
def test_a_shortened_label_fits_and_starts_as_the_label(label: str) -> None:
    short = svg.shortened(label)
    assert len(short) <= svg.LABEL
    assert label.startswith(short.removesuffix("…").rstrip()) if short != label else True


@given(COORDINATES)
def test_points_lie_inside_the_map_north_up_and_east_right(coordinates: list[tuple[float, float]]) -> None:
    fitted = maps.frame(coordinates)
    assert fitted
    placed = {point: fitted.place(*point) for point in coordinates}
    for x, y in placed.values():
        assert maps.MARGIN - 0.01 <= x <= maps.WIDTH - maps.MARGIN + 0.01
        assert maps.MARGIN - 0.01 <= y <= fitted.height - maps.MARGIN + 0.01
    for (west, south), (left, low) in placed.items():
        for (east, north), (right, high) in placed.items():
            assert west >= east or left < right
            assert south >= north or low > high


def test_a_square_in_metres_is_square_and_one_in_degrees_is_narrowed() -> None:
    metres = maps.frame([(100_000, 400_000), (101_000, 401_000)])
    degrees = maps.frame([(4.0, 52.0), (4.01, 52.01)])
    assert metres
    assert degrees
    for fitted, west, north, step, narrow in (
        (metres, 100_000, 401_000, 1000, 1.0),
        (degrees, 4.0, 52.01, 0.01, math.cos(math.radians(52.005))),
    ):
        left, top = fitted.place(west, north)
        right, bottom = fitted.place(west + step, north - step)
        assert (right - left) / (bottom - top) == pytest.approx(narrow, rel=1e-6)


@given(st.lists(st.integers(-50, 50).map(float), min_size=1, max_size=60))
def test_classes_hold_every_value_once_and_about_as_many_each(values: list[float]) -> None:
    groups = maps.classes(values)
    assert 1 <= len(groups) <= maps.CLASSES
    assert [edge for group in groups for edge in group] == sorted(edge for group in groups for edge in group)
    counted = Counter(next(at for at, (low, high) in enumerate(groups) if low <= value <= high) for value in values)
    assert sorted(counted) == list(range(len(groups)))
    assert sum(sum(low <= value <= high for low, high in groups) for value in values) == len(values)
    if len(set(values)) == len(values):
        assert max(counted.values()) - min(counted.values()) <= 1
