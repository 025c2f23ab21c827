"""Turns what pydantic says of a document into problems that a steward can mend: place, path, what was found, what is expected.

A message shows the word that was typed for keys, choices and ids; of any other value only its type, and of a secret nothing at all.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from config.errors import Message, Problem
from config.models.base import SECRET_KEYS, Text, WrongError
from config.patterns import SECRET as SECRET_PATTERN
from config.patterns import described
from config.shape import Spot, keys_of, locate
from config.suggest import hints

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from config.document import Document

M = TypeVar("M", bound=BaseModel)

NOT_A_BLOCK = Message(
    "config.not-a-block",
    nl="Hier staat {found}, verwacht wordt een blok met sleutels (`sleutel: waarde`).",
    en="There is {found_en} here; expected is a block of keys (`key: value`).",
)
UNKNOWN_KEY = Message(
    "config.unknown-key",
    nl="De sleutel `{key}` bestaat hier niet.{hint}",
    en="The key `{key}` does not exist here.{hint_en}",
)
WRONG_KEY = Message(
    "config.wrong-key",
    nl="De naam `{key}` kan niet: verwacht wordt {expected}.",
    en="The name `{key}` is not possible: expected is {expected_en}.",
)
MISSING_KEY = Message(
    "config.missing-key",
    nl="De sleutel `{key}` ontbreekt. Voeg `{key}: …` toe.",
    en="The key `{key}` is missing. Add `{key}: …`.",
)
TYPE = Message(
    "config.type",
    nl="Hier staat {found}, verwacht wordt {expected}.{hint}",
    en="There is {found_en} here; expected is {expected_en}.{hint_en}",
)
CHOICE = Message(
    "config.choice",
    nl="Hier staat {found}, en dat is geen keuze.{hint}",
    en="There is {found_en} here, which is not a choice.{hint_en}",
)
FORM = Message(
    "config.form",
    nl="Hier staat {found}, verwacht wordt {expected}.",
    en="There is {found_en} here; expected is {expected_en}.",
)
LIMIT = Message(
    "config.limit",
    nl="De waarde past niet: verwacht wordt {expected}.",
    en="The value does not fit: expected is {expected_en}.",
)
SECRET = Message(
    "config.literal-secret",
    nl='Hier hoort een geheim, en dat mag niet in het bestand staan. Schrijf "${{NAAM}}" (hoofdletters, met aanhalingstekens); '
    "de waarde komt uit de omgeving of uit secrets/NAAM.",
    en='A secret belongs here, and it may not stand in the file. Write "${{NAME}}" (capitals, quoted); '
    "the value comes from the environment or from secrets/NAME.",
)
RULE = Message("config.rule", nl="{rule}", en="{rule_en}")

WORD = re.compile(r"[A-Za-z0-9][\w .:/+-]{0,59}")
"""What may be shown of a value: something that looks like a choice or an id, never a long text."""

QUOTED = 4
"""A shorter text that was typed is no secret, and occurs in any sentence."""

EXPECTED: Mapping[str, tuple[str, str]] = {
    "string": ("een tekst", "a text"),
    "int": ("een geheel getal", "a whole number"),
    "float": ("een getal", "a number"),
    "decimal": ("een getal", "a number"),
    "bool": ("true of false", "true or false"),
    "tuple": ("een lijst", "a list"),
    "list": ("een lijst", "a list"),
    "set": ("een lijst", "a list"),
    "dict": ("een blok met sleutels", "a block of keys"),
    "model": ("een blok met sleutels", "a block of keys"),
    "date": ("een datum zoals 2024-12-31", "a date such as 2024-12-31"),
    "datetime": ("een datum en tijd zoals 2024-12-31T12:00:00", "a date and time such as 2024-12-31T12:00:00"),
}
LIMITS: Mapping[str, tuple[str, str, str]] = {
    "greater_than_equal": ("ge", "minstens {}", "at least {}"),
    "greater_than": ("gt", "meer dan {}", "more than {}"),
    "less_than_equal": ("le", "hoogstens {}", "at most {}"),
    "less_than": ("lt", "minder dan {}", "less than {}"),
    "too_short": ("min_length", "minstens {} onderdeel", "at least {} item"),
    "too_long": ("max_length", "hoogstens {} onderdelen", "at most {} items"),
    "string_too_short": ("min_length", "een tekst van minstens {} teken", "a text of at least {} character"),
    "string_too_long": ("max_length", "een tekst van hoogstens {} tekens", "a text of at most {} characters"),
}


def validate(model: type[M], document: Document) -> tuple[M | None, tuple[Problem, ...]]:
    """Check a document against a model; give the model when it fits, else every problem in the order of the file."""
    if not isinstance(document.data, dict):
        nl, en = found(document.data)
        return None, (NOT_A_BLOCK.at(document.places.at(), found=nl, found_en=en),)
    try:
        # As JSON, in which a list may become a tuple under strict typing; keys by the names that a document has.
        return model.model_validate_json(json.dumps(document.data), by_alias=True, by_name=False), ()
    except ValidationError as error:
        details = error.errors(include_url=False)
    located = ((detail, locate(model, detail["loc"], document)) for detail in details)
    return None, in_order(_problem(detail, spot, document) for detail, spot in located if not _follows(detail, spot, document))


def _follows(detail: Any, spot: Spot, document: Document) -> bool:
    """Say whether an error only follows from another: a list that is too short because its items are wrong."""
    return bool(detail["type"] == "too_short" and len(document.items(*spot.path)) >= detail["ctx"]["min_length"])


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Give the problems in the order of the file, each once; of several at one place and of one sort only the first."""
    seen: dict[tuple[str | int | None, ...], Problem] = {}
    for problem in problems:
        seen.setdefault((problem.place.file, problem.place.path, problem.code, problem.place.line), problem)
    return tuple(sorted(seen.values(), key=lambda problem: (problem.place.file or "", problem.place.line or 0, problem.place.column or 0)))


