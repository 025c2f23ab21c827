"""Contracts and schemas of others: a declaration comes back from its contract, and what is not known is asked, never made up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from catalogue.beside import amsterdam, odcs
from catalogue.beside.proposal import identifier
from config.project import load

EXAMPLE = Path(__file__).parents[2] / "config" / "voorbeeldgemeente"
TREES: dict[str, Any] = {
    "type": "dataset",
    "id": "bomenEnGroen",
    "title": "Bomen en groen",
    "description": "De bomen van de stad.",
    "license": "CC0",
    "auth": "OPENBAAR",
    "keywords": ["bomen", "groen"],
    "tables": [
        {
            "id": "bomen",
            "type": "table",
            "schema": {
                "type": "object",
                "identifier": ["id"],
                "required": ["id", "schema"],
                "properties": {
                    "schema": {"$ref": "https://schemas.data.amsterdam.nl/schema@v1.1.1#/definitions/schema"},
                    "id": {"type": "integer", "title": "Nummer"},
                    "soort": {"type": "string", "enum": ["eik", "linde"]},
                    "geplant": {"type": "string", "format": "date"},
                    "gemeten": {"type": "string", "format": "date-time"},
                    "hoogte": {"type": "number", "multipleOf": 0.1, "unit": "m"},
                    "beschermd": {"type": "boolean"},
                    "geometrie": {"$ref": "https://geojson.org/schema/Point.json"},
                    "ligtInBuurt": {"type": "object", "relation": "gebieden:buurten"},
                    "melder": {
                        "type": ["string", "null"],
                        "auth": "FP/MDW",
                        "provenance": "MELDER_NAAM",
                        "reasonsNonPublic": ["Nog te bepalen", "5.1 2e: Eerbiediging van de persoonlijke levenssfeer"],
                    },
                    "bezwaar": {"type": "boolean", "reasonsNonPublic": ["9.9 9z: geen grond"]},
                },
            },
        },
        {"id": "stobben", "type": "table", "schema": {"properties": {}}},
    ],
}


@pytest.fixture(scope="module")
def project() -> Any:
    return load(EXAMPLE, env={})


def test_every_declaration_of_the_example_comes_back_from_its_contract(project: Any) -> None:
    for name, declared in project.datasets.items():
        dataset = declared.dataset
        contract = yaml.safe_load(yaml.safe_dump(odcs.export(dataset, project.municipality, version="2026-01-01.1")))
        found = odcs.read(contract)
        kept = [
            column
            for column in dataset.columns
            if dataset.privacy.columns.get(column.name) is None or dataset.privacy.columns[column.name].action != "drop"
        ]
        told = [column.model_dump(mode="json", exclude={"source", "format"}, exclude_none=True, exclude_defaults=True) for column in kept]
        assert found.declaration["schema"] == told, name
        assert found.declaration["title"] == dataset.title.model_dump(exclude_none=True)
        assert found.declaration["catalogue"]["theme"] == [*dataset.catalogue.theme]
        survivors = {column.name for column in kept}
        assert (
            found.declaration["source"].get("key", []) == [key for key in dataset.key if key in survivors]
            if survivors & {*dataset.key}
            else True
        )
        assert any("source" in one for one in found.questions)


def test_a_contract_says_nothing_of_the_source_or_of_what_is_withheld(project: Any) -> None:
    dataset = project.datasets["bijstand-buurten"].dataset
    text = yaml.safe_dump(odcs.export(dataset, project.municipality))
    assert "parquet" not in text
    assert "../data" not in text


def test_a_contract_of_others_leaves_the_classification_to_a_person() -> None:
    found = odcs.read(
        {
            "kind": "DataContract",
            "name": "Orders",
            "description": {"usage": "All orders."},
            "schema": [
                {
                    "name": "tbl_orders",
                    "properties": [
                        {"name": "id", "logicalType": "string", "physicalType": "BIGINT", "primaryKey": True, "classification": "public"},
                        {"name": "paid", "logicalType": "number", "physicalType": "decimal(10,2)", "required": True},
                        {"name": "at", "logicalType": "date", "physicalType": "timestamp"},
                        {"name": "who", "logicalType": "string", "classification": "restricted"},
                    ],
                },
                {"name": "other"},
            ],
        }
    )
    columns = found.declaration["schema"]
    assert [column["type"] for column in columns] == ["integer", "decimal", "datetime", "string"]
    assert {column["classification"] for column in columns} == {"unclassified"}
    assert found.declaration["id"] == "tbl-orders"
    assert found.declaration["source"] == {"key": ["id"]}
    assert any("id, paid, at, who" in one for one in found.questions)
    assert any("1 tabellen" in one for one in found.questions)


@pytest.mark.parametrize(
    "document", [{}, {"schema": None}, {"schema": [None, {"properties": [None, {}, {"name": "a"}]}]}, {"tags": "x", "customProperties": 3}]
)
def test_a_contract_that_is_no_contract_does_no_harm(document: dict[str, Any]) -> None:
    odcs.read(document)
    amsterdam.read(document)


def test_an_amsterdam_schema_becomes_the_start_of_a_declaration() -> None:
    assert amsterdam.is_schema(TREES)
    found = amsterdam.read(TREES)
    told = found.declaration
    assert told["id"] == "bomen-en-groen-bomen"
    assert told["source"] == {"key": ["id"]}
    assert told["catalogue"] == {"keywords": {"nl": ["bomen", "groen"]}, "licence": "CC0-1.0"}
    types = {column["name"]: column["type"] for column in told["schema"]}
    assert types == {
        "id": "integer",
        "soort": "string",
        "geplant": "date",
        "gemeten": "datetime",
        "hoogte": "decimal",
        "beschermd": "boolean",
        "geometrie": "geometry",
        "ligtInBuurt": "string",
        "melder": "string",
        "bezwaar": "boolean",
    }
    open_ones = {column["name"] for column in told["schema"] if column["classification"] == "open"}
    assert open_ones == {"soort", "beschermd"}
    assert next(column for column in told["schema"] if column["name"] == "id")["required"] is True
    asked = "\n".join(found.questions)
    assert "melder" in asked
    assert "gebieden:buurten" in asked
    assert "1 tabellen" in asked
    assert yaml.safe_load(found.as_yaml()) == told
    assert found.as_yaml().startswith("# nog te doen: ")


@given(st.text(max_size=60))
def test_an_id_is_always_one_that_can_be_declared_or_empty(text: str) -> None:
    import re

    from config import patterns

    made = identifier(text)
    assert made == "" or re.fullmatch(patterns.ID, made)


def test_an_amsterdam_schema_says_on_which_ground_a_field_is_kept_back_and_what_the_source_calls_it() -> None:
    columns = {column["name"]: column for column in amsterdam.read(TREES).declaration["schema"]}
    melder, bezwaar = columns["melder"], columns["bezwaar"]
    assert (melder["classification"], melder["ground"], melder["source"]) == ("unclassified", "Woo 5.1 2e", "MELDER_NAAM")
    assert bezwaar["classification"] == "unclassified"
    assert "ground" not in bezwaar


def test_where_nobody_said_that_a_field_is_public_a_person_decides() -> None:
    silent = {name: value for name, value in TREES.items() if name != "auth"}
    assert {column["classification"] for column in amsterdam.read(silent).declaration["schema"]} == {"unclassified"}


def test_tables_in_files_of_their_own_are_asked_for() -> None:
    found = amsterdam.read({"type": "dataset", "id": "bomen", "tables": [{"id": "stamgegevens", "$ref": "stamgegevens/v1.1.6"}]})
    assert "schema" not in found.declaration
    assert "stamgegevens/v1.1.6.json" in found.questions[0]
    table = {"type": "table", "id": "stamgegevens", "identifier": "id", "schema": {"properties": {"id": {"type": "integer"}}}}
    assert amsterdam.is_schema(table)
    assert amsterdam.read(table).declaration["source"] == {"key": ["id"]}


def test_the_checks_of_what_is_released_come_back_from_a_contract_and_no_others_go_out(project: Any) -> None:
    for name, declared in project.datasets.items():
        dataset = declared.dataset
        contract = odcs.export(dataset, project.municipality)
        found = odcs.read(contract).declaration.get("quality", {}).get("expectations", [])
        columns = {one["name"] for one in contract["schema"][0]["properties"]}
        declared_checks = [check.model_dump(mode="json", exclude_none=True) for check in dataset.quality.expectations]
        told = [{"on_fail": "block", "kwargs": {}, **check} for check in found]
        assert told == [check for check in declared_checks if check in told], name
        assert all(check["kwargs"].get("column", "") in {*columns, ""} for check in found)
        assert not [check for check in found if check.get("on") == "input"]
    assert len(odcs.export(project.datasets["bomen"].dataset, project.municipality)["schema"][0]["quality"]) == 7


def test_checks_of_other_engines_are_left_to_a_person() -> None:
    ours = {
        "engine": "great-expectations",
        "implementation": {"expectation_type": "expect_column_values_to_be_unique", "kwargs": {"column": "a"}},
    }
    others = [
        {"type": "sql", "query": "select 1"},
        {"engine": "soda", "implementation": "x"},
        {**ours, "implementation": {"type": "expect_x"}},
    ]
    found = odcs.read({"kind": "DataContract", "schema": [{"name": "t", "quality": [*others, {**ours, "dimension": "uniqueness"}]}]})
    assert found.declaration["quality"]["expectations"] == [
        {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "a"}, "dimension": "consistency", "severity": "warning"}
    ]
