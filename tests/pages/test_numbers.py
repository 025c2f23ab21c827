"""Numbers, sizes and dates as people write them, against what they stand for."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import Language
from pages import numbers

LANGUAGES: st.SearchStrategy[Language] = st.sampled_from(get_args(Language))
SEPARATORS: dict[Language, tuple[str, str]] = {"nl": (".", ","), "en": (",", ".")}


def read(text: str, language: Language) -> Decimal:
    """What a person reads in a written number."""
    thousands, point = SEPARATORS[language]
    assert re.fullmatch(rf"-?\d{{1,3}}({re.escape(thousands)}\d{{3}})*({re.escape(point)}\d*[1-9])?", text), text
    return Decimal(text.replace(thousands, "").replace(point, "."))


@given(st.integers(), LANGUAGES)
def test_a_whole_number_reads_back(value: int, language: Language) -> None:
    assert read(numbers.integer(value, language), language) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12), LANGUAGES)
def test_a_number_reads_back_and_has_no_needless_zeros(value: Decimal, language: Language) -> None:
    assert read(numbers.decimal(value, language), language) == value


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12), LANGUAGES)
def test_a_float_keeps_the_digits_of_its_shortest_form(value: float, language: Language) -> None:
    assert float(read(numbers.decimal(value, language), language)) == value


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9), st.integers(0, 4), LANGUAGES)
def test_a_rounded_number_is_at_most_half_a_step_off(value: float, places: int, language: Language) -> None:
    off = abs(read(numbers.decimal(value, language, places=places), language) - Decimal(repr(value)))
    assert off <= Decimal(1).scaleb(-places) / 2


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("-Infinity")])
def test_what_is_no_number_is_left_empty(value: float | Decimal) -> None:
    assert numbers.decimal(value) == ""


@given(st.floats(0, 1), LANGUAGES)
def test_only_none_is_0_percent_and_only_all_is_100_percent(share: float, language: Language) -> None:
    written = numbers.percent(share, language)
    assert (written == "0%") == (share == 0)
    assert (written == "100%") == (share == 1)


def test_percentages() -> None:
    assert numbers.percent(0.125) == "12,5%"
    assert numbers.percent(0.125, "en") == "12.5%"
    assert numbers.percent(0.00001) == "minder dan 0,1%"
    assert numbers.percent(0.99999, "en") == "more than 99.9%"


@given(st.integers(0, 10**15), LANGUAGES)
def test_a_size_is_near_the_number_of_bytes(count: int, language: Language) -> None:
    amount, unit = numbers.size(count, language).split("\N{NO-BREAK SPACE}")
    factor = {"byte": 1, "bytes": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}[unit]
    written = read(amount, language)
    assert abs(written * factor - count) <= factor * Decimal("0.5" if written >= 100 else "0.05")
    assert written < 1000 or unit == "TB"
    assert written >= 1 or not count


@pytest.mark.parametrize(
    ("count", "written"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1 kB"), (41_500, "41,5 kB"), (999_499, "999 kB"), (999_500, "1 MB")],
)
def test_sizes(count: int, written: str) -> None:
    assert numbers.size(count).replace("\N{NO-BREAK SPACE}", " ") == written


@given(st.dates(), LANGUAGES)
def test_a_day_reads_back(day: date, language: Language) -> None:
    number, month, year = numbers.period(day.isoformat(), language).split(" ")
    assert (int(number), int(year)) == (day.day, day.year)
    months = {numbers.period(f"2026-{n:02d}", language).split(" ")[0] for n in range(1, 13)}
    assert len(months) == 12
    assert numbers.period(f"2026-{day.month:02d}", language).split(" ")[0] == month


@pytest.mark.parametrize(
    ("text", "nl", "en"),
    [
        ("2026", "2026", "2026"),
        ("2026-Q4", "4e kwartaal 2026", "Q4 2026"),
        ("2026-11", "november 2026", "November 2026"),
        ("2026-11-02", "2 november 2026", "2 November 2026"),
        ("2026-13", "2026-13", "2026-13"),
        ("2026-Q5", "2026-Q5", "2026-Q5"),
        ("*", "*", "*"),
        ("2026-11-22T10:00:00+00:00", "2026-11-22T10:00:00+00:00", "2026-11-22T10:00:00+00:00"),
    ],
)
def test_periods(text: str, nl: str, en: str) -> None:
    assert (numbers.period(text, "nl"), numbers.period(text, "en")) == (nl, en)


def test_an_instant_has_the_day_it_has_in_the_netherlands() -> None:
    assert numbers.day("2026-06-30T22:00:00+00:00") == "1 juli 2026"
    assert numbers.day("2026-12-31T23:00:00+00:00", "en") == "1 January 2027"
    assert numbers.day("2026-12-31T22:59:59+00:00") == "31 december 2026"
    assert numbers.day("2026-12-31") == "31 december 2026"


def test_cells() -> None:
    instant = datetime(2026, 7, 1, 22, 30, 12, tzinfo=UTC)
    assert numbers.cell(None) == ""
    assert [numbers.cell(value) for value in (True, False)] == ["ja", "nee"]
    assert (numbers.cell(2026), numbers.cell(12345, grouped=True)) == ("2026", "12.345")
    assert (numbers.cell(1234.5), numbers.cell(1234.5, grouped=True), numbers.cell(1234.5, "en", grouped=True)) == (
        "1234,5",
        "1.234,5",
        "1,234.5",
    )
    assert numbers.cell(date(2026, 7, 1)) == "2026-07-01"
    assert numbers.cell(instant) == "2026-07-01 22:30 UTC"
    assert numbers.cell(instant.astimezone(timezone(timedelta(hours=2)))) == "2026-07-02 00:30+02:00"
    assert numbers.cell("007") == "007"
