"""Which columns a check is about: those its arguments name, those its row condition names, those whose values it reads."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from config.models.quality import Expectation

NAMES_ONLY = frozenset(
    {
        "expect_column_to_exist",
        "expect_table_column_count_to_be_between",
        "expect_table_column_count_to_equal",
        "expect_table_columns_to_match_ordered_list",
        "expect_table_columns_to_match_set",
    }
)
"""Expectations about the names of the columns, which need no value."""

ROW_COUNTS = frozenset({"expect_table_row_count_to_be_between", "expect_table_row_count_to_equal"})

_WORDS = frozenset({"and", "or", "not", "in", "is", "True", "False", "None", "nan"})


def named_columns(expectation: Expectation) -> tuple[str, ...]:
    """Give the columns that the arguments name outright, each once: `column`, `column_A`, `column_B`, `column_list`, `column_set`."""
    kwargs = expectation.kwargs
    found = [kwargs.get(key) for key in ("column", "column_A", "column_B")]
    for key in ("column_list", "column_set"):
        listed = kwargs.get(key)
        found += list(listed) if isinstance(listed, list | tuple | set) else []
    return tuple(dict.fromkeys(name for name in found if isinstance(name, str)))


def used_columns(expectation: Expectation, available: Iterable[str]) -> tuple[str, ...]:
    """Give the columns whose values the expectation reads.

    Every available column whose name occurs in the row condition counts as used, which reads a column too many at worst and misses none.
    """
    if expectation.type in NAMES_ONLY:
        return ()
    condition = expectation.kwargs.get("row_condition")
    text = condition if isinstance(condition, str) else json.dumps(condition, default=str, ensure_ascii=False) if condition else ""
    return tuple(dict.fromkeys((*named_columns(expectation), *(name for name in available if name in text))))


def condition_columns(condition: Any) -> frozenset[str]:
    """Give the columns that a row condition is about: GX's objects, its texts with ``col("…")``, or pandas' own texts."""
    if isinstance(condition, dict):
        inner = (part for key, part in condition.items() if key in {"conditions", "pass_through_filter"})
        named = condition.get("column")
        own = {named["name"] if isinstance(named, dict) else named} if named else set()
        return frozenset(own).union(*(condition_columns(part) for part in inner))
    if isinstance(condition, list | tuple):
        return frozenset().union(*(condition_columns(part) for part in condition))
    if not isinstance(condition, str):
        return frozenset()
    quoted = re.findall(r"""col\(["']([^"']+)["']\)|`([^`]+)`""", condition)
    bare = re.sub(r"""col\([^)]*\)|`[^`]*`|"[^"]*"|'[^']*'""", " ", condition)
    words = re.findall(r"(?<![\w.@])[A-Za-z_]\w*(?!\w*\s*\()", bare)
    return frozenset((*(one or other for one, other in quoted), *words)) - _WORDS
