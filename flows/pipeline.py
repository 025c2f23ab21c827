"""A run: which datasets, in what order, every outcome; with or without Prefect.

The stages are plain functions (`flows.stages`, `flows.finishing`). `run` walks each dataset through them; how one step is carried out is
a parameter (`perform`), so that the Prefect flow is the same walk with a task around each step.
"""

from __future__ import annotations

import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from config.errors import ConfigurationError, IntegrityError, LockedError, Message, RefusedError, SchemaChanged, VrijgaveError
from flows import finishing, portals, snapshots, stages
from flows.context import Job, RunContext, current_instant
from flows.due import due
from flows.rim import where
from publication import locks, status
from publication.home import Home
from publication.ledger import Ledger
from publication.outcome import Outcome, write_outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from config.errors import Problem
    from config.project import Declared, Project
    from publication.outcome import PortalWord, Word

    Step = Callable[[RunContext, Any], Outcome | None]
    Perform = Callable[[Step, RunContext, "Job | PortalJob"], None]

UNEXPECTED = Message(
    "failed.unexpected",
    nl="onverwachte fout ({kind} in {where}); wat openbaar was, is nog heel. Meld dit met de tekst tussen haakjes.",
    en="unexpected error ({kind} in {where}); what was public is still whole. Report this with the text in brackets.",
)
NOT_HERE = Message(
    "run.not-here",
    nl="deze dataset gaat naar {portals}, en daar publiceert deze run niet",
    en="this dataset goes to {portals}, and this run does not publish there",
    severity="warning",
)
FIRST = Message(
    "run.published-first",
    nl="eerst is de goedgekeurde versie {version} gepubliceerd; daarna is naar nieuwere gegevens gekeken",
    en="the approved version {version} was published first; then newer data were looked at",
    severity="warning",
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
            ledger=Ledger.of(home),
            secrets=project.secrets,
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


@dataclass
class PortalJob:
    """One portal on its way to what should be public; `words` is what it did by dataset."""

    id: str
    stage: str = ""
    version: str | None = None
    outcome: Outcome | None = None
    words: dict[str, PortalWord] = field(default_factory=dict)


def attempt(step: Step, ctx: RunContext, job: Job | PortalJob) -> None:
    """Carry out one step; whatever goes wrong becomes the job's outcome here, the one rim, without any value of the data."""
    job.stage = step.__name__
    ctx.progress(job.id, job.stage)
    try:
        job.outcome = step(ctx, job)
    except VrijgaveError as error:
        blocked = isinstance(error, RefusedError | SchemaChanged)
        locked = isinstance(error, LockedError)
        word: Word = "blocked" if blocked else "locked" if locked else "failed"
        job.outcome = Outcome(
            ctx.run, job.id, word, job.stage, job.version, error.problems, cause=error.exit_code, transient=error.transient
        )
    except Exception as error:  # noqa: BLE001 - the rim: the next dataset goes on, and the text of the exception goes nowhere
        told = UNEXPECTED.at(kind=type(error).__name__, where=where(error))
        job.outcome = Outcome(ctx.run, job.id, "failed", job.stage, job.version, (told,), cause=6)


def run(ctx: RunContext, ids: Sequence[str] = (), *, perform: Perform = attempt) -> tuple[Outcome, ...]:
    """Run the pipeline over these datasets, or over every dataset that is due; gives an outcome a dataset, in order of id.

    What an earlier run left open, and what was approved since, is published first, without extracting again; then the run looks at newer
    data. Datasets do not wait for each other: what goes wrong with one is its own outcome.
    """
    chosen = tuple(dict.fromkeys(ids)) or due_now(ctx)
    snapshots.expire_all(ctx.home, ctx.project, ctx.now)
    with ExitStack() as held:
        jobs = [_taken(ctx, name, held) for name in chosen]
        for job in jobs:
            if job.outcome is None:
                perform(finishing.stop_withdrawn, ctx, job)
        finished = [] if ctx.dry else _finish_left(ctx, jobs, perform)
        for job in jobs:
            _prepare(ctx, job, perform)
        if not ctx.dry:
            _publish(ctx, jobs, perform)
        return tuple(_written(ctx, job, _settled(ctx, job, finished)) for job in jobs)


def due_now(ctx: RunContext) -> tuple[str, ...]:
    """Give the ids of the datasets that are due at the instant of the run."""

    def unfinished(name: str) -> bool:
        declared = ctx.project.datasets[name]
        job = Job(declared)
        known = status.read(ctx.home.status).get(name, {})
        failed = known.get("outcome") in ("failed", "locked") or "failed" in known.get("portals", {}).values()
        skipped = "skipped" in known.get("portals", {}).values()
        try:
            left = finishing.unfinished(ctx, job) or finishing.approved_candidate(ctx, job)
        except IntegrityError:
            return True  # the run of that dataset says what is damaged
        return failed or skipped or left is not None

    declared = ctx.project.datasets.values()
    return due(declared, ctx.now, last_checked=lambda name: status.last_checked(ctx.home.status, name), unfinished=unfinished)


def _taken(ctx: RunContext, name: str, held: ExitStack) -> Job:
    """Lock a dataset for this run; one that is busy or whose declaration is invalid has its outcome at once."""
    job = Job(ctx.project.datasets[name], stage="start")
    errors = [problem for problem in job.declared.problems if problem.severity == "error"]
    try:
        held.enter_context(locks.lock(ctx.home.locks / f"dataset-{name}.lock"))
    except LockedError as error:
        job.outcome = ctx.end(job, "locked", error.problems)
        return job
    if job.declared.dataset is None:
        job.outcome = ctx.end(job, "failed", errors, cause=2)
    return job


def _finish_left(ctx: RunContext, jobs: Sequence[Job], perform: Perform) -> list[Job]:
    """Publish what an earlier run left open and what was approved since; gives the jobs of that."""
    left = []
    for job in jobs:
        if job.outcome is None:
            earlier = Job(job.declared)
            perform(finishing.take_up, ctx, earlier)
            if earlier.outcome is not None:
                job.outcome = earlier.outcome
            elif earlier.release is not None:
                left.append(earlier)
    if left:
        _publish(ctx, left, perform)
    return left


def _prepare(ctx: RunContext, job: Job, perform: Perform) -> None:
    """Walk a dataset from its source to an approved candidate, or to the outcome with which its way ends."""
    walk = stages.PREPARE[:-1] if ctx.dry else stages.PREPARE
    for step in walk:
        if job.outcome is not None or (step is stages.check_input and job.release is not None):
            break
        perform(step, ctx, job)
    if job.outcome is None and not ctx.dry:
        perform(finishing.decide, ctx, job)


def _publish(ctx: RunContext, jobs: Sequence[Job], perform: Perform) -> None:
    """Take approved candidates to the release, bring every portal up to date, and conclude."""
    ready = [job for job in jobs if job.outcome is None]
    standing = [job for job in jobs if job.outcome is not None and job.outcome.outcome == "unchanged"]
    for job in ready:
        if any(ctx.publishes_to(name) for name in job.dataset.publication.portals):
            perform(finishing.release, ctx, job)
        else:
            job.outcome = ctx.end(job, "skipped", [NOT_HERE.at(portals=", ".join(job.dataset.publication.portals))])
    for job in standing:
        perform(finishing.refresh, ctx, job)
    targets = [PortalJob(name) for name in portals.in_use(ctx, jobs)]
    for portal in targets:
        perform(_portal, ctx, portal)
    for job, last in [*((job, finishing.conclude) for job in ready), *((job, finishing.stands) for job in standing)]:
        if job.outcome is None:
            used = [portal for portal in targets if portal.id in job.dataset.publication.portals]
            job.portals = {portal.id: portal.words.get(job.id, "failed") for portal in used}
            broken = [portal.outcome for portal in used if portal.outcome and not ctx.municipality.portals[portal.id].optional]
            if broken:
                job.stage = "portal"
                word: Word = "blocked" if broken[0].outcome == "blocked" else "failed"
                job.outcome = ctx.end(job, word, broken[0].reasons, cause=broken[0].cause, portals=job.portals)
            else:
                perform(last, ctx, job)
            optional = [portal.outcome for portal in used if portal.outcome and ctx.municipality.portals[portal.id].optional]
            if job.outcome and optional:
                told = [replace(reason, severity="warning") for each in optional for reason in each.reasons]
                job.outcome = replace(job.outcome, reasons=(*job.outcome.reasons, *told))


def _portal(ctx: RunContext, portal: PortalJob) -> Outcome | None:
    """Bring one portal to what should be public."""
    portal.words = portals.publish(ctx, portal.id)
    return None


_portal.__name__ = "portal"


def _settled(ctx: RunContext, job: Job, finished: Sequence[Job]) -> Outcome:
    """Give a dataset's outcome; what an approved candidate came to in this same run is told with it."""
    earlier = next((each.outcome for each in finished if each.id == job.id), None)
    outcome = job.outcome or ctx.end(job, "skipped")
    if earlier is not None and outcome.outcome == "unchanged":
        outcome = earlier
    elif earlier is not None and earlier.outcome == "published":
        told = FIRST.at(version=earlier.version or "")
        outcome = replace(outcome, portals=outcome.portals or earlier.portals, reasons=(told, *outcome.reasons))
    return replace(outcome, reasons=tuple(_placed(reason, job.declared) for reason in outcome.reasons))


def _written(ctx: RunContext, job: Job, outcome: Outcome) -> Outcome:
    """Write an outcome down, and let go of what a cut-off run would have left to the next; a disk that refuses makes it failed."""
    try:
        write_outcome(outcome, ctx.home.run(ctx.run, job.id))
        # Also after a dry run: the next run looks at the source again, and not at what this one happened to find.
        if job.declared.dataset is not None and outcome.outcome != "locked":
            snapshots.done(ctx.home, job.id)
        if not ctx.dry:
            status.record(ctx.home.status, outcome, ctx.now)
    except OSError as error:
        told = UNEXPECTED.at(kind=type(error).__name__, where=where(error))
        return replace(outcome, outcome="failed", reasons=(*outcome.reasons, told), cause=6)
    return outcome


def _placed(problem: Problem, declared: Declared) -> Problem:
    """Give a problem that names a part of the declaration the file, line and column where that part stands."""
    place = problem.place
    if place.file or not place.path:
        return problem
    return replace(problem, place=declared.places.at(*(int(part) if part.isdigit() else part for part in place.path.split("."))))
