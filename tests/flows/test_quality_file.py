"""`vrijgave quality FILE`: exit codes, the report by its ending, and suites as Great Expectations itself writes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from quality.reports.document import Report

if TYPE_CHECKING:
    from pathlib import Path

STARTS = {"json": b"{", "html": b"<!DOCTYPE html>", "csv": b"gate,", "xml": b"<?xml"}
SUITE = """
expectations:
  - {type: expect_column_values_to_be_between, kwargs: {column: aantal, min_value: 0}, dimension: plausibility, severity: critical}
  - {type: expect_table_row_count_to_be_between, kwargs: {min_value: 2}, dimension: completeness}
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "good.csv").write_text("plaats,aantal\nAdorp,1\nBedorp,2\n", encoding="utf-8")
    (tmp_path / "bad.csv").write_text("plaats,aantal\nAdorp,-71234\nBedorp,2\n", encoding="utf-8")
    (tmp_path / "suite.yaml").write_text(SUITE, encoding="utf-8")
    return tmp_path


def go(*words: object) -> Any:
    return CliRunner().invoke(app, ["quality", *map(str, words)])


def test_the_ending_of_the_report_is_its_form_and_no_form_has_a_value(data: Path) -> None:
    for ending, start in STARTS.items():
        file = data / "new" / f"r.{ending}"
        done = go(data / "bad.csv", "--suite", data / "suite.yaml", "--report", file)
        assert done.exit_code == 1, done.output
        made = file.read_bytes()
        assert made.startswith(start)
        assert b"71234" not in made
        assert "71234" not in done.output
    told = Report.model_validate_json((data / "new" / "r.json").read_bytes())
    assert (told.verdict, told.gates[0].results[0].unexpected_count, told.gates[0].rows) == ("blocked", 1, 2)
    assert {name.partition(":")[0] for name in told.digests} == {"input", "suite", "code"}


def test_exit_codes_say_good_not_good_and_no_answer(data: Path) -> None:
    assert go(data / "good.csv", "--suite", data / "suite.yaml").exit_code == 0
    assert go(data / "bad.csv", "--suite", data / "suite.yaml").exit_code == 1
    refused = go(data / "bad.csv", "--suite", data / "suite.yaml", "--report", data / "r.docx")
    assert refused.exit_code == 2
    assert ".xml" in refused.stderr
    (data / "wrong.yaml").write_text("expectations: [{type: expect_nothing, dimension: validity}]", encoding="utf-8")
    assert go(data / "bad.csv", "--suite", data / "wrong.yaml").exit_code == 2


def test_a_suite_that_great_expectations_wrote_is_judged_as_it_is(data: Path) -> None:
    import great_expectations as gx

    written = gx.ExpectationSuite(
        name="van-gx",
        expectations=[gx.expectations.ExpectColumnValuesToBeBetween(column="aantal", min_value=0, severity="warning")],
    )
    (data / "gx.json").write_text(json.dumps(written.to_json_dict()), encoding="utf-8")
    done = go(data / "bad.csv", "--suite", data / "gx.json", "--json")
    assert done.exit_code == 1
    (result,) = json.loads(done.stdout)["results"]
    assert (result["severity"], result["unexpected_count"], result["element_count"]) == ("warning", 1, 2)


@pytest.mark.parametrize(
    ("cells", "judged"),
    [
        (["1", "-2"], 1),
        (["1.5", "-2"], 1),
        (["1,5", "-2,25"], 1),
        (["7", "", "-2"], 1),
        (["0123", "-2"], None),  # a zero in front: a code
        (["een", "-2"], None),
        (["1,5", "-2.5"], None),
    ],
)
def test_text_is_read_as_numbers_where_a_check_asks_and_every_cell_is_one(tmp_path: Path, cells: list[str], judged: int | None) -> None:
    from config.suite import load_suite
    from flows.anyfile import read_for
    from quality.check import check

    (tmp_path / "t.csv").write_text("plaats;aantal\n" + "".join(f"{n};{cell}\n" for n, cell in enumerate(cells)), encoding="utf-8")
    (tmp_path / "s.yaml").write_text(SUITE, encoding="utf-8")
    suite = load_suite(tmp_path / "s.yaml")
    snapshot = read_for(suite, tmp_path / "t.csv", tmp_path, {})
    assert (snapshot.rows, snapshot.rejected_rows) == (len(cells), 0)
    result = check(snapshot.path, suite, gate="file").results[0]
    assert result.unexpected_count == judged
    assert not result.success
