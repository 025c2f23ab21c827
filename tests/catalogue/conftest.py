"""A made-up municipality and its datasets, as the facts that the catalogue is made from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from catalogue.model import (
    ColumnFacts,
    ContactFacts,
    DatasetDescription,
    DistributionFacts,
    Entry,
    MadeFacts,
    PublisherDescription,
    ReleaseFacts,
    Tombstone,
)
from config.models.base import Keywords, Text
from config.models.catalogue import Area, Attribution, Organisation, Relation, Series, Service, Standard

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


QUALITY = {
    "results": [
        {
            "type": "expect_column_values_to_not_be_null", "dimension": "completeness", "success": True, "element_count": 1234,
            "unexpected_count": 0, "text": {"nl": "Van elke boom is de soort bekend", "en": "The species of every tree is known"},
        },
        {
            "type": "expect_column_values_to_be_in_set", "dimension": "validity", "success": False, "element_count": 1000,
            "unexpected_count": 125, "text": {"nl": "De hoogte staat in de lijst", "en": None},
        },
        {"type": "expect_table_row_count_to_be_between", "dimension": "completeness", "success": True, "element_count": None,
         "unexpected_count": None},
        {"type": "expect_column_mean_to_be_between", "dimension": "plausibility", "success": False, "error": "unknown"},
    ],
    "dimensions": {"completeness": {"checks": 2, "passed": 2, "score": 1.0}, "validity": {"checks": 3, "passed": 2, "score": 2 / 3}},
}  # fmt: skip
HVD = "http://data.europa.eu/bna/c_ac64a52d"


@pytest.fixture
def full_publisher(publisher: PublisherDescription) -> PublisherDescription:
    """Give the publisher with everything that a municipality can declare of itself."""
    about = Text(nl="Elk jaar de bomen. Met hun soort. Om te vergelijken.", en="The trees of each year.")
    return replace(
        publisher,
        area=Area(bbox=(5.7, 53.1, 5.9, 53.3), same_as=("http://sws.geonames.org/2751792/",)),
        series={"bomen-per-jaar": Series(title=Text(nl="Bomen per jaar", en="Trees by year"), description=about, frequency="ANNUAL")},
    )


@pytest.fixture
def full_entries(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Give the datasets with one that has everything that can be declared and derived."""
    wfs = Service(
        id="wfs",
        kind="wfs",
        description=Text(nl="De bomen als kaartlaag.", en="The trees as a map layer."),
        endpoint="https://geo.voorbeeldgemeente.example/wfs",
        documentation="https://www.voorbeeldgemeente.example/wfs",
    )
    api = Service(
        id="api",
        kind="rest",
        title=Text(nl="Bomen-API"),
        description=Text(nl="De bomen als JSON."),
        endpoint="https://api.voorbeeldgemeente.example/bomen",
        description_url="https://api.voorbeeldgemeente.example/bomen/openapi.json",
        documentation="https://api.voorbeeldgemeente.example/",
        conforms_to=(Standard(uri="https://docs.geostandaarden.nl/api/API-Designrules/", title=Text(nl="API Design Rules")),),
    )
    trees, traffic, gone = entries
    told = replace(
        trees.description,
        hvd_category=(HVD,),
        places=("https://vocabs.cbs.nl/nl/page/?uri=BU00000101",),
        documentation=("https://www.voorbeeldgemeente.example/bomen",),
        provenance=Text(nl="Uit het beheersysteem van de buitendienst.", en="From the system of the grounds department."),
        creator=Organisation(uri="https://identifier.overheid.nl/tooi/id/gemeente/gm0080", name=Text(nl="Gemeente Leeuwarden")),
        attributions=(Attribution(uri="https://ror.org/04dkp9463", name=Text(nl="Universiteit"), role="processor"),),
        relations=(Relation(dataset="verkeer"), Relation(uri="https://example.com/bron", role="original")),
        conforms_to=(Standard(uri="https://www.imgeo.nl/", title=Text(nl="IMGeo")),),
        identifiers=("bomen-2019",),
        series="bomen-per-jaar",
        services=(wfs, api),
        spatial_resolution=0.5,
        temporal_resolution="P1M",
    )
    made = MadeFacts("20260309T050000Z-1", "vrijgave 0.1.0", "shapefile", "ab" * 32)
    releases = (replace(trees.releases[0], made=made, quality=QUALITY), *trees.releases[1:])
    younger = replace(traffic, description=replace(traffic.description, series="bomen-per-jaar"))
    return (replace(trees, description=told, releases=releases), younger, gone)
