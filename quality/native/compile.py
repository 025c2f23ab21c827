"""An expectation compiled for the engine, where the engine judges it exactly as Great Expectations defines it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quality.native import distinct, distribution, figures, identifiers, rows, several, table
from quality.native.arguments import Arguments
from quality.native.cells import NotNative

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from config.models.quality import Expectation
    from quality.native.cells import Columns
    from quality.native.plan import Plan

FAMILIES = (rows, identifiers, figures, distinct, distribution, several, table)
CHECKS: Mapping[str, Callable[[Arguments], Plan]] = {name: check for family in FAMILIES for name, check in family.CHECKS.items()}
"""Name of an expectation → what compiles it."""

ROW_WISE = frozenset(
    {*rows.CHECKS, *identifiers.CHECKS, *several.CHECKS, "expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique"}
)
"""Those that judge single rows, so that the failing ones can be set aside."""


def compiled(expectation: Expectation, columns: Columns) -> Plan | None:
    """Give the plan of an expectation; None where the engine leaves it to Great Expectations."""
    check = CHECKS.get(expectation.type)
    if check is None or (expectation.on_fail == "quarantine" and expectation.type not in ROW_WISE):
        return None
    arguments = Arguments(expectation.kwargs, columns)
    try:
        plan = check(arguments)
        arguments.done()
    except NotNative:
        return None
    return plan
