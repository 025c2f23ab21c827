"""The folders of a home: where everything of a run, a release and a portal stands (one place for every path)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PRIVATE = 0o700


@dataclass(frozen=True, slots=True)
class Home:
    """A home folder; methods give paths and make nothing, `prepare` makes the folders."""

    root: Path

    def prepare(self) -> None:
        """Make the folders, the restricted ones closed to others."""
        for folder in (self.snapshots, self.work, self.keys):
            folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE)
            folder.chmod(PRIVATE)
        for folder in (
            self.locks,
            self.candidates,
            self.runs,
            self.quarantine,
            self.releases,
            self.portals,
            self.archive,
            self.ledger.parent,
        ):
            folder.mkdir(parents=True, exist_ok=True)

    @property
    def version_file(self) -> Path:
        """The version of the home's layout."""
        return self.root / "VERSION"

    @property
    def status(self) -> Path:
        """When each dataset was last checked and last failed; the only file a run without news changes."""
        return self.root / "status.json"

    @property
    def scores(self) -> Path:
        """How the European score of the catalogue went."""
        return self.root / "scores.json"

    @property
    def validated(self) -> Path:
        """What was found in the descriptions of the datasets; can be thrown away at any time."""
        return self.root / "validation.cache"

    @property
    def locks(self) -> Path:
        """One lock file a dataset and a portal."""
        return self.root / "locks"

    @property
    def keys(self) -> Path:
        """The home's signing key and its HMAC secret; 0700."""
        return self.root / "keys"

    @property
    def snapshots(self) -> Path:
        """Restricted; 0700."""
        return self.root / "snapshots"

    @property
    def work(self) -> Path:
        """Restricted; a folder a run, removed at its end and at the next start."""
        return self.root / "work"

    @property
    def candidates(self) -> Path:
        """Staged releases that wait."""
        return self.root / "candidates"

    @property
    def runs(self) -> Path:
        """What each run saw and decided."""
        return self.root / "runs"

    @property
    def quarantine(self) -> Path:
        """Row numbers, columns and rules of rows set aside."""
        return self.root / "quarantine"

    @property
    def releases(self) -> Path:
        """Immutable releases and the pointer `current` of each dataset."""
        return self.root / "releases"

    @property
    def portals(self) -> Path:
        """What each portal was seen to hold."""
        return self.root / "portals"

    @property
    def archive(self) -> Path:
        """Verified copies of releases."""
        return self.root / "archive"

    @property
    def ledger(self) -> Path:
        """The signed, chained record of every decision and publication."""
        return self.root / "ledger" / "publications.jsonl"

    @property
    def site(self) -> Path:
        """A link to the latest generation of the static portal."""
        return self.root / "site"

    def candidate(self, dataset: str, version: str) -> Path:
        """Where a staged release waits."""
        return self.candidates / dataset / version

    def release(self, dataset: str, version: str) -> Path:
        """Where a released version stands."""
        return self.releases / dataset / version

    def current(self, dataset: str) -> Path:
        """The file that names the version we stand for."""
        return self.releases / dataset / "current"

    def run(self, run: str, dataset: str) -> Path:
        """What one run says about one dataset."""
        return self.runs / run / dataset

    def archived(self, dataset: str, version: str) -> Path:
        """The archive copy of a release."""
        return self.archive / dataset / version
