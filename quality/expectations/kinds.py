"""The checks of Dutch identifiers: which arguments each takes, and when a cell is right. Both engines judge by these."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from config import identifiers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Identifier:
    """One kind of identifier.

    Attributes:
        accepts: makes the test of a text out of the arguments of its own; ValueError where they are not right.
        arguments: names of those arguments, each a text that may be left out.
    """

    accepts: Callable[[Mapping[str, Any]], Callable[[str], bool]]
    arguments: tuple[str, ...] = ()


def right(accepts: Callable[[str], bool], cell: object) -> bool:
    """Judge a cell: a text, or a whole number as its digits; anything else is wrong."""
    if isinstance(cell, bool) or not isinstance(cell, str | int):
        return False
    return accepts(str(cell))


def _always(test: Callable[[str], bool]) -> Identifier:
    return Identifier(lambda _: test)


def _bag(given: Mapping[str, Any]) -> Callable[[str], bool]:
    kind = given.get("object_type")
    if kind is not None and kind != "woonplaats" and kind not in identifiers.BAG_KINDS:
        raise ValueError("object_type")
    return _form(identifiers.bag_pattern(kind))


def _cbs(given: Mapping[str, Any]) -> Callable[[str], bool]:
    level, municipality = given.get("level"), given.get("municipality")
    if level not in identifiers.CBS_LEVELS:
        raise ValueError("level")
    if municipality is not None and re.fullmatch("GM[0-9]{4}", str(municipality)) is None:
        raise ValueError("municipality")
    return _form(identifiers.cbs_pattern(level, municipality))


def _form(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


KINDS: Mapping[str, Identifier] = {
    "expect_column_values_to_be_valid_bag_id": Identifier(_bag, ("object_type",)),
    "expect_column_values_to_be_valid_bsn": _always(identifiers.is_bsn),
    "expect_column_values_to_be_valid_cbs_code": Identifier(_cbs, ("level", "municipality")),
    "expect_column_values_to_be_valid_dutch_postcode": _always(identifiers.is_postcode),
    "expect_column_values_to_be_valid_iban": _always(identifiers.is_iban),
    "expect_column_values_to_be_valid_kvk_number": _always(identifiers.is_kvk),
    "expect_column_values_to_be_valid_licence_plate": _always(identifiers.is_plate),
    "expect_column_values_to_be_valid_rsin": _always(identifiers.is_rsin),
}
"""Name of the expectation → what it asks."""
