"""Delimited text."""

from __future__ import annotations

from typing import Literal

from config.models.source import FileOptions


class Options(FileOptions):
    """Options of a delimited text file."""

    kind: Literal["csv"]
