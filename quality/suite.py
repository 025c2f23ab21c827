"""A suite made ready for a table: every name and argument checked before a single value is looked at.

Great Expectations itself says which expectations and arguments exist; what it says about a wrong one is not passed on (its text may quote
arguments), only which argument it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from config.errors import ConfigurationError, Message, Place
from config.not_yet import EXPECTATIONS as NOT_BUILT
from config.suggest import hints
from quality.columns import used_columns
from quality.moments import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from config.errors import Problem
    from config.models.quality import Expectation

UNKNOWN_TYPE = Message(
    "quality.unknown-expectation",
    nl="onbekende toets {type}; de namen zijn die van Great Expectations.{hint}",
    en="unknown expectation {type}; the names are those of Great Expectations.{hint_en}",
)
NOT_BUILT_TYPE = Message(
    "quality.not-built",
    nl="nog niet beschikbaar: quality.expectations.{type}; deze toets werkt alleen in een database. Kies een toets op de tabel zelf.",
    en="not available yet: quality.expectations.{type}; this check works in a database only. Choose a check on the table itself.",
)
UNKNOWN_KWARG = Message(
    "quality.unknown-kwarg",
    nl="{type} kent geen kwargs.{name}.{hint}",
    en="{type} has no kwargs.{name}.{hint_en}",
)
MISSING_KWARG = Message(
    "quality.missing-kwarg",
    nl="{type} heeft kwargs.{name} nodig",
    en="{type} needs kwargs.{name}",
)
WRONG_KWARG = Message(
    "quality.wrong-kwarg",
    nl="{type}: kwargs.{name} heeft geen bruikbare waarde; zie de uitleg van deze toets bij Great Expectations",
    en="{type}: kwargs.{name} has no usable value; see the explanation of this check at Great Expectations",
)
WRONG_KWARGS = Message(
    "quality.wrong-kwargs",
    nl="{type}: de kwargs passen niet bij elkaar ({names}); geef er bijvoorbeeld minstens één grens, en de laagste niet boven de hoogste",
    en="{type}: the kwargs do not fit together ({names}); give at least one bound, for example, and the lowest not above the highest",
)
NOT_ROW_WISE = Message(
    "quality.not-row-wise",
    nl="{type} gaat niet over losse rijen, dus on_fail: quarantine kan niet; laat on_fail weg",
    en="{type} is not about single rows, so on_fail: quarantine is impossible; leave on_fail out",
)

_OF_THE_LIBRARY = frozenset(
    {
        "batch_id",
        "catch_exceptions",
        "description",
        "id",
        "library_metadata",
        "meta",
        "notes",
        "rendered_content",
        "result_format",
        "severity",
        "windows",
    }
)
"""Fields of every GX expectation that are not arguments of a check; our own keys stand in for those that mean something here."""

_MOMENTS = ("min_value", "max_value", "value_set")


@dataclass(frozen=True, slots=True)
class Prepared:
    """One expectation, ready for the engine.

    Attributes:
        index: its place in the suite; results are told apart by it (GX gives them back in an order of its own).
        used: the columns whose values it reads, in order of mention, those of a row condition last.
        kwargs: as GX takes them: dates are naive instants in UTC, as in the frame.
        row_wise: whether it judges single rows.
    """

    index: int
    expectation: Expectation
    used: tuple[str, ...]
    kwargs: dict[str, Any]
    row_wise: bool

    @property
    def type(self) -> str:
        """The name of the expectation."""
        return self.expectation.type


def prepare(expectations: Mapping[int, Expectation], types: Mapping[str, str], places: Sequence[Place] = ()) -> tuple[Prepared, ...]:
    """Check expectations against Great Expectations and make them ready for a table.

    Args:
        expectations: their places in the suite → what they are.
        types: column → ``date``, ``datetime`` or anything else; dates in arguments are read for the first two.
        places: where each expectation stands, when that is known.

    Raises:
        ConfigurationError: every unknown name and wrong argument at once.
    """
    problems: list[Problem] = []
    prepared: list[Prepared] = []
    for index, expectation in expectations.items():
        place = places[index] if index < len(places) else Place()
        found, ready = _prepare_one(index, expectation, types, place)
        problems += found
        if ready:
            prepared.append(ready)
    if problems:
        raise ConfigurationError(*problems)
    return tuple(prepared)


def _prepare_one(
    index: int, expectation: Expectation, types: Mapping[str, str], place: Place
) -> tuple[tuple[Problem, ...], Prepared | None]:
    """Check one expectation; gives what is wrong with it, or what is ready to run."""
    name = expectation.type
    if name in NOT_BUILT:
        return (NOT_BUILT_TYPE.at(place, type=name),), None
    known = implementations()
    if name not in known:
        return (UNKNOWN_TYPE.at(place, type=name, **_hints(name, known)),), None
    used = used_columns(expectation, types)
    kwargs = {key: _moments(value, used, types) if key in _MOMENTS else value for key, value in expectation.kwargs.items()}
    problems = _wrong_arguments(name, known[name], kwargs, place)
    row_wise = is_row_wise(known[name])
    if expectation.on_fail == "quarantine" and not row_wise:
        problems = (*problems, NOT_ROW_WISE.at(place, type=name))
    return problems, None if problems else Prepared(index, expectation, used, kwargs, row_wise)


def implementations() -> dict[str, type[Any]]:
    """Give the expectations that Great Expectations has, by name."""
    import great_expectations.expectations  # noqa: F401 - registers the core expectations
    from great_expectations.expectations.registry import get_expectation_impl, list_registered_expectation_implementations

    import quality.expectations.library  # noqa: F401 - registers those of our own

    return {name: get_expectation_impl(name) for name in sorted(list_registered_expectation_implementations())}


def is_row_wise(implementation: type[Any]) -> bool:
    """Say whether an expectation judges rows one by one, so that the failing ones can be set aside."""
    from great_expectations.expectations.expectation import ColumnMapExpectation, ColumnPairMapExpectation, MulticolumnMapExpectation

    return issubclass(implementation, (ColumnMapExpectation, ColumnPairMapExpectation, MulticolumnMapExpectation))


def _hints(name: str, known: Iterable[str]) -> dict[str, str]:
    """Give the blanks `hint` and `hint_en`: what to type instead."""
    return dict(zip(("hint", "hint_en"), hints(name, known), strict=True))


def _wrong_arguments(name: str, implementation: type[Any], kwargs: Mapping[str, Any], place: Place) -> tuple[Problem, ...]:
    """Say which arguments an expectation does not know, misses or cannot use."""
    from great_expectations.exceptions.exceptions import GreatExpectationsError

    fields: Mapping[str, Any] = implementation.__fields__
    allowed = sorted(set(fields) - _OF_THE_LIBRARY)
    problems = [UNKNOWN_KWARG.at(place, type=name, name=key, **_hints(key, allowed)) for key in kwargs if key not in allowed]
    missing = [key for key in allowed if fields[key].required and key not in kwargs]
    problems += [MISSING_KWARG.at(place, type=name, name=key) for key in missing]
    if problems:
        return tuple(problems)
    wrong = _unusable_patterns(kwargs)
    try:
        implementation(**kwargs)
    except (ValueError, TypeError, GreatExpectationsError) as error:
        listed: Any = getattr(error, "errors", None)
        wrong |= {str(item["loc"][0]) for item in listed()} if listed else set()
        if not wrong - {"__root__"}:
            return (WRONG_KWARGS.at(place, type=name, names=", ".join(kwargs)),)
    return tuple(WRONG_KWARG.at(place, type=name, name=key) for key in sorted(wrong - {"__root__"}))


def _unusable_patterns(kwargs: Mapping[str, Any]) -> set[str]:
    """Give the arguments that hold a regular expression that cannot be read."""
    wrong = set()
    for key in ("regex", "regex_list"):
        listed = kwargs.get(key, ())
        for pattern in (listed,) if isinstance(listed, str) else listed:
            try:
                re.compile(pattern)
            except (re.error, TypeError):
                wrong.add(key)
    return wrong


def _moments(value: Any, used: Sequence[str], types: Mapping[str, str]) -> Any:
    """Read dates in an argument as naive instants in UTC where the first column holds dates; anything else stays as it is."""
    if not used or types.get(used[0]) not in {"date", "datetime"}:
        return value
    if isinstance(value, list | tuple | set):
        return [moment(item) for item in value]
    return moment(value)
