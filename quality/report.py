"""What a gate found, as data without a single value: verdict, results, rows set aside, scores by dimension; `quality/1` as JSON.

The gate goes by severity. A check that fails blocks (critical), makes the dataset wait for approval (warning) or is only told (info). A
check that could not be evaluated blocks whatever its severity: nobody knows. A critical check with ``on_fail: quarantine`` does not block
at the input gate: its rows are set aside instead, up to the ceiling that `gate` holds; a warning that quarantines still waits.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from quality.columns import ROW_COUNTS, named_columns
from quality.texts import EMPTY_INPUT, TOO_MANY_ASIDE, counts, shares

if TYPE_CHECKING:
    from config.errors import Problem
    from quality.result import Result, Verdict

SCHEMA = "quality/1"
Gate = Literal["input", "output", "file"]

_RANK: dict[Verdict, int] = {"passed": 0, "awaiting-approval": 1, "blocked": 2}


@dataclass(frozen=True, slots=True)
class Aside:
    """A row that a quarantining check sets aside: its number in the source, the column, the rule it broke."""

    row: int
    column: str
    rule: str


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
        found += ["blocked" if problem.severity == "error" else "awaiting-approval" for problem in self.extra]
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
