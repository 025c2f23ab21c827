# ruff: noqa: C901, PERF401, RUF001 - one long list of checks, and texts in many scripts
"""The engine against Great Expectations: random tables and suites, the same verdict, counts and observed value."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from config.models.quality import Expectation
from quality import frames
from quality import run as library
from quality.checks_page import PAGE, page
from quality.expectations.kinds import KINDS
from quality.native import judge as native
from quality.native.compile import CHECKS

if TYPE_CHECKING:
    from pathlib import Path

    from quality.judged import Judged

TEXTS = st.sampled_from(
    ["aap", "Aap", "AAP", "noot", "", " ", "é", "ß", "SS", "１２", "12", "12\n", "2024-02-29", "31-12-1999", "[1]", "ZWÖLF", "🙂"]
)
SMALL = st.integers(-3, 3)
REALS = st.sampled_from([0.0, -0.0, 0.1, 0.2, 0.5, 1.0, -2.5, 3.0, 1e6, float("nan")])
MONEY = st.sampled_from([Decimal(text) for text in ("0.1", "0.2", "0.75", "-1.5", "2", "1000000.01")])
DAYS = st.sampled_from([date(1900, 2, 28), date(1970, 1, 1), date(2024, 2, 29), date(2024, 3, 1), date(9999, 12, 31)])
INSTANTS = st.sampled_from([datetime(2024, 3, 31, 1, 30, tzinfo=UTC), datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)])
COLUMNS: dict[str, tuple[st.SearchStrategy[Any], pa.DataType]] = {
    "t": (TEXTS, pa.string()),
    "u": (TEXTS, pa.string()),
    "i": (SMALL, pa.int64()),
    "j": (SMALL, pa.int64()),
    "big": (st.integers(2**60, 2**60 + 2), pa.int64()),
    "x": (REALS, pa.float64()),
    "y": (REALS, pa.float64()),
    "m": (MONEY, pa.decimal128(38, 9)),
    "n": (MONEY, pa.decimal128(38, 9)),
    "b": (st.booleans(), pa.bool_()),
    "d": (DAYS, pa.date32()),
    "e": (DAYS, pa.date32()),
    "s": (INSTANTS, pa.timestamp("us", tz="UTC")),
}
NUMBERS = st.sampled_from(["i", "j", "big", "x", "y", "m", "n"])
LIMITS = st.sampled_from([-3, -1.5, 0, 0.1, 0.3, 1, 2, 2.5, 1000])
PATTERNS = st.sampled_from(["^a", "o+t$", "^[A-Z]+$", r"^\d+$", r"\w", r"^(?!a)", r"(.)\1", r"\s", "(?i)zwölf", "^.$", "^$", "ß|é"])
SETS = {
    "t": TEXTS, "u": TEXTS, "i": SMALL, "j": SMALL, "big": st.integers(2**60, 2**60 + 2), "x": st.sampled_from([0, 0.1, 1, -2.5]),
    "m": st.sampled_from([0.1, 0.2, 2, 0.1234567891]), "b": st.booleans(), "d": st.sampled_from(["1970-01-01", "2024-02-29"]),
}  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    rows = draw(st.integers(0, 7))
    cells = {name: draw(st.lists(st.none() | of, min_size=rows, max_size=rows)) for name, (of, _) in COLUMNS.items()}
    return pa.table({name: pa.array(cells[name], kind) for name, (_, kind) in COLUMNS.items()})


def bounds() -> st.SearchStrategy[dict[str, Any]]:
    def told(pair: tuple[Any, Any, bool, bool]) -> dict[str, Any]:
        low, high, *strict = pair
        if low is not None and high is not None and low > high:
            low, high = high, low
        given = {"min_value": low, "max_value": high}
        return {key: value for key, value in given.items() if value is not None} | {"strict_min": strict[0], "strict_max": strict[1]}

    pairs = st.tuples(st.none() | LIMITS, LIMITS, st.booleans(), st.booleans()) | st.tuples(LIMITS, st.none(), st.booleans(), st.booleans())
    return pairs.map(told)


CONDITIONS = st.sampled_from(
    [
        {}, {}, {},
        {"row_condition": {"type": "comparison", "column": {"name": "i"}, "operator": ">", "parameter": 0}},
        {"row_condition": {"type": "comparison", "column": {"name": "t"}, "operator": "!=", "parameter": "aap"}},
        {"row_condition": {"type": "comparison", "column": {"name": "x"}, "operator": "IN", "parameter": [0.1, 1]}},
        {"row_condition": {"type": "nullity", "column": {"name": "u"}, "is_null": False}},
        {"row_condition": {"type": "or", "conditions": [
            {"type": "nullity", "column": {"name": "x"}, "is_null": True},
            {"type": "comparison", "column": {"name": "x"}, "operator": "<", "parameter": 0.5}]}},
        {"row_condition": 'x >= 0.1 and t == "aap"', "condition_parser": "pandas"},
    ]
)  # fmt: skip
MOSTLY = st.sampled_from([{}, {"mostly": 0.5}, {"mostly": 0}, {"mostly": 0.8}])
IGNORED_PAIR = st.sampled_from(["both_values_are_missing", "either_value_is_missing", "neither"])
IGNORED_LIST = st.sampled_from(["all_values_are_missing", "any_value_is_missing", "never"])
ALIKE = st.sampled_from([["t", "u"], ["i", "j"], ["i", "x"], ["x", "y"], ["m", "n"], ["m", "i"], ["d", "e"]])
KEYS = st.sampled_from(["t", "i", "big", "x", "m", "b", "d", "s"])


@st.composite
def suites(draw: st.DrawFn) -> list[Expectation]:
    """One check of every type."""

    def one(kind: str, **kwargs: Any) -> Expectation:
        return Expectation.model_validate({"type": kind, "kwargs": kwargs, "dimension": "validity"})

    def among(names: list[str]) -> tuple[str, list[Any]]:
        name = draw(st.sampled_from(names))
        return name, draw(st.lists(SETS[name], min_size=1, max_size=4, unique=True))

    def rows() -> dict[str, Any]:
        return draw(CONDITIONS) | draw(MOSTLY)

    found = []
    for kind in ("expect_column_values_to_be_null", "expect_column_values_to_not_be_null"):
        found.append(one(kind, column=draw(st.sampled_from(sorted(COLUMNS))), **rows()))
    for kind in ("expect_column_values_to_be_in_set", "expect_column_values_to_not_be_in_set"):
        name, values = among(sorted(SETS))
        found.append(one(kind, column=name, value_set=values, **rows()))
    found.append(one("expect_column_values_to_be_between", column=draw(NUMBERS), **draw(bounds()), **rows()))
    found.append(
        one(
            "expect_column_values_to_be_between",
            column=draw(st.sampled_from(["d", "s"])),
            min_value="1970-01-01",
            max_value="2024-02-29",
            strict_max=draw(st.booleans()),
            **rows(),
        )
    )
    found.append(one("expect_column_value_lengths_to_be_between", column=draw(st.sampled_from("tij")), min_value=1, max_value=3, **rows()))
    found.append(one("expect_column_value_lengths_to_equal", column=draw(st.sampled_from("ti")), value=2, **rows()))
    for negation in ("", "not_"):
        found.append(
            one(f"expect_column_values_to_{negation}match_regex", column=draw(st.sampled_from("ti")), regex=draw(PATTERNS), **rows())
        )
        listed = draw(st.lists(PATTERNS, min_size=1, max_size=2))
        more = {} if negation else {"match_on": draw(st.sampled_from(["any", "all"]))}
        found.append(one(f"expect_column_values_to_{negation}match_regex_list", column="t", regex_list=listed, **more, **rows()))
    found.append(one("expect_column_values_to_match_strftime_format", column="t", strftime_format="%Y-%m-%d", **rows()))
    found.append(one("expect_column_values_to_be_dateutil_parseable", column="t", **rows()))
    found.append(one("expect_column_values_to_be_json_parseable", column="t", **rows()))
    found.append(
        one(
            "expect_column_value_z_scores_to_be_less_than",
            column=draw(st.sampled_from("xim")),
            threshold=1,
            double_sided=draw(st.booleans()),
            **rows(),
        )
    )
    for figure in ("max", "mean", "median", "min", "stdev", "sum"):
        found.append(one(f"expect_column_{figure}_to_be_between", column=draw(NUMBERS), **draw(bounds()), **draw(CONDITIONS)))
    found.append(one("expect_column_max_to_be_between", column="d", min_value="1970-01-01", **draw(CONDITIONS)))
    found.append(one("expect_column_proportion_of_non_null_values_to_be_between", column=draw(KEYS), min_value=0.5, **draw(CONDITIONS)))
    found.append(one("expect_column_proportion_of_unique_values_to_be_between", column=draw(KEYS), max_value=0.5, **draw(CONDITIONS)))
    found.append(one("expect_column_unique_value_count_to_be_between", column=draw(KEYS), **draw(bounds()), **draw(CONDITIONS)))
    way = draw(
        st.sampled_from(
            [
                {},
                {"allow_relative_error": "linear"},
                {"allow_relative_error": "lower"},
                {"allow_relative_error": "higher"},
                {"allow_relative_error": "midpoint"},
            ]
        )
    )
    found.append(
        one(
            "expect_column_quantile_values_to_be_between",
            column=draw(st.sampled_from("xim")),
            **way,
            **draw(CONDITIONS),
            quantile_ranges={"quantiles": [0, 0.25, 0.5, 0.9], "value_ranges": [[-1, 1], [0, None], [None, 2], [0, 3]]},
        )
    )
    for what in ("be_in", "contain", "equal"):
        name, values = among(["t", "i", "m"])
        found.append(one(f"expect_column_distinct_values_to_{what}_set", column=name, value_set=values, **draw(CONDITIONS)))
    name, values = among(["t", "i"])
    found.append(one("expect_column_most_common_value_to_be_in_set", column=name, value_set=values, ties_okay=draw(st.booleans())))
    found.append(
        one(
            "expect_column_kl_divergence_to_be_less_than",
            column="t",
            partition_object={"values": ["aap", "Aap", "noot"], "weights": draw(st.sampled_from([[0.5, 0.25, 0.25], [0.6, 0.4, 0]]))},
            threshold=draw(st.sampled_from([0.1, 1, 3])),
            tail_weight_holdout=draw(st.sampled_from([0, 0.1])),
            **draw(CONDITIONS),
        )
    )
    found.append(one("expect_column_values_to_be_unique", column=draw(KEYS), **rows()))
    for direction in ("increasing", "decreasing"):
        found.append(
            one(
                f"expect_column_values_to_be_{direction}",
                column=draw(st.sampled_from(["i", "x", "big", "d"])),
                strictly=draw(st.booleans()),
                **rows(),
            )
        )
    a, b = draw(ALIKE)
    found.append(one("expect_column_pair_values_to_be_equal", column_A=a, column_B=b, ignore_row_if=draw(IGNORED_PAIR), **rows()))
    a, b = draw(ALIKE.filter(lambda pair: pair != ["t", "u"]))
    found.append(
        one(
            "expect_column_pair_values_a_to_be_greater_than_b",
            column_A=a,
            column_B=b,
            or_equal=draw(st.booleans()),
            ignore_row_if=draw(IGNORED_PAIR),
            **rows(),
        )
    )
    found.append(
        one(
            # without a row condition: with one Great Expectations counts by the wrong rows, or breaks off
            "expect_column_pair_values_to_be_in_set",
            column_A="i",
            column_B="t",
            value_pairs_set=[[1, "aap"], [None, "noot"], [0, None]],
            ignore_row_if=draw(IGNORED_PAIR),
            **draw(MOSTLY),
        )
    )
    for kind in (
        "expect_compound_columns_to_be_unique",
        "expect_multicolumn_values_to_be_equal",
        "expect_select_column_values_to_be_unique_within_record",
    ):
        found.append(one(kind, column_list=draw(ALIKE), ignore_row_if=draw(IGNORED_LIST), **rows()))
    found.append(
        one(
            "expect_multicolumn_sum_to_equal",
            column_list=draw(st.sampled_from([["i", "j"], ["m", "n"], ["x", "y"], ["m", "i"]])),
            sum_total=draw(st.sampled_from([0, 0.3, 1])),
            ignore_row_if=draw(IGNORED_LIST),
            **rows(),
        )
    )
    found.append(one("expect_table_row_count_to_equal", value=draw(st.integers(0, 7)), **draw(CONDITIONS)))
    found.append(one("expect_table_row_count_to_be_between", min_value=1, max_value=5, **draw(CONDITIONS)))
    found.append(one("expect_table_column_count_to_equal", value=draw(st.sampled_from([13, 14]))))
    found.append(one("expect_table_column_count_to_be_between", min_value=draw(st.sampled_from([13, 14]))))
    found.append(
        one(
            "expect_table_columns_to_match_set",
            column_set=draw(st.sampled_from([["t"], [*COLUMNS], [*COLUMNS, "z"]])),
            exact_match=draw(st.booleans()),
        )
    )
    found.append(one("expect_table_columns_to_match_ordered_list", column_list=draw(st.sampled_from([[*COLUMNS], sorted(COLUMNS)]))))
    found.append(one("expect_column_to_exist", column=draw(st.sampled_from(["t", "z"]))))
    return found  # fmt: skip


def judged(path: Path, suite: list[Expectation]) -> tuple[dict[int, Judged], dict[int, Judged]]:
    schema = pq.read_schema(path)
    kinds = frames.kinds(schema)
    ours = native.judge(path, schema, suite, kinds, set_aside=False)
    return ours, library.judge(path, {index: suite[index] for index in ours}, kinds, (), set_aside=False)


DEFECTS = [
    # no cell at all: the quantile of nothing
    ("expect_column_quantile_values_to_be_between",
     {"column": "i", "quantile_ranges": {"quantiles": [0.5], "value_ranges": [[0, 1]]}}, [None, None], False),
    # fewer than two cells in a column of whole numbers with gaps: no deviation, hence no outlier
    ("expect_column_value_z_scores_to_be_less_than", {"column": "i", "threshold": 1, "double_sided": False}, [1, None], True),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "kwargs", "cells", "success"), DEFECTS)
def test_answers_where_great_expectations_breaks_off(kind: str, kwargs: Any, cells: list[Any], success: bool, tmp_path: Path) -> None:  # noqa: FBT001
    pq.write_table(pa.table({"i": pa.array(cells, pa.int64())}), tmp_path / "table.parquet")
    suite = [Expectation.model_validate({"type": kind, "kwargs": kwargs, "dimension": "validity"})]
    ours, theirs = judged(tmp_path / "table.parquet", suite)
    assert theirs[0].error is not None
    assert (ours[0].error, ours[0].success) == (None, success)


def test_adds_whole_numbers_beyond_64_bits(tmp_path: Path) -> None:
    pq.write_table(pa.table({"i": pa.array([2**62, 2**62], pa.int64())}), tmp_path / "table.parquet")
    suite = [
        Expectation.model_validate(
            {"type": "expect_column_sum_to_be_between", "kwargs": {"column": "i", "min_value": 0}, "dimension": "validity"}
        )
    ]
    ours, theirs = judged(tmp_path / "table.parquet", suite)
    assert (ours[0].success, ours[0].result["observed_value"]) == (True, 2**63)
    assert not theirs[0].success


def test_compares_decimals_exactly(tmp_path: Path) -> None:
    pq.write_table(pa.table({"m": pa.array([Decimal("0.3")], pa.decimal128(38, 9))}), tmp_path / "table.parquet")
    above = {"type": "expect_column_values_to_be_between", "kwargs": {"column": "m", "min_value": 0.3, "strict_min": True}}
    ours, theirs = judged(tmp_path / "table.parquet", [Expectation.model_validate(above | {"dimension": "validity"})])
    assert ours[0].result["unexpected_count"] == 1
    assert theirs[0].result["unexpected_count"] == 0  # as a double the cell lies just above


def test_the_page_of_checks_is_up_to_date() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert page(text) == text


def test_every_check_of_the_engine_is_compared() -> None:
    drawn = {one.type for one in find(suites(), lambda _: True)}
    assert drawn == set(CHECKS) - set(KINDS)  # those of our own have a test of their own


def close(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(close(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(close, one, other))
    if isinstance(one, float) or isinstance(other, float):
        left, right = (float("nan") if value is None else float(value) for value in (one, other))
        return (math.isnan(left) and math.isnan(right)) or math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-9)
    return bool(one == other) or (one is None and other is pd.NaT)


def on_a_bound(found: Any, kwargs: dict[str, Any]) -> bool:
    limits = [kwargs[key] for key in ("min_value", "max_value") if key in kwargs]
    return isinstance(found, float) and any(math.isclose(found, limit, rel_tol=1e-12, abs_tol=1e-12) for limit in limits)


def disagree(found: Judged, oracle: Judged, kwargs: dict[str, Any]) -> bool:
    """Where Great Expectations breaks off there is nothing to compare; a rounded figure on its bound may fall either way."""
    if oracle.error:
        return False
    keys = ("element_count", "unexpected_count", "unexpected_percent") if found.row_wise else ("observed_value",)
    same = all(close(found.result.get(key), oracle.result.get(key)) for key in keys)
    either = on_a_bound(found.result.get("observed_value"), kwargs)
    return not same or not (either or found.success == oracle.success)


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.generate],  # the tables are small, and making them smaller takes minutes
    suppress_health_check=list(HealthCheck),
)
@given(table=tables(), suite=suites())
def test_finds_what_great_expectations_finds(table: pa.Table, suite: list[Expectation], tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    pq.write_table(table, path)
    ours, theirs = judged(path, suite)
    wrong = [(suite[i].type, suite[i].kwargs, ours[i], theirs[i]) for i in ours if disagree(ours[i], theirs[i], suite[i].kwargs)]
    assert wrong == []
