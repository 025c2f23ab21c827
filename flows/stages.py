"""The way of one dataset, stage by stage, up to a candidate: plain functions over one context.

Each takes the context and the job, writes what it made into the job, and gives an `Outcome` when the way ends there (a gate's refusal
is an outcome, not an exception) or None to go on. In order::

    extract → check_input → protect → check_output → write → inspect → describe → stage
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from config.digest import canonical, configuration_digest, file_digests, named_files
from config.errors import Message
from engine.choice import chosen
from flows import reporting, snapshots
from flows.candidates import compose, known, place
from flows.context import made
from flows.earlier import earlier, rows_before

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.errors import Place, Problem
    from config.models.dataset import Dataset
    from flows.context import Job, RunContext
    from publication.outcome import Outcome
    from quality.check import QualityReport

FOUND = Message(
    "gate.scan",
    nl="{file}, kolom {column}: {kind} gevonden ({hits} keer). {reason} Laat de kolom weg, of leg in privacy.findings vast waarom dit mag.",
    en="{file}, column {column}: {kind} found ({hits} times). {reason_en} Drop the column, or state in privacy.findings why it may stay.",
)


def extract(ctx: RunContext, job: Job) -> Outcome | None:
    """Take the snapshot that a cut-off run left, or extract a new one; stop when it was released or judged before."""
    from sources.extract import extract as read
    from sources.extract import select

    dataset, base = job.dataset, job.declared.file.parent
    needed = select(dataset)
    named = file_digests(named_files(dataset, base))
    asked = _asked(dataset, needed, named)
    job.snapshot = snapshots.pending(ctx.home, dataset, asked)
    if job.snapshot is None:
        out = ctx.folder(job) / "snapshot.parquet"
        options = dataset.source.model_copy(update={"key": dataset.source_key})
        taken = read(options, dataset.columns, base=base, out=out, now=ctx.now, secrets=ctx.secrets, needed=needed)
        job.snapshot = snapshots.keep(ctx.home, dataset, taken, asked)
    job.configuration = configuration_digest(dataset, named)
    return known(ctx, job)


def check_input(ctx: RunContext, job: Job) -> Outcome | None:
    """The gate before: the source's own data, as extracted."""
    from quality.check import applicable, check, gate
    from quality.relative import beside

    quality, snapshot = job.dataset.quality, made(job.snapshot)
    suite = applicable(quality.expectations, "input", frozenset())
    report = check(snapshot.path, suite, gate="input", columns=job.dataset.columns, places=_places(job, suite), spill=ctx.folder(job))
    gated = gate(report, snapshot.rejected_rows, snapshot.read, quality.max_quarantine)
    job.quality_input = beside(gated, rows_before(ctx, job))
    ctx.write_run_file(job, "quality-input.json", job.quality_input.as_json())
    reporting.judged(ctx, job)
    return _blocked(ctx, job, job.quality_input)


def protect(ctx: RunContext, job: Job) -> Outcome | None:
    """Drop, make coarser or count, and prove it; what was set aside takes no part."""
    from anonymisation.protect import protect as protected
    from anonymisation.report_page import page

    job.protected = protected(
        made(job.snapshot),
        job.dataset.columns,
        job.dataset.privacy,
        base=job.declared.file.parent,
        secrets=ctx.secrets,
        work=ctx.folder(job),
        exclude=made(job.quality_input).rows_aside,
        dataset=job.dataset.id,
        earlier=earlier(ctx, job),
        engine=chosen(ctx.municipality.engine),
    )
    ctx.write_run_file(job, "privacy.json", job.protected.report)
    ctx.write_run_file(job, "privacy.html", page(job.protected.report, "nl"))
    ctx.write_run_file(job, "privacy.en.html", page(job.protected.report, "en"))
    return ctx.end(job, "blocked", job.protected.problems) if job.protected.table is None else None


