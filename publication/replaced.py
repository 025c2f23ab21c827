"""Versions that are no longer public: withdrawn by people, or replaced by a newer one (`publication.replaces: true`).

A replacement is written to the ledger after the intent and before the switch, and says: once this version stands, those before it are
withdrawn. It takes effect by the switch itself, the one rename by which the newer version becomes the one we stand for. So after a crash at
any step either the older versions are public or the newer one, and never both or neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from publication import approvals, commit
from publication.release import order

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from publication.home import Home
    from publication.ledger import Entry, Ledger
    from publication.release import Release


def not_public(home: Home, entries: Iterable[Entry]) -> dict[str, dict[str, Entry]]:
    """Give what was withdrawn or replaced: dataset → version → the decision, or the entry of the version that replaces it."""
    entries = tuple(entries)
    found = approvals.withdrawn(entries)
    for entry in entries:
        if entry.kind != "replace":
            continue
        standing = commit.current_version(home, entry.dataset)
        if standing is None or order(standing) < order(entry.version):
            continue
        for version in _before(entry, entries):
            found.setdefault(entry.dataset, {}).setdefault(version, entry)
    return found


def replace(ledger: Ledger, release: Release, now: datetime) -> None:
    """Write that a release replaces those before it, when it does and there are any; never twice."""
    told, entries = release.manifest, ledger.entries()
    known = any(entry.kind == "replace" and (entry.dataset, entry.version) == (told.dataset, told.version) for entry in entries)
    if not told.replaces or known:
        return
    if any(e.kind == "intent" and e.dataset == told.dataset and order(e.version) < order(told.version) for e in entries):
        ledger.append("replace", now=now, dataset=told.dataset, version=told.version, digest=told.release_digest)


def _before(entry: Entry, entries: Iterable[Entry]) -> list[str]:
    """Give the versions of the dataset that were released before the one of an entry."""
    return [e.version for e in entries if e.kind == "intent" and e.dataset == entry.dataset and order(e.version) < order(entry.version)]
