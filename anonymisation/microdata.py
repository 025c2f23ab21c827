"""Micro-data: columns are dropped, or made coarser until every record is like at least k - 1 others; the least information is lost.

Full-domain generalisation with row suppression: one level a column for all rows, found exactly (`lattice`), the rows of classes that are
still too small left out. The order of the result says nothing of the order of the source. The guarantee is computed again from the written
file (`verify`); where it does not hold nothing comes out of here.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from anonymisation.classes import Classes
from anonymisation.entropy import UNITS_PER_BIT, column_losses, information_loss
from anonymisation.keys import KeySpace
from anonymisation.lattice import LARGEST, search, size_of
from anonymisation.rewrite import Rewriting, write_rows
from anonymisation.risk import risk
from anonymisation.safe_columns import safe_column
from anonymisation.tuples import collapse
from anonymisation.verify import prove
from anonymisation.vouch import make_safe
from config.errors import Message, Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import pyarrow as pa

    from anonymisation.hierarchies.base import Ladder
    from anonymisation.lattice import Node, Optimum
    from anonymisation.plan import Planned
    from anonymisation.report import ColumnReport, Report
    from anonymisation.safe import SafeColumn, SafeTable
    from anonymisation.tuples import Tuples
    from config.errors import Problem
    from config.models.privacy import PrivacyModel
    from engine.session import Session
    from engine.snapshot import Snapshot

UNMET = Message(
    "anonymise.unmet",
    nl="k = {k} wordt niet gehaald: ook op de grofste stappen zitten {suppressed} van de {rows} rijen in een te kleine groep, "
    "en er mogen er {limit} weg. Geef een grovere stap ({columns}), laat een kolom weg, of verhoog suppression_limit.",
    en="k = {k} is not met: even on the coarsest steps {suppressed} of the {rows} rows are in a group that is too small, "
    "and {limit} may be left out. Give a coarser step ({columns}), drop a column, or raise suppression_limit.",
)
NOTHING_LEFT = Message(
    "anonymise.nothing-left",
    nl="Er blijft geen rij over: elke rij zit in een te kleine groep. Geef een grovere stap ({columns}) of verlaag suppression_limit.",
    en="No row is left: every row is in a group that is too small. Give a coarser step ({columns}) or lower suppression_limit.",
)
TOO_LARGE = Message(
    "anonymise.lattice",
    nl="Deze stappen samen geven {nodes} mogelijkheden; meer dan {most} is te veel om de beste te vinden. Laat stappen of kolommen weg.",
    en="These steps together give {nodes} possibilities; more than {most} is too many to find the best. Leave out steps or columns.",
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The node that was chosen.

    Attributes:
        levels: the level of each quasi-identifier.
        space: the keys of its classes; `keys` the key of each combination.
        kept: which combinations are published.
    """

    levels: tuple[int, ...]
    space: KeySpace
    keys: np.ndarray
    kept: np.ndarray


def protect_microdata(
    session: Session,
    snapshot: Snapshot,
    planned: Sequence[Planned],
    ladders: Mapping[str, Ladder],
    model: PrivacyModel | None,
    *,
    out: Path,
    exclude: frozenset[int],
    report: Report,
) -> tuple[SafeTable | None, tuple[Problem, ...]]:
    """Protect the rows of a snapshot into `out`; fills in `report`. No table: the model was not met, and a problem says what to change."""
    quasi = [one for one in planned if one.fate == "quasi"]
    tuples, problems = collapse(session, snapshot, [one.column for one in quasi], ladders, exclude)
    if problems:
        return None, problems
    k = model.k if model else 1
    limit = int(Fraction(str(model.suppression_limit)) * tuples.rows) if model else 0
    found, problem = _search(tuples, [one.lowest for one in quasi], k, limit)
    _describe(report, planned, tuples, model, limit)
    if problem or found is None:
        return None, (problem,) if problem else ()
    _tell_search(report, found, model)
    levels, problem = _verdict(found, tuples, quasi, k, limit)
    if problem:
        return None, (problem,)
    choice = choose(tuples, levels, k)
    names = tuple(one.column.name for one in planned if one.fate != "dropped")
    how = Rewriting(names, tuples.columns, levels, choice.space, _suppressed_keys(choice))
    write_rows(session, snapshot, how, out, exclude)
    labels = {one.name: one.levels[level].labels for one, level in zip(tuples.columns, levels, strict=True) if level}
    _tell_result(report, tuples, choice, k, _proven(out, how, tuples, found, model, labels))
    rows = tuples.rows - found.suppressed
    return make_safe(out, _columns(planned, tuples, levels), rows, snapshot.crs), ()


def choose(tuples: Tuples, levels: Node, k: int) -> Choice:
    """Say which combinations are published at a node."""
    import numpy as np

    space = KeySpace([len(one.levels[level].labels) for one, level in zip(tuples.columns, levels, strict=True)])
    keys = space.fit([one.at(level) for one, level in zip(tuples.columns, levels, strict=True)], len(tuples))
    _, inverse = np.unique(keys, return_inverse=True)
    sizes = np.bincount(inverse, weights=tuples.weights)
    return Choice(tuple(levels), space, keys, sizes[inverse] >= k if len(keys) else np.empty(0, dtype=bool))


