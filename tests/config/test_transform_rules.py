"""What a declaration may say of replacing values: each rule broken once, told once, at its place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from config.policy import load_policy
from config.registry import TRANSFORMS

KEY = 'key: "${SLEUTEL}"'
DROP_NUMBER, DROP_AMOUNT = "nummer: {action: drop}", "bedrag: {action: drop}"
CASES = [
    (DROP_NUMBER, "nummer: @@{action: pseudonym}", "config.pseudonym-key", "privacy.columns.nummer", "key:"),
    (DROP_NUMBER, "nummer: {action: drop, @@rotation: a}", "config.pseudonym-only", "privacy.columns.nummer.rotation", "`rotation`"),
    (DROP_NUMBER, "nummer: {action: pseudonym, key: @@geheim}", "config.literal-secret", "privacy.columns.nummer.key", '"${NAAM}"'),
    (DROP_AMOUNT, f"bedrag: {{action: @@pseudonym, {KEY}}}", "config.pseudonym-direct", "privacy.columns.bedrag.action", "sensitive"),
    (DROP_NUMBER, f"nummer: {{action: pseudonym, {KEY}, @@transform: {{type: rounding, base: 10}}}}", "config.two-ways",
     "privacy.columns.nummer.transform", "`transform`"),
    (DROP_AMOUNT, "bedrag: {action: drop, @@transform: {type: rounding, base: 10}}", "config.two-ways",
     "privacy.columns.bedrag.transform"),
    (DROP_AMOUNT, "bedrag: {transform: {type: @@pram, retention: 0.8, seed: '${ZAAD}'}}", "config.transform-column",
     "privacy.columns.bedrag.transform.type", "boolean, integer, string"),
    (DROP_AMOUNT, "bedrag: {transform: {type: noise, share: 0.1, seed: @@vast}}", "config.literal-secret",
     "privacy.columns.bedrag.transform.seed"),
    (DROP_AMOUNT, "bedrag: {transform: {type: microaggregation, k: 5, together: [@@nummer]}}", "config.transform-together",
     "privacy.columns.bedrag.transform.together.0", "`nummer`"),
    (DROP_AMOUNT, "bedrag: {transform: {type: microaggregation, k: 5, together: [@@bedrg]}}", "config.unknown-column",
     "privacy.columns.bedrag.transform.together.0", "`bedrag`"),
    (DROP_AMOUNT, "bedrag: {transform: {type: microaggregation, k: 5, together: [@@buurt]}}", "config.transform-column",
     "privacy.columns.bedrag.transform.together.0", "`buurt` met type string"),
    (DROP_AMOUNT, "bedrag: {transform: @@{type: top-bottom}}", "config.rule", "privacy.columns.bedrag.transform", "`top`"),
    (DROP_AMOUNT, "bedrag: {transform: @@{type: top-bottom, top: 1, bottom: 2}}", "config.rule", "privacy.columns.bedrag.transform"),
    (DROP_AMOUNT, "bedrag: {transform: {type: @@afronden}}", "config.choice", "privacy.columns.bedrag.transform.type"),
    ("    bedrag: {action: drop}\n", "    bedrag: {action: drop}\n    categorie: {transform: @@{type: pram, seed: '${ZAAD}'}}\n",
     "config.rule", "privacy.columns.categorie.transform", "`retention`"),
    ("model: {k: 5}", "model: {k: 5, k_map: {k: 2}, recoding: @@local}\n  population: {table: {path: ../hierarchies/buurten.csv}}",
     "config.recoding-local", "privacy.model.recoding", "population.table"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[2]}-{case[3]}")
def test_a_broken_rule_of_replacing_is_told(folder: Any, case: tuple[str, ...]) -> None:
    folder.check("microdata", case)


@pytest.mark.parametrize(
    "rule",
    [
        "{type: rounding, base: 100}",
        "{type: top-bottom, top: 90}",
        "{type: microaggregation, k: 5}",
        "{type: noise, share: 1, seed: '${Z}'}",
    ],
)
def test_a_number_may_be_replaced(folder: Any, rule: str) -> None:
    text = folder.texts["microdata"].replace(DROP_AMOUNT, f"bedrag: {{transform: {rule}}}")
    folder.dataset("proef", text.replace(DROP_NUMBER, f"nummer: {{action: pseudonym, {KEY}, rotation: '2026', length: 16}}"))
    problems = folder.load({"SLEUTEL": "x", "Z": "y"}).datasets["proef"].problems
    assert [problem.code for problem in problems if problem.severity == "error"] == []


def test_a_secret_that_is_not_set_is_a_warning(folder: Any) -> None:
    case = (
        DROP_NUMBER,
        'nummer: {action: pseudonym, key: @@"${SLEUTEL}"}',
        "config.unset-variable",
        "privacy.columns.nummer.key",
        "SLEUTEL",
    )
    folder.check("microdata", case, warning=True)


def test_tables_replace_nothing(folder: Any) -> None:
    case = (
        "privacy:\n",
        "privacy:\n  columns: {nummer: @@{transform: {type: rounding, base: 10}}}\n",
        "config.only-drop",
        "privacy.columns.nummer",
    )
    folder.check("frequency", case)


def test_the_example_of_the_page_is_a_policy(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "transforms.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (tmp_path / "policy.yaml").write_text(f"{example}\nothers: drop\n", encoding="utf-8")
    policy = load_policy(tmp_path / "policy.yaml")
    used = {rule.transform.type for rule in policy.privacy.columns.values() if rule.transform}
    assert used == set(TRANSFORMS.modules)
    assert set(re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE)) - {"type"} == used
