"""Loads a policy: the `privacy:` section alone, for `anonymise` and `attack` on any file; YAML or JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from config.document import Document, Places
from config.errors import ConfigurationError, Message, Problem
from config.models.base import ByKind, Model
from config.models.privacy import Privacy
from config.models.schema import Column
from config.models.source import SourceOptions
from config.registry import SOURCES
from config.rules import run
from config.rules.scope import Scope
from config.validation import validate
from config.yaml import load as load_yaml

if TYPE_CHECKING:
    from pathlib import Path

FILE = "-"
"""Stands for the file of the command line until it is known."""

PATH = Message(
    "policy.path",
    nl="Haal `path` weg: het bestand staat op de opdrachtregel.",
    en="Remove `path`: the file is on the command line.",
)
OTHERS = Message(
    "policy.others",
    nl="`others` staat er twee keer en zegt niet hetzelfde. Laat er één staan.",
    en="`others` stands here twice and does not say the same. Leave one.",
)


class PolicyFile(Model):
    """What a policy file may hold; `others` may stand at the top or in `privacy`."""

    privacy: Privacy
    source: Annotated[SourceOptions, ByKind(SOURCES)] | None = None
    columns: tuple[Column, ...] | None = Field(default=None, alias="schema", min_length=1)
    others: Literal["keep", "drop"] | None = None


@dataclass(frozen=True)
class Policy:
    """A policy.

    Attributes:
        source: how to read the file, without its path (see `source_for`); None: sniff it.
        columns: the columns and their classification; None: all are text, see design §5.
        others: what happens to columns that are not mentioned; None: they are an error.
        base: the folder that paths in the policy start at.
        problems: warnings.
    """

    privacy: Privacy
    source: SourceOptions | None
    columns: tuple[Column, ...] | None
    others: Literal["keep", "drop"] | None
    base: Path
    places: Places = field(default_factory=Places)
    problems: tuple[Problem, ...] = ()

    def source_for(self, file: Path) -> SourceOptions | None:
        """Give the source options for the file of the command line, relative to its own folder."""
        return self.source.model_copy(update={"path": file.name}) if self.source else None


def load_policy(file: Path) -> Policy:
    """Load a policy; ConfigurationError with every error in it."""
    document = load_yaml(file)
    model, shape = validate(PolicyFile, _with_path(document))
    found = run.joined(shape, [*run.policy(Scope(document, file.parent)), *_own(document)])
    if any(problem.severity == "error" for problem in found) or model is None:
        raise ConfigurationError(*found)
    others = model.others or model.privacy.others
    return Policy(model.privacy, model.source, model.columns, others, file.parent, document.places, found)


def _with_path(document: Document) -> Document:
    """Give the document with a path in its source, which a policy leaves out."""
    source = document.mapping("source")
    if not source or "path" in source:
        return document
    return Document({**document.data, "source": {**source, "path": FILE}}, document.places)


def _own(document: Document) -> list[Problem]:
    """Give the problems that only a policy can have."""
    found = []
    if "path" in document.mapping("source"):
        found.append(PATH.at(document.places.key("source", "path")))
    top, inner = document.get("others"), document.get("privacy", "others")
    if None not in {top, inner} and top != inner:
        found.append(OTHERS.at(document.places.at("others")))
    return found
