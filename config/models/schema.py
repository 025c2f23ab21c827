"""The part `schema:`: one entry a source column, with its type and its classification."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import StringConstraints

from config.models.base import Model, Text

ColumnType = Literal["string", "integer", "number", "decimal", "boolean", "date", "datetime", "geometry"]
Classification = Literal["open", "quasi", "sensitive", "direct", "text", "unclassified"]
PERSONAL: frozenset[str] = frozenset({"quasi", "sensitive", "direct", "text"})


class Column(Model):
    """One column.

    Attributes:
        name: the name in the release; also the name in the source, unless `source` says otherwise.
        source: the name of the column in the source.
        classification: `unclassified` is what `init` writes where it is not sure; it cannot be published.
        ground: the Woo ground for withholding, such as ``Woo 5.1 2e``; required of a column that is dropped for what it holds.
        format: how a date, date-time or boolean is written in the source (strptime codes; ``ja|nee``).
        codelist: a file in `codelists/`, named without its ending.
    """

    name: Annotated[str, StringConstraints(min_length=1, max_length=120)]
    type: ColumnType
    classification: Classification
    source: str | None = None
    ground: str | None = None
    title: Text | None = None
    description: Text | None = None
    unit: str | None = None
    format: str | None = None
    pattern: str | None = None
    codelist: str | None = None
    required: bool = False

    @property
    def source_name(self) -> str:
        """The name of the column in the source."""
        return self.source or self.name
