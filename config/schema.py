"""Makes the JSON Schemas that editors use: completion and red lines while a steward types.

They are made from the models and the registered kinds, with the words of the value lists filled in. What only a rule can see (does the
column exist?) is for `vrijgave validate`. `python -P -m config.schema` writes them to `config/schema/`; a test holds them in step.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config import lists
from config.models.dataset import Dataset
from config.models.municipality import Municipality
from config.policy import PolicyFile
from config.registry import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pydantic import BaseModel

FOLDER = Path(__file__).parent / "schema"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
MODELS: Mapping[str, type[BaseModel]] = {"dataset": Dataset, "municipality": Municipality, "policy": PolicyFile}
WORDS: Mapping[tuple[str, str], Callable[[], Iterable[str]]] = {
    ("Column", "ground"): lists.woo_grounds,
    ("Description", "theme"): lists.themes,
    ("Description", "frequency"): lists.frequencies,
    ("Description", "licence"): lists.licences,
    ("Description", "language"): lists.languages,
    ("Description", "access_rights"): lists.access_rights,
    ("Expectation", "type"): lists.expectations,
    ("Municipality", "licence"): lists.licences,
    ("Publication", "distributions"): lambda: FORMATS.modules,
}
"""(model, key) → the words that may stand there."""


def schemas() -> dict[str, dict[str, Any]]:
    """Give the schemas by name: `dataset`, `municipality`, `policy`."""
    return {name: _schema(model) for name, model in MODELS.items()}


def write_schemas(folder: Path = FOLDER) -> list[Path]:
    """Write `<name>.schema.json` for every schema, only what changed, and give the paths; the same models give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in schemas().items():
        file = folder / f"{name}.schema.json"
        text = as_text(schema)
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
        written.append(file)
    return written


def as_text(schema: dict[str, Any]) -> str:
    """Give a schema as the text of its file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    """Give the schema of a model."""
    made = model.model_json_schema(by_alias=True)
    parts = {model.__name__: made, **made.get("$defs", {})}
    for name, part in parts.items():
        for key, schema in part.get("properties", {}).items():
            if (name, key) in WORDS:
                _fill_in(schema, sorted(WORDS[name, key]()))
    if model is PolicyFile:
        _without_path(parts)
    return {"$schema": DIALECT, **made}


def _fill_in(schema: dict[str, Any], words: list[str]) -> None:
    """Put the words of a list in the schema of a text, of texts, or of either or nothing."""
    for option in [schema, *schema.get("anyOf", [])]:
        if option.get("type") == "array":
            _fill_in(option["items"], words)
        elif option.get("type") == "string":
            option.pop("pattern", None)
            option["enum"] = words


def _without_path(parts: Mapping[str, dict[str, Any]]) -> None:
    """Take `path` out of the sources of a policy: there it is the file of the command line."""
    for name, part in parts.items():
        if "readers" in name and "path" in part.get("properties", {}):
            del part["properties"]["path"]
            part["required"] = [key for key in part["required"] if key != "path"]


if __name__ == "__main__":
    write_schemas()
