"""A suite proposed from the data: what holds now and probably has to hold, with how sure that is and what it rests on.

A proposal holds for every row of the table it was made from. How sure it is that it holds in general is the rule of three (Hanley and
Lippman-Hand, JAMA 1983): where none of n cells fails, at most 3/n of all cells fail, with 95 % certainty. Bounds and lists are values, so
they are proposed for columns classified `open` alone; of any other column only what needs no value: filled in, unique, form, not negative.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from engine.types import ROW
from quality.check import is_open
from quality.frames import kinds
from quality.proposal import Proposal
from quality.proposed_forms import form_of
from quality.texts import counts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa

    from quality.check import Described

MOST_CODES, ROWS_A_CODE = 30, 10
"""A column with at most so many different values, each on so many rows on average, is taken to hold codes."""
FILLED = 0.9
"""A column that is filled in for this share is probably meant to be."""
ROOM = 0.1
"""How far beyond what is there now a bound is laid, as a share of the distance between lowest and highest."""
WIDEST_KEY = 8
"""Columns that are tried as a key of two."""
SURE = 0.95
"""From here a proposal is `critical`; below it a `warning`."""
COUNTED = frozenset({"integer", "number", "decimal"})
KEYS = frozenset({"integer", "string", "date", "datetime"})


def propose(table: Path, columns: Sequence[Described] = ()) -> tuple[Proposal, ...]:
    """Propose checks for a Parquet file; none for one without rows, which tells nothing.

    Args:
        table: as extracted; `_row` is not a column of it. One column is in memory at a time, and two for a key of two.
        columns: what is known of the columns; without it none is open, so no bound and no list is proposed.
    """
    import pyarrow.parquet as pq

    schema, rows = pq.read_schema(table), pq.read_metadata(table).num_rows
    types = kinds(schema)
    if not rows or not types:
        return ()
    free = frozenset(column.name for column in columns if is_open(column))

    def read(name: str) -> pa.ChunkedArray:
        return pq.read_table(table, columns=[name]).column(name)

    found = list(_table(rows, tuple(types)))
    key = False
    for name, kind in types.items():
        mine = list(_column(name, kind, read(name), rows, is_free=name in free))
        key = key or any(one.type == "expect_column_values_to_be_unique" for one in mine)
        found += mine
    if not key:
        found += _pair_key(table, types, rows)
    return tuple(found)


def sureness(cells: int) -> float:
    """Give how sure it is that a rule holds that no cell of so many fails (three decimals)."""
    return round(max(0.0, 1 - 3 / cells), 3) if cells else 0.0


def _graded(cells: int) -> dict[str, Any]:
    sure = sureness(cells)
    return {"confidence": sure, "severity": "critical" if sure >= SURE else "warning"}


def _table(rows: int, names: tuple[str, ...]) -> Iterator[Proposal]:
    said = counts(rows=rows, half=max(rows // 2, 1))
    yield Proposal(
        "expect_table_row_count_to_be_between",
        "completeness",
        sureness(rows),
        (
            f"nu {said['rows']} rijen; minder dan {said['half']} is dan verdacht",
            f"{said['rows_en']} rows now; fewer than {said['half_en']} is odd",
        ),
        {"min_value": max(rows // 2, 1)},
        "critical",
    )
    told = (f"de {len(names)} kolommen van nu", f"the {len(names)} columns of now")
    listed = {"column_set": list(names), "exact_match": False}
    yield Proposal("expect_table_columns_to_match_set", "consistency", sureness(rows), told, listed, "critical")


def _column(name: str, kind: str, values: pa.ChunkedArray, rows: int, *, is_free: bool) -> Iterator[Proposal]:
    import pyarrow.compute as pc

    filled = rows - values.null_count
    yield from _filled(name, filled, rows)
    if not filled or kind == "other":
        return
    present = values.drop_null()
    different = pc.count_distinct(present).as_py()
    said = counts(n=filled, d=different)
    if kind in {"integer", "string"} and different == filled == rows and rows > 1:
        told = (f"{said['d']} verschillende waarden in {said['n']} rijen", f"{said['d_en']} different values in {said['n_en']} rows")
        yield Proposal("expect_column_values_to_be_unique", "consistency", evidence=told, kwargs={"column": name}, **_graded(rows))
    codes = is_free and kind in {"string", "integer"} and different <= MOST_CODES and filled >= ROWS_A_CODE * different
    if codes:
        told = (f"{said['d']} verschillende codes in {said['n']} rijen", f"{said['d_en']} different codes in {said['n_en']} rows")
        listed = {"column": name, "value_set": sorted(pc.unique(present).to_pylist())}
        yield Proposal("expect_column_values_to_be_in_set", "validity", evidence=told, kwargs=listed, **_graded(filled))
    if kind == "string":
        yield from form_of(name, present, _graded(filled))
    elif kind in COUNTED and not codes:
        yield from _bounds(name, present, kind, is_free=is_free)


def _filled(name: str, filled: int, rows: int) -> Iterator[Proposal]:
    """Propose that a column is filled in, or filled in as often as now, rounded down."""
    said = counts(n=filled, rows=rows)
    told = (f"{said['n']} van de {said['rows']} rijen gevuld", f"{said['n_en']} of {said['rows_en']} rows filled in")
    kind = "expect_column_values_to_not_be_null"
    if filled == rows:
        yield Proposal(kind, "completeness", evidence=told, kwargs={"column": name}, **_graded(rows))
    elif filled >= FILLED * rows:
        share = (100 * filled // rows) / 100
        yield Proposal(kind, "completeness", sureness(rows), told, {"column": name, "mostly": share})


def _bounds(name: str, present: pa.ChunkedArray, kind: str, *, is_free: bool) -> Iterator[Proposal]:
    """Propose bounds: of an open column with some room beyond what is there now, of any other only that it is not below zero."""
    import math

    import pyarrow.compute as pc

    if kind == "number":
        present = present.filter(pc.is_finite(present))
    if not len(present):
        return
    low, high = (float(value.as_py()) for value in pc.min_max(present).values())
    room = (high - low) * ROOM
    said = counts(n=len(present))
    kwargs: dict[str, Any] = {"column": name}
    if is_free and high > low:
        bottom, top = math.floor(low - room), math.ceil(high + room)
        kwargs |= {"min_value": max(bottom, 0) if low >= 0 else bottom, "max_value": top}
        told = (f"{said['n']} getallen, en een tiende ruimte", f"{said['n_en']} numbers, and a tenth of room")
    elif low >= 0:
        kwargs["min_value"] = 0
        told = (f"geen van de {said['n']} getallen is onder nul", f"none of {said['n_en']} numbers is below zero")
    else:
        return
    yield Proposal("expect_column_values_to_be_between", "plausibility", sureness(len(present)), told, kwargs)


def _pair_key(table: Path, types: dict[str, str], rows: int) -> Iterator[Proposal]:
    """Propose the first two columns that together tell every row apart, when no column does so alone."""
    import pyarrow.parquet as pq

    named = (name for name, kind in types.items() if kind in KEYS and name != ROW)
    usable = [name for name in named if not pq.read_table(table, columns=[name]).column(name).null_count]
    for pair in combinations(usable[:WIDEST_KEY], 2):
        if rows > 1 and pq.read_table(table, columns=list(pair)).group_by(list(pair)).aggregate([]).num_rows == rows:
            said = counts(n=rows)
            told = (f"{said['n']} verschillende paren in {said['n']} rijen", f"{said['n_en']} different pairs in {said['n_en']} rows")
            kwargs = {"column_list": list(pair)}
            yield Proposal("expect_compound_columns_to_be_unique", "consistency", evidence=told, kwargs=kwargs, **_graded(rows))
            return


def as_yaml(proposals: Sequence[Proposal], *, english: bool = False) -> str:
    """Give the suite as text, `quality:` and all, with above each check how sure it is and what it rests on."""
    import yaml

    dump: Callable[[Any], str] = lambda value: yaml.safe_dump(  # noqa: E731 - one line of options
        value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=10**6
    ).strip()
    lines = ["quality:", "  expectations:"]
    for one in proposals:
        sure = f"{one.confidence:.1%}" if english else f"{one.confidence:.1%}".replace(".", ",")
        lines.append(f"    # {sure} {'sure' if english else 'zeker'}: {one.evidence[english]}")
        told = {"type": one.type, "kwargs": one.kwargs, "dimension": one.dimension, "severity": one.severity}
        lines.append(f"    - {dump(told)}")
    if not proposals:
        lines[1] = "  expectations: []"
    return "\n".join(lines) + "\n"
