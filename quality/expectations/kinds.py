"""The checks of Dutch identifiers and of geometries: which arguments each takes, and when a cell is right. Both engines judge by these."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from config import identifiers
from quality.expectations import geometry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Kind:
    """What one check asks of a cell.

    Attributes:
        accepts: makes the test of a cell out of the arguments of its own; ValueError where they are not right.
        arguments: names of those arguments, None where one is left out.
        geometry: whether cells are WKB and not texts.
    """

    accepts: Callable[[Mapping[str, Any]], Callable[[Any], bool]]
    arguments: tuple[str, ...] = ()
    geometry: bool = False

    def right(self, accepts: Callable[[Any], bool], cell: object) -> bool:
        """Judge a cell: WKB, a text, or a whole number as its digits; anything else is wrong."""
        if self.geometry:
            return isinstance(cell, bytes) and accepts(cell)
        if isinstance(cell, bool) or not isinstance(cell, str | int):
            return False
        return accepts(str(cell))


def _always(test: Callable[[str], bool]) -> Kind:
    return Kind(lambda _: test)


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


KINDS: Mapping[str, Kind] = {
    "expect_column_values_to_be_of_geometry_type": Kind(geometry.of_type, ("geometry_types",), geometry=True),
    "expect_column_values_to_be_valid_bag_id": Kind(_bag, ("object_type",)),
    "expect_column_values_to_be_valid_bsn": _always(identifiers.is_bsn),
    "expect_column_values_to_be_valid_cbs_code": Kind(_cbs, ("level", "municipality")),
    "expect_column_values_to_be_valid_dutch_postcode": _always(identifiers.is_postcode),
    "expect_column_values_to_be_valid_geometry": Kind(geometry.valid, geometry=True),
    "expect_column_values_to_be_valid_iban": _always(identifiers.is_iban),
    "expect_column_values_to_be_valid_kvk_number": _always(identifiers.is_kvk),
    "expect_column_values_to_be_valid_licence_plate": _always(identifiers.is_plate),
    "expect_column_values_to_be_valid_rsin": _always(identifiers.is_rsin),
    "expect_column_values_to_be_within_area": Kind(geometry.within, ("box", "crs"), geometry=True),
}
"""Name of the expectation → what it asks."""
