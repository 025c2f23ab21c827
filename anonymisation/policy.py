"""The columns of a file that a policy is applied to: declared there, used by it, or told what to do with all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.errors import ConfigurationError, Message, Place
from config.models.privacy import ColumnRule
from config.models.schema import Column
from config.suggest import hints

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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


def columns_of_policy(
    privacy: Privacy, names: Sequence[str], declared: Sequence[Column] | None, others: str | None
) -> tuple[tuple[Column, ...], Privacy]:
    """Give the columns of a file, in its order, and the policy with `others` worked out.

    A column that `schema` declares is as declared; any other is text, `value` decimal. One that only `privacy` names gets the
    classification that its part there implies: a quasi-identifier where it is made coarser or is a dimension; sensitive for the value;
    a direct identifier for the contributor and where it is dropped. With ``others: keep`` the rest is open and stays, with
    ``others: drop`` it is dropped.

    Raises:
        ConfigurationError: the policy names a column that is not there, or says nothing of one that is.
    """
    by_name = {column.source_name: column for column in declared or ()}
    roles = dict(_roles(privacy))
    problems = list(_problems(names, by_name, roles, others))
    if problems:
        raise ConfigurationError(*problems)
    found, rules = [], dict(privacy.columns)
    for name in names:
        column = by_name.get(name)
        if column is None:
            kind: ColumnType = "decimal" if name == privacy.value else "string"
            column = Column(name=name, type=kind, classification=roles.get(name, "open" if others == "keep" else "direct"))
            if name not in roles and others == "drop":
                rules[name] = ColumnRule(action="drop")
        found.append(column)
    return tuple(found), privacy.model_copy(update={"columns": rules})


def _roles(privacy: Privacy) -> Iterator[tuple[str, Classification]]:
    """Give the columns that a policy names, with the classification that follows from it."""
    for name, rule in privacy.columns.items():
        yield name, "direct" if rule.action == "drop" else "open" if rule.action == "keep" and rule.hierarchy is None else "quasi"
    for name in privacy.dimensions:
        yield name, "quasi"
    if privacy.value:
        yield privacy.value, "sensitive"
    if privacy.contributor:
        yield privacy.contributor, "direct"


def _problems(
    names: Sequence[str], by_name: Mapping[str, Column], roles: Mapping[str, Classification], others: str | None
) -> Iterator[Problem]:
    """Yield what is named and not there, and what is there and not named."""
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
