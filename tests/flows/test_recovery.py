"""kill -9, really: at every stage boundary, then at random; old or new is whole, and the next run finishes the job."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

    from conftest import Town

NOW = datetime(2026, 9, 21, 13, 33, 20, tzinfo=UTC)
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["great_expectations", "pandas", "duckdb", "pyarrow.parquet", "narwhals", "rdflib", "pyshacl", "jinja2", "xlsxwriter"]
)


def _run(config: Path, home: Path, die_at: int, extracted: Path) -> None:
    """Run everything; die at the n-th step (0: live); write down how often a source was extracted."""
    import sources.extract
    from config.project import load
    from flows import pipeline

    steps = 0
    extract = sources.extract.extract

    def counted(*arguments, **options):  # noqa: ANN002, ANN003, ANN202 - stands in for `extract` itself
        with extracted.open("a") as file:
            file.write("x")
        return extract(*arguments, **options)

    sources.extract.extract = counted

    def perform(step, ctx, job):  # noqa: ANN001, ANN202 - the protocol of `pipeline.run`
        nonlocal steps
        steps += 1
        if steps == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        pipeline.attempt(step, ctx, job)

    with pipeline.opened(load(config, env={}), home, now=NOW) as ctx:
        pipeline.run(ctx, ["bomen", "tellingen"], perform=perform)
    (home.parent / "steps").write_text(str(steps))


def _spawn(small: Town, die_at: int = 0) -> multiprocessing.process.BaseProcess:
    process = PROCESSES.Process(target=_run, args=(small.config, small.home, die_at, small.home.parent / "extracted"))
    process.start()
    return process


def _extractions(small: Town) -> int:
    counter = small.home.parent / "extracted"
    return len(counter.read_text()) if counter.exists() else 0


def _visible_is_whole(small: Town) -> None:
    """What a visitor and an archivist can see verifies, and is not without the ledger and the archive."""
    from publication.home import Home
    from publication.release import Release

    home = Home(small.home)
    site = small.home / "site"
    for folder in (site / "download").glob("*/*") if site.exists() else ():
        dataset, version = folder.parts[-2:]
        release = Release.open(home.release(dataset, version))
        for distribution in release.manifest.distributions:
            assert (folder / distribution.name).read_bytes() == (release.folder / distribution.name).read_bytes()
        assert Release.open(home.archived(dataset, version)).manifest.release_digest == release.manifest.release_digest
    for current in home.releases.glob("*/current"):
        Release.open(current.parent / current.read_text().strip())


def _state(small: Town) -> dict[str, bytes]:
    """What counts after a run, without what names a run, a key or a moment of a crash."""
    return {
        name: content for name, content in small.tree().items() if name.startswith(("site/download", "archive/")) and "manifest" not in name
    }


def test_killed_at_every_step_then_run_again(small: Town, tmp_path: Path) -> None:
    reference = type(small)(small.config, tmp_path / "reference" / "home")
    reference.home.parent.mkdir()
    calm = _spawn(reference)
    calm.join(180)
    assert calm.exitcode == 0
    steps = int((reference.home.parent / "steps").read_text())
    wanted = _state(reference)
    assert steps > 10
    for die_at in range(1, steps + 1):
        room = type(small)(small.config, tmp_path / f"kill-{die_at}" / "home")
        room.home.parent.mkdir()
        victim = _spawn(room, die_at)
        victim.join(120)
        assert victim.exitcode == -signal.SIGKILL
        _visible_is_whole(room)
        snapshots = len(list(room.home.glob("snapshots/*/pending")))
        before = _extractions(room)
        again = _spawn(room)
        again.join(120)
        assert again.exitcode == 0
        _visible_is_whole(room)
        assert _state(room) == wanted, f"after a kill before step {die_at}"
        assert _extractions(room) - before <= 2 - snapshots, "a complete snapshot is not extracted again"
        assert list(room.home.glob("work/*")) == []


@pytest.mark.parametrize("seed", range(6))
def test_killed_at_random_during_an_update(small: Town, writer: ModuleType, seed: int) -> None:
    first = _spawn(small)
    first.join(180)
    assert first.exitcode == 0
    old = _state(small)
    writer.write_trees(small.config, 50)
    writer.write_counts(small.config, 70)
    chance = random.Random(seed)
    victim = _spawn(small)
    time.sleep(chance.uniform(0.05, 2.5))
    victim.kill()
    victim.join(60)
    _visible_is_whole(small)
    assert set(old) <= set(_state(small))
    again = _spawn(small)
    again.join(120)
    assert again.exitcode == 0
    _visible_is_whole(small)
    versions = sorted(path.name for path in (small.home / "site" / "download" / "bomen").iterdir())
    assert len(versions) == 2
