"""The one door to a release: what comes out of a source is protected by the method that its declaration names, or does not come out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from anonymisation import report as reports
from anonymisation.geo_proof import thinned
from anonymisation.hierarchies.area import Options as AreaOptions
from anonymisation.hierarchies.base import Seen, open_ladder
from anonymisation.plan import plan_microdata, plan_open
from anonymisation.transformed import Source, tell_transforms, transform
from config.errors import Message, Place, RefusedError
from engine.session import session

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from anonymisation.hierarchies.base import Ladder
    from anonymisation.plan import Planned
    from anonymisation.releases import Earlier
    from anonymisation.report import Report
    from anonymisation.safe import SafeTable
    from config.errors import Problem
    from config.models.privacy import Privacy
    from config.models.schema import Column
    from engine.session import Engine
    from engine.snapshot import Snapshot

NO_COLUMNS = Message(
    "anonymise.no-columns",
    nl="Er blijft geen kolom over. Laat er minder weg.",
    en="No column is left. Drop fewer of them.",
)


@dataclass(frozen=True, slots=True)
class Protected:
    """What came of it.

    Attributes:
        table: the protected table; None where nothing may be published, and `problems` say why.
        report: JSON "privacy/1", for the auditor; `public_report` gives the public part.
    """

    table: SafeTable | None
    report: dict[str, Any]
    problems: tuple[Problem, ...] = ()


def protect(
    snapshot: Snapshot,
    columns: Sequence[Column],
    privacy: Privacy,
    *,
    base: Path,
    secrets: Mapping[str, str],
    work: Path,
    exclude: frozenset[int] = frozenset(),
    dataset: str = "",
    earlier: Sequence[Earlier] = (),
    engine: Engine = session,
) -> Protected:
    """Protect a snapshot.

    Args:
        snapshot: what was extracted.
        columns: the declared columns, those that were not selected included.
        privacy: what is to be done.
        base: the folder that paths of hierarchies start at.
        secrets: the values of ``${NAME}``.
        work: a restricted folder; the table is written there, as ``protected.parquet``.
        exclude: `_row` numbers that quarantine set aside.
        dataset: its id, which keeps pseudonyms and noise apart from those of other datasets under the same secret; empty for a loose file.
        earlier: the releases of this source that stay public; micro-data is held against them.
        engine: what counts and joins.

    Raises:
        ConfigurationError: a hierarchy file is wrong, a level is not there, a secret is not set.
        IntegrityError: the written file does not hold what was promised.
    """
    report = reports.begin(privacy, fingerprint=snapshot.fingerprint, excluded=len(exclude), files=reports.hierarchy_digests(privacy, base))
    out = work / "protected.parquet"
    if privacy.kind in {"frequency", "magnitude"}:
        table, problems = _table(
            snapshot, columns, privacy, base=base, secrets=secrets, out=out, exclude=exclude, report=report, engine=engine
        )
    else:
        planned, problems = (plan_open if privacy.kind == "open" else plan_microdata)(columns, privacy)
        if not problems and all(one.fate == "dropped" for one in planned):
            problems = (NO_COLUMNS.at(Place(path="privacy.columns")),)
        table = None
        if not problems and privacy.kind == "open":
            table = _open(snapshot, planned, out=out, exclude=exclude, report=report)
        elif not problems:
            source = Source(snapshot, secrets, dataset, exclude)
            table, problems = _microdata(source, planned, privacy, base=base, out=out, report=report, earlier=earlier, engine=engine)
    return _finished(table, report, problems)


def public_report(report: Mapping[str, Any]) -> dict[str, Any]:
    """Give the part of a report that is public: without figures on raw data."""
    return dict(reports.public_report(cast("Report", dict(report))))


def _open(snapshot: Snapshot, planned: Sequence[Planned], *, out: Path, exclude: frozenset[int], report: Report) -> SafeTable:
    from anonymisation.passthrough import pass_through

    return pass_through(snapshot, planned, out=out, exclude=exclude, report=report)


def _microdata(
    source: Source,
    planned: Sequence[Planned],
    privacy: Privacy,
    *,
    base: Path,
    out: Path,
    report: Report,
    earlier: Sequence[Earlier],
    engine: Engine,
) -> tuple[SafeTable | None, tuple[Problem, ...]]:
    from anonymisation.microdata import protect_microdata

    exclude = source.exclude
    try:
        snapshot, planned, told = transform(source, planned, out.with_name("transformed.parquet"))
        ladders = {
            one.column.name: open_ladder(one.hierarchy, base, Seen(snapshot, one.column.name, exclude)) for one in planned if one.hierarchy
        }
    except RefusedError as refused:
        return None, refused.problems
    with engine(out.parent / "spill") as opened:
        table, problems = protect_microdata(
            opened, snapshot, planned, ladders, privacy, base=base, out=out, exclude=exclude, report=report, earlier=earlier
        )
    tell_transforms(report, told)
    minimums = {one.column.name: one.hierarchy.minimum for one in planned if isinstance(one.hierarchy, AreaOptions)}
    few = tuple(thinned(table.path, minimums)) if table else ()
    return (None, few) if few else (table, problems)


def _table(
    snapshot: Snapshot,
    columns: Sequence[Column],
    privacy: Privacy,
    *,
    base: Path,
    secrets: Mapping[str, str],
    out: Path,
    exclude: frozenset[int],
    report: Report,
    engine: Engine,
) -> tuple[SafeTable | None, tuple[Problem, ...]]:
    from anonymisation.tables import protect_table

    ladders: dict[str, Ladder] = {
        name: open_ladder(rule.hierarchy, base, Seen(snapshot, name, exclude, "dimensions"))
        for name, rule in privacy.dimensions.items()
        if rule.hierarchy
    }
    by_name = {column.name: column for column in columns}
    with engine(out.parent / "spill") as opened:
        return protect_table(opened, snapshot, by_name, privacy, ladders, secrets=secrets, out=out, exclude=exclude, report=report)


def _finished(table: SafeTable | None, report: Report, problems: tuple[Problem, ...]) -> Protected:
    """Complete the report with its verdict and the digest of what was made."""
    report["success"] = table is not None
    report["reasons"] = [problem.code for problem in problems]
    if table is not None:
        from engine.hashing import sha256

        report["digests"] = {**report["digests"], "output": sha256(table.path)}
    return Protected(table, cast("dict[str, Any]", report), problems)
