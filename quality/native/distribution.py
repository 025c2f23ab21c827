"""How the values of a column are distributed, beside how they should be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from engine.session import quoted
from quality.native.cells import NotNative, equal, is_number
from quality.native.plan import Found, Groups, Plan, both

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from quality.native.arguments import Arguments
    from quality.native.plan import Values

_WHOLE = 1e-6
"""How far the weights of a partition may be from adding up to one."""


def divergence(arguments: Arguments) -> Plan:
    """``expect_column_kl_divergence_to_be_less_than`` of categories: the relative entropy of what is found to what is expected, in nats.

    The sum over categories of p ln(p / q) (Kullback and Leibler, 1951), both brought to a total of one. A category that was not expected
    has a part of `tail_weight_holdout`; without that the divergence is infinite and the check fails. Bins of numbers are left to Great
    Expectations.
    """
    name, threshold, holdout = arguments.column(), arguments.get("threshold"), arguments.get("tail_weight_holdout", 0)
    literals, weights = _partition(name, arguments)
    if not is_number(threshold) or threshold < 0 or not is_number(holdout) or not 0 <= holdout <= 1:
        raise NotNative
    where = arguments.condition()
    arguments.done()
    listed = ", ".join(literals)
    other = f"k0 NOT IN ({listed})"
    measures = {f"w{number}": f"coalesce(sum(n) FILTER (WHERE k0 = {literal}), 0)" for number, literal in enumerate(literals)}
    measures |= {
        "others": f"count(*) FILTER (WHERE {other})",
        "rows": f"coalesce(sum(n) FILTER (WHERE {other}), 0)",
        "entropy": f"coalesce(sum(n * ln(n)) FILTER (WHERE {other}), 0)",
    }

    def judge(values: Values) -> Found:
        found = _divergence(values, weights, holdout)
        return Found(found <= threshold, {"observed_value": found if math.isfinite(found) else None})

    return Plan(judge, groups=Groups((quoted(name),), both(where, f"{quoted(name)} IS NOT NULL"), measures))


def _partition(name: str, arguments: Arguments) -> tuple[list[str], list[float]]:
    """Read a partition of categories: different values of the column and weights that add up to one."""
    told = arguments.get("partition_object")
    if arguments.columns.kind(name) not in {"string", "integer"} or not isinstance(told, dict) or set(told) != {"values", "weights"}:
        raise NotNative
    values, weights = told["values"], told["weights"]
    if not isinstance(values, list) or not isinstance(weights, list) or not values or len(values) != len(weights):
        raise NotNative
    literals = [literal for value in values if (literal := equal(name, value, arguments.columns)) is not None]
    sound = all(is_number(weight) and weight >= 0 for weight in weights) and abs(sum(weights) - 1) < _WHOLE
    if not sound or len(set(literals)) < len(values):
        raise NotNative
    return literals, weights


def _divergence(values: Values, weights: list[float], holdout: float) -> float:
    """Compute the divergence out of the counts; NaN of a column without cells."""
    counts = [int(values[f"w{number}"]) for number in range(len(weights))]
    others, rows = int(values["others"]), int(values["rows"])
    total = sum(counts) + rows
    if not total:
        return math.nan
    expected = [weight * (1 - holdout) for weight in weights] if others else weights
    whole = sum(expected) + (holdout if others else 0)
    found = 0.0
    for count, weight in zip(counts, expected, strict=True):
        if count and not weight:
            return math.inf
        found += count / total * math.log(count / total / (weight / whole)) if count else 0.0
    if not others:
        return found
    if not holdout:
        return math.inf
    # the sum of p ln p over categories with n rows each is (the sum of n ln n - rows ln total) / total
    return found + (float(values["entropy"]) - rows * math.log(total)) / total - rows / total * math.log(holdout / others / whole)


CHECKS: Mapping[str, Callable[[Arguments], Plan]] = {"expect_column_kl_divergence_to_be_less_than": divergence}
