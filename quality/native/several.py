"""Checks of several columns in one row, and of the order of rows."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from engine.session import quoted
from engine.types import DECIMAL_PRECISION, DECIMAL_SCALE
from quality.native.cells import COMPARABLE, MOMENTS, NUMERIC, NotNative, double, equal, exact, is_number
from quality.native.distinct import ignored_list
from quality.native.plan import Ordered, Plan, both, count, found_rows
from quality.native.rows import row_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from quality.native.arguments import Arguments
    from quality.native.cells import Columns

_PAIRS = {"both_values_are_missing": " OR ", "either_value_is_missing": " AND ", "neither": None}
_MOST_PAIRS = 500
_DECIMAL = f"DECIMAL({DECIMAL_PRECISION}, {DECIMAL_SCALE})"
_FLOATS_IN_ORDER = 2
"""So many doubles add up to the same whatever the order."""


def pair_equal(arguments: Arguments) -> Plan:
    """``expect_column_pair_values_to_be_equal``: a missing value equals nothing."""
    return _pair(arguments, "=", COMPARABLE | {"boolean"})


def pair_greater(arguments: Arguments) -> Plan:
    """``expect_column_pair_values_a_to_be_greater_than_b``."""
    how = ">=" if arguments.flag("or_equal") else ">"
    return _pair(arguments, how, NUMERIC | MOMENTS)


def _pair(arguments: Arguments, how: str, kinds: frozenset[str]) -> Plan:
    names = [arguments.column("column_A"), arguments.column("column_B")]
    left, right = alike(names, arguments.columns, kinds)
    considered, mostly = _ignored_pair(arguments, names), arguments.mostly()
    where = _done(arguments)
    return row_plan(mostly, where, considered, f"({left} {how} {right}) IS NOT TRUE")


def pair_in_set(arguments: Arguments) -> Plan:
    """``expect_column_pair_values_to_be_in_set``: None in a pair stands for a missing value."""
    names = [arguments.column("column_A"), arguments.column("column_B")]
    pairs = arguments.get("value_pairs_set")
    if not isinstance(pairs, list) or not 0 < len(pairs) <= _MOST_PAIRS:
        raise NotNative
    if not all(arguments.columns.kind(name) in {"string", "integer"} for name in names):
        raise NotNative
    listed = [_both_are(names, pair, arguments.columns) for pair in pairs]
    considered, mostly = _ignored_pair(arguments, names), arguments.mostly()
    where = _done(arguments)
    return row_plan(mostly, where, considered, f"({' OR '.join(listed)}) IS NOT TRUE")


def _both_are(names: list[str], pair: Any, columns: Columns) -> str:
    """Give the condition that two cells are those of a pair."""
    if not isinstance(pair, list | tuple) or len(pair) != len(names):
        raise NotNative
    told = []
    for name, value in zip(names, pair, strict=True):
        literal = None if value is None else equal(name, value, columns)
        told.append(f"{quoted(name)} IS NULL" if value is None else f"{quoted(name)} = {literal}" if literal else "FALSE")
    return f"({' AND '.join(told)})"


def _ignored_pair(arguments: Arguments, names: list[str]) -> str | None:
    """Read `ignore_row_if` of a check of two columns as the condition of the rows considered."""
    how = arguments.get("ignore_row_if", "both_values_are_missing")
    if how not in _PAIRS:
        raise NotNative
    word = _PAIRS[how]
    return word.join(f"{quoted(name)} IS NOT NULL" for name in names) if word else None


def sum_equals(arguments: Arguments) -> Plan:
    """``expect_multicolumn_sum_to_equal``: exact for whole numbers and decimals; a missing value makes the sum unequal."""
    names, wanted, columns = arguments.column_list(2), arguments.get("sum_total"), arguments.columns
    kinds = [columns.kind(name) for name in names]
    _fit(names, columns)
    if not is_number(wanted) or not set(kinds) <= NUMERIC or ("number" in kinds and len(names) > _FLOATS_IN_ORDER):
        raise NotNative
    if "number" in kinds:
        total, target = " + ".join(f"CAST({quoted(name)} AS DOUBLE)" for name in names), double(wanted)
    else:
        total, target = " + ".join(f"CAST({quoted(name)} AS {_DECIMAL})" for name in names), _target(wanted)
    considered, mostly = ignored_list(arguments)(names), arguments.mostly()
    return row_plan(mostly, _done(arguments), considered, f"({total} = {target}) IS NOT TRUE")


def _target(wanted: float) -> str:
    """Give a total as an exact decimal; one that no sum can have equals nothing."""
    scaled = exact(wanted).scaleb(DECIMAL_SCALE) if abs(wanted) < 10**20 else None
    return f"CAST('{exact(wanted):f}' AS {_DECIMAL})" if scaled is not None and scaled == scaled.to_integral_value() else "NULL"


def all_equal(arguments: Arguments) -> Plan:
    """``expect_multicolumn_values_to_be_equal``: missing values equal each other."""
    first, *others = _alike_list(arguments)
    return _of_list(arguments, " OR ".join(f"{first} IS DISTINCT FROM {other}" for other in others))


def all_different(arguments: Arguments) -> Plan:
    """``expect_select_column_values_to_be_unique_within_record``: missing values equal each other."""
    pairs = combinations(_alike_list(arguments), 2)
    return _of_list(arguments, " OR ".join(f"{one} IS NOT DISTINCT FROM {other}" for one, other in pairs))


def _alike_list(arguments: Arguments) -> list[str]:
    names = arguments.copy().column_list(2)
    return alike(names, arguments.columns, COMPARABLE | {"boolean"})


def _of_list(arguments: Arguments, failing: str) -> Plan:
    considered, mostly = ignored_list(arguments)(arguments.column_list(2)), arguments.mostly()
    return row_plan(mostly, _done(arguments), considered, f"({failing})")


def alike(names: list[str], columns: Columns, kinds: frozenset[str]) -> list[str]:
    """Give cells of several columns so that they can be compared: of one kind, or numbers; `NotNative` for others."""
    found = {columns.kind(name) for name in names}
    if not found <= kinds or (len(found) > 1 and not found <= NUMERIC and not found <= MOMENTS):
        raise NotNative
    _fit(names, columns)
    if "number" in found:
        return [f"CAST({quoted(name)} AS DOUBLE)" for name in names]
    if "decimal" in found:
        return [f"CAST({quoted(name)} AS {_DECIMAL})" for name in names]
    return [quoted(name) for name in names]


def _fit(names: list[str], columns: Columns) -> None:
    """Hold that every decimal fits the type that sums and comparisons use."""
    if any(columns.scale(name) > DECIMAL_SCALE for name in names):
        raise NotNative


def ordered(*, rising: bool) -> Callable[[Arguments], Plan]:
    """Give ``expect_column_values_to_be_increasing`` or ``…_decreasing``: each cell beside the one before that is there."""

    def compile_(arguments: Arguments) -> Plan:
        name = arguments.column()
        if arguments.columns.kind(name) not in NUMERIC | MOMENTS:
            raise NotNative
        strictly, mostly = arguments.flag("strictly"), arguments.mostly()
        where = _done(arguments)
        rows = str(both(where, f"{quoted(name)} IS NOT NULL"))
        wrong = ("<" if rising else ">") + ("=" if strictly else "")
        return Plan(
            lambda values: found_rows(values, mostly),
            {"total": count(where), "considered": count(rows)},
            ordered=Ordered(quoted(name), rows, f"cell {wrong} before"),
        )

    return compile_


def _done(arguments: Arguments) -> str | None:
    where = arguments.condition()
    arguments.done()
    return where


CHECKS: Mapping[str, Callable[[Arguments], Plan]] = {
    "expect_column_pair_values_a_to_be_greater_than_b": pair_greater,
    "expect_column_pair_values_to_be_equal": pair_equal,
    "expect_column_pair_values_to_be_in_set": pair_in_set,
    "expect_column_values_to_be_decreasing": ordered(rising=False),
    "expect_column_values_to_be_increasing": ordered(rising=True),
    "expect_multicolumn_sum_to_equal": sum_equals,
    "expect_multicolumn_values_to_be_equal": all_equal,
    "expect_select_column_values_to_be_unique_within_record": all_different,
}
