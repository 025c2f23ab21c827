"""Releases: verified whole or not at all, numbered once, archived before they are public."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import ConfigurationError, IntegrityError, LockedError
from publication import commit
from publication.archive import archive
from publication.locks import lock
from publication.release import MANIFEST, Manifest, Release, next_version, opened, order, parse_release, versions

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]


def grow(folder: Path) -> None:
    (folder / "extra.csv").write_text("x")


def lose(folder: Path) -> None:
    (folder / "bomen.csv").unlink()


def change(folder: Path) -> None:
    (folder / "bomen.csv").write_bytes(b"a,b\r\n1,9\r\n")


def change_sums(folder: Path) -> None:
    (folder / "SHA256SUMS").write_bytes((folder / "SHA256SUMS").read_bytes() + b"\n")


def lose_sums(folder: Path) -> None:
    (folder / "SHA256SUMS").unlink()


def lose_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()


def spoil_manifest(folder: Path) -> None:
    (folder / MANIFEST).write_text('{"schema": "manifest/2"}')


def link(folder: Path) -> None:
    whole = (folder / "bomen.csv").rename(folder.parent / "elsewhere.csv")
    (folder / "bomen.csv").symlink_to(whole)


def nest(folder: Path) -> None:
    (folder / "map").mkdir()


@pytest.mark.parametrize(
    "harm", [grow, lose, change, change_sums, lose_sums, lose_manifest, spoil_manifest, nest], ids=lambda harm: harm.__name__
)
def test_a_release_that_is_not_whole_cannot_be_opened(office: Any, harm: Callable[[Path], None]) -> None:
    release = office.candidate()
    assert Release.open(release.folder) == release
    harm(release.folder)
    with pytest.raises(IntegrityError) as caught:
        Release.open(release.folder)
    assert caught.value.problems[0].nl
    assert caught.value.problems[0].en


def test_a_manifest_reads_back(office: Any) -> None:
    told = office.candidate(temporal=("2024", "2025"), bbox=(1.0, 2.0, 3.0, 4.5), notes={"nl": "Een"}).manifest
    assert Manifest.load(told.dump()) == told
    assert Manifest.load(told.dump()).dump() == told.dump()


def test_anybody_verifies_a_release_with_sha256sum(office: Any) -> None:
    release = office.candidate()
    done = subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=release.folder, capture_output=True, check=False)
    assert done.returncode == 0


@given(st.dates(), st.integers(1, 10**6))
def test_versions_sort_by_number_and_read_back(day: Any, number: int) -> None:
    version = f"{day.isoformat()}.{number}"
    assert parse_release(f"bomen@{version}") == ("bomen", version)
    assert order(version) < order(f"{day.isoformat()}.{number + 1}")


@pytest.mark.parametrize(
    "text", ["", "bomen", "@2026-01-01.1", "bomen@2026-01-01", "bomen@2026-01-01.01", "Bomen@2026-01-01.1", "a/b@2026-01-01.1"]
)
def test_what_is_no_name_of_a_release(text: str) -> None:
    with pytest.raises(ConfigurationError, match="ID@VERSION"):
        parse_release(text)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), "2026-07-01"), (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), "2026-07-02"),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), "2026-12-31"), (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), "2027-01-01"),
    ],
)  # fmt: skip
def test_a_version_has_the_date_of_amsterdam(office: Any, instant: datetime, day: str) -> None:
    assert next_version(office.home, "bomen", instant) == f"{day}.1"


def test_a_number_is_never_used_twice(office: Any) -> None:
    assert next_version(office.home, "bomen", office.now) == "2026-11-23.1"
    gone = office.candidate("2026-11-23.2")
    shutil.rmtree(gone.folder)
    assert next_version(office.home, "bomen", office.now, frozenset({"2026-11-23.2"})) == "2026-11-23.3"
    archive(office.home, office.candidate("2026-11-23.9"))
    shutil.rmtree(office.home.candidate("bomen", "2026-11-23.9"))
    assert next_version(office.home, "bomen", office.now) == "2026-11-23.10"
    assert next_version(office.home, "wegen", office.now) == "2026-11-23.1"
    (office.home.releases / "bomen" / "2026-11-23.x").mkdir(parents=True)
    (office.home.releases / "bomen" / "2026-11-23.11").mkdir()
    assert versions(office.home.releases / "bomen") == ("2026-11-23.11",)


def test_the_archive_holds_a_verified_copy_and_is_never_overwritten(office: Any) -> None:
    release = office.candidate()
    copy = archive(office.home, release)
    assert {file.name: file.read_bytes() for file in copy.files} == {file.name: file.read_bytes() for file in release.files}
    assert archive(office.home, release).folder == copy.folder
    shutil.rmtree(release.folder)
    other = office.candidate(content=b"a,b\r\n7,7\r\n")
    with pytest.raises(IntegrityError, match="never overwritten"):
        archive(office.home, other)
    (copy.folder / "bomen.csv").write_bytes(b"damaged")
    with pytest.raises(IntegrityError):
        archive(office.home, release)


def test_a_half_made_archive_copy_is_made_again(office: Any) -> None:
    release = office.candidate()
    part = office.home.archived("bomen", "2026-11-23.1").with_name(".2026-11-23.1.part")
    part.mkdir(parents=True)
    (part / "bomen.csv").write_bytes(b"half")
    assert archive(office.home, release).manifest == release.manifest
    assert not part.exists()


def published(office: Any) -> None:
    """Take what stands as a candidate to the release, as a run does, from wherever an earlier one stopped."""
    intent = commit.open_intents(office.ledger.entries()).get("bomen")
    if commit.current_version(office.home, "bomen") == "2026-11-23.1" and intent is None:
        return
    release = commit.switch(
        office.home, commit.intend(office.home, office.ledger, commit.locate(office.home, "bomen", "2026-11-23.1"), (), office.now)
    )
    commit.conclude(office.ledger, release, office.now)


def test_from_candidate_to_release(office: Any) -> None:
    office.candidate()
    published(office)
    release = commit.current(office.home, "bomen")
    assert release is not None
    assert [entry.kind for entry in office.ledger.entries()] == ["intent", "published"]
    assert release.manifest.ledger_head == office.ledger.entries()[0].head
    assert opened(office.home, office.home.archived("bomen", "2026-11-23.1")).manifest == release.manifest
    assert not office.home.candidate("bomen", "2026-11-23.1").exists()


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from datetime import datetime, UTC
from publication import commit
from publication.home import Home
from publication.keys import home_key
from publication.ledger import Ledger

left = int(sys.argv[2])
def count(frame_or_name, *arguments):
    global left
    if frame_or_name in ("os.rename", "open", "os.link", "os.truncate", "os.mkdir", "os.remove"):
        if any(str(home.root) in str(argument) for argument in arguments[0] if argument is not None):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

home = Home(Path(sys.argv[1]))
ledger = Ledger.of(home)
sys.addaudithook(count)
now = datetime(2026, 11, 23, 9, tzinfo=UTC)
release = commit.switch(home, commit.intend(home, ledger, commit.locate(home, "bomen", "2026-11-23.1"), (), now))
commit.conclude(ledger, release, now)
print("done")
"""


