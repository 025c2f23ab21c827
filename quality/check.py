"""Checking a table against a suite: which expectations belong to a gate, and what they found.

An empty table is judged as Great Expectations does (a check of rows holds, a mean does not). A source without a single row is a finding by
itself, and blocks, unless the suite has a check of the row count: then that one speaks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from config.suggest import hints
from engine.types import ROW
from quality import frames
from quality.columns import NAMES_ONLY, condition_columns, named_columns
from quality.report import Aside, Gate, QualityReport, empty_input, gate
from quality.result import COUNTS, Result, Verdict, plain
from quality.run import engine_name, quiet, run
from quality.suite import prepare

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from config.errors import Place
    from config.models.quality import Expectation
    from quality.suite import Prepared

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
) -> QualityReport:
    """Judge a Parquet file; all expectations given are judged (see `applicable`).

    Args:
        path: the table; `_row` is not a column of it, and only the columns that are used are read.
        expectations: the suite of this gate.
        gate: only the input gate sets rows aside, and only where the file has `_row`.
        columns: what is known of the columns; without it no column is open.
        places: where each expectation stands in its file, for messages.

    Raises:
        ConfigurationError: an unknown expectation or a wrong argument; all of them at once.
    """
    import pyarrow.parquet as pq

    metadata = pq.read_metadata(path)
    schema = pq.read_schema(path)
    types = frames.kinds(schema)
    with quiet():
        prepared = prepare(expectations, types, places)
        missing = {one.index: name for one in prepared if (name := _missing(one, types))}
        found = run(path, [one for one in prepared if one.index not in missing], types, set_aside=gate == "input" and ROW in schema.names)
    opened = frozenset(column.name for column in columns if is_open(column))
    results = tuple(
        _absent(one, missing[one.index], types, _place(one, places))
        if one.index in missing
        else _result(one, found[one.index], opened, _place(one, places))
        for one in prepared
    )
    return QualityReport(gate, metadata.num_rows, results, extra=empty_input(gate, metadata.num_rows, results))


def _missing(one: Prepared, types: dict[str, str]) -> str | None:
    """Give the first column that a check needs and the table has not."""
    return next((name for name in one.used if name not in types), None)


def _place(one: Prepared, places: Sequence[Place]) -> Place | None:
    """Give where a check stands, when that is known."""
    return places[one.index] if one.index < len(places) else None


def _absent(one: Prepared, missing: str, types: dict[str, str], place: Place | None) -> Result:
    """Give the result of a check of a column that is not there."""
    return Result(one.expectation, success=False, engine=engine_name(), missing=missing, place=place, hint=hints(missing, types))


def _result(one: Prepared, found: dict[str, Any], opened: frozenset[str], place: Place | None) -> Result:
    """Turn what Great Expectations gave into a result that holds no value."""
    told = found["result"]
    touched = frozenset(one.used) | frozenset(named_columns(one.expectation) if one.type in NAMES_ONLY else ())
    is_public = bool(touched) and touched <= opened
    observed = plain(told.get("observed_value"))
    shown = one.type in COUNTS or (is_public and not (isinstance(observed, list) and len(observed) > LONGEST))
    counted = one.row_wise
    return Result(
        expectation=one.expectation,
        success=found["success"],
        engine=engine_name(),
        element_count=told.get("element_count") if counted else None,
        unexpected_count=told.get("unexpected_count") if counted else None,
        unexpected_percent=_percent(told.get("unexpected_percent")) if counted else None,
        observed_value=observed if shown else None,
        observed_masked=observed is not None and not shown,
        open=is_public,
        error=found["error"],
        aside=() if found["success"] else _rows(told.get("unexpected_index_list")),
        place=place,
    )


def _percent(value: Any) -> float | None:
    """Round a percentage to six decimals; nothing judged gives None."""
    number = plain(value)
    return None if number is None else round(float(number), 6)


def _rows(listed: Any) -> tuple[int, ...]:
    """Give the row numbers out of GX's list of ``{"_row": [numbers]}``, each once, ascending."""
    return tuple(sorted({int(row) for entry in listed or () for row in entry[ROW]}))
