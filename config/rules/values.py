"""Rules on texts that lead elsewhere: secrets, ``${NAME}`` and paths."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from config.errors import Message
from config.models.base import INTERPOLATED, SECRET_KEYS
from config.patterns import SECRET as SECRET_PATTERN
from config.secrets import REFERENCE
from config.suggest import hints
from config.validation import SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.document import Document, DocumentPath
    from config.errors import Problem
    from config.rules.scope import Scope

PATH_KEYS = frozenset({"path", "lookup", "areas"})
CREDENTIALS = re.compile(r"://[^/@\s]*:(?!\$\{)[^/@\s]+@|(?i:password|pwd)\s*=\s*(?!\$\{)[^\s;&]")
"""A password written out in an address or connection string."""
LOWER_NAME = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")

SYNTAX = Message(
    "config.variable-form",
    nl='Een verwijzing ziet er zo uit: "${{NAAM}}", met hoofdletters, cijfers en _.{hint}',
    en='A reference looks like this: "${{NAME}}", with capitals, digits and _.{hint_en}',
)
NOT_HERE = Message(
    "config.variable-place",
    nl="${{NAAM}} wordt hier niet ingevuld. Dat kan alleen bij {keys}.",
    en="${{NAME}} is not filled in here. That is possible only at {keys}.",
)
ABSOLUTE = Message(
    "config.path-absolute",
    nl="Schrijf het pad vanaf de map van dit bestand, met /, zoals ../data/bestand.csv.",
    en="Write the path from the folder of this file, with /, such as ../data/file.csv.",
)
OUTSIDE = Message(
    "config.path-outside",
    nl="Dit pad leidt uit de map van municipality.yaml. Zet het bestand daarbinnen.",
    en="This path leads out of the folder of municipality.yaml. Put the file inside it.",
)
MISSING = Message(
    "config.file-missing",
    nl="Dit bestand bestaat niet. Kijk naar de naam en de map; het pad begint bij de map van dit bestand.{hint}",
    en="This file does not exist. Check its name and folder; the path starts at the folder of this file.{hint_en}",
)


def secrets(document: Document, *path: str) -> Iterator[Problem]:
    """A secret is exactly ``${NAME}``, whatever the kind; an address holds no password; ``${NAME}`` stands where it is filled in."""
    for inner, text in document.strings(*path):
        key = next((str(part).casefold() for part in reversed(inner) if isinstance(part, str)), "")
        place = document.places.at(*inner)
        if not _kept_out(key, text):
            yield SECRET.at(place)
        elif "${" in text and key not in SECRET_KEYS - INTERPOLATED:
            yield from _variable(document, inner, key, text)


def source_secrets(scope: Scope) -> Iterator[Problem]:
    """Apply `secrets` to the source."""
    yield from secrets(scope.document, "source")


def paths(scope: Scope) -> Iterator[Problem]:
    """Paths stay inside the folder of the municipality; hierarchies are there. Where the data are is known only when they are read."""
    for part in ("source", "privacy"):
        for inner, text in scope.document.strings(part):
            if inner[-1] in PATH_KEYS:
                yield from _path(scope, inner, text, must_exist=part == "privacy")


def _kept_out(key: str, text: str) -> bool:
    """Say whether no secret is written out. A connection string may be put together from ``${NAME}`` parts; another secret is one whole."""
    if CREDENTIALS.search(text):
        return False
    if key == "dsn":
        return REFERENCE.search(text) is not None
    return key not in SECRET_KEYS or re.fullmatch(SECRET_PATTERN, text) is not None


def _variable(document: Document, path: DocumentPath, key: str, text: str) -> Iterator[Problem]:
    """Check how a reference is written, and whether it is filled in where it stands."""
    place = document.places.at(*path)
    if "${" in REFERENCE.sub("", text):
        lower = LOWER_NAME.search(text)
        hint, hint_en = (f" Schrijf {lower[0].upper()}.", f" Write {lower[0].upper()}.") if lower else ("", "")
        yield SYNTAX.at(place, hint=hint, hint_en=hint_en)
    elif key not in INTERPOLATED:
        yield NOT_HERE.at(place, keys=", ".join(sorted(INTERPOLATED | SECRET_KEYS)))


def _path(scope: Scope, inner: DocumentPath, text: str, *, must_exist: bool) -> Iterator[Problem]:
    """Check one path; one with ``${NAME}`` in it is known only when it is read."""
    if "${" in text or not text or "\0" in text:
        return
    place = scope.document.places.at(*inner)
    target = scope.base / text
    if scope.root is not None:
        if text.startswith(("/", "~")) or "\\" in text or re.match(r"[A-Za-z]:", text):
            yield ABSOLUTE.at(place)
            return
        if not target.resolve().is_relative_to(scope.root.resolve()):
            yield OUTSIDE.at(place)
            return
    if must_exist and not target.is_file():
        beside = sorted(file.name for file in target.parent.glob("*")) if target.parent.is_dir() else []
        hint, hint_en = hints(target.name, beside) if beside else ("", "")
        yield MISSING.at(place, hint=hint, hint_en=hint_en)
