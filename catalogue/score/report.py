"""The score as a page that stands alone: rating, dimensions, trend, and what to mend first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalogue.score.metrics import DIMENSIONS, METRICS, MOST
from pages.numbers import day, decimal
from pages.rendering import render, style_sheet
from pages.svg import Item, bars, columns
from pages.texts import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from catalogue.score.score import DatasetScore, Loss, Score
    from config.errors import Language

SHOWN = 12
"""Moments of the trend that are drawn."""


def page(score: Score, trend: Sequence[dict[str, Any]], language: Language) -> str:
    """Give the page; `trend` holds earlier scores, oldest first, of which those on the same scale are drawn."""
    context = {
        "style": style_sheet(),
        "points": decimal(score.points, language),
        "most": score.most,
        "band": score.band,
        "online": score.most == MOST,
        "dimensions": _dimensions(score, language),
        "trend": _trend([line for line in trend if line["most"] == score.most][-SHOWN:], language),
        "first": [{"metric": metric.name, "datasets": times, "points": points} for metric, times, points in score.mend_first()],
        "datasets": [_dataset(one, language) for one in score.datasets],
    }
    return render("score.html", context, language=language)


def _dimensions(score: Score, language: Language) -> Markup:
    """Draw what share of its points each dimension has."""
    items = []
    for name in DIMENSIONS:
        most = sum(metric.points for metric in METRICS if metric.dimension == name and (score.most == MOST or not metric.online))
        points = score.dimensions[name]
        items.append(Item(text(f"score.{name}", language), max(points, 0) / most, f"{decimal(points, language)} / {most}"))
    title, about = text("score.dimensions", language), text("score.dimensions_about", language)
    return bars(items, key="dimensions-figure", title=title, description=about, most=1)


def _trend(lines: Sequence[dict[str, Any]], language: Language) -> Markup | None:
    if len(lines) < 2:  # noqa: PLR2004 - one moment is no trend
        return None
    items = [Item(day(line["at"][:10], language), line["points"], decimal(line["points"], language)) for line in lines]
    title, about = text("score.trend", language), text("score.trend_about", language)
    return columns(items, key="trend-figure", title=title, description=about)


def _dataset(one: DatasetScore, language: Language) -> dict[str, Any]:
    return {
        "dataset": one.dataset,
        "points": one.points,
        "most": one.most,
        "band": one.band,
        "withdrawn": one.withdrawn,
        "losses": [_loss(loss, language) for loss in one.losses],
    }


def _loss(loss: Loss, language: Language) -> dict[str, Any]:
    return {
        "metric": loss.metric.name,
        "property": loss.metric.prop,
        "points": loss.points,
        "status": loss.status,
        "file": loss.file,
        "key": loss.key,
        "mend": loss.mend_nl if language == "nl" else loss.mend_en,
    }
