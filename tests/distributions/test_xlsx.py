from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from python_calamine import CalamineWorkbook

from config.models.base import Text
from distributions.write import writer
from distributions.writers import xlsx

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from distributions.base import WriteOptions


def sheet(path: Path, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name(name).to_python()


def test_the_second_sheet_explains_the_first(safe: Any, tmp_path: Path, options: WriteOptions) -> None:
    table = safe(
        {"hoogte": ("number", [1.5]), "soort": ("string", ["eik"]), "plek": ("geometry", [None])},
        hoogte={"title": Text(nl="Hoogte"), "description": Text(nl="Van de kroon"), "unit": "m"},
        soort={"level": "geslacht"},
    )
    path = tmp_path / "x.xlsx"
    writer("xlsx").write(table, path, options)
    assert CalamineWorkbook.from_path(str(path)).sheet_names == ["Gegevens", "Toelichting"]
    told = sheet(path, "Toelichting")
    assert [row[:2] for row in told[:4]] == [
        ["Dataset", "bomen"], ["Titel", "Bomen"], ["Omschrijving", "Alle bomen van de gemeente."], ["Uitgever", "Gemeente Voorbeeld"],
    ]  # fmt: skip
    assert ["Title (English)", "Trees"] in [row[:2] for row in told]
    assert ["hoogte", "Hoogte", "Van de kroon", "m", "getal", ""] in told
    assert ["soort", "", "", "", "tekst", "geslacht"] in told
    assert told[-1][0].startswith("Niet in dit bestand: plek")
    assert sheet(path, "Gegevens")[0] == ["hoogte", "soort"]


def test_the_file_holds_no_date_of_today(safe: Any, tmp_path: Path, options: WriteOptions) -> None:
    writer("xlsx").write(safe({"n": ("integer", [1])}), tmp_path / "x.xlsx", options)
    with zipfile.ZipFile(tmp_path / "x.xlsx") as file:
        core = file.read("docProps/core.xml").decode()
        assert core.count("2000-01-01T00:00:00Z") == 2
        assert str(datetime.now(UTC).year) not in core
        assert {info.date_time[0] for info in file.infolist()} == {1980}


def test_what_excel_cannot_hold_exactly_is_text(safe: Any, tmp_path: Path, options: WriteOptions) -> None:
    table = safe(
        {
            "n": ("integer", [2**53, 2**53 + 1, 0]),
            "d": ("decimal", [Decimal("123456789012.345"), Decimal("1234567890123.456"), Decimal(0)]),
            "dag": ("date", [date(1900, 3, 1), date(1900, 2, 28), date(9999, 12, 31)]),
            "t": ("datetime", [datetime(2024, 1, 1, 0, 0, 0, 123000, tzinfo=UTC), datetime(2024, 1, 1, 0, 0, 0, 123456, tzinfo=UTC), None]),
        }
    )
    writer("xlsx").write(table, tmp_path / "x.xlsx", options)
    assert sheet(tmp_path / "x.xlsx", "Gegevens")[1:] == [
        [float(2**53), 123456789012.345, date(1900, 3, 1), datetime(2024, 1, 1, 0, 0, 0, 123000)],  # noqa: DTZ001
        [str(2**53 + 1), "1234567890123.456", "1900-02-28", "2024-01-01T00:00:00.123456Z"],
        [0.0, 0.0, date(9999, 12, 31), ""],
    ]


def test_limits_are_told_before_anything_is_written(safe: Any) -> None:
    fits = safe({"t": ("string", ["x" * 32_767, "😀" * 16_383])})
    assert writer("xlsx").limits(fits) == ()
    found = safe({"t": ("string", ["x" * 32_768, "😀" * 16_384, None]), "u": ("string", ["\ufffe", "b", "c"])})
    problems = writer("xlsx").limits(found)
    assert [(p.code, p.nl[:18]) for p in problems] == [
        ("distribution.xlsx-text", "kolom t: 2 teksten"), ("distribution.xlsx-character", "kolom u: 1 teksten"),
    ]  # fmt: skip


def test_more_rows_or_columns_than_a_sheet_has_are_refused(safe: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (xlsx.MAX_ROWS, xlsx.MAX_COLUMNS) == (1_048_575, 16_384)
    table = safe({"a": ("integer", [1, 2, 3]), "b": ("integer", [1, 2, 3]), "plek": ("geometry", [None] * 3)})
    monkeypatch.setattr(xlsx, "MAX_ROWS", 3)
    monkeypatch.setattr(xlsx, "MAX_COLUMNS", 2)
    assert writer("xlsx").limits(table) == ()
    monkeypatch.setattr(xlsx, "MAX_ROWS", 2)
    monkeypatch.setattr(xlsx, "MAX_COLUMNS", 1)
    assert [problem.code for problem in writer("xlsx").limits(table)] == ["distribution.xlsx-rows", "distribution.xlsx-columns"]
