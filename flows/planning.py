"""What a run would change, on each portal, without changing anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows import finishing, pipeline, portals

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from config.project import Project
    from flows.context import Job, RunContext
    from publication.outcome import Outcome
    from publication.portals.base import Change


def plan(
    project: Project, home: Path, ids: Sequence[str], *, progress: Callable[[str, str], None]
) -> tuple[tuple[Outcome, ...], dict[str, tuple[Change, ...]]]:
    """Walk the datasets without staging, and ask every portal what it would do.

    Returns:
        The outcomes of datasets that would not get to a portal yet (as `skipped` those that would), and the changes by portal.
    """
    jobs: list[Job] = []

    def remember(step: pipeline.Step, ctx: RunContext, job: Job | pipeline.PortalJob) -> None:
        pipeline.attempt(step, ctx, job)
        if not isinstance(job, pipeline.PortalJob) and job not in jobs:
            jobs.append(job)

    with pipeline.opened(project, home, dry=True, progress=progress) as ctx:
        outcomes = pipeline.run(ctx, ids or tuple(project.datasets), perform=remember)
        made = [job for job in jobs if job.release is not None and job.outcome is None]
        for job in made:
            pipeline.attempt(finishing.decide, ctx, job)
        decided = {job.id: job.outcome for job in made if job.outcome}
        # What waits is shown as it would be once people have signed; what was rejected is not.
        replaced = {job.id: job.release for job in made if job.release and (job.outcome is None or job.outcome.outcome != "rejected")}
        planned = {name: portals.plan(ctx, name, replaced) for name in portals.in_use(ctx, jobs)}
    return tuple(decided.get(one.dataset, one) for one in outcomes), {name: one.changes for name, one in planned.items() if one is not None}
