"""The columns of a file that a policy is applied to: declared there, used by it, or told what to do with all others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from config.errors import ConfigurationError, Message, Place
from config.models.privacy import ColumnRule, sensitive_columns
from config.models.schema import Column
from config.rules.privacy import NUMERIC
from config.suggest import hints
from engine.types import ROW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from config.errors import Problem
    from config.models.privacy import Privacy
    from config.models.schema import Classification, ColumnType

ABSENT = Message(
    "policy.absent-column",
    nl="het bestand heeft geen kolom {column}.{hint}",
    en="the file has no column {column}.{hint_en}",
)
UNSAID = Message(
    "policy.unsaid-column",
    nl="het beleid zegt niets over kolom {column}. Noem haar bij privacy.columns of `schema`, of voeg toe: others: drop (of keep)",
    en="the policy says nothing about column {column}. Name it in privacy.columns or `schema`, or add: others: drop (or keep)",
)
TWINS = Message(
    "policy.twin-columns",
    nl="de kolommen {first} en {column} van het bestand heten hetzelfde (hoofdletters tellen niet mee). Noem de ene bij `schema` anders: "
    "{{name: …, source: {column}}}",
    en="the columns {first} and {column} of the file have the same name (capitals aside). Name one of them differently in `schema`: "
    "{{name: …, source: {column}}}",
)
NAMELESS = Message(
    "policy.nameless-column",
    nl="kolom {number} van het bestand heeft geen bruikbare naam (leeg, langer dan {most} tekens, of `_row`). Geef haar in het bestand "
    "een andere naam.",
    en="column {number} of the file has no name that can be used (empty, longer than {most} characters, or `_row`). Give it another name "
    "in the file.",
)
LONGEST = 120
"""Characters in the name of a column, as in a declaration."""


def columns_of_policy(
    privacy: Privacy,
    names: Mapping[str, ColumnType | None] | Sequence[str],
    declared: Sequence[Column] | None,
    others: str | None,
) -> tuple[tuple[Column, ...], Privacy]:
    """Give the columns of a file, in its order, and the policy with `others` worked out.

    A column that `schema` declares is as declared; any other has the type that the file gives it, else it is text, and `value` decimal. One
    that only `privacy` names gets the classification that its part there implies: a quasi-identifier where it is made coarser or is a
    dimension; sensitive for the value; a direct identifier for the contributor and where it is dropped; sensitive where the
    model mentions it. With ``others: keep`` the rest is
    open and stays, with ``others: drop`` it is dropped. With ``kind: open`` all of them are open: that is what such a policy says.

    Args:
        privacy: the policy.
        names: the names of the columns, with their types where the file has any.
        declared: the columns of `schema`.
        others: ``keep``, ``drop``, or None: every column must be named.

    Raises:
        ConfigurationError: the policy names a column that is not there, or says nothing of one that is; a name cannot be used.
    """
    types = names if isinstance(names, Mapping) else {}
    by_name = {column.source_name: column for column in declared or ()}
    roles = dict(_roles(privacy))
    problems = list(_problems(names, by_name, roles, others))
    if problems:
        raise ConfigurationError(*problems)
    found, rules = [], dict(privacy.columns)
    for name in names:
        column = by_name.get(name)
        if column is None:
            kind = types.get(name) or "string"
            if name == privacy.value and kind not in NUMERIC:
                kind = "decimal"
            rest: Classification = "open" if others == "keep" or privacy.kind == "open" else "direct"
            column = Column(name=name, type=kind, classification=roles.get(name, rest))
            if name not in roles and others == "drop":
                rules[name] = ColumnRule(action="drop")
        found.append(column)
    return tuple(found), privacy.model_copy(update={"columns": rules})


def _roles(privacy: Privacy) -> Iterator[tuple[str, Classification]]:
    """Give the columns that a policy names, with the classification that follows from it."""
    for name, rule in privacy.columns.items():
        if privacy.kind == "open" or (rule.action == "keep" and rule.hierarchy is None):
            yield name, "open"
        else:
            yield name, "direct" if rule.action in {"drop", "pseudonym"} else "quasi"
    for name in sensitive_columns(privacy.model):
        yield name, "sensitive"
    for name in privacy.dimensions:
        yield name, "quasi"
    if privacy.value:
        yield privacy.value, "sensitive"
    if privacy.contributor:
        yield privacy.contributor, "direct"


def _problems(
    names: Mapping[str, ColumnType | None] | Sequence[str],
    by_name: Mapping[str, Column],
    roles: Mapping[str, Classification],
    others: str | None,
) -> Iterator[Problem]:
    """Yield what is named and not there, and what is there and not named."""
    yield from _names(names, by_name)
    own = {column.name: source for source, column in by_name.items()}
    for name in (*by_name, *(role for role in roles if role not in own)):
        if name not in names:
            nl, en = hints(name, names)
            yield ABSENT.at(Place(path="schema" if name in by_name else "privacy"), column=name, hint=nl, hint_en=en)
    if others is None:
        known = {*by_name, *roles}
        for name in names:
            if name not in known:
                yield UNSAID.at(Place(path="others"), column=name)


def _names(names: Mapping[str, ColumnType | None] | Sequence[str], by_name: Mapping[str, Column]) -> Iterator[Problem]:
    """Yield the columns whose names cannot be used; databases do not tell capitals apart."""
    first: dict[str, str] = {}
    for number, name in enumerate(names, 1):
        own = by_name[name].name if name in by_name else name
        if not own or len(own) > LONGEST or own == ROW:
            yield NAMELESS.at(Place(), number=number, most=LONGEST)
        elif own.casefold() in first:
            yield TWINS.at(Place(path="schema"), column=name, first=first[own.casefold()])
        first.setdefault(own.casefold(), name)
