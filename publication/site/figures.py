"""Choosing the figure of a dataset page, as data.

A map where there are places, a chart of what protection computed, a row of moments, or the rows by category. A chart never adds up
around figures that are not shown: such a sum would be too low.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, Any

from catalogue.coverage import DATE_LEVELS
from publication.site.tally import NUMERIC, TIMES, by_period

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from catalogue.model import ColumnFacts
    from publication.site.tally import Tally

MOST_BARS, FEWEST = 15, 2
MOST_COLUMNS = 120
YEAR = re.compile(r"(1[89]|20|21)\d\d")


@dataclass(frozen=True, slots=True)
class Bars:
    """Amounts by category, greatest first.

    Attributes:
        column: the category; `value` the figure, None for the number of rows.
        items: at most `MOST_BARS`; `total` is how many there are.
        hidden: categories whose figure is not public.
        moment: the moment it is about, where the table has several.
    """

    column: ColumnFacts
    value: ColumnFacts | None
    items: tuple[tuple[Any, float | Decimal], ...]
    total: int
    hidden: int = 0
    moment: str | None = None


@dataclass(frozen=True, slots=True)
class Moments:
    """A figure by moment, in order; `period` is ``day``, ``month`` or ``year`` for means over rows, None for figures as they are."""

    column: ColumnFacts
    value: ColumnFacts
    items: tuple[tuple[str, float | Decimal], ...]
    period: str | None = None
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Points:
    """Places; `total` is how many rows have one."""

    coordinates: tuple[tuple[float, float], ...]
    total: int


@dataclass(frozen=True, slots=True)
class Areas:
    """Areas with the figure that shades them, where there is one: shape, value, name."""

    shapes: tuple[tuple[Any, float | None, str], ...]
    value: ColumnFacts | None


Figure = Bars | Moments | Points | Areas


def choose(tally: Tally, privacy: Mapping[str, Any]) -> Figure | None:
    """Choose the figure that says most; None where nothing sensible can be drawn."""
    return _map(tally) or (_computed(tally, privacy) if tally.measured else _series(tally) or _categories(tally))


def _map(tally: Tally) -> Figure | None:
    if tally.areas and len(tally.areas) >= FEWEST:
        named = {column.name: column for column in tally.columns}
        full = [name for name in tally.figures if sum(name in values for _, values, _ in tally.areas) * 2 > len(tally.areas)]
        # A figure of people says more than one of things; without a better clue the first varied one in the order declared.
        varied = [name for name in full if len({values[name] for _, values, _ in tally.areas if name in values}) > FEWEST]
        chosen = next((name for name in varied if _is_share(named[name])), varied[0] if varied else None)
        shapes = tuple((shape, values.get(chosen) if chosen else None, name) for shape, values, name in tally.areas)
        return Areas(shapes, named[chosen] if chosen else None)
    if len(tally.points) >= FEWEST:
        return Points(tuple(tally.points), tally.located)
    return None


def _is_share(column: ColumnFacts) -> bool:
    """Whether a figure can be compared between areas of different size: a share, or an amount per something."""
    unit = (column.unit or "").lower()
    return "%" in unit or " per " in unit or "/" in unit


def _computed(tally: Tally, privacy: Mapping[str, Any]) -> Figure | None:
    """Draw the figure that protection computed: by its latest moment, or over time where time is all there is."""
    if not tally.cells:
        return None
    named = {column.name: column for column in tally.columns}
    value = named[tally.measured or ""]
    cells = tally.cells
    time = next((at for at, name in enumerate(tally.dimensions) if _is_moment(named[name], [cell[at] for cell in cells])), None)
    others = [at for at in range(len(tally.dimensions)) if at != time]
    if time is not None and not others:
        return _over_time(named[tally.dimensions[time]], value, [(cell[time], cell[-1]) for cell in cells])
    moment = None
    if time is not None:
        moment = max((cell[time] for cell in cells if cell[time] is not None), default=None)
        cells = [cell for cell in cells if cell[time] == moment]
    additive = privacy.get("kind") == "frequency" or privacy.get("measure") == "sum"
    if len(others) > 1 and not additive:
        return None
    drawn = [_bars(named[tally.dimensions[at]], value, [(cell[at], cell[-1]) for cell in cells], moment) for at in others]
    # Of several ways to group, the one that leaves least out.
    return min((bars for bars in drawn if bars), key=lambda bars: (bars.hidden / bars.total, -bars.total), default=None)


def _over_time(column: ColumnFacts, value: ColumnFacts, cells: Sequence[tuple[Any, Any]]) -> Moments | None:
    shown = sorted((str(moment), amount) for moment, amount in cells if amount is not None and moment is not None)
    if not FEWEST <= len(shown) <= MOST_COLUMNS or len({moment for moment, _ in shown}) < len(shown) or shown_below_zero(shown):
        return None
    return Moments(column, value, tuple(shown), hidden=len(cells) - len(shown))


def _bars(column: ColumnFacts, value: ColumnFacts, cells: Sequence[tuple[Any, Any]], moment: Any) -> Bars | None:
    """Add up the cells by group; a group with a figure that is not public is left out whole."""
    groups: dict[Any, list[Any]] = defaultdict(list)
    for group, amount in cells:
        groups[group].append(amount)
    shown = [(group, sum(amounts)) for group, amounts in groups.items() if None not in amounts]
    if len(shown) < FEWEST or shown_below_zero(shown):
        return None
    shown.sort(key=lambda item: (-item[1], str(item[0])))
    return Bars(
        column,
        value,
        tuple(shown[:MOST_BARS]),
        len(groups),
        hidden=len(groups) - len(shown),
        moment=None if moment is None else str(moment),
    )


def shown_below_zero(items: Sequence[tuple[Any, float | Decimal]]) -> bool:
    """Whether an amount is below zero, which bars from zero cannot show."""
    return any(amount < 0 for _, amount in items)


def _is_moment(column: ColumnFacts, values: Sequence[Any]) -> bool:
    """Whether a column says when: a date, a level of the date hierarchy, or years."""
    if column.type in TIMES or column.level in DATE_LEVELS:
        return True
    found = {value for value in values if value is not None}
    return column.type in NUMERIC and bool(found) and all(YEAR.fullmatch(str(value)) for value in found)


def _series(tally: Tally) -> Moments | None:
    """Draw the figure that changes most from moment to moment, as a mean."""
    named = {column.name: column for column in tally.columns}
    best: tuple[float, Moments] | None = None
    for (time, figure), days in tally.sums.items():
        period, means = by_period(days, MOST_COLUMNS)
        amounts = [mean for _, mean in means]
        if len(means) <= FEWEST or len(means) > MOST_COLUMNS or min(amounts) < 0 or not any(amounts):
            continue
        varied = pstdev(amounts) / fmean(amounts)
        if best is None or varied > best[0]:
            best = varied, Moments(named[time], named[figure], tuple(means), period=period)
    return best[1] if best and best[0] > 0 else None


def _categories(tally: Tally) -> Bars | None:
    """Draw the rows by category: a column with a code list before one without, fewer categories before more."""
    named = {column.name: column for column in tally.columns}
    fit = [(named[name], counted) for name, counted in tally.counts.items() if len(counted) >= FEWEST and len(counted) * 2 <= tally.rows]
    fit.sort(key=lambda choice: (len(choice[1]) > MOST_BARS, choice[0].codelist is None))
    if not fit:
        return None
    column, counted = fit[0]
    items = sorted(counted.items(), key=lambda item: (-item[1], str(item[0])))
    return Bars(column, None, tuple(items[:MOST_BARS]), len(items))
