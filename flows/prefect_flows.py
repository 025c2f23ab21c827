"""The pipeline as a Prefect flow: the same walk as `pipeline.run`, with a Prefect task around each step.

Tasks get ids, never tables; nothing is cached or persisted; nothing is raised through a task, so that no text of an exception reaches
Prefect's database: a step that ends a dataset's way gives a state that names the outcome and its codes. Only an unreachable source or
portal is tried again.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import shutil
from typing import TYPE_CHECKING, Any

from flows import pipeline

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from prefect.client.schemas.objects import State

    from config.project import Project
    from flows.context import Job, RunContext
    from publication.outcome import Outcome

RETRIES = 2
DELAYS = (2.0, 10.0)
TRANSIENT = "Onbereikbaar"
"""The name of the state that may be tried again."""

SETTINGS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_TASKS_DEFAULT_PERSIST_RESULT": "false",
}


def settle(home: Path) -> None:
    """Set Prefect's environment before it is imported: no telemetry, a quiet embedded server, its database inside the home."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    if "PREFECT_API_URL" not in os.environ:
        folder = home.resolve() / "work" / "prefect"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if "PREFECT_HOME" not in os.environ:
            os.environ["PREFECT_HOME"] = str(folder)
            # Registered before Prefect is imported, so run after its server has stopped: `work/` is left empty.
            atexit.register(shutil.rmtree, folder, ignore_errors=True)


def run_with_prefect(project: Project, home: Path, ids: Sequence[str] = (), **options: Any) -> tuple[Outcome, ...]:
    """Run the pipeline as one Prefect flow run; gives the outcomes as `pipeline.run` does."""
    settle(home)
    from prefect import flow
    from prefect.artifacts import create_table_artifact
    from prefect.states import Completed, Failed

    logging.getLogger("prefect").setLevel(os.environ["PREFECT_LOGGING_LEVEL"])
    outcomes: list[Outcome] = []
    stopped: list[Exception] = []

    @flow(name="vrijgave", persist_result=False, log_prints=False)
    def vrijgave(datasets: list[str]) -> State[Any]:
        try:
            walk(datasets)
        except Exception as error:  # noqa: BLE001 - raised again outside the flow: through it, its text would reach Prefect's database
            stopped.append(error)
            return Failed(message=type(error).__name__)
        failed = [outcome.dataset for outcome in outcomes if outcome.outcome == "failed"]
        return Failed(message=f"mislukt: {', '.join(failed)}") if failed else Completed(message=f"{len(outcomes)} dataset(s)")

    def walk(datasets: list[str]) -> None:
        with pipeline.opened(project, home, **options) as ctx:
            outcomes.extend(pipeline.run(ctx, datasets, perform=as_task))
            for outcome in outcomes:
                if rows := quality_rows(ctx, outcome):
                    create_table_artifact(rows, key=f"kwaliteit-{outcome.dataset}", description="Kwaliteit per controle, zonder waarden")

    vrijgave(list(ids), return_state=True)
    if stopped:
        raise stopped[0]
    return tuple(outcomes)


def as_task(step: pipeline.Step, ctx: RunContext, job: Job | pipeline.PortalJob) -> None:
    """Carry out one step as a task of the running flow; its parameter is the id of the dataset or portal."""
    from prefect import task
    from prefect.cache_policies import NO_CACHE
    from prefect.states import Completed, Failed

    def body(name: str) -> State[Any]:
        pipeline.attempt(step, ctx, job)
        outcome = job.outcome
        if outcome is None:
            return Completed(message=name)
        codes = ", ".join(reason.code for reason in outcome.reasons)
        if outcome.outcome != "failed":
            return Completed(name=outcome.outcome.capitalize(), message=codes)
        return Failed(name=TRANSIENT if outcome.transient else "Failed", message=codes)

    task(
        name=step.__name__,
        task_run_name=f"{step.__name__} · {{name}}",
        retries=RETRIES,
        retry_delay_seconds=list(DELAYS),
        retry_condition_fn=transient,
        cache_policy=NO_CACHE,
        persist_result=False,
    )(body)(job.id, return_state=True)


def transient(_task: object, _run: object, state: State[Any]) -> bool:
    """Say whether a failed step may be tried again: only where a source or portal was not reached."""
    return state.name == TRANSIENT


def quality_rows(ctx: RunContext, outcome: Outcome) -> list[dict[str, Any]]:
    """Give a row a check for the artifact of a dataset: names and counts, no observed value."""
    rows = []
    for gate in ("input", "output"):
        file = ctx.home.run(ctx.run, outcome.dataset) / f"quality-{gate}.json"
        if file.exists():
            for result in json.loads(file.read_bytes())["results"]:
                told = ("type", "dimension", "severity", "success", "element_count", "unexpected_count")
                rows.append({"gate": gate, **{name: result.get(name) for name in told}})
    return rows
