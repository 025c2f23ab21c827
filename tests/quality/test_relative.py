from __future__ import annotations

import pytest

from quality.relative import beside
from quality.report import QualityReport


def report(rows: int) -> QualityReport:
    return QualityReport("input", rows, ())


@pytest.mark.parametrize(
    ("before", "rows", "code"),
    [
        (1000, 499, "quality.far-fewer-rows"),
        (1000, 500, None),
        (1000, 2000, None),
        (1000, 2001, "quality.far-more-rows"),
        (1000, 0, "quality.far-fewer-rows"),
        (25, 5, "quality.far-fewer-rows"),
        (25, 6, None),  # a difference of 19 rows says nothing
        (4, 23, None),
        (None, 10, None),
        (0, 1000, None),
    ],
)
def test_far_fewer_or_more_rows_wait_for_somebody(before: int | None, rows: int, code: str | None) -> None:
    found = beside(report(rows), before)
    assert [problem.code for problem in found.reasons] == ([code] if code else [])
    assert found.verdict == ("awaiting-approval" if code else "passed")


def test_says_by_how_much_and_what_to_do() -> None:
    (reason,) = beside(report(250), 1000).reasons
    assert "75,00 % minder rijen" in reason.nl
    assert "Keur de uitgave dan goed" in reason.nl
    assert "75.00 % fewer rows" in reason.en
    assert "1000" not in reason.nl
