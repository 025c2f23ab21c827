"""What holds whatever the method: only this package vouches, and the written file is proven by other code than made it."""

from __future__ import annotations

import ast
import copy
import dataclasses
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anonymisation.safe import SafeColumn, SafeTable
from anonymisation.verify import prove
from config.errors import IntegrityError

ROOT = Path(__file__).resolve().parents[2]


def test_only_the_methods_vouch_for_a_table() -> None:
    vouching = set()
    for file in ROOT.rglob("*.py"):
        if file.relative_to(ROOT).parts[0] in {".venv", "tests"}:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            named = (
                [node.module]
                if isinstance(node, ast.ImportFrom)
                else [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else []
            )
            if any(name and name.startswith("anonymisation.vouch") for name in named):
                vouching.add(file.relative_to(ROOT).as_posix())
    assert vouching == {f"anonymisation/{name}.py" for name in ("microdata", "passthrough", "tables")}


def test_nobody_else_makes_or_moves_a_safe_table(workshop: Any, tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        SafeTable(tmp_path / "raw.parquet", (SafeColumn("a", "string"),), 1)
    done = workshop.protect(workshop.columns(a="string open"), [("x",)], workshop.privacy(kind="open"))
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(done.table, path=tmp_path / "raw.parquet")
    with pytest.raises(dataclasses.FrozenInstanceError):
        done.table.path = tmp_path / "raw.parquet"
    assert copy.copy(done.table).path == done.table.path


@pytest.mark.parametrize("classification", ["quasi", "sensitive", "direct", "text", "unclassified"])
def test_open_data_hold_nothing_personal(workshop: Any, classification: str) -> None:
    done = workshop.protect(workshop.columns(a="string open", b=f"string {classification}"), [("x", "y")], workshop.privacy(kind="open"))
    assert done.table is None
    assert done.problems


def test_open_data_pass_in_the_order_of_the_source_without_what_is_dropped(workshop: Any) -> None:
    policy = workshop.privacy(kind="open", columns={"b": {"action": "drop"}})
    done = workshop.protect(
        workshop.columns(a="string open", b="integer open"), [("z", 1), ("a", 2), ("m", 3)], policy, exclude=frozenset({2})
    )
    assert workshop.rows(done) == [{"a": "z"}, {"a": "m"}]


GOOD: dict[str, list[Any]] = {"plaats": ["noord"] * 3 + ["zuid"] * 3, "x": [1, 2, 3, 4, 5, 6]}


def proven(path: Path, cells: dict[str, list[Any]]) -> None:
    pq.write_table(pa.table(cells), path)
    prove(path, columns=["plaats", "x"], quasi=["plaats"], k=3, rows=6, labels={"plaats": pa.array(["noord", "zuid"])})


def test_a_good_file_is_proven(tmp_path: Path) -> None:
    proven(tmp_path / "a.parquet", GOOD)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (GOOD | {"plaats": ["noord"] * 4 + ["zuid"] * 2}, "k = 3"),
        (GOOD | {"plaats": ["noord"] * 3 + ["west"] * 3}, "plaats"),
        ({name: column[:5] for name, column in GOOD.items()}, "rows"),
        (GOOD | {"_row": [1, 2, 3, 4, 5, 6]}, "columns"),
        ({"x": GOOD["x"], "plaats": GOOD["plaats"]}, "columns"),
        (GOOD | {"plaats": ["noord"] * 3 + ["zuid"] * 2 + [None]}, "k = 3"),
    ],
)
def test_a_file_that_breaks_the_promise_is_refused(tmp_path: Path, cells: dict[str, list[Any]], said: str) -> None:
    with pytest.raises(IntegrityError, match=said):
        proven(tmp_path / "a.parquet", cells)
