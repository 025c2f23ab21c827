from __future__ import annotations

import json
from pathlib import Path

import pytest

from config.errors import ConfigurationError, Problem
from config.policy import load_policy


def write(folder: Path, text: str, name: str = "policy.yaml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def refused(file: Path) -> tuple[Problem, ...]:
    with pytest.raises(ConfigurationError) as caught:
        load_policy(file)
    return caught.value.problems


def test_a_policy_needs_only_what_its_kind_computes_with(tmp_path: Path) -> None:
    policy = load_policy(write(tmp_path, "privacy: {kind: microdata, model: {k: 3}, columns: {naam: {action: drop}}}\nothers: keep\n"))
    assert (policy.source, policy.columns, policy.others) == (None, None, "keep")
    assert policy.privacy.model is not None
    assert policy.privacy.model.k == 3
    assert policy.places.at("privacy", "model", "k").line == 1
    assert policy.base == tmp_path


def test_yaml_and_json_give_the_same(tmp_path: Path) -> None:
    data = {"privacy": {"kind": "frequency", "dimensions": {"buurt": {}}, "rules": {"min_count": 5}, "others": "drop"}}
    one = load_policy(write(tmp_path, json.dumps(data, indent=1), "p.json"))
    two = load_policy(write(tmp_path, "privacy:\n  kind: frequency\n  dimensions: {buurt: {}}\n  rules: {min_count: 5}\n  others: drop\n"))
    assert one.privacy == two.privacy
    assert one.others == two.others == "drop"


def test_paths_in_a_policy_may_be_absolute_but_must_exist(tmp_path: Path) -> None:
    ladder = write(tmp_path, "a;b\n", "ladder.csv")
    text = "privacy: {kind: microdata, model: {k: 3}, columns: {x: {hierarchy: {type: file, path: PATH}}}}\n"
    assert load_policy(write(tmp_path, text.replace("PATH", str(ladder)))).privacy.columns["x"].hierarchy
    assert load_policy(write(tmp_path, text.replace("PATH", "ladder.csv"))).privacy.columns["x"].hierarchy
    assert [problem.code for problem in refused(write(tmp_path, text.replace("PATH", "lader.csv")))] == ["config.file-missing"]


def test_the_source_is_told_without_its_path(tmp_path: Path) -> None:
    text = "source: {kind: csv, delimiter: ';'}\nprivacy: {kind: open}\n"
    source = load_policy(write(tmp_path, text)).source_for(Path("/data/x.csv"))
    assert source is not None
    assert (source.kind, getattr(source, "path", None)) == ("csv", "x.csv")
    (problem,) = refused(write(tmp_path, text.replace("kind: csv", "kind: csv, path: x.csv")))
    assert (problem.code, problem.place.path) == ("policy.path", "source.path")


def test_with_a_schema_the_columns_are_checked(tmp_path: Path) -> None:
    text = (
        "schema:\n  - {name: naam, type: string, classification: direct}\n  - {name: jaar, type: integer, classification: quasi}\n"
        "privacy: {kind: microdata, model: {k: 2}, columns: {naam: {action: drop}, jaaar: {action: keep}}}\n"
    )
    assert [problem.place.path for problem in refused(write(tmp_path, text))] == ["privacy.columns.jaaar"]
    assert load_policy(write(tmp_path, text.replace("jaaar", "jaar"))).columns is not None
    assert [problem.code for problem in refused(write(tmp_path, text.replace("naam: {action: drop}, jaaar", "jaar")))] == [
        "config.unprotected"
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("privacy: {kind: microdata}\n", "config.kind-needs"),
        ("privacy: {kind: frequency, dimensions: {a: {}}}\n", "config.kind-needs"),
        ("privacy: {kind: microdata, model: {t: {column: a, value: 0.1}}}\n", "config.no-groups"),
        ("privacy: {kind: open}\nothers: keep\nprivcy: {}\n", "config.unknown-key"),
        ("privacy: {kind: open, others: drop}\nothers: keep\n", "policy.others"),
        ("source: {kind: odata, url: x}\nprivacy: {kind: open}\n", "not-yet"),
        (
            "privacy: {kind: magnitude, value: b, dimensions: {a: {}}, rules: {min_contributors: 3, p_percent: 12}}\n",
            "config.literal-secret",
        ),
        ("[1, 2]\n", "config.not-a-block"),
    ],
)
def test_a_wrong_policy_is_refused(tmp_path: Path, text: str, code: str) -> None:
    assert [problem.code for problem in refused(write(tmp_path, text))] == [code]
