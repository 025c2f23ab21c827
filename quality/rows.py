"""Which rows a check fails on: their numbers alone, for the person who has to mend the source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quality.check import check
from quality.suite import implementations, is_row_wise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from config.models.quality import Expectation
    from quality.check import Described


def failing_rows(table: Path, expectation: Expectation, columns: Sequence[Described] = ()) -> tuple[int, ...]:
    """Give the numbers of the rows of a table that fail a check, sorted; none where the check is not about single rows.

    The engine tells rows only of a check that sets them aside, so that is what it is asked.
    """
    known = implementations().get(expectation.type)
    if known is None or not is_row_wise(known):
        return ()
    asking = expectation.model_copy(update={"on_fail": "quarantine", "severity": "critical"})
    (result,) = check(table, [asking], gate="input", columns=columns).results
    return tuple(sorted(set(result.aside)))
