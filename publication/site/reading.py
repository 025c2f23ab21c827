"""Reading a release back for its pages: typed batches out of the file that tells most, in bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from catalogue.model import ColumnFacts, DistributionFacts
    from publication.release import Release

READABLE = ("parquet", "csv", "geojson")
"""Formats that a page can be made from, the best first."""


def source(release: Release) -> DistributionFacts | None:
    """Choose the file that the preview and the figure are made from; None where no format is readable here."""
    found = {file.format: file for file in release.manifest.distributions}
    return next((found[name] for name in READABLE if name in found), None)


def batches(release: Release) -> Iterator[pa.RecordBatch]:
    """Stream the rows of a release in their order, columns typed as declared; geometry is WKB, or text where the file holds text.

    A column that the file does not have is left out.
    """
    from distributions.write import writer

    file = source(release)
    if file is None:
        return
    columns = {column.name: column for column in release.manifest.columns}
    for batch in writer(file.format).read_back(release.folder / file.name):
        yield _typed(batch, columns)


def _typed(batch: pa.RecordBatch, columns: dict[str, ColumnFacts]) -> pa.RecordBatch:
    """Give text columns their declared types; what does not fit stays text."""
    import pyarrow as pa

    kept = [name for name in batch.schema.names if name in columns]
    return pa.RecordBatch.from_arrays([_cast(batch.column(name), columns[name]) for name in kept], names=kept)


def _cast(values: pa.Array, column: ColumnFacts) -> pa.Array:
    import pyarrow as pa

    from engine.types import arrow_type

    if not pa.types.is_string(values.type) or column.type in {"string", "geometry"}:
        return values
    try:
        return values.cast(arrow_type(column.type))
    except pa.ArrowInvalid:
        return values
