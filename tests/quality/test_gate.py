from __future__ import annotations

import subprocess
import sys
import threading
from typing import Any

import pyarrow as pa
import pytest

from anonymisation.safe import SafeColumn
from config.errors import ConfigurationError, Place
from config.models.schema import Column
from quality.check import Aside, applicable, check, gate, surviving
from quality.columns import condition_columns

NULLS = "expect_column_values_to_not_be_null"
ROWS = "expect_table_row_count_to_be_between"


def column(name: str, classification: str = "open") -> Column:
    return Column.model_validate({"name": name, "type": "integer", "classification": classification})


@pytest.fixture
def gaps(parquet: Any) -> Any:
    """Ten rows numbered from 101; rows 103 and 105 have no `a`, row 105 no `b`, `c` is complete."""
    a = [None if i in {2, 4} else i for i in range(10)]
    b = [None if i == 4 else i for i in range(10)]
    return parquet({"a": pa.array(a, pa.int64()), "b": pa.array(b, pa.int64()), "c": pa.array(range(10))}, first_row=101)


@pytest.mark.parametrize(("severity", "verdict"), [("critical", "blocked"), ("warning", "awaiting-approval"), ("info", "passed")])
def test_severity_decides_what_a_failure_means(severity: str, verdict: str, gaps: Any, expect: Any) -> None:
    report = check(gaps, [expect(NULLS, severity=severity, column="a"), expect(NULLS, column="c")], gate="output")
    assert (report.verdict, report.success) == (verdict, False)
    assert [reason.severity for reason in report.reasons] == ["error" if verdict == "blocked" else "warning"]


def test_the_worst_consequence_wins(gaps: Any, expect: Any) -> None:
    suite = [expect(NULLS, severity=severity, column="a") for severity in ("info", "critical", "warning")]
    assert check(gaps, suite, gate="input").verdict == "blocked"
    assert check(gaps, suite[::2], gate="input").verdict == "awaiting-approval"


def test_quarantine_sets_the_failing_rows_aside_and_passes(gaps: Any, expect: Any) -> None:
    report = check(gaps, [expect(NULLS, on_fail="quarantine", column=name) for name in ("a", "b", "c")], gate="input")
    assert report.verdict == "passed"
    assert not report.success
    assert report.aside == (Aside(103, "a", NULLS), Aside(105, "a", NULLS), Aside(105, "b", NULLS))
    assert report.rows_aside == {103, 105}


@pytest.mark.parametrize("view", ["plain", "exact", "scaled"])
def test_row_numbers_are_those_of_the_source_in_every_frame(view: str, parquet: Any, expect: Any) -> None:
    kind, kwargs = {
        "plain": ("expect_column_values_to_be_between", {"column": "m", "max_value": 2}),
        "exact": ("expect_column_values_to_be_unique", {"column": "m"}),
        "scaled": ("expect_multicolumn_sum_to_equal", {"column_list": ["m", "n"], "sum_total": 2}),
    }[view]
    money = pa.array([1, 3, 3], pa.int64()).cast(pa.decimal128(38, 9))
    path = parquet({"m": money, "n": pa.array([1, 1, 1])}, first_row=7)
    assert check(path, [expect(kind, on_fail="quarantine", **kwargs)], gate="input").rows_aside == {8, 9}


def test_mostly_that_is_met_sets_nothing_aside(gaps: Any, expect: Any) -> None:
    report = check(gaps, [expect(NULLS, on_fail="quarantine", column="a", mostly=0.8)], gate="input")
    assert (report.success, report.aside) == (True, ())


def test_a_warning_that_quarantines_still_waits(gaps: Any, expect: Any) -> None:
    report = check(gaps, [expect(NULLS, severity="warning", on_fail="quarantine", column="a")], gate="input")
    assert (report.verdict, report.rows_aside) == ("awaiting-approval", {103, 105})


@pytest.mark.parametrize("where", ["output", "file"])
def test_only_the_input_gate_sets_aside(where: Any, gaps: Any, expect: Any) -> None:
    report = check(gaps, [expect(NULLS, on_fail="quarantine", column="a")], gate=where)
    assert (report.verdict, report.aside) == ("blocked", ())


