"""The proof for a release with pseudonyms: trails are counted again from the written file, by code that shares nothing with `trails`."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from anonymisation.verify import UNPROVEN
from config.errors import IntegrityError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def prove_trails(path: Path, column: str, quasi: Sequence[str], k: int) -> None:
    """Hold a written file to this: every trail is that of at least k people, and every class has no row without pseudonym or at least k.

    Args:
        path: the Parquet file.
        column: the pseudonyms.
        quasi: the columns that make the classes.
        k: people, and rows, at least.

    Raises:
        IntegrityError: something does not hold.
    """
    import pyarrow.parquet as pq

    names = list(dict.fromkeys([column, *quasi]))
    trails: defaultdict[str, Counter[tuple[object, ...]]] = defaultdict(Counter)
    without: Counter[tuple[object, ...]] = Counter()
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(columns=names):
            cells = [batch.column(name).to_pylist() for name in quasi]
            classes = zip(*cells, strict=True) if cells else iter([()] * batch.num_rows)
            for person, found in zip(batch.column(column).to_pylist(), classes, strict=True):
                (without if person is None else trails[person])[found] += 1
    people = Counter(frozenset(trail.items()) for trail in trails.values())
    if min(people.values(), default=k) < k or min(without.values(), default=k) < k:
        raise IntegrityError(UNPROVEN.at(what=f"pseudonyms, k = {k}"))
