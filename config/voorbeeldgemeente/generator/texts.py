"""The free text of reports about public space: what people write, and what they write about themselves and their neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

    from config.voorbeeldgemeente.generator.people import Person

CATEGORIES: dict[str, tuple[float, tuple[str, ...]]] = {
    "Afval": (
        26,
        (
            "De ondergrondse container bij {street} zit vol.",
            "Er staan al drie dagen vuilniszakken naast de container.",
            "Iemand heeft een bankstel gedumpt op de hoek van {street}.",
            "De papierbak klemt, hij gaat niet meer open.",
        ),
    ),
    "Groen": (
        20,
        (
            "De heg hangt over de stoep, met de rollator kom ik er niet langs.",
            "Er ligt een grote tak op het fietspad bij {street}.",
            "Het gras is hier dit jaar nog niet gemaaid.",
            "De boom voor de deur is dood, bij storm is dat gevaarlijk.",
        ),
    ),
    "Weg en stoep": (
        19,
        (
            "Losse tegels ter hoogte van nummer {number}, er is al iemand gevallen.",
            "Gat in het wegdek van {street}.",
            "Door de boomwortels ligt de stoep omhoog.",
            "De putdeksel rammelt de hele nacht.",
        ),
    ),
    "Verlichting": (
        12,
        (
            "De lantaarnpaal bij nummer {number} is uit.",
            "Het hele pad achter {street} is donker.",
            "De lamp knippert al weken.",
        ),
    ),
    "Parkeren": (
        9,
        (
            "Er staat al maanden een aanhanger geparkeerd.",
            "Auto's staan hier steeds op de stoep.",
            "Fietswrak bij de ingang van het plein.",
        ),
    ),
    "Water": (8, ("De sloot stinkt en er drijven dode vissen.", "Na regen staat {street} blank.", "De duiker is verstopt.")),
    "Overlast": (6, ("Elke avond lawaai bij het bankje.", "Er wordt hier vuurwerk afgestoken.", "Veel hondenpoep op het speelveld."))
}  # fmt: skip
SEASON: dict[str, tuple[float, ...]] = {
    "Afval": (1.5, 1.0, 1.0, 1.0, 1.0, 1.1, 1.2, 1.1, 1.0, 1.0, 1.0, 1.2),
    "Groen": (0.3, 0.4, 0.7, 1.2, 1.7, 1.8, 1.7, 1.4, 1.1, 1.2, 0.8, 0.4),
    "Weg en stoep": (1.3, 1.5, 1.3, 1.0, 0.9, 0.9, 0.8, 0.8, 0.9, 1.0, 1.0, 1.1),
    "Verlichting": (1.6, 1.3, 1.0, 0.7, 0.5, 0.4, 0.4, 0.6, 0.9, 1.3, 1.7, 1.8),
    "Parkeren": (1.0,) * 12,
    "Water": (1.2, 1.1, 0.9, 0.8, 0.8, 1.0, 1.3, 1.3, 1.0, 1.0, 1.1, 1.2),
    "Overlast": (1.1, 0.6, 0.8, 1.0, 1.3, 1.4, 1.5, 1.4, 1.1, 0.9, 0.8, 1.6),
}
"""How busy each month is for a category; 1 is an ordinary month."""

PERSONAL = (
    "U kunt mij bellen op {phone}.",
    "Bel even met {name}, {phone}.",
    "Mail naar {email} als het klaar is.",
    "Groet, {name}",
    "Mijn BSN is {bsn} voor de verzekering.",
    "Het is van {neighbour}, die woont op {street} {number}.",
    "Schade graag naar rekening {iban}, t.n.v. {name}.",
    "Ik ben slecht ter been en woon alleen op nummer {number}. {name}",
)
PERSONAL_SHARE = 0.22


def note(random: Random, category: str, reporter: Person, neighbour: Person) -> str:
    """Write the text of one report; about one in five holds personal data that no form asked for."""
    text = random.choice(CATEGORIES[category][1])
    if random.random() < PERSONAL_SHARE:
        text += " " + random.choice(PERSONAL)
    return text.format(
        street=reporter.address.street,
        number=reporter.address.number,
        name=reporter.name,
        neighbour=neighbour.name,
        phone=reporter.phone,
        email=reporter.email,
        bsn=reporter.bsn,
        iban=reporter.iban,
    )
