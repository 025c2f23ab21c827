"""The codes of a code list with what they mean, for the data dictionary."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from catalogue.model import CodeFacts
from config.models.base import Text

if TYPE_CHECKING:
    from pathlib import Path

MOST = 500
"""Codes of a list that a page can show; a longer list is named alone."""


def codes(file: Path) -> tuple[CodeFacts, ...]:
    """Read a code list: CSV with ``;``, a header with `code`, `nl` and `en`, of which only the first must be there.

    Nothing is given of a list with more than `MOST` codes, or that has no meanings beside its codes.

    Raises:
        OSError, UnicodeDecodeError, csv.Error: the file is not there or is no code list.
    """
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.DictReader(stream, delimiter=";", strict=True) if row.get("code")]
    named = [row for row in rows if row.get("nl")]
    if not named or len(rows) > MOST:
        return ()
    return tuple(CodeFacts(row["code"], Text(nl=row["nl"], en=row.get("en") or None)) for row in named)
