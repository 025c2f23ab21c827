"""What a declaration promises of values beyond their type, against an oracle that looks at one cell at a time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.errors import ConfigurationError
from config.models.schema import Column
from engine.types import arrow_type
from sources.promises import Promises

if TYPE_CHECKING:
    from pathlib import Path


def column(**more: Any) -> Column:
    return Column.model_validate({"name": "x", "type": "string", "classification": "open", **more})


def broken(column: Column, cells: list[Any], base: Path, bad: list[bool] | None = None) -> dict[str, list[int]]:
    values = pa.array(cells, arrow_type(column.type))
    found = Promises([column], base).broken(column, values, None if bad is None else np.array(bad))
    return {rule: np.flatnonzero(mask).tolist() for rule, mask in found}


def write(base: Path, content: str, name: str = "lijst") -> None:
    (base / "codelists").mkdir(exist_ok=True)
    (base / "codelists" / f"{name}.csv").write_text(content, encoding="utf-8")


_CELL = st.none() | st.text("ab1é\n", max_size=3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(_CELL, st.booleans()), max_size=9), st.sampled_from(["^a", "b$", "^[a-b]{2}$", "é", ""]), st.booleans())
def test_every_cell_is_judged_alone(tmp_path: Path, cells: list[tuple[str | None, bool]], pattern: str, required: bool) -> None:  # noqa: FBT001
    write(tmp_path, "code;nl\na;A\nab;AB\n")
    bad = [wrong and cell is None for cell, wrong in cells]
    expected: dict[str, list[int]] = {"required": [], "not-pattern": [], "not-codelist": []}
    for row, (cell, _) in enumerate(cells):
        if cell is None:
            expected["required"] += [row] if required and not bad[row] else []
        else:
            expected["not-pattern"] += [] if re.search(pattern, cell) else [row]
            expected["not-codelist"] += [] if cell in ("a", "ab") else [row]
    promised = column(pattern=pattern, codelist="lijst", required=required)
    found = broken(promised, [cell for cell, _ in cells], tmp_path, bad)
    assert found == {rule: rows for rule, rows in expected.items() if rows}


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        ("integer", 12, "12"),
        ("decimal", Decimal("1.50"), "1.5"),
        ("decimal", Decimal(100), "100"),
        ("number", 0.5, "0.5"),
        ("boolean", True, "true"),
        ("date", date(2024, 2, 29), "2024-02-29"),
        ("datetime", datetime(2024, 2, 29, 12, tzinfo=UTC), "2024-02-29T12:00:00+00:00"),
    ],
)
def test_codes_of_other_types_are_written_plainly(tmp_path: Path, kind: str, cell: Any, code: str) -> None:
    write(tmp_path, f"code;nl\n{code};x\n")
    assert broken(column(type=kind, codelist="lijst", pattern=f"^{re.escape(code)}$"), [cell, None], tmp_path) == {}
    write(tmp_path, f"code;nl\n{code}0;x\n")
    assert broken(column(type=kind, codelist="lijst"), [None, cell], tmp_path) == {"not-codelist": [1]}


def test_a_geometry_can_be_required(tmp_path: Path) -> None:
    assert broken(column(type="geometry", required=True), [b"1", None], tmp_path) == {"required": [1]}


@pytest.mark.parametrize("content", [None, "", "a;A\nb;B\n", "code;nl\n", 'code;nl\n"a;A\n'])
def test_a_list_that_cannot_be_read_stops_everything(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        write(tmp_path, content)
    with pytest.raises(ConfigurationError, match=r"codelists/lijst\.csv"):
        broken(column(codelist="lijst"), ["a"], tmp_path)


def test_lists_stand_beside_the_folder_of_the_declarations(tmp_path: Path) -> None:
    (tmp_path / "datasets").mkdir()
    write(tmp_path, "code;nl\na;A\n")
    assert broken(column(codelist="lijst"), ["a", "b"], tmp_path / "datasets") == {"not-codelist": [1]}
