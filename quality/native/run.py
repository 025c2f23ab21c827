"""The plans of a suite carried out together: one query for all that is counted or added up, one GROUP BY for each key.

Measures that are written alike are computed once. A plan may ask for a second look (a z-score needs the mean first); the second looks
of all plans share a query again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.session import QueryError, quoted
from engine.types import ROW
from quality.native.cells import cell
from quality.native.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from engine.session import Session
    from quality.native.cells import Columns
    from quality.native.plan import Found, Groups, Ordered, Walk

TABLE = "cells"
BATCH = 65_536
REMEMBERED = 100_000
"""So many different texts of a column are judged once."""


def open_table(session: Session, path: Path, columns: Columns, *, with_row: bool) -> None:
    """Name the cells of a file for the queries of this module."""
    told = {name: cell(name, kind) for name, kind in columns.kinds.items()}
    session.view(TABLE, path, told | ({ROW: quoted(ROW)} if with_row else {}) | {"file_row_number": "file_row_number"})


def run(session: Session, plans: Mapping[int, Plan]) -> dict[int, tuple[Found, Plan] | None]:
    """Judge plans on the open table.

    Returns:
        The index of each plan → what it found and the plan that found it (of the last look); None where the engine cannot compute it after
        all (an infinite cell, a sum out of bounds).
    """
    found: dict[int, tuple[Found, Plan] | None] = {}
    waiting = dict(plans)
    while waiting:
        computed = _together(session, waiting)
        following: dict[int, Plan] = {}
        for index, plan in waiting.items():
            values = computed[index]
            judged = None if values is None or values.get("infinite") else plan.judge(values)
            if isinstance(judged, Plan):
                following[index] = judged
            else:
                found[index] = None if judged is None else (judged, plan)
        waiting = following
    return found


def _together(session: Session, plans: Mapping[int, Plan]) -> dict[int, dict[str, Any] | None]:
    """Compute what plans ask, all in one; when that fails, one by one, so that one check does not spoil the others."""
    try:
        return dict(_computed(session, plans))
    except QueryError:
        return {index: _alone(session, plan) for index, plan in plans.items()}


def _alone(session: Session, plan: Plan) -> dict[str, Any] | None:
    try:
        return _computed(session, {0: plan})[0]
    except QueryError:
        return None


def _computed(session: Session, plans: Mapping[int, Plan]) -> dict[int, dict[str, Any]]:
    """Compute the measures of plans by name."""
    whole = _aggregates(session, {sql for plan in plans.values() for sql in plan.measures.values()}, TABLE)
    grouped = _groups(session, [plan.groups for plan in plans.values() if plan.groups])
    values: dict[int, dict[str, Any]] = {}
    for index, plan in plans.items():
        told = {name: whole[sql] for name, sql in plan.measures.items()}
        if plan.groups:
            computed = grouped[plan.groups.keys, plan.groups.rows]
            told |= {name: computed[sql] for name, sql in plan.groups.measures.items()}
        if plan.ordered:
            told["unexpected"] = _in_order(session, plan.ordered)
        if plan.walk:
            told["unexpected"] = sum(not right for right in _walked(session, plan.walk))
        values[index] = told
    return values


def _aggregates(session: Session, wanted: Iterable[str], table: str) -> dict[str, Any]:
    """Compute aggregates in one query; aggregate → value."""
    listed = sorted(wanted)
    if not listed:
        return {}
    (row,) = session.rows(f"SELECT {', '.join(f'{sql} AS m{number}' for number, sql in enumerate(listed))} FROM {table}")  # noqa: S608
    return dict(zip(listed, row.values(), strict=True))


def _groups(session: Session, asked: list[Groups]) -> dict[tuple[tuple[str, ...], str | None], dict[str, Any]]:
    """Compute each key once, with the measures of all plans that share it."""
    found = {}
    for keys, rows in dict.fromkeys((groups.keys, groups.rows) for groups in asked):
        wanted = {sql for groups in asked if (groups.keys, groups.rows) == (keys, rows) for sql in groups.measures.values()}
        named = ", ".join(f"{key} AS k{number}" for number, key in enumerate(keys))
        where = f" WHERE {rows}" if rows else ""
        by = ", ".join(str(number + 1) for number in range(len(keys)))
        inner = f"(SELECT {named}, count(*) AS n FROM {TABLE}{where} GROUP BY {by}) AS grouped"  # noqa: S608
        found[keys, rows] = _aggregates(session, wanted, inner)
    return found


def _in_order(session: Session, ordered: Ordered) -> int:
    (row,) = session.rows(f"SELECT count(*) FILTER (WHERE {ordered.unexpected}) AS unexpected FROM {_lagged(ordered)}")  # noqa: S608
    return int(row["unexpected"])


def _lagged(ordered: Ordered, extra: str = "") -> str:
    """Give the rows considered, each with the cell before it."""
    return (
        f"(SELECT {ordered.column} AS cell, lag({ordered.column}) OVER (ORDER BY file_row_number) AS before{extra} "  # noqa: S608
        f"FROM {TABLE} WHERE {ordered.rows}) AS lagged"
    )


def _walked(session: Session, walk: Walk) -> Iterable[bool]:
    """Judge cells in the order of the batches, each different text once as long as there are not too many."""
    known: dict[Any, bool] = {}
    for batch in session.batches(f"SELECT {walk.column} AS cell FROM {TABLE} WHERE {walk.rows} ORDER BY file_row_number", BATCH):  # noqa: S608
        for text in batch.column(0).to_pylist():
            right = known.get(text)
            if right is None:
                right = walk.accepts(text)
                if isinstance(text, str) and len(known) < REMEMBERED:
                    known[text] = right
            yield right


def failing_rows(session: Session, plan: Plan) -> tuple[int, ...]:
    """Give the numbers of the rows that fail a plan, ascending; the table was opened with its row numbers."""
    row = quoted(ROW)
    if plan.walk:
        numbered = session.rows(f"SELECT {row} AS r FROM {TABLE} WHERE {plan.walk.rows} ORDER BY file_row_number")  # noqa: S608
        judged = zip(numbered, _walked(session, plan.walk), strict=True)
        return tuple(sorted(number["r"] for number, right in judged if not right))
    if plan.ordered:
        query = f"SELECT r FROM {_lagged(plan.ordered, f', {row} AS r')} WHERE {plan.ordered.unexpected}"  # noqa: S608
    elif plan.groups:
        keys = ", ".join(plan.groups.keys)
        query = f"SELECT {row} AS r FROM {TABLE} WHERE {plan.groups.rows or 'TRUE'} QUALIFY count(*) OVER (PARTITION BY {keys}) > 1"  # noqa: S608
    else:
        query = f"SELECT {row} AS r FROM {TABLE} WHERE {plan.failing}"  # noqa: S608
    return tuple(sorted(found["r"] for found in session.rows(query)))
