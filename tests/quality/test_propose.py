from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.suite import load_suite
from quality.check import check
from quality.propose import as_yaml, propose, sureness

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class Open:
    name: str
    classification: str = "open"


BSN = ["111222333", "123456782", "999990019", "100000009"]


def found(path: Path, *columns: Open) -> dict[tuple[str, str], dict[str, Any]]:
    return {(one.type, str(one.kwargs.get("column", ""))): one.kwargs for one in propose(path, columns)}


def test_types_keys_ranges_codes_and_dutch_identifiers_are_found(parquet: Callable[..., Path]) -> None:
    n = 120
    path = parquet(
        {
            "id": list(range(n)),
            "postcode": [f"{1000 + i} AB" for i in range(n)],
            "wijk": [("WK012301", "WK012302")[i % 2] for i in range(n)],
            "bsn": [BSN[i % 4] for i in range(n)],
            "dag": [f"2026-01-{i % 28 + 1:02d}" for i in range(n)],
            "soort": [("afval", "groen", "weg")[i % 3] for i in range(n)],
            "bedrag": [float(i) for i in range(n)],
            "leeg": [None if i % 20 == 0 else 1 for i in range(n)],
        }
    )
    told = found(path, Open("soort"), Open("bedrag"))
    assert told["expect_column_values_to_be_in_set", "soort"]["value_set"] == ["afval", "groen", "weg"]
    assert told["expect_column_values_to_be_between", "bedrag"] == {"column": "bedrag", "min_value": 0, "max_value": 131}
    assert ("expect_column_values_to_be_unique", "id") in told
    assert told["expect_column_values_to_be_between", "id"] == {"column": "id", "min_value": 0}
    assert told["expect_column_values_to_not_be_null", "leeg"]["mostly"] == 0.95
    formed = {column for kind, column in told if "regex" in kind or "valid" in kind}
    assert formed == {"postcode", "wijk", "bsn", "dag"}
    assert ("expect_column_values_to_be_in_set", "wijk") not in told  # not classified open
    assert told["expect_table_row_count_to_be_between", ""] == {"min_value": 60}


def test_without_a_key_of_one_column_a_key_of_two_is_found(parquet: Callable[..., Path]) -> None:
    path = parquet({"jaar": [1, 1, 2, 2], "wijk": ["a", "b", "a", "b"], "dag": [date(2026, 1, 1)] * 4})
    assert found(path)["expect_compound_columns_to_be_unique", ""]["column_list"] == ["jaar", "wijk"]


def test_the_rule_of_three_says_how_sure_it_is() -> None:
    assert [sureness(n) for n in (0, 1, 3, 30, 3000)] == [0.0, 0.0, 0.0, 0.9, 0.999]


def test_an_empty_table_tells_nothing(parquet: Callable[..., Path], tmp_path: Path) -> None:
    assert propose(parquet({"a": pa.array([], pa.int64())})) == ()
    (tmp_path / "s.yaml").write_text(as_yaml(()))
    assert load_suite(tmp_path / "s.yaml") == ()


def test_no_value_of_a_column_that_is_not_open_is_in_the_text(parquet: Callable[..., Path]) -> None:
    secret = [f"geheim{i % 3}" for i in range(90)]
    text = as_yaml(propose(parquet({"naam": secret, "loon": [70001 + i % 7 for i in range(90)]})))
    assert "geheim" not in text
    assert "7000" not in text
    assert "naam" in text


CELLS = {
    "string": st.one_of(
        st.none(), st.sampled_from(["a", "2011 RD", "WK012301", "2026-01-01", "12", "NL91ABNA0417164300", "é", ""]), st.text(max_size=4)
    ),
    "integer": st.one_of(st.none(), st.integers(-(2**40), 2**40)),
    "number": st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False, width=32)),
    "date": st.one_of(st.none(), st.dates(date(1950, 1, 1), date(2050, 1, 1))),
}
ARROW = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "date": pa.date32()}


@pytest.mark.parametrize("kind", CELLS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_proposal_holds_on_the_table_it_came_from(
    kind: str, data: st.DataObject, parquet: Callable[..., Path], tmp_path: Path
) -> None:
    cells = data.draw(st.lists(CELLS[kind], min_size=1, max_size=12)) * data.draw(st.sampled_from([1, 12]))
    path = parquet({"a": pa.array(cells, ARROW[kind]), "b": pa.array(list(reversed(cells)), ARROW[kind])})
    file = tmp_path / "suite.yaml"
    file.write_text(as_yaml(propose(path, [Open("a")])), encoding="utf-8")
    report = check(path, load_suite(file), gate="file")
    assert [one.type for one in report.results if not one.success] == []
