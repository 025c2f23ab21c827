"""The facts of a catalogue: JSON and back, and what a declaration becomes."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from catalogue.model import MUNICIPALITY, DatasetDescription, Entry, describe, publisher
from config.models.base import Keywords, Text
from config.models.catalogue import Description
from config.models.municipality import Contact, Municipality, Publisher
from config.models.schema import Column

if TYPE_CHECKING:
    from catalogue.model import PublisherDescription

THEME = "http://publications.europa.eu/resource/authority/data-theme/ENVI"


def municipality(**changes: object) -> Municipality:
    given = {
        "name": Text(nl="Voorbeeldgemeente"),
        "publisher": Publisher(uri="https://identifier.overheid.nl/tooi/id/gemeente/gm0000", name=Text(nl="Gemeente Voorbeeld")),
        "example": True,
        "base_uri": "https://data.voorbeeldgemeente.example",
        "contact": Contact(name=Text(nl="Team Data"), email="data@voorbeeldgemeente.example"),
        "licence": "CC0-1.0",
        "roles": ("beheer",),
    }
    return Municipality.model_construct(**(given | {"portals": {}} | changes))


class Declared:
    """A dataset as far as a description needs it (the real one demands a source kind)."""

    def __init__(self, **changes: object) -> None:
        self.id = "bomen"
        self.title = Text(nl="Bomen")
        self.description = Text(nl="Alle bomen.")
        self.owner = "beheer"
        self.purpose = None
        self.columns: tuple[Column, ...] = ()
        self.catalogue = Description(theme=(THEME,), keywords=Keywords(nl=("boom",)))
        self.personal = False
        self.__dict__.update(changes)


def test_every_record_comes_back_equal_from_json(publisher: PublisherDescription, entries: tuple[Entry, ...]) -> None:
    for record in (publisher, *entries, *(release for entry in entries for release in entry.releases)):
        assert type(record).from_json(json.loads(json.dumps(record.as_json()))) == record


def test_an_unknown_key_and_a_wrong_type_are_refused_on_the_way_back(description: DatasetDescription) -> None:
    values = description.as_json()
    with pytest.raises(ValidationError):
        DatasetDescription.from_json(values | {"thema": []})
    with pytest.raises(ValidationError):
        DatasetDescription.from_json(values | {"theme": "ENVI"})
    with pytest.raises(ValidationError):
        DatasetDescription.from_json({key: value for key, value in values.items() if key != "title"})


def test_a_record_cannot_be_changed(description: DatasetDescription) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        description.id = "anders"  # type: ignore[misc]


def test_a_dataset_without_a_licence_has_that_of_the_municipality() -> None:
    assert describe(Declared(), municipality(licence="CC-BY-4.0")).licence == "CC-BY-4.0"  # type: ignore[arg-type]
    own = Description(theme=(THEME,), licence="CC0-1.0")
    assert describe(Declared(catalogue=own), municipality(licence="CC-BY-4.0")).licence == "CC0-1.0"  # type: ignore[arg-type]


def test_the_grounds_of_withheld_columns_come_once_and_sorted_and_no_column_is_named() -> None:
    columns = (
        Column(name="bsn", type="string", classification="direct", ground="Woo 5.1 2e"),
        Column(name="naam", type="string", classification="direct", ground="Woo 5.1 1e"),
        Column(name="adres", type="string", classification="direct", ground="Woo 5.1 2e"),
        Column(name="soort", type="string", classification="open"),
    )
    told = describe(Declared(columns=columns, personal=True), municipality())  # type: ignore[arg-type]
    assert told.grounds == ("Woo 5.1 1e", "Woo 5.1 2e")
    assert told.personal
    assert "bsn" not in json.dumps(told.as_json())
    assert told.spatial == MUNICIPALITY


def test_the_catalogue_is_named_after_the_municipality_in_both_languages() -> None:
    told = publisher(municipality(name=Text(nl="Súdwest-Fryslân")))
    assert "Súdwest-Fryslân" in told.title.nl
    assert "Súdwest-Fryslân" in (told.title.en or "")
    assert told.example


def test_the_model_is_light_to_import() -> None:
    heavy = {"rdflib", "pyshacl", "pandas", "pyarrow", "duckdb", "prefect", "great_expectations"}
    code = (
        "import sys, catalogue.model, catalogue.iris, catalogue.package, catalogue.coverage, catalogue.findings;"
        f"print(*sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "", "")
