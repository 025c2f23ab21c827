"""`vrijgave catalogue score`: the European metadata quality assessment of our catalogue or of anybody's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from config.errors import ConfigurationError, Message, Place

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from catalogue.dcat import Catalogue
    from catalogue.score.reach import Asking
    from catalogue.score.score import Score
    from flows.cli.common import Terminal

NO_RESOLVE = Message(
    "catalogue.resolve",
    nl="--resolve {value}: typ een basisadres uit de catalogus, =, en waar het nu staat, zoals "
    "https://data.voorbeeldgemeente.example=http://127.0.0.1:8080",
    en="--resolve {value}: type a base address of the catalogue, =, and where it stands now, such as "
    "https://data.voorbeeldgemeente.example=http://127.0.0.1:8080",
)
NO_FORM = Message(
    "catalogue.report-form",
    nl="--report {value}: het einde bepaalt de vorm; kies .html, .json of .ttl",
    en="--report {value}: the ending decides the form; choose .html, .json or .ttl",
)
SHOWN = 10


def asking(resolve: Iterable[str], *, online: bool) -> Asking:
    """Read `--resolve BASE=URL` and `--online`; ConfigurationError for one that is neither."""
    from catalogue.score.reach import Asking

    found = {}
    for value in resolve:
        base, _, served = value.partition("=")
        if not base.startswith("http") or not served.startswith("http"):
            raise ConfigurationError(NO_RESOLVE.at(value=value))
        found[base.rstrip("/")] = served.rstrip("/")
    return Asking(found, online)


def scored(graph: Catalogue, asked: Asking) -> Score:
    """Validate and score a catalogue."""
    from catalogue.score.reach import ask
    from catalogue.score.score import score
    from catalogue.validate import validate

    reach = ask(graph, asked) if asked.online or asked.resolve else None
    return score(graph, validate(graph), reach)


def write(report: Path, score: Score, trend: list[dict[str, Any]], terminal: Terminal) -> None:
    """Write the report in the form of its ending; ConfigurationError for another ending."""
    form = report.suffix.lower()
    if form == ".html":
        from catalogue.score.report import page

        text = page(score, trend, terminal.language)
    elif form == ".json":
        text = json.dumps({**score.as_json(), "trend": trend}, ensure_ascii=False, indent=1) + "\n"
    elif form == ".ttl":
        from catalogue.score.dqv import measurements
        from catalogue.serialise import text as turtle

        text = turtle(measurements(score), "ttl")
    else:
        raise ConfigurationError(NO_FORM.at(Place(str(report)), value=report.name))
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(text, encoding="utf-8", newline="\n")


def tell(score: Score, terminal: Terminal) -> None:
    """Say the score, dataset by dataset, and what to mend first."""
    from pages.numbers import decimal
    from pages.texts import text

    lang = terminal.language
    for one in score.datasets:
        style = "green" if one.points == one.most else "yellow"
        terminal.say(f"{one.points:4} / {one.most}  {text(f'score.band_{one.band}', lang):11} {one.dataset}", style=style)
        for loss in one.losses[:SHOWN]:
            place = f" [{loss.file}: {loss.key}]" if loss.key else ""
            mend = loss.mend_nl if lang == "nl" else loss.mend_en
            terminal.say(f"      +{loss.points:<3} {text(f'score.metric_{loss.metric.name}', lang)} ({loss.metric.prop}). {mend}{place}")
    points = decimal(score.points, lang)
    rating = text(f"score.band_{score.band}", lang)
    terminal.say(f"Samen: {points} / {score.most}, {rating}.", f"Together: {points} / {score.most}, {rating}.", style="bold")


def remembered(path: Path, score: Score, now: datetime) -> list[dict[str, Any]]:
    """Keep the score of our own catalogue in the home, and give how it went."""
    from catalogue.score.trend import remember

    return remember(path, score, now)
