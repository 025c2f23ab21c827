"""The restricted store of snapshots: what is complete stays for its retention, and a run that was cut off leaves its own to the next."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from config.errors import LockedError
from config.models.source import FileOptions, duration
from engine.files import fsync_file, fsync_folder, write_atomic
from engine.snapshot import Reject, Snapshot
from publication.locks import lock

if TYPE_CHECKING:
    from pathlib import Path

    from config.models.dataset import Dataset
    from config.project import Project
    from publication.home import Home

SCHEMA = "snapshot/1"
DEFAULT: str = FileOptions.model_fields["retention"].default


def folder(home: Home, dataset: str) -> Path:
    """Where the snapshots of a dataset stand; 0700."""
    path = home.snapshots / dataset
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def keep(home: Home, dataset: Dataset, extracted: Snapshot, declaration: str) -> Snapshot:
    """Move a complete extraction into the store and mark it as being worked on.

    Parquet first, its description second, the mark last: a description is only there when its Parquet is whole. A snapshot that the
    store already has is not written again.
    """
    place = folder(home, dataset.id)
    target = place / f"{extracted.fingerprint}.parquet"
    kept = replace(extracted, path=target)
    description = place / f"{extracted.fingerprint}.json"
    if not (target.exists() and description.exists()):
        fsync_file(extracted.path)
        extracted.path.rename(target)
        fsync_folder(place)
        write_atomic(description, _dump(kept))
    write_atomic(place / "pending", json.dumps({"fingerprint": extracted.fingerprint, "declaration": declaration}).encode())
    return kept


def pending(home: Home, dataset: Dataset, declaration: str) -> Snapshot | None:
    """Give the complete snapshot that a cut-off run left, when the source and schema are still declared the same."""
    place = folder(home, dataset.id)
    try:
        mark = json.loads((place / "pending").read_bytes())
        if mark["declaration"] != declaration:
            return None
        target = place / f"{mark['fingerprint']}.parquet"
        return _load(target) if target.exists() else None
    except (FileNotFoundError, ValueError, KeyError):
        return None


def done(home: Home, dataset: str) -> None:
    """Take the mark away: the dataset has its outcome."""
    (folder(home, dataset) / "pending").unlink(missing_ok=True)


def expire_all(home: Home, project: Project, now: datetime) -> None:
    """Remove what is past its retention of every dataset that ever had a snapshot, whatever became of its declaration.

    Of a dataset that is declared no more nothing is kept; where the declaration is wrong, its retention is not known and the default holds.
    """
    for place in sorted(path for path in home.snapshots.glob("*") if path.is_dir()):
        declared = project.datasets.get(place.name)
        known = declared.dataset.source.retention if declared and declared.dataset else DEFAULT if declared else "P0D"
        with suppress(LockedError), lock(home.locks / f"dataset-{place.name}.lock"):  # a run that is busy with it expires nothing
            expire(place, known, now)


def expire(place: Path, retention: str, now: datetime) -> int:
    """Remove the snapshots in a folder that are past their retention (ISO 8601); gives how many."""
    removed = 0
    for description in sorted(place.glob("*.json")):
        taken = datetime.fromisoformat(json.loads(description.read_bytes())["extracted"])
        if now - taken > max(duration(retention), timedelta(0)):
            description.unlink()
            description.with_suffix(".parquet").unlink(missing_ok=True)
            removed += 1
    for orphan in place.glob("*.parquet"):
        if not orphan.with_suffix(".json").exists():
            orphan.unlink()
    return removed


def _dump(snapshot: Snapshot) -> bytes:
    facts: dict[str, Any] = asdict(snapshot)
    facts.pop("path")
    facts["extracted"] = snapshot.extracted.isoformat()
    return json.dumps({"schema": SCHEMA, **facts}, ensure_ascii=False, indent=1).encode()


def _load(path: Path) -> Snapshot:
    facts = json.loads(path.with_suffix(".json").read_bytes())
    facts.pop("schema")
    return Snapshot(
        **{
            **facts,
            "path": path,
            "rejects": tuple(Reject(**reject) for reject in facts["rejects"]),
            "notes": tuple((name, count) for name, count in facts["notes"]),
            "extracted": datetime.fromisoformat(facts["extracted"]),
        }
    )
