"""A protected table cannot be made to point at raw data, short of breaking into Python itself."""

from __future__ import annotations

import ast
import copy
import dataclasses
import pickle
from pathlib import Path
from typing import Any

import pytest

from anonymisation.safe import SafeTable


@pytest.fixture
def table(workshop: Any) -> SafeTable:
    made: SafeTable = workshop.protect(workshop.columns(a="string open"), [("x",)], workshop.privacy(kind="open")).table
    return made


RAW = Path("raw.parquet")


def test_a_copy_is_the_table_itself(table: SafeTable) -> None:
    assert copy.copy(table) is table
    assert copy.deepcopy(table) is table


def test_it_cannot_be_pointed_elsewhere(table: SafeTable) -> None:
    before = table.path
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(table, path=RAW)
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(table, path=RAW, token=None)
    with pytest.raises(TypeError):
        table.__setstate__([RAW, table.columns, table.rows, None])
    with pytest.raises(dataclasses.FrozenInstanceError):
        table.path = RAW  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del table.path  # type: ignore[misc]
    assert table.path == before


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_it_stays_in_its_process(table: SafeTable, protocol: int) -> None:
    with pytest.raises(TypeError):
        pickle.dumps(table, protocol)


def test_there_is_no_subclass_that_skips_the_check() -> None:
    with pytest.raises(TypeError):
        type("Loose", (SafeTable,), {"__post_init__": lambda *_: None})


def test_it_keeps_nothing_that_vouches(table: SafeTable) -> None:
    """Whoever holds a table holds no key to make another."""
    kept = {name: getattr(table, name, None) for name in [*(field.name for field in dataclasses.fields(table)), "token", "_token"]}
    assert {name for name, value in kept.items() if type(value) is object} == set()


ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "anonymisation",
    "benchmarks",
    "catalogue",
    "config",
    "distributions",
    "engine",
    "flows",
    "pages",
    "publication",
    "quality",
    "sources",
)
VOUCHING = {"vouch", "make_safe", "_MADE_HERE"}
AROUND = {"object.__new__", "object.__setattr__"}


def spoken(tree: ast.AST) -> set[str]:
    """Give the names, parts of module paths and short texts that code speaks of."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                found |= {name, ast.unparse(node)}
            case ast.alias(name=name):
                found |= set(name.split("."))
            case ast.ImportFrom(module=str(module)):
                found |= set(module.split("."))
            case ast.Constant(value=str(text)) if " " not in text:
                found |= set(text.split("."))
    return found


def test_no_other_code_speaks_of_what_vouches() -> None:
    """Whatever the way: imports of all forms, attributes, `import_module` and `getattr` with a text."""
    speaking, around = set(), set()
    files = [file for package in PACKAGES for file in (ROOT / package).rglob("*.py")]
    for file in files:
        words = spoken(ast.parse(file.read_text(encoding="utf-8")))
        if words & VOUCHING:
            speaking.add(file.relative_to(ROOT).as_posix())
        if words & AROUND:
            around.add(file.relative_to(ROOT).as_posix())
    assert len(files) > 100
    assert speaking == {f"anonymisation/{name}.py" for name in ("microdata", "passthrough", "safe", "tables", "vouch")}
    assert around == set()
