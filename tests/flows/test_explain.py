from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from config.project import load
from flows import pipeline
from flows.cli.app import app
from flows.context import current_instant
from flows.explain import explain
from publication.home import Home
from quality.reports.document import Report

if TYPE_CHECKING:
    from types import ModuleType


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    def set_instant(epoch: int) -> None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(epoch))

    return set_instant


def go(small: Any, *names: str) -> dict[str, str]:
    with pipeline.opened(load(small.config, env={}), small.home, now=current_instant()) as ctx:
        return {one.dataset: one.outcome for one in pipeline.run(ctx, names)}


def verb(small: Any, *words: str) -> str:
    done = CliRunner().invoke(app, ["explain", *words, "--config", str(small.config), "--home", str(small.home)])
    assert done.exit_code == 0, done.stderr
    return done.stdout


def told(small: Any, name: str) -> dict[str, Any]:
    return explain(load(small.config, env={}), Home(small.home), name)


def reports(small: Any, name: str, kind: str = "quality") -> list[Report]:
    files = sorted((small.home / "runs").glob(f"*/{name}/{kind}.json"))
    return [Report.model_validate_json(file.read_bytes()) for file in files]


def test_a_blocked_dataset_is_explained_with_its_rows_and_the_first_run_that_blocked(small: Any, writer: ModuleType, at: Any) -> None:
    assert told(small, "tellingen")["next"][0]["nl"].endswith("vrijgave run tellingen")
    at(1790000000)
    assert go(small, "tellingen") == {"tellingen": "published"}
    good = told(small, "tellingen")
    assert (good["checks"], good["reasons"], good["public"]) == ([], [], "2026-09-21.1")
    writer.write_counts(small.config, 60, broken=True)
    at(1790100000)
    assert go(small, "tellingen") == {"tellingen": "blocked"}
    at(1790200000)
    assert go(small, "tellingen") == {"tellingen": "blocked"}

    why = told(small, "tellingen")
    assert (why["outcome"], why["stage"], why["public"]) == ("blocked", "check_input", "2026-09-21.1")
    assert why["since"]["at"] == "2026-09-22T18:00:00+00:00"
    (check,) = why["checks"]
    assert (check["columns"], check["count"], check["total"], check["rows"]) == (["aantal"], 1, 60, [3])
    assert "herstel in het bronsysteem de rijen" in why["next"][0]["nl"]
    assert "-4" not in json.dumps(why)
    # The report shows the run before too, and is written though the way ended at the gate before.
    assert [len(one.trend) for one in reports(small, "tellingen")] == [1, 2, 3]
    assert [one.verdict for one in reports(small, "tellingen")] == ["passed", "blocked", "blocked"]
    assert len(reports(small, "tellingen", "quality-public")) == 1

    said = verb(small, "tellingen")
    assert "rijen 3\n" in said
    assert "Wat nu:" in said
    assert json.loads(verb(small, "tellingen", "--json"))["checks"] == why["checks"]
    # Row numbers are told only while the snapshot is kept.
    for file in (small.home / "snapshots" / "tellingen").iterdir():
        file.unlink()
    why = told(small, "tellingen")
    assert why["checks"][0]["rows"] is None
    assert "momentopname is verlopen" in why["next"][0]["nl"]


def test_the_reports_of_a_release_say_who_signed_and_what_changed(small: Any, writer: ModuleType, at: Any) -> None:
    at(1790000000)
    assert go(small, "meldingen", "bomen") == {"meldingen": "awaiting-approval", "bomen": "published"}
    waits = told(small, "meldingen")
    assert waits["waiting"]["missing"] == ["data-owner", "privacy-officer"]
    assert "vrijgave approve meldingen@2026-09-21.1" in waits["next"][0]["nl"]
    assert reports(small, "meldingen")[0].missing == ["data-owner", "privacy-officer"]
    for person in ("p1", "p2"):
        small.approve("meldingen@2026-09-21.1", person)
    writer.write_trees(small.config, 45)
    at(1790100000)
    go(small, "meldingen", "bomen")

    signed = reports(small, "meldingen")[-1]
    assert ([one.person for one in signed.approvals], signed.missing) == (["p1", "p2"], [])
    public = reports(small, "meldingen", "quality-public")[-1]
    assert [(one.person, one.role) for one in public.approvals] == [(None, "data-owner"), (None, "privacy-officer")]
    assert [gate.gate for gate in public.gates] == ["output"]
    assert "input" not in public.digests
    made = [path.read_text() for path in (small.home / "runs").glob("*/meldingen/quality*")]
    assert not [one for one in made if "mail.example" in one or "bel mij" in one]
    trees = reports(small, "bomen", "quality-public")[-1]
    assert trees.changes is not None
    assert (trees.changes.since, trees.changes.rows_before, trees.changes.rows_after) == ("2026-09-21.1", 40, 45)
    assert [moment.name for moment in trees.trend] == ["2026-09-21.1", "2026-09-22.1"]
    csv = next(file for file in (small.home / "releases" / "bomen" / "2026-09-22.1").iterdir() if file.name == "bomen.csv")
    assert trees.digests["bomen.csv"] == hashlib.sha256(csv.read_bytes()).hexdigest()


def test_a_dataset_that_is_not_there_is_refused_with_what_was_meant(small: Any) -> None:
    asked = CliRunner().invoke(app, ["explain", "telingen", "--config", str(small.config), "--home", str(small.home)])
    assert asked.exit_code == 2
    assert "tellingen" in asked.stderr
