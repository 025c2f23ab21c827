"""Where things stand: per dataset what is public, what waits for whom, and what changed between two versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from config.errors import IntegrityError, Message, Place, RefusedError
from flows.changes import Side, compare
from publication import approvals, commit, described, status
from publication.home import Home
from publication.ledger import Ledger
from publication.release import opened, versions

if TYPE_CHECKING:
    from pathlib import Path

    from config.errors import Problem
    from config.project import Project
    from engine.diff import TableDiff

GONE = Message(
    "ledger.gone",
    nl="er is geen grootboek, en {dataset} is wel gepubliceerd; zet ledger/ en keys/ terug uit een kopie",
    en="there is no ledger, yet {dataset} was published; restore ledger/ and keys/ from a copy",
)
NO_FORMAT = Message(
    "diff.format",
    nl="de versies {old} en {new} hebben geen bestand van hetzelfde formaat; vergelijk ze met een ander programma",
    en="the versions {old} and {new} have no file of the same format; compare them with another program",
)


def standing(project: Project, home_folder: Path) -> list[dict[str, Any]]:
    """Give a line a declared dataset: outcome and moment of the last check, the public version, and what waits for which roles."""
    home = Home(home_folder)
    known = status.read(home.status)
    entries = Ledger.of(home).entries() if home.ledger.exists() else ()
    lines = []
    for name in sorted({*project.datasets, *described.datasets(home)}):
        last = known.get(name, {})
        gone = approvals.withdrawn(entries).get(name, {})
        version = commit.current_version(home, name)
        public = version if version not in gone else None
        lines.append(
            {
                "dataset": name,
                "declared": name in project.datasets,
                "current": public,
                "outcome": last.get("outcome"),
                "checked": last.get("checked"),
                "failed": last.get("failed"),
                "portals": last.get("portals", {}),
                "waiting": _waiting(project, home, name, entries),
            }
        )
    return lines


def _waiting(project: Project, home: Home, name: str, entries: tuple[Any, ...]) -> list[dict[str, Any]]:
    found = []
    for version in versions(home.candidates / name):
        try:
            manifest = opened(home, home.candidate(name, version)).manifest
        except IntegrityError:
            found.append({"release": f"{name}@{version}", "missing": [], "rejected": False, "digest": None, "damaged": True})
            continue
        if project.municipality is not None:
            stands = approvals.standing(manifest, entries, project.municipality)
            told = {"release": manifest.name, "missing": list(stands.missing), "rejected": stands.rejected}
            found.append({**told, "digest": manifest.release_digest})
    return found


def difference(project: Project, home: Home, name: str, old: str, new: str) -> TableDiff:
    """Compare two versions by the best format that both have; by key where that is published, else as collections of rows.

    Raises:
        RefusedError: they share no format that can be read back.
    """
    declared = project.datasets[name].dataset
    before, after = (Side.of(opened(home, home.release(name, version))) for version in (old, new))
    found = compare(before, after, declared.key if declared else ())
    if found is None:
        raise RefusedError(NO_FORMAT.at(old=old, new=new))
    return found


def verify_ledger(home_folder: Path) -> tuple[int, tuple[Problem, ...]]:
    """Verify the ledger, and that no release names an entry that is gone; gives how many entries it has and what is wrong."""
    home = Home(home_folder)
    if not home.ledger.exists():
        released = sorted(path.parent.name for path in home.releases.glob("*/current"))
        return 0, tuple(GONE.at(Place(str(home.ledger)), dataset=name) for name in released[:1])
    book = Ledger.of(home)
    heads = []
    for folder in sorted(home.releases.glob("*/*/")):
        if (folder / "manifest.json").exists():
            manifest = opened(home, folder).manifest
            if manifest.ledger_head:
                heads.append((manifest.name, manifest.ledger_head))
    problems = book.verify(heads)
    return (0 if problems else len(book.entries())), problems
