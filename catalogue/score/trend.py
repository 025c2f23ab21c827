"""How the score of our own catalogue went: a line for every time that it changed, kept in the home."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from engine.files import write_atomic

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from catalogue.score.score import Score

SCHEMA: Final = "score-trend/1"
KEPT: Final = 120
"""Lines that are kept: ten years of a monthly change."""


def past(path: Path) -> list[dict[str, Any]]:
    """Give the lines, oldest first; none where there is no file or one that cannot be read (it can be made again)."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    lines = found.get("scores", []) if isinstance(found, dict) and found.get("schema") == SCHEMA else []
    return [line for line in lines if isinstance(line, dict) and {"at", "points", "most", "datasets"} <= line.keys()]


def remember(path: Path, score: Score, at: datetime) -> list[dict[str, Any]]:
    """Add a line where the score differs from the last on the same scale, and give all lines, oldest first."""
    lines = past(path)
    line = {"points": score.points, "most": score.most, "datasets": {one.dataset: one.points for one in score.counted}}
    last = next((one for one in reversed(lines) if one["most"] == score.most), None)
    if last is None or {name: last[name] for name in line} != line:
        lines = [*lines, {"at": at.isoformat(), **line}][-KEPT:]
        text = json.dumps({"schema": SCHEMA, "scores": lines}, ensure_ascii=False, indent=1, sort_keys=True)
        write_atomic(path, text + "\n")
    return lines
