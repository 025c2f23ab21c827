"""One check that was carried out, as data without a value: what it found, what that means, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from quality.texts import ACTIONS, NO_COLUMN, NOT_EVALUATED, ROWS_FAIL, TABLE_FAILS, TOO_LARGE, asked, counts, shares

if TYPE_CHECKING:
    from config.errors import Place, Problem, Severity
    from config.models.quality import Expectation

TOO_MANY_ROWS = "TooManyRows"
"""What stands in the place of an exception's class where a table is too large for Great Expectations."""

Verdict = Literal["passed", "awaiting-approval", "blocked"]

_PUBLIC_KWARGS = frozenset(
    {
        *("column", "column_A", "column_B", "column_list", "column_set", "column_index"),
        *("mostly", "strict_min", "strict_max", "or_equal", "strictly", "double_sided", "ties_okay", "exact_match", "allow_relative_error"),
        *("ignore_row_if", "match_on", "method", "type_", "type_list"),
    }
)
"""Arguments that hold no value of a column; any other is public only where every column it touches is `open`."""

COUNTS = frozenset(
    {
        "expect_column_proportion_of_non_null_values_to_be_between",
        "expect_column_proportion_of_unique_values_to_be_between",
        "expect_column_unique_value_count_to_be_between",
        "expect_table_column_count_to_be_between",
        "expect_table_column_count_to_equal",
        "expect_table_row_count_to_be_between",
        "expect_table_row_count_to_equal",
    }
)
"""Expectations whose observed value is a count or a share, and whose bounds are so too."""


@dataclass(frozen=True, slots=True)
class Result:
    """One check that was carried out.

    Attributes:
        element_count: rows judged; None for a figure over the whole table.
        unexpected_percent: as Great Expectations counts it, of the cells that are not empty where the check skips those.
        observed_value: only a count, a share, or a figure of `open` columns; `observed_masked` says that there was one.
        open: every column it touches is `open`.
        error: the class of the exception when it could not be evaluated; `missing` the column that is not there.
        aside: the numbers of the rows that it sets aside.
    """

    expectation: Expectation
    success: bool
    engine: str
    element_count: int | None = None
    unexpected_count: int | None = None
    unexpected_percent: float | None = None
    observed_value: Any = None
    observed_masked: bool = False
    open: bool = False
    error: str | None = None
    missing: str | None = None
    aside: tuple[int, ...] = ()
    place: Place | None = None
    hint: tuple[str, str] = ("", "")

    @property
    def consequence(self) -> Verdict:
        """What this result alone means for the dataset."""
        if self.success:
            return "passed"
        if self.error or self.missing:
            return "blocked"
        if self.expectation.severity == "critical":
            return "passed" if self.aside else "blocked"
        return "awaiting-approval" if self.expectation.severity == "warning" else "passed"

    @property
    def score(self) -> float:
        """The share that is right: of the rows judged, or all or nothing for a figure over the table."""
        if self.error or self.missing:
            return 0.0
        if self.element_count and self.unexpected_count is not None:
            return 1 - self.unexpected_count / self.element_count
        return float(self.success)

    def reason(self) -> Problem:
        """Say what was checked, on what, how much failed and what to do."""
        nl, en = asked(self.expectation)
        name = self.expectation.type
        severity: Severity = "error" if self.consequence == "blocked" else "warning"
        if self.missing:
            problem = NO_COLUMN.at(self.place, type=name, column=self.missing, hint=self.hint[0], hint_en=self.hint[1])
        elif self.error == TOO_MANY_ROWS:
            problem = TOO_LARGE.at(self.place, check=nl, check_en=en, type=name)
        elif self.error:
            problem = NOT_EVALUATED.at(self.place, check=nl, check_en=en, kind=self.error, type=name)
        elif self.element_count and self.unexpected_count:
            problem = self._rows_fail(nl, en)
        else:
            problem = self._table_fails(nl, en)
        return replace(problem, severity=severity)

    def _table_fails(self, nl: str, en: str) -> Problem:
        action, action_en = ACTIONS[self.expectation.severity]
        count = self.observed_value if self.expectation.type in COUNTS else None
        told = {"count": "", "count_en": ""}
        if isinstance(count, int | float):
            told = shares(count=count) if isinstance(count, float) else counts(count=count)
        found, found_en = (f" ({word}: {told[key]})" if told[key] else "" for word, key in (("gevonden", "count"), ("found", "count_en")))
        return TABLE_FAILS.at(self.place, check=nl, check_en=en, found=found, found_en=found_en, action=action, action_en=action_en)

    def _rows_fail(self, nl: str, en: str) -> Problem:
        action, action_en = ACTIONS["aside" if self.aside else self.expectation.severity]
        return ROWS_FAIL.at(
            self.place,
            check=nl,
            check_en=en,
            **counts(count=self.unexpected_count or 0, total=self.element_count or 0),
            action=action,
            action_en=action_en,
        )

    def as_json(self, *, public: bool = False) -> dict[str, Any]:
        """Give the result; the public form leaves out arguments that may hold values of a column that is not open."""
        kwargs = dict(self.expectation.kwargs)
        shown = {key: value for key, value in kwargs.items() if self._may_show(key)} if public else kwargs
        nl, en = asked(self.expectation)
        told: dict[str, Any] = {
            "type": self.expectation.type,
            "kwargs": plain(shown),
            "dimension": self.expectation.dimension,
            "severity": self.expectation.severity,
            "success": self.success,
            "element_count": self.element_count,
            "unexpected_count": self.unexpected_count,
            "unexpected_percent": self.unexpected_percent,
            "observed_value": self.observed_value,
            "observed_masked": self.observed_masked,
            "engine": self.engine,
            "text": {"nl": nl, "en": en},
        }
        if len(shown) < len(kwargs):
            told["kwargs_masked"] = sorted(set(kwargs) - set(shown))
        if self.error or self.missing:
            told["error"] = self.error or "missing-column"
        if self.aside:
            told["set_aside"] = len(self.aside)
        return told

    def _may_show(self, key: str) -> bool:
        counts = self.expectation.type in COUNTS and key in {"min_value", "max_value", "value"}
        return self.open or key in _PUBLIC_KWARGS or counts


def plain(value: Any) -> Any:
    """Give JSON values: numbers and texts as they are, dates as ISO 8601, NaN as None, numpy scalars as Python's."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        listed = [plain(item) for item in value]
        return sorted(listed, key=str) if isinstance(value, set | frozenset) else listed
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and (value != value or value in {float("inf"), float("-inf")}):  # noqa: PLR0124 - NaN
        return None
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
