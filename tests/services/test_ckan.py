"""Publication to a real CKAN (PostgreSQL, DataStore, ckanext-dcat, scheming): nothing lost, half there, or left behind, whatever breaks."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests

sys.path.insert(0, str(Path(__file__).resolve().parent / "ckan"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "publication"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "flows"))
import site_town
import town as small
from proxy import Proxy

from catalogue.model import Tombstone
from config.errors import PortalError
from config.models.base import Keywords, Text
from publication.ckan import dataset as one
from publication.portals.base import Plan, PortalEntry, PortalPlace, Wanted
from publication.portals.ckan import CkanPortal, Options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from publication.release import Release

pytestmark = [pytest.mark.service, pytest.mark.timeout(900)]
ADDRESS = os.environ.get("CKAN_TEST_URL", "")
TOKEN = os.environ.get("CKAN_TEST_TOKEN", "")
STORAGE = os.environ.get("CKAN_TEST_STORAGE", "")
if not ADDRESS:
    pytestmark.append(pytest.mark.skip(reason="no CKAN: tests/services/run (make services) starts one where apt can install it"))


def call(action: str, data: dict[str, Any] | None = None, *, token: str | None = TOKEN) -> Any:
    """Call an action of CKAN itself, past our own code; None where it refuses."""
    headers = {"Authorization": token} if token else {}
    answer = requests.post(f"{ADDRESS}/api/action/{action}", json=data or {}, headers=headers, timeout=60)
    return answer.json()["result"] if answer.ok else None


@dataclass
class Municipality:
    """One made-up municipality, with an organisation and addresses of its own, so that tests do not see each other."""

    folder: Path
    name: str
    home: site_town.Home

    @property
    def publisher(self) -> Any:
        return replace(site_town.PUBLISHER, base_uri=f"https://{self.name}.example", series={})

    @property
    def dataset(self) -> str:
        return f"bomen-{self.name}"

    def release(self, version: str, rows: int = 40, seed: int = 1) -> Release:
        return self.home.release(self.dataset, site_town.trees(rows, seed), version, title=Text(nl="Bomen"))

    def entry(self, *releases: Release, **more: Any) -> PortalEntry:
        told = site_town.describe(
            self.dataset, "Bomen", "Trees", "De bomen die de gemeente verzorgt.", "The trees.", "ENVI",
            keywords=Keywords(nl=("bomen", "groen & water"), en=("trees",)), frequency="MONTHLY",
        )  # fmt: skip
        return PortalEntry(told, releases, **more)

    def portal(self, url: str = ADDRESS, **options: Any) -> CkanPortal:
        chosen = Options.model_validate(
            {"kind": "ckan", "url": "${URL}", "token": "${TOKEN}", "organization": self.name, "max_upload": 50, **options}
        )
        place = PortalPlace(
            "ckan", self.folder / "portals" / "ckan", self.folder / "site", {"URL": url, "TOKEN": options.get("key", TOKEN)}
        )
        return CkanPortal(chosen, place)

    def publish(self, *entries: PortalEntry, url: str = ADDRESS, **options: Any) -> Plan:
        """Bring the portal to these entries, and hold that a visitor sees every one."""
        portal = self.portal(url, **options)
        plan = portal.plan(Wanted(self.publisher, entries))
        portal.apply(plan)
        seen = portal.verify(plan)
        for entry in entries:
            expected = {file.name: file.sha256 for file in entry.releases[0].manifest.distributions} if entry.releases else {}
            assert dict(seen[entry.description.id].digests) == expected
        return plan

    def shown(self, *, token: str | None = None) -> dict[str, Any]:
        found: dict[str, Any] = call("package_show", {"id": self.dataset}, token=token)
        return found


@pytest.fixture
def town(tmp_path: Path) -> Municipality:
    name = f"gem-{uuid.uuid4().hex[:8]}"
    assert call("organization_create", {"name": name, "title": "Gemeente"})
    return Municipality(tmp_path, name, site_town.Home(tmp_path))


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    monkeypatch.setattr(one.time, "sleep", lambda _seconds: None)
    found = Proxy(ADDRESS)
    yield found
    found.close()


def versions_of(package: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["vrijgave_version"], each["name"]) for each in package["resources"]]


def test_a_dataset_is_published_whole_and_a_repeat_leaves_no_trace(town: Municipality) -> None:
    release = town.release("2026-10-01.1")
    town.publish(town.entry(release))
    shown = town.shown()
    assert shown["version"] == "2026-10-01.1"
    assert [each["format"] for each in shown["resources"]] == ["CSV", "GeoJSON", "Parquet"] or len(shown["resources"]) == 3
    assert all(each["hash_algorithm"].endswith("checksumAlgorithm_sha256") for each in shown["resources"])
    table = next(each["id"] for each in shown["resources"] if each["datastore_active"])
    told = call("datastore_search", {"resource_id": table, "limit": 1}, token=None)
    assert told["total"] == release.manifest.rows
    assert {field["id"]: field.get("info", {}).get("label") for field in told["fields"] if field["id"] != "_id"} == {
        column.name: column.title.nl if column.title else column.name for column in release.manifest.columns
    }

    portal = town.portal()
    plan = portal.plan(Wanted(town.publisher, (town.entry(release),)))
    assert plan.empty
    portal.apply(plan)
    assert portal.verify(plan)
    assert portal._api.calls + portal._visitor.calls <= 3, "one listing, one schema, one listing as a visitor"
    assert town.shown()["metadata_modified"] == shown["metadata_modified"]


def test_a_new_version_takes_the_place_of_the_old_which_stays_downloadable(town: Municipality) -> None:
    first, second = town.release("2026-10-01.1"), town.release("2026-11-01.1", 45, 2)
    town.publish(town.entry(first))
    old = {each["name"]: each["url"] for each in town.shown()["resources"]}
    plan = town.publish(town.entry(second, first))
    assert [change.change for change in plan.changes] == ["update"]
    shown = town.shown()
    assert [version for version, _ in versions_of(shown)] == ["2026-11-01.1"] * 3 + ["2026-10-01.1"] * 3
    assert sum(each["datastore_active"] for each in shown["resources"]) == 1
    assert shown["resources"][0]["datastore_active"]
    assert all(requests.get(url, timeout=30).ok for url in old.values())
    town.publish(town.entry(second, first), keep=0)
    assert {version for version, _ in versions_of(town.shown())} == {"2026-11-01.1"}
    assert not any(requests.get(url, timeout=30).ok for url in old.values())


FAULTS = ("lost", "cut", "500", "502", "503", "429", "failed", "truncated")


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_breaks_the_end_is_the_same(town: Municipality, proxy: Proxy, fault: str) -> None:
    first, second = town.release("2026-10-01.1"), town.release("2026-11-01.1", 45, 2)
    chance = random.Random(fault)
    proxy.fault = lambda _number, _action: fault if chance.random() < 0.2 else None
    town.publish(town.entry(first), url=proxy.url)
    town.publish(town.entry(second, first), url=proxy.url)
    whole(town, second, first)


def whole(town: Municipality, *releases: Release, **more: Any) -> None:
    """Hold that the portal shows these releases and nothing else: one dataset, no file twice, no table but one, no orphan."""
    found = call("package_search", {"fq": f"organization:{town.name}", "include_private": True, "include_drafts": True})
    assert found["count"] == 1
    shown = found["results"][0]
    assert not shown["private"]
    assert [(each["vrijgave_version"], each["hash"]) for each in shown["resources"]] == [
        (release.manifest.version, file.sha256) for release in releases for file in release.manifest.distributions
    ]
    assert [each["datastore_active"] for each in shown["resources"]].count(True) == 1
    assert town.portal().plan(Wanted(town.publisher, (town.entry(*releases, **more),))).empty


def killed_at(town: Municipality, proxy: Proxy, entry: PortalEntry, number: int) -> bool:
    """Publish in a process of its own that is killed at its nth request; says whether it came that far."""
    proxy.seen.clear()
    child = os.fork()
    if child == 0:
        portal = town.portal(proxy.url)
        portal.apply(portal.plan(Wanted(town.publisher, (entry,))))
        os._exit(0)

    def fault(seen: int, _action: str) -> str | None:
        if seen == number:
            os.kill(child, signal.SIGKILL)
            return "cut"
        return None

    proxy.fault = fault
    _, status = os.waitpid(child, 0)
    proxy.fault = lambda _number, _action: None
    return os.WIFSIGNALED(status)


def test_killed_at_every_request_and_run_again(town: Municipality, proxy: Proxy) -> None:
    first, second = town.release("2026-10-01.1"), town.release("2026-11-01.1", 45, 2)
    town.publish(town.entry(first))
    number = 1
    while killed_at(town, proxy, town.entry(second, first), number):
        shown = town.shown()
        assert shown["version"] in {"2026-10-01.1", "2026-11-01.1"}
        number += 2
    assert number > 10, "there were requests to be killed at"
    town.publish(town.entry(second, first))
    whole(town, second, first)


def test_a_visitor_sees_the_old_or_the_new_and_nothing_between(town: Municipality, proxy: Proxy) -> None:
    releases = [town.release(f"2026-10-{day:02d}.1", 30 + day, day) for day in range(1, 7)]
    digests = {release.manifest.version: {file.sha256 for file in release.manifest.distributions} for release in releases}
    rows = {release.manifest.version: release.manifest.rows for release in releases}
    town.publish(town.entry(releases[0]))
    seen: set[str] = set()
    with polling(town, digests, rows, seen) as wrong:
        for at in range(1, len(releases)):
            entry = town.entry(*releases[at::-1])
            killed_at(town, proxy, entry, 3 * at)
            town.publish(entry)
    assert wrong == []
    assert len(seen) > 2, "the visitor saw it change"


@contextmanager
def polling(town: Municipality, digests: dict[str, set[str]], rows: dict[str, int], seen: set[str]) -> Iterator[list[str]]:
    """Look all the time, as a visitor who reads the dataset, downloads what is current and counts the rows."""
    wrong: list[str] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            answer = requests.get(f"{ADDRESS}/api/action/package_show", params={"id": town.dataset}, timeout=60)
            if answer.status_code in {403, 404}:
                wrong.append("gone")
            if not answer.ok:
                continue
            shown = answer.json()["result"]
            version = shown["version"]
            seen.add(version)
            current = [each for each in shown["resources"] if each["vrijgave_version"] == version]
            if {each["hash"] for each in current} != digests[version]:
                wrong.append(f"files of {version}")
            table = next((each["id"] for each in current if each["datastore_active"]), None)
            found = call("datastore_search", {"resource_id": table, "limit": 0}, token=None) if table else None
            later = town.shown() if found is None or found["total"] != rows[version] else None
            if later is not None and later["version"] == version:
                wrong.append(f"table of {version}")

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield wrong
    finally:
        stop.set()
        thread.join()


def test_a_change_by_hand_is_shown_and_kept_unless_told_otherwise(town: Municipality) -> None:
    release = town.release("2026-10-01.1")
    entry = town.entry(release)
    town.publish(entry)
    call("package_patch", {"id": town.dataset, "title": "Bomen en struiken"})
    portal = town.portal()
    (change,) = portal.plan(Wanted(town.publisher, (entry,))).changes
    assert [(field.field, field.before, field.kept) for field in change.fields] == [("title", "Bomen en struiken", True)]
    second = town.release("2026-11-01.1", 45, 2)
    town.publish(town.entry(second, release))
    assert town.shown()["title"] == "Bomen en struiken"
    town.publish(town.entry(second, release), edits="overwrite")
    assert town.shown()["title"] == "Bomen"


def test_what_an_editor_added_stays(town: Municipality) -> None:
    release = town.release("2026-10-01.1")
    town.publish(town.entry(release))
    shown = town.shown(token=TOKEN)
    call("resource_create", {"package_id": shown["id"], "name": "uitleg", "url": "https://gemeente.example/uitleg"})
    call("package_patch", {"id": shown["id"], "extras": [*shown.get("extras", []), {"key": "eigen", "value": "ja"}]})
    town.publish(town.entry(town.release("2026-11-01.1", 45, 2), release))
    after = town.shown()
    assert "uitleg" in [each["name"] for each in after["resources"]]
    assert {"key": "eigen", "value": "ja"} in after["extras"]


def test_a_withdrawal_leaves_nothing_but_a_notice(town: Municipality) -> None:
    first, second = town.release("2026-10-01.1"), town.release("2026-11-01.1", 45, 2)
    town.publish(town.entry(second, first))
    before = town.shown()["resources"]
    tomb = Tombstone(town.dataset, "2026-11-01.1", "2026-11-03")
    portal = town.portal()
    wanted = Wanted(town.publisher, (town.entry(tombstone=tomb),))
    plan = portal.plan(wanted)
    portal.withdraw(plan, town.dataset)
    assert portal.verify(plan)[town.dataset].version is None
    assert town.shown()["resources"] == []
    assert "ingetrokken" in town.shown()["notes"]
    for each in before:
        assert not requests.get(each["url"], timeout=30).ok
        assert call("datastore_search", {"resource_id": each["id"]}) is None
        if STORAGE:
            folder = Path(STORAGE) / "resources" / each["id"][:3] / each["id"][3:6]
            assert not [path for path in folder.glob("*") if path.is_file()], "the file is gone from the disk"
    assert portal.plan(wanted).empty


def test_a_withdrawn_version_goes_and_the_others_stay(town: Municipality) -> None:
    first, second = town.release("2026-10-01.1"), town.release("2026-11-01.1", 45, 2)
    town.publish(town.entry(second, first))
    gone = (Tombstone(town.dataset, "2026-10-01.1", "2026-11-03"),)
    town.publish(town.entry(second, withdrawn=gone))
    whole(town, second, withdrawn=gone)


def test_an_editor_is_enough(town: Municipality) -> None:
    name = f"redacteur-{town.name}"
    call("user_create", {"name": name, "email": f"{name}@gemeente.example", "password": uuid.uuid4().hex})
    call("organization_member_create", {"id": town.name, "username": name, "role": "editor"})
    key = call("api_token_create", {"user": name, "name": "vrijgave"})["token"]
    first, second = town.release("2026-10-01.1"), town.release("2026-11-01.1", 45, 2)
    for entry in (
        town.entry(first),
        town.entry(second, first),
        town.entry(tombstone=Tombstone(town.dataset, "2026-11-01.1", "2026-11-03")),
    ):
        portal = as_user(town, key)
        plan = portal.plan(Wanted(town.publisher, (entry,)))
        portal.apply(plan)
        assert portal.verify(plan)


def as_user(town: Municipality, key: str) -> CkanPortal:
    options = Options.model_validate({"kind": "ckan", "url": "${URL}", "token": "${TOKEN}", "organization": town.name, "max_upload": 50})
    place = PortalPlace("ckan", town.folder / "portals" / "ckan", town.folder / "site", {"URL": ADDRESS, "TOKEN": key})
    return CkanPortal(options, place)


def test_a_file_that_is_too_large_is_linked_and_the_plan_says_so(town: Municipality) -> None:
    release = town.release("2026-10-01.1")
    plan = town.portal(max_upload=0).plan(Wanted(town.publisher, (town.entry(release),)))
    assert all(" → https://" in file for file in plan.changes[0].files)
    town.publish(town.entry(release), max_upload=0)
    shown = town.shown()
    assert all(each["url"].startswith(f"https://{town.name}.example/download/") for each in shown["resources"])
    assert all(each["hash"] for each in shown["resources"])


def test_a_name_that_is_taken_and_one_that_was_renamed(town: Municipality) -> None:
    call("package_create", {"name": town.dataset, "title": "Van een ander", "notes": "x", "owner_org": town.name})
    release = town.release("2026-10-01.1")
    town.publish(town.entry(release))
    ours = call("package_show", {"id": f"{town.name}-{town.dataset}"}, token=None)
    assert ours["version"] == "2026-10-01.1"
    call("package_patch", {"id": ours["id"], "name": f"hernoemd-{town.name}"})
    town.publish(town.entry(town.release("2026-11-01.1", 45, 2), release))
    assert call("package_show", {"id": f"hernoemd-{town.name}"}, token=None)["version"] == "2026-11-01.1"


@pytest.mark.parametrize("key", ["", "verlopen"])
def test_a_token_that_is_no_longer_good_is_said_and_never_shown(town: Municipality, key: str) -> None:
    entry = town.entry(town.release("2026-10-01.1"))
    portal = as_user(town, key or "x")
    with pytest.raises(PortalError) as refused:
        portal.apply(portal.plan(Wanted(town.publisher, (entry,))))
    (problem,) = refused.value.problems
    assert problem.code == "ckan.denied"
    assert town.name in problem.nl
    assert 'verlopen"' not in problem.nl


def test_a_portal_that_stays_away_is_named_and_what_was_public_stays(town: Municipality, proxy: Proxy) -> None:
    first = town.release("2026-10-01.1")
    town.publish(town.entry(first))
    proxy.fault = lambda _number, action: "503" if action == "package_revise" else None
    portal = town.portal(proxy.url)
    with pytest.raises(PortalError) as refused:
        portal.apply(portal.plan(Wanted(town.publisher, (town.entry(town.release("2026-11-01.1", 45, 2), first),))))
    assert refused.value.problems[0].code == "ckan.unreachable"
    assert town.shown()["version"] == "2026-10-01.1"


def test_rows_are_streamed_and_typed(town: Municipality) -> None:
    table = site_town.parking(400)
    release = town.home.release(town.dataset, table, "2026-10-31.1", title=Text(nl="Parkeren"))
    town.publish(town.entry(release))
    identifier = next(each["id"] for each in town.shown()["resources"] if each["datastore_active"])
    told = call("datastore_search", {"resource_id": identifier, "limit": 2, "sort": "meetmoment"}, token=None)
    assert told["total"] == release.manifest.rows
    assert {field["id"]: field["type"] for field in told["fields"]} == {
        "_id": "int", "meetmoment": "timestamptz", "locatie": "text", "capaciteit": "int8", "bezet": "int8",
    }  # fmt: skip


def test_the_whole_town_at_once(town: Municipality) -> None:
    home, entries = site_town.full(town.folder / "whole")
    del home
    own = tuple(
        replace(entry, description=replace(entry.description, id=f"{entry.description.id}", series=None))
        for entry in entries
        if entry.releases
    )
    for entry in own:
        for stale in (entry.description.id, f"{town.name}-{entry.description.id}"):
            call("dataset_purge", {"id": stale})
    plan = town.publish(*own)
    assert {change.change for change in plan.changes} == {"add"}
    assert town.portal().plan(Wanted(town.publisher, own)).empty


def test_a_run_from_the_command_line_publishes_to_it(tmp_path: Path) -> None:
    """The plan in colours and as JSON, the run, and the plan that has nothing left to do."""
    config = small.build(tmp_path / "config")
    organization = "proefstad"
    call("organization_create", {"name": organization, "title": "Proefstad"})
    for name in ("bomen", f"{organization}-bomen"):
        call("dataset_purge", {"id": name})
    environment = {**os.environ, "CKAN_URL": ADDRESS, "CKAN_API_TOKEN": TOKEN, "SOURCE_DATE_EPOCH": small.EPOCH}
    console = Path(sys.executable).parent / "vrijgave"

    def vrijgave(*words: str) -> Any:
        done = subprocess.run(
            [console, *words, "--config", config, "--home", tmp_path / "home", "--json"],
            env=environment, capture_output=True, text=True, check=False, cwd=tmp_path,
        )  # fmt: skip
        assert TOKEN not in done.stdout + done.stderr
        return json.loads(done.stdout)

    (outcome,) = vrijgave("run", "bomen")["outcomes"]
    assert outcome["portals"] == {"ckan": "published", "site": "published"}
    changes = {change["dataset"]: change["change"] for change in vrijgave("plan", "bomen")["portals"]["ckan"]}
    assert changes == {"bomen": "unchanged"}
