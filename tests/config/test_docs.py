"""The examples in docs/declaration.md load without a word."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from config import not_yet
from config.models.dataset import Dataset
from config.models.municipality import Municipality
from config.models.privacy import Privacy, PrivacyModel, Rules
from config.models.schema import Column
from config.policy import load_policy

PAGE = (Path(__file__).parents[2] / "docs" / "declaration.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def block(start: str) -> str:
    (found,) = [text for text in BLOCKS if text.startswith(start)]
    return str(found)


def test_the_examples_load(folder: Any, tmp_path: Path) -> None:
    folder.put("municipality.yaml", block("name:"))
    folder.put("datasets/meldingen.yaml", block("id:"))
    project = folder.load({"CKAN_URL": "x", "CKAN_API_TOKEN": "x"})
    assert project.all_problems() == ()
    assert project.municipality is not None
    assert project.datasets["meldingen"].dataset is not None
    policy = tmp_path / "policy.yaml"
    policy.write_text(block("privacy:"), encoding="utf-8")
    assert load_policy(policy).others == "drop"


@pytest.mark.parametrize("model", [Dataset, Municipality, Privacy, PrivacyModel, Rules, Column], ids=lambda model: model.__name__)
def test_every_key_is_named(model: Any) -> None:
    keys = {field.alias or name for name, field in model.model_fields.items()}
    assert {key for key in keys if not re.search(rf"\b{key}\b", PAGE)} == set()


def test_what_is_not_built_yet_is_listed() -> None:
    for path in (*not_yet.KEYS, *not_yet.VALUES):
        assert str(path[-1]) in PAGE
