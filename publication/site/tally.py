"""One pass over the rows of a release, keeping just what a preview and a figure need; memory does not grow with the rows."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pages.numbers import AMSTERDAM

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyarrow as pa

    from catalogue.model import ColumnFacts

PREVIEW_ROWS = 10
CATEGORIES = 200
"""A column with more different values than this is no category."""
CELLS = 20_000
"""A table that protection made is drawn up to this many cells."""
POINTS, AREAS = 20_000, 1_500
"""Points and areas that are kept; of more points each second is dropped, of more areas no map is made."""
DAYS = 40_000
NUMERIC = frozenset({"integer", "number", "decimal"})
TIMES = frozenset({"date", "datetime"})


@dataclass
class Tally:
    """What was kept.

    Attributes:
        first: the first rows, every column.
        counts: rows by value, for columns that are categories so far.
        cells: the rows of a computed table: its dimensions in order, then its figure.
        sums: by column of dates, figure and day: the sum and the number of rows.
        points: coordinates of the first geometry column, each `stride`-th; `located` counts all.
        areas: its areas, each with the cells of the figures in that row and the first text in it.
    """

    columns: Sequence[ColumnFacts]
    rows: int = 0
    first: list[tuple[Any, ...]] = field(default_factory=list)
    counts: dict[str, Counter[Any]] = field(default_factory=dict)
    cells: list[tuple[Any, ...]] | None = None
    sums: dict[tuple[str, str], dict[str, tuple[float, int]]] = field(default_factory=dict)
    points: list[tuple[float, float]] = field(default_factory=list)
    located: int = 0
    stride: int = 1
    areas: list[tuple[Any, dict[str, float], str]] | None = field(default_factory=list)

    def __post_init__(self) -> None:
        """Choose by the columns what to count."""
        kinds = {column.name: column.type for column in self.columns}
        self.measured = next((column.name for column in self.columns if column.measured), None)
        self.dimensions = [name for name, kind in kinds.items() if name not in {self.measured, "status"} and kind != "geometry"]
        self.geometry = next((name for name, kind in kinds.items() if kind == "geometry"), None)
        self.figures = [column.name for column in self.columns if column.type in NUMERIC and (column.unit or column.measured)]
        self.names = [name for name, kind in kinds.items() if kind == "string"]
        if self.measured:
            self.cells = []
        else:
            self.counts = {name: Counter() for name, kind in kinds.items() if kind in {"string", "boolean"}}
            times = [name for name, kind in kinds.items() if kind in TIMES]
            self.sums = {(time, figure): {} for time in times for figure in self.figures}

    def add(self, batch: pa.RecordBatch) -> None:
        """Take in a batch."""
        there = set(batch.schema.names)
        if len(self.first) < PREVIEW_ROWS:
            wanted = batch.slice(0, PREVIEW_ROWS - len(self.first))
            listed = [wanted.column(column.name).to_pylist() if column.name in there else [None] * len(wanted) for column in self.columns]
            self.first += list(zip(*listed, strict=True))
        self._count(batch)
        self._collect(batch)
        for (time, figure), days in list(self.sums.items()):
            self._sum(batch, time, figure, days)
        if self.geometry in there:
            self._locate(batch)
        self.rows += batch.num_rows

    def _count(self, batch: pa.RecordBatch) -> None:
        for name, counted in list(self.counts.items()):
            if name not in batch.schema.names:
                continue
            for entry in batch.column(name).value_counts().to_pylist():
                counted[entry["values"]] += entry["counts"]
            if len(counted) > CATEGORIES:
                del self.counts[name]

    def _collect(self, batch: pa.RecordBatch) -> None:
        if self.cells is None or self.measured not in batch.schema.names:
            return
        if len(self.cells) + batch.num_rows > CELLS:
            self.cells = None
            return
        self.cells += zip(*(batch.column(name).to_pylist() for name in (*self.dimensions, self.measured)), strict=True)

    def _sum(self, batch: pa.RecordBatch, time: str, figure: str, days: dict[str, tuple[float, int]]) -> None:
        """Add up a figure by day."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if not {time, figure} <= set(batch.schema.names) or pa.types.is_string(batch.column(time).type):
            return
        moments = batch.column(time)
        if pa.types.is_timestamp(moments.type) and moments.type.tz:
            # An instant belongs to the day it has in the Netherlands.
            moments = pc.local_timestamp(moments.cast(pa.timestamp(moments.type.unit, tz=AMSTERDAM)))
        stamps = pc.utf8_slice_codeunits(moments.cast(pa.string()), 0, 10)
        table = pa.table({"day": stamps, "figure": batch.column(figure).cast(pa.float64())})
        for row in table.group_by("day").aggregate([("figure", "sum"), ("figure", "count")]).to_pylist():
            if row["day"] is not None and row["figure_count"]:
                total, number = days.get(row["day"], (0.0, 0))
                days[row["day"]] = (total + row["figure_sum"], number + row["figure_count"])
        if len(days) > DAYS:
            self.sums.pop((time, figure), None)

    def _locate(self, batch: pa.RecordBatch) -> None:
        """Keep the places of a batch: points thinned, areas until there are too many."""
        shapes = decoded(batch.column(self.geometry))
        if self.areas is not None and any(shape is not None and shape.geom_type.endswith("Polygon") for shape in shapes):
            self._keep_areas(batch, shapes)
        for shape in shapes:
            if shape is None or shape.geom_type != "Point" or shape.is_empty:
                continue
            if self.located % self.stride == 0:
                self.points.append((shape.x, shape.y))
            self.located += 1
            if len(self.points) > POINTS:
                self.points, self.stride = self.points[::2], self.stride * 2

    def _keep_areas(self, batch: pa.RecordBatch, shapes: Sequence[Any]) -> None:
        if self.areas is None or len(self.areas) + batch.num_rows > AREAS:
            self.areas = None
            return
        there = set(batch.schema.names)
        figures = {name: batch.column(name).to_pylist() for name in self.figures if name in there}
        names = [batch.column(name).to_pylist() for name in self.names if name in there]
        for row, shape in enumerate(shapes):
            if shape is not None and not shape.is_empty:
                values = {name: float(cells[row]) for name, cells in figures.items() if _is_number(cells[row])}
                self.areas.append((shape, values, _name([cells[row] for cells in names])))


