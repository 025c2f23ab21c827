"""A home with releases of one small file, people with keys, and the ledger."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from catalogue.model import DistributionFacts
from config.models.municipality import Municipality
from distributions.sums import NAME as SUMS
from distributions.sums import write_sums
from engine.hashing import sha256
from publication.approvals import decide
from publication.home import Home
from publication.keys import make_key, public_text, read_private
from publication.ledger import Ledger
from publication.release import MANIFEST, Manifest, Release, opened, release_digest

if TYPE_CHECKING:
    from pathlib import Path

    from publication.approvals import Decision
    from publication.ledger import Entry

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PEOPLE = {"p1": ["data-owner"], "p2": ["privacy-officer"], "p3": ["beheer"], "p4": ["data-owner", "privacy-officer"]}


@dataclass
class Office:
    """A home and the people who decide."""

    home: Home
    ledger: Ledger
    municipality: Municipality
    keys: Path
    now: datetime = NOW
    made: int = field(default=0)

    def candidate(
        self, version: str = "2026-11-23.1", *, dataset: str = "bomen", content: bytes = b"a,b\r\n1,2\r\n", **facts: Any
    ) -> Release:
        """Stage a release as the pipeline does."""
        folder = self.home.candidate(dataset, version)
        folder.mkdir(parents=True)
        file = folder / f"{dataset}.csv"
        file.write_bytes(content)
        sums = write_sums(folder)
        told: dict[str, Any] = {
            "dataset": dataset, "version": version, "release_digest": release_digest((folder / SUMS).read_bytes(), "0" * 64),
            "sums_sha256": sums, "configuration_digest": "0" * 64, "source_hmac": "1" * 64, "as_of": "2026", "staged": self.now.isoformat(),
            "rows": 1, "personal": False, "columns": (), "portals": ("site",),
            "distributions": (DistributionFacts(file.name, "csv", "CSV", "text/csv", len(content), sha256(file), 1),),
        }  # fmt: skip
        manifest = Manifest(**(told | facts)).sealed(self.ledger.sign)
        (folder / MANIFEST).write_bytes(manifest.dump())
        return opened(self.home, folder)

    def decide(self, kind: Decision, release: Release | str, person: str, *, key: Path | None = None, reason: str | None = "x") -> Entry:
        """Decide as a person."""
        name = release if isinstance(release, str) else release.manifest.name
        return decide(
            self.home, self.ledger, self.municipality, kind, name, person=person, key=key or self.key(person), reason=reason, now=self.now
        )

    def key(self, person: str) -> Path:
        """Give the key file of a person."""
        return self.keys / f"{person}.pem"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    keys = tmp_path / "people"
    keys.mkdir()
    for person in PEOPLE:
        make_key(keys / f"{person}.pem")
    people = [
        {"id": person, "roles": roles, "key": public_text(read_private(keys / f"{person}.pem").public_key())}
        for person, roles in PEOPLE.items()
    ]
    told = {
        "name": {"nl": "Proef"},
        "publisher": {"uri": "https://identifier.overheid.nl/tooi/id/gemeente/gm0000", "name": {"nl": "Gemeente Proef"}},
        "example": True,
        "base_uri": "https://data.proef.example",
        "contact": {"name": {"nl": "Team"}, "email": "data@proef.example"},
        "licence": "CC0-1.0",
        "roles": ["beheer", "data-owner", "privacy-officer"],
        "people": people,
        "portals": {"site": {"kind": "site"}},
    }
    home = Home(tmp_path / "home")
    home.prepare()
    return Office(home, Ledger.of(home), Municipality.model_validate_json(json.dumps(told)), keys)
