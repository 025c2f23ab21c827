"""Recipients of social assistance (*bijstand*) on one reference day, as the benefits system delivers it: Parquet with types.

One row a person. Spread over neighbourhoods far more unevenly than homes are, so that many cells of a table are small.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from config.voorbeeldgemeente.generator.people import REFERENCE_DAY

if TYPE_CHECKING:
    from pathlib import Path

    from config.voorbeeldgemeente.generator.people import Person
    from config.voorbeeldgemeente.generator.world import World

FILE = "bijstand.parquet"
RECIPIENTS = 3_000
PENSION_AGE = 67
SCHEMES = ("Participatiewet", "IOAW", "IOAZ", "Bbz")


def write(folder: Path, world: World) -> None:
    """Write the register."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {
        "bsn": pa.string(),
        "naam": pa.string(),
        "geboortedatum": pa.date32(),
        "leeftijd": pa.int64(),
        "postcode": pa.string(),
        "buurt_code": pa.string(),
        "regeling": pa.string(),
        "ingangsdatum": pa.date32(),
        "rekeningnummer": pa.string(),
        "bedrag": pa.decimal128(9, 2),
        "peildatum": pa.date32(),
    }
    schema = pa.schema(list(types.items()))
    pq.write_table(pa.Table.from_pylist(rows(world), schema=schema), folder / FILE, compression="zstd")


def recipients(world: World) -> list[Person]:
    """Draw who receives assistance: of working age, and far more often in some neighbourhoods than in others."""
    random = world.random("bijstand")
    need = {area.code: random.lognormvariate(0, 1.0) for area in world.neighbourhoods}
    adults = [person for person in world.people if person.age < PENSION_AGE]
    # weighted sampling without replacement (Efraimidis & Spirakis 2006): the greatest keys u^(1/w)
    keyed = [(random.random() ** (1 / need[person.address.neighbourhood.code]), person.bsn, person) for person in adults]
    chosen = sorted(keyed, key=lambda item: item[:2], reverse=True)[:RECIPIENTS]
    return [person for _, _, person in sorted(chosen, key=lambda item: item[1])]


def rows(world: World) -> list[dict[str, Any]]:
    """Give the rows, one a person, in the order of their BSN."""
    from decimal import Decimal

    random = world.random("bijstand-details")
    return [
        {
            "bsn": person.bsn,
            "naam": person.name,
            "geboortedatum": person.born,
            "leeftijd": person.age,
            "postcode": person.address.postcode,
            "buurt_code": person.address.neighbourhood.code,
            "regeling": random.choices(SCHEMES, (93, 4, 1, 2))[0],
            "ingangsdatum": REFERENCE_DAY - timedelta(days=int(random.expovariate(1 / 900))),
            "rekeningnummer": person.iban,
            "bedrag": Decimal(random.choice((34_500, 108_000, 134_400, 191_900)) + random.randrange(-4_000, 4_000)) / 100,
            "peildatum": REFERENCE_DAY,
        }
        for person in recipients(world)
    ]
