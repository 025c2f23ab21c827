"""The part `quality:`: expectations in the names and kwargs of Great Expectations, with our severity, dimension and consequence."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from config.models.base import Model, Share, Text
from config.patterns import EXPECTATION

Dimension = Literal[
    "accuracy",
    "completeness",
    "validity",
    "consistency",
    "currentness",
    "precision",
    "plausibility",
    "traceability",
    "understandability",
]
Severity = Literal["critical", "warning", "info"]
On = Literal["input", "output", "both"]


class Expectation(Model):
    """One check.

    Attributes:
        type: a Great Expectations name, such as ``expect_column_values_to_not_be_null``.
        on: the gate it belongs to; without it both where the column survives protection, else the gate before.
        on_fail: `quarantine` (row-wise checks only) sets the failing rows aside, up to `max_quarantine`.
    """

    type: Annotated[str, StringConstraints(pattern=EXPECTATION)]
    kwargs: dict[str, Any] = Field(default_factory=dict)
    dimension: Dimension
    severity: Severity = "critical"
    on: On | None = None
    on_fail: Literal["block", "quarantine"] = "block"
    title: Text | None = None


class Quality(Model):
    """All checks of a dataset.

    Attributes:
        max_quarantine: the share of rows that may be set aside at most; above it the dataset is blocked.
    """

    max_quarantine: Share = 0.0
    expectations: tuple[Expectation, ...] = ()
