"""The report of a protection: JSON "privacy/1" of design §5, and the part of it that is public."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, TypedDict

from config.digest import canonical

if TYPE_CHECKING:
    from pathlib import Path

    from anonymisation.risks.wp29 import Verdict
    from config.models.privacy import Closeness, ColumnRule, DimensionRule, Privacy

SCHEMA = "privacy/1"


class Risk(TypedDict, total=False):
    """How easily a record is singled out; a class is the records that share their quasi-identifiers.

    Attributes:
        k: the size of the smallest class; None without records.
        uniques: records that are alone in their class.
        prosecutor_max: the chance of pointing out a record in the smallest class, 1 / k.
        prosecutor_avg: that chance averaged over the records, classes / rows.
        at_risk: the share of records in classes smaller than the model's k.
        marketer: the share of records that whoever matches all of them is expected to match rightly.
        journalist_max: the chance that the record easiest to look up among the persons of the population is theirs; `journalist_avg` on
            average. Only where something is known of the population.
        population_uniques: the share of persons who are alone with their quasi-identifiers; `population_model` says by which estimator,
            and each one's answer follows: None where it has none.
    """

    rows: int
    classes: int
    k: int | None
    uniques: int
    prosecutor_max: float
    prosecutor_avg: float
    at_risk: float
    marketer: float
    journalist_max: float
    journalist_avg: float
    population_uniques: float
    population_model: str
    population_pitman: float | None
    population_zayatz: float | None
    population_snb: float | None


class ColumnReport(TypedDict, total=False):
    """What happened to one column.

    Attributes:
        action: `dropped`, `kept`, `generalised` (its hierarchy was in the search), `transformed`, `pseudonym`, `dimension`, `value`,
            `contributor` or `unused`.
        level: the number of the level that was chosen; `level_name` its name; `levels` the names there were.
        information_loss: the share of the column's information that is lost, 0 to 1.
        levels_used: of local recoding: the levels that occur, from fine to coarse, with their share of the rows.
        suppressed_cells: cells that became ``*`` or, of a pseudonym, were left empty.
        transform: how values were replaced: `method`, `nl`, `en`, and of micro-aggregation the `smallest` group.
    """

    name: str
    classification: str
    action: str
    levels_used: list[dict[str, object]]
    suppressed_cells: int
    transform: dict[str, object]
    level: int
    level_name: str | None
    levels: list[str]
    information_loss: float
    loss: float


class Report(TypedDict, total=False):
    """The report; which keys are there depends on `kind`. Figures on raw data stand under `before` and nowhere else."""

    schema: str
    kind: str
    success: bool
    model: dict[str, Any] | None
    guarantee: list[str]
    metric: str | None
    optimal: bool
    lattice_size: int
    nodes_evaluated: int
    transformation: dict[str, int]
    recoding: str
    suppressed_cells: int
    suppressed_rows: int
    held_back: int
    earlier: list[str]
    suppression_limit: int
    excluded_rows: int
    rows: int
    score: float
    information_loss: float
    before: dict[str, Any]
    after: dict[str, Any]
    wp29: dict[str, Verdict]
    query_error: dict[str, Any]
    columns: list[ColumnReport]
    findings: list[dict[str, str]]
    dimensions: dict[str, int]
    measure: str
    rules: dict[str, Any]
    cells: int
    primary: dict[str, int | None]
    secondary: int
    cost: float
    gap: float
    method: str
    audit: dict[str, int]
    digests: dict[str, Any]
    reasons: list[str]


def begin(privacy: Privacy, *, fingerprint: str, excluded: int, files: dict[str, str]) -> Report:
    """Give the part that every kind has.

    Args:
        privacy: the policy.
        fingerprint: of the snapshot; for the auditor only.
        excluded: rows that quarantine set aside.
        files: hierarchy file, as the policy names it → SHA-256.
    """
    policy = privacy.model_dump(mode="json", exclude_defaults=True)
    return {
        "schema": SCHEMA,
        "kind": privacy.kind,
        "success": False,
        "excluded_rows": excluded,
        "findings": [{"column": one.column, "kind": one.kind, "verdict": one.verdict} for one in privacy.findings],
        "digests": {"input": fingerprint, "policy": hashlib.sha256(canonical(policy)).hexdigest(), "hierarchies": files},
    }


def hierarchy_digests(privacy: Privacy, base: Path) -> dict[str, str]:
    """Give the SHA-256 of every hierarchy file that the policy names, and of the population; one that cannot be read is left out.

    Opening it says so.
    """
    from engine.hashing import sha256

    distances = privacy.model.t if privacy.model and privacy.model.t else ()
    rules: list[ColumnRule | DimensionRule | Closeness] = [*privacy.columns.values(), *privacy.dimensions.values(), *distances]
    paths = {path for rule in rules if rule.hierarchy for path in rule.hierarchy.files()}
    if privacy.population and privacy.population.table:
        paths.add(privacy.population.table.path)
    return {path: sha256(base / path) for path in sorted(paths) if (base / path).is_file()}


def public_report(report: Report) -> Report:
    """Give what everybody may see: without figures on raw data and without the digest of raw input.

    An exact figure from before protection, next to what is hidden, can undo the hiding: `score` counts the original values of suppressed
    rows too, `query_error` compares true counts with those of the release, and how many cells each rule hid can tell what is in them (all
    by `zeros`: they are zero), so the rules share one ``total``.
    How many rows wait for a later release is rounded. Secret parameters are in no report at all. Figures after protection can be computed
    by anybody from the release and the size of the population; those counted in a table of persons cannot, and stay with the auditor.
    """
    public: Report = {**report}
    public.pop("before", None)
    public.pop("score", None)
    public.pop("query_error", None)
    if "after" in report:
        public["after"] = _without_persons(report["after"])
    public["digests"] = {name: digest for name, digest in report.get("digests", {}).items() if name != "input"}
    if report.get("held_back"):
        public["held_back"] = rounded(report["held_back"])
    if "primary" in report:
        hidden = sum(count for count in report["primary"].values() if count)
        public["primary"] = {**dict.fromkeys(report["primary"]), "total": hidden}
    return public


def _without_persons(after: dict[str, Any]) -> dict[str, Any]:
    """Leave out what was counted in a table of the population, which is as secret as the source."""
    if after.get("population_model") != "table":
        return after
    counted = ("journalist", "marketer", "population")
    return {key: figure for key, figure in after.items() if not key.startswith(counted)}


def rounded(count: int) -> int:
    """Give a number of rows that says little of any of them: in tens, in hundreds from a thousand on; 0 only where there are none."""
    step = 10 if count < 1000 else 100  # noqa: PLR2004 - as the notes of versions round
    return max((count + step // 2) // step * step, step if count else 0)
