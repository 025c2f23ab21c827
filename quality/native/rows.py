"""Checks of single cells: filled in or not, a list, bounds, length, form, readable as a date or JSON; and outliers by z-score."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.session import quoted
from quality.native import patterns
from quality.native.cells import MOMENTS, NUMERIC, NotNative, compared, double, equal, is_number
from quality.native.figures import mean_of, sample_deviation, unbounded
from quality.native.plan import Found, Plan, Walk, both, count, found_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from quality.native.arguments import Arguments
    from quality.native.plan import Values


def not_null(arguments: Arguments) -> Plan:
    """``expect_column_values_to_not_be_null``: of all rows."""
    return _of_all_rows(arguments, "IS NULL")


def null(arguments: Arguments) -> Plan:
    """``expect_column_values_to_be_null``: of all rows."""
    return _of_all_rows(arguments, "IS NOT NULL")


def _of_all_rows(arguments: Arguments, fails: str) -> Plan:
    failing = f"{quoted(arguments.column())} {fails}"
    return row_plan(arguments.mostly(), _done(arguments), None, failing)


def in_set(arguments: Arguments) -> Plan:
    """``expect_column_values_to_be_in_set``."""
    name = arguments.column()
    return of_cells(arguments, name, among(name, arguments))


def not_in_set(arguments: Arguments) -> Plan:
    """``expect_column_values_to_not_be_in_set``."""
    name = arguments.column()
    return of_cells(arguments, name, f"NOT {among(name, arguments)}")


def among(name: str, arguments: Arguments) -> str:
    """Give the condition that a cell is one of `value_set`."""
    literals = {literal for value in arguments.values() if (literal := equal(name, value, arguments.columns)) is not None}
    return f"{quoted(name)} IN ({', '.join(sorted(literals))})" if literals else "FALSE"


def between(arguments: Arguments) -> Plan:
    """``expect_column_values_to_be_between``, of numbers and moments."""
    name = arguments.column()
    if arguments.columns.kind(name) not in NUMERIC | MOMENTS:
        raise NotNative
    bounds = arguments.bounds(arguments.columns.kind(name))
    return of_cells(arguments, name, " AND ".join(compared(name, how, value, arguments.columns) for how, value in bounds))


def lengths_between(arguments: Arguments) -> Plan:
    """``expect_column_value_lengths_to_be_between``, in code points."""
    name = arguments.column()
    bounds = arguments.whole_bounds()
    return of_cells(arguments, name, " AND ".join(f"{_length(name, arguments)} {how} {value}" for how, value in bounds))


def length_equals(arguments: Arguments) -> Plan:
    """``expect_column_value_lengths_to_equal``, in code points."""
    name, value = arguments.column(), arguments.get("value")
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise NotNative
    return of_cells(arguments, name, f"{_length(name, arguments)} = {value}")


def _length(name: str, arguments: Arguments) -> str:
    return f"length({patterns.as_text(name, arguments.columns)})"


def regex(arguments: Arguments, *, negated: bool = False) -> Plan:
    """``expect_column_values_to_match_regex`` and its negation."""
    return _patterns(arguments, [arguments.get("regex")], "any", negated=negated)


def not_regex(arguments: Arguments) -> Plan:
    """``expect_column_values_to_not_match_regex``."""
    return regex(arguments, negated=True)


def regex_list(arguments: Arguments) -> Plan:
    """``expect_column_values_to_match_regex_list``: any of them, or all."""
    how = arguments.get("match_on", "any")
    return _patterns(arguments, arguments.values("regex_list"), how, negated=False)


def not_regex_list(arguments: Arguments) -> Plan:
    """``expect_column_values_to_not_match_regex_list``: none of them."""
    return _patterns(arguments, arguments.values("regex_list"), "any", negated=True)


def _patterns(arguments: Arguments, given: list[Any], how: Any, *, negated: bool) -> Plan:
    """Look for regular expressions: in the engine when it reads them all, else in Python."""
    if how not in {"any", "all"} or not all(isinstance(pattern, str) and patterns.readable(pattern) for pattern in given):
        raise NotNative
    name, accepts = arguments.column(), patterns.python(given, how, negated=negated)
    told, again = patterns.as_text(name, arguments.columns), arguments.copy()
    if all(patterns.same_in_engine(pattern) for pattern in given):
        word = " OR " if how == "any" else " AND "
        found = word.join(patterns.matches(told, pattern) for pattern in given)
        doubt = patterns.doubt(told, given) if arguments.columns.kind(name) == "string" else None
        plan = of_cells(arguments, name, f"NOT ({found})" if negated else f"({found})")
        return _doubted(plan, doubt, lambda: walked(again, name, accepts)) if doubt else plan
    return walked(arguments, name, accepts)


def _doubted(plan: Plan, doubt: str, otherwise: Callable[[], Plan]) -> Plan:
    """Judge by a plan unless there are rows that it cannot be trusted with."""
    return replace(
        plan, judge=lambda values: otherwise() if values["doubt"] else plan.judge(values), measures={**plan.measures, "doubt": count(doubt)}
    )


def strftime(arguments: Arguments) -> Plan:
    """``expect_column_values_to_match_strftime_format``: a text that `datetime.strptime` reads."""
    form = arguments.get("strftime_format")
    if not isinstance(form, str):
        raise NotNative

    def reads(cell: str) -> bool:
        try:
            datetime.strptime(cell, form)  # noqa: DTZ007 - only whether it can be read
        except ValueError:
            return False
        return True

    return walked(arguments, arguments.column(), reads)


def dateutil(arguments: Arguments) -> Plan:
    """``expect_column_values_to_be_dateutil_parseable``."""

    def reads(cell: str) -> bool:
        from dateutil.parser import parse  # type: ignore[import-untyped]

        try:
            parse(cell)
        except (ValueError, OverflowError):
            return False
        return True

    return walked(arguments, arguments.column(), reads)


def json_text(arguments: Arguments) -> Plan:
    """``expect_column_values_to_be_json_parseable``, as Python's `json` reads it."""

    def reads(cell: str) -> bool:
        try:
            json.loads(cell)
        except (ValueError, RecursionError):
            return False
        return True

    return walked(arguments, arguments.column(), reads)


