"""A row condition as SQL: the objects of Great Expectations, and pandas texts as far as both engines read them alike.

A comparison with a missing value holds in pandas for ``!=`` and never otherwise; where the frame decides (whole numbers with gaps, truth
values, dates) the condition is left to Great Expectations.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from engine.session import quoted
from quality.native.cells import NotNative, compared, equal

if TYPE_CHECKING:
    from quality.native.cells import Columns, Comparison

_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "IN",
    ast.NotIn: "NOT_IN",
}
_KINDS = frozenset({"string", "integer", "number", "decimal"})


def compiled(condition: Any, parser: Any, columns: Columns) -> str:
    """Give a row condition as SQL over the columns; `NotNative` where it is not one of those above."""
    if isinstance(condition, dict):
        return _object(condition, columns)
    if isinstance(condition, str) and parser == "pandas":
        try:
            return _text(ast.parse(condition.strip(), mode="eval").body, columns)
        except SyntaxError:
            raise NotNative from None
    raise NotNative


def _object(condition: dict[str, Any], columns: Columns) -> str:
    """Read one of Great Expectations' own conditions."""
    kind = condition.get("type")
    if kind in {"and", "or"} and isinstance(condition.get("conditions"), list) and condition["conditions"]:
        return f" {kind.upper()} ".join(f"({_object(part, columns)})" for part in condition["conditions"])
    named = condition.get("column")
    name = named.get("name") if isinstance(named, dict) else named
    if kind == "nullity" and isinstance(condition.get("is_null"), bool):
        columns.kind(name)
        return f"{quoted(str(name))} IS {'' if condition['is_null'] else 'NOT '}NULL"
    if kind == "comparison":
        return _comparison(name, condition.get("operator"), condition.get("parameter"), columns)
    raise NotNative


def _text(node: ast.expr, columns: Columns) -> str:
    """Read a pandas text: comparisons of a column with a constant, joined by ``and`` and ``or``."""
    if isinstance(node, ast.BoolOp):
        word = " AND " if isinstance(node.op, ast.And) else " OR "
        return word.join(f"({_text(part, columns)})" for part in node.values)
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.left, ast.Name):
        operator = _OPERATORS.get(type(node.ops[0]))
        try:
            value = ast.literal_eval(node.comparators[0])
        except ValueError:
            raise NotNative from None
        return _comparison(node.left.id, operator, value, columns)
    raise NotNative


def _comparison(name: Any, operator: Any, value: Any, columns: Columns) -> str:
    """Compare the cells of a column with a value or a list of values."""
    kind = columns.kind(name)
    if kind not in _KINDS or (kind == "integer" and operator in {"!=", "NOT_IN"}):
        raise NotNative
    if operator in {"<", "<=", ">", ">="}:
        how: Comparison = operator
        return compared(name, how, value, columns)
    if operator in {"==", "!="}:
        return _among(name, [value], columns, negated=operator == "!=")
    if operator in {"IN", "NOT_IN"} and isinstance(value, list) and value:
        return _among(name, value, columns, negated=operator == "NOT_IN")
    raise NotNative


def _among(name: str, values: list[Any], columns: Columns, *, negated: bool) -> str:
    literals = [literal for value in values if (literal := equal(name, value, columns)) is not None]
    found = f"{quoted(name)} IN ({', '.join(literals)})" if literals else "FALSE"
    return f"({quoted(name)} IS NULL OR NOT {found})" if negated else found
