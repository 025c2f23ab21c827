"""How the columns of a release are described: from the declaration, with what protection changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anonymisation.safe import SafeColumn

if TYPE_CHECKING:
    from config.models.privacy import OutputColumn
    from config.models.schema import Column, ColumnType


def safe_column(
    column: Column, *, type_: ColumnType | None = None, level: str | None = None, output: OutputColumn | None = None
) -> SafeColumn:
    """Describe a column of the source in the release; `output` says it better, `level` and `type_` what it became."""
    return SafeColumn(
        name=column.name,
        type=type_ or column.type,
        title=output.title if output else column.title,
        description=(output.description if output else None) or column.description,
        unit=(output.unit if output else None) or column.unit,
        # A code list names the values themselves; coarser labels are not in it.
        codelist=column.codelist if level is None else None,
        open=column.classification == "open",
        level=level,
    )
