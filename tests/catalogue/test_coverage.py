"""What a table covers: compared with reading every value by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymisation.safe import SafeColumn
from anonymisation.vouch import make_safe
from catalogue.coverage import Coverage, coverage, of_batches
from engine import geo

if TYPE_CHECKING:
    from pathlib import Path

DAY = SafeColumn("dag", "date")


def batches(name: str, values: list[object], kind: pa.DataType, size: int = 3) -> list[pa.RecordBatch]:
    return pa.table({name: pa.array(values, kind)}).to_batches(max_chunksize=size)


@settings(deadline=None)
@given(st.lists(st.none() | st.dates()))
def test_dates_give_the_first_and_last_day_but_for_placeholders(values: list[date | None]) -> None:
    real = [day for day in values if day and 1000 <= day.year <= 8999]
    found = of_batches(batches("dag", list(values), pa.date32()), [DAY])
    assert found.temporal == ((min(real).isoformat(), max(real).isoformat()) if real else None)
    assert found.bbox is None


def test_an_instant_counts_as_the_day_it_is_in_the_netherlands() -> None:
    column = SafeColumn("moment", "datetime")
    values = [datetime(2026, 6, 30, 22, 30, tzinfo=UTC), datetime(2025, 12, 31, 22, 30, tzinfo=UTC)]
    found = of_batches(batches("moment", list(values), pa.timestamp("us", tz="UTC")), [column])
    assert found.temporal == ("2025-12-31", "2026-07-01")


@pytest.mark.parametrize(
    ("level", "values", "expected"),
    [
        ("month", ["2024-03", None, "2023-11", "*"], ("2023-11", "2024-03")),
        ("year", ["2024", "2019", "9999", "0001"], ("2019", "2024")),
        ("quarter", ["2024-Q1", "2023-Q4"], ("2023-10", "2024-03")),
        ("day", ["2024-02-29", "2024-02-30"], ("2024-02-29", "2024-02-29")),
        ("month", ["2024-03", "2022"], ("2022", "2024")),  # mixed: as coarse as the coarsest
        ("month", ["maart", "*"], None),
        ("PC4", ["2011", "2012"], None),  # a postcode looks like a year
        (None, ["2011", "2012"], None),
    ],
)
def test_generalised_dates_are_read_at_their_level(level: str | None, values: list[object], expected: tuple[str, str] | None) -> None:
    found = of_batches(batches("kolom", values, pa.string(), size=2), [SafeColumn("kolom", "string", level=level)])
    assert found.temporal == expected


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(2000, 2030), st.integers(1, 12)), min_size=1), st.integers(1, 5))
def test_months_in_any_batches_give_the_same_period(months: list[tuple[int, int]], size: int) -> None:
    texts: list[object] = [f"{year}-{month:02d}" for year, month in months]
    found = of_batches(batches("maand", texts, pa.string(), size), [SafeColumn("maand", "string", level="month")])
    assert found.temporal == (min(map(str, texts)), max(map(str, texts)))


def test_a_box_is_in_degrees_around_all_geometry(tmp_path: Path) -> None:
    import shapely

    points = shapely.points([[121687.0, 487484.0], [122000.0, 488000.0]])  # Amsterdam, in the Dutch grid
    table = pa.table({"vorm": geo.encode(points), "dag": pa.array([date(2026, 1, 2), None], pa.date32())})
    pq.write_table(table, tmp_path / "safe.parquet", row_group_size=1)
    safe = make_safe(tmp_path / "safe.parquet", (SafeColumn("vorm", "geometry"), DAY), 2, "EPSG:28992")
    found = coverage(safe)
    assert found.temporal == ("2026-01-02", "2026-01-02")
    west, south, east, north = found.bbox or (0, 0, 0, 0)
    assert 4.89 < west < 4.90 < east < 4.91
    assert 52.37 < south < north < 52.38


def test_without_dates_and_without_a_known_crs_nothing_is_claimed() -> None:
    assert of_batches(batches("naam", ["a", None], pa.string()), [SafeColumn("naam", "string")]) == Coverage(None, None, {"naam": 0.5})
    empty = batches("vorm", [b"\x01\x01\x00\x00\x00" + b"\x00" * 16], pa.binary())
    assert of_batches(empty, [SafeColumn("vorm", "geometry")]).bbox is None
