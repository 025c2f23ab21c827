"""Where things stand: per dataset what is public, what waits for whom, and what changed between two versions."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.errors import IntegrityError, Message, Place
from publication import approvals, commit, described, status
from publication.home import Home
from publication.ledger import Ledger
from publication.release import opened, versions

if TYPE_CHECKING:
    from config.errors import Problem
    from config.project import Project
    from engine.diff import TableDiff

GONE = Message(
    "ledger.gone",
    nl="er is geen grootboek, en {dataset} is wel gepubliceerd; zet ledger/ en keys/ terug uit een kopie",
    en="there is no ledger, yet {dataset} was published; restore ledger/ and keys/ from a copy",
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
    """Compare two versions by their Parquet or CSV; by key where the source has one that is published, else as collections of rows."""
    from distributions.write import writer
    from engine.diff import diff
    from engine.parquet import sink

    declared = project.datasets[name].dataset
    releases = [opened(home, home.release(name, version)) for version in (old, new)]
    formats = [{file.format for file in release.manifest.distributions} for release in releases]
    form = next(each for each in ("parquet", "csv", "geojson", "xlsx") if each in formats[0] & formats[1])
    columns = set.intersection(*({column.name for column in release.manifest.columns} for release in releases))
    key = declared.key if declared and set(declared.key) <= columns else ()
    with tempfile.TemporaryDirectory() as room:
        tables = []
        for number, release in enumerate(releases):
            file = next(f for f in release.manifest.distributions if f.format == form)
            path = release.folder / file.name
            if form != "parquet":
                target = Path(room) / f"{number}.parquet"
                batches = writer(form).read_back(path)
                first = next(batches)
                with sink(target, first.schema) as parquet:
                    parquet.write(first)
                    for batch in batches:
                        parquet.write(batch)
                path = target
            tables.append(path)
        return diff(tables[0], tables[1], key, spill=Path(room))


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
