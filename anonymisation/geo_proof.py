"""The proof of the smallest areas: their rows are counted again in the written file, by code that shares nothing with their making."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from config.errors import Message, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from config.errors import Problem

THINNED = Message(
    "anonymise.area-thinned",
    nl="Kolom {column}: door rijen die elders om worden weggelaten heeft een gebied minder dan {minimum} rijen over. Zet k op minstens "
    "{minimum}, laat bij `levels` de kleinste stap weg, of verlaag `minimum`.",
    en="Column {column}: because rows are left out for other reasons an area has fewer than {minimum} rows left. Set k to {minimum} at "
    "least, leave the smallest step out of `levels`, or lower `minimum`.",
)


def thinned(path: Path, minimums: Mapping[str, int]) -> Iterator[Problem]:
    """Yield the columns of a written file in which a label has fewer rows than its minimum.

    Areas had enough rows when they were made; rows that are suppressed afterwards, for what other columns say of them, may leave fewer.
    That cannot be where k is the minimum or more: every class of the file then has as many.
    """
    import pyarrow.parquet as pq

    for column, minimum in minimums.items():
        counts: Counter[object] = Counter()
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(columns=[column]):
                for found in batch.column(0).value_counts().to_pylist():
                    counts[found["values"]] += found["counts"]
        if counts and min(counts.values()) < minimum:
            yield THINNED.at(Place(path=f"privacy.columns.{column}.hierarchy.minimum"), column=column, minimum=minimum)
