"""Puts what the docstrings of the models say into their JSON Schema, so that an editor shows it beside each key."""

from __future__ import annotations

import re
from typing import Any

ATTRIBUTES = "\n\nAttributes:\n"


def explain(schema: dict[str, Any], model: type[Any]) -> None:
    """Give a block the first part of its docstring, and each key its line under *Attributes*, also that of a base class."""
    schema.pop("title", None)
    said: dict[str, str] = {}
    for base in reversed(model.__mro__):
        text = re.sub(r"^    ", "", base.__doc__ or "", flags=re.MULTILINE)
        said |= dict(re.findall(r"^    (\w+): (.*(?:\n {6,}.*)*)", text.partition(ATTRIBUTES)[2], re.MULTILINE))
    schema["description"] = _one_line((model.__doc__ or "").partition("\n\n")[0])
    for key, field in model.model_fields.items():
        part = schema.get("properties", {}).get(field.alias or key)
        if part is None:
            continue
        part.pop("title", None)
        if key in said:
            part.setdefault("description", _one_line(said[key]))


def _one_line(text: str) -> str:
    return " ".join(text.replace("``", "`").split())
