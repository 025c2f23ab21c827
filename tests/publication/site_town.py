"""A small municipality whose releases the project's own parts make: tables vouched for, files by the real writers, verified manifests."""

from __future__ import annotations

import itertools
import json
import math
import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from anonymisation.safe import SafeColumn
from anonymisation.vouch import make_safe
from catalogue.coverage import coverage
from catalogue.model import (
    CodeFacts,
    ColumnFacts,
    ContactFacts,
    DatasetDescription,
    DistributionFacts,
    PublisherDescription,
    Tombstone,
)
from catalogue.package import write_package
from config.models.base import Keywords, Text
from config.models.catalogue import Series, Service
from distributions.base import Sheet, WriteOptions
from distributions.sums import NAME as SUMS
from distributions.sums import write_sums
from distributions.write import write_all
from engine.types import arrow_type
from publication.portals.base import PortalEntry, PortalPlace, Wanted
from publication.portals.site import Options, SitePortal, open_portal
from publication.release import Manifest, Release, release_digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

THEMES = "http://publications.europa.eu/resource/authority/data-theme/"
BASE = "https://data.voorbeeldgemeente.example"
NEIGHBOURHOODS = ["Centrum", "Havenkwartier", "De Hoven", "Zuiderpolder", "Molenwijk", "Oosterveld", "Noordeinde", "Vogelbuurt"]

CODES = {"soort_nl": (CodeFacts("Winterlinde", Text(nl="Een linde met kleine bladeren", en="A lime with small leaves")),)}
WFS = Service(
    id="wfs",
    kind="wfs",
    description=Text(nl="De bomen als kaartlaag.", en="The trees as a map layer."),
    endpoint="https://geo.voorbeeldgemeente.example/wfs",
)
PUBLISHER = PublisherDescription(
    uri="https://identifier.overheid.nl/tooi/id/gemeente/gm0000",
    name=Text(nl="Gemeente Voorbeeld", en="Municipality of Voorbeeld"),
    municipality=Text(nl="Voorbeeldgemeente", en="Example municipality"),
    base_uri=BASE,
    contact=ContactFacts(name=Text(nl="Team Data", en="Data team"), email="data@voorbeeldgemeente.example"),
    title=Text(nl="Open data van Voorbeeldgemeente", en="Open data of Example municipality"),
    description=Text(
        nl="De openbare datasets van Voorbeeldgemeente. Bij elke dataset staat hoe goed en hoe oud de gegevens zijn.",
        en="The open datasets of Example municipality. Each dataset says how good and how old its data are.",
    ),
    licence="CC0-1.0",
    example=True,
    series={"groen": Series(title=Text(nl="Groen", en="Green"), description=Text(nl="Alles wat groeit.", en="All that grows."))},
)


@dataclass
class Table:
    """A protected table to publish: columns with their cells, and what the reports say."""

    columns: tuple[SafeColumn, ...]
    cells: Mapping[str, Sequence[Any]]
    formats: tuple[str, ...]
    as_of: str
    crs: str | None = None
    personal: bool = False
    privacy: dict[str, Any] = field(default_factory=lambda: {"schema": "privacy/1", "kind": "open", "columns": [], "findings": []})
    checks: tuple[dict[str, Any], ...] = ()
    quarantined: int = 0


def check(
    nl: str, en: str | None, dimension: str, *, wrong: int = 0, total: int | None = None, severity: str = "critical"
) -> dict[str, Any]:
    return {
        "type": "expect_column_values_to_not_be_null",
        "kwargs": {},
        "dimension": dimension,
        "severity": severity,
        "success": not wrong,
        "element_count": total,
        "unexpected_count": wrong if total else None,
        "unexpected_percent": None,
        "observed_value": None,
        "observed_masked": False,
        "engine": "pandas",
        "text": {"nl": nl, "en": en},
    }


