"""The earlier releases of a dataset that are public, for protection to lay a new one beside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from anonymisation.releases import Earlier
from config.errors import Message
from flows.changes import FORMATS, as_parquet
from flows.context import made
from publication.release import opened, versions
from publication.replaced import not_public

if TYPE_CHECKING:
    from config.errors import Problem
    from flows.context import Job, RunContext
    from publication.release import Release

STALE = Message(
    "release.stale",
    nl="{release} is niet vergeleken met versie {versions}, die openbaar is; uit het verschil kan iemand te herkennen zijn. Wijs haar af "
    "(vrijgave reject {release} …); de volgende run maakt een nieuwe.",
    en="{release} was not compared with version {versions}, which is public; somebody might be recognised by the difference. Reject it "
    "(vrijgave reject {release} …); the next run makes a new one.",
)
HELD_BACK = Message(
    "release.held-back",
    nl="ongeveer {count} rijen wachten op een latere versie: naast de eerdere versies zouden zij nu opvallen",
    en="about {count} rows wait for a later version: beside the earlier versions they would stand out now",
    severity="warning",
)


def public(ctx: RunContext, dataset: str) -> tuple[Release, ...]:
    """Give the releases of a dataset that are public, oldest first.

    Raises:
        IntegrityError: one of them does not verify.
    """
    gone = not_public(ctx.home, ctx.ledger.entries()).get(dataset, {})
    kept = [version for version in reversed(versions(ctx.home.releases / dataset)) if version not in gone]
    return tuple(opened(ctx.home, ctx.home.release(dataset, version)) for version in kept)


def earlier(ctx: RunContext, job: Job) -> tuple[Earlier, ...]:
    """Give what a new release is held against: nothing where it replaces what is public, or does not publish rows on persons."""
    if not _compares(job):
        return ()
    return tuple(_read(ctx, job, release) for release in public(ctx, job.id))


def rows_before(ctx: RunContext, job: Job) -> int | None:
    """Give the rows that the input gate saw for the newest public release; None where there is none, or its run is no longer kept."""
    told = next((release.manifest for release in reversed(public(ctx, job.id))), None)
    if told is None or told.made is None:
        return None
    kept = ctx.home.run(told.made.run, job.id) / "quality-input.json"
    if not kept.is_file():
        return None
    rows = json.loads(kept.read_text(encoding="utf-8")).get("rows")
    return rows if isinstance(rows, int) else None


def _compares(job: Job) -> bool:
    dataset = job.dataset
    return dataset.privacy.kind == "microdata" and dataset.privacy.model is not None and not dataset.publication.replaces


def _read(ctx: RunContext, job: Job, release: Release) -> Earlier:
    """Read a release in the most exact of its formats."""
    told = release.manifest
    files = {file.format: file.name for file in told.distributions}
    form = next((each for each in FORMATS if each in files), None)
    path = None
    if form is not None:
        path = as_parquet(release.folder / files[form], form, ctx.folder(job) / f"earlier-{told.version}.parquet")
    return Earlier(told.version, path, told.privacy, exact=form == "parquet")


def uncompared(ctx: RunContext, job: Job) -> list[Problem]:
    """Give a problem where a candidate was not held against something that is public by now."""
    told = made(job.release).manifest
    if told.replaces or told.privacy.get("kind") != "microdata" or not told.personal:
        return []
    compared = {*told.privacy.get("earlier", ()), told.version}
    missing = [release.manifest.version for release in public(ctx, job.id) if release.manifest.version not in compared]
    return [STALE.at(release=told.name, versions=", ".join(missing))] if missing else []


def waiting(release: Release | None) -> list[Problem]:
    """Say, roughly, how many rows of a release wait for a later one."""
    held = release.manifest.privacy.get("held_back") if release else None
    return [HELD_BACK.at(count=held)] if held else []
