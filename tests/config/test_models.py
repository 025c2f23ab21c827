from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import model_validator

from config.document import Document
from config.models.base import Model, Text, WrongError
from config.models.dataset import Dataset
from config.models.source import duration
from config.registry import FORMATS, PORTALS, SOURCES
from config.validation import validate
from config.yaml import parse


class Own(Model):
    """A model with rules of its own, as the options of a kind may have."""

    word: str
    mode: str = "ours"

    @model_validator(mode="after")
    def _check(self) -> Own:
        if self.mode == "ours":
            raise WrongError("Noem `table` of `query`, niet allebei.", "Name `table` or `query`, not both.")
        raise ValueError("one of table and query" if self.mode == "plain" else f"not {self.word}")


def told(text: str) -> tuple[str, str]:
    (problem,) = validate(Own, parse(text.encode(), name="x.yaml"))[1]
    assert problem.code == "config.rule"
    return problem.nl, problem.en


def test_a_validator_speaks_in_both_languages() -> None:
    assert told("word: abcdef") == ("Noem `table` of `query`, niet allebei.", "Name `table` or `query`, not both.")


def test_a_plain_error_is_shown_unless_it_quotes_what_was_typed() -> None:
    assert "one of table and query" in told("word: abcdef\nmode: plain")[0]
    assert "hunter2" not in "".join(told("word: hunter2\nmode: quoting"))


def test_a_reader_that_wants_one_of_two_says_so(folder: Any) -> None:
    folder.dataset("proef", folder.texts["microdata"].replace("kind: csv", "kind: sqlite\n  table: a\n  query: select 1"))
    (problem,) = folder.load().datasets["proef"].problems
    assert (problem.code, problem.place.path) == ("config.rule", "source")


def test_the_key_is_known_by_both_names(folder: Any) -> None:
    text = folder.texts["microdata"].replace("{name: nummer,", "{name: nummer, source: NR,")
    for typed in ("nummer", "NR"):
        folder.dataset("proef", text.replace("key: [nummer]", f"key: [{typed}]"))
        dataset = folder.load().datasets["proef"].dataset
        assert (dataset.key, dataset.source_key) == (("nummer",), ("NR",))


def test_the_personal_columns_make_a_source_personal(folder: Any) -> None:
    folder.dataset("proef", folder.texts["microdata"])
    dataset = folder.load().datasets["proef"].dataset
    assert dataset.personal
    assert dataset.column("datum").type == "date"
    assert dataset.column("nergens") is None


@pytest.mark.parametrize(("text", "days"), [("P30D", 30), ("P1Y", 366), ("P1Y2M", 428), ("P2W", 14), ("P1M1D", 32)])
def test_a_duration_never_ends_early(text: str, days: int) -> None:
    assert duration(text) == timedelta(days=days)


def test_a_text_falls_back_on_dutch() -> None:
    assert Text(nl="a", en="b").get("en") == "b"
    assert Text(nl="a").get("en") == "a"


def test_the_kinds_of_this_issue_are_there() -> None:
    assert {"csv", "parquet", "sqlite", "geojson", "shapefile"} <= set(SOURCES.modules)
    assert {"csv", "xlsx", "parquet", "geojson"} <= set(FORMATS.modules)
    assert {"site", "ckan"} <= set(PORTALS.modules)
    for registry in (SOURCES, FORMATS, PORTALS):
        assert "base" not in registry.modules
        assert not any(kind.startswith("_") for kind in registry.modules)
        assert not registry.planned & set(registry.modules)
    assert SOURCES.load("csv").Options.model_fields["kind"].annotation


def test_a_document_made_in_memory_is_validated_too() -> None:
    model, problems = validate(Dataset, Document({"id": "x"}))
    assert model is None
    assert all(problem.place.line is None for problem in problems)
