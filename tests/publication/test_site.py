"""The static portal: planned as data, made whole beside the old, switched as one, read back as a visitor."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import site_town

from catalogue.model import Tombstone
from config.errors import PortalError
from config.models.base import Text
from publication.portals.base import PortalEntry, Wanted
from publication.site import generation, paths
from publication.site.visit import described

if TYPE_CHECKING:
    from publication.release import Release

OLD, NEW = "2026-10-22.1", "2026-11-22.1"
TOLD = site_town.describe("bomen", "Bomen", "Trees", "Welke bomen er staan.", None, "ENVI", frequency="MONTHLY")


@pytest.fixture
def home(tmp_path: Path) -> site_town.Home:
    return site_town.Home(tmp_path)


def bomen(home: site_town.Home, version: str, trees: int = 12) -> Release:
    return home.release("bomen", replace(site_town.trees(trees), formats=("csv",)), version)


def wanted(*entries: PortalEntry) -> Wanted:
    return Wanted(site_town.PUBLISHER, entries)


def every_file(root: Path) -> dict[str, tuple[Any, ...]]:
    """Every path below, with all that a write would change: inode, time and bytes; of a link where it leads."""
    found: dict[str, tuple[Any, ...]] = {}
    for path in sorted(root.rglob("*")):
        told = path.lstat()
        content = path.readlink() if path.is_symlink() else path.read_bytes() if path.is_file() else None
        found[path.relative_to(root).as_posix()] = (told.st_ino, told.st_mtime_ns, content)
    return found


def change(home: site_town.Home, *entries: PortalEntry) -> tuple[str, str | None, str | None]:
    """What the plan says of the one dataset."""
    plan = home.portal.plan(wanted(*entries))
    assert [told.dataset for told in plan.changes] == ["bomen"]
    told = plan.changes[0]
    return told.change, told.before, told.after


def test_a_plan_says_what_would_change_and_writes_nothing(home: site_town.Home) -> None:
    old, new = bomen(home, OLD), bomen(home, NEW, 13)
    first, both = PortalEntry(TOLD, (old,)), PortalEntry(TOLD, (new, old))
    renamed = PortalEntry(replace(TOLD, title=Text(nl="Alle bomen")), (old,))
    gone = PortalEntry(TOLD, (), Tombstone("bomen", OLD, "2026-11-23"))
    before = every_file(home.root)
    assert change(home, first) == ("add", None, OLD)
    assert every_file(home.root) == before

    home.publish(first)
    before = every_file(home.root)
    assert change(home, first) == ("unchanged", OLD, OLD)
    assert home.portal.plan(wanted(first)).empty
    assert change(home, both) == ("update", OLD, NEW)
    assert change(home, renamed) == ("describe", OLD, OLD)
    assert change(home, gone) == ("remove", OLD, None)
    assert change(home) == ("remove", OLD, None)
    files = home.portal.plan(wanted(both)).changes[0].files
    assert f"={OLD}/bomen.csv" in files
    assert f"+{NEW}/bomen.csv" in files
    assert {name[0] for name in home.portal.plan(wanted(gone)).changes[0].files} == {"-"}
    assert every_file(home.root) == before


def test_the_same_again_writes_nothing(home: site_town.Home) -> None:
    entry = PortalEntry(TOLD, (bomen(home, OLD),))
    home.publish(entry)
    before = every_file(home.root)
    home.publish(entry)
    assert every_file(home.root) == before


BUILD = """
import hashlib, json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import site_town
home, entries = site_town.full(Path(sys.argv[2]))
home.publish(*entries)
print(json.dumps({path: hashlib.sha256(content).hexdigest() for path, content in home.tree().items()}))
"""


def test_the_same_input_gives_the_same_bytes_in_another_place_process_zone_and_language(tmp_path: Path) -> None:
    found = []
    for number, (seed, zone, language) in enumerate((("1", "Pacific/Auckland", "nl_NL.UTF-8"), ("2", "America/Lima", "C"))):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language}
        place = tmp_path / f"place{number}"
        place.mkdir()
        done = subprocess.run(
            [sys.executable, "-c", BUILD, str(Path(__file__).parent), str(place)],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        found.append(json.loads(done.stdout))
    assert len(found[0]) > 100
    assert found[0] == found[1]


def test_a_reader_never_sees_parts_of_two_sites(home: site_town.Home) -> None:
    """Three sites, over and over; a reader that opens what the link names finds every file that it lists, unchanged."""
    release = bomen(home, OLD)
    sites = [wanted(PortalEntry(replace(TOLD, title=Text(nl=title)), (release,))) for title in ("Bomen", "Alle bomen", "Onze bomen")]
    home.portal.apply(home.portal.plan(sites[0]))
    over, whole, wrong = threading.Event(), set(), []

    def is_whole(folder: Path) -> bool:
        told = generation.listing(folder)
        try:
            return told is not None and generation.intact(folder, told["generation"])
        except OSError:
            return False

    def read() -> None:
        while not over.is_set():
            folder = home.site.resolve()
            if is_whole(folder):
                whole.add(folder.name)
            elif folder == home.site.resolve():
                # It may have been taken away while it was read, two switches later; what the link names must be whole.
                wrong.append(folder.name)

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(24):
        home.portal.apply(home.portal.plan(sites[number % 3]))
    over.set()
    reader.join()
    assert not wrong
    assert len(whole) > 1


KILLED = """
import json, os, random, shutil, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import site_town
from publication.portals.base import PortalEntry, Wanted
from publication.release import Release
from publication.site import generation

