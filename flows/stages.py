"""The way of one dataset, stage by stage, up to a candidate: plain functions over one context.

Each takes the context and the job, writes what it made into the job, and gives an `Outcome` when the way ends there (a gate's refusal
is an outcome, not an exception) or None to go on. In order::

    extract → check_input → protect → check_output → write → inspect → describe → stage
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from config.digest import configuration_digest, digest_of
from config.errors import Message
from engine.files import write_atomic
from flows import snapshots
from flows.context import made

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from config.errors import Problem
    from flows.context import Job, RunContext
    from publication.outcome import Outcome
    from quality.check import QualityReport

FOUND = Message(
    "gate.scan",
    nl="{file}, kolom {column}: {kind} gevonden ({hits} keer). {reason} Laat de kolom weg of leg in privacy.findings vast waarom dit mag.",
    en="{file}, column {column}: {kind} found ({hits} times). {reason} Drop the column, or state in privacy.findings why this may stay.",
)
NOT_DCAT = Message(
    "gate.catalogue",
    nl="de beschrijving voldoet niet aan DCAT-AP-NL: {sentence} Verbeter {key}.",
    en="the description does not meet DCAT-AP-NL: {sentence} Mend {key}.",
)


def extract(ctx: RunContext, job: Job) -> Outcome | None:
    """Take the snapshot that a cut-off run left, or extract a new one."""
    from sources.extract import extract as read
    from sources.extract import select

    dataset = job.dataset
    snapshots.expire(ctx.home, dataset, ctx.now)
    needed = select(dataset)
    declaration = digest_of(
        {
            "source": dataset.source.model_dump(mode="json"),
            "schema": [column.model_dump(mode="json") for column in dataset.columns],
            "needed": sorted(needed),
        }
    )
    left = snapshots.pending(ctx.home, dataset, declaration)
    if left is None:
        out = ctx.folder(job.id) / "snapshot.parquet"
        base = job.declared.file.parent
        taken = read(dataset.source, dataset.columns, base=base, out=out, now=ctx.now, secrets=ctx.secrets, needed=needed)
        left = snapshots.keep(ctx.home, dataset, taken, declaration)
    job.snapshot = left
    job.configuration = configuration_digest(dataset, job.declared.files)
    return ctx.known(job)


def check_input(ctx: RunContext, job: Job) -> Outcome | None:
    """The gate before: the source's own data, as extracted."""
    from quality.check import applicable, check
    from quality.gate import gate

    dataset, snapshot = job.dataset, made(job.snapshot)
    expectations = applicable(dataset.quality.expectations, "input", survivors=job.survivors)
    report = check(snapshot.path, expectations, gate="input", columns=dataset.columns)
    report = gate(report, rejected_rows=snapshot.rejected_rows, read=snapshot.read, max_quarantine=dataset.quality.max_quarantine)
    job.quality_input = report
    ctx.write_run_file(job, "quality-input.json", report.as_json())
    return _ends(ctx, job, report)


def protect(ctx: RunContext, job: Job) -> Outcome | None:
    """Drop, make coarser or count, and prove it; what is set aside takes no part."""
    from anonymisation.protect import protect as protected

    dataset, snapshot = job.dataset, made(job.snapshot)
    job.protected = protected(
        snapshot,
        dataset.columns,
        dataset.privacy,
        base=job.declared.file.parent,
        secrets=ctx.secrets,
        work=ctx.folder(job.id),
        exclude=frozenset(aside.row for aside in made(job.quality_input).aside),
    )
    ctx.write_run_file(job, "privacy.json", job.protected.report)
    return ctx.end(job, "blocked", job.protected.problems) if job.protected.table is None else None


def check_output(ctx: RunContext, job: Job) -> Outcome | None:
    """The gate after: the protected table, as it would be published."""
    from quality.check import applicable, check

    table = job.table
    names = frozenset(column.name for column in table.columns)
    expectations = applicable(job.dataset.quality.expectations, "output", survivors=names)
    job.quality_output = check(table.path, expectations, gate="output", columns=table.columns)
    ctx.write_run_file(job, "quality-output.json", job.quality_output.as_json())
    return _ends(ctx, job, job.quality_output)


def write(ctx: RunContext, job: Job) -> Outcome | None:
    """Write every distribution and read it back."""
    from distributions.base import Sheet, WriteOptions
    from distributions.write import limits, write_all

    dataset = job.dataset
    wanted = dataset.publication
    too_big = limits(job.table, wanted.distributions)
    if too_big:
        return ctx.end(job, "blocked", too_big)
    sheet = Sheet(dataset.id, dataset.title, dataset.description, ctx.municipality.publisher.name)
    job.distributions = write_all(
        job.table, wanted.distributions, job.release_folder(ctx), dataset.id, WriteOptions(sheet=sheet, guard=wanted.formula_guard)
    )
    return None


def inspect(ctx: RunContext, job: Job) -> Outcome | None:
    """Scan the written files for personal data, as a reader of each would see them."""
    from anonymisation.detect import scan, unresolved
    from distributions.write import read_back

    problems: list[Problem] = []
    titles = {column.name: column.title.nl if column.title else column.name for column in job.table.columns}
    for distribution in job.distributions:
        findings = scan(read_back(distribution, job.release_folder(ctx)), titles)
        problems += [
            FOUND.at(
                job.declared.places.at("privacy"),
                file=distribution.name,
                column=finding.column,
                kind=finding.kind,
                hits=finding.hits,
                reason=finding.reason_nl,
            )
            for finding in unresolved(findings, job.dataset.privacy.findings)
        ]
    return ctx.end(job, "blocked", tuple(problems)) if problems else None


def describe(ctx: RunContext, job: Job) -> Outcome | None:
    """Complete the release folder: data package, CSVW, checksums, manifest; and hold the description against DCAT-AP-NL."""
    ...


def stage(ctx: RunContext, job: Job) -> Outcome | None:
    """Move the verified release to the candidates with one rename."""
    ...


def _ends(ctx: RunContext, job: Job, report: QualityReport) -> Outcome | None:
    return ctx.end(job, "blocked", report.reasons) if report.verdict == "blocked" else None


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


PREPARE = (extract, check_input, protect, check_output, write, inspect, describe, stage)
