"""The proof of a table: read back from the Parquet, cell by cell, in plain Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anonymisation.verify import UNPROVEN
from config.errors import IntegrityError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def prove_table(path: Path, dimensions: Sequence[str], figure: str, *, shown: str, hidden: str, cells: int, least: int | None) -> None:
    """Hold a written table against what was promised.

    Args:
        path: the Parquet file.
        dimensions: its first columns; no two rows have the same values in them.
        figure: the column that is empty exactly where the status says that it is hidden.
        shown: the status of a cell with its figure.
        hidden: the status of a cell without.
        cells: how many rows it should have.
        least: the smallest count above 0 that may be shown; None for a table of other figures.

    Raises:
        IntegrityError: something does not hold.
    """
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        if list(file.schema_arrow.names) != [*dimensions, figure, "status"]:
            raise IntegrityError(UNPROVEN.at(what="columns"))
        rows = [row for batch in file.iter_batches() for row in batch.to_pylist()]
    if len(rows) != cells or len({tuple(row[name] for name in dimensions) for row in rows}) != cells:
        raise IntegrityError(UNPROVEN.at(what="cells"))
    for row in rows:
        value = row[figure]
        if row["status"] != (hidden if value is None else shown):
            raise IntegrityError(UNPROVEN.at(what="status"))
        if least is not None and value is not None and 0 < value < least:
            raise IntegrityError(UNPROVEN.at(what=f"min_count = {least}"))
