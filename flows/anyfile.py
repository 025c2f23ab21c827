"""Any file as a typed table: for the verbs that work outside a municipality. Nothing of it stays."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Literal

from config.models.schema import Column
from sources.sniff import sniff

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from config.models.quality import Expectation
    from config.models.schema import ColumnType
    from config.models.source import SourceOptions
    from engine.snapshot import Snapshot


COMPARES = frozenset(
    {
        "expect_column_distinct_values_to_be_in_set",
        "expect_column_distinct_values_to_contain_set",
        "expect_column_distinct_values_to_equal_set",
        "expect_column_max_to_be_between",
        "expect_column_min_to_be_between",
        "expect_column_most_common_value_to_be_in_set",
        "expect_column_values_to_be_between",
        "expect_column_values_to_be_in_set",
        "expect_column_values_to_not_be_in_set",
    }
)
"""Checks that compare cells with what the suite says, text with text and numbers with numbers."""

FIGURES = frozenset(
    {
        "expect_column_kl_divergence_to_be_less_than",
        "expect_column_mean_to_be_between",
        "expect_column_median_to_be_between",
        "expect_column_pair_values_a_to_be_greater_than_b",
        "expect_column_quantile_values_to_be_between",
        "expect_column_stdev_to_be_between",
        "expect_column_sum_to_be_between",
        "expect_column_value_z_scores_to_be_less_than",
        "expect_column_values_to_be_decreasing",
        "expect_column_values_to_be_increasing",
        "expect_multicolumn_sum_to_equal",
    }
)
"""Checks that mean something for figures alone."""

FORMS: tuple[tuple[Literal["integer", "number", "comma", "date"], str], ...] = (
    ("integer", r"^-?(0|[1-9][0-9]{0,17})$"),
    ("number", r"^-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?$"),
    ("comma", r"^-?(0|[1-9][0-9]{0,14})(,[0-9]+)?$"),
    ("date", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
)


def column_types(options: SourceOptions, secrets: Mapping[str, str], base: Path) -> dict[str, ColumnType | None]:
    """Give the names of the columns of a source with the type that it says they have, None where it does not say."""
    from sources.extract import open_source

    return {column.name: column.type for column in open_source(options, base=base, secrets=secrets).columns()}


def typed_columns(options: SourceOptions, secrets: Mapping[str, str], base: Path) -> tuple[Column, ...]:
    """Declare every column as the source types it, text where it does not, open: nothing of this is published."""
    found = column_types(options, secrets, base)
    return tuple(Column(name=name, type=kind or "string", classification="open") for name, kind in found.items())


def read(
    file: Path, room: Path, secrets: Mapping[str, str], *, options: SourceOptions | None = None, columns: Sequence[Column] | None = None
) -> Snapshot:
    """Read a file into typed Parquet in `room`; without options it is sniffed, without columns the source's own types hold."""
    from sources.extract import extract

    how = options or sniff(file)
    declared = columns or typed_columns(how, secrets, file.parent)
    names = frozenset(column.name for column in declared)
    moment = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return extract(how, declared, base=file.parent, out=room / "table.parquet", now=moment, secrets=secrets, needed=names)


def read_for(expectations: Sequence[Expectation], file: Path, room: Path, secrets: Mapping[str, str]) -> Snapshot:
    """Read a file for a suite: a column of text that the suite asks figures of is read as numbers or dates, where every cell is one.

    Text has no types: ``12`` may be a number or a code. A column is taken for numbers only when a check needs that (bounds that are
    numbers, a mean, an order), no number has a zero in front, and not one cell would become unreadable; else it stays text.
    """
    options = sniff(file)
    plain = read(file, room, secrets, options=options)
    declared = typed_columns(options, secrets, file.parent)
    wanted = asked_as_figures(expectations) & {column.name for column in declared if column.type == "string"}
    kinds = {name: kind for name in sorted(wanted) if (kind := _kind(plain.path, name))}
    if not kinds:
        return plain
    comma = any(kind == "comma" for kind in kinds.values())
    if comma and any(kind == "number" for kind in kinds.values()):
        return plain  # two decimal marks in one file: nobody knows which is meant
    how = options.model_copy(update={"decimal": ","}) if comma else options
    types: dict[str, ColumnType] = {name: "number" if kind == "comma" else kind for name, kind in kinds.items()}
    columns = [column.model_copy(update={"type": types.get(column.name, column.type)}) for column in declared]
    second = room / "typed"
    second.mkdir()
    typed = read(file, second, secrets, options=how, columns=columns)
    return typed if (typed.rows, typed.rejected_rows) == (plain.rows, plain.rejected_rows) else plain


def asked_as_figures(expectations: Sequence[Expectation]) -> frozenset[str]:
    """Give the columns that a suite asks figures of: an order, a sum, a mean, or a comparison with a number or a date."""
    found: set[str] = set()
    for one in expectations:
        kwargs = one.kwargs
        bounds = [kwargs.get(key) for key in ("min_value", "max_value")] + list(kwargs.get("value_set") or ())
        compared = one.type in COMPARES and any(isinstance(value, int | float | date) and not isinstance(value, bool) for value in bounds)
        if one.type in FIGURES or compared:
            named = [kwargs.get(key) for key in ("column", "column_A", "column_B")] + list(kwargs.get("column_list") or ())
            found |= {name for name in named if isinstance(name, str)}
    return frozenset(found)


def _kind(table: Path, name: str) -> Literal["integer", "number", "comma", "date"] | None:
    """Say what every cell of a column of text is, empty ones left out; None where they are no figures, or there are none."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    cells = pc.unique(pq.read_table(table, columns=[name]).column(name).drop_null())
    return next((kind for kind, form in FORMS if len(cells) and pc.all(pc.match_substring_regex(cells, form)).as_py()), None)
