"""What a policy asks of each column of micro-data, and why it may not be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from config.errors import Message, Place
from config.models.privacy import ColumnRule
from config.models.schema import PERSONAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.errors import Problem
    from config.models.privacy import Hierarchy, Privacy
    from config.models.schema import Column

HIDDEN = frozenset({"direct", "text"})

UNPROTECTED = Message(
    "anonymise.unprotected",
    nl="Kolom {column} is {classification} en mag niet mee naar buiten. Laat haar weg: privacy.columns.{column}: {{action: drop}}",
    en="Column {column} is {classification} and may not go out. Drop it: privacy.columns.{column}: {{action: drop}}",
)
UNCLASSIFIED = Message(
    "anonymise.unclassified",
    nl="Kolom {column} is nog niet ingedeeld. Kies open, quasi, sensitive, direct of text, of laat haar weg.",
    en="Column {column} is not classified yet. Choose open, quasi, sensitive, direct or text, or drop it.",
)
NOT_BUILT = Message(
    "anonymise.action",
    nl="nog niet beschikbaar: privacy.columns.{column}.action {action}",
    en="not available yet: privacy.columns.{column}.action {action}",
)
NO_MODEL = Message(
    "anonymise.no-model",
    nl="De bron bevat persoonsgegevens en er is geen `privacy.model`. Voeg toe: model: {{k: 5}}",
    en="The source holds personal data and there is no `privacy.model`. Add: model: {{k: 5}}",
)
PERSONAL_OPEN = Message(
    "anonymise.personal-open",
    nl="Kolom {column} is {classification}: de bron bevat persoonsgegevens en kan niet met kind: open worden vrijgegeven. "
    "Kies microdata, frequency of magnitude.",
    en="Column {column} is {classification}: the source holds personal data and cannot be released with kind: open. "
    "Choose microdata, frequency or magnitude.",
)

Fate = Literal["dropped", "kept", "quasi"]


@dataclass(frozen=True, slots=True)
class Planned:
    """One column and what happens to it.

    Attributes:
        lowest: the lowest level that may be published; a direct identifier or free text never goes out as it is.
    """

    column: Column
    fate: Fate
    hierarchy: Hierarchy | None = None

    @property
    def lowest(self) -> int:
        """The lowest level of the lattice for this column."""
        return int(self.column.classification in HIDDEN)


def plan_microdata(columns: Sequence[Column], privacy: Privacy) -> tuple[tuple[Planned, ...], tuple[Problem, ...]]:
    """Decide for each column; problems say which may not be published as they are."""
    planned, problems = [], []
    for column in columns:
        rule = privacy.columns.get(column.name, ColumnRule())
        if rule.action == "drop":
            planned.append(Planned(column, "dropped"))
            continue
        problem = _problem(column, rule)
        if problem:
            problems.append(problem)
        quasi = column.classification == "quasi" or rule.hierarchy is not None
        planned.append(Planned(column, "quasi" if quasi else "kept", rule.hierarchy))
    if privacy.model is None and any(column.classification in PERSONAL for column in columns):
        problems.append(NO_MODEL.at(Place(path="privacy.model")))
    return tuple(planned), tuple(problems)


def plan_open(columns: Sequence[Column], privacy: Privacy) -> tuple[tuple[Planned, ...], tuple[Problem, ...]]:
    """Decide for each column of open data; whatever is personal refuses the whole, even where it is dropped."""
    planned, problems = [], []
    for column in columns:
        rule = privacy.columns.get(column.name, ColumnRule())
        dropped = rule.action == "drop"
        planned.append(Planned(column, "dropped" if dropped else "kept"))
        place = Place(path=f"privacy.columns.{column.name}")
        if column.classification in PERSONAL:
            problems.append(PERSONAL_OPEN.at(Place(path="privacy.kind"), column=column.name, classification=column.classification))
        elif column.classification == "unclassified" and not dropped:
            problems.append(UNCLASSIFIED.at(place, column=column.name))
        elif rule.action in {"pseudonym", "scan"}:
            problems.append(NOT_BUILT.at(place, column=column.name, action=rule.action))
    return tuple(planned), tuple(problems)


def _problem(column: Column, rule: ColumnRule) -> Problem | None:
    """Say why a column of micro-data may not be published as it is."""
    place = Place(path=f"privacy.columns.{column.name}")
    if rule.action in {"pseudonym", "scan"}:
        return NOT_BUILT.at(place, column=column.name, action=rule.action)
    if column.classification == "unclassified":
        return UNCLASSIFIED.at(place, column=column.name)
    if column.classification in HIDDEN and rule.hierarchy is None:
        return UNPROTECTED.at(place, column=column.name, classification=column.classification)
    return None
