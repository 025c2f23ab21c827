"""The report of one check run as one document, ``quality-report/1``: every other form (page, PDF, CSV, JUnit) is made from it.

The auditor's document has both gates and the digest of the input; the public one has the gate after protection alone. Neither has a value
of the data: what may hold one was left out when `quality.result` wrote the results.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from config.models.base import Model

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from quality.report import QualityReport

SCHEMA: Literal["quality-report/1"] = "quality-report/1"
RUNS = 12
"""Runs of which the trend is shown."""

Verdict = Literal["passed", "awaiting-approval", "blocked"]
RANK: tuple[Verdict, ...] = ("passed", "awaiting-approval", "blocked")


class Words(Model):
    """A sentence in both languages.

    Attributes:
        nl: in Dutch.
        en: in English.
    """

    nl: str
    en: str


class Score(Model):
    """How one dimension of NORA's framework for data quality came out.

    Attributes:
        checks: how many checks belong to it.
        passed: how many of them succeeded.
        score: the mean share that is right, 0 to 1.
    """

    checks: int
    passed: int
    score: float


class Check(Model):
    """One check that was carried out.

    Attributes:
        type: a Great Expectations name.
        kwargs: its arguments, in public without those that may hold a value of a column that is not open.
        kwargs_masked: the names of the arguments that were left out.
        element_count: rows judged, the denominator; null for a figure over the whole table.
        unexpected_count: rows that failed.
        engine: what judged it.
        text: what was asked, in plain words.
        error: the class of the exception when it could not be evaluated.
        set_aside: how many rows it set aside.
    """

    type: str
    kwargs: dict[str, Any]
    kwargs_masked: list[str] = Field(default_factory=list)
    dimension: str
    severity: Literal["critical", "warning", "info"]
    success: bool
    element_count: int | None = None
    unexpected_count: int | None = None
    unexpected_percent: float | None = None
    observed_value: Any = None
    observed_masked: bool = False
    engine: str
    text: Words
    error: str | None = None
    set_aside: int | None = None


class RowAside(Model):
    """A row that was set aside.

    Attributes:
        row: its number in the source.
        column: the column, or columns, of the check.
        rule: the name of the check.
    """

    row: int
    column: str
    rule: str


class Gate(Model):
    """What one gate found.

    Attributes:
        gate: `input` before protection, `output` after it, `file` for any file.
        rows: rows of the table that was judged.
        results: every check, in the order of the suite.
        findings: what concerns the whole table (an empty source, too many rows set aside).
        aside: every row that was set aside, all of them.
        unreadable: rows of the source that could not be read.
        read: rows that the source held.
        ceiling: the share of rows that may be set aside at most.
    """

    gate: Literal["input", "output", "file"]
    success: bool
    verdict: Verdict
    rows: int
    dimensions: dict[str, Score]
    results: list[Check]
    findings: list[Words] = Field(default_factory=list)
    aside: list[RowAside] = Field(default_factory=list)
    unreadable: int | None = None
    read: int | None = None
    ceiling: float | None = None


class Approval(Model):
    """A signature of a person over the release.

    Attributes:
        person: the id in `municipality.yaml`; null in public.
        key: `personal`, or `demo` for a throw-away key.
    """

    person: str | None
    role: str
    key: str = "personal"


class Moment(Model):
    """The scores of one earlier run or release.

    Attributes:
        name: the run, or the version of the release.
        at: when it ran, or was made: ISO 8601.
        scores: dimension → the mean share that is right.
    """

    name: str
    at: str
    scores: dict[str, float]


class Changed(Model):
    """A check that came out differently than in the release before.

    Attributes:
        before: `passed`, `failed`, or `absent` where there was no such check.
        after: the same, now.
    """

    type: str
    text: Words
    before: Literal["passed", "failed", "absent"]
    after: Literal["passed", "failed", "absent"]


class Changes(Model):
    """What is different from the last release.

    Attributes:
        since: the version of that release.
        rows_before: how many rows it has.
        rows_after: how many rows there are now.
        columns_added: names of columns that are new.
        columns_removed: names of columns that went.
        checks: the checks that came out differently, were added or were taken away.
    """

    since: str
    rows_before: int
    rows_after: int
    columns_added: list[str] = Field(default_factory=list)
    columns_removed: list[str] = Field(default_factory=list)
    checks: list[Changed] = Field(default_factory=list)


class Waiver(Model):
    """A failing check that a person accepted for a time.

    Attributes:
        check: the name of the check.
        person: who signed.
        reason: why.
        until: the day it expires.
    """

    check: str
    person: str
    reason: str
    until: str


class Report(Model):
    """The report of one check run.

    Attributes:
        schema_: the form of this document.
        audience: `auditor`, or `public`: the gate after protection alone, and no digest of the input.
        verdict: the worst of the gates.
        approvals: the signatures that stand over the release.
        missing: the roles that still have to sign.
        gates: what each gate found.
        trend: the scores of the last twelve runs, this one last; in public those of releases.
        changes: what is different from the last release; null where there is none.
        waivers: what was accepted for a time.
        digests: name → SHA-256, of input, output, suite and program.
        quarantined_rows: rows of the source that are not in the release, counted in public.
    """

    schema_: Literal["quality-report/1"] = Field(default=SCHEMA, alias="schema")
    audience: Literal["auditor", "public"]
    title: Words
    dataset: str | None = None
    version: str | None = None
    run: str | None = None
    at: str | None = None
    verdict: Verdict
    approvals: list[Approval] = Field(default_factory=list)
    missing: list[str] = Field(default_factory=list)
    gates: list[Gate]
    trend: list[Moment] = Field(default_factory=list)
    changes: Changes | None = None
    waivers: list[Waiver] = Field(default_factory=list)
    digests: dict[str, str] = Field(default_factory=dict)
    quarantined_rows: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Give the document in its JSON form, every key there, in the order of the schema."""
        return self.model_dump(mode="json", by_alias=True)


