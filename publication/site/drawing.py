"""Drawing a chosen figure in a language: the SVG, its title, what it says in words, legend and notes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import TYPE_CHECKING, Any

from config.errors import Language
from pages import maps, numbers, svg
from pages.texts import counted, text
from publication.site.figures import Areas, Bars, Moments, Points

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markupsafe import Markup

    from catalogue.model import ColumnFacts
    from publication.site.figures import Figure

KEY = "figure-drawing"
MOST_SPOTS = 4_000
"""Points that a map draws; ten bytes each."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure as a page shows it; `legend` is pairs of class and words."""

    title: str
    drawing: Markup
    notes: tuple[str, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()
    legend_title: str = ""


@singledispatch
def draw(figure: Figure, language: Language) -> Drawn:
    """Draw a figure."""
    raise NotImplementedError(type(figure).__name__)


@draw.register
def _bars(figure: Bars, language: Language) -> Drawn:
    items = [svg.Item(_label(label, language), float(amount), _amount(amount, figure.value, language)) for label, amount in figure.items]
    top, bottom = items[0], items[-1]
    title = _title(figure, language)
    description = text(
        "figure.bars_description",
        language,
        count=len(items),
        top=top.label,
        high=top.written,
        bottom=bottom.label,
        low=bottom.written,
    )
    shown = figure.total - figure.hidden
    notes = []
    if len(items) < shown:
        notes.append(text("figure.top", language, shown=len(items), total=numbers.integer(shown, language)))
    notes += _hidden(figure.hidden, language)
    return Drawn(title, svg.bars(items, key=KEY, title=title, description=description), tuple(notes))


def _title(figure: Bars, language: Language) -> str:
    column = name_of(figure.column, language)
    if figure.value is None:
        return text("figure.rows_per", language, column=lower_first(column))
    value = named(figure.value, language)
    if figure.moment is None:
        return text("figure.value_per", language, value=value, column=lower_first(column))
    moment = numbers.period(figure.moment, language)
    return text("figure.value_per_at", language, value=value, column=lower_first(column), moment=moment)


@draw.register
def _moments(figure: Moments, language: Language) -> Drawn:
    places = None if figure.period is None else 1
    items = [
        svg.Item(numbers.period(moment, language), float(amount), numbers.decimal(amount, language, places=places))
        for moment, amount in figure.items
    ]
    value = named(figure.value, language)
    if figure.period:
        period = text(f"figure.per_{figure.period}", language)
        title = text("figure.mean_per", language, value=lower_first(value), period=period)
    else:
        title = text("figure.value_per", language, value=value, column=lower_first(name_of(figure.column, language)))
    ordered = sorted(items, key=lambda item: item.value)
    description = text(
        "figure.columns_description",
        language,
        first=items[0].label,
        last=items[-1].label,
        high=ordered[-1].written,
        low=ordered[0].written,
    )
    drawing = svg.columns(items, key=KEY, title=title, description=description)
    return Drawn(title, drawing, tuple(_hidden(figure.hidden, language)))


@draw.register
def _points(figure: Points, language: Language) -> Drawn:
    stride = -(-len(figure.coordinates) // MOST_SPOTS)
    shown = figure.coordinates[::stride]
    title = text("figure.map_points", language)
    description = text("figure.map_points_description", language, count=numbers.integer(len(shown), language))
    notes = []
    if len(shown) < figure.total:
        told = {"shown": numbers.integer(len(shown), language), "total": numbers.integer(figure.total, language)}
        notes.append(text("figure.map_thinned", language, **told))
    return Drawn(title, maps.points(shown, key=KEY, title=title, description=description), tuple(notes))


@draw.register
def _areas(figure: Areas, language: Language) -> Drawn:
    values = [value for _, value, _ in figure.shapes if value is not None]
    groups = maps.classes(values)
    tolerance = _tolerance([shape for shape, _, _ in figure.shapes])
    shapes = [
        maps.Area(
            tuple(_rings(shape.simplify(tolerance))),
            None if value is None else _shade(value, groups),
            _called(name, value, figure.value, language),
        )
        for shape, value, name in figure.shapes
    ]
    count = numbers.integer(len(shapes), language)
    if figure.value is None:
        title = text("figure.map_areas", language)
        description = text("figure.map_areas_description", language, count=count)
        return Drawn(title, maps.areas(shapes, key=KEY, title=title, description=description))
    value = named(figure.value, language)
    title = text("figure.map_values", language, value=value)
    low, high = (numbers.decimal(edge, language) for edge in (min(values), max(values)))
    description = text("figure.map_values_description", language, count=count, low=low, high=high)
    legend = [(str(shade), _range(group, language)) for shade, group in enumerate(groups)]
    if len(values) < len(shapes):
        legend.append(("none", text("figure.legend_none", language)))
    drawing = maps.areas(shapes, key=KEY, title=title, description=description)
    return Drawn(title, drawing, legend=tuple(legend), legend_title=text("figure.legend", language, value=lower_first(value)))


def _tolerance(shapes: Sequence[Any]) -> float:
    """Give how far an outline may move: half a unit of the drawing."""
    boxes = [shape.bounds for shape in shapes]
    width = max(box[2] for box in boxes) - min(box[0] for box in boxes)
    height = max(box[3] for box in boxes) - min(box[1] for box in boxes)
    return float(max(width, height) / maps.WIDTH / 2)


def _rings(shape: Any) -> Iterator[tuple[tuple[float, float], ...]]:
    """Give every ring of a polygon or of the parts of a collection."""
    for part in getattr(shape, "geoms", [shape]):
        if part.geom_type == "Polygon":
            for ring in (part.exterior, *part.interiors):
                yield tuple((x, y) for x, y, *_ in ring.coords)


def _shade(value: float, groups: Sequence[tuple[float, float]]) -> int:
    return next(shade for shade, (_, high) in enumerate(groups) if value <= high)


def _range(group: tuple[float, float], language: Language) -> str:
    low, high = (numbers.decimal(edge, language) for edge in group)
    return low if low == high else text("figure.legend_range", language, low=low, high=high)


def _called(name: str, value: float | None, column: ColumnFacts | None, language: Language) -> str:
    if column is None:
        return name
    told = text("figure.legend_none", language) if value is None else _amount(value, column, language)
    return f"{name}: {told}" if name else told


def _hidden(count: int, language: Language) -> list[str]:
    return [text(counted("figure.hidden", count), language, count=numbers.integer(count, language))] if count else []


def _label(value: Any, language: Language) -> str:
    if value is None:
        return text("figure.empty", language)
    return numbers.period(str(value), language) if isinstance(value, str) else numbers.cell(value, language)


def _amount(amount: Any, column: ColumnFacts | None, language: Language) -> str:
    """Give an amount with its unit where that is a sign that stands behind a number."""
    written = numbers.decimal(amount, language) if not isinstance(amount, int) else numbers.integer(amount, language)
    return f"{written}%" if column is not None and column.unit == "%" else written


def name_of(column: ColumnFacts, language: Language) -> str:
    """Give what people call a column."""
    return column.title.get(language) if column.title else column.name


def named(column: ColumnFacts, language: Language) -> str:
    """Give what people call a figure, with its unit unless the name says it."""
    title = name_of(column, language)
    if not column.unit or column.unit.lower() in title.lower():
        return title
    return text("figure.with_unit", language, title=title, unit=column.unit)


def lower_first(name: str) -> str:
    """Give a name as it stands inside a sentence; an abbreviation keeps its capitals."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]
