"""The quality report of a dataset in a run: for the auditor ``quality.*``, and what everybody may see ``quality-public.*``.

Both are written as soon as a gate judged, and again when it is known who signed: a run that stops anywhere leaves the report of what it
saw. Scores of earlier runs come from the report before this one, those of the public report from the releases that are public.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from publication import approvals, commit
from publication.release import opened, versions
from publication.replaced import not_public
from quality.reports import digests, document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.context import Job, RunContext
    from publication.home import Home
    from publication.release import Manifest
    from quality.reports.document import Approval, Moment, Report

AUDITOR, PUBLIC = "quality", "quality-public"
PLAIN = (".json", ".csv", ".xml")


def judged(ctx: RunContext, job: Job, standing: approvals.Standing | None = None) -> None:
    """Write the reports of what the gates of this run found so far; `standing` once there is a candidate that people sign."""
    if job.quality_input is None:
        return
    report = _auditor(ctx, job, standing)
    _write(ctx, job, AUDITOR, report)
    if job.quality_output is not None:
        _write(ctx, job, PUBLIC, _public(ctx, job, report))


def released(ctx: RunContext, job: Job, manifest: Manifest, standing: approvals.Standing) -> None:
    """Write the reports of a release that was judged in an earlier run and is published in this one, with who signed since."""
    if job.quality_input is not None or manifest.made is None:
        return
    for name, public in ((AUDITOR, False), (PUBLIC, True)):
        told = read_run(ctx.home, manifest.made.run, job.id, name)
        if told is not None:
            signed = {"approvals": _signed(standing, public=public), "missing": [], "version": manifest.version}
            _write(ctx, job, name, told.model_copy(update=signed))


def read_run(home: Home, run: str, dataset: str, name: str = AUDITOR) -> Report | None:
    """Give the report that a run wrote of a dataset; None where there is none, or none of this form."""
    try:
        content = (home.run(run, dataset) / f"{name}.json").read_bytes()
        return document.Report.model_validate_json(content)
    except (FileNotFoundError, ValidationError):
        return None


def _auditor(ctx: RunContext, job: Job, standing: approvals.Standing | None) -> Report:
    found = [document.gate(each) for each in (job.quality_input, job.quality_output) if each is not None]
    now = document.Moment(name=ctx.run, at=ctx.now.isoformat(), scores=document.scores(found))
    title = job.dataset.title
    return document.Report(
        audience="auditor",
        title=document.Words(nl=title.nl, en=title.get("en")),
        dataset=job.id,
        version=job.version,
        run=ctx.run,
        at=ctx.now.isoformat(),
        verdict=document.worst(found),
        approvals=_signed(standing) if standing else [],
        missing=list(standing.missing) if standing else [],
        gates=found,
        trend=[*_runs(ctx, job)[1 - document.RUNS :], now],
        changes=_changes(ctx, job),
        digests=_digests(job),
    )


def _public(ctx: RunContext, job: Job, auditor: Report) -> Report:
    """Give the public form: without the gate before, the digest of the input and the names of who signed."""
    if job.quality_output is None or job.quality_input is None or job.snapshot is None:
        raise ValueError("the public report is about what passed both gates")
    output = document.gate(job.quality_output, public=True)
    now = document.Moment(name=job.version or ctx.run, at=ctx.now.isoformat(), scores=document.scores([output]))
    return auditor.model_copy(
        update={
            "audience": "public",
            "verdict": output.verdict,
            "approvals": [one.model_copy(update={"person": None}) for one in auditor.approvals],
            "gates": [output],
            "trend": [*_releases(ctx, job)[1 - document.RUNS :], now],
            "digests": {name: digest for name, digest in auditor.digests.items() if name != "input"},
            "quarantined_rows": job.snapshot.rejected_rows + len(job.quality_input.rows_aside),
        }
    )


def _signed(standing: approvals.Standing, *, public: bool = False) -> list[Approval]:
    told = [document.Approval(**one.as_json()) for one in standing.approvals]
    return [one.model_copy(update={"person": None}) for one in told] if public else told


def _runs(ctx: RunContext, job: Job) -> Sequence[Moment]:
    """Give the scores of the runs before this one, oldest first: as the newest of their reports tells them."""
    for folder in sorted(ctx.home.runs.iterdir(), key=lambda path: path.name, reverse=True) if ctx.home.runs.is_dir() else ():
        if folder.name != ctx.run and (found := read_run(ctx.home, folder.name, job.id)) is not None:
            return found.trend
    return ()


def _releases(ctx: RunContext, job: Job) -> list[Moment]:
    """Give the scores of the releases that are public, oldest first."""
    gone = not_public(ctx.home, ctx.ledger.entries()).get(job.id, {})
    kept = [version for version in versions(ctx.home.releases / job.id) if version not in gone and version != job.version]
    told = [opened(ctx.home, ctx.home.release(job.id, version)).manifest for version in reversed(kept[: document.RUNS - 1])]
    return [
        document.Moment(
            name=each.version,
            at=each.staged,
            scores={name: float(score["score"]) for name, score in each.quality.get("dimensions", {}).items()},
        )
        for each in told
    ]


def _changes(ctx: RunContext, job: Job) -> document.Changes | None:
    """Compare what would be published with the release that we stand for."""
    standing = commit.current(ctx.home, job.id)
    if standing is None or job.quality_output is None or standing.manifest.version == job.version:
        return None
    then = [column.name for column in standing.manifest.columns]
    now = [column.name for column in job.table.columns]
    return document.compared(standing.manifest.version, standing.manifest.quality, job.quality_output.public(), (then, now))


def _digests(job: Job) -> dict[str, str]:
    found = {"input": job.snapshot.fingerprint} if job.snapshot else {}
    found |= {file.name: file.sha256 for file in job.distributions}
    found["configuration"] = job.configuration
    return found | {"suite": digests.suite(job.dataset.quality.expectations)} | digests.program()


def _write(ctx: RunContext, job: Job, name: str, report: Report) -> None:
    from quality.reports.page import page
    from quality.reports.write import content

    ctx.write_run_file(job, f"{name}.html", page(report, "nl"))
    ctx.write_run_file(job, f"{name}.en.html", page(report, "en"))
    for ending in PLAIN:
        ctx.write_run_file(job, name + ending, content(report, ending, "nl").decode())
