"""The arguments of a check, read strictly: what is not plainly right is left to Great Expectations, which says what is wrong with it."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from quality.native import conditions
from quality.native.cells import MOMENTS, NotNative, is_number, micros

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from quality.native.cells import Columns, Comparison


_LARGEST = 2**53
"""Counts stay below this."""


class Arguments:
    """The kwargs of one check; every one must be asked for before `done`."""

    def __init__(self, kwargs: Mapping[str, Any], columns: Columns) -> None:
        self._left = dict(kwargs)
        self.columns = columns

    def copy(self) -> Arguments:
        """Give the same arguments, as far as they were not asked for yet."""
        return Arguments(self._left, self.columns)

    def done(self) -> None:
        """`NotNative` where an argument was not asked for."""
        if self._left:
            raise NotNative

    def get(self, name: str, default: Any = None) -> Any:
        """Give an argument as it is."""
        return self._left.pop(name, default)

    def column(self, name: str = "column") -> str:
        """Give the name of a column that is there."""
        given = self.get(name)
        self.columns.kind(given)
        return str(given)

    def column_list(self, least: int) -> list[str]:
        """Give at least so many different columns that are there."""
        given = self.get("column_list")
        if not isinstance(given, list | tuple) or len(given) < least or len(set(map(str, given))) < len(given):
            raise NotNative
        for name in given:
            self.columns.kind(name)
        return list(given)

    def mostly(self) -> float:
        """Give the share of rows that must hold."""
        given = self.get("mostly", 1)
        if not is_number(given) or not 0 <= given <= 1:
            raise NotNative
        return float(given)

    def flag(self, name: str) -> bool:
        """Give a yes or no; absent is no."""
        given = self.get(name, False)
        if given is not None and not isinstance(given, bool):
            raise NotNative
        return bool(given)

    def values(self, name: str = "value_set") -> list[Any]:
        """Give a list of values without gaps."""
        given = self.get(name)
        if not isinstance(given, list | tuple) or not given or any(value is None for value in given):
            raise NotNative
        return list(given)

    def bounds(self, kind: str) -> list[tuple[Comparison, Any]]:
        """Give the bounds of cells of a kind as (comparison, value); `NotNative` without any, or when the lowest is above the highest."""
        low, high = self.get("min_value"), self.get("max_value")
        more: Comparison = ">" if self.flag("strict_min") else ">="
        less: Comparison = "<" if self.flag("strict_max") else "<="
        given = [(how, value) for how, value in ((more, low), (less, high)) if value is not None]
        if not given or not all(kind in MOMENTS or is_number(value) for _, value in given):
            raise NotNative
        order = [micros(value) if kind in MOMENTS else value for _, value in given]
        if order != sorted(order):
            raise NotNative
        return given

    def whole_bounds(self) -> list[tuple[Comparison, Any]]:
        """Give the bounds of a count, which are whole numbers."""
        given = self.bounds("integer")
        if not all(isinstance(value, int) and abs(value) < _LARGEST for _, value in given):
            raise NotNative
        return given

    def condition(self) -> str | None:
        """Give the row condition as SQL, None without one."""
        given, parser = self.get("row_condition"), self.get("condition_parser")
        if given is None and parser is None:
            return None
        return conditions.compiled(given, parser, self.columns)


def holds(value: Any, bounds: Sequence[tuple[Comparison, Any]]) -> bool:
    """Say whether a figure lies within bounds."""
    tests = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}
    return all(tests[how](value, bound) for how, bound in bounds)
