"""What can go wrong, as data: a message has a code, a Dutch and an English sentence, and a place.

The exception tree (every one carries `problems`, sentences that say what to do, and an exit code)::

    VrijgaveError                 6
    ├── ConfigurationError        2   a declaration, policy or command line is wrong
    ├── SourceError               3   a source cannot be reached or read
    │   └── SchemaChanged         1   the source no longer has the columns that were declared
    ├── PortalError               3   a portal cannot be reached, or does not hold what was sent
    ├── RefusedError              1   the data itself may not pass (not a gate: a gate gives an outcome)
    ├── IntegrityError            5   a digest, signature or chain does not hold
    └── LockedError               7   another run has the dataset

No message ever holds a cell value: fields are names, counts, positions and codes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Literal

Language = Literal["nl", "en"]
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file something stands; line and column are 1-based.

    Attributes:
        file: the path as the user would type it, or None when there is no file.
        path: the path in the document, such as ``schema.2.type``.
    """

    file: str | None = None
    line: int | None = None
    column: int | None = None
    path: str = ""

    def __str__(self) -> str:
        """Give ``file:line:column path``, leaving out what is unknown."""
        position = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return " ".join(part for part in (position, self.path) if part)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, or that deserves attention, in both languages."""

    code: str
    nl: str
    en: str
    place: Place = field(default_factory=Place)
    severity: Severity = "error"

    def text(self, language: Language = "nl") -> str:
        """Give the place and the sentence on one line (a patch may follow on more lines)."""
        sentence = self.nl if language == "nl" else self.en
        place = str(self.place)
        return f"{place}: {sentence}" if place else sentence

    def as_json(self) -> dict[str, str | int | None]:
        """Give the form that results and outcomes carry: code, nl, en, path, line."""
        return {
            "code": self.code,
            "nl": self.nl,
            "en": self.en,
            "path": " ".join(part for part in (self.place.file or "", self.place.path) if part) or None,
            "line": self.place.line,
        }


class Message:
    """A sentence with blanks, declared once at module level and listed in `Message.registry`.

    ``{name}`` blanks are filled by `at`; the registry is what documentation is made from.
    """

    registry: ClassVar[dict[str, Message]] = {}

    def __init__(self, code: str, *, nl: str, en: str, severity: Severity = "error") -> None:
        if code in self.registry:
            raise ValueError(f"two messages have the code {code}")
        self.code = code
        self.nl = nl
        self.en = en
        self.severity: Severity = severity
        self.registry[code] = self

    def at(self, place: Place | None = None, /, **fields: str | float) -> Problem:
        """Fill the blanks; fields must never hold a cell value."""
        return Problem(self.code, self.nl.format(**fields), self.en.format(**fields), place or Place(), self.severity)


class VrijgaveError(Exception):
    """The root: something went wrong that a person can read about in `problems`."""

    exit_code: ClassVar[int] = 6
    transient: ClassVar[bool] = False
    """Whether the same step may succeed a moment later without anybody mending anything."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.text("en") for problem in problems))
        self.problems = problems


class ConfigurationError(VrijgaveError):
    """A declaration, policy or command line is wrong."""

    exit_code = 2


class SourceError(VrijgaveError):
    """A source cannot be reached or read."""

    exit_code = 3


class UnreachableError(SourceError):
    """A source is not there now: the share may be away for a moment, so trying again may help."""

    transient = True


class SchemaChanged(SourceError):  # noqa: N818 - the name says what happened, as in the outcome
    """The source no longer has the columns that were declared (the frozen schema contract)."""

    exit_code = 1


class PortalError(VrijgaveError):
    """A portal cannot be reached, or does not hold what was sent to it."""

    exit_code = 3
    transient = True


class RefusedError(VrijgaveError):
    """The data may not pass: an unmet model, an unsafe cell in a distribution."""

    exit_code = 1


class IntegrityError(VrijgaveError):
    """A digest, a signature or the chain of the ledger does not hold."""

    exit_code = 5


class LockedError(VrijgaveError):
    """Another run has this dataset or portal."""

    exit_code = 7
