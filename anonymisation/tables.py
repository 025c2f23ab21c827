"""Tables of counts, sums and means over one breakdown: cells that say too much about a few are not shown.

One breakdown and no totals, so no cell can be worked out from others and the primary rules are the whole protection. The result has
the dimensions, the figure and `status`: ``gepubliceerd``, or ``onderdrukt`` where the figure is empty. Which rule hid a cell is not said
per cell: it would tell something of what is in it.

==========================  ================================================================================================
a cell without rows         in a table of counts: there with 0 where every dimension's labels are listed in a file, absent else;
                            absent from sums and means; with ``zeros: suppress`` every combination is there, hidden
sum                         exact; rounded (half up) where `precision` is declared; a whole number where it is 0 or the values are
mean                        of the rows with a value, rounded (half up) to `precision`
min_contributors            distinct contributors, or rows where none is named; a cell in which no row has a value has none
==========================  ================================================================================================
"""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING

from anonymisation.cells import lay_out, picked
from anonymisation.magnitudes import contributions
from anonymisation.plan import HIDDEN as DIRECT
from anonymisation.rules import Contributions, broken, in_force, parameters
from anonymisation.safe import SafeColumn
from anonymisation.safe_columns import safe_column
from anonymisation.tuples import collapse
from anonymisation.verify_figures import Promise, prove_figures
from anonymisation.verify_table import prove_table
from anonymisation.vouch import make_safe
from config.errors import Message, Place
from config.models.base import Text
from config.rules.privacy import NUMERIC
from config.rules.scope import COUNT, STATUS
from engine.parquet import sink
from engine.types import arrow_type

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from anonymisation.cells import Cells
    from anonymisation.hierarchies.base import Ladder
    from anonymisation.report import ColumnReport, Report
    from anonymisation.rules import Parameters
    from anonymisation.safe import SafeTable
    from config.errors import Problem
    from config.models.privacy import Privacy
    from config.models.schema import Column, ColumnType
    from engine.session import Session
    from engine.snapshot import Snapshot

SHOWN, HIDDEN = "gepubliceerd", "onderdrukt"
EXACT = Context(prec=76)
"""Room for every total of decimals with 38 digits."""
LARGEST_WHOLE = 2**63 - 1

SAME_NAME = Message(
    "anonymise.table-name",
    nl="De tabel krijgt twee kolommen met de naam {name}. Geef de kolom van de bron een andere naam, "
    "of noem het aantal anders bij `output`.",
    en="The table gets two columns with the name {name}. Give the source's column another name, or name the count differently at `output`.",
)
NO_RULE = Message(
    "anonymise.table-rule",
    nl="Een tabel heeft een regel nodig die zegt welke cellen niet getoond worden. Voeg toe: rules: {{{rule}: 5}}",
    en="A table needs a rule that says which cells are not shown. Add: rules: {{{rule}: 5}}",
)
UNCLASSIFIED = Message(
    "anonymise.table-unclassified",
    nl="Kolom {column} is nog niet ingedeeld en kan zo niet in een tabel. Kies bij `schema` open, quasi, sensitive, direct of text.",
    en="Column {column} is not classified yet and cannot be used in a table. Choose open, quasi, sensitive, direct or text in `schema`.",
)
POINTING = Message(
    "anonymise.dimension-identifies",
    nl="Dimensie {column} is {classification}: haar eigen waarden mogen niet naar buiten. Geef haar een hiërarchie en een stap vanaf 1.",
    en="Dimension {column} is {classification}: its own values may not go out. Give it a hierarchy and a step from 1 on.",
)
NOT_A_NUMBER = Message(
    "anonymise.value-type",
    nl="Optellen kan alleen met getallen: kolom {column} heeft type {type}. Kies integer, number of decimal.",
    en="Only numbers can be added up: column {column} has type {type}. Choose integer, number or decimal.",
)
TOO_BIG = Message(
    "anonymise.too-big",
    nl="Een som in deze tabel is te groot voor een geheel getal. Geef `precision` een waarde boven 0.",
    en="A sum in this table is too large for a whole number. Give `precision` a value above 0.",
)
STATUS_COLUMN = SafeColumn(
    STATUS,
    "string",
    title=Text(nl="Status", en="Status"),
    description=Text(
        nl=f"`{SHOWN}`, of `{HIDDEN}`: het cijfer is weggelaten omdat het te veel over te weinigen zegt.",
        en=f"`{SHOWN}` (published), or `{HIDDEN}` (suppressed): the figure is left out because it says too much about too few.",
    ),
    open=True,
    measured=True,
)


