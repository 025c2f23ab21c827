"""Candidates: is this content known already, what is in its folder, and how it comes to its place."""

from __future__ import annotations

import json
import shutil
from importlib.metadata import version as program_version
from typing import TYPE_CHECKING, Any

from catalogue.model import CodeFacts, ColumnFacts, DistributionFacts, MadeFacts
from config.digest import canonical
from config.secrets import resolve
from engine.files import fsync_folder, write_atomic
from flows.context import made
from publication import commit
from publication.approvals import keep_reason
from publication.keys import keyed_digest
from publication.release import MANIFEST, SUMS, Manifest, Release, next_version, opened, release_digest, versions

if TYPE_CHECKING:
    from pathlib import Path

    from anonymisation.safe import SafeColumn
    from flows.context import Job, RunContext
    from publication.outcome import Outcome

PROGRAM = "vrijgave"


def known(ctx: RunContext, job: Job) -> Outcome | None:
    """Say `unchanged` when the snapshot and configuration are those of the release we stand for; take up a candidate of the same content.

    With a candidate `job.release` is set, and the stages that would make it are passed over.
    """
    if ctx.force:
        return None
    standing = commit.current(ctx.home, job.id)
    if standing and _same(ctx, job, standing):
        job.version = standing.manifest.version
        return ctx.end(job, "unchanged")
    for version in versions(ctx.home.candidates / job.id):
        candidate = opened(ctx.home, ctx.home.candidate(job.id, version))
        if _same(ctx, job, candidate):
            job.release, job.version = candidate, version
            return None
    return None


def _same(ctx: RunContext, job: Job, release: Release) -> bool:
    told = release.manifest
    return told.configuration_digest == job.configuration and told.source_hmac == _source(ctx, job)


def _source(ctx: RunContext, job: Job) -> str:
    """Give the keyed digest of what came in: the rows, how many could not be read, and the secret parameters they are protected by."""
    snapshot, rules = made(job.snapshot), job.dataset.privacy.rules
    secret = [resolve(text, ctx.secrets) for text in (rules.p_percent, rules.dominance) if text]
    return keyed_digest(ctx.home.keys, canonical([snapshot.fingerprint, snapshot.rejected_rows, secret]).decode())


def compose(ctx: RunContext, job: Job) -> Release:
    """Complete the folder of a release in the work folder: packages, checksums, manifest; gives it verified."""
    from anonymisation.protect import public_report
    from catalogue.coverage import coverage
    from catalogue.package import write_package
    from distributions.sums import write_sums
    from flows.changes import notes
    from publication.site.reports import declared

    dataset, snapshot, made_in = job.dataset, made(job.snapshot), ctx.stage_folder(job)
    write_package(
        made_in,
        identifier=dataset.id,
        title=dataset.title,
        description=dataset.description,
        columns=job.table.columns,
        distributions=job.distributions,
    )
    sums = write_sums(made_in)
    job.version = next_version(ctx.home, job.id, ctx.now, frozenset(e.version for e in ctx.ledger.entries() if e.dataset == job.id))
    covered = coverage(job.table)
    report = made(job.quality_output)
    aside = snapshot.rejected_rows + len(made(job.quality_input).rows_aside)
    facts = Manifest(
        dataset=job.id,
        version=job.version,
        release_digest=release_digest((made_in / SUMS).read_bytes(), job.configuration),
        sums_sha256=sums,
        configuration_digest=job.configuration,
        source_hmac=_source(ctx, job),
        as_of=snapshot.as_of,
        staged=ctx.now.isoformat(),
        rows=job.table.rows,
        personal=dataset.personal,
        columns=tuple(ColumnFacts.of(column, covered.filled.get(column.name), _codes(job, column)) for column in job.table.columns),
        distributions=tuple(DistributionFacts.of(file) for file in job.distributions),
        portals=dataset.publication.portals,
        replaces=dataset.publication.replaces,
        forced=keep_reason(ctx.home, ctx.force) if ctx.force else "",
        temporal=covered.temporal,
        bbox=covered.bbox,
        notes=notes(ctx, job),
        made=MadeFacts(ctx.run, f"{PROGRAM} {program_version(PROGRAM)}", dataset.source.kind, job.configuration),
        warnings=sum(r.verdict == "awaiting-approval" for r in (made(job.quality_input), report)),
        quality=report.public(quarantined_rows=aside) | ({"notes": dict(snapshot.notes)} if snapshot.notes else {}),
        privacy=public_report(made(job.protected).report) | declared(dataset, {column.name for column in job.table.columns}),
    )
    manifest = facts.sealed(ctx.ledger.sign)
    write_atomic(made_in / MANIFEST, manifest.dump())
    return Release(made_in, manifest)


def _codes(job: Job, column: SafeColumn) -> tuple[CodeFacts, ...]:
    """Give the codes of a column's list; the values of a coarser or computed column are no codes any more."""
    from catalogue.beside.codes import codes

    if column.codelist is None or column.level or column.measured:
        return ()
    return codes(job.declared.file.parent.parent / "codelists" / f"{column.codelist}.csv")


def place(ctx: RunContext, job: Job) -> Release:
    """Move a composed release to the candidates with one rename, and verify it there; what was waiting of other content is taken away.

    A rejected candidate stays as long as its content does, so that the rejection stands.
    """
    release = made(job.release)
    told = release.manifest
    target = ctx.home.candidate(told.dataset, told.version)
    target.parent.mkdir(parents=True, exist_ok=True)
    quarantine(ctx, job)
    fsync_folder(release.folder)
    release.folder.rename(target)
    fsync_folder(target.parent)
    staged = opened(ctx.home, target)
    for version in versions(target.parent):
        if version != told.version:
            shutil.rmtree(target.parent / version)
    return staged


def quarantine(ctx: RunContext, job: Job) -> None:
    """Write down the row numbers, columns and rules of what was set aside, unless the same stands there from an earlier run."""
    rejected = [(each.row, each.column, each.rule) for each in made(job.snapshot).rejects]
    aside = [(each.row, each.column, each.rule) for each in made(job.quality_input).aside]
    found = [{"row": row, "column": column, "rule": rule} for row, column, rule in (*rejected, *aside)]
    if not found:
        return
    content: dict[str, Any] = {"schema": "quarantine/1", "dataset": job.id, "rows": found}
    text = json.dumps(content, indent=1) + "\n"
    folder = ctx.home.quarantine / job.id
    if not any(file.read_text(encoding="utf-8") == text for file in _files(folder)):
        folder.mkdir(parents=True, exist_ok=True)
        write_atomic(folder / f"{ctx.run}.json", text)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json")) if folder.is_dir() else []
