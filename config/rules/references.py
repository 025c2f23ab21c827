"""Rules on what a dataset refers to: its file name, roles, portals, formats, columns of the source, entries of the registers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from config.errors import Message
from config.models.schema import PERSONAL
from config.patterns import ID as ID_FORM
from config.registry import FORMATS
from config.suggest import hints
from config.validation import shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from config.errors import Problem
    from config.rules.scope import Scope

REGISTERS = {"processing": "processing", "assessment": "assessments"}
"""Key of a dataset → folder of its register."""
AS_OF_VALUES = (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", r"[0-9]{4}-[0-9]{2}", r"[0-9]{4}")
AS_OF_TYPES = frozenset({"date", "datetime"})

ID = Message(
    "config.id-file",
    nl="Het bestand heet {file}, maar `id` is {found}. Geef ze dezelfde naam.",
    en="The file is called {file}, but `id` is {found_en}. Give them the same name.",
)
ROLE = Message(
    "config.unknown-role",
    nl="De rol {found} staat niet in municipality.yaml.{hint}",
    en="The role {found_en} is not in municipality.yaml.{hint_en}",
)
PORTAL = Message(
    "config.unknown-portal",
    nl="Het portaal {found} staat niet in municipality.yaml.{hint}",
    en="The portal {found_en} is not in municipality.yaml.{hint_en}",
)
FORMAT = Message("config.unknown-format", nl="Het formaat {found} bestaat niet.{hint}", en="The format {found_en} does not exist.{hint_en}")
TWICE = Message("config.twice", nl="{found} staat er twee keer. Haal er één weg.", en="{found_en} stands here twice. Remove one.")
ENTRY = Message(
    "config.register-entry",
    nl="{folder}/{name}.yaml bestaat nog niet. Leg dit vast in het register.",
    en="{folder}/{name}.yaml does not exist yet. Record it in the register.",
    severity="warning",
)
NO_ENTRY = Message(
    "config.register-none",
    nl="De bron bevat persoonsgegevens, maar `{key}` ontbreekt. Noem hier de vastlegging in {folder}/.",
    en="The source holds personal data, but `{key}` is missing. Name its record in {folder}/ here.",
    severity="warning",
)
AS_OF = Message(
    "config.as-of",
    nl="`as_of` krijgt óf een `column` óf een `value`.",
    en="`as_of` takes either a `column` or a `value`.",
)
AS_OF_DATE = Message(
    "config.as-of-value",
    nl="Verwacht wordt een datum: 2024-12-31, of 2024-12 of 2024 bij precision month of year.",
    en="Expected is a date: 2024-12-31, or 2024-12 or 2024 with precision month or year.",
)
AS_OF_TYPE = Message(
    "config.as-of-type",
    nl="De peildatum komt uit een kolom met type date of datetime (of integer bij precision year); deze is {type}.",
    en="The as-of date comes from a column of type date or datetime (or integer with precision year); this one is {type}.",
)
NO_RETENTION = Message(
    "config.retention",
    nl="Noem een duur, zoals P30D.",
    en="Name a duration, such as P30D.",
)


def identity(scope: Scope) -> Iterator[Problem]:
    """The id is the name of the file."""
    found = scope.document.text("id")
    name = (scope.document.places.file or "").replace("\\", "/").rpartition("/")[2]
    if found is not None and name != f"{found}.yaml":
        nl, en = shown(found)
        yield ID.at(scope.document.places.at("id"), file=name, found=nl, found_en=en)


def owner(scope: Scope) -> Iterator[Problem]:
    """The owner is a role of the municipality."""
    found = scope.document.text("owner")
    if scope.municipality is None or found is None:
        return
    roles = [role for _, role in scope.municipality.texts("roles")]
    if found not in roles:
        (nl, en), (hint, hint_en) = shown(found), hints(found, roles)
        yield ROLE.at(scope.document.places.at("owner"), found=nl, found_en=en, hint=hint, hint_en=hint_en)


def publication(scope: Scope) -> Iterator[Problem]:
    """Portals and formats exist, and each is named once."""
    portals = None if scope.municipality is None else list(scope.municipality.mapping("portals"))
    for key, message, known in (("portals", PORTAL, portals), ("distributions", FORMAT, [*FORMATS.modules, *FORMATS.planned])):
        seen: set[str] = set()
        for path, name in scope.document.texts("publication", key):
            nl, en = shown(name)
            place = scope.document.places.at(*path)
            if name in seen:
                yield TWICE.at(place, found=nl, found_en=en)
            elif known is not None and name not in known:
                hint, hint_en = hints(name, [word for word in known if word not in FORMATS.planned])
                yield message.at(place, found=nl, found_en=en, hint=hint, hint_en=hint_en)
            seen.add(name)


def source(scope: Scope) -> Iterator[Problem]:
    """The key and the as-of date come from declared columns; null values are listed by the names in the source."""
    for path, name in scope.document.texts("source", "key"):
        yield from scope.column_of(path, name, among=dict.fromkeys([*scope.columns, *scope.source_columns]))
    for name in scope.document.mapping("source", "null_values"):
        yield from scope.column_of(("source", "null_values", name), name, among=scope.source_columns, key=True)
    if "retention" in scope.document.mapping("source") and scope.document.text("source", "retention") == "P":
        yield NO_RETENTION.at(scope.document.places.at("source", "retention"))
    as_of = scope.document.mapping("source", "as_of")
    if not as_of:
        return
    place = scope.document.places.at("source", "as_of")
    if ("column" in as_of) == ("value" in as_of):
        yield AS_OF.at(place)
    precision = as_of.get("precision", "day")
    if isinstance(value := as_of.get("value"), str) and not any(re.fullmatch(form, value) for form in AS_OF_VALUES):
        yield AS_OF_DATE.at(scope.document.places.at("source", "as_of", "value"))
    if isinstance(column := as_of.get("column"), str):
        path = ("source", "as_of", "column")
        yield from scope.column_of(path, column)
        kind = scope.columns.get(column, {}).get("type", "date")
        if kind not in AS_OF_TYPES and not (kind == "integer" and precision == "year"):
            yield AS_OF_TYPE.at(scope.document.places.at(*path), type=str(kind))


def registers(scope: Scope) -> Iterator[Problem]:
    """What is recorded elsewhere about a dataset is there; until those registers are built, only a warning."""
    personal = any(column.get("classification") in PERSONAL for column in scope.columns.values())
    for key, folder in REGISTERS.items():
        name = scope.document.text(key)
        if name is None and personal and not scope.document.has(key):
            yield NO_ENTRY.at(scope.document.places.at(key), key=key, folder=folder)
        elif name is not None and scope.root is not None and not _recorded(scope.root / folder, name):
            yield ENTRY.at(scope.document.places.at(key), folder=folder, name=shown(name)[0].strip("`"))


def _recorded(folder: Path, name: str) -> bool:
    """Say whether a register has the entry; a name of another form than an id is told by the model."""
    return re.fullmatch(ID_FORM, name) is None or any((folder / f"{name}{ending}").is_file() for ending in (".yaml", ".json"))
