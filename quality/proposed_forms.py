"""The form of texts: Dutch identifiers, dates, whole numbers, a fixed length; only where every text of the column has it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from config import identifiers, lists
from quality.proposal import Proposal
from quality.texts import counts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

LENGTHS = 10
"""Different texts that there must be before one length says something."""


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


FORMS: tuple[tuple[tuple[str, str], str, Callable[[str], bool]], ...] = (
    (
        ("een postcode", "a postcode"),
        r"^[1-9][0-9]{3} ?(?!SA|SD|SS|sa|sd|ss)[A-Za-z]{2}$",
        identifiers.is_postcode,
    ),
    (
        ("een regiocode van het CBS", "a regional code of Statistics Netherlands"),
        r"^\s*(GM[0-9]{4}|WK[0-9]{6}|BU[0-9]{8}|PV[0-9]{2}|LD[0-9]{2}|NL00)\s*$",
        identifiers.is_cbs_code,
    ),
    (("een IBAN", "an IBAN"), r"^[A-Za-z]{2}[0-9]{2}[A-Za-z0-9 -]{8,38}$", identifiers.is_iban),
    (("een BSN (elfproef)", "a BSN (eleven-test)"), r"^[0-9]+([ .-][0-9]+)*$", identifiers.is_bsn),
    (("een kenteken", "a licence plate"), r"^[A-Za-z0-9]{1,3}-?[A-Za-z0-9]{2,3}-?[A-Za-z0-9]{1,3}$", identifiers.is_plate),
    (("een e-mailadres", "an e-mail address"), r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,24}$", identifiers.is_email),
    (
        ("een datum (jjjj-mm-dd)", "a date (yyyy-mm-dd)"),
        r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        _is_date,
    ),
    (("een geheel getal", "a whole number"), r"^-?[0-9]+$", lambda text: text.removeprefix("-").isdecimal() and text.isascii()),
)
"""What it is called, the expression that the check asks (what it names, and no value), and what every text had to pass."""

OWN: dict[Callable[[str], bool], str] = {
    identifiers.is_bsn: "expect_column_values_to_be_valid_bsn",
    identifiers.is_iban: "expect_column_values_to_be_valid_iban",
    identifiers.is_plate: "expect_column_values_to_be_valid_licence_plate",
    identifiers.is_postcode: "expect_column_values_to_be_valid_dutch_postcode",
}
"""Checks that ask exactly this, and are proposed instead of the expression where this installation has them."""


def form_of(name: str, present: pa.ChunkedArray, graded: dict[str, Any]) -> Iterator[Proposal]:
    """Propose the form of a column of texts, the first of `FORMS` that all have; else one length, where all have it.

    Args:
        name: the column.
        present: its texts, none missing and at least one.
        graded: how sure it is and how severe that makes it.
    """
    import re

    import pyarrow.compute as pc

    different = pc.unique(present)
    said = counts(n=len(present))
    for (nl, en), pattern, holds in FORMS:
        if all(holds(text) and re.match(pattern, text) for text in map(str, different.to_pylist())):
            told = (f"elk van de {said['n']} teksten is {nl}", f"every one of {said['n_en']} texts is {en}")
            own = OWN.get(holds)
            kind = own if own and own in lists.expectations() else "expect_column_values_to_match_regex"
            kwargs = {"column": name} if kind == own else {"column": name, "regex": pattern}
            yield Proposal(kind, "validity", evidence=told, kwargs=kwargs, **graded)
            return
    lengths = pc.unique(pc.utf8_length(different)).to_pylist()
    if len(lengths) == 1 and len(different) >= LENGTHS:
        told = (f"elk van de {said['n']} teksten heeft dezelfde lengte", f"every one of {said['n_en']} texts has the same length")
        kwargs = {"column": name, "value": lengths[0]}
        yield Proposal("expect_column_value_lengths_to_equal", "validity", evidence=told, kwargs=kwargs, **graded)
