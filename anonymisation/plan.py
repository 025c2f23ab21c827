"""What a policy asks of each column of micro-data, and why it may not be asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from config.errors import Message, Place
from config.models.privacy import ColumnRule, sensitive_columns
from config.models.schema import PERSONAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from config.errors import Problem
    from config.models.hierarchy import HierarchyOptions
    from config.models.privacy import Privacy
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

QUASI_SENSITIVE = Message(
    "anonymise.quasi-sensitive",
    nl="Kolom {column} wordt bij privacy.model als gevoelig genoemd, maar is een quasi-identifier: in elke groep heeft ze één waarde. "
    "Schrijf classification: sensitive en haal haar hiërarchie weg, of noem een andere kolom.",
    en="Column {column} is named as sensitive at privacy.model, but is a quasi-identifier: in every group it has one value. "
    "Write classification: sensitive and remove its hierarchy, or name another column.",
)

ONLY_MICRODATA = Message(
    "anonymise.only-microdata",
    nl="Kolom {column}: waarden vervangen kan alleen bij kind: microdata. Haal `action` of `transform` weg.",
    en="Column {column}: values can only be replaced with kind: microdata. Remove `action` or `transform`.",
)
NOT_DIRECT = Message(
    "anonymise.pseudonym-direct",
    nl="Kolom {column} is {classification}: een pseudoniem is voor wat één persoon of zaak aanwijst. Schrijf classification: direct, "
    "of kies iets anders.",
    en="Column {column} is {classification}: a pseudonym is for what points at one person or case. Write classification: direct, or choose "
    "something else.",
)
PSEUDONYMS = Message(
    "anonymise.pseudonyms",
    nl="Meer dan één kolom met pseudoniemen ({columns}) koppelt rijen over en weer; dan is niet vast te stellen wat herkenbaar is. "
    "Houd er één.",
    en="More than one column of pseudonyms ({columns}) links rows to and fro; then what is recognisable cannot be told. Keep one.",
)
TOGETHER = Message(
    "anonymise.together",
    nl="Kolom {column} noemt bij `together` kolom {other}, en die is er niet, wordt weggelaten of wordt al anders vervangen.",
    en="Column {column} names column {other} at `together`, which is not there, is dropped, or is replaced in another way.",
)

Fate = Literal["dropped", "kept", "quasi", "pseudonym"]


@dataclass(frozen=True, slots=True)
class Planned:
    """One column and what happens to it.

    Attributes:
        rule: what was declared.
        method: how its values were replaced; None: they are those of the source.
        lowest: the lowest level that may be published; a direct identifier or free text never goes out as it is, nor does what its
            hierarchy keeps in.
    """

    column: Column
    fate: Fate
    hierarchy: HierarchyOptions | None = None
    rule: ColumnRule = field(default_factory=ColumnRule)
    method: str | None = None

    @property
    def lowest(self) -> int:
        """The lowest level of the lattice for this column."""
        hidden = int(self.column.classification in HIDDEN)
        return max(hidden, self.hierarchy.lowest) if self.hierarchy else hidden


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
        planned.append(Planned(column, _fate(column, rule), rule.hierarchy, rule))
    problems += _between(planned)
    named = sensitive_columns(privacy.model)
    wrong = [one.column.name for one in planned if one.fate == "quasi" and one.column.name in named]
    problems += [QUASI_SENSITIVE.at(Place(path="privacy.model"), column=name) for name in wrong]
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
        elif rule.action == "scan":
            problems.append(NOT_BUILT.at(place, column=column.name, action=rule.action))
        elif rule.transform or rule.action == "pseudonym":
            problems.append(ONLY_MICRODATA.at(place, column=column.name))
    return tuple(planned), tuple(problems)


def _fate(column: Column, rule: ColumnRule) -> Fate:
    if rule.action == "pseudonym":
        return "pseudonym"
    return "quasi" if column.classification == "quasi" or rule.hierarchy is not None else "kept"


def _between(planned: Sequence[Planned]) -> Iterator[Problem]:
    """Yield what is wrong between columns that are replaced."""
    named = [one.column.name for one in planned if one.fate == "pseudonym"]
    if len(named) > 1:
        yield PSEUDONYMS.at(Place(path=f"privacy.columns.{named[1]}.action"), columns=", ".join(named))
    free = {one.column.name for one in planned if one.fate in {"kept", "quasi"} and not one.rule.transform}
    for one in planned:
        for other in one.rule.transform.others() if one.rule.transform and one.fate != "dropped" else ():
            if other not in free:
                place = Place(path=f"privacy.columns.{one.column.name}.transform.together")
                yield TOGETHER.at(place, column=one.column.name, other=other)
            free.discard(other)


def _problem(column: Column, rule: ColumnRule) -> Problem | None:
    """Say why a column of micro-data may not be published as it is."""
    place = Place(path=f"privacy.columns.{column.name}")
    if rule.action == "scan":
        return NOT_BUILT.at(place, column=column.name, action=rule.action)
    if column.classification == "unclassified":
        return UNCLASSIFIED.at(place, column=column.name)
    if rule.action == "pseudonym":
        return None if column.classification == "direct" else NOT_DIRECT.at(place, column=column.name, classification=column.classification)
    if column.classification in HIDDEN and rule.hierarchy is None:
        return UNPROTECTED.at(place, column=column.name, classification=column.classification)
    return None