def release(folder: Path, title: Text, table: Table, *, dataset: str, version: str, issued: str) -> Release:
    """Write a release folder by the real writers and open it, verified."""
    made = folder / dataset / version
    made.mkdir(parents=True)
    source = folder / f".{dataset}-{version}.parquet"
    arrays = {column.name: pa.array(table.cells[column.name], arrow_type(column.type)) for column in table.columns}
    pq.write_table(pa.table(arrays), source)
    safe = make_safe(source, table.columns, len(next(iter(arrays.values()))), table.crs)
    options = WriteOptions(Sheet(dataset, title, title, PUBLISHER.name))
    files = write_all(safe, table.formats, made, dataset, options)
    write_package(made, identifier=dataset, title=title, description=title, columns=table.columns, distributions=files)
    sums = write_sums(made)
    covered = coverage(safe)
    source.unlink()
    manifest = Manifest(
        dataset=dataset,
        version=version,
        release_digest=release_digest((made / SUMS).read_bytes(), "0" * 64),
        sums_sha256=sums,
        configuration_digest="0" * 64,
        source_hmac="1" * 64,
        as_of=table.as_of,
        staged=issued,
        rows=safe.rows,
        personal=table.personal,
        columns=tuple(ColumnFacts.of(column, covered.filled.get(column.name), CODES.get(column.name, ())) for column in table.columns),
        distributions=tuple(DistributionFacts.of(file) for file in files),
        portals=("site",),
        temporal=covered.temporal,
        bbox=covered.bbox,
        quality=quality(table, safe.rows),
        privacy=table.privacy,
        ledger_head="2" * 64,
        approvals=({"person": "p1", "role": "data-owner", "key": "demo"},) if table.personal else (),
    )
    (made / "manifest.json").write_bytes(manifest.dump())
    return Release.open(made)


def quality(table: Table, rows: int) -> dict[str, Any]:
    dimensions: dict[str, Any] = {}
    for one in table.checks:
        told = dimensions.setdefault(one["dimension"], {"checks": 0, "passed": 0, "score": 1.0})
        told["checks"] += 1
        told["passed"] += one["success"]
        if one["element_count"]:
            told["score"] = round(1 - (one["unexpected_count"] or 0) / one["element_count"], 6)
    return {
        "schema": "quality/1",
        "success": all(one["success"] for one in table.checks),
        "verdict": "passed",
        "gate": "output",
        "rows": rows,
        "dimensions": dimensions,
        "results": list(table.checks),
        "quarantined_rows": table.quarantined,
    }


def describe(name: str, nl: str, en: str | None, text_nl: str, text_en: str | None, themes: str, **more: Any) -> DatasetDescription:
    return DatasetDescription(
        id=name,
        title=Text(nl=nl, en=en),
        description=Text(nl=text_nl, en=text_en),
        owner="beheer",
        theme=tuple(THEMES + theme for theme in themes.split()),
        licence="CC0-1.0",
        **more,
    )


def trees(count: int = 900, seed: int = 1) -> Table:
    chance = random.Random(seed)
    kinds = [("Tilia cordata", "Winterlinde"), ("Quercus robur", "Zomereik"), ("Acer campestre", "Spaanse aak"), ("Salix alba", None)]
    picked = [chance.choice(kinds) for _ in range(count)]
    places = []
    for street in range(count):
        angle, along = (street % 9) * 0.7, chance.random() * 1800
        places.append(shapely.Point(103000 + math.cos(angle) * along, 488000 + math.sin(angle) * along * 0.6))
    return Table(
        columns=(
            SafeColumn("boomnummer", "integer", Text(nl="Boomnummer", en="Tree number"), open=True),
            SafeColumn("soort", "string", Text(nl="Soort (Latijn)", en="Species (Latin)"), open=True),
            SafeColumn("soort_nl", "string", Text(nl="Soort (Nederlands)", en="Species (Dutch)"), open=True),
            SafeColumn("plantjaar", "integer", Text(nl="Jaar van planten", en="Year of planting"), open=True),
            SafeColumn("stamdiameter", "integer", Text(nl="Doorsnede van de stam", en="Diameter of the trunk"), unit="cm", open=True),
            SafeColumn("geometry", "geometry", Text(nl="Plaats", en="Location"), open=True),
        ),
        cells={
            "boomnummer": list(range(1, count + 1)),
            "soort": [latin for latin, _ in picked],
            "soort_nl": [dutch for _, dutch in picked],
            "plantjaar": [chance.randint(1950, 2025) for _ in range(count)],
            "stamdiameter": [chance.randint(6, 60) for _ in range(count)],
            "geometry": list(shapely.to_wkb(places)),
        },
        formats=("csv", "geojson", "parquet"),
        as_of="2026-11-01",
        crs="EPSG:28992",
        checks=(
            check("elk boomnummer komt één keer voor", "every tree number occurs once", "consistency", total=count),
            check("van elke boom is de soort bekend", "the species of every tree is known", "completeness", total=count),
            check("het jaar van planten ligt tussen 1700 en 2026", None, "plausibility", wrong=3, total=count, severity="info"),
        ),
    )


