"""The proof: the guarantee is computed again from the written Parquet, by code that shares nothing with the search or the engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.errors import IntegrityError, Message
from engine.types import ROW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import pyarrow as pa

UNPROVEN = Message(
    "anonymise.unproven",
    nl="Het beschermde bestand voldoet niet aan wat beloofd is ({what}). Er is niets gepubliceerd. "
    "Dit is een fout in het programma: meld hem.",
    en="The protected file does not hold what was promised ({what}). Nothing was published. This is a fault in the program: report it.",
)
BATCH = 1 << 20


@dataclass(frozen=True, slots=True)
class Recount:
    """What was counted in a file: its rows, and the size of each class (in no particular order)."""

    rows: int
    sizes: np.ndarray


def recount(path: Path, columns: Sequence[str]) -> Recount:
    """Count the classes of a Parquet file: records that share their values of `columns`, a missing value being a value."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        rows = file.metadata.num_rows
        if not columns:
            return Recount(rows, np.array([rows] if rows else [], dtype=np.int64))
        partial = [_counted(pa.Table.from_batches([batch]), columns) for batch in file.iter_batches(BATCH, columns=list(columns))]
    if not partial:
        return Recount(rows, np.empty(0, dtype=np.int64))
    together = pa.concat_tables(partial).group_by(list(columns)).aggregate([("count_all", "sum")])
    return Recount(rows, together.column("count_all_sum").to_numpy())


def prove(
    path: Path,
    *,
    columns: Sequence[str],
    quasi: Sequence[str],
    k: int | None,
    rows: int,
    labels: Mapping[str, pa.Array],
) -> Recount:
    """Hold a written file against what was promised.

    Args:
        path: the Parquet file.
        columns: exactly the columns that it should have.
        quasi: the quasi-identifiers among them.
        k: how many rows every class must have at least; None: no matter.
        rows: how many rows it should have.
        labels: per generalised column the only values that it may hold.

    Raises:
        IntegrityError: something does not hold.
    """
    import pyarrow.parquet as pq

    names = pq.read_schema(path).names
    if list(names) != list(columns) or ROW in names:
        raise IntegrityError(UNPROVEN.at(what="columns"))
    found = recount(path, quasi)
    if found.rows != rows or int(found.sizes.sum()) != rows:
        raise IntegrityError(UNPROVEN.at(what="rows"))
    if k is not None and rows and int(found.sizes.min()) < k:
        raise IntegrityError(UNPROVEN.at(what=f"k = {k}"))
    for name, allowed in labels.items():
        if not _only(path, name, allowed):
            raise IntegrityError(UNPROVEN.at(what=f"hierarchy of {name}"))
    return found


def _counted(table: pa.Table, columns: Sequence[str]) -> pa.Table:
    return table.group_by(list(columns)).aggregate([([], "count_all")])


def _only(path: Path, name: str, allowed: pa.Array) -> bool:
    """Say whether a column holds nothing but these values."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        return all(
            pc.all(pc.is_in(batch.column(0), value_set=allowed)).as_py() is not False for batch in file.iter_batches(BATCH, columns=[name])
        )
