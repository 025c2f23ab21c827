"""What a gate found, as data without a single value: verdict, results, rows set aside, scores by dimension; `quality/1` as JSON.

The gate goes by severity. A check that fails blocks (critical), makes the dataset wait for approval (warning) or is only told (info). A
check that could not be evaluated blocks whatever its severity: nobody knows. A critical check with ``on_fail: quarantine`` does not block
at the input gate: its rows are set aside instead, up to the ceiling that `gate` holds; a warning that quarantines still waits.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from quality.suite import ROW_COUNTS, named_columns
from quality.texts import ACTIONS, EMPTY_INPUT, NO_COLUMN, NOT_EVALUATED, ROWS_FAIL, TABLE_FAILS, TOO_MANY_ASIDE, asked, counts, shares

if TYPE_CHECKING:
    from config.errors import Place, Problem, Severity
    from config.models.quality import Expectation

SCHEMA = "quality/1"
Gate = Literal["input", "output", "file"]
Verdict = Literal["passed", "awaiting-approval", "blocked"]

_RANK: dict[Verdict, int] = {"passed": 0, "awaiting-approval": 1, "blocked": 2}
_PUBLIC_KWARGS = frozenset(
    {
        *("column", "column_A", "column_B", "column_list", "column_set", "column_index"),
        *("mostly", "strict_min", "strict_max", "or_equal", "strictly", "double_sided", "ties_okay", "exact_match", "allow_relative_error"),
        *("ignore_row_if", "match_on", "method", "type_", "type_list"),
    }
)
"""Arguments that hold no value of a column; any other is public only where every column it touches is `open`."""

_COUNTS = frozenset(
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
class Aside:
    """A row that a quarantining check sets aside: its number in the source, the column, the rule it broke."""

    row: int
    column: str
    rule: str


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
        elif self.error:
            problem = NOT_EVALUATED.at(self.place, check=nl, check_en=en, kind=self.error, type=name)
        elif self.element_count and self.unexpected_count:
            problem = self._rows_fail(nl, en)
        else:
            problem = self._table_fails(nl, en)
        return replace(problem, severity=severity)

    def _table_fails(self, nl: str, en: str) -> Problem:
        action, action_en = ACTIONS[self.expectation.severity]
        count = self.observed_value if self.expectation.type in _COUNTS else None
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
        counts = self.expectation.type in _COUNTS and key in {"min_value", "max_value", "value"}
        return self.open or key in _PUBLIC_KWARGS or counts


@dataclass(frozen=True, slots=True)
class QualityReport:
    """What one gate found of one table.

    Attributes:
        rows: the rows of the table that was judged.
        results: in the order of the suite.
        rejected_rows, read, max_quarantine: what `gate` was told; None before.
    """

    gate: Gate
    rows: int
    results: tuple[Result, ...]
    rejected_rows: int | None = None
    read: int | None = None
    max_quarantine: float | None = None
    extra: tuple[Problem, ...] = field(default=())

    @property
    def success(self) -> bool:
        """Whether every check succeeded, whatever its severity."""
        return all(result.success for result in self.results)

    @property
    def verdict(self) -> Verdict:
        """The worst consequence of all results and of what concerns the whole table."""
        found: list[Verdict] = ["passed", *(result.consequence for result in self.results)]
        if self.extra:
            found.append("blocked")
        return max(found, key=_RANK.__getitem__)

    @property
    def reasons(self) -> tuple[Problem, ...]:
        """One problem for each check that failed, what concerns the whole table first."""
        return (*self.extra, *(result.reason() for result in self.results if not result.success))

    @property
    def aside(self) -> tuple[Aside, ...]:
        """Every row that is set aside, by row and then by check; a row may occur more than once."""
        found = [
            Aside(row, ", ".join(named_columns(result.expectation)), result.expectation.type)
            for result in self.results
            for row in result.aside
        ]
        return tuple(sorted(found, key=lambda aside: (aside.row, aside.column, aside.rule)))

    @property
    def rows_aside(self) -> frozenset[int]:
        """The numbers of the rows that are set aside."""
        return frozenset(row for result in self.results for row in result.aside)

    def dimensions(self) -> dict[str, dict[str, Any]]:
        """Give per dimension, sorted by name: how many checks, how many passed, and the mean share that is right (six decimals)."""
        found: dict[str, list[Result]] = defaultdict(list)
        for result in self.results:
            found[result.expectation.dimension].append(result)
        return {
            name: {
                "checks": len(results),
                "passed": sum(result.success for result in results),
                "score": round(sum(result.score for result in results) / len(results), 6),
            }
            for name, results in sorted(found.items())
        }

    def as_json(self) -> dict[str, Any]:
        """Give the whole report for the auditor: `quality/1`, no values."""
        told = self._head()
        told["results"] = [result.as_json() for result in self.results]
        told["reasons"] = [problem.as_json() for problem in self.reasons]
        if self.read is not None:
            told["quarantine"] = {
                "rows": len(self.rows_aside),
                "rejected_rows": self.rejected_rows,
                "read": self.read,
                "max": self.max_quarantine,
            }
        return told

    def public(self, *, quarantined_rows: int | None = None) -> dict[str, Any]:
        """Give what may be shown to everybody: the output gate alone.

        Args:
            quarantined_rows: how many rows of the source were set aside before, which is counted in public.

        Raises:
            ValueError: this is the report of another gate.
        """
        if self.gate != "output":
            raise ValueError("only the report of the output gate is public")
        told = self._head()
        told["results"] = [result.as_json(public=True) for result in self.results]
        if quarantined_rows is not None:
            told["quarantined_rows"] = quarantined_rows
        return told

    def _head(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "success": self.success,
            "verdict": self.verdict,
            "gate": self.gate,
            "rows": self.rows,
            "dimensions": self.dimensions(),
        }


def empty_input(gate: Gate, rows: int, results: tuple[Result, ...]) -> tuple[Problem, ...]:
    """Give the finding that the source has no row, unless a check of the row count speaks for itself."""
    spoken = any(result.expectation.type in ROW_COUNTS for result in results)
    return (EMPTY_INPUT.at(),) if gate == "input" and not rows and not spoken else ()


def gate(report: QualityReport, rejected_rows: int, read: int, max_quarantine: float) -> QualityReport:
    """Hold the ceiling: unreadable rows and rows set aside together may be at most a share of what was read; above it the report blocks.

    Args:
        report: of the input gate.
        rejected_rows: rows of the source that hold a cell that could not be read (`Snapshot.rejected_rows`); they are not in the table.
        read: rows that the source held (`Snapshot.read`).
        max_quarantine: the ceiling as a share; exactly at it still passes.
    """
    count = rejected_rows + len(report.rows_aside)
    over = count > max_quarantine * read
    fields = counts(count=count, total=read) | shares(percent=True, share=count / read if read else 0, ceiling=max_quarantine)
    extra = (*report.extra, *((TOO_MANY_ASIDE.at(None, **fields),) if over else ()))
    return replace(report, rejected_rows=rejected_rows, read=read, max_quarantine=max_quarantine, extra=extra)


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
