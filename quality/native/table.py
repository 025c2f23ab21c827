"""Checks of the table as a whole: how many rows, and which columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from quality.native.arguments import holds
from quality.native.cells import NotNative, is_number
from quality.native.plan import Found, Plan, count

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from quality.native.arguments import Arguments


def row_count_equals(arguments: Arguments) -> Plan:
    """``expect_table_row_count_to_equal``."""
    wanted, where = _whole(arguments.get("value")), arguments.condition()
    arguments.done()
    return Plan(lambda values: Found(values["rows"] == wanted, {"observed_value": values["rows"]}), {"rows": count(where)})


def row_count_between(arguments: Arguments) -> Plan:
    """``expect_table_row_count_to_be_between``."""
    bounds, where = arguments.whole_bounds(), arguments.condition()
    arguments.done()
    return Plan(lambda values: Found(holds(values["rows"], bounds), {"observed_value": values["rows"]}), {"rows": count(where)})


def column_count_equals(arguments: Arguments) -> Plan:
    """``expect_table_column_count_to_equal``."""
    wanted, found = _whole(arguments.get("value")), len(arguments.columns.kinds)
    return _known(arguments, success=found == wanted, observed=found)


def column_count_between(arguments: Arguments) -> Plan:
    """``expect_table_column_count_to_be_between``."""
    bounds, found = arguments.whole_bounds(), len(arguments.columns.kinds)
    return _known(arguments, success=holds(found, bounds), observed=found)


def ordered_list(arguments: Arguments) -> Plan:
    """``expect_table_columns_to_match_ordered_list``."""
    wanted, found = _names(arguments.get("column_list")), list(arguments.columns.kinds)
    return _known(arguments, success=wanted == found, observed=found)


def column_set(arguments: Arguments) -> Plan:
    """``expect_table_columns_to_match_set``: exactly these, or at least these."""
    wanted, found, exactly = _names(arguments.get("column_set")), list(arguments.columns.kinds), arguments.get("exact_match", True)
    if not isinstance(exactly, bool):
        raise NotNative
    success = set(wanted) == set(found) if exactly else set(wanted) <= set(found)
    return _known(arguments, success=success, observed=sorted(found))


def exists(arguments: Arguments) -> Plan:
    """``expect_column_to_exist``, at a given place where there is one."""
    name, place, columns = arguments.get("column"), arguments.get("column_index"), list(arguments.columns.kinds)
    if not isinstance(name, str) or (place is not None and _whole(place) < 0):
        raise NotNative
    arguments.done()
    there = name in columns and (place is None or columns.index(name) == place)
    return Plan(lambda _: Found(there, {}))


def _known(arguments: Arguments, *, success: bool, observed: Any) -> Plan:
    arguments.done()
    return Plan(lambda _: Found(success, {"observed_value": observed}))


def _whole(value: Any) -> int:
    if not is_number(value) or not isinstance(value, int):
        raise NotNative
    return value


def _names(value: Any) -> list[str]:
    if not isinstance(value, list | tuple) or not value or not all(isinstance(name, str) for name in value):
        raise NotNative
    return list(value)


CHECKS: Mapping[str, Callable[[Arguments], Plan]] = {
    "expect_column_to_exist": exists,
    "expect_table_column_count_to_be_between": column_count_between,
    "expect_table_column_count_to_equal": column_count_equals,
    "expect_table_columns_to_match_ordered_list": ordered_list,
    "expect_table_columns_to_match_set": column_set,
    "expect_table_row_count_to_be_between": row_count_between,
    "expect_table_row_count_to_equal": row_count_equals,
}
