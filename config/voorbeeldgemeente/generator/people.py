"""Made-up people: names, BSNs, IBANs, e-mail addresses and telephone numbers.

Nobody can be hit by them: the BSNs lie in the range 9999… that the population register keeps for tests, e-mail addresses end on the
reserved ``.example``, the IBANs name a bank that does not exist and the mobile numbers lie in a block that is not given out. All of them
pass the checks that real ones pass (11-test, modulo 97), so that detection has something to find.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

    from config.voorbeeldgemeente.generator.places import Address

FIRST_NAMES = tuple(
    """
    Aad Aaltje Achmed Aisha Alida André Anna Anouk Arie Ayşe Bart Bas Bep Bram Carla Chantal Cor Daan Dewi Dirk Djamila Eelco Elif
    Emine Emma Eva Fatima Femke Fleur Floor Frans Gerrit Greetje Hanna Hassan Heleen Hendrik Ibrahim Ingrid Iris Jaap Jacqueline Jan
    Janneke Jeroen Johan Joke Joris José Julia Karin Kees Khadija Klaas Lars Leila Lieke Lotte Maaike Marco Maria Marijke Mehmet
    Mieke Mohamed Naima Niels Nienke Omar Pieter Piet Ravi Renée Riet Rob Ruud Sanne Sara Sem Sjoerd Soraya Stijn Sven Teun Thijs
    Tineke Truus Valérie Willem Wim Yara Youssef Zoë
    """.split()
)
SURNAMES = tuple(
    name.strip()
    for name in """
    Aalbers, Achterberg, Bakker, van den Berg, van Beek, Beekman, Bijlsma, de Boer, Bos, van den Bosch, Brouwer, de Bruin,
    Cornelissen, Dekker, Demir, Dijkstra, van Dijk, Doornbos, Driessen, van Dam, El Amrani, Evers, Faber, Fokkens, de Graaf,
    de Groot, de Haan, ter Haar, Hendriks, Hermans, van der Heijden, Hoekstra, van 't Hof, in 't Veld, Hofman, Huisman, Jacobs,
    Jansen, Janssen, de Jong, Kaya, Kok, Koning, Kramer, Kuiper, Kumar, van der Laan, van Leeuwen, van der Linden, Maas, Martens,
    Meijer, van der Meer, Mertens, Molenaar, Mulder, Ben Moussa, Nguyen, Nijland, Ooms, van Oosten, den Ouden, Öztürk, Peeters,
    Peters, Postma, Prins, Pronk, Ramdin, Rietveld, de Ruiter, Sanders, Schouten, Scholten, Schreurs, Sijbesma, Smit, Smits, Timmer,
    Tuinstra, van Veen, Veenstra, van der Velde, Verbeek, Verhoeven, Vermeulen, Visser, Vink, de Vos, de Vries, de Waal,
    van der Wal, Wiersma, Willems, de Wit, Wolters, Yılmaz, Zijlstra
    """.split(",")
)
MAIL_HOSTS = ("post.example", "mailbus.example", "thuis.example", "voorbeeldpost.example")
BANKS = ("VRBL", "POLD", "DYKE")
REFERENCE_DAY = date(2026, 7, 1)


@dataclass(frozen=True, slots=True)
class Person:
    """An inhabitant with everything that a register would know."""

    bsn: str
    first: str
    last: str
    born: date
    iban: str
    email: str
    phone: str
    address: Address

    @property
    def name(self) -> str:
        """First name, particle and surname."""
        return f"{self.first} {self.last}"

    @property
    def age(self) -> int:
        """Age in whole years on the reference day."""
        return REFERENCE_DAY.year - self.born.year - ((REFERENCE_DAY.month, REFERENCE_DAY.day) < (self.born.month, self.born.day))


def bsn_passes(number: str) -> bool:
    """Whether nine digits pass the 11-test: weights 9 to 2 and -1, the sum a multiple of eleven."""
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return len(number) == len(weights) and sum(w * int(d) for w, d in zip(weights, number, strict=True)) % 11 == 0


def bsns(random: Random, count: int) -> list[str]:
    """Draw different valid BSNs out of the test range 999900000 to 999999999."""
    valid = [number for number in map(str, range(999_900_000, 1_000_000_000)) if bsn_passes(number)]
    return random.sample(valid, count)


def iban(random: Random) -> str:
    """Draw a Dutch IBAN of a bank that does not exist, with right check digits (ISO 7064, modulo 97)."""
    account = f"{random.choice(BANKS)}{random.randrange(10**8, 10**10):010d}"
    digits = "".join(str(int(character, 36)) for character in account + "NL00")
    return f"NL{98 - int(digits) % 97:02d}{account}"


def plain(text: str) -> str:
    """Give a name as it stands in an e-mail address: ASCII letters only."""
    spread = unicodedata.normalize("NFKD", text.replace("ı", "i"))
    return "".join(character for character in spread.lower() if character.isascii() and character.isalpha())


def people(random: Random, addresses: list[Address], count: int) -> list[Person]:
    """Draw the inhabitants that registers know, spread over addresses as these are spread over neighbourhoods."""
    shuffled = random.sample(SURNAMES, len(SURNAMES))
    weights = [1 / (rank + 12) for rank in range(len(shuffled))]
    found = []
    for number, bsn in enumerate(bsns(random, count)):
        first, last = random.choice(FIRST_NAMES), random.choices(shuffled, weights)[0]
        age = min(98, max(18, round(random.gauss(46, 17))))
        found.append(
            Person(
                bsn=bsn,
                first=first,
                last=last,
                born=REFERENCE_DAY - timedelta(days=age * 365 + age // 4 + random.randrange(1, 360)),
                iban=iban(random),
                email=f"{plain(first)[0]}.{plain(last)}{number}@{random.choice(MAIL_HOSTS)}",
                phone=f"06-7{random.randrange(10**7):07d}",
                address=random.choice(addresses),
            )
        )
    return found
