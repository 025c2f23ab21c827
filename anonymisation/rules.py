"""The primary rules of a table: which cells may not be shown, and the first rule that says so.

Rules in order: ``zeros`` (zeros are hidden), ``min_count`` (1 to min_count - 1 rows), ``min_contributors``, ``p_percent``. The p% rule
hides a cell when its second largest contributor could estimate the largest closer than p%: when the total less the two largest is under
p% of the largest (Handbook on Statistical Disclosure Control, ch. 4). Contributors are those of the whole cell, each with the total of
its rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from config.errors import ConfigurationError, Message, Place
from config.secrets import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from config.models.privacy import Privacy

HUNDRED = Decimal(100)

NOT_A_SHARE = Message(
    "anonymise.p-percent",
    nl="De waarde van het geheim bij privacy.rules.p_percent is geen percentage. Zet er een getal in boven 0 en hoogstens 100, zoals 10.",
    en="The value of the secret at privacy.rules.p_percent is not a percentage. Put a number in it above 0 and at most 100, such as 10.",
)


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of the rules that are in force; `p_percent` is secret and has no repr."""

    min_count: int | None
    min_contributors: int | None
    hide_zeros: bool
    p_percent: Decimal | None

    def __repr__(self) -> str:
        return "Parameters(…)"


@dataclass(frozen=True, slots=True)
class Contributions:
    """What a cell is made of.

    Attributes:
        count: rows that contribute (with a value, where the table has one).
        contributors: how many contributors there are.
        total: the sum of their values; `largest` and `two_largest` of the totals of the largest and the two largest contributors.
    """

    count: int
    contributors: int | None = None
    total: Decimal | None = None
    largest: Decimal = Decimal(0)
    two_largest: Decimal = Decimal(0)


def parameters(privacy: Privacy, secrets: Mapping[str, str]) -> Parameters:
    """Give the rules with their secret filled in.

    Raises:
        ConfigurationError: the secret is not set, or is not a percentage; its value is in no message.
    """
    rules = privacy.rules
    place = Place(path="privacy.rules.p_percent")
    secret = None
    if rules.p_percent is not None:
        secret = _percentage(resolve(rules.p_percent, secrets, place), place)
    return Parameters(rules.min_count, rules.min_contributors, rules.zeros == "suppress", secret)


def broken(cell: Contributions, rules: Parameters) -> str | None:
    """Give the name of the first rule that hides a cell, None where it may be shown."""
    nothing = cell.total == 0 if cell.total is not None else cell.count == 0
    if rules.hide_zeros and nothing:
        return "zeros"
    if rules.min_count is not None and 0 < cell.count < rules.min_count:
        return "min_count"
    if rules.min_contributors is not None and cell.contributors is not None and cell.contributors < rules.min_contributors:
        return "min_contributors"
    if rules.p_percent is not None and cell.total is not None and _dominated(cell.total, cell, rules.p_percent):
        return "p_percent"
    return None


def in_force(rules: Parameters) -> Sequence[str]:
    """Name the rules that are in force."""
    named = {
        "zeros": rules.hide_zeros,
        "min_count": rules.min_count,
        "min_contributors": rules.min_contributors,
        "p_percent": rules.p_percent,
    }
    return [name for name, value in named.items() if value]


def _dominated(total: Decimal, cell: Contributions, p_percent: Decimal) -> bool:
    return (total - cell.two_largest) * HUNDRED < p_percent * cell.largest


def _percentage(text: str, place: Place) -> Decimal:
    try:
        value = Decimal(text.strip().removesuffix("%").strip().replace(",", "."))
    except InvalidOperation:
        raise ConfigurationError(NOT_A_SHARE.at(place)) from None
    if not (value.is_finite() and 0 < value <= HUNDRED):
        raise ConfigurationError(NOT_A_SHARE.at(place))
    return value
