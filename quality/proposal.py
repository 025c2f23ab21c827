"""One proposed check, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from config.models.quality import Dimension, Severity


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposed check.

    Attributes:
        confidence: 0 to 1, by the rule of three; of a bound or list the chance that it was only so by accident is not in it.
        evidence: what it rests on, in Dutch and English: counts, never a value.
    """

    type: str
    dimension: Dimension
    confidence: float
    evidence: tuple[str, str]
    kwargs: dict[str, Any] = field(default_factory=dict)
    severity: Severity = "warning"
