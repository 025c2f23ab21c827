"""From candidate to portal: approvals, archive, ledger, switch, portals; every step can be repeated after a crash.

The order is rule 3 of the design: stage → verify → archive → ledger `intent` → switch → portals → ledger `published`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from catalogue.model import Entry as CatalogueEntry
from catalogue.model import Tombstone, describe, publisher
from config.errors import Message
from config.registry import PORTALS
from config.secrets import unset
from flows.context import made
from publication import approvals, commit, described
from publication.locks import lock
from publication.portals.base import PortalEntry, PortalPlace, Wanted
from publication.release import Release, order, versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from catalogue.model import PublisherDescription
    from config.errors import Problem
    from config.models.municipality import PortalOptions
    from flows.context import Job, RunContext
    from publication.ledger import Entry
    from publication.outcome import Outcome, PortalWord
    from publication.portals.base import Plan, Portal, Seen

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
    if stands.rejected:
        return ctx.end(job, "rejected", [REJECTED.at()])
    if stands.missing:
        warnings = [reason for report in (job.quality_input, job.quality_output) if report for reason in report.reasons]
        return ctx.end(job, "awaiting-approval", [*warnings, WAITING.at(roles=", ".join(stands.missing), release=manifest.name)])
    return None


def release(ctx: RunContext, job: Job) -> Outcome | None:
    """Archive, write the intent, switch: after this it is the release we stand for."""
    stands = approvals.standing(made(job.release).manifest, ctx.ledger.entries(), ctx.municipality)
    intended = commit.intend(ctx.home, ctx.ledger, made(job.release), stands.approvals, ctx.now)
    job.release = commit.switch(ctx.home, intended)
    refresh(ctx, job)
    return None


def refresh(ctx: RunContext, job: Job) -> Outcome | None:
    """Bring the description of a released dataset up to date: a change in `catalogue:` alone makes no release."""
    if ctx.home.current(job.id).exists():
        description = describe(job.dataset, ctx.municipality)
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
        candidate = Release.open(ctx.home.candidate(job.id, version))
        if approvals.standing(candidate.manifest, entries, ctx.municipality).approved:
            return candidate
    return None


def wanted(ctx: RunContext, portal: str, replaced: Mapping[str, Release] | None = None) -> Wanted:
    """Give everything that should be public on a portal: every dataset ever released here, with what was withdrawn as tombstones.

    `replaced` stands in for a dataset's newest release, to plan with.
    """
    gone = approvals.withdrawn(ctx.ledger.entries())
    ids = sorted({*described.datasets(ctx.home), *(replaced or {})})
    entries = [entry for name in ids if (entry := _entry(ctx, portal, name, gone.get(name, {}), (replaced or {}).get(name)))]
    return Wanted(publisher(ctx.municipality), tuple(entries))


def _entry(ctx: RunContext, portal: str, name: str, gone: Mapping[str, Entry], replaced: Release | None) -> PortalEntry | None:
    told = described.load(ctx.home, name)
    if replaced is not None:
        declared = made(ctx.project.datasets[name].dataset)
        told = (describe(declared, ctx.municipality), declared.publication.portals, told[2] if told else None)
    if told is None or portal not in told[1]:
        return None
    description, _portals, changed = told
    standing = replaced or commit.current(ctx.home, name)
    newest = standing.manifest.version if standing else ""
    tombs = {version: Tombstone(name, version, entry.time[:10]) for version, entry in gone.items()}
    if newest in tombs:
        return PortalEntry(description, (), tombs[newest], tuple(t for v, t in sorted(tombs.items()) if v != newest), changed)
    kept = [v for v in versions(ctx.home.releases / name) if v not in gone and order(v) <= order(newest) and v != newest]
    releases = tuple(Release.open(ctx.home.release(name, version)) for version in kept)
    return PortalEntry(
        description, (*((standing,) if standing else ()), *releases), None, tuple(t for _v, t in sorted(tombs.items())), changed
    )


def open_portal(ctx: RunContext, name: str) -> Portal | None:
    """Open a portal; None for an optional one whose variables are not set.

    Raises:
        PortalError: it cannot be opened.
        ConfigurationError: a variable is not set and the portal is not optional.
    """
    options: PortalOptions = ctx.municipality.portals[name]
    if options.optional and unset(options, ctx.secrets):
        return None
    place = PortalPlace(name, ctx.home.portals / name, ctx.home.site)
    portal: Portal = PORTALS.load(options.kind).open_portal(options, place)
    return portal


def publish(ctx: RunContext, name: str) -> dict[str, PortalWord]:
    """Bring one portal to what should be public and read it back; gives what it did by dataset, and keeps what was seen.

    Raises:
        PortalError: the portal cannot be reached, or is not built yet.
        IntegrityError: a release that should be public does not verify.
    """
    should = wanted(ctx, name)
    portal = open_portal(ctx, name)
    if portal is None:
        return {entry.description.id: "skipped" for entry in should.entries}
    if not portal.accepts_demo_keys:
        should = Wanted(should.publisher, tuple(entry for entry in should.entries if not _demo(entry)))
    with lock(ctx.home.locks / f"portal-{name}.lock", wait=True):
        plan = portal.plan(should)
        portal.apply(plan)
        return _remember(ctx, name, plan, portal.verify(plan))


def _demo(entry: PortalEntry) -> bool:
    return any(approval.get("key") == "demo" for release in entry.releases for approval in release.manifest.approvals)


def _remember(ctx: RunContext, name: str, plan: Plan, seen: Mapping[str, Seen]) -> dict[str, PortalWord]:
    """Keep what the portal was seen to hold, and say what it did: a dataset is published only when the visitor sees its files."""
    done: dict[str, PortalWord] = {}
    changes = {change.dataset: change.change for change in plan.changes}
    for entry in plan.wanted.entries:
        dataset = entry.description.id
        told = seen.get(dataset)
        newest = entry.releases[0].manifest if entry.releases else None
        expected = {file.name: file.sha256 for file in newest.distributions} if newest else {}
        if told is None or told.version != (newest.version if newest else None) or not expected.items() <= dict(told.digests).items():
            done[dataset] = "failed"
            continue
        done[dataset] = "unchanged" if changes.get(dataset, "unchanged") == "unchanged" else "published"
        content = {
            "schema": "portal-state/1",
            "portal": name,
            "dataset": dataset,
            "version": told.version,
            "location": told.location,
            "digests": dict(sorted(told.digests.items())),
        }
        commit.write_if_other(ctx.home.portals / name / f"{dataset}.json", (json.dumps(content, indent=1) + "\n").encode())
    return done


def conclude(ctx: RunContext, job: Job) -> Outcome | None:
    """Write `published` once every portal that is not optional shows the release; else the dataset failed, and the next run goes on."""
    if lacking := _lacking(ctx, job):
        return ctx.end(job, "failed", lacking, cause=3, portals=job.portals)
    portals = job.dataset.publication.portals
    if all(_asked(ctx, name) or ctx.municipality.portals[name].optional for name in portals):
        commit.conclude(ctx.ledger, made(job.release), ctx.now)
    return ctx.end(job, "published", portals=job.portals)


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
        if _asked(ctx, name) and not ctx.municipality.portals[name].optional and job.portals.get(name, "failed") == "failed"
    ]


def _asked(ctx: RunContext, name: str) -> bool:
    return ctx.portals is None or name in ctx.portals


def portals_in_use(ctx: RunContext, jobs: Iterable[Job]) -> tuple[str, ...]:
    """Give the portals of these datasets that this run may publish to, in order of name."""
    used = {name for job in jobs if job.declared.dataset for name in job.dataset.publication.portals}
    return tuple(sorted(name for name in used if _asked(ctx, name)))


def catalogue_entries(ctx: RunContext) -> tuple[PublisherDescription, list[CatalogueEntry]]:
    """Give publisher and entries of the catalogue of everything that is public on any portal."""
    gone = approvals.withdrawn(ctx.ledger.entries())
    found = {}
    for name in described.datasets(ctx.home):
        for portal in sorted(ctx.municipality.portals):
            entry = _entry(ctx, portal, name, gone.get(name, {}), None)
            if entry is not None:
                facts = tuple(each.facts() for each in entry.releases)
                found[name] = CatalogueEntry(entry.description, facts, entry.tombstone, entry.withdrawn, entry.described)
    return publisher(ctx.municipality), [found[name] for name in sorted(found)]
