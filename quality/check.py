"""Checking a table against a suite: which expectations belong to a gate, and what they found.

An empty table is judged as Great Expectations does (a check of rows holds, a mean does not). A source without a single row is a finding by
itself, and blocks, unless the suite has a check of the row count: then that one speaks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from config.suggest import hints
from engine.types import ROW
from quality import frames
from quality import run as library
from quality.columns import NAMES_ONLY, condition_columns, named_columns, used_columns
from quality.native import judge as native
from quality.report import Aside, Gate, QualityReport, empty_input, gate
from quality.result import COUNTS, Result, Verdict, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from config.errors import Place
    from config.models.quality import Expectation
    from quality.judged import Judged

__all__ = ["Aside", "Gate", "QualityReport", "Result", "Verdict", "applicable", "check", "gate", "surviving"]

LONGEST = 100
"""A list of observed values longer than this says nothing to a reader, and is left out."""

_OF_PRESENCE = frozenset(
    {
        "expect_column_proportion_of_non_null_values_to_be_between",
        "expect_column_to_exist",
        "expect_column_values_to_not_be_null",
    }
)
"""Checks that mean the same at any level of a hierarchy."""


class Described(Protocol):
    """A column as a declaration (`Column`) or a protected table (`SafeColumn`) describes it; openness is asked with `is_open`."""

    @property
    def name(self) -> str:
        """The column's name."""
        ...


class Protected(Described, Protocol):
    """A column of a protected table (`SafeColumn`)."""

    @property
    def level(self) -> str | None:
        """The level of a hierarchy its values are at."""
        ...

    @property
    def measured(self) -> bool:
        """Whether it is a figure that protection computed."""
        ...


def is_open(column: Described) -> bool:
    """Say whether figures of a column may be written down: classified `open`, or an open column of a protected table."""
    return getattr(column, "classification", None) == "open" or getattr(column, "open", False) is True


def surviving(columns: Iterable[Protected]) -> tuple[frozenset[str], frozenset[str]]:
    """Give the names of a protected table's columns, and those whose values are no longer the source's: `applicable` takes both."""
    listed = list(columns)
    changed = (column.name for column in listed if column.level is not None or column.measured)
    return frozenset(column.name for column in listed), frozenset(changed)


def applicable(
    expectations: Iterable[Expectation], gate: Gate, survivors: frozenset[str], *, coarsened: frozenset[str] = frozenset()
) -> tuple[Expectation, ...]:
    """Give the expectations that belong to a gate; all of them for a file.

    Args:
        expectations: the suite.
        gate: `input` is before protection, `output` after it.
        survivors: the columns that are in the protected table.
        coarsened: those of them whose values are no longer the source's (a level of a hierarchy, a computed figure). An expectation
            without `on` about such a column goes to the output only if it asks whether there is a value, not which.
    """

    def belongs(expectation: Expectation) -> bool:
        if gate == "file":
            return True
        if expectation.on:
            return expectation.on in {gate, "both"}
        asked, conditions = frozenset(named_columns(expectation)), condition_columns(expectation.kwargs.get("row_condition"))
        as_in_source = conditions if expectation.type in _OF_PRESENCE else asked | conditions
        return gate == "input" or (asked | conditions <= survivors and not as_in_source & coarsened)

    return tuple(expectation for expectation in expectations if belongs(expectation))


def check(
    path: Path,
    expectations: Sequence[Expectation],
    *,
    gate: Gate,
    columns: Sequence[Described] = (),
    places: Sequence[Place] = (),
    spill: Path | None = None,
) -> QualityReport:
    """Judge a Parquet file; all expectations given are judged (see `applicable`).

    The engine judges what it judges exactly as Great Expectations defines it, in one pass; Great Expectations itself judges the others.

    Args:
        path: the table; `_row` is not a column of it, and only the columns that are used are read.
        expectations: the suite of this gate.
        gate: only the input gate sets rows aside, and only where the file has `_row`.
        columns: what is known of the columns; without it no column is open.
        places: where each expectation stands in its file, for messages.
        spill: a private folder for what outgrows the memory; by default beside the file.

    Raises:
        ConfigurationError: an unknown expectation or a wrong argument; all of them at once.
    """
    import pyarrow.parquet as pq

    rows, schema = pq.read_metadata(path).num_rows, pq.read_schema(path)
    kinds = frames.kinds(schema)
    aside = gate == "input" and ROW in schema.names
    judged = native.judge(path, schema, expectations, kinds, set_aside=aside, spill=spill)
    left = {index: one for index, one in enumerate(expectations) if index not in judged}
    if left:
        judged |= library.judge(path, left, kinds, places, set_aside=aside, rows=rows)
    opened = frozenset(column.name for column in columns if is_open(column))
    results = tuple(
        _result(one, judged[index], frozenset(used_columns(one, kinds)), opened, places[index] if index < len(places) else None, kinds)
        for index, one in enumerate(expectations)
    )
    return QualityReport(gate, rows, results, extra=empty_input(gate, rows, results))


def _result(
    one: Expectation, judged: Judged, used: frozenset[str], opened: frozenset[str], place: Place | None, kinds: Iterable[str]
) -> Result:
    """Turn what an engine found into a result that holds no value."""
    if judged.missing:
        return Result(one, success=False, engine=judged.engine, missing=judged.missing, place=place, hint=hints(judged.missing, kinds))
    told = judged.result if judged.row_wise else {"observed_value": judged.result.get("observed_value")}
    touched = used | frozenset(named_columns(one) if one.type in NAMES_ONLY else ())
    is_public = bool(touched) and touched <= opened
    observed = plain(told.get("observed_value"))
    shown = one.type in COUNTS or (is_public and not (isinstance(observed, list) and len(observed) > LONGEST))
    return Result(
        expectation=one,
        success=judged.success,
        engine=judged.engine,
        element_count=told.get("element_count"),
        unexpected_count=told.get("unexpected_count"),
        unexpected_percent=_percent(told.get("unexpected_percent")),
        observed_value=observed if shown else None,
        observed_masked=observed is not None and not shown,
        open=is_public,
        error=judged.error,
        aside=() if judged.success else judged.rows,
        place=place,
    )


def _percent(value: Any) -> float | None:
    """Round a percentage to six decimals; nothing judged gives None."""
    number = plain(value)
    return None if number is None else round(float(number), 6)
