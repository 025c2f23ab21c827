"""Versions of data on persons beside each other: rows that wait, versions that replace, and candidates that were overtaken."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

    from conftest import Town

EXAMPLE = Path(__file__).resolve().parents[2] / "config" / "voorbeeldgemeente"
REPORTS = "meldingen-openbare-ruimte"
SITE = "portals: [site, ckan]"


def made(town: Town) -> str:
    """Run the dataset on persons; gives the release that waits."""
    ran = town.vrijgave("run", "meldingen", "--json")
    assert ran.outcomes == {"meldingen": "awaiting-approval"}, ran.out
    return f"meldingen@{ran.json['outcomes'][0]['version']}"


def published(town: Town) -> str:
    release = made(town)
    town.approve(release, "p1", "p2")
    assert town.vrijgave("run", "meldingen", "--json").outcomes == {"meldingen": "published"}
    return release.partition("@")[2]


def report(town: Town, version: str) -> dict[str, Any]:
    """Give the public report of a version that waits or is public."""
    folder = next(town.home.glob(f"*/meldingen/{version}"))
    told: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["privacy"]
    return told


def replacing(town: Town) -> None:
    declaration = town.config / "datasets" / "meldingen.yaml"
    declaration.write_text(declaration.read_text(encoding="utf-8").replace(SITE, f"{SITE}, replaces: true"), encoding="utf-8")


def test_a_second_version_holds_rows_back_and_says_so(small: Town, writer: ModuleType) -> None:
    first = published(small)
    writer.write_reports(small.config, 470)
    ran = small.vrijgave("run", "meldingen")
    assert "wachten op een latere versie" in ran.out + ran.err, ran.out
    second = next((small.home / "candidates" / "meldingen").iterdir()).name
    told = report(small, second)
    assert told["earlier"] == [first]
    assert told["held_back"] % 10 == 0
    pages = [path.read_text(encoding="utf-8") for path in sorted(small.home.glob("runs/*/meldingen/privacy.html"))]
    assert sum("wacht op een latere uitgave" in page or "wachten op een latere uitgave" in page for page in pages) == 1
    assert sum(first in page for page in pages) == 1


def test_a_version_that_replaces_takes_the_earlier_ones_down_at_once(small: Town, writer: ModuleType) -> None:
    first = published(small)
    writer.write_reports(small.config, 430, seed=8)
    replacing(small)
    second = published(small)
    assert report(small, second).get("earlier", []) == []
    assert not (small.home / "site" / "download" / "meldingen" / first).exists()
    assert (small.home / "site" / "download" / "meldingen" / second / "meldingen.csv").exists()
    page = (small.home / "site" / "dataset" / "meldingen" / "index.html").read_text(encoding="utf-8")
    assert first in page
    assert small.vrijgave("ledger verify").code == 0
    entries = [json.loads(line) for line in (small.home / "ledger" / "publications.jsonl").read_text(encoding="utf-8").splitlines()]
    kinds = [entry["kind"] for entry in entries if entry.get("version") == second]
    assert kinds.index("intent") < kinds.index("replace") < kinds.index("published")
    assert small.vrijgave("run", "meldingen", "--json").outcomes == {"meldingen": "unchanged"}


def test_what_is_replaced_is_not_compared_and_what_stays_is(small: Town, writer: ModuleType) -> None:
    published(small)
    declaration = small.config / "datasets" / "meldingen.yaml"
    text = declaration.read_text(encoding="utf-8")
    declaration.write_text(text.replace("levels: [month, year]", "levels: [quarter, year]"), encoding="utf-8")
    ran = small.vrijgave("run", "meldingen", "--json")
    assert ran.outcomes == {"meldingen": "blocked"}
    assert "publication: {replaces: true}" in ran.out
    replacing(small)
    assert made(small).startswith("meldingen@")


@pytest.mark.slow
def test_the_example_a_month_later(small: Town, tmp_path: Path) -> None:
    """The reports of the example municipality, in October and in November."""
    from config.voorbeeldgemeente.generate import write, write_secrets

    example = tmp_path / "room" / "config" / "voorbeeldgemeente"
    shutil.copytree(EXAMPLE, example, ignore=shutil.ignore_patterns("data", "secrets", "*.py", "generator", "__pycache__"))
    script = "from pathlib import Path; from flows.demo import prepare; prepare(Path('demo'))"
    subprocess.run([sys.executable, "-P", "-c", script], cwd=tmp_path / "room", check=True)
    write(tmp_path / "room" / "demo" / "data")
    write_secrets(tmp_path / "room" / "demo" / "secrets")
    town, told = replace(small, config=tmp_path / "room" / "demo", home=tmp_path / "out"), []
    for day, later in ((date(2026, 10, 1), False), (date(2026, 11, 2), True)):
        epoch = str(int(datetime.combine(day, time(6), UTC).timestamp()))
        write(town.config / "data", later=later)
        ran = town.vrijgave("run", REPORTS, "--json", epoch=epoch)
        assert ran.outcomes == {REPORTS: "awaiting-approval"}, ran.out
        told.append(json.loads((town.home / "runs" / ran.json["run"] / REPORTS / "privacy.json").read_text(encoding="utf-8")))
        for person in ("p1", "p2"):
            key = town.config / "keys" / f"{person}.pem"
            town.vrijgave("approve", f"{REPORTS}@{day}.1", "--as", person, "--key", str(key), epoch=epoch)
        assert town.vrijgave("run", REPORTS, "--json", epoch=epoch).outcomes == {REPORTS: "published"}
    first, second = told
    assert second["earlier"] == [f"{date(2026, 10, 1)}.1"]
    assert first["rows"] < second["rows"]
    assert 0 < second["held_back"] < 260
    assert second["after"]["k"] >= 5
    assert first["transformation"] == second["transformation"]
