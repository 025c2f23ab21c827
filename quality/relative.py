"""A table beside the last accepted release: far fewer or far more rows is a finding, which waits for somebody who knows why.

Accepting it needs no list of exceptions: the release that is approved is what the next one is compared with (the approval stands in the
ledger).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from config.errors import Message
from quality.texts import shares

if TYPE_CHECKING:
    from quality.report import QualityReport

FACTOR = 2
"""A table that is more than so many times smaller or larger is no ordinary update."""
FEWEST = 20
"""Below a difference of so many rows small tables go up and down by themselves."""

FEWER = Message(
    "quality.far-fewer-rows",
    nl="de bron heeft {share} % minder rijen dan bij de laatste uitgave. Is de bron volledig? Keur de uitgave dan goed: daarna is dit het "
    "nieuwe normaal. Anders: herstel de bron.",
    en="the source has {share_en} % fewer rows than at the last release. Is the source complete? Then approve the release: after that this "
    "is the new normal. Otherwise mend the source.",
    severity="warning",
)
MORE = Message(
    "quality.far-more-rows",
    nl="de bron heeft {share} % meer rijen dan bij de laatste uitgave. Klopt dat? Keur de uitgave dan goed: daarna is dit het nieuwe "
    "normaal. Anders: herstel de bron.",
    en="the source has {share_en} % more rows than at the last release. Is that right? Then approve the release: after that this is the "
    "new normal. Otherwise mend the source.",
    severity="warning",
)


def beside(report: QualityReport, rows_before: int | None) -> QualityReport:
    """Hold the number of rows against the last accepted release; without one there is nothing to compare.

    Args:
        report: of the input gate, so that what was left out for protection plays no part.
        rows_before: the rows that gate saw for the release that is public now.
    """
    if not rows_before or abs(report.rows - rows_before) < FEWEST:
        return report
    if rows_before / FACTOR <= report.rows <= rows_before * FACTOR:
        return report
    message = FEWER if report.rows < rows_before else MORE
    found = message.at(None, **shares(percent=True, share=abs(report.rows - rows_before) / rows_before))
    return replace(report, extra=(*report.extra, found))
