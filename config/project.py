"""Loads a configuration folder: `municipality.yaml` and every `datasets/<id>.yaml`, all errors at once, each dataset on its own."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.document import Document, Places
from config.errors import ConfigurationError, Message, Place, Problem
from config.models.dataset import Dataset
from config.models.municipality import Municipality
from config.not_yet import second_table
from config.rules import run
from config.rules.scope import TABLES, Scope
from config.secrets import Secrets
from config.validation import validate
from config.yaml import load as load_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MUNICIPALITY = "municipality.yaml"
SOURCE_PARTS = ("kind", "path", "dsn", "url", "table", "query", "layer", "sheet")
"""The options that say which table a source is."""

NO_MUNICIPALITY = Message(
    "config.no-municipality",
    nl="Hier staat geen municipality.yaml. Wijs de map met de configuratie aan met --config.",
    en="There is no municipality.yaml here. Point at the folder with the configuration with --config.",
)
NO_DATASETS = Message(
    "config.no-datasets",
    nl="Er is nog geen dataset. Maak er een in datasets/<id>.yaml.",
    en="There is no dataset yet. Make one in datasets/<id>.yaml.",
    severity="warning",
)
ENDING = Message(
    "config.ending",
    nl="Dit bestand wordt niet gelezen. Geef het de naam <id>.yaml, of haal het uit datasets/.",
    en="This file is not read. Name it <id>.yaml, or take it out of datasets/.",
)


@dataclass(frozen=True)
class Declared:
    """One `datasets/<id>.yaml`.

    Attributes:
        id: the name of the file.
        dataset: the declaration, or None when there is an error in it.
        problems: errors and warnings, in the order of the file.
        places: where each part of the file stands.
    """

    id: str
    file: Path
    dataset: Dataset | None
    problems: tuple[Problem, ...] = ()
    places: Places = field(default_factory=Places)


@dataclass(frozen=True)
class Project:
    """A configuration folder.

    Attributes:
        municipality: who publishes, or None when there is an error in `municipality.yaml`.
        datasets: every declaration by id, sorted.
        problems: what is wrong outside the datasets.
        places: where each part of `municipality.yaml` stands.
        secrets: values of ``${NAME}``.
    """

    folder: Path
    municipality: Municipality | None
    datasets: dict[str, Declared]
    problems: tuple[Problem, ...]
    places: Places = field(default_factory=Places)
    secrets: Secrets = field(default_factory=lambda: Secrets({}))

    def all_problems(self) -> tuple[Problem, ...]:
        """Give every problem: of the municipality first, then of the datasets in order."""
        return (*self.problems, *(problem for declared in self.datasets.values() for problem in declared.problems))


@dataclass
class _Draft:
    """A declaration while it is being checked."""

    file: Path
    document: Document | None
    dataset: Dataset | None
    problems: tuple[Problem, ...]


def load(folder: Path, *, env: Mapping[str, str]) -> Project:
    """Load a configuration folder; never raises for what stands in it: see the problems."""
    secrets = Secrets(env, folder)
    document, municipality, problems = _municipality(folder, secrets)
    drafts = [_declaration(file, folder, document, secrets) for file in sorted((folder / "datasets").glob("*.yaml"))]
    _one_table_a_source(drafts)
    datasets = {
        draft.file.stem: Declared(
            draft.file.stem,
            draft.file,
            None if _errors(draft.problems) else draft.dataset,
            draft.problems,
            draft.document.places if draft.document else Places(_shown(draft.file)),
        )
        for draft in drafts
    }
    return Project(
        folder,
        None if _errors(problems) else municipality,
        datasets,
        (*problems, *_folder(folder, bool(drafts)), *secrets.exposed()),
        document.places if document else Places(_shown(folder / MUNICIPALITY)),
        secrets,
    )


def _municipality(folder: Path, secrets: Secrets) -> tuple[Document | None, Municipality | None, tuple[Problem, ...]]:
    """Load `municipality.yaml`."""
    file = folder / MUNICIPALITY
    if not file.exists():
        return None, None, (NO_MUNICIPALITY.at(Place(_shown(file))),)
    document, problems = _read(file)
    if document is None:
        return None, None, problems
    municipality, shape = validate(Municipality, document)
    rules = [*run.whole_municipality(document), *run.unset(document, [("portals",)], secrets)]
    return document, municipality, run.joined(shape, rules)


def _declaration(file: Path, folder: Path, municipality: Document | None, secrets: Secrets) -> _Draft:
    """Load one declaration."""
    document, problems = _read(file)
    if document is None:
        return _Draft(file, None, None, problems)
    dataset, shape = validate(Dataset, document)
    scope = Scope(document, file.parent, folder, municipality)
    rules = [*run.dataset(scope), *run.unset(document, [("source",), ("privacy", "rules"), ("privacy", "columns")], secrets)]
    return _Draft(file, document, dataset, run.joined(shape, rules))


def _read(file: Path) -> tuple[Document | None, tuple[Problem, ...]]:
    try:
        return load_yaml(file, name=_shown(file)), ()
    except ConfigurationError as error:
        return None, error.problems


def _folder(folder: Path, found: bool) -> Iterator[Problem]:  # noqa: FBT001 - private, one caller
    """Yield files in `datasets/` that look like a declaration and are not read, and the warning that there is none."""
    endings = (".yml", ".json", ".YAML", ".YML")
    stray = sorted(file for file in (folder / "datasets").glob("*") if file.suffix in endings)
    for file in stray:
        yield ENDING.at(Place(_shown(file)))
    if not found and not stray:
        yield NO_DATASETS.at(Place(_shown(folder / "datasets")))


def _one_table_a_source(drafts: Iterable[_Draft]) -> None:
    """Refuse a second table of counts or sums out of one source."""
    first: dict[tuple[Any, ...], str] = {}
    for draft in drafts:
        if draft.document is None or draft.document.text("privacy", "kind") not in TABLES:
            continue
        source = draft.document.mapping("source")
        path = source.get("path")
        where = str((draft.file.parent / path).resolve()) if isinstance(path, str) else None
        identity = (where, *(str(source.get(part)) for part in SOURCE_PARTS if part != "path"))
        if identity in first:
            draft.problems = run.joined(draft.problems, [second_table(draft.document, first[identity])])
        first.setdefault(identity, draft.file.stem)


def _errors(problems: Iterable[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _shown(file: Path) -> str:
    """Give a path as the user would type it: from the working directory when it is inside."""
    absolute = Path(os.path.abspath(file))  # noqa: PTH100 - resolve() would follow links, of which the user knows nothing
    return str(absolute.relative_to(Path.cwd())) if absolute.is_relative_to(Path.cwd()) else str(file)
