from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from config.errors import ConfigurationError, Problem
from config.suite import load_quality, load_suite

OURS = """\
quality:
  max_quarantine: 0.1
  expectations:
    - {type: expect_column_values_to_be_unique, kwargs: {column: id}, dimension: consistency, severity: warning, on_fail: quarantine}
"""


if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, text: str, name: str = "suite.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def refused(file: Path) -> tuple[Problem, ...]:
    with pytest.raises(ConfigurationError) as caught:
        load_suite(file)
    return caught.value.problems


def test_our_own_suite_with_and_without_its_heading(tmp_path: Path) -> None:
    bare = "\n".join(line.removeprefix("  ") for line in OURS.splitlines()[1:])
    assert load_quality(write(tmp_path, OURS)) == load_quality(write(tmp_path, bare, "bare.yaml"))
    (expectation,) = load_suite(write(tmp_path, OURS))
    assert (expectation.severity, expectation.kwargs) == ("warning", {"column": "id"})


def test_a_suite_of_great_expectations_is_read(tmp_path: Path) -> None:
    suite = {
        "name": "bomen",
        "id": None,
        "meta": {"great_expectations_version": "1.24.1"},
        "notes": None,
        "expectations": [
            {
                "type": "expect_column_values_to_not_be_null",
                "kwargs": {"column": "a", "mostly": 0.9},
                "meta": {},
                "severity": "warning",
                "id": "1",
            },
            {"expectation_type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 1}, "meta": {"dimension": "plausibility"}},
        ],
    }
    first, second = load_suite(write(tmp_path, json.dumps(suite), "suite.json"))
    assert (first.dimension, first.severity, first.kwargs) == ("completeness", "warning", {"column": "a", "mostly": 0.9})
    assert (second.type, second.dimension, second.severity) == ("expect_table_row_count_to_be_between", "plausibility", "critical")


def test_a_suite_that_great_expectations_wrote_is_read(tmp_path: Path) -> None:
    pytest.importorskip("great_expectations")
    import great_expectations as gx

    made = gx.expectations.ExpectColumnValuesToBeBetween(column="hoogte", min_value=0, max_value=60)
    suite = {"name": "bomen", "meta": {}, "expectations": [made.configuration.to_json_dict()]}
    (expectation,) = load_suite(write(tmp_path, json.dumps(suite), "suite.json"))
    assert expectation.type == "expect_column_values_to_be_between"
    assert expectation.kwargs["max_value"] == 60


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        ("to_be_unique", "to_be_uniqe", "config.not-listed", "quality.expectations.0.type"),
        ("on_fail: quarantine", "on_fial: quarantine", "config.unknown-key", "quality.expectations.0.on_fial"),
        ("column: id", "column: {$PARAMETER: x}", "suite.parameter", "quality.expectations.0.kwargs.column.$PARAMETER"),
        ("dimension: consistency", "dimension: mooi", "config.choice", "quality.expectations.0.dimension"),
        ("  max_quarantine: 0.1\n", "", "config.no-quarantine", "quality.expectations.0.on_fail"),
    ],
)
def test_a_wrong_suite_is_refused(tmp_path: Path, old: str, new: str, code: str, path: str) -> None:
    (problem,) = refused(write(tmp_path, OURS.replace(old, new)))
    assert (problem.code, problem.place.path) == (code, path)
    assert problem.place.line


def test_the_path_is_that_of_the_file_when_there_is_no_heading(tmp_path: Path) -> None:
    (problem,) = refused(write(tmp_path, "expectations:\n  - {type: expect_nothing, kwargs: {}, dimension: validity}\n"))
    assert str(problem.place).endswith("suite.yaml:2:12 expectations.0.type")
    (problem,) = refused(write(tmp_path, "- 1\n"))
    assert problem.place.path == ""