def tally(batches: Iterable[pa.RecordBatch], columns: Sequence[ColumnFacts]) -> Tally:
    """Go over all rows once."""
    kept = Tally(columns)
    for batch in batches:
        kept.add(batch)
    return kept


def decoded(values: pa.Array) -> Sequence[Any]:
    """Give geometries out of WKB, WKT or the JSON of a GeoJSON geometry."""
    import pyarrow as pa
    import shapely

    if not pa.types.is_string(values.type):
        from engine import geo

        return list(geo.decode(values))
    texts = values.to_pylist()
    is_json = any(text and text.startswith("{") for text in texts)
    read = shapely.from_geojson if is_json else shapely.from_wkt
    return list(read(texts))


def _is_number(value: Any) -> bool:
    return value is not None and not isinstance(value, str) and math.isfinite(value)


def _name(texts: Sequence[str | None]) -> str:
    """Choose what a person would call the area: the first text that is more than a code, else the first text."""
    found = [text for text in texts if text]
    return next((text for text in found if not any(letter.isdigit() for letter in text)), found[0] if found else "")


def by_period(days: dict[str, tuple[float, int]], most: int = 120) -> tuple[str, list[tuple[str, float]]]:
    """Give means by day, or by month or year where days are too many: the name of the period, and the moments in order."""
    for name, letters in (("day", 10), ("month", 7), ("year", 4)):
        merged: dict[str, list[tuple[float, int]]] = defaultdict(list)
        for day, part in days.items():
            merged[day[:letters]].append(part)
        if len(merged) <= most or name == "year":
            means = {
                moment: math.fsum(total for total, _ in parts) / sum(number for _, number in parts) for moment, parts in merged.items()
            }
            return name, sorted(means.items())
    raise AssertionError("a year always fits")
