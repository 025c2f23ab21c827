"""From candidate to portal: approvals, archive, ledger, switch, portals; every step can be repeated after a crash.

The order is rule 3 of the design: stage → verify → archive → ledger `intent` → switch → portals → ledger `published`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalogue.model import describe, publisher
from config.errors import Message
from flows import reporting
from flows.context import made
from flows.earlier import uncompared, waiting
from publication import approvals, commit, described, replaced
from publication.release import Release, opened, versions

if TYPE_CHECKING:
    from config.errors import Problem
    from flows.context import Job, RunContext
    from publication.outcome import Outcome

WAITING = Message(
    "approval.waiting",
    nl="wacht op goedkeuring door {roles}: vrijgave approve {release} --as PERSOON --key BESTAND",
    en="waits for approval by {roles}: vrijgave approve {release} --as PERSON --key FILE",
)
REJECTED = Message(
    "approval.rejected",
    nl="deze gegevens met deze declaratie zijn afgewezen; pas de declaratie aan of wacht op nieuwe gegevens",
    en="these data under this declaration were rejected; change the declaration or wait for new data",
)
WITHDRAWN = Message(
    "withdrawn",
    nl="deze dataset is ingetrokken en blijft dat; herstellen is een besluit van mensen",
    en="this dataset was withdrawn and stays so; to restore it is a decision of people",
)
PORTAL_LACKS = Message(
    "portal.lacks",
    nl="portaal {name} laat {release} nog niet zien zoals zij is; de volgende run probeert het opnieuw",
    en="portal {name} does not show {release} as it is yet; the next run tries again",
)
REST = Message(
    "portal.rest",
    nl="{release} staat nog niet op elk portaal; de volgende run zonder --portal doet de rest",
    en="{release} is not on every portal yet; the next run without --portal does the rest",
    severity="warning",
)


def stop_withdrawn(ctx: RunContext, job: Job) -> Outcome | None:
    """End the way of a dataset whose current release was withdrawn: the tombstone wins over the schedule."""
    gone = approvals.withdrawn(ctx.ledger.entries()).get(job.id, {})
    standing = commit.current(ctx.home, job.id)
    if standing and standing.manifest.version in gone:
        job.version = standing.manifest.version
        return ctx.end(job, "withdrawn", [WITHDRAWN.at()])
    return None


def decide(ctx: RunContext, job: Job) -> Outcome | None:
    """Weigh the signatures over the candidate's digest; without what is needed the way ends here."""
    manifest = made(job.release).manifest
    stands = approvals.standing(manifest, ctx.ledger.entries(), ctx.municipality)
    reporting.judged(ctx, job, stands)
    if stands.rejected:
        return ctx.end(job, "rejected", [REJECTED.at()])
    if stands.missing:
        warnings = [reason for report in (job.quality_input, job.quality_output) if report for reason in report.reasons]
        warnings += waiting(job.release)
        return ctx.end(job, "awaiting-approval", [*warnings, WAITING.at(roles=", ".join(stands.missing), release=manifest.name)])
    return None


def release(ctx: RunContext, job: Job) -> Outcome | None:
    """Archive, write the intent, switch: after this it is the release we stand for.

    What it replaces is on record before the switch, and is withdrawn by it.
    """
    if wrong := uncompared(ctx, job):
        return ctx.end(job, "blocked", wrong)
    stands = approvals.standing(made(job.release).manifest, ctx.ledger.entries(), ctx.municipality)
    reporting.released(ctx, job, made(job.release).manifest, stands)
    intended = commit.intend(ctx.home, ctx.ledger, made(job.release), stands.approvals, ctx.now)
    replaced.replace(ctx.ledger, intended, ctx.now)
    job.release = commit.switch(ctx.home, intended)
    return refresh(ctx, job)


def refresh(ctx: RunContext, job: Job) -> Outcome | None:
    """Bring the description of a released dataset up to date, when it is valid: a change in `catalogue:` alone makes no release."""
    from catalogue.findings import violations
    from catalogue.model import Entry
    from catalogue.validate import validate_entries

    standing = commit.current(ctx.home, job.id)
    description = describe(job.dataset, ctx.municipality)
    if standing and described.changed(ctx.home, description, job.dataset.publication.portals):
        told = Entry(description, (standing.facts(),))
        if wrong := violations(validate_entries(publisher(ctx.municipality), [told])):
            return ctx.end(job, "blocked", [finding.as_problem() for finding in wrong])
        described.keep(ctx.home, description, job.dataset.publication.portals, ctx.now)
    return None


def take_up(ctx: RunContext, job: Job) -> Outcome | None:
    """Take up what is to be finished without extracting again: an open intent, else the newest candidate with every signature it needs."""
    if (left := unfinished(ctx, job) or approved_candidate(ctx, job)) is not None:
        job.release = left
        job.version = left.manifest.version
    return None


def unfinished(ctx: RunContext, job: Job) -> Release | None:
    """Give the release that an open intent names: the run completes it without extracting again."""
    intent = commit.open_intents(ctx.ledger.entries()).get(job.id)
    return commit.locate(ctx.home, job.id, intent.version) if intent else None


def approved_candidate(ctx: RunContext, job: Job) -> Release | None:
    """Give the newest candidate that has every signature it needs."""
    entries = ctx.ledger.entries()
    for version in versions(ctx.home.candidates / job.id):
        candidate = opened(ctx.home, ctx.home.candidate(job.id, version))
        if approvals.standing(candidate.manifest, entries, ctx.municipality).approved:
            return candidate
    return None


def conclude(ctx: RunContext, job: Job) -> Outcome | None:
    """Write `published` once every portal that is not optional shows the release; else the dataset failed, and the next run goes on."""
    if lacking := _lacking(ctx, job):
        return ctx.end(job, "failed", lacking, cause=3, portals=job.portals)
    portals = job.dataset.publication.portals
    if not all(ctx.publishes_to(name) or ctx.municipality.portals[name].optional for name in portals):
        return ctx.end(job, "skipped", [REST.at(release=f"{job.id}@{job.version}")], portals=job.portals)
    commit.conclude(ctx.ledger, made(job.release), ctx.now)
    return ctx.end(job, "published", waiting(job.release), portals=job.portals)


def stands(ctx: RunContext, job: Job) -> Outcome | None:
    """Confirm `unchanged`: the release is still what every portal shows."""
    if lacking := _lacking(ctx, job):
        return ctx.end(job, "failed", lacking, cause=3, portals=job.portals)
    return ctx.end(job, "unchanged", portals=job.portals)


def _lacking(ctx: RunContext, job: Job) -> list[Problem]:
    """Give a problem for every portal that must show the release and does not."""
    return [
        PORTAL_LACKS.at(name=name, release=f"{job.id}@{job.version}")
        for name in job.dataset.publication.portals
        if ctx.publishes_to(name) and not ctx.municipality.portals[name].optional and job.portals.get(name, "failed") == "failed"
    ]
