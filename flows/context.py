"""What a run knows (the context) and what it has learnt of one dataset so far (the job)."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from anonymisation.protect import Protected
    from config.models.dataset import Dataset
    from config.models.municipality import Municipality
    from config.project import Declared, Project
    from config.secrets import Secrets
    from distributions.base import Distribution
    from engine.snapshot import Snapshot
    from publication.home import Home
    from publication.ledger import Ledger
    from publication.outcome import Outcome
    from publication.release import Release
    from quality.check import QualityReport


def current_instant() -> datetime:
    """Give the one instant of a run: `SOURCE_DATE_EPOCH` when set, else now; in UTC, whole seconds."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC).replace(microsecond=0)


def _silent(_dataset: str, _stage: str) -> None:
    """Report no progress."""


@dataclass(frozen=True)
class RunContext:
    """One run over a home.

    Attributes:
        run: the run's id, the name of its folders in `runs/` and `work/`.
        now: the one instant that enters versions, manifests, ledger and catalogue.
        portals: the portals to publish to; None for all that are declared.
        force: the reason for releasing unchanged data again; it never passes a gate.
        dry: nothing is staged, decided or made public.
        progress: called with a dataset and a stage, for people who watch.
    """

    project: Project
    municipality: Municipality
    home: Home
    ledger: Ledger
    secrets: Secrets
    run: str
    now: datetime
    portals: frozenset[str] | None = None
    force: str | None = None
    dry: bool = False
    progress: Callable[[str, str], None] = _silent

    @property
    def work(self) -> Path:
        """The run's own restricted folder; removed at its end."""
        return self.home.work / self.run


@dataclass
class Job:
    """One dataset on its way; each stage fills in what it made.

    `stage` names where it is, so that an outcome can say where it ended.
    """

    declared: Declared
    stage: str = "extract"
    snapshot: Snapshot | None = None
    quality_input: QualityReport | None = None
    protected: Protected | None = None
    quality_output: QualityReport | None = None
    distributions: tuple[Distribution, ...] = ()
    release: Release | None = None
    outcome: Outcome | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def dataset(self) -> Dataset:
        """The valid declaration; a job is only made for one."""
        if self.declared.dataset is None:
            raise ValueError("a job needs a valid declaration")
        return self.declared.dataset

    @property
    def id(self) -> str:
        """The dataset's id."""
        return self.declared.id
