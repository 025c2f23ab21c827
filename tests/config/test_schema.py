from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from config import yaml as reader
from config.schema import FOLDER, as_text, schemas, write_schemas

EXAMPLE = Path(__file__).parents[2] / "config" / "voorbeeldgemeente"
DESIGN = Path(__file__).parent / "design"


@pytest.fixture(scope="module")
def made() -> dict[str, dict[str, Any]]:
    return schemas()


@pytest.mark.parametrize("name", ["dataset", "municipality", "policy"])
def test_what_is_committed_is_in_step(made: dict[str, dict[str, Any]], name: str) -> None:
    file = FOLDER / f"{name}.schema.json"
    assert file.read_text(encoding="utf-8") == as_text(made[name]), "run `python -P -m config.schema`"
    Draft202012Validator.check_schema(made[name])


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    first = {file.name: file.read_bytes() for file in write_schemas(tmp_path)}
    assert {file.name: file.read_bytes() for file in write_schemas(tmp_path)} == first


def wrong(schema: dict[str, Any], data: Any) -> list[str]:
    return sorted(".".join(map(str, error.absolute_path)) for error in Draft202012Validator(schema).iter_errors(data))


@pytest.mark.parametrize("file", sorted(EXAMPLE.glob("datasets/*.yaml")), ids=lambda file: file.stem)
def test_the_example_fits(made: dict[str, dict[str, Any]], file: Path) -> None:
    assert wrong(made["dataset"], reader.load(file).data) == []
    assert file.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=../../schema/dataset.schema.json\n")


def test_the_example_municipality_fits(made: dict[str, dict[str, Any]]) -> None:
    assert wrong(made["municipality"], reader.load(EXAMPLE / "municipality.yaml").data) == []


@pytest.mark.parametrize("kind", ["microdata", "frequency", "magnitude"])
def test_a_valid_text_fits(made: dict[str, dict[str, Any]], folder: Any, kind: str) -> None:
    assert wrong(made["dataset"], reader.parse(folder.texts[kind].replace("ID", "proef").encode()).data) == []


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("owner: beheer", "owner: Team Beheer", "owner"),
        ("title:", "titel:", ""),
        ("type: decimal", "type: decimaal", "schema.4.type"),
        ("frequency: WEEKLY", "frequency: WEKELIJKS", "catalogue.frequency"),
        ("licence: CC0-1.0", "licence: CC0", "catalogue.licence"),
        ("[csv, parquet]", "[csv, parket]", "publication.distributions.1"),
        ("Woo 5.1 2e", "Woo 5.1 2z", "schema.0.ground"),
        ("kind: microdata", "kind: micro", "privacy.kind"),
        ("{k: 5}", "{k: 1}", "privacy.model.k"),
        ("kind: csv", "kind: scv", "source"),
        ("expect_column_values_to_not_be_null", "expect_nothing", "quality.expectations.0.type"),
    ],
)
def test_a_typical_mistake_does_not_fit(made: dict[str, dict[str, Any]], folder: Any, old: str, new: str, path: str) -> None:
    text = folder.texts["microdata"].replace("ID", "proef")
    assert old in text
    found = wrong(made["dataset"], reader.parse(text.replace(old, new, 1).encode()).data)
    # Of a part that may also be absent the validator names the whole part.
    assert any(path == where or (where and path.startswith(f"{where}.")) for where in found)


def test_a_literal_secret_does_not_fit(made: dict[str, dict[str, Any]], folder: Any) -> None:
    text = folder.texts["magnitude"].replace("ID", "proef").replace('"${P_PERCENT}"', '"12"')
    assert "privacy.rules.p_percent" in wrong(made["dataset"], reader.parse(text.encode()).data)


def test_a_policy_has_no_path(made: dict[str, dict[str, Any]]) -> None:
    policy = {"source": {"kind": "csv"}, "privacy": {"kind": "open"}}
    assert wrong(made["policy"], policy) == []
    assert wrong(made["policy"], {**policy, "source": {"kind": "csv", "path": "x"}}) != []


def test_every_key_of_ours_is_explained(made: dict[str, dict[str, Any]]) -> None:
    column = made["dataset"]["$defs"]["Column"]["properties"]
    assert "Woo" in column["ground"]["description"]
    assert made["dataset"]["$defs"]["PrivacyModel"]["properties"]["k"]["description"]
