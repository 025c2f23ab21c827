"""A release: one immutable version of a dataset, in a folder whose manifest and checksums verify."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from catalogue.model import ColumnFacts, DistributionFacts, MadeFacts, ReleaseFacts
from config.digest import canonical
from config.errors import ConfigurationError, IntegrityError, Message
from config.models.base import Text
from distributions.sums import verify_sums
from engine.files import fsync_file, fsync_folder
from publication.keys import home_key, verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from publication.home import Home

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
SCHEMA = "manifest/1"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NAME = re.compile(r"(?P<dataset>[a-z][a-z0-9-]*)@(?P<version>\d{4}-\d{2}-\d{2}\.[1-9]\d*)")

BAD_NAME = Message(
    "release.name",
    nl="een uitgave schrijft u als ID@VERSIE, bijvoorbeeld bomen@2026-11-23.1",
    en="write a release as ID@VERSION, such as bomen@2026-11-23.1",
)
BROKEN = Message(
    "release.broken",
    nl="de uitgave {release} klopt niet meer: {what}. Zet de map terug uit archive/; er wordt niets mee gepubliceerd.",
    en="the release {release} no longer verifies: {what}. Restore the folder from archive/; nothing is published from it.",
)


def parse_release(text: str) -> tuple[str, str]:
    """Give dataset and version of ``ID@VERSION``; ConfigurationError when it is not one."""
    match = NAME.fullmatch(text)
    if match is None:
        raise ConfigurationError(BAD_NAME.at())
    return match["dataset"], match["version"]


def order(version: str) -> tuple[str, int]:
    """Give what versions sort by: the date, then the number."""
    day, _, number = version.partition(".")
    return day, int(number)


@dataclass(frozen=True, slots=True)
class Manifest:
    """`manifest.json`: what the release is, how it came about, what it was approved by; outside `SHA256SUMS`, and holds its digest.

    Attributes:
        release_digest: SHA-256 over the bytes of `SHA256SUMS` and the configuration digest: what approvals sign.
        source_hmac: HMAC-SHA-256 of the fingerprint with the home's secret (the bare digest of raw input is not public).
        staged: the instant of the run that staged it.
        replaces: whether earlier versions are withdrawn when this one is published.
        forced: SHA-256 of the reason, in `ledger/reasons/`, why unchanged data were released again; empty otherwise.
        warnings: how many expectations of severity warning failed; one signature is needed then.
        notes: what changed since the version before, by language.
        made: how it came about: run, program, kind of source.
        quality, privacy: the public reports.
        ledger_head: the digest of the ledger's last entry at the intent; None in a candidate.
        approvals: person ids and roles whose signatures stand, empty in a candidate.
        seal: the home's signature over all of the above. Approvals sign the release digest, which says nothing of `personal` and
            `warnings`: without the seal an edited manifest could ask for fewer signatures than its data need.
    """

    dataset: str
    version: str
    release_digest: str
    sums_sha256: str
    configuration_digest: str
    source_hmac: str
    as_of: str
    staged: str
    rows: int
    personal: bool
    columns: tuple[ColumnFacts, ...]
    distributions: tuple[DistributionFacts, ...]
    portals: tuple[str, ...]
    temporal: tuple[str, str] | None = None
    bbox: tuple[float, float, float, float] | None = None
    warnings: int = 0
    forced: str = ""
    replaces: bool = False
    notes: dict[str, str] | None = None
    made: MadeFacts | None = None
    quality: dict[str, Any] = field(default_factory=dict)
    privacy: dict[str, Any] = field(default_factory=dict)
    ledger_head: str | None = None
    approvals: tuple[dict[str, str], ...] = ()
    seal: str = ""

    @property
    def name(self) -> str:
        """The release as ``ID@VERSION``."""
        return f"{self.dataset}@{self.version}"

    def as_json(self) -> dict[str, Any]:
        """Give the form of `manifest.json`."""
        facts = asdict(self)
        facts["columns"] = [column.as_json() for column in self.columns]
        facts["distributions"] = [distribution.as_json() for distribution in self.distributions]
        return {"schema": SCHEMA, **facts}

    def dump(self) -> bytes:
        """Give the bytes of `manifest.json`."""
        return (json.dumps(self.as_json(), ensure_ascii=False, indent=1, sort_keys=False) + "\n").encode()

    def payload(self) -> bytes:
        """Give the bytes that are sealed: canonical JSON of everything but the seal."""
        return canonical({name: value for name, value in self.as_json().items() if name != "seal"})

    def sealed(self, sign: Callable[[bytes], str]) -> Manifest:
        """Give this manifest with a seal by `sign`, the home's signature."""
        return replace(self, seal=sign(self.payload()))

    @classmethod
    def load(cls, content: bytes) -> Manifest:
        """Read `manifest.json`; ValueError, KeyError or TypeError when it is not one."""
        facts = json.loads(content)
        if facts.pop("schema") != SCHEMA:
            raise ValueError("another schema")
        facts["columns"] = tuple(ColumnFacts.from_json(column) for column in facts["columns"])
        facts["made"] = MadeFacts.from_json(facts["made"]) if facts.get("made") else None
        facts["distributions"] = tuple(DistributionFacts.from_json(distribution) for distribution in facts["distributions"])
        for name in ("portals", "temporal", "bbox", "approvals"):
            facts[name] = tuple(facts[name]) if facts[name] is not None else None
        return cls(**facts)


