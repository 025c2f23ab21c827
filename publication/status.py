"""`status.json`: when each dataset was last checked and how that ended; the only file that a run without news changes."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.files import write_atomic
from publication.locks import lock

if TYPE_CHECKING:
    from pathlib import Path

    from publication.outcome import Outcome

SCHEMA = "status/1"
GOOD = {"published", "unchanged", "awaiting-approval", "rejected", "withdrawn", "blocked"}
"""Outcomes of a check that was carried out to its end."""


def read(path: Path) -> dict[str, dict[str, Any]]:
    """Give what is known by dataset; empty where the file is missing or unreadable (it can always be made again by a run)."""
    try:
        content = json.loads(path.read_bytes())
        found: dict[str, dict[str, Any]] = content["datasets"] if content["schema"] == SCHEMA else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return found


def record(path: Path, outcome: Outcome, now: datetime) -> None:
    """Write down how a dataset came out; other datasets' lines stay as they are."""
    with lock(path.with_name("locks") / "status.lock", wait=True):
        known = read(path)
        line = known.get(outcome.dataset, {"checked": None, "failed": None})
        moment = now.isoformat()
        if outcome.outcome in GOOD:
            line["checked"] = moment
        else:
            line["failed"] = moment
        line |= {
            "run": outcome.run,
            "outcome": outcome.outcome,
            "version": outcome.version,
            "portals": dict(sorted(outcome.portals.items())),
        }
        known[outcome.dataset] = line
        content = {"schema": SCHEMA, "datasets": dict(sorted(known.items()))}
        write_atomic(path, json.dumps(content, indent=1) + "\n")


def last_checked(path: Path, dataset: str) -> datetime | None:
    """Give when a dataset was last checked to the end."""
    moment = read(path).get(dataset, {}).get("checked")
    return datetime.fromisoformat(moment) if moment else None
