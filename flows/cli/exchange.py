"""What `vrijgave catalogue export` gives to others, and what `import` takes from them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from config.errors import ConfigurationError, Message, Place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from catalogue.beside.proposal import Proposal
    from flows.cli.common import Terminal
    from publication.release import Release

NO_RELEASE = Message(
    "catalogue.no-release",
    nl="van {dataset} is nog niets uitgegeven; voer eerst uit: vrijgave run {dataset}",
    en="nothing of {dataset} was released yet; run first: vrijgave run {dataset}",
)
NOT_DECLARED = Message(
    "catalogue.not-valid",
    nl="de declaratie van {dataset} klopt niet; typ: vrijgave validate {dataset}",
    en="the declaration of {dataset} is not right; type: vrijgave validate {dataset}",
)
NOT_KNOWN = Message(
    "catalogue.import-form",
    nl="dit is geen Open Data Contract (kind: DataContract) en geen Amsterdam Schema (type: dataset of table)",
    en="this is neither an Open Data Contract (kind: DataContract) nor an Amsterdam Schema (type: dataset or table)",
)
UNREADABLE = Message(
    "catalogue.import-file",
    nl="dit bestand is geen YAML of JSON dat te lezen is; geef een contract (.yaml) of een schema (.json)",
    en="this file is no YAML or JSON that can be read; give a contract (.yaml) or a schema (.json)",
)
LARGEST = 20_000_000
"""Bytes of a contract or schema."""


def odcs(terminal: Terminal, name: str) -> str:
    """Give the contract of a dataset, as YAML."""
    from catalogue.beside.odcs import export

    project = terminal.project()
    declared = project.datasets[name].dataset
    if declared is None or project.municipality is None:
        raise ConfigurationError(NOT_DECLARED.at(dataset=name))
    release = _current(terminal, name)
    told = export(declared, project.municipality, version=release.manifest.version if release else None)
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=140)


def dcat(terminal: Terminal, name: str) -> str:
    """Give what the catalogue says of a dataset, as Turtle."""
    import tempfile
    from pathlib import Path

    from catalogue.fragments import whole
    from flows import pipeline, portals

    with pipeline.opened(terminal.project(), terminal.home) as ctx, tempfile.TemporaryDirectory() as room:
        publisher, entries = portals.catalogue_entries(ctx)
        wanted = [entry for entry in entries if entry.description.id == name]
        if not any(entry.releases or entry.tombstones for entry in wanted):
            raise ConfigurationError(NO_RELEASE.at(dataset=name))
        whole(publisher, wanted).parts(Path(room))
        return (Path(room) / "dataset" / name / "index.ttl").read_text(encoding="utf-8")


def datapackage(terminal: Terminal, name: str) -> str:
    """Give the Frictionless data package of the current release."""
    return _file(terminal, name, "datapackage.json")


def csvw(terminal: Terminal, name: str) -> str:
    """Give the CSVW description of the current release."""
    return _file(terminal, name, f"{name}.csv-metadata.json")


FORMS: dict[str, Callable[[Terminal, str], str]] = {"odcs": odcs, "dcat": dcat, "datapackage": datapackage, "csvw": csvw}


def _file(terminal: Terminal, name: str, file: str) -> str:
    release = _current(terminal, name)
    path = next((path for path in release.files if path.name == file), None) if release else None
    if path is None:
        raise ConfigurationError(NO_RELEASE.at(dataset=name))
    return path.read_text(encoding="utf-8")


def _current(terminal: Terminal, name: str) -> Release | None:
    """Give the release that we stand for, verified, None where there is none."""
    from publication.commit import current
    from publication.home import Home

    return current(Home(terminal.home), name)


def proposal(file: Path) -> Proposal:
    """Start a declaration from somebody's contract or schema.

    Raises:
        ConfigurationError: the file cannot be read, or is neither.
    """
    from catalogue.beside import amsterdam
    from catalogue.beside import odcs as contracts

    place = Place(str(file))
    try:
        if file.stat().st_size > LARGEST:
            raise ConfigurationError(UNREADABLE.at(place))
        text = file.read_text(encoding="utf-8-sig")
        document: Any = json.loads(text) if text.lstrip().startswith("{") else yaml.safe_load(text)
    except (OSError, ValueError, yaml.YAMLError, RecursionError):
        raise ConfigurationError(UNREADABLE.at(place)) from None
    if isinstance(document, dict) and document.get("kind") == "DataContract":
        return contracts.read(document)
    if isinstance(document, dict) and amsterdam.is_schema(document):
        return amsterdam.read(document)
    raise ConfigurationError(NOT_KNOWN.at(place))
