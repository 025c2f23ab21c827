"""Our verdicts against two oracles: Great Expectations asked directly, and Python that counts row by row."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.lists import expectations as listed
from config.not_yet import EXPECTATIONS as NOT_BUILT
from quality.check import check
from quality.suite import implementations, is_row_wise
from quality.texts import _ASKED

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal
    from pathlib import Path

    import pandas as pd

    from config.models.quality import Expectation


def directly(frame: pd.DataFrame, expectations: list[Expectation]) -> list[Any]:
    """What Great Expectations says of a frame, without any of our code."""
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    asset = context.data_sources.add_pandas("p").add_dataframe_asset("a")
    batch = asset.add_batch_definition_whole_dataframe("b").get_batch({"dataframe": frame})
    found = []
    for one in expectations:
        suite = gx.ExpectationSuite(name="s", expectations=[{"type": one.type, "kwargs": one.kwargs}])
        found.append(batch.validate(suite).results[0])
    return found


SUITES: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "text": [
        ("expect_column_values_to_not_be_null", {"column": "text"}),
        ("expect_column_values_to_not_be_null", {"column": "text", "mostly": 0.8}),
        ("expect_column_values_to_be_null", {"column": "text"}),
        ("expect_column_values_to_be_in_set", {"column": "text", "value_set": ["aap", "noot"]}),
        ("expect_column_values_to_not_be_in_set", {"column": "text", "value_set": ["aap"]}),
        ("expect_column_values_to_match_regex", {"column": "text", "regex": "^[a-z]{3}$"}),
        ("expect_column_values_to_not_match_regex", {"column": "text", "regex": "oo"}),
        ("expect_column_values_to_match_regex_list", {"column": "text", "regex_list": ["^a", "^n"]}),
        ("expect_column_value_lengths_to_be_between", {"column": "text", "min_value": 3, "max_value": 3}),
        ("expect_column_value_lengths_to_equal", {"column": "text", "value": 3}),
        ("expect_column_values_to_be_unique", {"column": "text"}),
        ("expect_column_unique_value_count_to_be_between", {"column": "text", "min_value": 4, "max_value": 4}),
        ("expect_column_proportion_of_unique_values_to_be_between", {"column": "text", "min_value": 0.9}),
        ("expect_column_proportion_of_non_null_values_to_be_between", {"column": "text", "min_value": 0.9}),
        ("expect_column_distinct_values_to_be_in_set", {"column": "text", "value_set": ["aap"]}),
        ("expect_column_distinct_values_to_contain_set", {"column": "text", "value_set": ["aap"]}),
        ("expect_column_most_common_value_to_be_in_set", {"column": "text", "value_set": ["wim"]}),
        ("expect_column_values_to_be_json_parseable", {"column": "text"}),
        ("expect_column_values_to_match_strftime_format", {"column": "text", "strftime_format": "%Y"}),
    ],
    "figures": [
        (f"expect_column_{figure}_to_be_between", {"column": column, "min_value": 0, "max_value": top})
        for figure in ("max", "mean", "median", "min", "stdev", "sum")
        for column in ("full", "real")
        for top in (2, 100)
    ],
    "numbers": [
        ("expect_column_values_to_be_between", {"column": "full", "min_value": 2, "strict_min": True}),
        ("expect_column_values_to_be_between", {"column": "real", "max_value": 4.5}),
        ("expect_column_values_to_be_increasing", {"column": "full"}),
        ("expect_column_values_to_be_increasing", {"column": "full", "strictly": True}),
        ("expect_column_values_to_be_decreasing", {"column": "real"}),
        ("expect_column_value_z_scores_to_be_less_than", {"column": "real", "threshold": 1, "double_sided": True}),
        ("expect_column_values_to_not_be_outliers", {"column": "real", "method": "iqr", "multiplier": 0.1}),
        (
            "expect_column_quantile_values_to_be_between",
            {"column": "full", "quantile_ranges": {"quantiles": [0.5], "value_ranges": [[3, 4]]}},
        ),
        ("expect_column_values_to_be_of_type", {"column": "full", "type_": "int64"}),
        ("expect_column_values_to_be_in_type_list", {"column": "real", "type_list": ["int64"]}),
        ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "real", "column_B": "full"}),
        ("expect_column_pair_values_to_be_equal", {"column_A": "full", "column_B": "real"}),
        ("expect_compound_columns_to_be_unique", {"column_list": ["text", "full"]}),
        ("expect_select_column_values_to_be_unique_within_record", {"column_list": ["full", "real"]}),
        ("expect_multicolumn_sum_to_equal", {"column_list": ["full", "real"], "sum_total": 2.5}),
        ("expect_multicolumn_values_to_be_equal", {"column_list": ["full", "full"]}),
    ],
    "table": [
        ("expect_table_row_count_to_be_between", {"min_value": 1, "max_value": 5}),
        ("expect_table_row_count_to_equal", {"value": 6}),
        ("expect_table_column_count_to_equal", {"value": 9}),
        ("expect_table_columns_to_match_set", {"column_set": ["text", "full"], "exact_match": False}),
        ("expect_table_columns_to_match_ordered_list", {"column_list": ["text", "full"]}),
        ("expect_column_to_exist", {"column": "text"}),
        ("expect_column_to_exist", {"column": "absent"}),
    ],
    "conditions": [
        ("expect_column_values_to_not_be_null", {"column": "text", "row_condition": "full > 2", "condition_parser": "pandas"}),
        (
            "expect_column_values_to_be_unique",
            {"column": "text", "row_condition": 'col("full") < 5', "condition_parser": "great_expectations"},
        ),
        (
            "expect_column_values_to_be_in_set",
            {"column": "text", "value_set": ["wim"],
             "row_condition": {"type": "comparison", "column": {"name": "full"}, "operator": "==", "parameter": 5}},
        ),
        ("expect_table_row_count_to_equal", {"value": 2, "row_condition": "full == 5", "condition_parser": "pandas"}),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", SUITES)
@pytest.mark.parametrize("empty", [False, True], ids=["rows", "no rows"])
def test_gives_the_verdicts_and_counts_of_great_expectations(name: str, empty: bool, mixed: Any, parquet: Any, expect: Any) -> None:  # noqa: FBT001
    table = pa.table(mixed)[: 0 if empty else None]
    suite = [expect(kind, **kwargs) for kind, kwargs in SUITES[name]]
    # for these columns and checks the frame that pandas makes by itself is the right one
    frame = table.select([n for n in table.column_names if n not in {"money", "rest", "day", "moment"}]).to_pandas()
    if name == "table":
        frame = table.to_pandas()
    report = check(parquet(dict(zip(table.column_names, table.columns, strict=True))), suite, gate="file")
    for result, oracle in zip(report.results, directly(frame, suite), strict=True):
        said = (result.expectation.type, result.expectation.kwargs)
        raised = oracle.exception_info.get("raised_exception") is not False
        assert result.success == oracle.success, said
        assert bool(result.error or result.missing) == raised, said
        if result.unexpected_count is not None:
            assert result.element_count == oracle.result["element_count"], said
            assert result.unexpected_count == oracle.result["unexpected_count"], said


@pytest.mark.parametrize(
    ("kind", "kwargs", "unexpected"),
    [
        ("expect_column_values_to_be_in_set", {"column": "money", "value_set": [0.1, 0.2, 1.1]}, 2),
        ("expect_column_values_to_be_between", {"column": "money", "min_value": 0.2, "max_value": 1.1}, 3),
        ("expect_column_values_to_be_unique", {"column": "money"}, 2),
        ("expect_column_pair_values_to_be_equal", {"column_A": "money", "column_B": "rest"}, 4),
        ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "money", "column_B": "rest", "or_equal": True}, 1),
        ("expect_multicolumn_sum_to_equal", {"column_list": ["money", "rest"], "sum_total": 0.3}, 3),
        ("expect_multicolumn_sum_to_equal", {"column_list": ["money", "full"], "sum_total": 1.1}, 5),
        ("expect_column_values_to_be_between", {"column": "day", "min_value": "2024-01-02", "max_value": "2024-01-04"}, 3),
        ("expect_column_values_to_be_between", {"column": "day", "min_value": date(2024, 1, 2)}, 1),
        ("expect_column_values_to_be_in_set", {"column": "day", "value_set": ["2024-01-01", "2024-01-05"]}, 2),
        ("expect_column_values_to_be_between", {"column": "moment", "max_value": "1970-01-03T01:00:00+01:00"}, 3),
        ("expect_column_values_to_be_between", {"column": "moment", "max_value": datetime(1970, 1, 3)}, 3),  # noqa: DTZ001
        ("expect_column_values_to_match_regex", {"column": "whole", "regex": "^[0-9]$"}, 0),
        ("expect_column_value_lengths_to_equal", {"column": "whole", "value": 1}, 0),
        ("expect_column_values_to_be_in_set", {"column": "whole", "value_set": [1, 2]}, 3),
        ("expect_column_pair_values_to_be_equal", {"column_A": "whole", "column_B": "full"}, 1),
        ("expect_column_pair_values_to_be_equal", {"column_A": "whole", "column_B": "real", "ignore_row_if": "both_values_are_missing"}, 5),
        ("expect_column_values_to_be_in_set", {"column": "flag", "value_set": [True]}, 1),
        ("expect_column_values_to_be_null", {"column": "moment"}, 5),
        ("expect_column_values_to_not_be_null", {"column": "text", "row_condition": "whole > 1", "condition_parser": "pandas"}, 0),
    ],
)  # fmt: skip
def test_judges_dates_decimals_and_whole_numbers_with_gaps_rightly(
    kind: str, kwargs: Any, unexpected: int, *, mixed: Any, parquet: Any, expect: Any
) -> None:
    (result,) = check(parquet(mixed), [expect(kind, **kwargs)], gate="file").results
    assert result.error is None
    assert result.unexpected_count == unexpected
    assert result.success is (unexpected == 0)


def test_keeps_apart_whole_numbers_that_no_float_can(parquet: Any, expect: Any) -> None:
    big = 2**60
    path = parquet({"n": pa.array([big, big + 1, None]), "m": pa.array([big + 1, big + 1, None])})
    unique, equal = check(
        path, [expect("expect_column_values_to_be_unique", column="n"),
               expect("expect_column_pair_values_to_be_equal", column_A="n", column_B="m")], gate="file",
    ).results  # fmt: skip
    assert unique.success
    assert equal.unexpected_count == 1


CELLS = {
    "integer": (st.integers(-(2**62), 2**62), pa.int64()),
    "small": (st.integers(0, 3), pa.int64()),
    "decimal": (st.decimals(-1000, 1000, places=2), pa.decimal128(38, 9)),
    "text": (st.text("ab1-", max_size=3), pa.string()),
    "date": (st.dates(date(1, 1, 1), date(9999, 12, 31)), pa.date32()),
}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), kind=st.sampled_from(sorted(CELLS)))
def test_agrees_with_counting_by_hand(
    data: st.DataObject, kind: str, parquet: Callable[..., Path], expect: Callable[..., Expectation]
) -> None:
    cells, arrow = CELLS[kind]
    rows = data.draw(st.lists(st.tuples(st.none() | cells, st.none() | cells), min_size=1, max_size=8))
    left, right = ([row[side] for row in rows] for side in (0, 1))
    path = parquet({"a": pa.array(left, arrow), "b": pa.array(right, arrow)})
    suite = [
        expect("expect_column_values_to_not_be_null", column="a"),
        expect("expect_column_values_to_be_unique", column="a"),
        expect("expect_compound_columns_to_be_unique", column_list=["a", "b"]),
        expect("expect_column_pair_values_to_be_equal", column_A="a", column_B="b"),
        expect("expect_column_values_to_be_increasing", column="a"),
    ]
    found = [result.unexpected_count for result in check(path, suite, gate="file").results]
    present = [cell for cell in left if cell is not None]
    pairs = [row for row in rows if row != (None, None)]
    assert found[0] == len(left) - len(present)
    assert found[1] == sum(present.count(cell) > 1 for cell in present)
    assert found[2] == sum(pairs.count(row) > 1 for row in pairs)
    assert found[3] == sum(a is None or b is None or a != b for a, b in pairs)
    if kind != "text":
        assert found[4] == sum(later < earlier for earlier, later in pairwise(present))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(*[st.decimals(0, 1, places=2)] * 3), min_size=1, max_size=20))
def test_adds_decimals_exactly(rows: list[tuple[Decimal, ...]], parquet: Callable[..., Path], expect: Callable[..., Expectation]) -> None:
    path = parquet({name: pa.array([row[i] for row in rows], pa.decimal128(38, 9)) for i, name in enumerate("abc")})
    total = float(sum(rows[0]))
    (result,) = check(path, [expect("expect_multicolumn_sum_to_equal", column_list=["a", "b", "c"], sum_total=total)], gate="file").results
    assert result.unexpected_count == sum(sum(row) != sum(rows[0]) for row in rows)


def test_every_expectation_of_the_list_exists_runs_or_is_refused_and_has_a_text() -> None:
    known = implementations()
    assert set(listed()) == set(known)
    assert {name: entry.row_wise for name, entry in listed().items() if name not in NOT_BUILT} == {
        name: is_row_wise(kind) for name, kind in known.items() if name not in NOT_BUILT
    }
    assert set(_ASKED) == set(known) - NOT_BUILT
