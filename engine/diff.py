"""What changed between two tables in Parquet, in counts: by key where the key names each row once, else as multisets of rows."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from engine.session import session
from engine.types import ROW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import narwhals as nw


@dataclass(frozen=True, slots=True)
class TableDiff:
    """Counts of what is different.

    Attributes:
        columns_retyped: columns of both tables whose types differ; their values count as different wherever the types cannot be compared.
        added: rows that only the new table has.
        removed: rows that only the old table has.
        changed: rows whose key both have and whose values differ; always 0 when compared as multisets.
        by_key: whether the rows were compared by key.
    """

    columns_added: tuple[str, ...]
    columns_removed: tuple[str, ...]
    rows_old: int
    rows_new: int
    added: int
    removed: int
    changed: int
    columns_retyped: tuple[str, ...] = ()
    by_key: bool = False


def diff(old: Path, new: Path, key: Sequence[str] = (), *, spill: Path | None = None) -> TableDiff:
    """Compare two Parquet files on the columns that both have; `_row` does not count.

    Args:
        old: the older table.
        new: the newer table.
        key: the columns that name a row; when one is missing or two rows share a key, rows are compared as multisets.
        spill: a restricted folder for what does not fit in memory; needed where the tables are not public.
    """
    import pyarrow.parquet as pq

    before, after = pq.read_schema(old), pq.read_schema(new)
    names_old = [name for name in before.names if name != ROW]
    names_new = [name for name in after.names if name != ROW]
    retyped = tuple(name for name in names_old if name in names_new and before.field(name).type != after.field(name).type)
    common = [name for name in names_old if name in names_new and name not in retyped]
    with _spill(spill) as folder, session(folder) as engine:
        left, right = engine.parquet(old), engine.parquet(new)
        counted = _by_key(left, right, key, common) if key and set(key) <= set(common) else None
        added, removed, changed = counted or _as_multisets(left, right, common)
        return TableDiff(
            tuple(name for name in names_new if name not in names_old),
            tuple(name for name in names_old if name not in names_new),
            _rows(left),
            _rows(right),
            added,
            removed,
            changed,
            retyped,
            counted is not None,
        )


def _by_key(left: nw.LazyFrame[Any], right: nw.LazyFrame[Any], key: Sequence[str], common: Sequence[str]) -> tuple[int, int, int] | None:
    """Count rows added, removed and changed by key; None where a key is null or not unique."""
    import narwhals as nw

    keys = list(key)
    for frame in (left, right):
        twice = frame.group_by(keys).agg(nw.len().alias("n")).filter(nw.col("n") > 1)
        if _rows(twice) or _rows(frame.filter(nw.any_horizontal(*(nw.col(name).is_null() for name in keys), ignore_nulls=True))):
            return None
    added = _rows(right.select(keys).join(left.select(keys), on=keys, how="anti"))
    removed = _rows(left.select(keys).join(right.select(keys), on=keys, how="anti"))
    different = sum(_only_in(left, right, common))  # a changed row is one only in the old and one only in the new table
    return added, removed, (different - added - removed) // 2


def _as_multisets(left: nw.LazyFrame[Any], right: nw.LazyFrame[Any], common: Sequence[str]) -> tuple[int, int, int]:
    removed, added = _only_in(left, right, common)
    return added, removed, 0


def _only_in(left: nw.LazyFrame[Any], right: nw.LazyFrame[Any], common: Sequence[str]) -> tuple[int, int]:
    """Count the rows, with their multiplicity, that only the left and only the right table has; null equals null."""
    import narwhals as nw

    if not common:
        return max(0, _rows(left) - _rows(right)), max(0, _rows(right) - _rows(left))
    names = list(common)
    sides = [frame.select(names).with_columns(nw.lit(sign).alias("_sign")) for frame, sign in ((left, 1), (right, -1))]
    balance = nw.concat(sides, how="vertical").group_by(names).agg(nw.col("_sign").sum())
    totals = balance.select(
        nw.when(nw.col("_sign") > 0).then(nw.col("_sign")).otherwise(0).sum().alias("left"),
        nw.when(nw.col("_sign") < 0).then(-nw.col("_sign")).otherwise(0).sum().alias("right"),
    ).collect()
    return int(totals["left"][0] or 0), int(totals["right"][0] or 0)


def _rows(frame: nw.LazyFrame[Any]) -> int:
    import narwhals as nw

    return int(frame.select(nw.len()).collect().item())


@contextmanager
def _spill(folder: Path | None) -> Iterator[Path]:
    """Give the folder, or a private temporary one that is removed."""
    if folder is not None:
        yield folder
        return
    with TemporaryDirectory(prefix="vrijgave-") as made:
        yield Path(made)
