"""What a run knows (the context) and what it has learnt of one dataset so far (the job)."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from engine.files import write_atomic
from publication.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from anonymisation.protect import Protected
    from anonymisation.safe import SafeTable
    from config.errors import Problem
    from config.models.dataset import Dataset
    from config.models.municipality import Municipality
    from config.project import Declared, Project
    from config.secrets import Secrets
    from distributions.base import Distribution
    from engine.snapshot import Snapshot
    from publication.home import Home
    from publication.ledger import Ledger
    from publication.outcome import PortalWord, Word
    from publication.release import Release
    from quality.check import QualityReport

T = TypeVar("T")


def current_instant() -> datetime:
    """Give the one instant of a run: `SOURCE_DATE_EPOCH` when set, else now; in UTC, whole seconds."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC).replace(microsecond=0)


def made(value: T | None) -> T:
    """Give what an earlier stage made; the stages run in order, so it is there."""
    if value is None:
        raise ValueError("a stage ran before what it needs")
    return value


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

    def publishes_to(self, portal: str) -> bool:
        """Say whether this run may publish to a portal."""
        return self.portals is None or portal in self.portals

    def folder(self, job: Job) -> Path:
        """The restricted folder of this run for one dataset; removed with the run."""
        path = self.home.work / self.run / job.id
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
        return path

    def stage_folder(self, job: Job) -> Path:
        """Where the files of the release are made, before it has a version."""
        path = self.folder(job) / "release"
        path.mkdir(exist_ok=True)
        return path

    def write_run_file(self, job: Job, name: str, value: Mapping[str, Any] | str) -> None:
        """Write what this run says of a dataset, for the auditor: JSON, or a page as it is."""
        folder = self.home.run(self.run, job.id)
        folder.mkdir(parents=True, exist_ok=True)
        write_atomic(folder / name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1) + "\n")

    def end(
        self,
        job: Job,
        word: Word,
        reasons: Sequence[Problem] = (),
        *,
        cause: int = 6,
        portals: dict[str, PortalWord] | None = None,
    ) -> Outcome:
        """Make the outcome with which the way of a dataset ends here."""
        return Outcome(self.run, job.id, word, job.stage, job.version, tuple(reasons), portals or {}, cause)


@dataclass
class Job:
    """One dataset on its way; each stage fills in what it made.

    Attributes:
        stage: where it is, so that an outcome can say where it ended.
        configuration: the configuration digest.
        version: of the release that this job is about, once there is one.
        staged: the files of the release in the run's work folder; after `stage` the candidate; after `switch` the release.
    """

    declared: Declared
    stage: str = ""
    configuration: str = ""
    version: str | None = None
    snapshot: Snapshot | None = None
    quality_input: QualityReport | None = None
    protected: Protected | None = None
    quality_output: QualityReport | None = None
    distributions: tuple[Distribution, ...] = ()
    release: Release | None = None
    outcome: Outcome | None = None
    portals: dict[str, PortalWord] = field(default_factory=dict)

    @property
    def dataset(self) -> Dataset:
        """The valid declaration; a job is only made for one."""
        return made(self.declared.dataset)

    @property
    def id(self) -> str:
        """The dataset's id."""
        return self.declared.id

    @property
    def table(self) -> SafeTable:
        """The protected table."""
        return made(made(self.protected).table)