def release_digest(sums: bytes, configuration: str) -> str:
    """Give the SHA-256, hexadecimal, of `SHA256SUMS` and the configuration digest (design §3)."""
    return hashlib.sha256(sums + b"\0" + configuration.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Release:
    """A verified release. `open` and `opened` are the only ways to one; portals and archive accept nothing else."""

    folder: Path
    manifest: Manifest

    @classmethod
    def open(cls, folder: Path) -> Release:
        """Verify a release folder: manifest, `SHA256SUMS`, every file in both, and nothing beside them.

        Raises:
            IntegrityError: something is missing, added or changed.
        """
        name = f"{folder.parent.name}@{folder.name}"
        try:
            sums = (folder / SUMS).read_bytes()
            manifest = Manifest.load((folder / MANIFEST).read_bytes())
        except (OSError, ValueError, KeyError, TypeError):
            raise IntegrityError(BROKEN.at(release=name, what=f"{MANIFEST} / {SUMS}")) from None
        if hashlib.sha256(sums).hexdigest() != manifest.sums_sha256:
            raise IntegrityError(BROKEN.at(release=name, what=SUMS))
        if release_digest(sums, manifest.configuration_digest) != manifest.release_digest:
            raise IntegrityError(BROKEN.at(release=name, what="release_digest"))
        try:
            listed = verify_sums(folder)
        except IntegrityError as error:
            raise IntegrityError(BROKEN.at(release=name, what=SUMS), *error.problems) from None
        for distribution in manifest.distributions:
            if listed.get(distribution.name) != distribution.sha256:
                raise IntegrityError(BROKEN.at(release=name, what=distribution.name))
        return cls(folder, manifest)

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file of the release, by name."""
        return tuple(sorted(self.folder.iterdir()))

    def facts(self) -> ReleaseFacts:
        """Give what the catalogue says of this release."""
        told = self.manifest
        return ReleaseFacts(
            dataset=told.dataset,
            version=told.version,
            issued=told.staged,
            as_of=told.as_of,
            rows=told.rows,
            columns=told.columns,
            distributions=told.distributions,
            temporal=told.temporal,
            bbox=told.bbox,
            quality=told.quality,
            privacy=told.privacy,
            notes=Text.model_validate(told.notes) if told.notes else None,
            personal=told.personal,
            made=told.made,
        )


def next_version(home: Home, dataset: str, now: datetime, taken: frozenset[str] = frozenset()) -> str:
    """Give the first version of today (in Amsterdam) that was never used: not staged, not released, not in the ledger (`taken`).

    A clock that was set back does not bring a version before those there are: the newest day that is known is then used.
    """
    known = {version for root in (home.candidates, home.releases, home.archive) for version in versions(root / dataset)} | taken
    day = max(now.astimezone(AMSTERDAM).date().isoformat(), *(order(version)[0] for version in known), "")
    return f"{day}.{max((order(version)[1] for version in known if order(version)[0] == day), default=0) + 1}"


def versions(folder: Path) -> tuple[str, ...]:
    """Give the versions in a folder of a dataset (releases, candidates or archive), newest first."""
    found = [path.name for path in folder.glob("*") if path.is_dir() and NAME.fullmatch(f"x@{path.name}")]
    return tuple(sorted(found, key=order, reverse=True))


def opened(home: Home, folder: Path) -> Release:
    """Verify a release of this home, seal included: what every decision and publication starts from.

    Raises:
        IntegrityError: something is missing, added or changed, or the manifest is not as this home sealed it.
    """
    release = Release.open(folder)
    told = release.manifest
    if (told.dataset, told.version) != (folder.parent.name, folder.name):
        raise IntegrityError(BROKEN.at(release=f"{folder.parent.name}@{folder.name}", what=MANIFEST))
    if not verify(home_key(home.keys).public_key(), sealed_part((folder / MANIFEST).read_bytes()), told.seal):
        raise IntegrityError(BROKEN.at(release=told.name, what=f"{MANIFEST} (seal)"))
    return release


def sealed_part(content: bytes) -> bytes:
    """Give the bytes of a `manifest.json` that its seal is over, as they were written: a later program may know more facts."""
    return canonical({name: value for name, value in json.loads(content).items() if name != "seal"})


def complete(release: Release, ledger_head: str, approvals: tuple[dict[str, str], ...], sign: Callable[[bytes], str]) -> Release:
    """Complete the manifest at the ledger `intent`: the head of the ledger and who approved; sealed again."""
    manifest = replace(release.manifest, ledger_head=ledger_head, approvals=approvals).sealed(sign)
    replace_manifest(release.folder, manifest.dump())
    return Release(release.folder, manifest)


def replace_manifest(folder: Path, content: bytes) -> None:
    """Put another manifest in a release folder, whole.

    It is written outside the folder first: what a crash left inside would not belong to the release, which could not be opened any more.
    """
    beside = folder.with_name(f".{folder.name}.{MANIFEST}")
    beside.write_bytes(content)
    fsync_file(beside)
    beside.replace(folder / MANIFEST)
    fsync_folder(folder)


def instant(text: str) -> datetime:
    """Read an instant of a manifest."""
    return datetime.fromisoformat(text).astimezone(UTC)
