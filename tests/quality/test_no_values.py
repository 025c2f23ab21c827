"""Planted values are looked for in everything that leaves the package: report, JSON, logs, warnings, output streams, exceptions."""

from __future__ import annotations

import json
import logging
import traceback
import warnings
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from config.errors import ConfigurationError
from config.not_yet import EXPECTATIONS as NOT_BUILT
from engine.session import QueryError, session
from quality.check import check, gate
from quality.expectations.kinds import KINDS
from quality.native.compile import CHECKS, ROW_WISE
from quality.suite import implementations

if TYPE_CHECKING:
    from pathlib import Path

PLANTED = [f"canary-{number:03d}-q" for number in range(100)]
NUMBERS = [771_000_000 + 13 * number for number in range(100)]

ARGUMENTS: dict[str, Any] = {
    "column": "name", "column_A": "name", "column_B": "number", "column_list": ["name", "number"], "column_set": ["name"],
    "min_value": 1, "max_value": 2, "value": 1, "value_set": [1], "value_pairs_set": [[1, 2]], "regex": "^x$", "regex_list": ["^x$"],
    "strftime_format": "%Y", "json_schema": {"type": "number"}, "type_": "float64", "type_list": ["float64"], "threshold": 0.1,
    "double_sided": True, "level": "wijk", "geometry_types": ["Polygon"], "crs": "EPSG:4326",
    "method": "iqr", "multiplier": 0.1, "sum_total": 1,
    "partition_object": {"values": [1, 2], "weights": [0.5, 0.5]},
    "quantile_ranges": {"quantiles": [0.5], "value_ranges": [[0, 1]]},
}  # fmt: skip


def everything(expect: Any) -> list[Any]:
    """Every expectation there is, on a text and on a number, most of them failing, some impossible."""
    suite = []
    for name, kind in implementations().items():
        fields = kind.__fields__
        if name in NOT_BUILT:
            continue
        kwargs = {key: value for key, value in ARGUMENTS.items() if key in fields}
        suite.append(expect(name, **kwargs))
        if kwargs.get("column"):
            suite.append(expect(name, **kwargs | {"column": "number"}))
    return suite


TEXTUAL = {"partition_object": {"values": ["x"], "weights": [1]}, "value_set": ["x"], "value_pairs_set": [["x", 1]]}
SHAPED = {"column": "shape"}
NUMERIC = {"column": "number", "column_A": "number", "column_B": "other", "column_list": ["number", "other"]}


def fitting(expect: Any) -> list[Any]:
    """Every check that the engine judges, on columns that it judges, setting rows aside where it can; all of them fail."""
    suite = []
    for name in sorted(CHECKS):
        fields = implementations()[name].__fields__
        how = {"on_fail": "quarantine"} if name in ROW_WISE else {}
        for more in (SHAPED,) if name in KINDS and KINDS[name].geometry else (TEXTUAL, NUMERIC):
            kwargs = {key: value for key, value in (ARGUMENTS | more).items() if key in fields}
            if "partition_object" in kwargs:  # categories have no bounds
                kwargs = {key: value for key, value in kwargs.items() if key not in {"min_value", "max_value"}}
            suite.append(expect(name, **how, **kwargs))
    return suite


def test_no_planted_value_leaves_the_engine(
    parquet: Any, expect: Any, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    numbers = pa.array(NUMBERS, pa.int64())
    path = parquet({"name": pa.array(PLANTED), "number": numbers, "other": numbers, "shape": pa.array([f"{n}".encode() for n in NUMBERS])})
    report = gate(check(path, fitting(expect), gate="input"), 0, 100, 1)
    judged = {result.expectation.type for result in report.results if not result.engine.startswith("great_expectations")}
    assert set(CHECKS) - judged == set()
    assert len(report.rows_aside) == len(NUMBERS)
    assert any(result.observed_masked for result in report.results)
    texts = [repr(report), json.dumps(report.as_json()), caplog.text, *capfd.readouterr()]
    texts += [reason.text(language) for reason in report.reasons for language in ("nl", "en")]
    told = "\n".join(texts)
    assert [value for value in (*PLANTED, *map(str, NUMBERS)) if value in told] == []
    assert [path.name for path in path.parent.iterdir()] == ["table.parquet"]  # what was spilled is gone


def test_a_query_that_fails_says_nothing_of_the_cells(tmp_path: Path) -> None:
    pq.write_table(pa.table({"name": PLANTED}), tmp_path / "t.parquet")
    with session(tmp_path / "spill") as opened:
        opened.view("cells", tmp_path / "t.parquet", {"name": '"name"'})
        for read in (opened.rows, lambda query: list(opened.batches(query, 10))):
            with pytest.raises(QueryError) as caught:
                read("SELECT CAST(name AS INTEGER) AS n FROM cells")
            told = "".join(traceback.format_exception(caught.value))
            assert [value for value in PLANTED if value in told] == []


@pytest.mark.parametrize("natively", [True, False], ids=["engine first", "library alone"])
@pytest.mark.parametrize("where", ["input", "output", "file"])
def test_no_planted_value_leaves(
    where: Any,
    natively: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
    parquet: Any,
    expect: Any,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    if not natively:
        monkeypatch.setattr("quality.check.native.judge", lambda *_, **__: {})
    path = parquet({"name": pa.array([*PLANTED, None]), "number": pa.array([*NUMBERS, None], pa.int64())})
    suite = everything(expect)
    suite += [
        expect("expect_column_values_to_be_in_set", on_fail="quarantine", column="name", value_set=["x"]),
        expect("expect_column_pair_values_to_be_equal", on_fail="quarantine", column_A="name", column_B="number"),
        expect("expect_compound_columns_to_be_unique", on_fail="quarantine", column_list=["name", "number"]),
        expect("expect_column_values_to_not_be_null", column="name", row_condition="name >", condition_parser="pandas"),
        expect("expect_column_sum_to_be_between", column="name", min_value=1),
    ]
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        report = gate(check(path, suite, gate=where), 0, 101, 0.5)
    texts = [repr(report), json.dumps(report.as_json()), caplog.text, *capfd.readouterr(), *(str(w.message) for w in warned)]
    texts += [reason.text(language) for reason in report.reasons for language in ("nl", "en")]
    if where == "output":
        texts.append(json.dumps(report.public()))
    told = "\n".join(texts)
    assert len(report.results) == len(suite)
    assert sum(result.error is not None for result in report.results) >= 5  # exceptions did happen
    assert [value for value in (*PLANTED, *map(str, NUMBERS)) if value in told] == []


def test_the_search_finds_a_value_where_it_may_stand(parquet: Any, expect: Any) -> None:
    from config.models.schema import Column

    column = Column.model_validate({"name": "number", "type": "integer", "classification": "open"})
    path = parquet({"number": pa.array(NUMBERS)})
    suite = [expect("expect_column_max_to_be_between", column="number", max_value=1)]
    assert str(max(NUMBERS)) in json.dumps(check(path, suite, gate="input", columns=[column]).as_json())
    assert str(max(NUMBERS)) not in json.dumps(check(path, suite, gate="input").as_json())


def test_a_wrong_suite_does_not_echo_its_arguments(parquet: Any, expect: Any) -> None:
    path = parquet({"name": pa.array(PLANTED)})
    with pytest.raises(ConfigurationError) as caught:
        check(path, [expect("expect_column_values_to_be_between", column="name", min_value=PLANTED[0])], gate="input")
    assert PLANTED[0] not in "".join(traceback.format_exception(caught.value))
