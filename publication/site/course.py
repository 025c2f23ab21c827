"""How the quality of a dataset went over its public versions, and what changed with one: for the page on the quality of a version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from publication.release import order
from quality.reports import document
from quality.reports.page import changes, drawings, trend

if TYPE_CHECKING:
    from config.errors import Language
    from publication.site.views import DatasetView, ReleaseView


def course(dataset: DatasetView, release: ReleaseView, language: Language) -> dict[str, Any]:
    """Give `drawings`, `trend` and `changes` for a version, beside the versions before it that are public; a later one changes nothing."""
    known = sorted((one for one in dataset.releases if order(one.version) <= order(release.version)), key=lambda one: order(one.version))
    moments = [_moment(one) for one in known[-document.RUNS :]]
    before = known[-2] if len(known) > 1 else None
    return {
        "drawings": list(drawings(moments, language)),
        "trend": trend(moments, language),
        "changes": changes(_compared(before, release), language) if before else None,
    }


def _moment(release: ReleaseView) -> document.Moment:
    told = release.facts.quality.get("dimensions", {})
    return document.Moment(name=release.version, at=release.issued, scores={name: float(one["score"]) for name, one in told.items()})


def _compared(before: ReleaseView, release: ReleaseView) -> document.Changes:
    names = tuple([column.name for column in one.facts.columns] for one in (before, release))
    then, now = ({"rows": one.rows} | one.facts.quality for one in (before, release))
    return document.compared(before.version, then, now, (names[0], names[1]))
