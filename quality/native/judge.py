"""A suite judged by the engine, as far as it can: what it leaves is for Great Expectations."""

from __future__ import annotations

import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from engine.session import session
from engine.types import ROW
from quality.judged import Judged
from quality.native.cells import columns_of
from quality.native.compile import ROW_WISE, compiled
from quality.native.run import failing_rows, open_table, run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from config.models.quality import Expectation
    from engine.session import Session
    from quality.native.plan import Found, Plan

MEMORY_LIMIT = "512MB"


def judge(
    path: Path,
    schema: pa.Schema,
    expectations: Sequence[Expectation],
    kinds: Mapping[str, str],
    *,
    set_aside: bool,
    spill: Path | None = None,
) -> dict[int, Judged]:
    """Judge what the engine can judge; the others are not in the answer.

    Args:
        path: the Parquet file.
        schema: of the file.
        expectations: the suite.
        kinds: column → kind, from `frames.kinds`.
        set_aside: give the row numbers of failing checks that quarantine; the file has `_row`.
        spill: where what outgrows the memory goes; by default a private folder beside the file, removed afterwards.
    """
    columns = columns_of(schema, kinds)
    plans = {index: plan for index, one in enumerate(expectations) if (plan := compiled(one, columns)) is not None}
    if not plans:
        return {}
    with (
        tempfile.TemporaryDirectory(prefix=".spill-", dir=spill or path.parent) as folder,
        session(Path(folder), memory=MEMORY_LIMIT) as opened,
    ):
        open_table(opened, path, columns, with_row=ROW in schema.names)
        found = run(opened, plans)
        return {
            index: _judged(opened, expectations[index], *both, set_aside=set_aside) for index, both in found.items() if both is not None
        }


def _judged(opened: Session, expectation: Expectation, found: Found, plan: Plan, *, set_aside: bool) -> Judged:
    """Add the row numbers that are set aside."""
    wanted = set_aside and expectation.on_fail == "quarantine" and not found.success
    rows = failing_rows(opened, plan) if wanted else ()
    return Judged(engine(plan), found.success, found.result, expectation.type in ROW_WISE, rows)


def engine(plan: Plan) -> str:
    """Give the name and version of what judged."""
    if plan.walk:
        from platform import python_version

        return f"python {python_version()}"
    return f"duckdb {version('duckdb')}"
