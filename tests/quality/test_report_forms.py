from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import jsonschema
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from config.errors import ConfigurationError
from config.models.quality import Expectation
from engine.types import ROW
from quality.check import check
from quality.check import gate as hold
from quality.reports import document
from quality.reports.page import SHOWN, page
from quality.reports.schema import FILE, as_text, schema
from quality.reports.tables import as_csv, as_junit
from quality.reports.write import ENDINGS, content, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from quality.report import QualityReport

PLANTED = [f"geheim-{number}-zx" for number in range(60)]


def one_check(kind: str, severity: str = "critical", dimension: str = "validity", on_fail: str = "block", **kwargs: Any) -> Expectation:
    told = {"type": kind, "severity": severity, "dimension": dimension, "on_fail": on_fail, "kwargs": kwargs}
    return Expectation.model_validate(told)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> QualityReport:
    """The gate before over 60 rows that all hold a planted value: one check of each way to come out."""
    path = tmp_path_factory.mktemp("found") / "table.parquet"
    pq.write_table(pa.table({ROW: list(range(1, 61)), "naam": PLANTED, "=som": list(range(60))}), path)
    suite = [
        one_check("expect_column_values_to_be_in_set", on_fail="quarantine", column="naam", value_set=["x"]),
        one_check("expect_column_values_to_not_be_null", dimension="completeness", column="naam"),
        one_check("expect_column_values_to_be_between", "warning", column="=som", max_value=49),
        one_check("expect_column_max_to_be_between", "info", column="=som", max_value=3),
        one_check("expect_column_values_to_not_be_null", column="ontbreekt"),
        one_check("expect_table_row_count_to_equal", dimension="completeness", value=61),
    ]
    return hold(check(path, suite, gate="input"), rejected_rows=2, read=62, max_quarantine=0.1)


def report(found: QualityReport, **more: Any) -> document.Report:
    one = document.gate(found)
    return document.Report(audience="auditor", title=document.Words(nl="Proef", en="Trial"), verdict=one.verdict, gates=[one], **more)


def test_the_schema_is_committed_and_the_report_is_valid_under_it(found: QualityReport) -> None:
    assert FILE.read_text(encoding="utf-8") == as_text(schema()), "run: python -P -m quality.reports.schema"
    told = json.loads(content(report(found), ".json", "nl"))
    jsonschema.Draft202012Validator(schema()).validate(told)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema()).validate(told | {"verdict": "fine"})


def test_every_row_set_aside_is_in_the_json_and_the_page_says_where_the_rest_is(found: QualityReport) -> None:
    one = report(found)
    assert [each.row for each in one.gates[0].aside] == list(range(1, 61))
    shown = page(one, "nl")
    assert f"de eerste {SHOWN} van 60" in shown
    assert "JSON-bestand" in shown


