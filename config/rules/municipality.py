"""Rules on `municipality.yaml`."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

from config import lists
from config.errors import Message
from config.rules import catalogue, description, values
from config.suggest import hints
from config.validation import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.document import Document, DocumentPath
    from config.errors import Problem

EXAMPLE = "gm0000"
KEY_BYTES = 32
SSH_PREFIX = b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20"
"""How the blob of an OpenSSH Ed25519 key begins: the name of the type and the length of the key (RFC 8709)."""

MADE_UP = Message(
    "config.example-code",
    nl="gm0000 is een verzonnen gemeente. Zet `example: true`, of schrijf de code van uw gemeente.",
    en="gm0000 is a made-up municipality. Write `example: true`, or the code of your municipality.",
)
ROLE = Message(
    "config.person-role", nl="De rol {found} staat niet bij `roles`.{hint}", en="The role {found_en} is not among `roles`.{hint_en}"
)
PERSON_TWICE = Message(
    "config.person-twice",
    nl="Dit id is al van de persoon op regel {first}. Geef iedereen een eigen id.",
    en="This id already belongs to the person on line {first}. Give everybody an id of their own.",
)
KEY_TWICE = Message(
    "config.key-twice",
    nl="Deze sleutel is al van de persoon op regel {first}. Vier ogen vragen twee personen met elk een eigen sleutel.",
    en="This key already belongs to the person on line {first}. Four eyes need two persons, each with a key of their own.",
)
KEY_FORM = Message(
    "config.key-form",
    nl="Dit is geen openbare Ed25519-sleutel. Schrijf `ed25519:` met de base64 van 32 bytes, of de regel uit het bestand id_ed25519.pub.",
    en="This is not a public Ed25519 key. Write `ed25519:` and the base64 of 32 bytes, or the line of the file id_ed25519.pub.",
)
PRIVATE_KEY = Message(
    "config.private-key",
    nl="Hier staat een geheime sleutel. Haal hem meteen weg, maak een nieuwe, en zet hier de openbare.",
    en="There is a private key here. Remove it at once, make a new one, and put the public one here.",
)


SITE_TWICE = Message(
    "config.site-twice",
    nl="Er is al een portaal van soort site: {first}. Een home heeft één statisch portaal; haal er een weg.",
    en="There is a portal of kind site already: {first}. A home has one static portal; remove one.",
)


def rules(document: Document) -> Iterator[Problem]:
    """Yield everything that is wrong between the parts of `municipality.yaml`."""
    yield from _publisher(document)
    yield from _people(document)
    yield from catalogue.licence(document, ("licence",))
    yield from catalogue.address(document, ("contact", "url"))
    yield from description.municipality(document)
    yield from _sites(document)
    yield from values.secrets(document, "portals")


def _publisher(document: Document) -> Iterator[Problem]:
    """The municipality exists, or says that it is an example."""
    uri = document.text("publisher", "uri") or ""
    code = uri.rpartition("/")[2]
    place = document.places.at("publisher", "uri")
    if code == EXAMPLE:
        if document.get("example") is not True:
            yield MADE_UP.at(place)
    elif re.fullmatch(r"gm[0-9]{4}", code) and code not in lists.municipalities():
        yield lists.not_listed(lists.municipalities, code, place)


def _people(document: Document) -> Iterator[Problem]:
    """People have ids and keys of their own, and roles that exist."""
    roles = [role for _, role in document.texts("roles")]
    ids: dict[str, int] = {}
    keys: dict[bytes, int] = {}
    for index, person in enumerate(document.items("people")):
        if not isinstance(person, dict):
            continue
        for path, role in document.texts("people", index, "roles"):
            if role not in roles:
                (nl, en), (hint, hint_en) = shown(role), hints(role, roles)
                yield ROLE.at(document.places.at(*path), found=nl, found_en=en, hint=hint, hint_en=hint_en)
        if isinstance(identifier := person.get("id"), str):
            place = document.places.at("people", index, "id")
            if identifier in ids:
                yield PERSON_TWICE.at(place, first=ids[identifier])
            ids.setdefault(identifier, place.line or 0)
        if isinstance(text := person.get("key"), str):
            yield from _key(document, ("people", index, "key"), text, keys)


def _key(document: Document, path: DocumentPath, text: str, keys: dict[bytes, int]) -> Iterator[Problem]:
    """Check a public key; two ways of writing one key are one key."""
    place = document.places.at(*path)
    raw = public_key(text)
    if raw is None:
        yield (PRIVATE_KEY if "PRIVATE KEY" in text else KEY_FORM).at(place)
    elif raw in keys:
        yield KEY_TWICE.at(place, first=keys[raw])
    else:
        keys[raw] = place.line or 0


def public_key(text: str) -> bytes | None:
    """Give the 32 bytes of a public Ed25519 key written as ``ed25519:BASE64`` or as an OpenSSH line, or None."""
    words = text.split()
    if text.startswith("ed25519:"):
        raw = _base64(text.removeprefix("ed25519:"))
    elif len(words) > 1 and words[0] == "ssh-ed25519":
        blob = _base64(words[1]) or b""
        raw = blob.removeprefix(SSH_PREFIX) if blob.startswith(SSH_PREFIX) else None
    else:
        return None
    return raw if raw is not None and len(raw) == KEY_BYTES else None


def _base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _sites(document: Document) -> Iterator[Problem]:
    """A home has one link to a static portal, so a second one would take it over."""
    sites = [name for name in document.mapping("portals") if document.text("portals", name, "kind") == "site"]
    for name in sites[1:]:
        yield SITE_TWICE.at(document.places.at("portals", name), first=sites[0])
