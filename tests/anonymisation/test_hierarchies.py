"""Hierarchies: each step nests in the next, what does not fit is told by its place, and never by its value."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymisation.hierarchies.base import forked, open_ladder, recode
from anonymisation.hierarchies.date import LEVELS as DATE_LEVELS
from anonymisation.hierarchies.nl_postcode import LEVELS as POSTCODE_LEVELS
from config.errors import ConfigurationError
from config.registry import HIERARCHIES

if TYPE_CHECKING:
    from pathlib import Path

    from config.models.hierarchy import HierarchyOptions
    from config.models.schema import ColumnType


def declared(**keys: Any) -> HierarchyOptions:
    made: HierarchyOptions = HIERARCHIES.load(keys["type"]).Options.model_validate_json(json.dumps(keys))
    return made


def recoded(hierarchy: HierarchyOptions, base: Path, values: list[object], kind: ColumnType = "string", type_: pa.DataType | None = None):  # noqa: ANN201
    distinct = pa.array(values, type_)
    return recode(distinct, kind, open_ladder(hierarchy, base))


def steps(hierarchy: HierarchyOptions, base: Path, value: object, type_: pa.DataType | None = None) -> list[object]:
    levels, misfits = recoded(hierarchy, base, [value], type_=type_)
    assert not len(misfits)
    return [level.labels[0].as_py() for level in levels[1:]]


def test_the_steps_of_a_date(tmp_path: Path) -> None:
    found = steps(declared(type="date", levels=DATE_LEVELS), tmp_path, date(2024, 5, 17))
    assert found == [date(2024, 5, 17), "2024-05", "2024-Q2", "2024", "2020-2024", "2020-2029", "*"]


@pytest.mark.parametrize("text", ["2024-05-17", "17-05-2024", "2024-05-17 13:00", "2024-05-17T23:59:59"])
def test_dates_as_text(tmp_path: Path, text: str) -> None:
    assert steps(declared(type="date", levels=("month",)), tmp_path, text) == ["2024-05"]


@pytest.mark.parametrize("text", ["2024", "31-02-2024", "17/05/2024", "gisteren", "2024-13-01"])
def test_a_text_that_is_no_date_is_a_misfit(tmp_path: Path, text: str) -> None:
    _, misfits = recoded(declared(type="date", levels=("month",)), tmp_path, [text])
    assert misfits.tolist() == [0]


def test_an_instant_belongs_to_the_day_it_has_in_the_netherlands(tmp_path: Path) -> None:
    instant = datetime(2023, 12, 31, 23, 30, tzinfo=UTC)
    assert steps(declared(type="date", levels=("day", "year")), tmp_path, instant, pa.timestamp("us", "UTC")) == [date(2024, 1, 1), "2024"]


@given(days=st.lists(st.dates(), min_size=1, max_size=40, unique=True), data=st.data())
def test_every_choice_of_date_steps_nests(days: list[date], data: st.DataObject) -> None:
    from pathlib import Path

    chosen = sorted(data.draw(st.sets(st.sampled_from(DATE_LEVELS), min_size=1)), key=DATE_LEVELS.index)
    levels, misfits = recoded(declared(type="date", levels=tuple(chosen)), Path(), sorted(days))
    assert not len(misfits)
    assert forked(levels) is None
    assert [len(level.labels) for level in levels] == sorted((len(level.labels) for level in levels), reverse=True)


LETTERS = st.sampled_from("ABCDEFGHJKLMNPRSTVWXZ")


@given(st.sets(st.tuples(st.integers(1000, 9999), LETTERS, LETTERS), min_size=1, max_size=40), st.sampled_from(["{}{}{}", "{} {}{}"]))
def test_postcodes_nest(codes: set[tuple[int, str, str]], form: str) -> None:
    from pathlib import Path

    values = sorted(form.format(*code) for code in codes)
    levels, misfits = recoded(declared(type="nl-postcode", levels=POSTCODE_LEVELS), Path(), values)
    assert not len(misfits)
    assert forked(levels) is None
    assert {label.as_py() for label in levels[3].labels} == {str(number) for number, _, _ in codes}


@pytest.mark.parametrize("text", ["0123AB", "2011", "12345", "AB2011", "2011 RDX", ""])
def test_what_is_no_full_postcode_does_not_fit_pc6(tmp_path: Path, text: str) -> None:
    _, misfits = recoded(declared(type="nl-postcode", levels=("PC6",)), tmp_path, [text])
    assert misfits.tolist() == [0]


def write(folder: Path, text: str | bytes) -> HierarchyOptions:
    (folder / "h.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return declared(type="file", path="h.csv")


def test_a_file_gives_its_steps_and_a_missing_value_its_own_line(tmp_path: Path) -> None:
    ladder = write(tmp_path, 'a;noord;*\n"b;c";zuid;*\n\n;onbekend;*\n')
    assert steps(ladder, tmp_path, "b;c") == ["zuid", "*"]
    assert steps(ladder, tmp_path, None, pa.string()) == ["onbekend", "*"]


def test_numbers_are_looked_up_as_people_type_them(tmp_path: Path) -> None:
    ladder = write(tmp_path, "1;een\n2.5;meer\n")
    assert steps(ladder, tmp_path, 1, pa.int64()) == ["een"]
    assert steps(ladder, tmp_path, 1.0, pa.float64()) == ["een"]
    assert steps(ladder, tmp_path, Decimal("2.5"), pa.decimal128(38, 9)) == ["meer"]


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("a;noord\nb\n", 2, "1 kolommen"),
        ("a;noord\na;zuid\n", 2, "regel 1"),
        ("geheim;x;p\nb;x;q\n", 2, "anders"),
        ("a;\n", 1, "leeg"),
        ("a\nb\n", 1, "één kolom"),
        (b"\xef\xbb\xbfa;x\n", 1, "BOM"),
        (b"a;x\ncaf\xe9;y\n", 2, "UTF-8"),
        ("", None, "leeg"),
    ],
)
def test_a_wrong_file_is_told_by_its_line(tmp_path: Path, content: str | bytes, line: int | None, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        open_ladder(write(tmp_path, content), tmp_path)
    problem = caught.value.problems[0]
    assert problem.place.line == line
    assert said in problem.nl
    assert "geheim" not in problem.nl
    assert "caf" not in problem.nl


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        open_ladder(declared(type="file", path="weg.csv"), tmp_path)
    assert str(caught.value.problems[0].place) == "weg.csv"


@given(st.lists(st.lists(st.sampled_from("pqr"), min_size=3, max_size=3), min_size=1, max_size=8))
def test_a_file_is_taken_exactly_when_what_falls_together_stays_together(rows: list[list[str]]) -> None:
    import tempfile
    from pathlib import Path

    nested = all(a[step + 1 :] == b[step + 1 :] for a, b in itertools.combinations(rows, 2) for step in range(2) if a[step] == b[step])
    with tempfile.TemporaryDirectory() as room:
        hierarchy = write(Path(room), "\n".join(";".join([str(number), *row]) for number, row in enumerate(rows)) + "\n")
        try:
            open_ladder(hierarchy, Path(room))
        except ConfigurationError:
            assert not nested
        else:
            assert nested
