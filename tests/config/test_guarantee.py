"""Rules on `privacy.model`: one mistake is one sentence at its place; what is right is read as it was typed."""

from __future__ import annotations

from typing import Any

import pytest

MODEL, TABLE = "privacy.model", "\n  population: {table: {path: ../personen.csv}}"
CASES = [
    ("{k: 5}", "@@{suppression_limit: 0.1}", "config.no-groups", MODEL, "k: 5"),
    ("{k: 5}", "@@{l: {column: categorie, value: 2}}", "config.no-groups", MODEL, "sample_uniqueness"),
    ("{k: 5}", "{k: 5, l: {column: @@categorij, value: 2}}", "config.unknown-column", "privacy.model.l.column", "`categorie`"),
    ("{k: 5}", "{k: 5, beta: {column: @@categorij, value: 2}}", "config.unknown-column", "privacy.model.beta.column", "`categorie`"),
    ("{k: 5}", "{k: 5, t: {column: @@bedrag, value: 0.2}}", "config.dropped-and-used", "privacy.model.t.column", "`bedrag`"),
    ("{k: 5}", "{k: 5, l: {column: @@postcode, value: 2}}", "config.sensitive-quasi", "privacy.model.l.column", "sensitive"),
    (
        "{k: 5}",
        "{k: 5, delta_disclosure: [{column: categorie, value: 1}, {column: @@datum, value: 2}]}",
        "config.sensitive-quasi",
        "privacy.model.delta_disclosure.1.column",
        "`datum`",
    ),
    ("{k: 5}", "{k: 5, l: @@{column: categorie, type: recursive, value: 2}}", "config.model-needs", "privacy.model.l", "`c`"),
    ("{k: 5}", "{k: 5, l: {column: categorie, value: 2, @@c: 2}}", "config.model-only-with", "privacy.model.l.c", "recursive"),
    ("{k: 5}", "{k: 5, l: {column: categorie, value: @@2.5}}", "config.model-whole", "privacy.model.l.value", "geheel getal"),
    ("{k: 5}", "{k: 5, l: {column: categorie, value: @@1}}", "config.limit", "privacy.model.l.value", "1"),
    ("{k: 5}", "{k: 5, t: @@{column: categorie, type: hierarchical, value: 0.2}}", "config.model-needs", "privacy.model.t", "`hierarchy`"),
    ("{k: 5}", "{k: 5, t: {column: categorie, value: 0.2, @@order: [a]}}", "config.model-only-with", "privacy.model.t.order", "ordered"),
    ("{k: 5}", "{k: 5, t: @@{column: categorie, type: ordered, value: 0.2}}", "config.model-order", "privacy.model.t", "order: […]"),
    (
        "{k: 5}",
        "{k: 5, t: {column: categorie, type: ordered, value: 0.2, order: @@[a, a]}}",
        "config.model-order-twice",
        "privacy.model.t.order",
    ),
    ("{k: 5}", "{k_map: @@{k: 5}}", "config.model-population", "privacy.model.k_map", "of `population: {size: …}`"),
    ("{k: 5}", "{k: 5, delta_presence: @@{max: 0.5}}", "config.model-population", "privacy.model.delta_presence", "`delta_presence`"),
    ("{k: 5}", "{k_map: @@{k: 5}}\n  population: {size: 900}", "config.model-significance", "privacy.model.k_map", "0.01"),
    (
        "{k: 5}",
        "{k_map: {k: 5, @@significance: 0.1}}" + TABLE,
        "config.model-counted",
        "privacy.model.k_map.significance",
        "niet geschat",
    ),
    ("{k: 5}", "{k: 5}\n  population: {table: @@{path: ../personen.csv}}", "config.population-unused", "privacy.population.table", "k_map"),
    ("{k: 5}", "{k: 5, delta_presence: {min: @@0.5, max: 0.1}}" + TABLE, "config.model-presence", "privacy.model.delta_presence.min"),
    ("{k: 5}", "{k: 5}\n  population: @@{}", "config.population-empty", "privacy.population", "165000"),
]
RIGHT = [
    "{k: 5, l: {column: categorie, value: 2}, t: {column: categorie, value: 0.2}, metric: loss}",
    "{k: 5, l: [{column: categorie, value: 2}, {column: categorie, type: entropy, value: 1.5}], metric: precision}",
    "{k: 5, t: {column: categorie, type: ordered, value: 0.2, order: [a, b]}, beta: {column: categorie, type: enhanced, value: 1}}",
    "{average_risk: 0.05, metric: discernibility}",
    "{strict_average_risk: {average: 0.05}, sample_uniqueness: 0, metric: average-class-size}",
    "{k_map: {k: 5, significance: 0.01}}\n  population: {size: 165000}",
    "{k_map: {k: 5}, delta_presence: {max: 0.5}, delta_disclosure: {column: categorie, value: 1}}" + TABLE,
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[2]}-{case[3]}")
def test_a_broken_model_is_told(folder: Any, case: tuple[str, ...]) -> None:
    folder.put("personen.csv", "datum;postcode\n")
    folder.check("microdata", case)


@pytest.mark.parametrize("model", RIGHT)
def test_a_model_that_is_right_is_read(folder: Any, model: str) -> None:
    folder.put("personen.csv", "datum;postcode\n")
    folder.put("datasets/proef.yaml", folder.texts["microdata"].replace("id: ID", "id: proef").replace("{k: 5}", model))
    declared = folder.load().datasets["proef"]
    assert [problem.text() for problem in declared.problems if problem.severity == "error"] == []
    asked = declared.dataset.privacy.model
    for blocks in (asked.l, asked.t, asked.beta, asked.delta_disclosure):
        assert blocks is None or all(one.column == "categorie" for one in blocks)
    if "table" in model:
        from config.digest import named_files

        assert "../personen.csv" in named_files(declared.dataset, declared.file.parent)
