"""The last valid description of a dataset, beside its releases: a declaration that breaks later leaves the good release up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from catalogue.model import DatasetDescription
from publication.commit import write_if_other

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from publication.home import Home

SCHEMA = "description/1"


def keep(home: Home, description: DatasetDescription, portals: tuple[str, ...], now: datetime) -> bool:
    """Keep a description and where it is published; the instant changes only when something else does. Gives whether it changed."""
    if not changed(home, description, portals):
        return False
    path = _path(home, description.id)
    told = {"description": description.as_json(), "portals": list(portals)}
    content = {"schema": SCHEMA, "described": now.isoformat() if path.exists() else None, **told}
    return write_if_other(path, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())


def changed(home: Home, description: DatasetDescription, portals: tuple[str, ...]) -> bool:
    """Say whether a description, or where it is published, is other than what is kept."""
    before = _read(_path(home, description.id))
    return before is None or (before["description"], before["portals"]) != (description.as_json(), list(portals))


def load(home: Home, dataset: str) -> tuple[DatasetDescription, tuple[str, ...], str | None] | None:
    """Give the description, its portals and the instant it last changed by itself; None where there is none."""
    told = _read(_path(home, dataset))
    if told is None:
        return None
    return DatasetDescription.from_json(told["description"]), tuple(told["portals"]), told["described"]


def datasets(home: Home) -> tuple[str, ...]:
    """Give the ids of all datasets that were ever released here, sorted."""
    return tuple(sorted(path.parent.name for path in home.releases.glob("*/description.json")))


def _path(home: Home, dataset: str) -> Path:
    return home.releases / dataset / "description.json"


def _read(path: Path) -> dict[str, Any] | None:
    if not path.exists():
        return None
    content: dict[str, Any] = json.loads(path.read_bytes())
    return content