def gate(report: QualityReport, *, public: bool = False) -> Gate:
    """Give what a gate found; the public form is that of `QualityReport.public`.

    Raises:
        ValueError: another gate than `output` in public.
    """
    told = report.public() if public else report.as_json()
    return Gate(
        gate=report.gate,
        success=report.success,
        verdict=report.verdict,
        rows=report.rows,
        dimensions={name: Score(**score) for name, score in told["dimensions"].items()},
        results=[Check(**{key: value for key, value in one.items() if key in Check.model_fields}) for one in told["results"]],
        findings=[Words(nl=problem.nl, en=problem.en) for problem in report.extra],
        aside=[] if public else [RowAside(row=each.row, column=each.column, rule=each.rule) for each in report.aside],
        unreadable=None if public else report.rejected_rows,
        read=None if public else report.read,
        ceiling=None if public else report.max_quarantine,
    )


def of_file(report: QualityReport, name: str, digests: Mapping[str, str]) -> Report:
    """Give the report of any file: one gate, nobody who signs, nothing before it."""
    found = gate(report)
    return Report(audience="auditor", title=Words(nl=name, en=name), verdict=found.verdict, gates=[found], digests=dict(digests))


def worst(gates: Iterable[Gate]) -> Verdict:
    """Give the worst verdict of some gates; `passed` where there is none."""
    return max((each.verdict for each in gates), key=RANK.index, default="passed")


def scores(gates: Sequence[Gate]) -> dict[str, float]:
    """Give dimension → the mean share that is right over the checks of all gates (six decimals), sorted by name."""
    found: dict[str, list[Score]] = {}
    for each in gates:
        for name, score in each.dimensions.items():
            found.setdefault(name, []).append(score)
    return {
        name: round(sum(s.score * s.checks for s in listed) / total, 6)
        for name, listed in sorted(found.items())
        if (total := sum(s.checks for s in listed))
    }


def compared(since: str, before: Mapping[str, Any], after: Mapping[str, Any], columns: tuple[Sequence[str], Sequence[str]]) -> Changes:
    """Say what is different from an earlier release.

    Args:
        since: its version.
        before: its public quality report (``quality/1``).
        after: the same report of what would be, or is, published after it.
        columns: the names of the columns, then and now.
    """
    then, now = ({_key(one["type"], one.get("kwargs", {})): one for one in told.get("results", ())} for told in (before, after))
    found = []
    for key in dict.fromkeys((*now, *then)):
        was, is_now = _word(then.get(key)), _word(now.get(key))
        if was != is_now:
            words = now.get(key, then.get(key, {})).get("text") or {"nl": key[0], "en": key[0]}
            found.append(Changed(type=key[0], text=Words(**words), before=was, after=is_now))
    return Changes(
        since=since,
        rows_before=int(before.get("rows", 0)),
        rows_after=int(after.get("rows", 0)),
        columns_added=[name for name in columns[1] if name not in columns[0]],
        columns_removed=[name for name in columns[0] if name not in columns[1]],
        checks=found,
    )


def _key(kind: str, kwargs: Mapping[str, Any]) -> tuple[str, str]:
    """Give what makes a check the same check in two releases: its name and the columns and arguments it shows."""
    return kind, repr(sorted(kwargs.items(), key=lambda item: item[0]))


def _word(result: Mapping[str, Any] | None) -> Literal["passed", "failed", "absent"]:
    if result is None:
        return "absent"
    return "passed" if result["success"] else "failed"