@pytest.mark.parametrize(
    ("rejected", "ceiling", "verdict"),
    [(0, 0.2, "passed"), (0, 0.19, "blocked"), (1, 0.3, "passed"), (1, 0.29, "blocked"), (0, 1.0, "passed"), (0, 0.0, "blocked")],
)
def test_the_ceiling_counts_unreadable_and_set_aside_rows(rejected: int, ceiling: float, verdict: str, gaps: Any, expect: Any) -> None:
    report = gate(check(gaps, [expect(NULLS, on_fail="quarantine", column="a")], gate="input"), rejected, 10, ceiling)
    assert report.verdict == verdict
    assert report.as_json()["quarantine"] == {"rows": 2, "rejected_rows": rejected, "read": 10, "max": ceiling}
    assert ("quality.too-many-aside" in {reason.code for reason in report.reasons}) == (verdict == "blocked")


def test_unreadable_rows_alone_can_block(gaps: Any, expect: Any) -> None:
    report = check(gaps, [expect(NULLS, column="c")], gate="input")
    assert gate(report, 0, 10, 0).verdict == "passed"
    assert gate(report, 1, 11, 0.05).verdict == "blocked"


def test_a_source_without_rows_is_a_finding_unless_the_suite_speaks(parquet: Any, expect: Any) -> None:
    empty = parquet({"a": pa.array([], pa.int64())})
    silent = check(empty, [expect(NULLS, column="a")], gate="input")
    assert (silent.success, silent.verdict, [r.code for r in silent.reasons]) == (True, "blocked", ["quality.empty-input"])
    assert check(empty, [], gate="input").verdict == "blocked"
    assert check(empty, [expect(ROWS, min_value=0)], gate="input").verdict == "passed"
    assert check(empty, [expect(ROWS, severity="warning", min_value=1)], gate="input").verdict == "awaiting-approval"
    assert check(empty, [expect(NULLS, column="a")], gate="output").verdict == "passed"


def test_what_cannot_be_evaluated_blocks_whatever_its_severity(gaps: Any, expect: Any) -> None:
    suite = [expect("expect_column_values_to_match_strftime_format", severity="info", column="a", strftime_format="%Y"),
             expect(NULLS, severity="info", column="aa")]  # fmt: skip
    report = check(gaps, suite, gate="input")
    assert report.verdict == "blocked"
    assert [result["error"] for result in report.as_json()["results"]] == ["TypeError", "missing-column"]
    assert "`a`" in report.reasons[1].nl


