"""What should be public on each portal, and bringing a portal there.

A portal is told the whole state that it should show; a withdrawal is a part of that state, so a portal that was away catches up with the
next run.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from catalogue.model import Entry as CatalogueEntry
from catalogue.model import Tombstone, describe, publisher
from config.errors import IntegrityError, RefusedError
from config.models.base import Text
from config.registry import PORTALS
from config.secrets import unset
from flows.context import made
from publication import commit, described
from publication.locks import lock
from publication.portals.base import PortalEntry, PortalPlace, Wanted
from publication.release import opened, order, versions
from publication.replaced import not_public

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from catalogue.model import PublisherDescription
    from config.models.municipality import PortalOptions
    from flows.context import Job, RunContext
    from publication.ledger import Entry
    from publication.outcome import PortalWord
    from publication.portals.base import Plan, Portal, Seen
    from publication.release import Release


def in_use(ctx: RunContext, jobs: Iterable[Job]) -> tuple[str, ...]:
    """Give the portals of these datasets that this run may publish to, in order of name."""
    used = {name for job in jobs if job.declared.dataset for name in job.dataset.publication.portals}
    return tuple(sorted(name for name in used if ctx.publishes_to(name)))


def open_portal(ctx: RunContext, name: str) -> Portal | None:
    """Open a portal; None for an optional one whose variables are not set.

    Raises:
        PortalError: it cannot be opened.
        ConfigurationError: a variable is not set and the portal is not optional.
    """
    options: PortalOptions = ctx.municipality.portals[name]
    if options.optional and unset(options, ctx.secrets):
        return None
    place = PortalPlace(name, ctx.home.portals / name, ctx.home.site, ctx.secrets)
    portal: Portal = PORTALS.load(options.kind).open_portal(options, place)
    return portal


def plan(ctx: RunContext, name: str, replaced: Mapping[str, Release]) -> Plan | None:
    """Say what a portal would do if these releases, by dataset, stood for their datasets; None for a portal that is skipped."""
    portal = open_portal(ctx, name)
    return portal.plan(_for(portal, wanted(ctx, name, replaced))) if portal else None


def publish(ctx: RunContext, name: str) -> dict[str, PortalWord]:
    """Bring one portal to what should be public and read it back; gives what it did by dataset, and keeps what was seen.

    The archive copy stands in for a release that does not verify, so that one damaged folder does not hold up all; its own dataset failed.

    Raises:
        PortalError: the portal cannot be reached, or is not built yet.
        IntegrityError: neither a release nor its archive copy verifies.
        RefusedError: the catalogue would not meet DCAT-AP-NL.
    """
    portal = open_portal(ctx, name)
    if portal is None:
        return {entry.description.id: "skipped" for entry in wanted(ctx, name, spare=True).entries}
    with lock(ctx.home.locks / f"portal-{name}.lock", wait=True):
        # Inside the lock: what another run published or withdrew while this one waited is part of the picture.
        should = wanted(ctx, name, spare=True)
        planned = portal.plan(_for(portal, should))
        _hold_to_profile(ctx, name, planned)
        portal.apply(planned)
        return _remember(ctx, name, planned, portal.verify(planned)) | dict.fromkeys(_damaged(ctx, should), "failed")


def _hold_to_profile(ctx: RunContext, name: str, plan: Plan) -> None:
    """Refuse a catalogue with a violation in itself or in what this publication changes; what is taken away is never held up.

    Raises:
        RefusedError: with the violations.
    """
    from catalogue.findings import violations
    from catalogue.validate import validate_entries

    changed = {change.dataset for change in plan.changes if change.change != "unchanged"}
    if not changed:
        return
    told = [_told(entry) for entry in plan.wanted.entries]
    alive = {entry.description.id for entry in told if entry.releases}
    found = validate_entries(plan.wanted.publisher, told, kept=ctx.home.portals / name / "validation.cache")
    wrong = [finding for finding in violations(found) if finding.dataset is None or finding.dataset in changed & alive]
    if wrong and changed & alive:
        raise RefusedError(*(finding.as_problem() for finding in wrong))


def withdraw(ctx: RunContext, name: str, dataset: str) -> None:
    """Take what was withdrawn of a dataset off one portal at once.

    Damage to the release of another dataset does not stop it: the archive copy stands in.

    Raises:
        PortalError: the portal cannot be reached, or still shows it.
    """
    portal = open_portal(ctx, name)
    if portal is None:
        return
    with lock(ctx.home.locks / f"portal-{name}.lock", wait=True):
        planned = portal.plan(_for(portal, wanted(ctx, name, spare=True)))
        portal.withdraw(planned, dataset)
        _remember(ctx, name, planned, portal.verify(planned))


def wanted(ctx: RunContext, portal: str, replaced: Mapping[str, Release] | None = None, *, spare: bool = False) -> Wanted:
    """Give everything that should be public on a portal: every dataset ever released here, with what was withdrawn as tombstones.

    Args:
        ctx: the run.
        portal: its name in `municipality.yaml`.
        replaced: stands in for a dataset's newest release, to plan with.
        spare: take the archive copy of a release that does not verify.
    """
    gone, new = not_public(ctx.home, ctx.ledger.entries()), replaced or {}
    ids = sorted({*described.datasets(ctx.home), *new})
    entries = (_entry(ctx, portal, name, gone.get(name, {}), new.get(name), spare=spare) for name in ids)
    return Wanted(publisher(ctx.municipality), tuple(entry for entry in entries if entry))


def catalogue_entries(ctx: RunContext) -> tuple[PublisherDescription, list[CatalogueEntry]]:
    """Give publisher and entries of the catalogue of everything that is public on any portal."""
    found = {entry.description.id: entry for name in sorted(ctx.municipality.portals) for entry in wanted(ctx, name).entries}
    return publisher(ctx.municipality), [_told(entry) for _name, entry in sorted(found.items())]


def _told(entry: PortalEntry) -> CatalogueEntry:
    """Give what the catalogue says of what should be public of a dataset."""
    facts = tuple(release.facts() for release in entry.releases)
    return CatalogueEntry(entry.description, facts, entry.tombstone, entry.withdrawn, entry.described)


def _entry(
    ctx: RunContext, portal: str, name: str, gone: Mapping[str, Entry], replaced: Release | None, *, spare: bool
) -> PortalEntry | None:
    """Give what should be public of one dataset on a portal, None for nothing."""
    told = described.load(ctx.home, name)
    if replaced is not None:
        declared = made(ctx.project.datasets[name].dataset)
        told = (describe(declared, ctx.municipality), declared.publication.portals, told[2] if told else None)
    if told is None or portal not in told[1]:
        return None
    description, _portals, changed = told
    newest = replaced.manifest.version if replaced else commit.current_version(ctx.home, name)
    tombs = {version: _tombstone(version, entry) for version, entry in sorted(gone.items())}
    if newest in tombs:
        return PortalEntry(description, (), tombs[newest], tuple(tomb for version, tomb in tombs.items() if version != newest), changed)
    kept = [version for version in versions(ctx.home.releases / name) if version not in gone and newest and order(version) <= order(newest)]
    if replaced is not None and replaced.manifest.replaces:
        kept = []
    releases = [_open(ctx, name, version, spare=spare) for version in kept if not (replaced and version == newest)]
    return PortalEntry(description, (*([replaced] if replaced else []), *releases), None, tuple(tombs.values()), changed)


def _tombstone(version: str, entry: Entry) -> Tombstone:
    """Give what stays of a version that was withdrawn, or replaced."""
    reason = None
    if entry.kind == "replace":
        reason = Text(nl=f"Vervangen door versie {entry.version}.", en=f"Replaced by version {entry.version}.")
    return Tombstone(entry.dataset, version, entry.time[:10], reason)


def _open(ctx: RunContext, name: str, version: str, *, spare: bool) -> Release:
    """Open a release, or where it does not verify and `spare` is asked, its copy in the archive."""
    try:
        return opened(ctx.home, ctx.home.release(name, version))
    except IntegrityError:
        if not spare:
            raise
        return opened(ctx.home, ctx.home.archived(name, version))


def _damaged(ctx: RunContext, should: Wanted) -> tuple[str, ...]:
    """Give the datasets for which an archive copy stands in."""
    return tuple(e.description.id for e in should.entries if any(ctx.home.archive in release.folder.parents for release in e.releases))


def _for(portal: Portal, should: Wanted) -> Wanted:
    """Leave out what a portal does not take: releases that were approved with throw-away keys."""
    if portal.accepts_demo_keys:
        return should
    real = (replace(entry, releases=tuple(each for each in entry.releases if not _demo(each))) for entry in should.entries)
    return Wanted(should.publisher, tuple(entry for entry in real if entry.releases or entry.tombstone))


def _demo(release: Release) -> bool:
    return any(approval.get("key") == "demo" for approval in release.manifest.approvals)


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
