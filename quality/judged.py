"""What an engine found of one check, in the words of Great Expectations' results."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Judged:
    """One check, judged by some engine.

    Attributes:
        engine: its name and version.
        result: ``element_count``, ``unexpected_count``, ``unexpected_percent``, ``observed_value``, as far as the check has them.
        row_wise: whether it judges single rows.
        rows: the numbers of the rows that fail, where they were asked for.
        error: the class of the exception when it could not be evaluated; `missing` the column that is not there.
    """

    engine: str
    success: bool
    result: dict[str, Any] = field(default_factory=dict)
    row_wise: bool = False
    rows: tuple[int, ...] = ()
    error: str | None = None
    missing: str | None = None
