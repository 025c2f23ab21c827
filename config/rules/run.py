"""Which rules belong to which file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config import not_yet
from config.rules import (
    catalogue,
    columns,
    description,
    guarantee,
    hierarchies,
    municipality,
    privacy,
    quality,
    references,
    transforms,
    values,
)
from config.secrets import REFERENCE, UNSET_WARNING
from config.validation import FORM, in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from config.document import Document
    from config.errors import Problem
    from config.rules.scope import Scope


POLICY: tuple[Callable[[Scope], Iterator[Problem]], ...] = (
    columns.names,
    columns.classes,
    columns.forms,
    privacy.keys,
    privacy.nothing_personal,
    privacy.column_rules,
    privacy.mentions,
    transforms.transforms,
    guarantee.guarantee,
    privacy.tables,
    hierarchies.hierarchies,
    values.source_secrets,
    values.paths,
)
DATASET = (
    *POLICY,
    references.identity,
    references.owner,
    references.publication,
    references.source,
    references.registers,
    quality.expectations,
    catalogue.description,
    description.relations,
    description.services,
    description.high_value,
    catalogue.schedule,
)


def dataset(scope: Scope) -> Iterator[Problem]:
    """Yield what is wrong between the parts of a declaration, and what it asks that is not built yet."""
    for rule in DATASET:
        yield from rule(scope)
    yield from not_yet.in_dataset(scope.document)


def policy(scope: Scope) -> Iterator[Problem]:
    """Yield what is wrong between the parts of a policy, and what it asks that is not built yet."""
    for rule in POLICY:
        yield from rule(scope)
    yield from not_yet.in_dataset(scope.document)


def whole_municipality(document: Document) -> Iterator[Problem]:
    """Yield what is wrong between the parts of `municipality.yaml`, and what it asks that is not built yet."""
    yield from municipality.rules(document)
    yield from not_yet.in_municipality(document)


def unset(document: Document, parts: Iterable[tuple[str, ...]], lookup: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a warning for every ``${NAME}`` that has no value now."""
    for part in parts:
        for path, text in document.strings(*part):
            for name in REFERENCE.findall(text):
                if name not in lookup:
                    yield UNSET_WARNING.at(document.places.at(*path), name=name)


def joined(shape: Iterable[Problem], rules: Iterable[Problem]) -> tuple[Problem, ...]:
    """Put the problems of the models and of the rules together.

    Where something is not built yet, nothing else is said of that spot; where a rule knows which word is meant, its form is not discussed.
    """
    own = list(rules)
    found = [problem for problem in shape if problem.code != FORM.code or problem.place.path not in {rule.place.path for rule in own}]
    postponed = {problem.place.path for problem in [*found, *own] if problem.code == not_yet.NOT_YET.code}
    return in_order(problem for problem in [*found, *own] if problem.code == not_yet.NOT_YET.code or problem.place.path not in postponed)
