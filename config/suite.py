"""Loads a suite of expectations: our own `quality:` in YAML or JSON, or a suite that Great Expectations itself wrote as JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from config import lists
from config.document import Document, Places
from config.errors import ConfigurationError, Message
from config.models.base import Model
from config.models.quality import Expectation, Quality
from config.rules import quality as rules
from config.rules.scope import Scope
from config.validation import in_order, validate
from config.yaml import load as load_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from config.document import DocumentPath
    from config.errors import Problem

GX_NAMES = frozenset({"name", "expectation_suite_name"})
GX_UNUSED = frozenset({"id", "ge_cloud_id", "notes", "description", "rendered_content", "expectation_context", "meta"})
"""What Great Expectations writes beside a check and what does not change the check."""
GX_TOP = GX_UNUSED | GX_NAMES | {"data_asset_type", "evaluation_parameters", "suite_parameters"}
"""The same beside the list of checks."""

PARAMETER = Message(
    "suite.parameter",
    nl="nog niet beschikbaar: {path} ($PARAMETER). Vul de waarde zelf in.",
    en="not available yet: {path} ($PARAMETER). Fill in the value yourself.",
)
WINDOWS = Message(
    "suite.windows",
    nl="nog niet beschikbaar: {path}. Haal het weg.",
    en="not available yet: {path}. Remove it.",
)


class SuiteFile(Model):
    """Our own suite file: the section `quality:` of a declaration."""

    quality: Quality


def load_suite(file: Path) -> tuple[Expectation, ...]:
    """Load the expectations of a suite; ConfigurationError with every error in it."""
    return load_quality(file).expectations


def load_quality(file: Path) -> Quality:
    """Load a suite with its ceiling for quarantine; ConfigurationError with every error in it."""
    document = load_yaml(file)
    wrapped = isinstance(document.data, dict) and "quality" in document.data
    inside = document if wrapped else _wrap(document)
    cleaned = _cleaned(inside)
    suite, shape = validate(SuiteFile, cleaned)
    # Without columns the rules judge names and consequences only.
    found = [*shape, *_later(inside), *rules.expectations(Scope(cleaned, file.parent))]
    if suite is None or found:
        raise ConfigurationError(*in_order(found if wrapped else map(_unwrap, found)))
    return suite.quality


def _wrap(document: Document) -> Document:
    """Give the document as if it stood under `quality:`."""
    values = {("quality", *path): mark for path, mark in document.places.values.items()}
    keys = {("quality", *path): mark for path, mark in document.places.keys.items()}
    return Document({"quality": document.data}, Places(document.places.file, values, keys))


def _unwrap(problem: Problem) -> Problem:
    """Give a problem of a document that was wrapped with the path that it has in the file."""
    return replace(problem, place=replace(problem.place, path=problem.place.path.removeprefix("quality").removeprefix(".")))


def _cleaned(document: Document) -> Document:
    """Give the document in our own words: what Great Expectations adds is left out, a missing dimension is that of the check."""
    quality = document.get("quality")
    if not isinstance(quality, dict):
        return document
    unused = GX_TOP if GX_NAMES & set(quality) else frozenset()
    ours = {key: value for key, value in quality.items() if key not in unused}
    if isinstance(ours.get("expectations"), list):
        ours["expectations"] = [_expectation(item) if isinstance(item, dict) else item for item in ours["expectations"]]
    return Document({**document.data, "quality": ours}, document.places)


def _expectation(item: dict[str, Any]) -> dict[str, Any]:
    """Give one check in our own words."""
    ours = {key: value for key, value in item.items() if key not in GX_UNUSED and not (key == "windows" and value is None)}
    if "expectation_type" in ours and "type" not in ours:
        ours["type"] = ours.pop("expectation_type")
    if "dimension" not in ours:
        meta = item.get("meta")
        known = lists.expectations().get(str(ours.get("type")))
        wanted = meta.get("dimension") if isinstance(meta, dict) else None
        ours["dimension"] = wanted or (known.dimension if known else "validity")
    return ours


def _later(document: Document) -> Iterator[Problem]:
    """Yield the problems of values that Great Expectations would fill in later."""
    for index, item in enumerate(document.items("quality", "expectations")):
        path: DocumentPath = ("quality", "expectations", index)
        if isinstance(item, dict) and item.get("windows") is not None:
            yield WINDOWS.at(document.places.key(*path, "windows"), path=f"expectations.{index}.windows")
        for inner, _ in document.strings(*path, "kwargs"):
            if inner[-1] == "$PARAMETER":
                yield PARAMETER.at(document.places.key(*inner), path=".".join(str(part) for part in inner[1:-1]))
