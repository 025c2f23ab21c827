"""The value lists of declarations: EU themes, frequencies, languages, file types, access rights, licences; Woo grounds; municipalities.

Each is a small CSV file of our own in `config/lists/`, read at first use. The EU codes and labels follow the authority tables of the
Publications Office; municipality codes follow TOOI; grounds follow chapter 5 of the Wet open overheid; roles follow ISO 19115; relations
are link relations of IANA; policy themes are those of data.overheid.nl (OWMS).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from config.errors import ConfigurationError, Message, Place, Problem
from config.models.base import Text
from config.suggest import hints

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

FOLDER = Path(__file__).parent / "lists"
EU = "http://publications.europa.eu/resource/authority"
IANA = "https://www.iana.org/assignments/media-types"
TOOI = "https://identifier.overheid.nl/tooi/id/gemeente"
OWMS = "http://standaarden.overheid.nl/owms/terms"
ROLES = "http://standards.iso.org/iso/19115/-3/cit/1.0#"
RELATIONS = "http://www.iana.org/assignments/relation"
LDQD = "http://www.w3.org/2016/05/ldqd#"

NOT_LISTED = Message(
    "config.not-listed",
    nl="{found} staat niet in de lijst met {what}.{hint}",
    en="{found_en} is not in the list of {what_en}.{hint_en}",
)


@dataclass(frozen=True, slots=True)
class Concept:
    """An entry of an authority table: its code, its URI and its name."""

    code: str
    uri: str
    label: Text


@dataclass(frozen=True, slots=True)
class Language(Concept):
    """A language; `tag` is what a literal in RDF and HTML carries."""

    tag: str


@dataclass(frozen=True, slots=True)
class FileType(Concept):
    """A file type; `media_type` is its IANA name, `media_type_uri` that of the IANA list."""

    media_type: str
    extension: str

    @property
    def media_type_uri(self) -> str:
        """The URI of the media type in the list of IANA."""
        return f"{IANA}/{self.media_type}"


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence.

    Attributes:
        id: the SPDX id where there is one.
        uri: in the EU licence table.
        url: the page with the text, in Dutch where there is one.
        open: everybody may use the data for everything.
    """

    id: str
    uri: str
    url: str
    title: Text
    open: bool


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground of the Wet open overheid for not publishing something, such as ``Woo 5.1 2e``."""

    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class PolicyTheme(Concept):
    """A theme of data.overheid.nl; `eu` are the codes of the EU themes that lead to it."""

    eu: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceKind:
    """A kind of data service.

    Attributes:
        file_type: the code of what it answers with in the EU file-type list.
        standard, standard_name: the standard it follows, and what people call that.
        request: what is asked of the address to have the service describe itself; empty where no standard says so.
    """

    code: str
    label: Text
    file_type: str
    standard: str
    standard_name: str
    request: str


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension of data quality; `close` is the URI of what is nearly the same in the W3C's Linked Data Quality Dimensions."""

    code: str
    label: Text
    close: str | None


@dataclass(frozen=True, slots=True)
class Municipality:
    """A Dutch municipality: TOOI code (``gm0392``), URI and name."""

    code: str
    uri: str
    name: str


@dataclass(frozen=True, slots=True)
class KnownExpectation:
    """An expectation of Great Expectations: the dimension it usually serves, and whether it judges row by row."""

    name: str
    dimension: str
    row_wise: bool


