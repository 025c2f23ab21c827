from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from config.models.quality import Expectation
from engine.types import ROW

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def expect() -> Callable[..., Expectation]:
    def make(
        kind: str,
        /,
        *,
        dimension: str = "validity",
        severity: str = "critical",
        on: str | None = None,
        on_fail: str = "block",
        **kwargs: Any,
    ) -> Expectation:
        return Expectation.model_validate(
            {"type": kind, "kwargs": kwargs, "dimension": dimension, "severity": severity, "on": on, "on_fail": on_fail}
        )

    return make


@pytest.fixture
def parquet(tmp_path: Path) -> Callable[..., Path]:
    def write(columns: dict[str, Any], *, first_row: int | None = 1, name: str = "table.parquet") -> Path:
        table = pa.table(columns)
        if first_row is not None:
            table = table.add_column(0, ROW, pa.array(range(first_row, first_row + table.num_rows), pa.int64()))
        pq.write_table(table, tmp_path / name)
        return tmp_path / name

    return write


@pytest.fixture
def mixed() -> dict[str, pa.Array]:
    """Six rows of every type, with a gap in row 3."""
    return {
        "text": pa.array(["aap", "noot", None, "mies", "wim", "wim"]),
        "whole": pa.array([1, 2, None, 4, 5, 5], pa.int64()),
        "full": pa.array([1, 2, 3, 4, 5, 5], pa.int64()),
        "real": pa.array([1.5, 2.5, None, 4.5, 5.5, 5.5], pa.float64()),
        "money": pa.array([Decimal(t) if t else None for t in ("0.10", "0.20", None, "1.10", "2.20", "2.20")], pa.decimal128(38, 9)),
        "rest": pa.array([Decimal(t) if t else None for t in ("0.20", "0.10", None, "1.10", "0", "0")], pa.decimal128(38, 9)),
        "day": pa.array([date(2024, 1, 1), date(2024, 1, 2), None, date(2024, 1, 4), date(2024, 1, 5), date(2024, 1, 5)]),
        "moment": pa.array([d * 86_400_000_000 if d else None for d in (1, 2, None, 4, 5, 5)], pa.timestamp("us", tz="UTC")),
        "flag": pa.array([True, False, None, True, True, True]),
    }
