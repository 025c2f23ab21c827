"""From an approved candidate to the release we stand for, in steps that can each be repeated after a crash.

Rule 3: … archive → ledger `intent` → switch → (portals) → ledger `published`. Nothing is public that is not archived and in the ledger; a
run first completes the intents that a crash left open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.files import fsync_folder, write_atomic
from publication import archive
from publication.release import Release, complete, opened

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from publication.approvals import Approval
    from publication.home import Home
    from publication.ledger import Entry, Ledger


def open_intents(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Give the intents that no `published` or `withdraw` followed, by dataset; a dataset has one at most."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.kind == "intent":
            found[entry.dataset] = entry
        elif entry.kind in ("published", "withdraw") and entry.dataset in found and found[entry.dataset].version == entry.version:
            del found[entry.dataset]
    return found


def locate(home: Home, dataset: str, version: str) -> Release:
    """Open a release where it stands: among the releases after the switch, among the candidates before it."""
    released = home.release(dataset, version)
    return opened(home, released if released.is_dir() else home.candidate(dataset, version))


def intend(home: Home, ledger: Ledger, release: Release, approvals: tuple[Approval, ...], now: datetime) -> Release:
    """Archive, write the intent, and complete the manifest with the ledger's head and the approvals; nothing is done twice."""
    archive.archive(home, release)
    told = release.manifest
    intent = open_intents(ledger.entries()).get(told.dataset)
    if intent is None or intent.version != told.version:
        intent = ledger.append(
            "intent", now=now, dataset=told.dataset, version=told.version, digest=told.release_digest, reason=told.forced
        )
    if told.ledger_head is None:
        release = complete(release, intent.head, tuple(approval.as_json() for approval in approvals), ledger.sign)
    archive.complete_copy(home, release)
    return release


def switch(home: Home, release: Release) -> Release:
    """Make a release the one we stand for: its folder moves to the releases with one rename, then `current` names it."""
    told = release.manifest
    target = home.release(told.dataset, told.version)
    if not target.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        release.folder.rename(target)
        fsync_folder(target.parent)
        fsync_folder(release.folder.parent)
    write_if_other(home.current(told.dataset), f"{told.version}\n".encode())
    return Release(target, told)


def conclude(ledger: Ledger, release: Release, now: datetime) -> None:
    """Write `published`, once every portal that is not optional was seen to hold the release."""
    told = release.manifest
    if told.dataset in open_intents(ledger.entries()):
        ledger.append("published", now=now, dataset=told.dataset, version=told.version, digest=told.release_digest)


def current(home: Home, dataset: str) -> Release | None:
    """Open the release we stand for, or None; IntegrityError when it does not verify."""
    version = current_version(home, dataset)
    return opened(home, home.release(dataset, version)) if version else None


def current_version(home: Home, dataset: str) -> str | None:
    """Give the version of the release we stand for, or None."""
    try:
        return home.current(dataset).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None


def write_if_other(path: Path, content: bytes) -> bool:
    """Write a file whole, unless it holds just this; gives whether it was written."""
    if path.exists() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, content)
    return True
