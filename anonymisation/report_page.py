"""The report of a protection as a page for a person: what was hidden, how much detail remains, how big the risk was and is.

For the auditor it holds the figures from before; the public report (`anonymisation.protect.public_report`) gives a page without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pages.numbers import decimal, integer, percent
from pages.rendering import render, style_sheet
from pages.svg import Item, bars
from pages.texts import counted, text, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from markupsafe import Markup

    from config.errors import Language

COUNTS = frozenset({"rows", "classes", "k", "uniques", "suda_uniques"})
"""Figures that are numbers of things; the others are shares between 0 and 1, unless they are above 1."""
DRAWN = ("at_risk", "prosecutor_max", "prosecutor_avg", "journalist_max", "marketer", "population_uniques")
"""Shares that are drawn before beside after."""


def page(report: Mapping[str, Any], language: Language) -> str:
    """Give the page of a report (``privacy/1``), whole or public."""
    figures = _figures(report, language)
    context = {
        "style": style_sheet(),
        "lead": text(f"protection.lead_{report['kind']}" if report["success"] else "protection.lead_refused", language),
        "restricted": "before" in report,
        "promises": list(_promises(report, language)),
        "hidden": list(_hidden(report, language)),
        "columns": [_column(one, language) for one in report.get("columns", [])],
        "detail": _detail(report, language),
        "risks": figures,
        "drawings": list(_drawings(report, language)),
        "verdicts": list(_verdicts(report, language)),
        "search": list(_search(report, language)),
        "findings": report.get("findings", []),
        "digests": list(_digests(report.get("digests", {}), "")),
    }
    return render("protection.html", context, language=language)


def _promises(report: Mapping[str, Any], language: Language) -> Iterator[str]:
    """Say which models were promised, as they are written."""
    yield from report.get("guarantee", [])
    rules = report.get("rules") or {}
    if rules.get("min_count"):
        yield text("privacy.min_count_sentence", language, below=integer(rules["min_count"] - 1, language))
    if rules.get("min_contributors"):
        yield text("privacy.min_contributors_sentence", language, count=integer(rules["min_contributors"], language))
    if report.get("earlier"):
        yield text("protection.beside", language, versions=", ".join(report["earlier"]))


def _hidden(report: Mapping[str, Any], language: Language) -> Iterator[str]:
    """Say what is not in the result: columns, rows, cells."""
    dropped = [one["name"] for one in report.get("columns", []) if one.get("action") == "dropped"]
    if dropped:
        yield text("protection.dropped", language, columns=", ".join(dropped))
    for key in ("suppressed_rows", "held_back", "excluded_rows"):
        if report.get(key):
            yield text(counted(f"protection.{key}", report[key]), language, count=integer(report[key], language))
    if report.get("suppressed_rows") == 0 and not report.get("held_back"):
        yield text("protection.no_rows", language)
    if "cells" in report:
        primary = report.get("primary", {})
        hidden = primary.get("total", sum(count for count in primary.values() if count)) + report.get("secondary", 0)
        yield text("privacy.cells_sentence", language, total=integer(report["cells"], language), hidden=integer(hidden, language))
    if report.get("suppressed_cells"):
        yield text(counted("protection.cells", report["suppressed_cells"]), language, count=integer(report["suppressed_cells"], language))


def _column(one: Mapping[str, Any], language: Language) -> dict[str, str]:
    known = texts(language)
    action = "kept" if one.get("level") == 0 else str(one.get("action", ""))
    said = known.get(f"protection.action_{action}", action)
    if one.get("level_name"):
        said = f"{said}: {one['level_name']}"
    if one.get("transform"):
        said = f"{said}. {one['transform'][language]}"
    loss = one.get("information_loss")
    remains = "" if loss is None else percent(1 - loss, language)
    classification = str(one.get("classification", ""))
    return {
        "name": one["name"],
        "classification": known.get(f"protection.class_{classification}", classification),
        "action": said,
        "remains": percent(0, language) if action == "dropped" else remains,
    }


def _detail(report: Mapping[str, Any], language: Language) -> Markup | None:
    """Draw how much of each column remains."""
    kept = [one for one in report.get("columns", []) if one.get("information_loss") is not None]
    if not kept:
        return None
    items = [Item(one["name"], 1 - one["information_loss"], percent(1 - one["information_loss"], language)) for one in kept]
    title, about = text("protection.detail", language), text("protection.detail_about", language)
    return bars(items, key="detail-figure", title=title, description=about, most=1)


def _figures(report: Mapping[str, Any], language: Language) -> list[dict[str, str]]:
    """Give every figure of risk that has a name, before and after."""
    before, after = report.get("before") or {}, report.get("after") or {}
    known = texts(language)
    names = [key for key in {**before, **after} if f"protection.risk_{key}" in known]
    return [
        {
            "name": known[f"protection.risk_{key}"],
            "before": _written(key, before.get(key, ""), language),
            "after": _written(key, after.get(key, ""), language),
        }
        for key in names
    ]


def _drawings(report: Mapping[str, Any], language: Language) -> Iterator[tuple[str, Markup]]:
    """Name and draw each share before beside after; without what was before, after alone."""
    before, after = report.get("before") or {}, report.get("after") or {}
    for key in DRAWN:
        shares = [(name, part.get(key)) for name, part in (("before", before), ("after", after))]
        items = [
            Item(text(f"protection.{name}", language), float(share), percent(float(share), language))
            for name, share in shares
            if isinstance(share, int | float)
        ]
        if items and key in after:
            title = text(f"protection.risk_{key}", language)
            about = text("protection.risk_about", language, risk=title)
            yield title, bars(items, key=f"{key}-figure", title=title, description=about, most=1)


def _verdicts(report: Mapping[str, Any], language: Language) -> Iterator[dict[str, str]]:
    """Give the three questions of WP29, with the verdict on each."""
    known = texts(language)
    for name, told in (report.get("wp29") or {}).items():
        yield {
            "name": known.get(f"protection.wp29_{name}", name),
            "verdict": known.get(f"protection.verdict_{told['verdict']}", str(told["verdict"])),
            "text": told[language],
        }


def _search(report: Mapping[str, Any], language: Language) -> Iterator[str]:
    """Say how the levels were found."""
    if "nodes_evaluated" not in report:
        return
    numbers = {"nodes": integer(report["nodes_evaluated"], language), "size": integer(report["lattice_size"], language)}
    yield text("protection.optimal" if report.get("optimal") else "protection.not_optimal", language, **numbers)
    if report.get("recoding") == "local":
        yield text("protection.local", language)
    if report.get("gap"):
        yield text("protection.gap", language, gap=percent(report["gap"], language))
    if report.get("information_loss") is not None:
        yield text("protection.loss", language, share=percent(report["information_loss"], language))
    if report.get("query_error"):
        asked = report["query_error"]
        half, most = percent(asked["median"], language), percent(asked["ninth_decile"], language)
        yield text("protection.query_error", language, queries=integer(asked["queries"], language), half=half, most=most)


def _written(key: str, value: object, language: Language) -> str:
    """Write a figure as people do."""
    if value is None:
        return text("protection.no_figure", language)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if key in COUNTS and float(value).is_integer():
        return integer(int(value), language)
    return percent(float(value), language) if 0 <= value <= 1 else decimal(float(value), language)


def _digests(told: Mapping[str, Any] | Sequence[Any], above: str) -> Iterator[tuple[str, str]]:
    """Give every digest with its name, those of files with theirs."""
    if isinstance(told, dict):
        for name, digest in told.items():
            if isinstance(digest, dict):
                yield from _digests(digest, f"{above}{name}: ")
            elif digest is not None:
                yield f"{above}{name}", str(digest)
