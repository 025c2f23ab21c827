"""What every portal shares: it is told what should be public, plans the change as data, applies it, and reads it back as a visitor."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from catalogue.model import DatasetDescription, PublisherDescription, Tombstone
    from publication.release import Release


@dataclass(frozen=True, slots=True)
class PortalEntry:
    """One dataset as it should be on a portal.

    Attributes:
        releases: what can be downloaded, newest first; the first is the current one.
        tombstone: set when the dataset, or its current version, was withdrawn; `withdrawn` holds tombstones of earlier versions.
    """

    description: DatasetDescription
    releases: tuple[Release, ...] = ()
    tombstone: Tombstone | None = None
    withdrawn: tuple[Tombstone, ...] = ()
    described: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Everything that should be public on one portal, in order of dataset id."""

    publisher: PublisherDescription
    entries: tuple[PortalEntry, ...]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that a portal would change.

    Attributes:
        before, after: in one line, shortened.
        kept: somebody changed it at the portal, and it stays so.
    """

    field: str
    before: str
    after: str
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What a portal would do with one dataset.

    Attributes:
        before, after: the versions; None where there is none.
        files: the files that come (`+name`), stay (`=name`) or go (`-name`).
        fields: what changes in the description, where the portal knows.
    """

    dataset: str
    change: Literal["add", "update", "describe", "remove", "unchanged"]
    before: str | None
    after: str | None
    files: tuple[str, ...] = ()
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a portal would do; made by `plan`, handed to `apply` and `verify` of the same portal.

    Attributes:
        changes: a change a dataset, in order of id.
        wanted: what it was made from.
        generation: the portal's own name for the state to come.
    """

    changes: tuple[Change, ...]
    wanted: Wanted
    generation: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing would change."""
        return all(change.change == "unchanged" for change in self.changes)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a portal was seen to hold of one dataset, read back as a visitor.

    Attributes:
        version: the version that the dataset's page stands for, None when it is gone or withdrawn.
        digests: SHA-256 by file name, as downloaded.
        location: where a visitor finds it.
    """

    version: str | None
    digests: Mapping[str, str]
    location: str


class Portal(Protocol):
    """A place where releases become public.

    Every method can be repeated after a crash. Implementations raise `PortalError` where the portal cannot be reached or does not hold
    what was sent.

    Attributes:
        kind: as in `municipality.yaml`.
        accepts_demo_keys: whether approvals by throw-away keys count here.
    """

    kind: ClassVar[str]
    accepts_demo_keys: ClassVar[bool]

    def plan(self, wanted: Wanted) -> Plan:
        """Compare what should be public with what is; writes nothing."""
        ...

    def apply(self, plan: Plan) -> None:
        """Make it so: staged beside the old, then switched as one."""
        ...

    def withdraw(self, plan: Plan, dataset: str) -> None:
        """Take what was withdrawn of one dataset off now, with everything the portal keeps beside it (tables, old files, search).

        Raises:
            PortalError: a visitor can still see it.
        """
        ...

    def verify(self, plan: Plan) -> dict[str, Seen]:
        """Read back as a visitor; a dataset that does not hold what was planned is left out of the answer."""
        ...


@dataclass(frozen=True, slots=True)
class PortalPlace:
    """Where a portal may keep its own things in the home.

    Attributes:
        name: as in `municipality.yaml`.
        folder: `portals/<name>/`.
        link: `site`, the link that a static portal switches.
        secrets: the values of ``${NAME}``.
    """

    name: str
    folder: Path
    link: Path
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
