"""Subsidies that were decided on, as the financial system exports them: UTF-8 with BOM, Dutch dates, thousands with dots, decimal comma.

Who receives one is an organisation, or somebody who is one: the name of a sole trader is the name of a person, and so is the contact.
Planted faults that block the dataset: case numbers that occur twice, grants above what was asked for, and grants below zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from config.voorbeeldgemeente.generator.world import dutch, write_delimited

if TYPE_CHECKING:
    from pathlib import Path

    from config.voorbeeldgemeente.generator.people import Person
    from config.voorbeeldgemeente.generator.world import World

FILE = "subsidies.csv"
CASES = 400
HEADER = (
    "zaaknummer", "relatienummer", "naam_aanvrager", "rechtsvorm", "kvk_nummer", "rekeningnummer", "contactpersoon", "email", "beleidsveld",
    "jaar", "aangevraagd", "verleend", "datum_besluit",
)  # fmt: skip
FIELDS = ("Cultuur", "Sport", "Welzijn", "Jeugd", "Duurzaamheid", "Evenementen", "Monumenten")
FORMS = ("stichting", "vereniging", "eenmanszaak", "bv")
SOLE_TRADER = "eenmanszaak"
STEMS = tuple(
    "Fanfare Zangkoor Speeltuin Buurthuis Korfbalclub Toneelgroep Dorpsraad Zwemclub Museum Volkstuin Jeugdhonk Energiecoöperatie".split()
)
TAILS = tuple("De Eendracht|Voorwaarts|Ons Genoegen|De Toekomst|Het Baken|Vriendschap|De Schakel|Excelsior|De Waterlelie".split("|"))
FAULTS = {
    **dict.fromkeys((17, 62, 103, 148, 190, 233, 279, 322, 371), "above"),
    **dict.fromkeys((53, 121, 206, 318), "below"),
    **dict.fromkeys((29, 88, 160, 215, 290, 345), "twice"),
}
"""Planted faults by row: granted ten times what was asked for, below zero, and the case number of the row before."""
TRADES = ("Atelier", "Muziekles", "Fotografie", "Poppentheater", "Hoveniersbedrijf", "Sportcoaching")


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who asks for a subsidy; `person` is the contact, and of a sole trader the trader."""

    number: str
    name: str
    form: str
    kvk: str
    person: Person


def write(folder: Path, world: World) -> None:
    """Write the register."""
    write_delimited(folder / FILE, HEADER, rows(world), encoding="utf-8-sig")


def applicants(world: World) -> list[Applicant]:
    """Draw who ask for subsidies; about one in four is a sole trader."""
    random = world.random("subsidies-aanvragers")
    people = random.sample(world.people, 170)
    names = iter(random.sample([f"{stem} {tail}" for stem in STEMS for tail in TAILS], 108))
    found = []
    for number, person in enumerate(people):
        form = random.choices(FORMS, (34, 34, 24, 8))[0]
        club = next(names, None) if form != SOLE_TRADER else None
        name = f"{form.capitalize()} {club}" if club else f"{random.choice(TRADES)} {person.name}"
        form = form if club else SOLE_TRADER
        found.append(Applicant(f"R{2000 + number}", name, form, f"{random.randrange(10_000_000, 99_000_000)}", person))
    return found


def rows(world: World) -> list[tuple[str, ...]]:
    """Give the rows, one a decision."""
    random = world.random("subsidies")
    asking = applicants(world)
    weights = [1 / (rank + 5) for rank in range(len(asking))]
    found = []
    for number in range(CASES):
        applicant = random.choices(asking, weights)[0]
        asked = round(random.lognormvariate(8.6, 1.2), -1)
        granted = round(asked * random.choice((0.0, 0.5, 0.75, 0.9, 1.0, 1.0, 1.0)), 2)
        decided = date(2023, 1, 9) + timedelta(days=number * 3 + random.randrange(3))
        fault = None if world.mended else FAULTS.get(number)
        if fault == "above":
            granted = asked * 10 + 250.0
        if fault == "below":
            granted = -granted - 500.0
        case = f"SUB-{decided.year}-{(number - 1 if fault == 'twice' else number):04d}"
        found.append(_row(applicant, case, decided, random.choices(FIELDS, (22, 20, 18, 14, 12, 9, 5))[0], (asked, granted)))
    return found


def _row(applicant: Applicant, case: str, decided: date, field: str, amounts: tuple[float, float]) -> tuple[str, ...]:
    """Write one decision; `amounts` are what was asked for and what was granted, in euros."""
    return (
        case,
        applicant.number,
        applicant.name,
        applicant.form,
        applicant.kvk,
        applicant.person.iban,
        applicant.person.name,
        applicant.person.email,
        field,
        str(decided.year),
        *(dutch(amount, thousands=True) for amount in amounts),
        f"{decided:%d-%m-%Y}",
    )