def key_figures() -> Table:
    shapes = [
        shapely.Polygon([(x, y), (x + 900, y + 100), (x + 1000, y + 800), (x + 400, y + 1000), (x, y + 700)])
        for x, y in ((100000 + 1000 * (n % 4), 480000 + 900 * (n // 4)) for n in range(8))
    ]
    return Table(
        columns=(
            SafeColumn("buurt_code", "string", Text(nl="Buurtcode", en="Neighbourhood code"), codelist="buurten", open=True),
            SafeColumn("buurt", "string", Text(nl="Buurt", en="Neighbourhood"), open=True),
            SafeColumn("inwoners", "integer", Text(nl="Aantal inwoners", en="Number of inhabitants"), unit="personen", open=True),
            SafeColumn("aardgasvrij", "number", Text(nl="Woningen zonder aardgas", en="Homes without natural gas"), unit="%", open=True),
            SafeColumn("geometry", "geometry", Text(nl="Grens van de buurt", en="Border of the neighbourhood"), open=True),
        ),
        cells={
            "buurt_code": [f"BU0000{n:04d}" for n in range(8)],
            "buurt": NEIGHBOURHOODS,
            "inwoners": [2410, 3885, 1200, 905, 3310, 2875, 640, None],
            "aardgasvrij": [4.5, 12.1, 38.0, 99.2, 7.7, 15.3, 60.4, None],
            "geometry": list(shapely.to_wkb(shapes)),
        },
        formats=("csv", "geojson", "parquet", "xlsx"),
        as_of="2025",
        crs="EPSG:28992",
    )


def reports(count: int = 1500) -> Table:
    chance = random.Random(2)
    kinds = ["Afval", "Groen", "Weg en stoep", "Verlichting", "Parkeren", "Water", "Overlast"]
    return Table(
        columns=(
            SafeColumn("datum", "string", Text(nl="Maand van de melding", en="Month of the report"), level="month"),
            SafeColumn("postcode", "string", Text(nl="Postcodegebied", en="Postcode area"), level="PC4"),
            SafeColumn("categorie", "string", Text(nl="Categorie", en="Category"), codelist="categorieen"),
            SafeColumn("status", "string", Text(nl="Status", en="Status"), open=True),
        ),
        cells={
            "datum": sorted(f"202{chance.randint(4, 6)}-{chance.randint(1, 9):02d}" for _ in range(count)),
            "postcode": [chance.choice(["1981", "1982", "1985", None]) for _ in range(count)],
            "categorie": [chance.choices(kinds, [9, 7, 8, 3, 5, 2, 4])[0] for _ in range(count)],
            "status": [chance.choice(["Open", "Gereed"]) for _ in range(count)],
        },
        formats=("csv", "parquet", "xlsx"),
        as_of="2026-09",
        personal=True,
        privacy={
            "schema": "privacy/1",
            "kind": "microdata",
            "model": {"k": 5, "suppression_limit": 0.04},
            "suppressed_rows": 12,
            "after": {"k": 5, "prosecutor_max": 0.2},
            "columns": [{"name": "melder_naam", "classification": "direct", "action": "dropped"}],
            "findings": [{"column": "categorie", "kind": "phone", "verdict": "false-alarm"}],
            "withheld": [
                {"name": "melder_bsn", "title": None, "ground": "Woo 5.1 1e"},
                {"name": "melder_naam", "title": {"nl": "Naam van de melder", "en": None}, "ground": "Woo 5.1 2e"},
                {"name": "toelichting", "title": None, "ground": "Woo 5.1 2e"},
            ],
            "justification": {
                "nl": "Wie een melding deed mag niemand hieruit halen.",
                "en": "Nobody may learn from this who made a report.",
            },
        },
        checks=(
            check("elke melding heeft een categorie", "every report has a category", "completeness", total=count),
            check("de categorie staat in de lijst", "the category is in the list", "validity", total=count),
        ),
        quarantined=7,
    )


def gas() -> Table:
    years = [2023, 2024, 2025]
    rows = [(place, year) for place in NEIGHBOURHOODS for year in years]
    figures = [None if n % 11 == 8 else 238_147 + 31_713 * (n % 7) for n in range(len(rows))]
    return Table(
        columns=(
            SafeColumn("buurt", "string", Text(nl="Buurt", en="Neighbourhood")),
            SafeColumn("jaar", "integer", Text(nl="Jaar", en="Year"), open=True),
            SafeColumn("verbruik_m3", "integer", Text(nl="Gasverbruik", en="Gas use"), unit="m³", measured=True),
            SafeColumn("status", "string", Text(nl="Status", en="Status"), open=True, measured=True),
        ),
        cells={
            "buurt": [place for place, _ in rows],
            "jaar": [year for _, year in rows],
            "verbruik_m3": figures,
            "status": ["onderdrukt" if figure is None else "gepubliceerd" for figure in figures],
        },
        formats=("csv", "parquet", "xlsx"),
        as_of="2025",
        personal=True,
        privacy={
            "schema": "privacy/1",
            "kind": "magnitude",
            "measure": "sum",
            "rules": {"in_force": ["min_contributors", "p_percent"], "min_count": None, "min_contributors": 5},
            "cells": len(rows),
            "primary": {"min_contributors": 1, "p_percent": 1},
            "secondary": 0,
            "columns": [{"name": "buurt", "classification": "", "action": "dimension", "level": 0, "level_name": None}],
            "findings": [],
        },
        checks=(
            check("elke buurt staat er één keer per jaar in", "every neighbourhood occurs once a year", "consistency", total=len(rows)),
        ),
    )


def parking(days: int = 60) -> Table:
    start = datetime(2026, 9, 1, tzinfo=UTC)
    rows = [(start + timedelta(hours=hour), place) for hour in range(0, 24 * days, 6) for place in range(3)]
    return Table(
        columns=(
            SafeColumn("meetmoment", "datetime", Text(nl="Moment van de telling", en="Moment of the count"), open=True),
            SafeColumn("locatie", "string", Text(nl="Locatie", en="Location"), open=True),
            SafeColumn("capaciteit", "integer", Text(nl="Aantal plaatsen", en="Number of places"), unit="plaatsen", open=True),
            SafeColumn("bezet", "integer", Text(nl="Aantal geparkeerde auto's", en="Number of parked cars"), unit="auto's", open=True),
        ),
        cells={
            "meetmoment": [moment for moment, _ in rows],
            "locatie": [f"Garage {place + 1}" for _, place in rows],
            "capaciteit": [400] * len(rows),
            "bezet": [100 + (moment.toordinal() % 7) * 35 + place * 4 for moment, place in rows],
        },
        formats=("csv", "parquet"),
        as_of="2026-10-30",
    )


@dataclass
class Home:
    """A folder with releases and a site portal, as a home has them."""

    root: Path
    _numbers: Any = field(default_factory=itertools.count)

    @property
    def portal(self) -> SitePortal:
        return open_portal(Options(kind="site"), PortalPlace("site", self.root / "portals" / "site", self.site))

    @property
    def site(self) -> Path:
        return self.root / "site"

    @property
    def generations(self) -> Path:
        return self.root / "portals" / "site" / "generations"

    def release(self, dataset: str, table: Table, version: str, *, title: Text | None = None) -> Release:
        """Make a release of this version; `issued` follows from it."""
        issued = f"{version.partition('.')[0]}T05:40:00+00:00"
        return release(self.root / "releases", title or Text(nl=dataset), table, dataset=dataset, version=version, issued=issued)

    def publish(self, *entries: PortalEntry) -> Wanted:
        """Bring the site to these entries and hold that a visitor sees every one."""
        wanted = Wanted(PUBLISHER, entries)
        plan = self.portal.plan(wanted)
        self.portal.apply(plan)
        assert set(self.portal.verify(plan)) == {entry.description.id for entry in entries}
        return wanted

    def tree(self) -> dict[str, bytes]:
        """Every file a visitor can get, by path."""
        root = self.site.resolve()
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def full(root: Path) -> tuple[Home, tuple[PortalEntry, ...]]:
    """A home with every sort of dataset: points, areas, rows, a table, moments, one withdrawn whole, one with a withdrawn version."""
    home = Home(root)
    told = {
        "bomen": describe(
            "bomen", "Bomen", "Trees", "De bomen die de gemeente verzorgt: waar ze staan en welke soort het is.",
            "The trees that the municipality looks after: where they stand and their species.", "ENVI",
            purpose=Text(nl="Laten zien welke bomen er staan", en="Showing which trees there are"),
            keywords=Keywords(nl=("bomen", "groen"), en=("trees",)), frequency="MONTHLY", series="groen", services=(WFS,),
        ),
        "gasverbruik-buurten": describe(
            "gasverbruik-buurten", "Gasverbruik per buurt", "Gas use per neighbourhood", "Hoeveel aardgas huizen en bedrijven gebruiken.",
            "How much natural gas homes and businesses use.", "ENER REGI", personal=True, frequency="ANNUAL",
        ),
        "kerncijfers": describe(
            "kerncijfers", "Kerncijfers per buurt", None, "De belangrijkste cijfers van elke buurt, met de grens van de buurt.", None,
            "REGI SOCI",
        ),
        "meldingen": describe(
            "meldingen", "Meldingen openbare ruimte", "Public space reports", "Wat bewoners melden over straat, groen en afval.",
            "What residents report about streets, green spaces and waste.", "REGI", personal=True, grounds=("Woo 5.1 1e", "Woo 5.1 2e"),
            frequency="WEEKLY",
        ),
        "oude-lijst": describe("oude-lijst", "Oude lijst", "Old list", "Stond hier eerder.", "Was here before.", "GOVE"),
        "parkeertellingen": describe(
            "parkeertellingen", "Parkeertellingen per uur", "Parking counts per hour", "Hoeveel auto's er elk uur staan.",
            "How many cars are parked each hour.", "TRAN", frequency="DAILY",
        ),
    }  # fmt: skip
    entries = (
        PortalEntry(
            told["bomen"],
            (home.release("bomen", trees(), "2026-11-22.1"), home.release("bomen", trees(850, 5), "2026-10-22.1")),
            withdrawn=(
                Tombstone("bomen", "2026-10-01.2", "2026-10-03", Text(nl="De plaatsen klopten niet.", en="The locations were wrong.")),
            ),
        ),
        PortalEntry(told["gasverbruik-buurten"], (home.release("gasverbruik-buurten", gas(), "2026-11-20.1"),)),
        PortalEntry(told["kerncijfers"], (home.release("kerncijfers", key_figures(), "2026-03-01.1"),)),
        PortalEntry(told["meldingen"], (home.release("meldingen", reports(), "2026-11-16.2"),)),
        PortalEntry(told["oude-lijst"], (), Tombstone("oude-lijst", "2026-05-01.1", "2026-06-02")),
        PortalEntry(told["parkeertellingen"], (home.release("parkeertellingen", parking(), "2026-10-31.1"),)),
    )
    return home, entries


def structured(page: str) -> dict[str, Any]:
    """The schema.org description in a page."""
    text = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    found: dict[str, Any] = json.loads(text)
    return found


DAY = date(2026, 11, 23)