def _read(name: str, make: Callable[[dict[str, str]], T]) -> Mapping[str, T]:
    """Read a list in the order of the file; the first column is the key."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        key = (rows.fieldnames or [""])[0]
        return {row[key]: make(row) for row in rows}


def _text(row: dict[str, str]) -> Text:
    return Text(nl=row["nl"], en=row["en"])


def _concept(table: str) -> Callable[[dict[str, str]], Concept]:
    return lambda row: Concept(row["code"], f"{EU}/{table}/{row['code']}", _text(row))


@cache
def themes() -> Mapping[str, Concept]:
    """Give the EU data themes by URI."""
    return {concept.uri: concept for concept in _read("themes", _concept("data-theme")).values()}


@cache
def frequencies() -> Mapping[str, Concept]:
    """Give the EU frequencies by code."""
    return _read("frequencies", _concept("frequency"))


@cache
def access_rights() -> Mapping[str, Concept]:
    """Give the EU access rights by code."""
    return _read("access_rights", _concept("access-right"))


@cache
def languages() -> Mapping[str, Language]:
    """Give languages by EU code."""
    return _read("languages", lambda row: Language(row["code"], f"{EU}/language/{row['code']}", _text(row), row["tag"]))


@cache
def file_types() -> Mapping[str, FileType]:
    """Give the file types that are made or planned here, by EU code."""
    return _read(
        "file_types",
        lambda row: FileType(row["code"], f"{EU}/file-type/{row['code']}", _text(row), row["media_type"], row["extension"]),
    )


@cache
def licences() -> Mapping[str, Licence]:
    """Give the licences by id."""
    return _read("licences", lambda row: Licence(row["id"], row["uri"], row["url"], _text(row), row["open"] == "true"))


@cache
def woo_grounds() -> Mapping[str, Ground]:
    """Give the grounds of articles 5.1 and 5.2 of the Woo by code."""
    return _read("woo_grounds", lambda row: Ground(row["code"], _text(row)))


@cache
def municipalities() -> Mapping[str, Municipality]:
    """Give the municipalities of today by TOOI code; the made-up ``gm0000`` is not among them."""
    return _read("municipalities", lambda row: Municipality(row["code"], f"{TOOI}/{row['code']}", row["name"]))


@cache
def expectations() -> Mapping[str, KnownExpectation]:
    """Give the core expectations of Great Expectations by name."""
    return _read("expectations", lambda row: KnownExpectation(row["name"], row["dimension"], row["row_wise"] == "true"))


@cache
def policy_themes() -> Mapping[str, PolicyTheme]:
    """Give the themes of data.overheid.nl by their OWMS name."""
    return _read("policy_themes", lambda row: PolicyTheme(row["code"], f"{OWMS}/{row['code']}", _text(row), tuple(row["eu"].split())))


@cache
def roles() -> Mapping[str, Concept]:
    """Give the roles that organisations can have, by their code in ISO 19115."""
    return _read("roles", lambda row: Concept(row["code"], ROLES + row["code"], _text(row)))


@cache
def relations() -> Mapping[str, Concept]:
    """Give the relations between datasets by their name at IANA."""
    return _read("relations", lambda row: Concept(row["code"], f"{RELATIONS}/{row['code']}", _text(row)))


@cache
def places() -> Mapping[str, Concept]:
    """Give the places of the EU tables that have a name here, by URI."""
    return {
        concept.uri: concept for concept in _read("places", lambda row: Concept(row["code"], f"{EU}/{row['code']}", _text(row))).values()
    }


@cache
def services() -> Mapping[str, ServiceKind]:
    """Give the kinds of data services by code."""
    return _read(
        "services",
        lambda row: ServiceKind(row["code"], _text(row), row["file_type"], row["standard"], row["standard_name"], row["request"]),
    )


@cache
def dimensions() -> Mapping[str, Dimension]:
    """Give the dimensions of data quality by code."""
    return _read("dimensions", lambda row: Dimension(row["code"], _text(row), f"{LDQD}{row['close']}" if row["close"] else None))


@cache
def source_kinds() -> Mapping[str, Text]:
    """Give what each kind of source is called in public, by kind."""
    return _read("source_kinds", _text)


WHAT: Mapping[str, tuple[str, str]] = {
    "themes": ("EU-thema's", "EU data themes"),
    "frequencies": ("frequenties", "frequencies"),
    "access_rights": ("toegangsrechten", "access rights"),
    "languages": ("talen", "languages"),
    "file_types": ("bestandstypen", "file types"),
    "licences": ("licenties", "licences"),
    "woo_grounds": ("Woo-gronden", "Woo grounds"),
    "municipalities": ("gemeenten", "municipalities"),
    "expectations": ("controles", "expectations"),
    "policy_themes": ("thema's van data.overheid.nl", "themes of data.overheid.nl"),
    "roles": ("rollen", "roles"),
    "relations": ("relaties", "relations"),
    "places": ("plaatsen", "places"),
    "services": ("soorten diensten", "kinds of services"),
    "dimensions": ("kwaliteitskenmerken", "dimensions of quality"),
}


def not_listed(values: Callable[[], Mapping[str, object]], word: str, place: Place | None = None) -> Problem:
    """Give the problem of a word that a list does not have, with a did-you-mean."""
    nl, en = WHAT[values.__name__]
    meant = _by_name(values(), word)
    hint, hint_en = hints(meant or word, values())
    typed = word if len(word) <= 80 and word.isprintable() else "…"  # noqa: PLR2004 - the longest entry is a URI
    return NOT_LISTED.at(place, found=f"`{typed}`", found_en=f"`{typed}`", what=nl, what_en=en, hint=hint, hint_en=hint_en)


def _by_name(entries: Mapping[str, object], word: str) -> str | None:
    """Give the entry whose Dutch or English name was typed instead of its code, such as ``WEEKLY`` for *wekelijks*."""
    for code, entry in entries.items():
        label = getattr(entry, "label", None)
        names = (label.nl, label.en) if isinstance(label, Text) else (getattr(entry, "name", None),)
        if word.casefold() in {name.casefold() for name in names if name}:
            return code
    return None


def _find(values: Callable[[], Mapping[str, T]], word: str) -> T:
    try:
        return values()[word]
    except KeyError:
        raise ConfigurationError(not_listed(values, word)) from None


def theme(uri: str) -> Concept:
    """Give an EU data theme by its URI; ConfigurationError with a did-you-mean for an unknown one."""
    return _find(themes, uri)


def frequency(code: str) -> Concept:
    """Give a frequency by its EU code; ConfigurationError with a did-you-mean for an unknown one."""
    return _find(frequencies, code)


def access_right(code: str) -> Concept:
    """Give an access right by its EU code; ConfigurationError with a did-you-mean for an unknown one."""
    return _find(access_rights, code)


def language(code: str) -> Language:
    """Give a language by its EU code; ConfigurationError with a did-you-mean for an unknown one."""
    return _find(languages, code)


def file_type(code: str) -> FileType:
    """Give a file type by its EU code; ConfigurationError with a did-you-mean for an unknown one."""
    return _find(file_types, code)


def licence(identifier: str) -> Licence:
    """Give a licence by its id; ConfigurationError with a did-you-mean for an unknown one."""
    return _find(licences, identifier)


def woo_ground(code: str) -> Ground:
    """Give a Woo ground by its code; ConfigurationError with a did-you-mean for an unknown one."""
    return _find(woo_grounds, code)


def municipality(code: str) -> Municipality:
    """Give a municipality by its TOOI code; ConfigurationError with a did-you-mean for an unknown one."""
    return _find(municipalities, code)