@pytest.mark.parametrize("ending", [ending for ending in ENDINGS if ending != ".pdf"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_form_has_a_value_of_the_data(found: QualityReport, ending: str, language: Any) -> None:
    made = content(report(found), ending, language).decode()
    assert not [value for value in PLANTED if value in made]
    assert content(report(found), ending, language).decode() == made


def test_the_page_tells_each_outcome_with_its_denominator(found: QualityReport) -> None:
    shown = page(report(found), "nl")
    for said in (
        "Niet goed bij 60 van de 60 rijen",
        "Goed bij alle 60 rijen",
        "Niet goed bij 10 van de 60 rijen",
        "Kon niet worden nagegaan",
    ):
        assert said in shown
    assert "62 rijen; 2 waren niet te lezen" in shown


def test_the_verdict_and_who_signed_stand_before_everything_else(found: QualityReport) -> None:
    signed = document.Approval(person="p1", role="data-owner", key="demo")
    shown = page(report(found, approvals=[signed], missing=["privacy-officer"]), "nl")
    order = [
        shown.index(text) for text in ("tegengehouden", "Goedgekeurd door p1", "privacyfunctionaris", "Per onderwerp", "Elke controle")
    ]
    assert order == sorted(order)


def test_the_page_stands_alone_and_runs_nothing(found: QualityReport) -> None:
    for language in ("nl", "en"):
        shown = page(report(found), language)
        assert f'<html lang="{language}">' in shown
        assert "<script" not in shown
        assert not re.findall(r"""(?:src|href)=["'](?!#)""", shown)
        assert "url(" not in shown
        assert "default-src 'none'" in shown


def test_the_trend_is_drawn_and_written_for_the_last_twelve(found: QualityReport) -> None:
    moments = [document.Moment(name=f"run-{n:02}", at="2026-01-01", scores={"validity": n / 20}) for n in range(15)]
    shown = page(report(found, trend=moments), "nl")
    assert "run-02" not in shown
    assert shown.count('<rect class="figure-bar"') == 12
    assert shown.count("run-14") >= 2  # in the drawing and in the table
    assert "<svg" not in page(report(found, trend=moments[:1]), "nl")


def test_csv_has_a_line_a_check_and_starts_no_formula(found: QualityReport) -> None:
    lines = list(csv.DictReader(io.StringIO(as_csv(report(found), "nl"))))
    assert [line["success"] for line in lines] == ["false", "true", "false", "false", "false", "false"]
    assert lines[0]["unexpected_count"] == lines[0]["element_count"] == "60"
    assert not [cell for line in lines for cell in line.values() if cell.startswith(("=", "+", "-", "@"))]


def test_junit_counts_what_stops_the_release(found: QualityReport) -> None:
    suite = ET.fromstring(as_junit(report(found), "en")).find("testsuite")  # noqa: S314 - made just now
    assert suite is not None
    # The row count and the ceiling stop it; the rows were set aside, the warning and the info stop nothing, one check was no check.
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("7", "2", "1")


def test_changes_name_what_came_out_differently_since_the_release_before(
    parquet: Callable[..., Path], expect: Callable[..., Expectation]
) -> None:
    null, new = expect("expect_column_values_to_not_be_null", column="a"), expect("expect_column_to_exist", column="a")
    gone = expect("expect_column_values_to_be_unique", column="a")
    before = check(parquet({"a": [1, 2]}), [null, gone], gate="output").public()
    now = check(parquet({"a": [1, None, 3]}, name="b.parquet"), [null, new], gate="output").public()
    told = document.compared("2026-01-01.1", before, now, (["a", "oud"], ["a", "nieuw"]))
    assert [(one.type, one.before, one.after) for one in told.checks] == [
        (null.type, "passed", "failed"),
        (new.type, "absent", "passed"),
        (gone.type, "passed", "absent"),
    ]
    assert (told.rows_before, told.rows_after, told.columns_added, told.columns_removed) == (2, 3, ["nieuw"], ["oud"])
    same = document.compared("2026-01-01.1", before, before, ([], []))
    assert same.checks == []


def test_the_pdf_is_tagged_and_has_language_title_and_table_heads(found: QualityReport) -> None:
    pytest.importorskip("weasyprint", reason="the extra pdf is not installed", exc_type=(ImportError, OSError))
    pypdf = pytest.importorskip("pypdf")
    made = content(report(found), ".pdf", "nl")
    assert made == content(report(found), ".pdf", "nl")
    reader = pypdf.PdfReader(io.BytesIO(made))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "nl"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Kwaliteitsrapport: Proef"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    tags = list(_tags(root["/StructTreeRoot"]["/K"]))
    assert {"/Document", "/H1", "/H2", "/Table", "/THead", "/TH", "/TD", "/Caption"} <= set(tags)
    text = "".join(each.extract_text() for each in reader.pages)
    assert "tegengehouden" in text.replace("\n", " ") or "Kwaliteitsrapport" in text
    assert not [value for value in PLANTED if value in text]


def test_a_drawing_in_the_pdf_has_the_colours_of_the_page_and_bars_as_long_as_their_share(found: QualityReport) -> None:
    pytest.importorskip("weasyprint", reason="the extra pdf is not installed", exc_type=(ImportError, OSError))
    pypdf = pytest.importorskip("pypdf")
    moments = [document.Moment(name=f"run-{n}", at="2026-01-01", scores={"validity": n / 4}) for n in (1, 2, 4)]
    reader = pypdf.PdfReader(io.BytesIO(content(report(found, trend=moments), ".pdf", "nl")))
    drawn = "\n".join(each.get_contents().get_data().decode("latin-1") for each in reader.pages)
    drawn += "\n".join(form.get_object().get_data().decode("latin-1") for each in reader.pages for form in _forms(each))
    bar, track = ((11, 114, 133), (230, 236, 239))
    colours = {tuple(round(255 * float(part)) for part in found) for found in re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) (?:rg|scn)", drawn)}
    assert {bar, track} <= colours


def _forms(each: Any) -> Any:
    return each["/Resources"].get("/XObject", {}).values()


def _tags(node: Any) -> Any:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            yield from _tags(each)
    elif isinstance(node, dict):
        yield node.get("/S")
        if "/K" in node:
            yield from _tags(node["/K"])


def test_without_the_extra_a_pdf_is_refused_with_what_to_type(found: QualityReport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    with pytest.raises(ConfigurationError) as refused:
        content(report(found), ".pdf", "nl")
    assert "vrijgave[pdf]" in refused.value.problems[0].nl


def test_another_ending_is_refused_and_nothing_is_written(found: QualityReport, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        write(report(found), tmp_path / "new" / "r.docx", "nl")
    assert not (tmp_path / "new").exists()


def test_the_public_form_has_no_gate_before_and_no_row_numbers(found: QualityReport) -> None:
    with pytest.raises(ValueError, match="output"):
        document.gate(found, public=True)
