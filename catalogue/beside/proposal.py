"""The start of a declaration that was made from somebody's description of the data: what it says, and what a person must still decide."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

QUESTIONS = {
    "classification": "deel deze kolommen in (open, quasi, sensitive, direct of text): {columns}",
    "source": "zeg waar de gegevens staan: source: {{kind: …, path: …}}",
    "odcs.tables": "het contract heeft nog {count} tabellen; maak daar eigen datasets van",
    "amsterdam.tables": "het schema heeft nog {count} tabellen; maak daar eigen datasets van",
    "amsterdam.reference": "de kolommen van {table} staan in een eigen bestand; geef dat bestand: {file}.json",
    "amsterdam.relation": "kolom {column} verwijst naar {relation}; zeg zo nodig welke controle daarbij hoort",
    "amsterdam.closed": "deze kolommen zijn in de bron niet openbaar ({columns}); laat ze weg of deel ze in",
    "amsterdam.shape": "kolom {column} is een lijst of een object; hier is zij tekst",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """The start of a declaration.

    Attributes:
        declaration: keys and values of `datasets/<id>.yaml`, as far as they are known.
        questions: what a person must decide, in Dutch, for comments above the declaration.
    """

    declaration: Mapping[str, Any]
    questions: tuple[str, ...] = ()

    def as_yaml(self) -> str:
        """Give the declaration as YAML, with the questions as comments in front."""
        import yaml

        asked = "".join(f"# nog te doen: {one}\n" for one in self.questions)
        return asked + yaml.safe_dump(dict(self.declaration), allow_unicode=True, sort_keys=False, width=140)


def question(name: str, **fields: object) -> str:
    """Give a question with its blanks filled."""
    return QUESTIONS[name].format(**fields)


def identifier(text: str) -> str:
    """Make an id: lower-case letters, digits and single hyphens, a letter first; empty where nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", plain).lower()
    joined = re.sub(r"[^a-z0-9]+", "-", parted)
    return re.sub(r"^[^a-z]+", "", joined)[:80].strip("-")


def mapping(value: Any) -> Mapping[str, Any]:
    """Give a mapping as it is, and nothing for anything else: what others wrote can have any shape."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """Give a list as it is, and nothing for anything else."""
    return value if isinstance(value, list) else []
