"""Numbers, sizes and dates as people write them: ``1.284``, ``12,5%``, ``22 november 2026``; in English ``1,284``, ``22 November 2026``.

Nothing here asks the machine for its locale: the same value gives the same text everywhere.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from config.errors import Language

AMSTERDAM = "Europe/Amsterdam"

_SEPARATORS: dict[Language, tuple[str, str]] = {"nl": (".", ","), "en": (",", ".")}
"""Between thousands, and before the decimals."""

_MONTHS: dict[Language, tuple[str, ...]] = {
    "nl": ("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
}
_QUARTERS: dict[Language, str] = {"nl": "{number}e kwartaal {year}", "en": "Q{number} {year}"}
_UNITS = ("bytes", "kB", "MB", "GB", "TB")
_STEP = 1000

_PERIOD = re.compile(r"(?P<year>\d{4})(?:-Q(?P<quarter>[1-4])|-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?")


def integer(value: int, language: Language = "nl") -> str:
    """Give a whole number with its thousands apart."""
    return f"{value:,}".replace(",", _SEPARATORS[language][0])


def decimal(value: float | Decimal, language: Language = "nl", *, places: int | None = None, grouped: bool = True) -> str:
    """Give a number without trailing zeros, of a float the digits of its shortest form.

    `places` is how many decimals at most (rounded half to even; None for all there are), `grouped` whether thousands stand apart.
    """
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        return ""
    if places is not None:
        exact = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    whole, _, fraction = format(exact, ",f").partition(".")
    thousands, point = _SEPARATORS[language]
    whole = whole.replace(",", thousands if grouped else "")
    fraction = fraction.rstrip("0")
    text = f"{whole}{point}{fraction}" if fraction else whole
    return "0" if text == "-0" else text


def percent(share: float, language: Language = "nl", *, places: int = 1) -> str:
    """Give a share as a percentage; one that is not quite none or all is never rounded to 0% or 100%."""
    smallest = Decimal(1).scaleb(-places)
    exact = Decimal(repr(float(share))) * 100
    if 0 < exact < smallest:
        return ("minder dan " if language == "nl" else "less than ") + decimal(smallest, language) + "%"
    if 100 - smallest < exact < 100:  # noqa: PLR2004 - per cent
        return ("meer dan " if language == "nl" else "more than ") + decimal(100 - smallest, language) + "%"
    return decimal(exact, language, places=places) + "%"


def size(count: int, language: Language = "nl") -> str:
    """Give a number of bytes in the unit that leaves one to three digits before the comma (kB is 1000 bytes)."""
    amount, unit = Decimal(count), 0
    while amount.quantize(Decimal(1)) >= _STEP and unit < len(_UNITS) - 1:
        amount, unit = amount / _STEP, unit + 1
    places = 1 if unit and amount < 100 else 0  # noqa: PLR2004 - two digits before the comma leave room for one after it
    name = "byte" if count == 1 else _UNITS[unit]
    return f"{decimal(amount, language, places=places)}\N{NO-BREAK SPACE}{name}"


def period(text: str, language: Language = "nl") -> str:
    """Give a year, quarter, month or day in words; a text of another form comes back as it is.

    ``2026`` stays, ``2026-Q4`` is *4e kwartaal 2026*, ``2026-11`` *november 2026*, ``2026-11-22`` *22 november 2026*.
    """
    match = _PERIOD.fullmatch(text)
    if not match:
        return text
    year, quarter, month, day = match["year"], match["quarter"], int(match["month"] or 0), int(match["day"] or 0)
    if quarter:
        return _QUARTERS[language].format(number=quarter, year=year)
    if not month:
        return year
    if month > len(_MONTHS[language]):
        return text
    name = _MONTHS[language][month - 1]
    return f"{day} {name} {year}" if day else f"{name} {year}"


def local_date(instant: str) -> str:
    """Give the day of an instant (ISO 8601 with an offset) in the Netherlands, as ``YYYY-MM-DD``; a plain date comes back as it is."""
    if _PERIOD.fullmatch(instant):
        return instant
    moment = datetime.fromisoformat(instant)
    return (moment.astimezone(ZoneInfo(AMSTERDAM)) if moment.tzinfo else moment).date().isoformat()


def day(instant: str, language: Language = "nl") -> str:
    """Give the day of an instant or a date in words."""
    return period(local_date(instant), language)


def moment(value: datetime, language: Language = "nl") -> str:
    """Give a date-time in words, to the minute, as it stands (no zone is converted)."""
    return f"{period(value.date().isoformat(), language)} {value:%H:%M}"


def cell(value: object, language: Language = "nl", *, grouped: bool = False) -> str:
    """Give a cell of a table for reading: nothing for None, yes or no, numbers with the language's comma, dates in their ISO form.

    `grouped` sets thousands apart, for figures; codes and years are left as they are.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return {"nl": ("nee", "ja"), "en": ("no", "yes")}[language][value]
    if isinstance(value, int):
        return integer(value, language) if grouped else str(value)
    if isinstance(value, float | Decimal):
        return decimal(value, language, grouped=grouped)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes").replace("+00:00", " UTC")
    return value.isoformat() if isinstance(value, date) else str(value)
