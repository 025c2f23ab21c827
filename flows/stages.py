"""The way of one dataset, stage by stage, up to a candidate: plain functions over one context.

Each takes the context and the job, writes what it made into the job, and gives an `Outcome` when the way ends there (a gate's refusal
is an outcome, not an exception) or None to go on.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from config.digest import configuration_digest, digest_of
from config.errors import Message
from engine.files import write_atomic
from flows import snapshots
from publication.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from config.errors import Problem
    from flows.context import Job, RunContext

NOTHING_LEFT = Message(
    "gate.scan",
    nl="kolom {column} bevat {kind} in {hits} cellen van {file}: {reason} Laat de kolom weg, of leg in privacy.findings uit waarom het mag.",
    en="column {column} holds {kind} in {hits} cells of {file}: {reason} Drop the column, or explain in privacy.findings why it may stay.",
)
REJECTED = Message(
    "approval.rejected",
    nl="deze gegevens met deze declaratie zijn afgewezen; pas de declaratie aan of wacht op nieuwe gegevens",
    en="these data under this declaration were rejected; change the declaration or wait for new data",
)
WAITING = Message(
    "approval.waiting",
    nl="wacht op goedkeuring door {roles}: vrijgave approve {release} --as PERSOON --key BESTAND",
    en="waits for approval by {roles}: vrijgave approve {release} --as PERSON --key FILE",
)


def extract(ctx: RunContext, job: Job) -> Outcome | None:
    """Take the snapshot that a cut-off run left, or extract a new one; stop when nothing changed."""
    from sources.extract import extract as read
    from sources.extract import select

    dataset = job.dataset
    snapshots.expire(ctx.home, dataset, ctx.now)
    needed = select(dataset)
    declaration = digest_of({"source": dataset.source.model_dump(mode="json"), "schema": [c.model_dump(mode="json") for c in dataset.columns],
                             "columns": sorted(needed)})
    job.snapshot = snapshots.pending(ctx.home, dataset, declaration)
    if job.snapshot is None:
        folder = job_folder(ctx, job)
        taken = read(dataset.source, dataset.columns, base=job.declared.file.parent, out=folder / "snapshot.parquet", now=ctx.now,
                     secrets=ctx.secrets, needed=needed)
        job.snapshot = snapshots.keep(ctx.home, dataset, taken, declaration)
    return _unchanged(ctx, job)