# What every try would load again; nothing here starts a thread, which would not live on in a child.
import catalogue.dcat, catalogue.serialise, publication.site.pages, publication.site.tally, pyarrow.compute, pyarrow.csv, shapely
from pages.rendering import FOLDER, _environment
for name in sorted(path.name for path in (FOLDER / "templates").iterdir()):
    [_environment(language).get_template(name) for language in ("nl", "en")]

home = site_town.Home(Path(sys.argv[2]))
told = site_town.describe("bomen", "Bomen", "Trees", "Welke bomen er staan.", None, "ENVI", frequency="MONTHLY")
releases = {path.name: Release.open(path) for path in (home.root / "releases" / "bomen").iterdir()}
sites = [Wanted(site_town.PUBLISHER, (PortalEntry(told, (release,)),)) for _, release in sorted(releases.items())]
COUNTED = {"open", "os.mkdir", "os.rename", "os.link", "os.symlink", "os.remove", "os.rmdir", "shutil.rmtree"}


def child(wanted, last):
    # A child a try: it stops being right before its `last`-th step on the disk, as a machine without power does.
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    plan = home.portal.plan(wanted)
    steps = []

    def hook(event, args):
        if event in COUNTED and (event != "open" or str(home.root) in str(args[0])):
            steps.append(event)
            if len(steps) == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    home.portal.apply(plan)
    (home.root / "steps").write_text(json.dumps(steps))
    os._exit(0)


def state():
    folder = home.site.resolve()
    name = generation.listing(folder)["generation"]
    return [generation.intact(folder, name), generation.listing(folder)["datasets"]["bomen"]["version"]]


assert child(sites[0], 0) == 0
assert child(sites[1], 0) == 0
steps = json.loads((home.root / "steps").read_text())
# All around the switch, which begins with the only new link; of the steps before it, which write, and after it, which clear up, a few.
switch = steps.index("os.symlink") + 1
chance = random.Random(4)
few = [chance.randint(1, switch - 1) for _ in range(3)] + [chance.randint(switch + 1, len(steps) - 1) for _ in range(2)]
for at in [*few, *range(switch - 2, switch + 5)]:
    assert child(sites[0], 0) == 0
    for path in home.generations.iterdir():
        if path != home.site.resolve():
            shutil.rmtree(path)
    code = child(sites[1], at)
    killed = state()
    print(json.dumps([code, *killed]))
    assert child(sites[1], 0) == 0
    print(json.dumps([0, *state()]))
    assert not [path.name for path in (*home.generations.iterdir(), *home.root.iterdir()) if path.name[0] == "."]
