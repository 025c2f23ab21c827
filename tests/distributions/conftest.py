from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anonymisation.safe import SafeColumn
from anonymisation.vouch import make_safe
from config.models.base import Text
from distributions.base import Sheet, WriteOptions
from engine.types import arrow_type

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from anonymisation.safe import SafeTable
    from config.models.schema import ColumnType

Columns = dict[str, tuple["ColumnType", "Sequence[Any]"]]


@pytest.fixture
def options() -> WriteOptions:
    return WriteOptions(
        Sheet("bomen", Text(nl="Bomen", en="Trees"), Text(nl="Alle bomen van de gemeente."), Text(nl="Gemeente Voorbeeld")), "block"
    )


@pytest.fixture
def quoting(options: WriteOptions) -> WriteOptions:
    return WriteOptions(options.sheet, "quote")


@pytest.fixture
def safe(tmp_path: Path) -> Callable[..., SafeTable]:
    """Make a protected table of columns ``{name: (type, cells)}``; `row_group` sets how the file behind it is cut."""
    numbers = itertools.count()

    def make(columns: Columns, *, crs: str | None = None, row_group: int = 1000, rows: int | None = None, **extra: Any) -> SafeTable:
        described = tuple(SafeColumn(name, kind, **extra.get(name, {})) for name, (kind, _) in columns.items())
        table = pa.table({name: pa.array(cells, arrow_type(kind)) for name, (kind, cells) in columns.items()})
        path = tmp_path / f"safe-{next(numbers)}.parquet"
        pq.write_table(table, path, row_group_size=row_group)
        return make_safe(path, described, table.num_rows if rows is None else rows, crs)

    return make