def protect_table(
    session: Session,
    snapshot: Snapshot,
    columns: Mapping[str, Column],
    privacy: Privacy,
    ladders: Mapping[str, Ladder],
    *,
    secrets: Mapping[str, str],
    out: Path,
    exclude: frozenset[int],
    report: Report,
) -> tuple[SafeTable | None, tuple[Problem, ...]]:
    """Count or add up into `out`; fills in `report`. No table: the data or the policy stand in the way, and a problem says how.

    Raises:
        ConfigurationError: a level that is not there, a secret that is not set or is no percentage.
    """
    rules = parameters(privacy, secrets)
    figure = figure_column(privacy, columns)
    levels = {name: picked(name, rule, ladders.get(name)) for name, rule in privacy.dimensions.items()}
    problems = (*_problems(privacy, figure), *_unfit(privacy, columns, levels))
    if problems:
        return None, problems
    dimensions = [columns[name] for name in levels]
    tuples, problems = collapse(session, snapshot, dimensions, ladders, exclude, part="dimensions")
    if problems:
        return None, problems
    counting = privacy.kind == "frequency"
    cells = lay_out(tuples, list(levels.values()), ladders, hide_zeros=rules.hide_zeros, fill_listed=counting)
    if counting or privacy.value is None:
        made, problem = [Contributions(count) for count in cells.rows.tolist()], None
    else:
        made, problem = contributions(
            session,
            snapshot,
            tuples,
            cells,
            value=privacy.value,
            contributor=privacy.contributor,
            allow_negative=rules.p_percent is None,
            work=out.parent,
            exclude=exclude,
        )
    if problem:
        return None, (problem,)
    hit = [broken(cell, rules) for cell in made]
    figures = [None if rule else _figure(cell, privacy, figure.type) for cell, rule in zip(made, hit, strict=True)]
    if figure.type == "integer" and any(not -LARGEST_WHOLE <= value <= LARGEST_WHOLE for value in figures if value is not None):
        return None, (TOO_BIG.at(Place(path="privacy.precision")),)
    _write(out, cells, figure, figures)
    names = [one.name for one in cells.dimensions]
    prove_table(out, names, figure.name, shown=SHOWN, hidden=HIDDEN, cells=len(cells), least=rules.min_count if counting else None)
    prove_figures(out, snapshot, exclude, _promise(cells, ladders, privacy, figure), rules)
    _tell(report, cells, rules, hit, made, privacy, columns)
    return make_safe(out, _columns(columns, cells, privacy, figure), len(cells)), ()


def figure_column(privacy: Privacy, columns: Mapping[str, Column]) -> SafeColumn:
    """Describe the column with the figure: the first name in `output` that is no dimension, else the value's name, else ``aantal``."""
    own = [name for name in privacy.output if name not in privacy.dimensions and name != STATUS]
    if privacy.kind == "frequency" or privacy.value is None:
        name = own[0] if own else COUNT
        said = privacy.output.get(name)
        title = said.title if said else Text(nl="Aantal", en="Count")
        return SafeColumn(name, "integer", title, said.description if said else None, said.unit if said else None, measured=True)
    source = columns[privacy.value]
    name = own[0] if own else source.name
    said = privacy.output.get(name)
    return SafeColumn(
        name,
        _figure_type(privacy, source),
        said.title if said else source.title,
        (said.description if said else None) or source.description,
        (said.unit if said else None) or source.unit,
        measured=True,
    )


def _figure_type(privacy: Privacy, source: Column) -> ColumnType:
    """Give the type of a sum or mean: whole where it cannot have decimals."""
    declared = "precision" in privacy.model_fields_set
    if privacy.measure == "sum" and not declared:
        return "integer" if source.type == "integer" else "decimal"
    whole = privacy.precision == 0 or (privacy.measure == "sum" and source.type == "integer")
    return "integer" if whole else "decimal"


def _problems(privacy: Privacy, figure: SafeColumn) -> list[Problem]:
    """Say what makes the table impossible whatever the data are."""
    names = [*privacy.dimensions, figure.name, STATUS]
    place = Place(path="privacy")
    found = [SAME_NAME.at(place, name=name) for name in sorted({name for name in names if names.count(name) > 1})]
    rules = privacy.rules
    needed = "min_count" if privacy.kind == "frequency" else "min_contributors"
    if getattr(rules, needed) is None:
        found.append(NO_RULE.at(Place(path="privacy.rules"), rule=needed))
    return found


def _unfit(privacy: Privacy, columns: Mapping[str, Column], levels: Mapping[str, int]) -> list[Problem]:
    """Say which columns cannot be used as they are: labels go out, also those of hidden cells."""
    used = [*levels, *(name for name in (privacy.value, privacy.contributor) if name)]
    found = [
        UNCLASSIFIED.at(Place(path="schema"), column=name) for name in dict.fromkeys(used) if columns[name].classification == "unclassified"
    ]
    for name, level in levels.items():
        column = columns[name]
        what = column.classification if column.classification in DIRECT else column.type
        if not level and what in {*DIRECT, "geometry"}:
            found.append(POINTING.at(Place(path=f"privacy.dimensions.{name}"), column=name, classification=what))
    if privacy.value and columns[privacy.value].type not in NUMERIC:
        found.append(NOT_A_NUMBER.at(Place(path="privacy.value"), column=privacy.value, type=columns[privacy.value].type))
    return found


