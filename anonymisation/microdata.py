"""Micro-data: columns are dropped, or made coarser until every privacy model that is asked holds; the least information is lost.

Full-domain generalisation with row suppression: one level a column for all rows, found exactly (`optimum`), the rows of classes that
still fail left out; or, where that is asked and loses less, steps of its own for each class (`local`). The order of the result says
nothing of the order of the source. The guarantee is computed again from the written file (`verify`); where it does not hold nothing comes
out of here.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from anonymisation.choice import Choice, choose
from anonymisation.local import recode
from anonymisation.models.compile import compile_guarantee, sensitive_ladders
from anonymisation.models.k_anonymity import KAnonymity
from anonymisation.optimum import Search
from anonymisation.population import read_population
from anonymisation.proof import attained
from anonymisation.releases import Made, Past, hold_back, look_back
from anonymisation.releases_same import column_digests
from anonymisation.rewrite import write_rows
from anonymisation.risks.figures import counted, risk
from anonymisation.risks.queries import query_error
from anonymisation.risks.suda2 import of_file, of_tuples, suda2
from anonymisation.risks.wp29 import certainties, verdicts
from anonymisation.safe_columns import safe_column
from anonymisation.trails import empty_pseudonyms
from anonymisation.tuples import collapse
from anonymisation.verify import prove
from anonymisation.verify_trails import prove_trails
from anonymisation.vouch import make_safe
from config.errors import Message, Place, RefusedError
from config.models.privacy import sensitive_columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np

    from anonymisation.choice import Chosen
    from anonymisation.hierarchies.base import Ladder
    from anonymisation.lattice import Optimum
    from anonymisation.models.base import Guarantee
    from anonymisation.plan import Planned
    from anonymisation.releases import Earlier
    from anonymisation.report import ColumnReport, Report, Risk
    from anonymisation.rewrite import Way
    from anonymisation.risks.suda2 import Records
    from anonymisation.risks.wp29 import Verdict
    from anonymisation.safe import SafeColumn, SafeTable
    from anonymisation.tuples import Tuples
    from config.errors import Problem
    from config.models.privacy import Privacy, PrivacyModel
    from engine.session import Session
    from engine.snapshot import Snapshot

NOTHING_LEFT = Message(
    "anonymise.nothing-left",
    nl="Er blijft geen rij over: elke rij zit in een groep die niet voldoet. Geef een grovere stap ({columns}), of verlaag "
    "suppression_limit.",
    en="No row is left: every row is in a group that does not comply. Give a coarser step ({columns}) or lower suppression_limit.",
)


def protect_microdata(
    session: Session,
    snapshot: Snapshot,
    planned: Sequence[Planned],
    ladders: Mapping[str, Ladder],
    privacy: Privacy,
    *,
    base: Path,
    out: Path,
    exclude: frozenset[int],
    report: Report,
    earlier: Sequence[Earlier] = (),
) -> tuple[SafeTable | None, tuple[Problem, ...]]:
    """Protect the rows of a snapshot into `out`; fills in `report`. No table: the model was not met, and a problem says what to change.

    `earlier` are the releases of the source that stay public.
    """
    quasi = [one for one in planned if one.fate == "quasi"]
    tuples, problems = _collapsed(session, snapshot, planned, ladders, privacy, base=base, exclude=exclude)
    if problems:
        return None, problems
    model = privacy.model
    limit = int(Fraction(str(model.suppression_limit)) * tuples.rows) if model else 0
    guarantee = compile_guarantee(model, tuples, privacy.population, sensitive_ladders(model, base))
    past, problems = _past(earlier, planned, model, report)
    if problems:
        return None, problems
    search, found = _searched(tuples, guarantee, limit, quasi, model, past)
    _describe(report, planned, search, privacy)
    _tell_search(report, found, search, model)
    choice = _chosen(search, found, model)
    if choice is None:
        return None, search.unmet(found)
    rows = int(tuples.weights[choice.kept].sum())
    if tuples.rows and not rows:
        return None, (NOTHING_LEFT.at(Place(path="privacy.model"), columns=search.columns),)
    how = choice.way(_names(planned))
    write_rows(session, snapshot, how, out, exclude)
    linked = _unlink(session, out, planned, search, report)
    choice.tell(report)
    report["query_error"] = query_error(choice.shown(), tuples.weights, choice.kept, report["digests"]["policy"])
    if isinstance(choice, Choice) and past.earlier:
        try:
            held_back = hold_back(Made(out, tuples, ladders, choice.levels, guarantee, model.at_least if model else 1), past)
        except RefusedError as refused:
            return None, refused.problems
        report["held_back"], rows = held_back, rows - held_back
    sizes = _proven(out, how, tuples, rows, guarantee, linked)
    levels = report["transformation"] if isinstance(choice, Choice) else None
    columns = [one.column for one in quasi]
    held = attained(out, columns, privacy, snapshot, ladders, base=base, exclude=exclude, levels=levels)
    special = _special(of_file(out, [one.name for one in columns]), sizes, tuples, privacy) if (sizes == 1).any() else {"suda_uniques": 0}
    report["after"] = {**_risk(sizes, tuples, privacy), **held, **special}
    report["rows"] = int(sizes.sum())
    if model is not None:
        report["wp29"] = _asked(out, planned, model, report["after"])
    return make_safe(out, _columns(planned, choice), rows, snapshot.crs), ()


def _past(
    earlier: Sequence[Earlier], planned: Sequence[Planned], model: PrivacyModel | None, report: Report
) -> tuple[Past, tuple[Problem, ...]]:
    """Say what earlier releases this one is laid beside; without a model nothing in it is about persons."""
    if model is None:
        return Past(), ()
    digests = column_digests(planned, report["digests"]["hierarchies"])
    report["digests"] = {**report["digests"], "columns": digests}
    report["earlier"] = [one.version for one in earlier]
    return look_back(earlier, planned, model, digests)


def _searched(
    tuples: Tuples, guarantee: Guarantee, limit: int, quasi: Sequence[Planned], model: PrivacyModel | None, past: Past
) -> tuple[Search, Optimum]:
    """Search for the best levels; where those cross the levels of an earlier release, for the best from those up."""
    metric, lowest = model.metric if model else "entropy", [one.lowest for one in quasi]
    search = Search(tuples, guarantee, metric, limit, lowest)
    found = search.run()
    if found.node is not None and not past.nested(found.node):
        search = Search(tuples, guarantee, metric, limit, past.above(lowest))
        found = search.run()
    return search, found


def _chosen(search: Search, found: Optimum, model: PrivacyModel | None) -> Chosen | None:
    """Give the recoding that loses least; None where none meets the guarantee."""
    if model and model.recoding == "local":
        return recode(search.tuples, search.guarantee, search.limit, search.lowest, found.node)
    return None if found.node is None else choose(search.tuples, found.node, search.guarantee)


def _unlink(session: Session, out: Path, planned: Sequence[Planned], search: Search, report: Report) -> str | None:
    """Leave out the pseudonyms that link too much; give the name of their column."""
    column = next((one.column.name for one in planned if one.fate == "pseudonym"), None)
    if column is not None:
        quasi = [one.name for one in search.tuples.columns]
        emptied = empty_pseudonyms(session, out, column, quasi, search.guarantee, search.tuples.sensitive)
        next(told for told in report["columns"] if told["name"] == column)["suppressed_cells"] = emptied
        report["suppressed_cells"] = emptied
    return column


def _collapsed(
    session: Session,
    snapshot: Snapshot,
    planned: Sequence[Planned],
    ladders: Mapping[str, Ladder],
    privacy: Privacy,
    *,
    base: Path,
    exclude: frozenset[int],
) -> tuple[Tuples, tuple[Problem, ...]]:
    """Collapse the rows to what the guarantee needs to know of them."""
    quasi = [one.column for one in planned if one.fate == "quasi"]
    named = sensitive_columns(privacy.model)
    sensitive = [one.column for one in planned if one.column.name in named]
    table = privacy.population.table if privacy.population else None
    wanted = privacy.model is not None and (privacy.model.k_map or privacy.model.delta_presence)
    population = read_population(table, quasi, base) if table and wanted else None
    return collapse(session, snapshot, quasi, ladders, exclude, sensitive=sensitive, population=population)


def _names(planned: Sequence[Planned]) -> tuple[str, ...]:
    return tuple(one.column.name for one in planned if one.fate != "dropped")


def _proven(out: Path, how: Way, tuples: Tuples, rows: int, guarantee: Guarantee, linked: str | None) -> np.ndarray:
    """Recompute the guarantee from the file; give the sizes of its classes."""
    k = max((one.k for one in guarantee.classwise if isinstance(one, KAnonymity)), default=None)
    quasi = [one.name for one in tuples.columns]
    found = prove(out, columns=how.names, quasi=quasi, k=k, rows=rows, labels=how.labels())
    if linked is not None and k is not None:
        prove_trails(out, linked, quasi, k)
    return found.sizes


def _describe(report: Report, planned: Sequence[Planned], search: Search, privacy: Privacy) -> None:
    """Put in the report what was asked, and the risk before."""
    model = privacy.model
    report["model"] = model.model_dump(mode="json", exclude={"metric"}, exclude_none=True) if model else None
    report["guarantee"] = list(search.guarantee.names)
    report["metric"] = model.metric if model else None
    report["suppression_limit"] = search.limit
    raw = search.classes.plain((0,) * len(search.tuples.columns))
    persons = {} if raw.population is None else counted(raw.sizes, raw.population)
    special = _special(of_tuples(search.tuples), raw.sizes, search.tuples, privacy)
    report["before"] = {**_risk(raw.sizes[raw.sizes > 0], search.tuples, privacy), **persons, **special}
    report["columns"] = [_column(one, search.tuples) for one in planned]


def _column(one: Planned, tuples: Tuples) -> ColumnReport:
    kept = "transformed" if one.method else "kept"
    action = {"dropped": "dropped", "kept": kept, "quasi": "generalised" if one.hierarchy else kept, "pseudonym": "pseudonym"}[one.fate]
    described: ColumnReport = {"name": one.column.name, "classification": one.column.classification, "action": action}
    coded = next((coded for coded in tuples.columns if coded.name == one.column.name), None)
    if coded:
        described["levels"] = [level.name or "" for level in coded.levels]
    return described


def _tell_search(report: Report, found: Optimum, search: Search, model: PrivacyModel | None) -> None:
    report["optimal"] = found.node is not None and found.complete
    report["lattice_size"] = found.size
    report["nodes_evaluated"] = found.evaluated
    report["suppressed_rows"] = found.suppressed
    if model and found.node is not None:
        report["score"] = search.metric.value(found.score)
        if not found.complete:
            report["gap"] = search.gap(found)


def _asked(out: Path, planned: Sequence[Planned], model: PrivacyModel, after: dict[str, Any]) -> dict[str, Verdict]:
    """Answer the questions of the supervisors; what the proof did not count of the sensitive columns is counted here."""
    sensitive = [one.column.name for one in planned if one.fate == "kept" and one.column.classification == "sensitive"]
    known: dict[str, float] = after.pop("certainty", {})
    quasi = [one.column.name for one in planned if one.fate == "quasi"]
    certainty = {**known, **certainties(out, quasi, [name for name in sensitive if name not in known])}
    return verdicts(after, model, certainty, pseudonym=any(one.fate == "pseudonym" for one in planned))


def _special(records: Records, sizes: np.ndarray, tuples: Tuples, privacy: Privacy) -> dict[str, Any]:
    """Give what makes rows unique."""
    size = privacy.population.size if privacy.population else None
    alone, pairs = (int((sizes == rows).sum()) for rows in (1, 2))
    return suda2(records).told(alone, pairs, min(tuples.rows / size, 1.0) if size else None)


def _risk(sizes: np.ndarray, tuples: Tuples, privacy: Privacy) -> Risk:
    """Give the risk of classes of these sizes (above 0), before or after."""
    persons = (privacy.population.size or 0) if privacy.population else 0
    return risk(sizes, privacy.model.at_least if privacy.model else 1, rows=tuples.rows, size=persons)


def _columns(planned: Sequence[Planned], choice: Chosen) -> tuple[SafeColumn, ...]:
    """Describe the columns of the release; the level of a replaced column is how it was replaced, unless it was made coarser too."""
    steps, described = choice.steps(), []
    for one in planned:
        if one.fate == "dropped":
            continue
        step = steps.get(one.column.name)
        described.append(safe_column(one.column, type_=step.type if step else None, level=(step.level if step else None) or one.method))
    return tuple(described)
