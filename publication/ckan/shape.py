"""How a portal wants its metadata: in the fields of its scheming schema, and what has no field there as extras."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from publication.ckan.api import UNKNOWN_ACTION, Absent, Refused, Transient

if TYPE_CHECKING:
    from collections.abc import Mapping

    from publication.ckan.api import Api

CORE: Final = frozenset({"title", "name", "notes", "url", "version", "license_id", "owner_org", "tags", "private", "state"})
"""Fields that every CKAN has."""
OWN_CORE: Final = frozenset({"name", "description", "format", "mimetype", "hash", "url"})
LICENCES: Final = {"CC0-1.0": "cc-zero", "CC-BY-4.0": "cc-by", "CC-BY-SA-4.0": "cc-by-sa", "PDM-1.0": "other-pd"}
"""Our licence → CKAN's own name for it; another goes under ours."""
TAG: Final = re.compile(r"[^\w .\-]+")
SHORTEST, LONGEST = 2, 100
"""Characters in a tag."""


@dataclass(frozen=True, slots=True)
class Schema:
    """The fields that a portal's scheming schema has; without scheming there are none.

    Attributes:
        dataset, resource: field → the names of its subfields; empty where it has none.
        lists: the fields that hold a list of texts.
    """

    dataset: Mapping[str, frozenset[str]] = field(default_factory=dict)
    resource: Mapping[str, frozenset[str]] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()


def schema_of(api: Api) -> Schema:
    """Ask a portal for its scheming schema; an empty one where it has none."""
    try:
        told = api.call("scheming_dataset_schema_show", {"type": "dataset"})
    except (Absent, Refused):
        return Schema()
    except Transient as trouble:
        if trouble.what == UNKNOWN_ACTION:
            return Schema()
        raise
    parts = {name: {each["field_name"]: each for each in told.get(f"{name}_fields", ())} for name in ("dataset", "resource")}
    lists = {name for fields in parts.values() for name, each in fields.items() if each.get("preset") == "multiple_text"}
    subfields = {
        part: {name: frozenset(sub["field_name"] for sub in each.get("repeating_subfields", ())) for name, each in fields.items()}
        for part, fields in parts.items()
    }
    return Schema(subfields["dataset"], subfields["resource"], frozenset(lists))


def package(told: Mapping[str, Any], schema: Schema, *, licence: str) -> dict[str, Any]:
    """Give the metadata of a dataset as a portal takes it; keywords become tags, what has no field becomes an extra."""
    found: dict[str, Any] = {"license_id": LICENCES.get(licence, licence)}
    extras: dict[str, str] = {}
    for name, value in told.items():
        if name == "keywords":
            found["tags"] = tags(value)
        elif name in CORE:
            found[name] = value
        elif name in schema.dataset:
            found[name] = _shaped(value, schema.dataset[name], listed=name in schema.lists)
        else:
            extras[name] = _flat(value)
    return {**found, "extras": dict(sorted(extras.items()))}


def resource(told: Mapping[str, Any], schema: Schema) -> dict[str, Any]:
    """Give the metadata of a file as a portal takes it; CKAN takes any field of a file, so nothing is lost."""
    return {
        name: value if name in OWN_CORE else _shaped(value, schema.resource.get(name, frozenset()), listed=name in schema.lists)
        for name, value in told.items()
    }


def _shaped(value: Any, subfields: frozenset[str], *, listed: bool) -> Any:
    if subfields and isinstance(value, list):
        return [{name: text for name, text in each.items() if name in subfields} for each in value if isinstance(each, dict)]
    return value if listed or isinstance(value, str) else _flat(value)


def _flat(value: Any) -> str:
    """Give a value as the one text that an extra can hold: a list as JSON, which ckanext-dcat reads."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def tags(words: list[str]) -> list[dict[str, str]]:
    """Give keywords as tags: CKAN allows letters, digits, spaces, hyphens, underscores and dots, two to a hundred."""
    names = sorted({TAG.sub(" ", word).strip()[:LONGEST] for word in words})
    return [{"name": name} for name in names if len(name) >= SHORTEST]


def resource_id(base_uri: str, dataset: str, version: str, file: str) -> str:
    """Give the id of a file of a version: always the same, so that sending it twice makes one."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{base_uri}/download/{dataset}/{version}/{file}"))


def same(name: str, seen: Any, wanted: Any) -> bool:
    """Say whether what a portal shows of a field is what was sent: it adds empty subfields and reads dates and numbers its own way."""
    if name == "extras":
        shown = {each["key"]: each["value"] for each in seen or ()}
        return all(shown.get(key) == value for key, value in wanted.items())
    if name == "format":  # CKAN has its own way of writing the formats that it knows
        return str(seen or "").casefold() == str(wanted).casefold()
    return bool(_plain(seen) == _plain(wanted))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items() if each not in (None, "", []) and name not in _TAG_NOISE}
    if isinstance(value, list):
        plain = [_plain(each) for each in value]
        return sorted(plain, key=lambda each: json.dumps(each, sort_keys=True, default=str))
    if value is None:
        return ""
    text = str(value).strip()
    return text.replace("\r\n", "\n")


_TAG_NOISE: Final = frozenset({"display_name", "id", "state", "vocabulary_id"})
