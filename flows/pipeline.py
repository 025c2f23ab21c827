"""A run: which datasets, in what order, every outcome; with or without Prefect.

The stages are plain functions (`flows.stages`, `flows.finishing`). `run` walks each dataset through them; how one step is carried out is
a parameter (`perform`), so that the Prefect flow is the same walk with a task around each step.
"""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from config.errors import ConfigurationError, LockedError, Message, RefusedError, SchemaChanged, VrijgaveError
from config.secrets import Secrets
from flows import finishing, stages
from flows.context import Job, RunContext, current_instant
from flows.due import due
from flows.rim import where
from publication import locks, status
from publication.home import Home
from publication.keys import home_key
from publication.ledger import Ledger
from publication.outcome import Outcome, write_outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from config.project import Project

    Step = Callable[[RunContext, Job], Outcome | None]
    Perform = Callable[[Step, RunContext, Job], None]

UNEXPECTED = Message(
    "failed.unexpected",
    nl="onverwachte fout ({kind} in {where}); de vorige uitgave blijft staan. Meld dit met de tekst tussen haakjes.",
    en="unexpected error ({kind} in {where}); the last release stays up. Report this with the text in brackets.",
)
UNKNOWN_PORTAL = Message(
    "usage.portal",
    nl="er is geen portaal {name}; kies uit: {known}",
    en="there is no portal {name}; choose from: {known}",
)


@contextmanager
def opened(
    project: Project,
    home_folder: Path,
    *,
    now: datetime | None = None,
    portals: Sequence[str] = (),
    force: str | None = None,
    dry: bool = False,
    progress: Callable[[str, str], None] | None = None,
) -> Iterator[RunContext]:
    """Open a run over a home: its id, its restricted work folder (removed at the end), the ledger with the home's key.

    Work folders of runs that are no more are removed first.
    """
    municipality = project.municipality
    if municipality is None:
        raise ConfigurationError(*project.problems)
    for name in portals:
        if name not in municipality.portals:
            raise ConfigurationError(UNKNOWN_PORTAL.at(name=name, known=", ".join(municipality.portals)))
    home = Home(home_folder)
    home.prepare()
    moment = now or current_instant()
    with ExitStack() as stack:
        run = _claim(home, moment, stack)
        ctx = RunContext(
            project=project,
            municipality=municipality,
            home=home,
            ledger=Ledger(home.ledger, home_key(home.keys)),
            secrets=Secrets(os.environ, project.folder / "secrets"),
            run=run,
            now=moment,
            portals=frozenset(portals) or None,
            force=force,
            dry=dry,
        )
        yield replace(ctx, progress=progress) if progress else ctx


def _claim(home: Home, now: datetime, stack: ExitStack) -> str:
    """Take the first free run id of this instant, and clear what dead runs left in `work/`."""
    for left in sorted(home.work.iterdir()):
        if left.is_dir() and left.name[:1].isdigit():
            try:
                with locks.lock(home.locks / f"run-{left.name}.lock"):
                    shutil.rmtree(left)
            except LockedError:
                continue
            (home.locks / f"run-{left.name}.lock").unlink(missing_ok=True)
    number = 0
    while True:
        number += 1
        run = f"{now:%Y%m%dT%H%M%SZ}.{number}"
        if (home.runs / run).exists():
            continue
        try:
            stack.enter_context(locks.lock(home.locks / f"run-{run}.lock"))
            (home.work / run).mkdir(mode=0o700)
        except (LockedError, FileExistsError):
            continue
        stack.callback((home.locks / f"run-{run}.lock").unlink, missing_ok=True)
        stack.callback(shutil.rmtree, home.work / run, ignore_errors=True)
        return run


def attempt(step: Step, ctx: RunContext, job: Job) -> None:
    """Carry out one step; whatever goes wrong becomes the job's outcome here, the one rim, without any value of the data."""
    job.stage = step.__name__.removesuffix("_")
    ctx.progress(job.id, job.stage)
    try:
        job.outcome = step(ctx, job)
    except VrijgaveError as error:
        job.outcome = outcome_of(ctx, job, error)
    except Exception as error:  # noqa: BLE001 - the rim: the next dataset goes on, and the text of the exception goes nowhere
        job.outcome = ctx_outcome(ctx, job, "failed", (UNEXPECTED.at(kind=type(error).__name__, where=where(error)),), exit_code=6)
