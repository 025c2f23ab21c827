"""What a rule may look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from config.errors import Message
from config.suggest import hints
from config.validation import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from config.document import Document, DocumentPath
    from config.errors import Problem

UNKNOWN_COLUMN = Message(
    "config.unknown-column",
    nl="De kolom {found} bestaat niet.{hint}",
    en="The column {found} does not exist.{hint_en}",
)
COUNT, STATUS = "aantal", "status"
"""Columns that a table makes: the count, unless `output` names it otherwise, and why a cell is not shown."""
TABLES = frozenset({"frequency", "magnitude"})


@dataclass(frozen=True)
class Scope:
    """One declaration or policy, and what is around it.

    Attributes:
        document: the file.
        base: the folder of the file, from which its paths are read.
        root: the folder of `municipality.yaml`, which no path may leave; None for a policy, which may name any path.
        municipality: `municipality.yaml` as it was typed, or None when it could not be read.
    """

    document: Document
    base: Path
    root: Path | None = None
    municipality: Document | None = None

    @cached_property
    def columns(self) -> dict[str, dict[str, Any]]:
        """Every declared column by name, the first of equal names."""
        found: dict[str, dict[str, Any]] = {}
        for column in self.document.items("schema"):
            if isinstance(column, dict) and isinstance(column.get("name"), str):
                found.setdefault(column["name"], column)
        return found

    @cached_property
    def source_columns(self) -> list[str]:
        """The names of the declared columns in the source."""
        return [source if isinstance(source := column.get("source"), str) else name for name, column in self.columns.items()]

    @property
    def kind(self) -> str | None:
        """The kind of protection."""
        return self.document.text("privacy", "kind")

    @property
    def knows_columns(self) -> bool:
        """Whether the columns are declared; a policy may leave them to the file."""
        return bool(self.columns)

    def action(self, column: str) -> str | None:
        """Give the action on a column."""
        return self.document.text("privacy", "columns", column, "action")

    def generalised(self, column: str) -> bool:
        """Say whether the values of a column are made coarser."""
        return bool(self.document.mapping("privacy", "columns", column, "hierarchy"))

    @cached_property
    def output_columns(self) -> frozenset[str]:
        """The names of the columns of the release."""
        if self.kind not in TABLES:
            return frozenset(name for name in self.columns if self.action(name) != "drop")
        dimensions = self.document.mapping("privacy", "dimensions")
        measure = self.document.text("privacy", "value")
        made = {measure} if measure else set(self.document.mapping("privacy", "output")) - set(dimensions) or {COUNT}
        return frozenset({*dimensions, *made, STATUS})

    def column_of(self, path: DocumentPath, name: str, *, among: Iterable[str] | None = None, key: bool = False) -> Iterator[Problem]:
        """Yield the problem of a name that is not a column."""
        known = list(self.columns if among is None else among)
        if name in known or not self.knows_columns:
            return
        place = self.document.places.key(*path) if key else self.document.places.at(*path)
        (nl, en), (hint, hint_en) = shown(name), hints(name, known)
        yield UNKNOWN_COLUMN.at(place, found=nl, found_en=en, hint=hint, hint_en=hint_en)
