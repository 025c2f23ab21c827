"""The whole way, through the command line, as a steward walks it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

    from conftest import Town


def test_from_source_to_portal_with_four_eyes(small: Town) -> None:
    first = small.vrijgave("run", "--json")
    assert first.code == 4, first.err
    assert first.outcomes == {"bomen": "published", "tellingen": "published", "meldingen": "awaiting-approval"}
    assert not (small.home / "site" / "dataset" / "meldingen").exists()

    waiting = next(outcome for outcome in first.json["outcomes"] if outcome["dataset"] == "meldingen")
    release = f"meldingen@{waiting['version']}"
    small.approve(release, "p1")
    assert small.vrijgave("run", "--json").outcomes["meldingen"] == "awaiting-approval"
    small.approve(release, "p2")
    second = small.vrijgave("run", "--json")
    assert second.code == 0, second.err
    assert second.outcomes == {"bomen": "unchanged", "tellingen": "unchanged", "meldingen": "published"}
    assert (small.home / "site" / "dataset" / "meldingen" / "index.html").exists()
    assert small.vrijgave("ledger verify").code == 0


def test_a_second_run_changes_only_the_status_and_adds_only_its_own_folder(small: Town) -> None:
    small.vrijgave("run")
    before = small.tree()
    again = small.vrijgave("run", "--json")
    after = small.tree()
    runs = {name for name in after if name.startswith(f"runs/{again.json['run']}/")}
    assert {name for name in after if name not in before} == runs
    assert set(before) <= set(after)
    assert {name for name in before if before[name] != after[name]} <= {"status.json"}


def test_an_optional_portal_without_its_variables_is_skipped_and_said(small: Town) -> None:
    outcome = small.vrijgave("run", "bomen", "--json").json["outcomes"][0]
    assert outcome["outcome"] == "published"
    assert outcome["portals"] == {"site": "published", "ckan": "skipped"}


def test_a_source_with_half_its_rows_waits_until_somebody_says_it_is_right(small: Town, writer: ModuleType) -> None:
    writer.write_trees(small.config, 100)
    small.vrijgave("run", "bomen")
    writer.write_trees(small.config, 40)
    (halved,) = small.vrijgave("run", "bomen", "--json").json["outcomes"]
    assert halved["outcome"] == "awaiting-approval"
    assert "quality.far-fewer-rows" in {reason["code"] for reason in halved["reasons"]}
    small.approve(f"bomen@{halved['version']}", "p1")
    assert small.vrijgave("run", "bomen", "--json").outcomes == {"bomen": "published"}
    writer.write_trees(small.config, 41)
    assert small.vrijgave("run", "bomen", "--json").outcomes == {"bomen": "published"}  # forty is the new normal


def test_new_data_make_a_new_version_and_the_old_one_stays(small: Town, writer: ModuleType) -> None:
    first = small.vrijgave("run", "bomen", "--json").json["outcomes"][0]["version"]
    writer.write_trees(small.config, 41)
    second = small.vrijgave("run", "bomen", "--json").json["outcomes"][0]["version"]
    assert second == first.replace(".1", ".2")
    for version in (first, second):
        assert (small.home / "site" / "download" / "bomen" / version / "bomen.csv").exists()
    difference = small.vrijgave("diff", "bomen", first, second, "--json")
    assert difference.code == 0, difference.err
    assert (difference.json["added"], difference.json["removed"], difference.json["changed"]) == (1, 0, 0)


def test_a_failing_check_blocks_and_the_last_good_release_stays(small: Town, writer: ModuleType) -> None:
    small.vrijgave("run", "tellingen")
    good = (small.home / "site" / "dataset" / "tellingen" / "index.html").read_bytes()
    writer.write_counts(small.config, 60, broken=True)
    blocked = small.vrijgave("run", "tellingen", "--json")
    assert blocked.code == 1
    outcome = blocked.json["outcomes"][0]
    assert (outcome["outcome"], outcome["stage"]) == ("blocked", "check_input")
    assert "aantal" in outcome["reasons"][0]["nl"]
    assert "-4" not in json.dumps(outcome)
    assert (small.home / "site" / "dataset" / "tellingen" / "index.html").read_bytes() == good


def test_a_new_source_column_stops_the_run_with_a_ready_patch(small: Town) -> None:
    source = small.config / "data" / "tellingen.csv"
    lines = source.read_text().splitlines()
    source.write_text("\n".join([lines[0] + ",telefoon", *(line + ",0612345678" for line in lines[1:])]) + "\n")
    result = small.vrijgave("run", "tellingen", "--json")
    assert result.code == 1
    reason = result.json["outcomes"][0]["reasons"][0]
    assert "{name: telefoon, type: string, classification: unclassified}" in reason["nl"].replace("  ", " ")
    assert "0612345678" not in result.out + result.err


def test_a_broken_declaration_fails_by_itself(small: Town) -> None:
    file = small.config / "datasets" / "bomen.yaml"
    file.write_text(file.read_text().replace("owner: beheer", "owner: beheerr"))
    result = small.vrijgave("run", "--json")
    assert result.outcomes == {"bomen": "failed", "tellingen": "published", "meldingen": "awaiting-approval"}
    assert result.code == 2
    reason = result.json["outcomes"][0]["reasons"][0]
    assert reason["path"] == "config/datasets/bomen.yaml owner"
    assert reason["line"]


def test_a_source_that_is_gone_fails_and_says_so(small: Town) -> None:
    (small.config / "data" / "bomen.csv").unlink()
    result = small.vrijgave("run", "bomen", "--json")
    assert result.code == 3
    assert result.outcomes == {"bomen": "failed"}


def test_reject_stands_until_the_data_change(small: Town, writer: ModuleType) -> None:
    version = small.vrijgave("run", "meldingen", "--json").json["outcomes"][0]["version"]
    key = str(small.config / "keys" / "p2.pem")
    no_reason = small.vrijgave("reject", f"meldingen@{version}", "--as", "p2", "--key", key)
    assert no_reason.code == 2
    done = small.vrijgave("reject", f"meldingen@{version}", "--as", "p2", "--key", key, "--reason", "nog niet")
    assert done.code == 0, done.err
    again = small.vrijgave("run", "meldingen", "--json")
    assert (again.code, again.outcomes) == (1, {"meldingen": "rejected"})
    writer.write_reports(small.config, 420, seed=8)
    assert small.vrijgave("run", "meldingen", "--json").outcomes == {"meldingen": "awaiting-approval"}


def test_withdraw_acts_at_once_and_stays(small: Town) -> None:
    version = small.vrijgave("run", "bomen", "--json").json["outcomes"][0]["version"]
    key = str(small.config / "keys" / "p1.pem")
    done = small.vrijgave("withdraw", f"bomen@{version}", "--as", "p1", "--key", key, "--reason", "fout in de bron")
    assert done.code == 0, done.err
    assert not (small.home / "site" / "download" / "bomen").exists()
    page = (small.home / "site" / "dataset" / "bomen" / "index.html").read_text(encoding="utf-8")
    assert "ingetrokken" in page
    assert small.vrijgave("run", "bomen", "--json").outcomes == {"bomen": "withdrawn"}
    assert small.vrijgave("ledger verify").code == 0


def test_one_person_cannot_be_both_pairs_of_eyes(small: Town) -> None:
    version = small.vrijgave("run", "meldingen", "--json").json["outcomes"][0]["version"]
    small.approve(f"meldingen@{version}", "p1", "p1")
    assert small.vrijgave("run", "meldingen", "--json").outcomes == {"meldingen": "awaiting-approval"}
    stolen = small.vrijgave("approve", f"meldingen@{version}", "--as", "p2", "--key", str(small.config / "keys" / "p1.pem"))
    assert stolen.code == 2


def test_two_runs_of_one_dataset_at_once(small: Town) -> None:
    from publication.home import Home
    from publication.locks import lock

    home = Home(small.home)
    home.prepare()
    with lock(home.locks / "dataset-bomen.lock"):
        result = small.vrijgave("run", "--json")
    assert result.outcomes["bomen"] == "locked"
    assert result.outcomes["tellingen"] == "published"
    assert small.vrijgave("run", "bomen", "--json").code == 0


def test_dry_run_and_plan_make_nothing_public(small: Town) -> None:
    plan = small.vrijgave("plan", "--json")
    assert plan.code == 4, "the personal dataset would wait for approval"
    assert plan.outcomes == {"bomen": "skipped", "meldingen": "awaiting-approval", "tellingen": "skipped"}
    assert {change["dataset"]: change["change"] for change in plan.json["portals"]["site"]}["bomen"] == "add"
    small.vrijgave("run", "--dry-run")
    for folder in ("releases", "candidates", "archive"):
        assert not any(path.is_file() for path in (small.home / folder).rglob("*"))
    assert not (small.home / "site").exists()
    assert not list(small.home.rglob("pending")), "the next run looks at the source again"


def test_same_input_same_bytes_in_another_home(small: Town, tmp_path: Path) -> None:
    small.vrijgave("run")
    other = type(small)(small.config, tmp_path / "elsewhere")
    other.vrijgave("run")
    mine, theirs = (
        {k: v for k, v in town.tree().items() if k.startswith(("releases/", "site/")) and "manifest" not in k} for town in (small, other)
    )
    assert mine == theirs


@pytest.mark.parametrize(
    "verb", ["init", "waive", "accept-normal", "restore", "report", "attack", "archive", "registers", "schedule", "doctor"]
)
def test_what_is_not_there_yet_says_so(small: Town, verb: str) -> None:
    result = small.vrijgave(verb)
    assert result.code == 2
    assert f"nog niet beschikbaar: vrijgave {verb}" in result.err


def test_damage_elsewhere_does_not_stop_a_withdrawal(small: Town) -> None:
    outcomes = {one["dataset"]: one for one in small.vrijgave("run", "--json").json["outcomes"]}
    damaged = small.home / "releases" / "tellingen" / outcomes["tellingen"]["version"] / "tellingen.csv"
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes() + b"x")
    key = str(small.config / "keys" / "p1.pem")
    done = small.vrijgave("withdraw", f"bomen@{outcomes['bomen']['version']}", "--as", "p1", "--key", key, "--reason", "fout")
    assert done.code == 0, done.err
    assert not (small.home / "site" / "download" / "bomen").exists()
    assert (small.home / "site" / "download" / "tellingen").exists()
    again = small.vrijgave("run", "tellingen", "--json")
    assert (again.code, again.outcomes) == (5, {"tellingen": "failed"}), "the damage itself is never passed over"


def test_a_run_that_waited_for_the_portal_undoes_nothing(small: Town) -> None:
    import subprocess
    import time

    from publication.home import Home
    from publication.locks import lock

    version = small.vrijgave("run", "bomen", "--json").json["outcomes"][0]["version"]
    command = [str(Path(sys.executable).parent / "vrijgave")]
    home = Home(small.home)
    asked = ["--config", str(small.config), "--home", str(small.home)]
    key = str(small.config / "keys" / "p1.pem")
    with lock(home.locks / "portal-site.lock"):
        waiting = [
            subprocess.Popen([*command, "run", "tellingen", *asked], cwd=small.home.parent),
            subprocess.Popen(
                [*command, "withdraw", f"bomen@{version}", "--as", "p1", "--key", key, "--reason", "x", *asked], cwd=small.home.parent
            ),
        ]
        until = time.monotonic() + 120
        while time.monotonic() < until and len(home.ledger.read_bytes().splitlines()) < 4:
            time.sleep(0.2)
    assert [process.wait(120) for process in waiting] == [0, 0]
    assert not (small.home / "site" / "download" / "bomen").exists()
    assert (small.home / "site" / "download" / "tellingen").exists()


def test_unreadable_rows_are_news(small: Town) -> None:
    assert small.vrijgave("run", "tellingen", "--json").outcomes == {"tellingen": "published"}
    with (small.config / "data" / "tellingen.csv").open("a") as file:
        file.write("geen datum,3\n" * 30)
    again = small.vrijgave("run", "tellingen", "--json")
    assert again.outcomes == {"tellingen": "blocked"}
    assert "geen datum" not in again.out + again.err


def test_an_id_twice_and_a_portal_of_no_concern(small: Town) -> None:
    assert small.vrijgave("run", "bomen", "bomen", "--json").outcomes == {"bomen": "published"}
    skipped = small.vrijgave("run", "tellingen", "--portal", "ckan", "--json")
    assert skipped.outcomes == {"tellingen": "skipped"}
    assert not (small.home / "releases" / "tellingen" / "current").exists()


def test_a_description_that_is_not_valid_is_not_taken_over(small: Town) -> None:
    assert small.vrijgave("run", "bomen", "--json").outcomes == {"bomen": "published"}
    before = (small.home / "releases" / "bomen" / "description.json").read_bytes()
    file = small.config / "datasets" / "bomen.yaml"
    file.write_text(file.read_text().replace("frequency: DAILY", 'frequency: DAILY, spatial: "https://x.example/<>"'))
    assert "https://x.example/<>" in file.read_text()
    assert small.vrijgave("validate").code == 2
    assert small.vrijgave("run", "bomen", "--json").outcomes == {"bomen": "failed"}
    assert (small.home / "releases" / "bomen" / "description.json").read_bytes() == before