def found(value: Any) -> tuple[str, str]:
    """Say of what type a value is, in Dutch and English, without the value."""
    if value is None:
        return "niets", "nothing"
    if isinstance(value, bool):
        return "true of false", "true or false"
    names = {
        int: ("een geheel getal", "a whole number"),
        float: ("een getal", "a number"),
        str: ("een tekst", "a text"),
        list: ("een lijst", "a list"),
    }
    return names.get(type(value), ("een blok met sleutels", "a block of keys"))


def shown(value: Any) -> tuple[str, str]:
    """Say what was typed when it looks like a word or is a number, else of what type it is."""
    if isinstance(value, str) and WORD.fullmatch(value):
        return f"`{value}`", f"`{value}`"
    return found(value)


def secret(path: tuple[str | int, ...]) -> bool:
    """Say whether nothing of what stands at a path may be shown."""
    return any(isinstance(part, str) and part.casefold() in SECRET_KEYS for part in path)


def _problem(detail: Any, spot: Spot, document: Document) -> Problem:
    """Give the problem of one error; the value is looked up in the document, where it is as the user typed it."""
    kind, context = detail["type"], detail.get("ctx", {})
    value = document.get(*spot.path)
    if (secret(spot.path) and kind not in {"extra_forbidden", "missing"}) or context.get("pattern") == SECRET_PATTERN:
        return SECRET.at(document.places.at(*spot.path))
    if kind == "extra_forbidden":
        return _unknown_key(spot, document)
    if kind == "missing":
        return MISSING_KEY.at(document.places.at(*spot.path), key=spot.path[-1])
    if spot.is_key:
        nl, en = described(context.get("pattern", ""))
        key = shown(str(spot.path[-1]))[0].strip("`")
        return WRONG_KEY.at(document.places.key(*spot.path), key=key, expected=nl, expected_en=en)
    if kind in {"union_tag_not_found", "union_tag_invalid"} and isinstance(value, dict):
        return _kind(spot, document)
    return _value(kind, context, spot, document)


