"""A made-up municipality and its datasets, as the facts that the catalogue is made from."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.model import (
    ColumnFacts,
    ContactFacts,
    DatasetDescription,
    DistributionFacts,
    Entry,
    PublisherDescription,
    ReleaseFacts,
    Tombstone,
)
from config.models.base import Keywords, Text

SHARED = Path(__file__).parents[2].parent / "shared"
BASE = "https://data.voorbeeldgemeente.example"
THEME = "http://publications.europa.eu/resource/authority/data-theme/"


@pytest.fixture
def publisher() -> PublisherDescription:
    return PublisherDescription(
        uri="https://identifier.overheid.nl/tooi/id/gemeente/gm0000",
        name=Text(nl="Gemeente Voorbeeld", en="Municipality of Voorbeeld"),
        municipality=Text(nl="Voorbeeldgemeente"),
        base_uri=BASE,
        contact=ContactFacts(Text(nl="Team Data"), "data@voorbeeldgemeente.example", "https://voorbeeldgemeente.example/contact"),
        title=Text(nl="Open data van Voorbeeldgemeente", en="Open data of Voorbeeldgemeente"),
        description=Text(nl="De openbare datasets. Per dataset de herkomst. Bedoeld voor iedereen."),
        licence="CC0-1.0",
        example=True,
    )


def file(name: str, form: str, file_type: str, media_type: str) -> DistributionFacts:
    return DistributionFacts(name, form, file_type, media_type, 2048, "0123456789abcdef" * 4, 1234)


FILES = (
    file("bomen.csv", "csv", "CSV", "text/csv"),
    file("bomen.geojson", "geojson", "GEOJSON", "application/geo+json"),
    file("bomen.parquet", "parquet", "PARQUET", "application/vnd.apache.parquet"),
    file("bomen.xlsx", "xlsx", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)


def release(version: str, issued: str, *, dataset: str = "bomen") -> ReleaseFacts:
    return ReleaseFacts(
        dataset=dataset,
        version=version,
        issued=issued,
        as_of="2026-03",
        rows=1234,
        columns=(ColumnFacts("soort", "string", title=Text(nl="Soort")),),
        distributions=FILES,
        temporal=("2024-01", "2026-03"),
        bbox=(5.7, 53.1, 5.9, 53.3),
        quality={"success": True},
        notes=Text(nl="Eerste uitgave."),
    )


@pytest.fixture
def description() -> DatasetDescription:
    return DatasetDescription(
        id="bomen",
        title=Text(nl="Bomen in beheer", en="Trees"),
        description=Text(
            nl="Alle bomen die wij verzorgen. Per boom de soort. Bedoeld voor bewoners.", en="Trees. Per tree the kind. For all."
        ),
        owner="beheer",
        theme=(THEME + "ENVI", THEME + "REGI"),
        licence="CC0-1.0",
        keywords=Keywords(nl=("bomen", "groen"), en=("trees",)),
        frequency="WEEKLY",
        personal=True,
        grounds=("Woo 5.1 2e",),
    )


@pytest.fixture
def entries(description: DatasetDescription) -> tuple[Entry, ...]:
    other = DatasetDescription(
        id="verkeer",
        title=Text(nl="Verkeer"),
        description=Text(nl="Tellingen. Per uur. Voor iedereen."),
        owner="beheer",
        theme=(THEME + "TRAN",),
        keywords=Keywords(nl=("verkeer",)),
        licence="CC-BY-4.0",
        hvd_category=("http://data.europa.eu/bna/c_b79e35eb",),
        language=("NLD", "ENG"),
        spatial="http://publications.europa.eu/resource/authority/country/NLD",
    )
    gone = DatasetDescription(
        "oud", Text(nl="Oud"), Text(nl="Dit was er. Het is weg. Zie de reden."), "beheer", (THEME + "SOCI",), "CC0-1.0"
    )
    return (
        Entry(
            description,
            (release("2026-03-09.1", "2026-03-09T06:00:00+01:00"), release("2026-03-02.1", "2026-03-02T06:00:00+01:00")),
            withdrawn=(Tombstone("bomen", "2026-02-23.1", "2026-02-24", Text(nl="Fout in de bron.")),),
        ),
        Entry(other, (release("2026-04-01.1", "2026-04-01T06:00:00+02:00", dataset="verkeer"),), described="2026-04-02T08:00:00+02:00"),
        Entry(gone, (), Tombstone("oud", "2025-01-01.1", "2026-01-05T10:00:00+01:00", Text(nl="Persoonsgegevens gevonden."))),
    )