def _suppressed_keys(choice: Choice) -> np.ndarray:
    import numpy as np

    return np.unique(choice.keys[~choice.kept])


def _search(tuples: Tuples, lowest: Sequence[int], k: int, limit: int) -> tuple[Optimum | None, Problem | None]:
    """Find the best node; levels below `lowest` are not in the lattice."""
    from anonymisation.lattice import Optimum

    losses = [column_losses(one, tuples.weights)[low:] for one, low in zip(tuples.columns, lowest, strict=True)]
    size = size_of(losses)
    if size > LARGEST:
        return None, TOO_LARGE.at(Place(path="privacy.columns"), nodes=size, most=LARGEST)

    classes = Classes(tuples)

    def at(node: Node) -> int:
        return classes.suppressed(tuple(level + low for level, low in zip(node, lowest, strict=True)), k)

    found = search(losses, at, limit)
    if found.node is None:
        return found, None
    levels = tuple(level + low for level, low in zip(found.node, lowest, strict=True))
    return Optimum(levels, found.suppressed, found.score, found.size, found.evaluated), None


def _verdict(found: Optimum, tuples: Tuples, quasi: Sequence[Planned], k: int, limit: int) -> tuple[Node, Problem | None]:
    """Give the levels, or the problem that stands in their way."""
    place = Place(path="privacy.model")
    columns = ", ".join(one.column.name for one in quasi) or "-"
    if found.node is None:
        return (), UNMET.at(place, k=k, suppressed=found.suppressed, rows=tuples.rows, limit=limit, columns=columns)
    if tuples.rows and found.suppressed == tuples.rows:
        return (), NOTHING_LEFT.at(place, columns=columns)
    return found.node, None


def _proven(
    out: Path, how: Rewriting, tuples: Tuples, found: Optimum, model: PrivacyModel | None, labels: Mapping[str, pa.Array]
) -> np.ndarray:
    """Recompute the guarantee from the file; give the sizes of its classes."""
    quasi = [one.name for one in tuples.columns]
    k = model.k if model else None
    return prove(out, columns=how.names, quasi=quasi, k=k, rows=tuples.rows - found.suppressed, labels=labels).sizes


def _describe(report: Report, planned: Sequence[Planned], tuples: Tuples, model: PrivacyModel | None, limit: int) -> None:
    """Put in the report what was asked, and the risk before."""
    report["model"] = {"k": model.k, "suppression_limit": model.suppression_limit} if model else None
    report["metric"] = model.metric if model else None
    report["suppression_limit"] = limit
    report["before"] = {**risk(tuples.weights, model.k if model else 1)}
    report["columns"] = [_column(one, tuples) for one in planned]


def _column(one: Planned, tuples: Tuples) -> ColumnReport:
    action = {"dropped": "dropped", "kept": "kept", "quasi": "generalised" if one.hierarchy else "kept"}[one.fate]
    described: ColumnReport = {"name": one.column.name, "classification": one.column.classification, "action": action}
    coded = next((coded for coded in tuples.columns if coded.name == one.column.name), None)
    if coded:
        described["levels"] = [level.name or "" for level in coded.levels]
    return described


def _tell_search(report: Report, found: Optimum, model: PrivacyModel | None) -> None:
    report["optimal"] = found.node is not None
    report["lattice_size"] = found.size
    report["nodes_evaluated"] = found.evaluated
    report["suppressed_rows"] = found.suppressed
    if model and found.node is not None:
        report["score"] = round(found.score / UNITS_PER_BIT, 6)


def _tell_result(report: Report, tuples: Tuples, choice: Choice, k: int, sizes: np.ndarray) -> None:
    """Put in the report what was chosen, and the risk after, from the file itself."""
    overall, shares = information_loss(tuples, choice.levels, choice.kept)
    report["information_loss"] = overall
    report["transformation"] = {one.name: level for one, level in zip(tuples.columns, choice.levels, strict=True)}
    report["after"] = {**risk(sizes, k)}
    report["rows"] = int(sizes.sum())
    by_name = {described["name"]: described for described in report["columns"]}
    for one, level, share in zip(tuples.columns, choice.levels, shares, strict=True):
        by_name[one.name] |= {"level": level, "level_name": one.levels[level].name, "information_loss": share}


def _columns(planned: Sequence[Planned], tuples: Tuples, levels: Node) -> tuple[SafeColumn, ...]:
    """Describe the columns of the release."""
    chosen = {one.name: one.levels[level] for one, level in zip(tuples.columns, levels, strict=True)}
    described = []
    for one in planned:
        if one.fate == "dropped":
            continue
        level = chosen.get(one.column.name)
        described.append(safe_column(one.column, type_=level.type if level else None, level=level.name if level else None))
    return tuple(described)