def walked(arguments: Arguments, name: str, accepts: Callable[[Any], bool], *, told: str | None = None) -> Plan:
    """Judge the texts of a column in Python; `told` is what is judged of a cell that is no text itself."""
    if told is None and arguments.columns.kind(name) != "string":
        raise NotNative
    mostly, where = arguments.mostly(), _done(arguments)
    rows = both(where, f"{quoted(name)} IS NOT NULL")
    return Plan(
        lambda values: found_rows(values, mostly),
        {"total": count(where), "considered": count(rows)},
        walk=Walk(told or quoted(name), str(rows), accepts),
    )


def z_scores(arguments: Arguments) -> Plan:
    """``expect_column_value_z_scores_to_be_less_than``: first mean and sample deviation, then the rows; without a deviation all hold."""
    name, threshold, sided = arguments.column(), arguments.get("threshold"), arguments.get("double_sided")
    if arguments.columns.kind(name) not in NUMERIC or not is_number(threshold) or not isinstance(sided, bool):
        raise NotNative
    mostly, where = arguments.mostly(), _done(arguments)
    cell = f"CAST({quoted(name)} AS DOUBLE)"

    def judge(values: Values) -> Found | Plan:
        mean, deviation = values["mean"], values["deviation"]
        if not deviation:
            return row_plan(mostly, where, f"{quoted(name)} IS NOT NULL", "FALSE")
        score = f"({cell} - {double(mean)}) / {double(deviation)}"
        fails = f"abs({score}) >= {double(abs(threshold))}" if sided else f"{score} >= {double(threshold)}"
        return row_plan(mostly, where, f"{quoted(name)} IS NOT NULL", fails)

    measures = {"mean": mean_of(name, where), "deviation": sample_deviation(name, where)}
    return Plan(judge, {**measures, **unbounded(name, where, arguments.columns)})


def of_cells(arguments: Arguments, name: str, expected: str) -> Plan:
    """Judge the cells that are there by a condition."""
    return row_plan(arguments.mostly(), _done(arguments), f"{quoted(name)} IS NOT NULL", f"NOT ({expected})")


def row_plan(mostly: float, where: str | None, considered: str | None, failing: str) -> Plan:
    """Judge rows by a condition that failing ones meet, among those considered, among those of a row condition."""
    fails = str(both(where, considered, failing))
    measures: Mapping[str, str] = {"total": count(where), "considered": count(both(where, considered)), "unexpected": count(fails)}
    return Plan(lambda values: found_rows(values, mostly), measures, failing=fails)


def _done(arguments: Arguments) -> str | None:
    """Give the row condition; nothing may be left unread after it."""
    where = arguments.condition()
    arguments.done()
    return where


CHECKS: Mapping[str, Callable[[Arguments], Plan]] = {
    "expect_column_value_lengths_to_be_between": lengths_between,
    "expect_column_value_lengths_to_equal": length_equals,
    "expect_column_value_z_scores_to_be_less_than": z_scores,
    "expect_column_values_to_be_between": between,
    "expect_column_values_to_be_dateutil_parseable": dateutil,
    "expect_column_values_to_be_in_set": in_set,
    "expect_column_values_to_be_json_parseable": json_text,
    "expect_column_values_to_be_null": null,
    "expect_column_values_to_match_regex": regex,
    "expect_column_values_to_match_regex_list": regex_list,
    "expect_column_values_to_match_strftime_format": strftime,
    "expect_column_values_to_not_be_in_set": not_in_set,
    "expect_column_values_to_not_be_null": not_null,
    "expect_column_values_to_not_match_regex": not_regex,
    "expect_column_values_to_not_match_regex_list": not_regex_list,
}
