"""Checks of Dutch identifiers and of geometries: those with a fixed form and the eleven-test in the engine, the others in Python."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from config import identifiers
from engine.session import quoted
from quality.expectations.kinds import KINDS
from quality.native import patterns
from quality.native.cells import NotNative, text
from quality.native.rows import of_cells, walked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from quality.native.arguments import Arguments
    from quality.native.plan import Plan


def _identifier(name: str, arguments: Arguments) -> Plan:
    """Judge the cells of a column by the test of an identifier."""
    kind = KINDS[name]
    given = {key: value for key in kind.arguments if (value := arguments.get(key)) is not None}
    try:
        accepts = kind.accepts(given)
    except (ValueError, TypeError):
        raise NotNative from None
    column = arguments.column()
    if kind.geometry:
        if arguments.columns.kind(column) != "geometry":
            raise NotNative
        return walked(arguments, column, accepts, told=quoted(column))
    told = patterns.as_text(column, arguments.columns)
    condition = _condition(name, told, given)
    return of_cells(arguments, column, condition) if condition else walked(arguments, column, accepts, told=told)


def _condition(name: str, told: str, given: Mapping[str, str]) -> str | None:
    """Give the condition of a right text, None where Python must judge."""
    what = name.removeprefix("expect_column_values_to_be_valid_")
    if what == "bsn":
        digits = f"regexp_replace({told}, '[ .-]', '', 'g')"
        return f"{_whole(told, '[0-9]+(?:[ .-][0-9]+)*')} AND {eleven(digits, 8)}"
    if what == "rsin":
        return eleven(told, 9)
    forms = {
        "kvk_number": lambda: identifiers.KVK.pattern,
        "bag_id": lambda: identifiers.bag_pattern(given.get("object_type")),
        "cbs_code": lambda: identifiers.cbs_pattern(given["level"], given.get("municipality")),
    }
    return _whole(told, forms[what]()) if what in forms else None


def _whole(told: str, pattern: str) -> str:
    """Give the condition that a whole text has a form."""
    return f"regexp_matches({told}, {text(f'^(?:{pattern})$')})"


def eleven(digits: str, least: int) -> str:
    """Give the condition that at least so many digits, nine at most, pass the eleven-test and are not all nought."""
    padded = f"lpad({digits}, 9, '0')"
    terms = " + ".join(
        f"{weight} * CAST(substr({padded}, {place}, 1) AS INTEGER)" for place, weight in enumerate(identifiers.BSN_WEIGHTS, 1)
    )
    # CASE keeps the engine from reading digits in a text that has none
    right = f"({terms}) % 11 = 0 AND {padded} <> '000000000'"
    return f"CASE WHEN regexp_matches({digits}, '^[0-9]{{{least},9}}$') THEN {right} ELSE FALSE END"


CHECKS: Mapping[str, Callable[[Arguments], Plan]] = {name: partial(_identifier, name) for name in KINDS}