"""


@pytest.mark.slow
def test_killed_at_any_step_the_old_site_or_the_new_one_stands_whole_and_the_next_run_finishes(home: site_town.Home) -> None:
    bomen(home, OLD)
    bomen(home, NEW, 13)
    command = [sys.executable, "-c", KILLED, str(Path(__file__).parent), str(home.root)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    tries = [json.loads(line) for line in done.stdout.splitlines()]
    killed, finished = tries[::2], tries[1::2]
    assert len(killed) == 12
    assert all(whole for *_, whole, _ in tries)
    assert {version for *_, version in finished} == {NEW}
    assert {code for code, *_ in killed} == {-signal.SIGKILL}
    assert {version for *_, version in killed} == {OLD, NEW}


def replace_file(path: Path, content: bytes) -> None:
    """Change a file of the site alone: the release has the same file under another name."""
    path.unlink()
    path.write_bytes(content)


@pytest.mark.parametrize("damage", ["missing", "changed", "page", "other language"])
def test_verify_finds_what_a_visitor_would_miss_and_the_next_apply_mends_it(home: site_town.Home, damage: str) -> None:
    entry = PortalEntry(TOLD, (bomen(home, OLD),))
    site = home.publish(entry)
    file, page = home.site / paths.download("bomen", OLD, "bomen.csv"), home.site / paths.dataset("bomen")
    if damage == "missing":
        file.unlink()
    elif damage == "changed":
        replace_file(file, file.read_bytes() + b"\r\n")
    elif damage == "page":
        replace_file(page, page.read_bytes().replace(OLD.encode(), b"2026-10-22.2"))
    else:
        (home.site / "en" / paths.dataset("bomen")).unlink()
    plan = home.portal.plan(site)
    assert home.portal.verify(plan) == {}
    home.portal.apply(plan)
    assert home.portal.verify(plan)["bomen"].version == OLD
    assert entry.releases[0].folder.joinpath("bomen.csv").read_bytes() == file.read_bytes()


def test_verify_tells_digests_and_place(home: site_town.Home) -> None:
    release = bomen(home, OLD)
    seen = home.portal.verify(home.portal.plan(home.publish(PortalEntry(TOLD, (release,)))))["bomen"]
    assert dict(seen.digests) == {file.name: file.sha256 for file in release.manifest.distributions}
    assert seen.location == f"{site_town.BASE}/dataset/bomen/"


def test_a_withdrawn_dataset_leaves_a_tombstone_and_no_file_anywhere(home: site_town.Home) -> None:
    release = bomen(home, OLD)
    home.publish(PortalEntry(TOLD, (release,)))
    reason = Text(nl="De plaatsen klopten niet.", en="The locations were wrong.")
    home.publish(PortalEntry(TOLD, (), Tombstone("bomen", OLD, "2026-11-23", reason)))
    for path, said in (
        ("dataset/bomen/index.html", "is ingetrokken"),
        (f"dataset/bomen/{OLD}/index.html", "is ingetrokken"),
        ("en/dataset/bomen/index.html", "was withdrawn"),
    ):
        page = (home.site / path).read_text(encoding="utf-8")
        assert said in page
        assert reason.get("en" if path.startswith("en/") else "nl") in page
        assert "/download/" not in page
        assert described(page) is None
    content = {file.name: (release.folder / file.name).read_bytes() for file in release.manifest.distributions}
    left = [path for path in home.generations.rglob("*") if path.is_file() and path.read_bytes() in content.values()]
    assert left == []
    assert not (home.site / "download").exists()


def test_a_withdrawn_version_goes_and_the_dataset_stays(home: site_town.Home) -> None:
    old, new = bomen(home, OLD), bomen(home, NEW, 13)
    home.publish(PortalEntry(TOLD, (new, old)))
    home.publish(PortalEntry(TOLD, (old,), Tombstone("bomen", NEW, "2026-11-23")))
    page = (home.site / "dataset/bomen/index.html").read_text(encoding="utf-8")
    assert f"Versie {NEW} is ingetrokken op 23 november 2026" in page
    assert (home.site / paths.download("bomen", OLD, "bomen.csv")).is_file()
    assert [
        path.name for path in home.generations.rglob("bomen/*") if path.is_dir() and path.name == NEW and "download" in path.parts
    ] == []


def test_a_purged_dataset_leaves_nothing(home: site_town.Home) -> None:
    home.publish(PortalEntry(TOLD, (bomen(home, OLD),)))
    home.publish()
    named = [path for path in home.root.joinpath("portals").rglob("*") if path.is_file() and b"bomen" in path.read_bytes()]
    assert named == []


def test_the_look_of_a_municipality(home: site_town.Home) -> None:
    entry = PortalEntry(TOLD, (bomen(home, OLD),))
    home.publish(entry)
    before = home.site.resolve()
    own = b":root { --vg-brand: #123456; }\n"
    (home.root / "portals" / "site" / "tokens.css").write_bytes(own)
    home.publish(entry)
    assert (home.site / "static" / "tokens.css").read_bytes() == own
    assert home.site.resolve() != before


def test_a_disk_that_refuses_leaves_the_site_and_says_what_to_look_at(home: site_town.Home) -> None:
    old, new = bomen(home, OLD), bomen(home, NEW, 13)
    home.publish(PortalEntry(TOLD, (old,)))
    before = home.tree()
    # A release whose file is gone since it was verified: the new site cannot be made whole.
    (new.folder / "bomen.csv").unlink()
    plan = home.portal.plan(wanted(PortalEntry(TOLD, (new,))))
    with pytest.raises(PortalError) as caught:
        home.portal.apply(plan)
    assert caught.value.exit_code == 3
    assert "de vorige site blijft staan" in caught.value.problems[0].nl
    assert home.tree() == before