def check_output(ctx: RunContext, job: Job) -> Outcome | None:
    """The gate after: the protected table, as it would be published."""
    from quality.check import applicable, check

    table = job.table
    names = frozenset(column.name for column in table.columns)
    coarsened = frozenset(column.name for column in table.columns if column.level or column.measured)
    suite = applicable(job.dataset.quality.expectations, "output", names, coarsened=coarsened)
    job.quality_output = check(table.path, suite, gate="output", columns=table.columns, places=_places(job, suite), spill=ctx.folder(job))
    ctx.write_run_file(job, "quality-output.json", job.quality_output.as_json())
    reporting.judged(ctx, job)
    return _blocked(ctx, job, job.quality_output)


def write(ctx: RunContext, job: Job) -> Outcome | None:
    """Write every distribution and read it back; a table that does not fit a format is refused first."""
    from distributions.base import Sheet, WriteOptions
    from distributions.write import limits, write_all

    dataset, wanted = job.dataset, job.dataset.publication
    if too_big := limits(job.table, wanted.distributions):
        return ctx.end(job, "blocked", too_big)
    sheet = Sheet(dataset.id, dataset.title, dataset.description, ctx.municipality.publisher.name)
    options = WriteOptions(sheet=sheet, guard=wanted.formula_guard)
    job.distributions = write_all(job.table, wanted.distributions, ctx.stage_folder(job), dataset.id, options)
    return None


def inspect(ctx: RunContext, job: Job) -> Outcome | None:
    """Scan the written files for personal data, as a reader of each would see them."""
    from anonymisation.detect import scan, unresolved
    from distributions.write import writer

    titles = {column.name: column.title.nl if column.title else column.name for column in job.table.columns}
    place_ = job.declared.places.at("privacy")
    problems: list[Problem] = []
    for file in job.distributions:
        findings = scan(writer(file.format).read_back(ctx.stage_folder(job) / file.name), titles)
        problems += [
            FOUND.at(
                place_,
                file=file.name,
                column=finding.column,
                kind=finding.kind,
                hits=finding.hits,
                reason=finding.reason_nl,
                reason_en=finding.reason_en,
            )
            for finding in unresolved(findings, job.dataset.privacy.findings)
        ]
    return ctx.end(job, "blocked", problems) if problems else None


def describe(ctx: RunContext, job: Job) -> Outcome | None:
    """Complete the release folder (data package, CSVW, checksums, manifest) and hold its description against DCAT-AP-NL."""
    from catalogue.findings import violations
    from catalogue.model import Entry, publisher
    from catalogue.model import describe as description_of
    from catalogue.validate import validate_entries

    job.release = compose(ctx, job)
    reporting.judged(ctx, job)
    told = description_of(job.dataset, ctx.municipality)
    ctx.write_run_file(job, "metadata.json", told.as_json())
    wrong = violations(validate_entries(publisher(ctx.municipality), [Entry(told, (job.release.facts(),))]))
    return ctx.end(job, "blocked", [finding.as_problem() for finding in wrong]) if wrong else None


def stage(ctx: RunContext, job: Job) -> Outcome | None:
    """Move the verified release to the candidates with one rename."""
    job.release = place(ctx, job)
    return None


PREPARE = (extract, check_input, protect, check_output, write, inspect, describe, stage)


def _asked(dataset: Dataset, needed: frozenset[str], named: Mapping[str, str]) -> str:
    """Give the digest of what an extraction depends on, so that a snapshot left behind is used only for the same question.

    `named` are the digests of the files that the declaration names: cells are held to the code lists among them.
    """
    told = {
        "source": dataset.source.model_dump(mode="json"),
        "schema": [column.model_dump(mode="json") for column in dataset.columns],
        "needed": sorted(needed),
        "files": dict(sorted(named.items())),
    }
    return hashlib.sha256(canonical(json.loads(json.dumps(told)))).hexdigest()


def _places(job: Job, suite: tuple[object, ...]) -> tuple[Place, ...]:
    """Give where each expectation of a suite stands in the declaration."""
    declared = job.dataset.quality.expectations
    return tuple(job.declared.places.at("quality", "expectations", declared.index(one)) for one in suite)


def _blocked(ctx: RunContext, job: Job, report: QualityReport) -> Outcome | None:
    return ctx.end(job, "blocked", report.reasons) if report.verdict == "blocked" else None
