"""Cells into values: every cell is judged alone, whatever stands beside it, and against independent parsers."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.models.schema import Column
from sources.cells import Conventions
from sources.convert import convert

BAD = "<bad>"
DUTCH = Conventions(decimal=",", thousands=".")


def read(cells: list[Any], kind: str, conventions: Conventions = Conventions(), form: str | None = None, at: Any = None) -> list[Any]:  # noqa: B008
    column = Column.model_validate({"name": "x", "type": kind, "classification": "open", "format": form})
    done = convert(pa.array(cells, at or pa.string()), column, conventions)
    bad = [False] * len(cells) if done.bad is None else done.bad.tolist()
    values = done.values.to_pylist()
    assert all(value is None for value, wrong in zip(values, bad, strict=True) if wrong)
    return [BAD if wrong else value for value, wrong in zip(values, bad, strict=True)]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("12", 12),
        (" 12 ", 12),
        ("+12", 12),
        ("007", 7),
        ("1284.0", 1284),
        ("-0", 0),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", BAD),
        ("1" * 60, BAD),
        ("12.5", BAD),
        ("0x1F", BAD),
        ("1e3", BAD),
        ("1_000", BAD),
        ("١٢", BAD),
        ("12,0", BAD),
        ("twaalf", BAD),
        ("", None),
        ("  ", None),
    ],
)
def test_integers(cell: str, expected: Any) -> None:
    assert read([cell], "integer") == [expected]
    assert read(["1", cell, "x"], "integer") == [1, expected, BAD]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("1.234,5", 1234.5),
        ("1234,5", 1234.5),
        ("-1.234.567,25", -1234567.25),
        ("12.34", BAD),  # a group has three digits: this is no Dutch number, and who knows which one it is
        ("1.2345", BAD),
        ("1.5", BAD),
        ("nan", BAD),
        ("inf", BAD),
        (",5", 0.5),
    ],
)
def test_dutch_numbers_are_never_guessed_at(cell: str, expected: Any) -> None:
    assert read([cell], "number", DUTCH) == [expected]
    assert read([cell], "decimal", DUTCH) == [BAD if expected == BAD else Decimal(str(expected))]


def test_a_point_is_no_decimal_comma() -> None:
    assert read(["1,5", "1.5", "2"], "number", Conventions(decimal=",")) == [1.5, BAD, 2.0]


def test_decimals_are_exact_or_bad() -> None:
    cells = ["0.1", "0.123456789", "0.1234567891", "1.1000000000000", "1" * 29, "1" * 30, "1e5", "-.5", "0" * 50 + "1." + "0" * 50]
    assert read(cells, "decimal") == [
        Decimal("0.1"),
        Decimal("0.123456789"),
        BAD,
        Decimal("1.1"),
        Decimal("1" * 29),
        BAD,
        BAD,
        Decimal("-0.5"),
        Decimal(1),
    ]


def test_numbers_are_finite() -> None:
    assert read(["1e308", "1e309", "NaN", "-Infinity", "1e-400", "5.", "."], "number") == [1e308, BAD, BAD, BAD, 0.0, 5.0, BAD]


@given(st.lists(st.text("0123456789.,-+eExXnaif ", max_size=8), max_size=6))
def test_a_cell_is_judged_alone(cells: list[str]) -> None:
    for kind in ("integer", "number", "decimal"):
        for conventions in (Conventions(), Conventions(decimal=","), DUTCH):
            assert read(cells, kind, conventions) == [read([cell], kind, conventions)[0] for cell in cells]


@given(st.text("0123456789.-+", max_size=12))
def test_numbers_agree_with_python(cell: str) -> None:
    ordinary = re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)", cell)
    expected = None if not cell else float(cell) if ordinary else BAD
    assert read([cell], "number") == [expected]
    exact = expected if not ordinary else Decimal(cell)
    assert read([cell], "decimal") == [BAD if isinstance(exact, Decimal) and exact != round(exact, 9) else exact]


@pytest.mark.parametrize(
    ("form", "cell", "expected"),
    [
        ("%d-%m-%Y", "31-12-2024", date(2024, 12, 31)),
        ("%d-%m-%Y", "31-02-2024", BAD),
        ("%d-%m-%Y", "29-02-1900", BAD),
        ("%d-%m-%Y", "29-02-2000", date(2000, 2, 29)),
        ("%d-%m-%Y", "1-2-2024", date(2024, 2, 1)),
        ("%d-%m-%Y", "1-2-24", BAD),
        ("%d-%m-%Y", "2024-12-31", BAD),
        ("%d-%m-%Y", "31/12/2024", BAD),
        ("%d-%m-%Y", "00-01-2024", BAD),
        ("%d-%m-%Y", "01-13-2024", BAD),
        ("%d-%m-%Y", "٣١-12-2024", BAD),
        ("%d-%m-%Y", "31-12-0000", BAD),
        ("%Y%m%d", "20241231", date(2024, 12, 31)),
        ("%d %B %Y", "3 maart 2024", date(2024, 3, 3)),
        ("%d %b %Y", "12 mei 2024", date(2024, 5, 12)),
        ("%d %b %Y", "12 OKT 2024", date(2024, 10, 12)),
        (None, "2024-12-31", date(2024, 12, 31)),
        (None, "2024-12-31T00:00:00.000", date(2024, 12, 31)),
        (None, "2024-12-31 01:00", BAD),
        (None, "20241231", BAD),
        (None, "", None),
    ],
)
def test_dates(form: str | None, cell: str, expected: Any) -> None:
    assert read([cell], "date", form=form) == [expected]
    assert read([cell, "x", None, cell], "date", form=form) == [expected, BAD, None, expected]


@given(st.lists(st.dates() | st.none(), min_size=1))
def test_every_day_is_read_the_fast_and_the_slow_way(days: list[date | None]) -> None:
    cells = [f"{day.day:02}-{day.month:02}-{day.year:04}" if day else None for day in days]
    assert read(cells, "date", form="%d-%m-%Y") == days
    assert read([*cells, "?"], "date", form="%d-%m-%Y") == [*days, BAD]


@given(st.text("0123456789-", min_size=10, max_size=10))
def test_ten_letters_are_a_date_where_python_says_so(cell: str) -> None:
    try:
        expected: Any = datetime.strptime(cell, "%d-%m-%Y").date()  # noqa: DTZ007
    except ValueError:
        expected = BAD
    assert read([cell], "date", form="%d-%m-%Y") == [expected]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2024-07-01T12:30:00Z", datetime(2024, 7, 1, 12, 30, tzinfo=UTC)),
        ("2024-07-01 12:30:00+05:00", datetime(2024, 7, 1, 7, 30, tzinfo=UTC)),
        ("2024-07-01 12:30", datetime(2024, 7, 1, 10, 30, tzinfo=UTC)),
        ("2024-12-01 12:30:00.5", datetime(2024, 12, 1, 11, 30, 0, 500_000, tzinfo=UTC)),
        ("2024-12-01 12:30:00.1234560", datetime(2024, 12, 1, 11, 30, 0, 123_456, tzinfo=UTC)),
        ("2024-12-01", datetime(2024, 11, 30, 23, 0, tzinfo=UTC)),
        ("2024-03-31 02:30", BAD),  # the clock went from two to three
        ("2024-10-27 02:30", datetime(2024, 10, 27, 0, 30, tzinfo=UTC)),  # it struck twice: the first time
        ("1937-06-30 23:59:59", datetime(1937, 6, 30, 22, 40, 31, tzinfo=UTC)),  # Amsterdam time, nineteen and a half minutes
        ("2024-07-01T12", BAD),
        ("2024-07-01T24:00", BAD),
        ("2024-07-01T12:30:00.1234567", BAD),
        ("morgen", BAD),
    ],
)
def test_moments(cell: str, expected: Any) -> None:
    if cell.startswith("1937"):  # what the zone rules of this machine say of that year
        expected = datetime.fromisoformat(cell).replace(tzinfo=ZoneInfo("Europe/Amsterdam")).astimezone(UTC)
    assert read([cell], "datetime") == [expected]
    assert read([cell, "2024-01-01 00:00:00", "x"], "datetime") == [expected, datetime(2023, 12, 31, 23, tzinfo=UTC), BAD]


@given(st.lists(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), max_size=5))  # noqa: DTZ001
def test_clock_times_agree_with_python(clocks: list[datetime]) -> None:
    expected: list[Any] = []
    for clock in clocks:
        moment = clock.replace(tzinfo=ZoneInfo("Europe/Amsterdam")).astimezone(UTC)
        expected.append(moment if moment.astimezone(ZoneInfo("Europe/Amsterdam")).replace(tzinfo=None) == clock else BAD)
    assert read([clock.isoformat(" ") for clock in clocks], "datetime") == expected
    assert read(clocks, "datetime", at=pa.timestamp("us")) == expected


@given(st.lists(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)).map(lambda m: m.replace(microsecond=0)), max_size=5))  # noqa: DTZ001
def test_a_declared_date_time_format(clocks: list[datetime]) -> None:
    utc = Conventions(timezone="UTC")
    cells = [clock.strftime("%d-%m-%Y %H:%M:%S") for clock in clocks]
    assert read(cells, "datetime", utc, "%d-%m-%Y %H:%M:%S") == [clock.replace(tzinfo=UTC) for clock in clocks]


def test_truth_values() -> None:
    assert read(["Ja", "nee", " JA ", "j", "true", "", None], "boolean", form="ja|nee") == [True, False, True, BAD, BAD, None, None]
    assert read(["true", "False", "1", "0", "ja"], "boolean") == [True, False, True, False, BAD]


@pytest.mark.parametrize(
    ("cells", "at", "kind", "expected"),
    [
        ([1.0, 2.5, float("nan"), 1e300, None], pa.float64(), "integer", [1, BAD, None, BAD, None]),
        ([1.0, float("inf"), float("nan")], pa.float64(), "number", [1.0, BAD, None]),
        ([2**64 - 1, 5], pa.uint64(), "integer", [BAD, 5]),
        ([1.1, 1e30], pa.float64(), "decimal", [Decimal("1.1"), BAD]),
        ([Decimal("1.5"), Decimal("2.0")], pa.decimal128(5, 1), "integer", [BAD, 2]),
        ([Decimal("2.0123456789")], pa.decimal128(20, 10), "decimal", [BAD]),
        ([1, 0, 2], pa.int8(), "boolean", [True, False, BAD]),
        ([datetime(2024, 1, 1), datetime(2024, 7, 1, 12)], pa.timestamp("ns"), "date", [date(2024, 1, 1), BAD]),  # noqa: DTZ001
        ([timedelta(1)], pa.duration("s"), "date", [BAD]),
        ([b"x"], pa.binary(), "string", [BAD]),
        ([True], pa.bool_(), "integer", [BAD]),
        (["a", "b"], pa.dictionary(pa.int8(), pa.string()), "string", ["a", "b"]),
        ([None, None], pa.null(), "date", [None, None]),
    ],
)
def test_typed_values_are_read_without_loss_or_marked(cells: list[Any], at: Any, kind: str, expected: list[Any]) -> None:
    assert read(cells, kind, at=at) == expected
