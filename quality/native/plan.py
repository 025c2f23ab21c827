"""What a check asks of the table, and how it judges what it got: `Plan`. A suite's plans share one query (`quality.native.run`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Values = Mapping[str, Any]
"""What the engine computed for a plan, by the names of its measures."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found, in the words of Great Expectations' result.

    Attributes:
        result: ``element_count``, ``unexpected_count``, ``unexpected_percent`` of a check of rows, ``observed_value`` of one of the table.
    """

    success: bool
    result: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Groups:
    """One GROUP BY: the distinct keys of the rows considered.

    Attributes:
        keys: SQL expressions over the columns; in `measures` they are ``k0``, ``k1``…
        rows: the condition of the rows considered, None for all.
        measures: name → aggregate over the groups; ``n`` is how many rows a key has.
    """

    keys: tuple[str, ...]
    rows: str | None
    measures: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ordered:
    """One pass in the order of the rows: how many rows considered do not follow the one before, ``before`` and ``cell``."""

    column: str
    rows: str
    unexpected: str


@dataclass(frozen=True, slots=True)
class Walk:
    """Cells that Python judges one by one, in Arrow batches: how many of the rows considered hold one that is not accepted."""

    column: str
    rows: str
    accepts: Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Plan:
    """One check, compiled.

    Attributes:
        judge: makes the finding of what was computed, or another plan where a second look at the table is needed.
        measures: name → aggregate over all rows (SQL).
        groups, ordered, walk: what needs a query of its own; their measures join the others, `ordered` and `walk` as ``unexpected``.
        failing: the condition of a row that fails, for a check of single rows; groups, order and walks say it themselves.
    """

    judge: Callable[[Values], Found | Plan]
    measures: Mapping[str, str] = field(default_factory=dict)
    groups: Groups | None = None
    ordered: Ordered | None = None
    walk: Walk | None = None
    failing: str | None = None


def count(condition: str | None = None) -> str:
    """Give the aggregate that counts rows."""
    return "count(*)" if condition is None else f"count(*) FILTER (WHERE {condition})"


def both(*conditions: str | None) -> str | None:
    """Give the condition that all of some hold; None where there is none."""
    given = [condition for condition in conditions if condition]
    return " AND ".join(f"({condition})" for condition in given) or None


def aggregate(call: str, condition: str | None) -> str:
    """Give an aggregate over the rows that meet a condition."""
    return f"{call} FILTER (WHERE {condition})" if condition else call


def found_rows(values: Values, mostly: float) -> Found:
    """Judge ``total``, ``considered`` and ``unexpected`` as Great Expectations does: vacuously true where no row is considered."""
    total, considered, unexpected = (int(values[name] or 0) for name in ("total", "considered", "unexpected"))
    success = not total or not considered or (considered - unexpected) / considered >= mostly
    percent = unexpected / considered * 100 if considered else None
    return Found(success, {"element_count": total, "unexpected_count": unexpected, "unexpected_percent": percent})
