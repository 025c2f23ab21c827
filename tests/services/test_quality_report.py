"""The quality report in a real browser: no fault by axe (WCAG 2.2 A and AA), it fits a phone, and it asks nothing of anybody."""

from __future__ import annotations

import os
import shutil
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from quality.reports import document
from quality.reports.page import page as page_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.service, pytest.mark.slow]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not path:
        pytest.skip("no Chromium on PATH; tests/services/run (make services) installs it")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield running
        running.close()


def whole() -> document.Report:
    """A report with every part in it: both gates, rows aside, a trend, changes, a waiver, signatures."""
    said = document.Words(nl="elke boom heeft een soort", en="every tree has a species")
    kind = "expect_column_values_to_not_be_null"

    def check(**more: Any) -> document.Check:
        told = {"type": kind, "kwargs": {"column": "soort"}, "dimension": "completeness", "severity": "critical", "engine": "duckdb"}
        return document.Check(**(told | {"text": said, "success": True, "element_count": 2500, "unexpected_count": 0} | more))

    scores = {"completeness": document.Score(checks=3, passed=1, score=0.99), "validity": document.Score(checks=1, passed=1, score=1.0)}
    results = [check(), check(success=False, unexpected_count=30, set_aside=30), check(success=False, error="TypeError")]
    aside = [document.RowAside(row=row, column="soort", rule=kind) for row in range(30)]
    common: dict[str, Any] = {"success": False, "verdict": "awaiting-approval", "dimensions": scores, "results": results}
    before = document.Gate(gate="input", rows=2500, aside=aside, read=2502, unreadable=2, ceiling=0.02, findings=[said], **common)
    moments = [document.Moment(name=f"2026-01-{n:02}.1", at="2026-01-01", scores={"completeness": n / 12}) for n in range(1, 13)]
    changed = document.Changed(type=kind, text=said, before="passed", after="failed")
    return document.Report(
        audience="auditor",
        title=document.Words(nl="Bomen", en="Trees"),
        dataset="bomen",
        version="2026-01-12.1",
        run="20260112T000000Z.1",
        at="2026-01-12T00:00:00+00:00",
        verdict="awaiting-approval",
        approvals=[document.Approval(person="p1", role="data-owner", key="demo")],
        missing=["privacy-officer"],
        gates=[before, document.Gate(gate="output", rows=2470, **common)],
        trend=moments,
        changes=document.Changes(since="2026-01-11.1", rows_before=2400, rows_after=2470, columns_added=["hoogte"], checks=[changed]),
        waivers=[document.Waiver(check=kind, person="p1", reason="Bekend", until="2026-03-01")],
        digests={"input": "0" * 64, "bomen.csv": "1" * 64},
    )


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_has_no_fault_by_axe_and_fits(browser: Browser, tmp_path: Path, language: Any, width: int) -> None:
    script = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    file = tmp_path / "quality.html"
    file.write_text(page_of(whole(), language), encoding="utf-8")
    requests: list[str] = []
    # axe is a script, which the page's own policy refuses; the page itself is shown under that policy.
    with browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True) as context:
        shown = context.new_page()
        shown.on("request", lambda request: requests.append(request.url))
        shown.goto(file.as_uri())
        shown.evaluate(script)
        found = shown.evaluate("rules => axe.run(document, rules)", RULES)
        assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found["violations"]] == []
        assert len(found["passes"]) > 15
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
        # The control: an image without a text is a fault.
        shown.evaluate("document.querySelector('main').append(new Image())")
        assert "image-alt" in {one["id"] for one in shown.evaluate("rules => axe.run(document, rules)", RULES)["violations"]}
    assert requests == [file.as_uri()]
