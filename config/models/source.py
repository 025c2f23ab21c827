"""The part `source:` that every kind of source shares; each kind's module in `sources/readers` adds its own options."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from config.models.base import KindOptions, Model
from config.patterns import DURATION


class AsOf(Model):
    """Where the date comes from that the data describe: a column (its greatest value), or a fixed date."""

    column: str | None = None
    value: str | None = None
    precision: Literal["day", "month", "year"] = "day"


class SourceOptions(KindOptions):
    """Options of every source.

    Attributes:
        key: the columns that name a record, by their names in `schema` or in the source; a database is read in their
            order, and `diff` compares by them.
        as_of: where the as-of date comes from; without it the moment of extraction.
        retention: ISO 8601 duration of calendar units that the restricted snapshot is kept.
    """

    key: tuple[str, ...] = ()
    as_of: AsOf | None = None
    retention: Annotated[str, StringConstraints(pattern=DURATION)] = "P30D"


class FileOptions(SourceOptions):
    """Options of a source that is one file; `path` is relative to the file that names it."""

    path: str = Field(min_length=1)


def duration(text: str) -> timedelta:
    """Give an ISO 8601 calendar duration as a time span: a year counts 366 days, a month 31 (retention never ends early)."""
    match = re.fullmatch(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?", text)
    years, months, weeks, days = (int(part or 0) for part in match.groups()) if match else (0, 0, 0, 0)
    return timedelta(days=366 * years + 31 * months + 7 * weeks + days)
