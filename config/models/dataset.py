"""One dataset, as a steward declares it in `datasets/<id>.yaml`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from config.models.base import ByKind, Identifier, Model, Text
from config.models.catalogue import Description
from config.models.privacy import Privacy
from config.models.quality import Quality
from config.models.schema import PERSONAL, Column
from config.models.source import SourceOptions
from config.registry import SOURCES


class Publication(Model):
    """What is published, and where.

    Attributes:
        distributions: formats, by their names.
        portals: names of portals in `municipality.yaml`.
        formula_guard: what happens to a text cell that a spreadsheet would run as a formula: `block`, or `quote` it in csv and xlsx.
        replaces: earlier versions are withdrawn when a new one is published.
    """

    distributions: tuple[str, ...] = Field(default=("csv", "parquet"), min_length=1)
    portals: tuple[Identifier, ...] = Field(min_length=1)
    formula_guard: Literal["block", "quote"] = "block"
    replaces: bool = False


class Schedule(Model):
    """When a dataset is due: a five-field cron expression in a time zone."""

    cron: str
    timezone: str = "Europe/Amsterdam"


class Dataset(Model):
    """One dataset; see `docs/` for every key."""

    id: Identifier
    title: Text
    description: Text
    owner: Identifier
    purpose: Text | None = None
    processing: Identifier | None = None
    assessment: Identifier | None = None
    source: Annotated[SourceOptions, ByKind(SOURCES)]
    columns: tuple[Column, ...] = Field(alias="schema", min_length=1)
    quality: Quality = Quality()
    privacy: Privacy
    catalogue: Description
    publication: Publication
    schedule: Schedule | None = None

    @property
    def personal(self) -> bool:
        """Whether the source holds data on persons, so that four eyes are needed."""
        return any(column.classification in PERSONAL for column in self.columns)

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a record, by their names in the release."""
        names = {column.source_name: column.name for column in self.columns} | {column.name: column.name for column in self.columns}
        return tuple(names.get(name, name) for name in self.source.key)

    @property
    def source_key(self) -> tuple[str, ...]:
        """The columns that name a record, by their names in the source."""
        names = {column.name: column.source_name for column in self.columns}
        return tuple(names[name] for name in self.key)

    def column(self, name: str) -> Column | None:
        """Give the declared column of that name, if there is one."""
        return next((column for column in self.columns if column.name == name), None)