def test_a_table_too_large_for_great_expectations_is_refused_and_said(gaps: Any, expect: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quality.run.MOST_ROWS", 9)
    suite = [expect("expect_column_values_to_be_of_type", severity="info", column="a", type_="int64"), expect(NULLS, column="c")]
    report = check(gaps, suite, gate="input")
    assert [(result.success, result.error) for result in report.results] == [(False, "TooManyRows"), (True, None)]
    assert report.verdict == "blocked"
    assert [reason.code for reason in report.reasons] == ["quality.too-large"]


def test_a_reason_says_column_counts_and_what_to_do_in_both_languages(gaps: Any, expect: Any) -> None:
    place = Place("datasets/x.yaml", 12, 3, "quality.expectations.0")
    (reason,) = check(gaps, [expect(NULLS, column="a")], gate="input", places=[place]).reasons
    assert reason.text("nl") == (
        "datasets/x.yaml:12:3 quality.expectations.0: kolom a is gevuld: dat klopt niet bij 2 van de 10 rijen. "
        "Er komt geen nieuwe uitgave; herstel de bron of pas de toets aan."
    )
    assert "column a is filled in: that does not hold for 2 of 10 rows" in reason.en
    (rows,) = check(gaps, [expect(ROWS, severity="warning", min_value=12_000)], gate="input").reasons
    assert "(gevonden: 10)" in rows.nl
    assert "12" not in rows.nl


def test_all_mistakes_in_a_suite_are_told_at_once_with_their_place(gaps: Any, expect: Any) -> None:
    suite = [
        expect("expect_column_values_to_not_be_nul", column="a"),
        expect(NULLS, colum="a"),
        expect("expect_column_values_to_be_between", column="a"),
        expect("expect_column_values_to_be_between", column="a", min_value="abc"),
        expect("expect_column_values_to_match_regex", column="a", regex="("),
        expect("unexpected_rows_expectation", unexpected_rows_query="select"),
        expect("expect_column_max_to_be_between", on_fail="quarantine", column="a", max_value=3),
        expect(NULLS, column="a", result_format="COMPLETE"),
        expect(NULLS, column="a"),
    ]
    with pytest.raises(ConfigurationError) as caught:
        check(gaps, suite, gate="input", places=[Place("s.yaml", line) for line in range(1, 10)])
    found = [(problem.place.line, problem.code.removeprefix("quality.")) for problem in caught.value.problems]
    assert found == [
        (1, "unknown-expectation"), (2, "unknown-kwarg"), (2, "missing-kwarg"), (3, "wrong-kwargs"), (4, "wrong-kwarg"),
        (5, "wrong-kwarg"), (6, "not-built"), (7, "not-row-wise"), (8, "unknown-kwarg"),
    ]  # fmt: skip
    assert NULLS in caught.value.problems[0].nl
    assert "`column`" in caught.value.problems[1].nl
    assert "nog niet beschikbaar: quality.expectations.unexpected_rows_expectation" in caught.value.problems[6].nl


def test_a_gate_takes_the_expectations_that_belong_to_it(expect: Any) -> None:
    kept, gone, both, made = (expect(NULLS, column=name) for name in ("kept", "gone", "kept", "kept"))
    values = expect("expect_column_values_to_be_in_set", column="coarse", value_set=[1])
    presence = expect(NULLS, column="coarse")
    pair = expect("expect_column_pair_values_to_be_equal", column_A="kept", column_B="gone")
    condition = expect(NULLS, column="kept", row_condition="coarse > 1", condition_parser="pandas")
    table, before, after, always = (expect(ROWS, min_value=1, on=on) for on in (None, "input", "output", "both"))
    dropped = expect(NULLS, column="kept", row_condition="gone > 1", condition_parser="pandas")
    suite = [kept, gone, both, made, values, presence, pair, condition, dropped, table, before, after, always]
    survivors, coarsened = frozenset({"kept", "coarse"}), frozenset({"coarse"})
    assert applicable(suite, "input", survivors, coarsened=coarsened) == tuple(one for one in suite if one is not after)
    assert applicable(suite, "output", survivors, coarsened=coarsened) == (kept, both, made, presence, table, after, always)
    assert values in applicable(suite, "output", survivors)
    assert applicable(suite, "file", frozenset()) == tuple(suite)


def test_knows_which_columns_protection_left_as_they_were() -> None:
    columns = [SafeColumn("a", "string"), SafeColumn("b", "string", level="month"), SafeColumn("n", "integer", measured=True)]
    assert surviving(columns) == (frozenset({"a", "b", "n"}), frozenset({"b", "n"}))


@pytest.mark.parametrize(
    ("condition", "columns"),
    [
        (None, set()),
        ("a > 2 and `b c` == 'a d' or not e.isnull()", {"a", "b c", "e"}),
        ('col("a b").notNull() & col("c") > 5', {"a b", "c"}),
        ({"type": "comparison", "column": {"name": "a"}, "operator": "==", "parameter": "b"}, {"a"}),
        (
            {"type": "and", "conditions": [
                {"type": "nullity", "column": {"name": "a"}, "is_null": True},
                {"type": "comparison", "column": {"name": "b"}, "operator": "IN", "parameter": ["c"]},
            ]},
            {"a", "b"},
        ),
    ],
)  # fmt: skip
def test_finds_the_columns_of_a_row_condition(condition: Any, columns: set[str]) -> None:
    assert condition_columns(condition) == columns


def test_scores_by_dimension_are_shares_of_what_is_right(gaps: Any, expect: Any) -> None:
    suite = [
        expect(NULLS, dimension="completeness", column="a"),
        expect(NULLS, dimension="completeness", column="c"),
        expect(ROWS, dimension="plausibility", min_value=100),
    ]
    assert check(gaps, suite, gate="output").dimensions() == {
        "completeness": {"checks": 2, "passed": 1, "score": 0.9},
        "plausibility": {"checks": 1, "passed": 0, "score": 0.0},
    }


def test_observed_values_are_written_for_counts_and_open_columns_only(gaps: Any, expect: Any) -> None:
    suite = [
        expect(ROWS, min_value=1),
        expect("expect_column_max_to_be_between", column="a", max_value=100),
        expect("expect_column_max_to_be_between", column="b", max_value=100),
        expect("expect_column_max_to_be_between", column="a", max_value=100, row_condition="b > 0", condition_parser="pandas"),
        expect("expect_column_unique_value_count_to_be_between", column="b", min_value=1),
    ]
    results = check(gaps, suite, gate="input", columns=[column("a"), column("b", "sensitive")]).as_json()["results"]
    assert [(r["observed_value"], r["observed_masked"]) for r in results] == [
        (10, False),
        (9, False),
        (None, True),
        (None, True),
        (9, False),
    ]


def test_a_long_list_of_observed_values_is_left_out(parquet: Any, expect: Any) -> None:
    suite = [expect("expect_column_most_common_value_to_be_in_set", column=name, value_set=[-1]) for name in ("few", "many")]
    path = parquet({"few": pa.array([*range(100), None]), "many": pa.array(range(101))})
    few, many = check(path, suite, gate="input", columns=[column("few"), column("many")]).results
    assert (few.observed_value, few.observed_masked) == (list(range(100)), False)
    assert (many.observed_value, many.observed_masked) == (None, True)


def test_the_public_report_leaves_out_arguments_that_may_hold_values(gaps: Any, expect: Any) -> None:
    suite = [
        expect("expect_column_values_to_be_in_set", column="b", value_set=[987654], mostly=0.0),
        expect("expect_column_values_to_be_in_set", column="a", value_set=[123456], mostly=0.0),
        expect("expect_column_unique_value_count_to_be_between", column="b", min_value=2),
        expect(NULLS, column="c", row_condition="b != 987654", condition_parser="pandas"),
    ]
    report = check(gaps, suite, gate="output", columns=[column("a"), column("b", "quasi"), column("c")])
    public = report.public(quarantined_rows=3)
    assert public["results"][0]["kwargs"] == {"column": "b", "mostly": 0.0}
    assert public["results"][0]["kwargs_masked"] == ["value_set"]
    assert public["results"][1]["kwargs"]["value_set"] == [123456]
    assert public["results"][2]["kwargs"] == {"column": "b", "min_value": 2}
    assert "987654" not in str(public)
    assert public["quarantined_rows"] == 3


@pytest.mark.parametrize("where", ["input", "file"])
def test_only_the_output_gate_is_public(where: Any, gaps: Any) -> None:
    with pytest.raises(ValueError, match="output gate"):
        check(gaps, [], gate=where).public()


def test_the_json_has_the_agreed_keys_and_is_the_same_twice(gaps: Any, expect: Any) -> None:
    suite = [expect(NULLS, column="a"), expect(ROWS, min_value=1), expect("expect_column_mean_to_be_between", column="a", min_value=0)]
    first, second = (check(gaps, suite, gate="input").as_json() for _ in range(2))
    assert first == second
    assert first["schema"] == "quality/1"
    assert {"success", "verdict", "gate", "rows", "results"} <= set(first)
    agreed = (
        "type kwargs dimension severity success element_count unexpected_count unexpected_percent observed_value observed_masked engine"
    )
    assert all(set(agreed.split()) <= set(result) for result in first["results"])
    assert [result["type"] for result in first["results"]] == [one.type for one in suite]
    assert first["results"][0]["unexpected_percent"] == 20.0


def test_threads_do_not_mix_their_tables_up(parquet: Any, expect: Any) -> None:
    found: dict[int, int | None] = {}

    def work(gaps: int) -> None:
        path = parquet({"a": pa.array([None] * gaps + [1] * (8 - gaps), pa.int64())}, name=f"{gaps}.parquet")
        found[gaps] = check(path, [expect(NULLS, column="a")], gate="file").results[0].unexpected_count

    threads = [threading.Thread(target=work, args=(gaps,)) for gaps in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {gaps: gaps for gaps in range(8)}


def test_importing_the_package_is_light() -> None:
    code = "import sys, quality.check; print(sorted({'great_expectations', 'pandas', 'pyarrow', 'duckdb'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
