"""The one place where any error of a stage becomes an outcome: its class and our code position, never its text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

ROOT = Path(__file__).resolve().parent.parent
OURS = ("config", "engine", "pages", "sources", "quality", "anonymisation", "distributions", "catalogue", "publication", "flows")


def where(error: BaseException) -> str:
    """Give ``package/module.py:line`` of the deepest frame in our own code; the text of an exception may quote a cell and is left out."""
    found = "?"
    frame: TracebackType | None = error.__traceback__
    while frame is not None:
        path = Path(frame.tb_frame.f_code.co_filename)
        if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in OURS:
            found = f"{path.relative_to(ROOT).as_posix()}:{frame.tb_lineno}"
        frame = frame.tb_next
    return found