@pytest.mark.slow
def test_killed_at_any_touch_of_the_disk_the_next_run_finishes(office: Any, tmp_path: Path) -> None:
    office.candidate()
    before = tmp_path / "before"
    shutil.copytree(office.home.root, before)
    step, ends = 0, 0
    while not ends:
        shutil.rmtree(office.home.root)
        shutil.copytree(before, office.home.root)
        done = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(KILLED), str(office.home.root), str(step), str(ROOT)],
            capture_output=True,
            text=True,
            check=False,
        )
        ends = done.returncode == 0
        assert ends or done.returncode == -9, done.stderr
        version = commit.current_version(office.home, "bomen")
        assert version in {None, "2026-11-23.1"}
        if version:
            assert commit.current(office.home, "bomen") is not None
            assert opened(office.home, office.home.archived("bomen", version)), "nothing stands that is not archived"
        published(office)
        release = commit.current(office.home, "bomen")
        assert release is not None
        assert opened(office.home, office.home.archived("bomen", "2026-11-23.1")).manifest == release.manifest
        assert sorted(entry.kind for entry in office.ledger.entries()) == ["intent", "published"]
        step += 1
    assert step > 20, "the kills were spread over the whole way"


HOLD = """
import sys, time
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from publication.locks import lock
with lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_lock_is_held_between_processes_and_ends_with_its_process(tmp_path: Path) -> None:
    file = tmp_path / "locks" / "bomen.lock"
    with lock(file), pytest.raises(LockedError, match="bomen"), lock(file):
        pass
    with lock(file):
        pass
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(file), str(ROOT)], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(LockedError), lock(file):
            pass
    finally:
        holder.kill()
        holder.wait()
    with lock(file):
        assert file.read_bytes() == b""


def test_a_clock_that_was_set_back_makes_no_older_version(office: Any) -> None:
    (office.home.releases / "bomen" / "2026-11-25.2").mkdir(parents=True)
    assert next_version(office.home, "bomen", office.now) == "2026-11-25.3"