def _figure(cell: Contributions, privacy: Privacy, kind: ColumnType) -> Decimal | int | None:
    """Give what is shown of a cell that may be shown; None where no row has a value."""
    if privacy.kind == "frequency":
        return cell.count
    if cell.total is None:
        return None
    exact = EXACT.divide(cell.total, Decimal(cell.count)) if privacy.measure == "mean" else cell.total
    value = exact.quantize(Decimal(1).scaleb(-privacy.precision), ROUND_HALF_UP, EXACT) if _rounded(privacy) else exact
    return int(value) if kind == "integer" else value


def _promise(cells: Cells, ladders: Mapping[str, Ladder], privacy: Privacy, figure: SafeColumn) -> Promise:
    """Say what the figures should be, for their proof."""
    dimensions = {one.name: (ladders.get(one.name), one.number) for one in cells.dimensions}
    if privacy.kind == "frequency":
        return Promise(dimensions, figure.name)
    error = Decimal(5).scaleb(-privacy.precision - 1) if _rounded(privacy) else Decimal(0)
    return Promise(dimensions, figure.name, privacy.value, privacy.contributor, privacy.measure == "mean", error)


def _rounded(privacy: Privacy) -> bool:
    """Say whether figures are rounded: a mean is, a sum where it was asked."""
    return privacy.measure == "mean" or "precision" in privacy.model_fields_set


def _write(out: Path, cells: Cells, figure: SafeColumn, figures: Sequence[Decimal | int | None]) -> None:
    """Write the table: cells are in the order of their labels, the first dimension first."""
    import pyarrow as pa

    values = pa.array(figures, arrow_type(figure.type))
    status = pa.array([HIDDEN if value is None else SHOWN for value in figures], pa.string())
    names = [*(one.name for one in cells.dimensions), figure.name, STATUS]
    table = pa.Table.from_arrays([*cells.labels(), values, status], names=names)
    with sink(out, table.schema) as into:
        for batch in table.to_batches():
            into.write(batch)


def _tell(
    report: Report,
    cells: Cells,
    rules: Parameters,
    hit: Sequence[str | None],
    made: Sequence[Contributions],
    privacy: Privacy,
    columns: Mapping[str, Column],
) -> None:
    """Fill in the report; whatever counts raw rows stands under `before`."""
    primary = Counter(rule for rule in hit if rule)
    counts = [cell.count for cell in made]
    report["measure"] = "count" if privacy.kind == "frequency" else privacy.measure
    report["method"] = privacy.protect.method
    report["dimensions"] = {one.name: one.number for one in cells.dimensions}
    report["transformation"] = dict(report["dimensions"])
    report["rules"] = {"in_force": list(in_force(rules)), "min_count": rules.min_count, "min_contributors": rules.min_contributors}
    report["cells"] = report["rows"] = len(cells)
    report["primary"] = {rule: primary.get(rule, 0) for rule in in_force(rules)}
    report["secondary"], report["cost"], report["gap"] = 0, 0.0, 0.0
    hidden = primary.total()
    report["audit"] = {"unsafe": 0, "lp_solved": 0}
    report["information_loss"] = round(hidden / len(cells), 6) if len(cells) else 0.0
    report["before"] = {
        "rows": int(cells.rows.sum()),
        "rows_in_suppressed_cells": sum(count for count, rule in zip(counts, hit, strict=True) if rule),
        "smallest_count": min((count for count in counts if count), default=None),
        "ones": counts.count(1),
    }
    report["after"] = {"published": len(cells) - hidden, "suppressed": hidden}
    report["columns"] = [_told(column, cells, privacy) for column in columns.values()]


def _told(column: Column, cells: Cells, privacy: Privacy) -> ColumnReport:
    """Tell what a column of the source was for."""
    told: ColumnReport = {"name": column.name, "classification": column.classification, "action": "unused"}
    rule = privacy.columns.get(column.name)
    if rule is not None and rule.action == "drop":
        told["action"] = "dropped"
    elif column.name == privacy.value:
        told["action"] = "value"
    elif column.name == privacy.contributor:
        told["action"] = "contributor"
    for one in cells.dimensions:
        if one.name == column.name:
            told |= {"action": "dimension", "level": one.number, "level_name": one.level.name}
    return told


def _columns(columns: Mapping[str, Column], cells: Cells, privacy: Privacy, figure: SafeColumn) -> tuple[SafeColumn, ...]:
    described = [
        safe_column(columns[one.name], type_=one.level.type, level=one.level.name, output=privacy.output.get(one.name))
        for one in cells.dimensions
    ]
    status = privacy.output.get(STATUS)
    last = STATUS_COLUMN if status is None else SafeColumn(STATUS, "string", status.title, status.description, open=True, measured=True)
    return (*described, figure, last)
