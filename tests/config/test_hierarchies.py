"""Hierarchies in a declaration: every example of the documentation loads, and a ladder stands where it can."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from config.digest import named_files
from config.policy import load_policy
from config.registry import HIERARCHIES

PAGE = (Path(__file__).parents[2] / "docs" / "hierarchies.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
COLUMNS = """\
schema:
  - {name: leeftijd, type: integer, classification: quasi}
  - {name: soort, type: string, classification: sensitive}
  - {name: code, type: integer, classification: quasi}
  - {name: plek, type: geometry, classification: quasi}
  - {name: inkomen, type: integer, classification: sensitive}
"""
DISTANCE = "kind: microdata, model: {k: 2, t: {column: soort, type: hierarchical, value: 0.2, hierarchy:"


def problems(tmp_path: Path, privacy: str) -> list[tuple[str, str]]:
    from config.errors import ConfigurationError

    (tmp_path / "p.yaml").write_text(COLUMNS + f"privacy: {{{privacy}}}\n", encoding="utf-8")
    try:
        load_policy(tmp_path / "p.yaml")
    except ConfigurationError as error:
        return [(problem.code, problem.place.path) for problem in error.problems]
    return []


@pytest.mark.parametrize("block", BLOCKS)
def test_the_examples_load(tmp_path: Path, block: str) -> None:
    (tmp_path / "beleid").mkdir()
    for name in re.findall(r"\.\./([a-z]+/[a-z.]+)", block):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    indented = "".join(f"      {line}\n" for line in block.splitlines())
    text = block if block.startswith("privacy:") else f"privacy:\n  kind: microdata\n  model: {{k: 5}}\n  columns:\n    x:\n{indented}"
    (tmp_path / "beleid" / "p.yaml").write_text(text, encoding="utf-8")
    policy = load_policy(tmp_path / "beleid" / "p.yaml")
    assert all(rule.hierarchy and rule.hierarchy.steps() for rule in policy.privacy.columns.values())


def test_every_type_and_key_is_documented() -> None:
    for kind in HIERARCHIES.modules:
        assert f"\n## {kind}\n" in PAGE
        section = PAGE.partition(f"\n## {kind}\n")[2].partition("\n## ")[0]
        for key in HIERARCHIES.load(kind).Options.model_fields:
            assert f"`{key}`" in section or f"{key}:" in section or key in {"levels", "delimiter"}, (kind, key)


@pytest.mark.parametrize(
    ("privacy", "expected"),
    [
        (
            f"{DISTANCE} {{type: order, values: [a, b], cuts: [[b]]}}}}}}",
            [],
        ),
        (
            f"{DISTANCE} {{type: grid, levels: [100m]}}}}}}",
            [("config.hierarchy-data", "privacy.model.t.hierarchy.type")],
        ),
        (
            f"{DISTANCE} {{type: interval, quantiles: [2], rounding: 1}}}}}}".replace("soort", "inkomen"),
            [("config.hierarchy-data", "privacy.model.t.hierarchy.type")],
        ),
        (
            "kind: frequency, rules: {min_count: 5}, dimensions: {plek: {hierarchy: {type: area, levels: [100m], minimum: 5}}}",
            [("config.hierarchy-microdata", "privacy.dimensions.plek.hierarchy.type")],
        ),
        ("kind: frequency, rules: {min_count: 5}, dimensions: {plek: {hierarchy: {type: grid, levels: [100m]}}}", []),
        ("kind: frequency, rules: {min_count: 5}, dimensions: {plek: {}}", [("config.dimension", "privacy.dimensions.plek")]),
        (
            "kind: microdata, model: {k: 2}, columns: {code: {hierarchy: {type: cbs, levels: [wijk]}}}",
            [("config.hierarchy-cbs-values", "privacy.columns.code.hierarchy")],
        ),
        ("kind: microdata, model: {k: 2}, columns: {code: {hierarchy: {type: cbs, levels: [wijk], values: buurt}}}", []),
        (
            "kind: microdata, model: {k: 2}, columns: {leeftijd: {hierarchy: {type: interval, widths: [5, 12]}}}",
            [("config.rule", "privacy.columns.leeftijd.hierarchy")],
        ),
        (
            "kind: microdata, model: {k: 2}, columns: {plek: {hierarchy: {type: area, levels: [wijk], minimum: 5, areas: weg, code: c}}}",
            [("config.file-missing", "privacy.columns.plek.hierarchy.areas")],
        ),
    ],
)
def test_a_ladder_stands_where_it_can(tmp_path: Path, privacy: str, expected: list[tuple[str, str]]) -> None:
    assert problems(tmp_path, privacy) == expected


def test_every_file_that_is_named_is_in_the_digest(folder: Any) -> None:
    folder.put("hierarchies/gebieden.csv", "BU03920101\n")
    folder.put("hierarchies/pc6.csv", "2011RD;BU03920101\n")
    ladder = "{type: cbs, levels: [wijk], areas: ../hierarchies/gebieden.csv, lookup: ../hierarchies/pc6.csv}"
    text = folder.texts["microdata"].replace("{type: nl-postcode, levels: [PC4]}", ladder)
    folder.dataset("proef", text)
    declared = folder.load().datasets["proef"]
    assert declared.dataset is not None
    assert {"../hierarchies/gebieden.csv", "../hierarchies/pc6.csv"} <= set(named_files(declared.dataset, declared.file.parent))
