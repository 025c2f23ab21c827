"""Checks of one figure of a column: lowest, highest, mean, median, deviation, total, quantiles, share that is filled in."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from engine.session import quoted
from quality.native.arguments import holds
from quality.native.cells import MOMENTS, NUMERIC, NotNative, instant, is_number, micros
from quality.native.plan import Found, Plan, aggregate, both, count

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from quality.native.arguments import Arguments
    from quality.native.cells import Columns
    from quality.native.plan import Values

CLOSE = 1e-4
"""How near a quantile may lie to its bound, relatively, as Great Expectations has it."""


def mean_of(name: str, where: str | None) -> str:
    """Give the aggregate of a mean: summed with a correction (Kahan), so that the order of rows hardly shows."""
    return aggregate(f"favg(CAST({quoted(name)} AS DOUBLE))", where)


def sample_deviation(name: str, where: str | None) -> str:
    """Give the aggregate of a sample standard deviation (n - 1); NULL below two cells."""
    return aggregate(f"stddev_samp(CAST({quoted(name)} AS DOUBLE))", _finite(name, where))


def unbounded(name: str, where: str | None, columns: Columns) -> Mapping[str, str]:
    """Give the aggregate that counts infinite cells: what a mean of those is, is left to Great Expectations."""
    if columns.kind(name) != "number":
        return {}
    return {"infinite": count(both(where, f"isinf({quoted(name)})"))}


def _finite(name: str, where: str | None) -> str | None:
    return both(where, f"isfinite(CAST({quoted(name)} AS DOUBLE))")


def steady(value: float) -> float:
    """Give a computed figure without the last digits, in which runs in parallel differ."""
    return float(f"{value:.14g}")


def extreme(which: str) -> Callable[[Arguments], Plan]:
    """Give ``expect_column_max_to_be_between`` or its sister for ``min``."""

    def compile_(arguments: Arguments) -> Plan:
        name = arguments.column()
        kind = arguments.columns.kind(name)
        if kind not in NUMERIC | MOMENTS:
            raise NotNative
        bounds = arguments.bounds(kind)
        where = arguments.condition()
        arguments.done()
        if kind in MOMENTS:
            bounds = [(how, instant(micros(value))) for how, value in bounds]

        def judge(values: Values) -> Found:
            value = values["value"]
            if value is None:
                return Found(success=False, result={"observed_value": None})
            found = instant(value) if kind in MOMENTS else float(value) if kind == "decimal" else value
            return Found(holds(found, bounds), {"observed_value": found})

        return Plan(judge, {"value": aggregate(f"{which}({quoted(name)})", where)})

    return compile_


def mean(arguments: Arguments) -> Plan:
    """``expect_column_mean_to_be_between``; a column without cells has no mean."""
    return _figure(arguments, mean_of, None)


def deviation(arguments: Arguments) -> Plan:
    """``expect_column_stdev_to_be_between``: of a sample."""
    return _figure(arguments, sample_deviation, None)


def total(arguments: Arguments) -> Plan:
    """``expect_column_sum_to_be_between``: exact for whole numbers and decimals; a column without cells adds up to nought."""

    def added(name: str, where: str | None) -> str:
        exact = arguments.columns.kind(name) in {"integer", "decimal"}
        return aggregate(f"sum({quoted(name)})" if exact else f"fsum({quoted(name)})", where)

    return _figure(arguments, added, 0)


def _figure(arguments: Arguments, of: Callable[[str, str | None], str], absent: float | None) -> Plan:
    """Compare one computed figure of a column of numbers with its bounds."""
    name = arguments.column()
    if arguments.columns.kind(name) not in NUMERIC:
        raise NotNative
    bounds = arguments.bounds("number")
    where = arguments.condition()
    arguments.done()

    def judge(values: Values) -> Found:
        value = absent if values["value"] is None else values["value"]
        if value is None:
            return Found(success=False, result={"observed_value": None})
        figure = value if isinstance(value, int) else steady(float(value))
        return Found(holds(figure, bounds), {"observed_value": figure})

    return Plan(judge, {"value": of(name, where), **unbounded(name, where, arguments.columns)})


def non_null_share(arguments: Arguments) -> Plan:
    """``expect_column_proportion_of_non_null_values_to_be_between``; nought of an empty table."""
    name, bounds = arguments.column(), arguments.bounds("number")
    where = arguments.condition()
    arguments.done()

    def judge(values: Values) -> Found:
        share = values["filled"] / values["total"] if values["total"] else 0
        return Found(holds(share, bounds), {"observed_value": share})

    return Plan(judge, {"total": count(where), "filled": count(both(where, f"{quoted(name)} IS NOT NULL"))})


def median(arguments: Arguments) -> Plan:
    """``expect_column_median_to_be_between``."""
    return _figure(arguments, _median_of, None)


def _median_of(name: str, where: str | None) -> str:
    return aggregate(f"quantile_cont(CAST({quoted(name)} AS DOUBLE), 0.5)", _finite(name, where))


def quantiles(arguments: Arguments) -> Plan:
    """``expect_column_quantile_values_to_be_between``: by default the cell nearest to each quantile, half to even.

    The first look counts the cells, the second takes the cells of the right rank.
    """
    name, ranges, way = arguments.column(), arguments.get("quantile_ranges"), arguments.get("allow_relative_error", False)
    kind = arguments.columns.kind(name)
    if kind not in NUMERIC or way not in {False, "nearest", "lower", "higher", "linear", "midpoint"} or not isinstance(ranges, dict):
        raise NotNative
    asked, limits = _asked(ranges)
    where = arguments.condition()
    arguments.done()

    def first(values: Values) -> Found | Plan:
        cells = values["cells"]
        if not cells:
            absent: list[float | None] = [None] * len(asked)
            return Found(success=not asked, result={"observed_value": {"quantiles": asked, "values": absent}})
        ranks = [_ranks(cells, quantile, str(way or "nearest")) for quantile in asked]
        needed = sorted({rank for low, high, _ in ranks for rank in (low, high)})
        return Plan(lambda values: _judge(values, ranks, asked, limits), {f"r{r}": _ranked(name, where, r, cells) for r in needed})

    return Plan(first, {"cells": count(both(where, f"{quoted(name)} IS NOT NULL")), **unbounded(name, where, arguments.columns)})


def _asked(ranges: Mapping[str, Any]) -> tuple[list[float], list[tuple[float, float]]]:
    """Read the quantiles and their bounds, an open bound as infinite."""
    asked, limits = ranges.get("quantiles"), ranges.get("value_ranges")
    if set(ranges) != {"quantiles", "value_ranges"} or not isinstance(asked, list) or not isinstance(limits, list):
        raise NotNative
    if len(asked) != len(limits) or not all(is_number(quantile) and 0 <= quantile <= 1 for quantile in asked):
        raise NotNative
    if not all(isinstance(pair, list) and len(pair) == 2 and all(end is None or is_number(end) for end in pair) for pair in limits):  # noqa: PLR2004
        raise NotNative
    if any(low is not None and high is not None and low > high for low, high in limits):
        raise NotNative
    return asked, [(-math.inf if low is None else low, math.inf if high is None else high) for low, high in limits]


def _ranks(cells: int, quantile: float, way: str) -> tuple[int, int, float]:
    """Give the two ranks between which a quantile lies, and its place between them from 0 to 1 (Hyndman and Fan's seventh, as pandas)."""
    place = (cells - 1) * quantile
    low = math.floor(place)
    high = min(low + 1, cells - 1)
    if way == "linear":
        return low, high, place - low
    if way == "midpoint":
        return low, math.ceil(place), 0.5
    one = {"nearest": round(place), "lower": low, "higher": math.ceil(place)}[way]
    return one, one, 0.0


def _ranked(name: str, where: str | None, rank: int, cells: int) -> str:
    """Give the aggregate of the cell of a rank: the discrete quantile takes rank ceil(n q) - 1."""
    return aggregate(f"quantile_disc({quoted(name)}, {(rank + 0.5) / cells!r})", where)


def _judge(values: Values, ranks: list[tuple[int, int, float]], asked: list[float], limits: list[tuple[float, float]]) -> Found:
    found = []
    for low, high, place in ranks:
        a, b = float(values[f"r{low}"]), float(values[f"r{high}"])
        found.append(a + (b - a) * place if place < 0.5 else b - (b - a) * (1 - place))  # noqa: PLR2004 - as numpy interpolates
    within = [
        math.isclose(value, low, rel_tol=CLOSE) or math.isclose(value, high, rel_tol=CLOSE) or low <= value <= high
        for value, (low, high) in zip(found, limits, strict=True)
    ]
    return Found(all(within), {"observed_value": {"quantiles": asked, "values": found}})


CHECKS: Mapping[str, Callable[[Arguments], Plan]] = {
    "expect_column_max_to_be_between": extreme("max"),
    "expect_column_mean_to_be_between": mean,
    "expect_column_median_to_be_between": median,
    "expect_column_min_to_be_between": extreme("min"),
    "expect_column_proportion_of_non_null_values_to_be_between": non_null_share,
    "expect_column_quantile_values_to_be_between": quantiles,
    "expect_column_stdev_to_be_between": deviation,
    "expect_column_sum_to_be_between": total,
}
