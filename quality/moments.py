"""Dates in the arguments of a check."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any


def moment(value: Any) -> Any:
    """Give a date or ISO 8601 text as a naive instant in UTC; a text that is no date stays a text."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - naive on purpose, as the frame is
    return value