def _unknown_key(spot: Spot, document: Document) -> Problem:
    """Give the problem of a key that the model does not have; keys that are already used are not suggested."""
    key = str(spot.path[-1])
    used = document.mapping(*spot.path[:-1])
    free = [name for name in keys_of(spot.model) if name not in used] if spot.model else []
    nl, en = hints(key, free)
    if spot.model is Text and document.get(*spot.path) is None:
        nl, en = (
            " Staat er een komma in de tekst? Zet de tekst tussen aanhalingstekens.",
            " Is there a comma in the text? Put the text in quotes.",
        )
    return UNKNOWN_KEY.at(document.places.key(*spot.path), key=shown(key)[0].strip("`"), hint=nl, hint_en=en)


def _kind(spot: Spot, document: Document) -> Problem:
    """Give the problem of a union by kind: no `kind` (or what the union calls it), or an unknown one."""
    key = spot.registry.key if spot.registry else "kind"
    path = (*spot.path, key)
    word = document.get(*path)
    if word is None:
        return MISSING_KEY.at(document.places.at(*path), key=key)
    kinds = list(spot.registry.registry.modules) if spot.registry else []
    nl, en = shown(word)
    hint, hint_en = hints(str(word), kinds)
    return CHOICE.at(document.places.at(*path), found=nl, found_en=en, hint=hint, hint_en=hint_en)


def _value(kind: str, context: Mapping[str, Any], spot: Spot, document: Document) -> Problem:
    """Give the problem of a value: of the wrong type, not a choice, not of the right form, or beyond a limit."""
    value, place = document.get(*spot.path), document.places.at(*spot.path)
    nl, en = shown(value)
    if kind in {"literal_error", "enum"}:
        choices = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        hint, hint_en = hints(str(value), choices)
        return CHOICE.at(place, found=nl, found_en=en, hint=hint, hint_en=hint_en)
    if kind == "string_pattern_mismatch":
        expected, expected_en = described(context.get("pattern", ""))
        return FORM.at(place, found=nl, found_en=en, expected=expected, expected_en=expected_en)
    if kind in LIMITS:
        name, limit, limit_en = LIMITS[kind]
        return LIMIT.at(place, expected=limit.format(context.get(name)), expected_en=limit_en.format(context.get(name)))
    wanted = EXPECTED.get(kind.partition("_")[0])
    if wanted and (kind.endswith("_type") or "_parsing" in kind or kind == "int_from_float"):
        return _type(value, wanted, spot, document)
    nl, en = _rule(kind, context.get("error"), spot, document)
    return RULE.at(place, rule=nl, rule_en=en)


def _rule(kind: str, error: object, spot: Spot, document: Document) -> tuple[str, str]:
    """Give the sentence of a validator: its own when it is one of ours, else its text unless that quotes what was typed."""
    if isinstance(error, WrongError):
        return error.nl, error.en
    text = str(error) if isinstance(error, ValueError) else kind
    if any(typed in text for _, typed in document.strings(*spot.path) if len(typed) >= QUOTED):
        text = kind
    return f"Dit voldoet niet aan een regel van deze sleutel: {text}.", f"This breaks a rule of this key: {text}."


def _type(value: Any, wanted: tuple[str, str], spot: Spot, document: Document) -> Problem:
    """Give the problem of a value of the wrong type, with the smallest mend where there is one."""
    nl, en = found(value)
    hint, hint_en = "", ""
    if wanted == EXPECTED["string"] and isinstance(value, int | float):
        hint, hint_en = " Zet er aanhalingstekens om.", " Put it in quotes."
    elif wanted[0] == "een lijst" and isinstance(value, str):
        hint, hint_en = " Zet er [ en ] om.", " Put it between [ and ]."
    elif isinstance(value, str) and wanted != EXPECTED["string"] and not isinstance(value, bool):
        hint, hint_en = (" Haal de aanhalingstekens weg.", " Remove the quotes.") if _number(value) else ("", "")
    return TYPE.at(
        document.places.at(*spot.path), found=nl, found_en=en, expected=wanted[0], expected_en=wanted[1], hint=hint, hint_en=hint_en
    )


def _number(text: str) -> bool:
    return re.fullmatch(r"-?[0-9]+([.][0-9]+)?|true|false", text) is not None
