"""The report of a check run as a page for a person: self-contained, without script, in Dutch or English; PDF is made from it too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pages.numbers import integer, percent
from pages.rendering import render, style_sheet
from pages.svg import Item, bars
from pages.texts import counted, text, texts
from quality.reports.document import RUNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markupsafe import Markup

    from config.errors import Language
    from quality.reports.document import Changes, Check, Gate, Moment, Report, Words

SHOWN = 20
"""Rows set aside that a page shows; the JSON has them all."""


def page(report: Report, language: Language) -> str:
    """Give the page of a report, of the audience that the report is for."""
    context = {
        "style": style_sheet(),
        "title": _say(report.title, language),
        "restricted": any(each.gate == "input" for each in report.gates),
        "verdict": _verdict(report, language),
        "good": report.verdict == "passed",
        "signed": list(_signed(report, language)),
        "facts": list(_facts(report, language)),
        "dimensions": _dimensions(report, language),
        "drawings": list(drawings(report.trend, language)),
        "trend": trend(report.trend, language),
        "gates": [_gate(each, language) for each in report.gates],
        "changes": changes(report.changes, language) if report.changes else None,
        "waivers": report.waivers,
        "digests": list(report.digests.items()),
    }
    return render("quality_report.html", context, language=language)


def _verdict(report: Report, language: Language) -> str:
    about = "file" if any(each.gate == "file" for each in report.gates) else "verdict"
    return text(f"check.{about}_{report.verdict}", language)


def _say(words: Words, language: Language) -> str:
    return words.nl if language == "nl" else words.en


def _sentence(words: Words, language: Language) -> str:
    said = _say(words, language)
    return said[:1].upper() + said[1:]


def _signed(report: Report, language: Language) -> Iterator[str]:
    """Say who approved, in what role, and whose signature is missing."""
    for one in report.approvals:
        demo = " " + text("check.demo_key", language) if one.key == "demo" else ""
        role = _role(one.role, language)
        said = text("check.approved_as", language, role=role)
        yield (text("check.approved_by", language, person=one.person, role=role) if one.person else said) + demo
    for role in report.missing:
        yield text("check.missing_role", language, role=_role(role, language))
    if not report.approvals and not report.missing:
        yield text("check.nobody", language)


def _role(role: str, language: Language) -> str:
    return texts(language).get(f"check.role_{role}", role)


def _facts(report: Report, language: Language) -> Iterator[tuple[str, str]]:
    """Give what the run was: dataset, version, run and instant."""
    for name in ("dataset", "version", "run", "at"):
        value = getattr(report, name)
        if value:
            yield text(f"check.{name}", language), value
    if report.quarantined_rows is not None:
        yield text("check.quarantined_rows", language), integer(report.quarantined_rows, language)


def _dimensions(report: Report, language: Language) -> list[dict[str, str]]:
    """Give a line a gate and dimension."""
    return [
        {
            "gate": text(f"check.gate_{each.gate}", language),
            "name": texts(language).get(f"dimension.{name}", name),
            "checks": integer(score.checks, language),
            "passed": integer(score.passed, language),
            "score": percent(score.score, language),
        }
        for each in report.gates
        for name, score in each.dimensions.items()
    ]


def drawings(moments: Sequence[Moment], language: Language) -> Iterator[tuple[str, Markup]]:
    """Draw a dimension over the last runs: one bar a run, the newest last; without earlier runs there is nothing to draw."""
    last = moments[-RUNS:] if len(moments) > 1 else ()
    for name in sorted({name for moment in last for name in moment.scores}):
        told = texts(language).get(f"dimension.{name}", name)
        items = [Item(one.name, one.scores[name], percent(one.scores[name], language)) for one in last if name in one.scores]
        title, about = text("check.trend_of", language, dimension=told), text("check.trend_about", language, dimension=told)
        yield told, bars(items, key=f"trend-{name}", title=title, description=about, most=1)


def trend(moments: Sequence[Moment], language: Language) -> dict[str, Any] | None:
    """Give the same figures as a table, for who cannot see the drawing."""
    if len(moments) <= 1:
        return None
    names = sorted({name for moment in moments for name in moment.scores})
    return {
        "names": [texts(language).get(f"dimension.{name}", name) for name in names],
        "lines": [
            {
                "name": moment.name,
                "at": moment.at,
                "scores": [percent(moment.scores[name], language) if name in moment.scores else "" for name in names],
            }
            for moment in moments[-RUNS:]
        ],
    }


def _gate(found: Gate, language: Language) -> dict[str, Any]:
    about = {"rows": integer(found.rows, language)}
    if found.read is not None:
        about["read"] = integer(found.read, language)
        about["unreadable"] = integer(found.unreadable or 0, language)
        about["ceiling"] = percent(found.ceiling or 0, language)
    return {
        "id": found.gate,
        "title": text(f"check.gate_{found.gate}", language),
        "lead": text("check.read_of" if "read" in about else "check.rows_of", language, **about),
        "verdict": text(f"check.word_{found.verdict}", language),
        "findings": [_sentence(words, language) for words in found.findings],
        "checks": [_check(one, language) for one in found.results],
        "aside": found.aside[:SHOWN],
        "aside_more": _more(len(found.aside), language),
    }


def _more(count: int, language: Language) -> str:
    """Say how many rows the page leaves out, and where they are; nothing where it shows them all."""
    if count <= SHOWN:
        return ""
    return text("check.aside_more", language, shown=SHOWN, count=integer(count, language))


def _check(one: Check, language: Language) -> dict[str, Any]:
    known = texts(language)
    return {
        "text": _sentence(one.text, language),
        "type": one.type,
        "outcome": _outcome(one, language),
        "good": one.success,
        "dimension": known.get(f"dimension.{one.dimension}", one.dimension),
        "severity": known.get(f"severity.{one.severity}", one.severity),
        "engine": one.engine,
        "aside": text(counted("check.set_aside", one.set_aside), language, count=integer(one.set_aside, language)) if one.set_aside else "",
    }


def _outcome(one: Check, language: Language) -> str:
    """Say how a check came out, with its denominator where it counts rows."""
    if one.error:
        return text("quality.unknown", language)
    if one.element_count is not None and one.unexpected_count is not None:
        numbers = {"count": integer(one.unexpected_count, language), "total": integer(one.element_count, language)}
        if one.success and not one.unexpected_count:
            return text("check.good_rows", language, **numbers)
        return text("check.good_but" if one.success else "quality.wrong_rows", language, **numbers)
    return text("quality.good" if one.success else "quality.wrong", language)


def changes(found: Changes, language: Language) -> dict[str, Any]:
    """Say what is different from the last release."""
    rows = {"before": integer(found.rows_before, language), "after": integer(found.rows_after, language)}
    said = [text("check.changed_rows" if found.rows_before != found.rows_after else "check.same_rows", language, **rows)]
    named = (("columns_added", found.columns_added), ("columns_removed", found.columns_removed))
    said += [text(f"check.{key}", language, columns=", ".join(listed)) for key, listed in named if listed]
    if not found.checks:
        said.append(text("check.same_checks", language))
    checks = [
        {
            "text": _sentence(one.text, language),
            "before": text(f"check.was_{one.before}", language),
            "after": text(f"check.was_{one.after}", language),
        }
        for one in found.checks
    ]
    return {"lead": text("check.since", language, version=found.since), "said": said, "checks": checks}
