"""Checks of the different values of a column: unique, how many, which, which most often. One GROUP BY for each key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.session import quoted
from quality.native.arguments import holds
from quality.native.cells import COMPARABLE, NotNative, equal
from quality.native.plan import Found, Groups, Plan, both, count, found_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from quality.native.arguments import Arguments
    from quality.native.plan import Values

_REPEATED = "sum(n) FILTER (WHERE n > 1)"
_KEYS = COMPARABLE | {"boolean"}


def unique(arguments: Arguments) -> Plan:
    """``expect_column_values_to_be_unique``: every row of a repeated value fails."""
    name, mostly = _key(arguments), arguments.mostly()
    where = _done(arguments)
    present = both(where, f"{quoted(name)} IS NOT NULL")
    return Plan(
        lambda values: found_rows(values, mostly),
        {"total": count(where), "considered": count(present)},
        Groups((quoted(name),), present, {"unexpected": _REPEATED}),
    )


def unique_count(arguments: Arguments) -> Plan:
    """``expect_column_unique_value_count_to_be_between``."""
    name, bounds = _key(arguments), arguments.whole_bounds()
    present = both(_done(arguments), f"{quoted(name)} IS NOT NULL")
    return Plan(
        lambda values: Found(holds(values["distinct"], bounds), {"observed_value": values["distinct"]}),
        groups=Groups((quoted(name),), present, {"distinct": "count(*)"}),
    )


def unique_share(arguments: Arguments) -> Plan:
    """``expect_column_proportion_of_unique_values_to_be_between``: different values of all cells that are there; nought of none."""
    name, bounds = _key(arguments), arguments.bounds("number")
    present = both(_done(arguments), f"{quoted(name)} IS NOT NULL")

    def judge(values: Values) -> Found:
        share = values["distinct"] / values["considered"] if values["considered"] else 0
        return Found(holds(share, bounds), {"observed_value": share})

    return Plan(judge, {"considered": count(present)}, Groups((quoted(name),), present, {"distinct": "count(*)"}))


def distinct_values(*, inside: bool, complete: bool) -> Callable[[Arguments], Plan]:
    """Give the checks that compare the different values with a set: none outside it, all of it there, or both."""

    def compile_(arguments: Arguments) -> Plan:
        name = _key(arguments)
        literals = _literals(name, arguments)
        present = both(_done(arguments), f"{quoted(name)} IS NOT NULL")
        listed = f"k0 IN ({', '.join(sorted(set(filter(None, literals))))})" if any(literals) else "FALSE"
        wanted = len(set(literals))

        def judge(values: Values) -> Found:
            outside, lacking = values["distinct"] - values["inside"], wanted - values["inside"]
            success = not (inside and outside) and not (complete and lacking)
            return Found(success, {"observed_value": None})

        groups = Groups((quoted(name),), present, {"distinct": "count(*)", "inside": count(listed)})
        return Plan(judge, groups=groups)

    return compile_


def most_common(arguments: Arguments) -> Plan:
    """``expect_column_most_common_value_to_be_in_set``: the value or, with `ties_okay`, one of the values that occur most."""
    name, ties = _key(arguments), arguments.flag("ties_okay")
    literals = _literals(name, arguments)
    if arguments.columns.kind(name) not in {"string", "integer"}:
        raise NotNative
    present = both(_done(arguments), f"{quoted(name)} IS NOT NULL")
    listed = f"k0 IN ({', '.join(sorted(set(filter(None, literals))))})" if any(literals) else "FALSE"
    key = quoted(name)

    def first(values: Values) -> Found | Plan:
        most = values["most"]
        if most is None:
            return Found(success=False, result={"observed_value": []})
        tops = f"n = {most}"
        again = Groups(
            (key,),
            present,
            {"ties": count(tops), "listed": count(f"{tops} AND {listed}"), "values": f"list(k0 ORDER BY k0) FILTER (WHERE {tops})"},
        )
        return Plan(judge, groups=again)

    def judge(values: Values) -> Found:
        success = values["listed"] > 0 if ties else values["ties"] == 1 and values["listed"] == 1
        return Found(success, {"observed_value": values["values"]})

    return Plan(first, groups=Groups((key,), present, {"most": "max(n)"}))


def compound_unique(arguments: Arguments) -> Plan:
    """``expect_compound_columns_to_be_unique``: missing values equal each other."""
    names, mostly, ignore = arguments.column_list(2), arguments.mostly(), ignored_list(arguments)
    if not all(arguments.columns.kind(name) in _KEYS for name in names):
        raise NotNative
    where = _done(arguments)
    rows = both(where, ignore(names))
    return Plan(
        lambda values: found_rows(values, mostly),
        {"total": count(where), "considered": count(rows)},
        Groups(tuple(quoted(name) for name in names), rows, {"unexpected": _REPEATED}),
    )


def ignored_list(arguments: Arguments) -> Callable[[list[str]], str | None]:
    """Read `ignore_row_if` of a check of several columns as the condition of the rows considered."""
    how = arguments.get("ignore_row_if", "all_values_are_missing")
    words = {"all_values_are_missing": " OR ", "any_value_is_missing": " AND ", "never": None}
    if how not in words:
        raise NotNative
    word = words[how]
    return lambda names: word.join(f"{quoted(name)} IS NOT NULL" for name in names) if word else None


def _key(arguments: Arguments) -> str:
    name = arguments.column()
    if arguments.columns.kind(name) not in _KEYS:
        raise NotNative
    return name


def _literals(name: str, arguments: Arguments) -> list[str | None]:
    """Give `value_set` as literals of the column, None for a value that no cell can hold."""
    return [equal(name, value, arguments.columns) for value in arguments.values()]


def _done(arguments: Arguments) -> str | None:
    where = arguments.condition()
    arguments.done()
    return where


CHECKS: Mapping[str, Callable[[Arguments], Plan]] = {
    "expect_column_distinct_values_to_be_in_set": distinct_values(inside=True, complete=False),
    "expect_column_distinct_values_to_contain_set": distinct_values(inside=False, complete=True),
    "expect_column_distinct_values_to_equal_set": distinct_values(inside=True, complete=True),
    "expect_column_most_common_value_to_be_in_set": most_common,
    "expect_column_proportion_of_unique_values_to_be_between": unique_share,
    "expect_column_unique_value_count_to_be_between": unique_count,
    "expect_column_values_to_be_unique": unique,
    "expect_compound_columns_to_be_unique": compound_unique,
}
