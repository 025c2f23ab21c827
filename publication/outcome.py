"""How the way of one dataset ended in one run, and the exit code that follows."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from engine.files import write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from config.errors import Problem

Word = Literal["published", "unchanged", "awaiting-approval", "rejected", "blocked", "failed", "locked", "skipped", "withdrawn"]
PortalWord = Literal["published", "unchanged", "failed", "skipped"]
EXIT: dict[str, int] = {
    "published": 0, "unchanged": 0, "skipped": 0, "withdrawn": 0, "blocked": 1, "rejected": 1, "awaiting-approval": 4, "locked": 7,
}  # fmt: skip
WORST_FIRST = (5, 6, 2, 3, 1, 7, 4, 0)
"""Over several datasets the first of these that occurs (design §5)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One dataset in one run.

    Attributes:
        stage: where the way ended.
        reasons: why, in both languages, with the place to mend it.
        portals: what each portal did.
        cause: the exit code of a failure (2, 3, 5 or 6).
        transient: whether trying the same step again may help.
    """

    run: str
    dataset: str
    outcome: Word
    stage: str
    version: str | None = None
    reasons: tuple[Problem, ...] = ()
    portals: dict[str, PortalWord] = field(default_factory=dict)
    cause: int = 6
    transient: bool = False

    @property
    def exit_code(self) -> int:
        """The exit code of this dataset alone."""
        return EXIT.get(self.outcome, self.cause)

    def as_json(self) -> dict[str, Any]:
        """Give the form of `outcome.json` (``outcome/1``)."""
        return {
            "schema": "outcome/1",
            "run": self.run,
            "dataset": self.dataset,
            "version": self.version,
            "outcome": self.outcome,
            "stage": self.stage,
            "reasons": [reason.as_json() for reason in self.reasons],
            "portals": dict(sorted(self.portals.items())),
        }


def write_outcome(outcome: Outcome, folder: Path) -> None:
    """Write `outcome.json` into the folder of the run and dataset, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    write_atomic(folder / "outcome.json", json.dumps(outcome.as_json(), ensure_ascii=False, indent=1) + "\n")


def exit_code(outcomes: Iterable[Outcome]) -> int:
    """Give the exit code over several datasets."""
    found = {outcome.exit_code for outcome in outcomes}
    return next((code for code in WORST_FIRST if code in found), 0)
