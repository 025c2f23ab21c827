"""Open data: columns are left out where the steward says so, the rows stay as they are, in the order of the source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anonymisation.rewrite import copy_rows
from anonymisation.safe_columns import safe_column
from anonymisation.verify import prove
from anonymisation.vouch import make_safe

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anonymisation.plan import Planned
    from anonymisation.report import Report
    from anonymisation.safe import SafeTable
    from engine.snapshot import Snapshot


def pass_through(snapshot: Snapshot, planned: Sequence[Planned], *, out: Path, exclude: frozenset[int], report: Report) -> SafeTable:
    """Write the columns that are not dropped to `out`; nothing of it may be personal (`plan_open` sees to that)."""
    kept = [one.column for one in planned if one.fate != "dropped"]
    names = [column.name for column in kept]
    rows = copy_rows(snapshot, names, out, exclude)
    prove(out, columns=names, quasi=(), k=None, rows=rows, labels={})
    report["rows"] = rows
    report["columns"] = [{"name": one.column.name, "classification": one.column.classification, "action": one.fate} for one in planned]
    return make_safe(out, tuple(safe_column(column) for column in kept), rows, snapshot.crs)
