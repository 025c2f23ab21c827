"""What a policy makes of the columns of any file."""

from __future__ import annotations

from typing import Any

import pytest

from anonymisation.policy import columns_of_policy
from config.errors import ConfigurationError

NAMES = ("bsn", "datum", "bedrag", "kleur")
PARTS: dict[str, Any] = {
    "columns": {"bsn": {"action": "drop"}, "datum": {"hierarchy": {"type": "date", "levels": ["year"]}}},
    "model": {"k": 2},
}


def test_what_the_policy_names_gets_the_classification_of_its_part(workshop: Any) -> None:
    columns, _ = columns_of_policy(workshop.privacy(kind="microdata", **PARTS), NAMES, None, "keep")
    assert {column.name: column.classification for column in columns} == {
        "bsn": "direct",
        "datum": "quasi",
        "bedrag": "open",
        "kleur": "open",
    }
    policy = workshop.privacy(kind="magnitude", dimensions={"kleur": {}}, value="bedrag", contributor="bsn", rules={"min_contributors": 3})
    columns, _ = columns_of_policy(policy, NAMES, None, "drop")
    assert [(column.classification, column.type) for column in columns] == [
        ("direct", "string"), ("direct", "string"), ("sensitive", "decimal"), ("quasi", "string"),
    ]  # fmt: skip


def test_others_drop_means_that_they_are_dropped(workshop: Any) -> None:
    columns, policy = columns_of_policy(workshop.privacy(kind="microdata", **PARTS), NAMES, None, "drop")
    done = workshop.protect(columns, [("111222333", "2024-01-01", "5", "rood")] * 3, policy)
    assert [column.name for column in done.table.columns] == ["datum"]


def test_without_others_every_column_is_named(workshop: Any) -> None:
    with pytest.raises(ConfigurationError) as caught:
        columns_of_policy(workshop.privacy(kind="microdata", **PARTS), NAMES, None, None)
    assert [problem.nl.split(".")[0] for problem in caught.value.problems] == [
        f"het beleid zegt niets over kolom {name}" for name in ("bedrag", "kleur")
    ]


def test_a_name_that_is_not_there_is_told_with_what_was_meant(workshop: Any) -> None:
    policy = workshop.privacy(kind="microdata", columns={"bns": {"action": "drop"}}, model={"k": 2})
    with pytest.raises(ConfigurationError) as caught:
        columns_of_policy(policy, NAMES, None, "keep")
    assert "Bedoelt u `bsn`?" in caught.value.problems[0].nl


def test_a_declared_column_is_as_declared(workshop: Any) -> None:
    declared = workshop.columns(kleur="string sensitive", bedrag="integer open")
    columns, _ = columns_of_policy(workshop.privacy(kind="microdata", **PARTS), NAMES, declared, "drop")
    assert columns[2:] == (declared[1], declared[0])
