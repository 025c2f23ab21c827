from __future__ import annotations

import csv
from pathlib import Path

import pytest

from config import lists
from config.errors import ConfigurationError

SHARED = Path(__file__).parents[2].parent / "shared" / "vocabularies"
ALL = (lists.themes, lists.frequencies, lists.access_rights, lists.languages, lists.file_types, lists.licences, lists.woo_grounds,
       lists.municipalities, lists.expectations)  # fmt: skip


@pytest.mark.parametrize("values", ALL, ids=lambda values: values.__name__)
def test_a_list_is_sound(values: object) -> None:
    entries = values()  # type: ignore[operator]
    assert entries
    rows = list(csv.DictReader((lists.FOLDER / f"{values.__name__}.csv").open(encoding="utf-8")))  # type: ignore[attr-defined]
    assert len(rows) == len(entries), "a code stands there twice"
    assert all(None not in row and all(cell and cell == cell.strip() for cell in row.values()) for row in rows)
    for entry in entries.values():
        uri = getattr(entry, "uri", "http://x")
        assert uri.startswith(("http://", "https://identifier.overheid.nl/"))


def test_what_the_design_names_is_there() -> None:
    assert lists.licence("CC0-1.0").uri == "http://publications.europa.eu/resource/authority/licence/CC0"
    assert {"CC0-1.0", "CC-BY-4.0", "PDM-1.0"} <= set(lists.licences())
    assert lists.theme("http://publications.europa.eu/resource/authority/data-theme/REGI").label.nl == "Regio's en steden"
    assert lists.frequency("WEEKLY").uri.endswith("/frequency/WEEKLY")
    assert lists.language("NLD").tag == "nl"
    assert lists.file_type("CSV").media_type_uri == "https://www.iana.org/assignments/media-types/text/csv"
    assert lists.access_right("PUBLIC").label.en == "public"
    assert "levenssfeer" in lists.woo_ground("Woo 5.1 2e").label.nl
    assert lists.municipality("gm0392").name == "Haarlem"
    assert len(lists.municipalities()) == 342
    assert len(lists.themes()) == 13
    assert not lists.licence("CC-BY-NC-4.0").open


@pytest.mark.parametrize(
    ("find", "word", "hint"),
    [
        (lists.licence, "CC-BY", "CC-BY-4.0"),
        (lists.frequency, "maandelijks", "MONTHLY"),
        (lists.frequency, "weekly", "WEEKLY"),
        (lists.language, "Fries", "FRY"),
        (lists.woo_ground, "Woo 5.1.2e", "Woo 5.1 2e"),
        (lists.theme, "REGI", "data-theme/REGI"),
        (lists.municipality, "Haarlem", "gm0392"),
        (lists.file_type, "csv", "CSV"),
        (lists.access_right, "PUBLIEK", "PUBLIC"),
    ],
)
def test_an_unknown_word_gets_a_suggestion(find: object, word: str, hint: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        find(word)  # type: ignore[operator]
    assert hint in caught.value.problems[0].nl
    assert hint in caught.value.problems[0].en


def test_the_municipalities_are_those_of_the_register() -> None:
    file = SHARED / "tooi" / "gemeenten_current.csv"
    if not file.exists():
        pytest.skip("../shared is absent: no list of TOOI to compare with")
    rows = csv.DictReader(file.open(encoding="utf-8"))
    assert {(row["code"], row["uri"], row["label"].removeprefix("gemeente ")) for row in rows} == {
        (entry.code, entry.uri, entry.name) for entry in lists.municipalities().values()
    }


def test_the_expectations_are_those_of_great_expectations() -> None:
    core = pytest.importorskip("great_expectations.expectations.core")
    import inspect

    from great_expectations.expectations.expectation import (
        ColumnMapExpectation,
        ColumnPairMapExpectation,
        Expectation,
        MulticolumnMapExpectation,
    )

    found = {
        item.expectation_type: issubclass(item, ColumnMapExpectation | ColumnPairMapExpectation | MulticolumnMapExpectation)
        for item in vars(core).values()
        if inspect.isclass(item) and issubclass(item, Expectation) and item.expectation_type
    }
    from quality.expectations.kinds import KINDS

    found |= dict.fromkeys(KINDS, True)  # those of our own judge single rows
    assert {name: entry.row_wise for name, entry in lists.expectations().items()} == found
