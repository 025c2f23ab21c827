"""Nothing is published with a violation: of one dataset, and of the catalogue as a whole; `catalogue validate` tells what it is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from typer.testing import CliRunner

from catalogue.model import ContactFacts, DatasetDescription, PublisherDescription, Tombstone
from config.errors import RefusedError
from config.models.base import Text
from flows.cli.catalogue import app
from flows.portals import _hold_to_profile
from publication.home import Home
from publication.portals.base import Change, Plan, PortalEntry, Wanted

if TYPE_CHECKING:
    from flows.context import RunContext
    from tests.flows.conftest import Town

SOUND = Path(__file__).parents[1] / "catalogue" / "fixtures" / "sound.ttl"
THEME = "http://publications.europa.eu/resource/authority/data-theme/ENVI"
PUBLISHER = PublisherDescription(
    uri="https://identifier.overheid.nl/tooi/id/gemeente/gm0000",
    name=Text(nl="Gemeente Proefstad"),
    municipality=Text(nl="Proefstad"),
    base_uri="https://data.proefstad.example",
    contact=ContactFacts(Text(nl="Team Data"), "data@proefstad.example", None),
    title=Text(nl="Open data van Proefstad"),
    description=Text(nl="De openbare datasets. Per dataset de herkomst. Bedoeld voor iedereen."),
    licence="CC0-1.0",
    example=True,
)


class Released:
    """A release as the catalogue sees it: its facts."""

    def __init__(self, dataset: str) -> None:
        self.dataset = dataset

    def facts(self) -> Any:
        from catalogue.model import DistributionFacts, ReleaseFacts

        file = DistributionFacts(f"{self.dataset}.csv", "csv", "CSV", "text/csv", 11, "0123456789abcdef" * 4, 1)
        return ReleaseFacts(
            self.dataset, "2026-03-09.1", "2026-03-09T06:00:00+01:00", "2026-03", 1, distributions=(file,), temporal=("2026-03", "2026-03")
        )


def entry(name: str, *, hvd: bool = False) -> PortalEntry:
    """A dataset; one that is high-value without saying in what category has a violation."""
    told = DatasetDescription(name, Text(nl=name.title()), Text(nl="Een. Twee. Drie."), "beheer", (THEME,), "CC0-1.0")
    if hvd:
        told = replace(told, legislation=("http://data.europa.eu/eli/reg_impl/2023/138/oj",))
    return PortalEntry(told, (Released(name),), None, (), None)  # type: ignore[arg-type]


def hold(folder: Path, *entries: PortalEntry, changed: tuple[str, ...], publisher: PublisherDescription = PUBLISHER) -> None:
    changes = tuple(
        Change(each.description.id, "update" if each.description.id in changed else "unchanged", None, "2026-03-09.1") for each in entries
    )
    ctx = cast("RunContext", SimpleNamespace(home=Home(folder)))
    _hold_to_profile(ctx, "site", Plan(changes, Wanted(publisher, entries)))


def test_what_changes_must_be_valid_and_what_stands_is_left_alone(tmp_path: Path) -> None:
    hold(tmp_path, entry("bomen"), entry("verkeer"), changed=("bomen", "verkeer"))
    hold(tmp_path, entry("bomen", hvd=True), entry("verkeer"), changed=("verkeer",))
    hold(tmp_path, entry("bomen", hvd=True), changed=())
    with pytest.raises(RefusedError) as caught:
        hold(tmp_path, entry("bomen", hvd=True), entry("verkeer"), changed=("bomen",))
    assert {problem.code for problem in caught.value.problems} == {"catalogue.hvd-no-category"}
    assert caught.value.problems[0].place.path == "catalogue.hvd_category"


def test_a_violation_of_the_catalogue_itself_stops_every_publication(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as caught:
        hold(tmp_path, entry("bomen"), changed=("bomen",), publisher=replace(PUBLISHER, title=Text(nl=" ")))
    assert "catalogue.text-empty" in {problem.code for problem in caught.value.problems}


def test_a_withdrawal_is_never_held_up(tmp_path: Path) -> None:
    gone = entry("bomen", hvd=True)
    gone = replace(gone, releases=(), tombstone=Tombstone("bomen", "2026-03-09.1", "2026-03-10"))
    hold(tmp_path, gone, entry("verkeer"), changed=("bomen",), publisher=replace(PUBLISHER, title=Text(nl=" ")))


def test_a_dataset_with_a_violation_is_blocked_with_the_key_to_mend(small: Town) -> None:
    file = small.config / "datasets" / "bomen.yaml"
    law = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
    file.write_text(file.read_text().replace("frequency: DAILY", f'frequency: DAILY, applicable_legislation: ["{law}"]'))
    result = small.vrijgave("run", "bomen", "--json")
    assert result.outcomes == {"bomen": "blocked"}
    assert result.code == 1
    (reason,) = [one for one in result.json["outcomes"][0]["reasons"] if one["code"] == "catalogue.hvd-no-category"]
    assert "catalogue.hvd_category" in reason["path"]
    assert not (small.home / "releases" / "bomen" / "current").exists()


def test_our_own_catalogue_is_valid_after_a_run(small: Town) -> None:
    assert small.vrijgave("run", "bomen", "--json").outcomes == {"bomen": "published"}
    ours = small.vrijgave("catalogue", "validate", "--json")
    assert (ours.code, ours.json["valid"]) == (0, True)


def vrijgave(*arguments: str) -> Any:
    """Run the verb in this process."""
    return CliRunner().invoke(app, ["validate", *arguments])


def test_a_foreign_catalogue_is_told_in_every_form(tmp_path: Path) -> None:
    good, bad, home = tmp_path / "good.ttl", tmp_path / "bad.ttl", ("--home", str(tmp_path / "none"))
    good.write_text(SOUND.read_text())
    bad.write_text(SOUND.read_text().replace("a dcat:Catalog ;", "a dcat:Catalogue ;"))
    assert vrijgave(str(good), *home).exit_code == 0
    for form in ("html", "json", "ttl"):
        report = tmp_path / f"r.{form}"
        result = vrijgave(str(bad), *home, "--report", str(report))
        assert result.exit_code == 1
        assert "dcat:Catalogue" in result.output
        assert "dcat:Catalogue" in report.read_text()
    assert json.loads((tmp_path / "r.json").read_text())["valid"] is False
    assert json.loads(vrijgave(str(bad), *home, "--json", "-q", "--profile", "3.0.0").stdout)["profile"] == "3.0.0"
    assert not (tmp_path / "none").exists(), "looking at a file makes no home"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("{good}", "--report", "r.pdf"), 2),
        (("{good}", "--resolve", "x"), 2),
        (("none.ttl",), 2),
        (("https://127.0.0.1/c.ttl",), 2),
        (("http://127.0.0.1/c.ttl", "--online"), 2),
        (("https://x.example/c.ttl", "--resolve", "https://x.example=http://127.0.0.1:1"), 3),
    ],
)
def test_what_cannot_be_done_is_said(arguments: tuple[str, ...], code: int) -> None:
    result = vrijgave(*(argument.format(good=SOUND) for argument in arguments))
    assert result.exit_code == code
    assert "Traceback" not in result.output
