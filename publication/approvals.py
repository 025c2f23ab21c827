"""Signed decisions of people on releases: approve, reject, withdraw; who may, what is needed, and where a release stands.

A decision is a signature by a person's own key over the kind, the release and its digest, kept in the ledger. The running machine is
nobody: it never signs for a person.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Literal

from config.digest import canonical
from config.errors import ConfigurationError, Message, Place
from engine.files import write_atomic
from publication.keys import public_text, read_private, read_public, sign, verify
from publication.release import opened, parse_release

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from config.models.municipality import Municipality, Person
    from publication.home import Home
    from publication.ledger import Entry, Ledger
    from publication.release import Manifest

OWNER, PRIVACY = "data-owner", "privacy-officer"
Decision = Literal["approve", "reject", "withdraw"]

NOBODY = Message(
    "approval.person",
    nl="er is geen persoon {person} in municipality.yaml; bekend zijn: {known}",
    en="there is no person {person} in municipality.yaml; known are: {known}",
)
NO_ROLE = Message(
    "approval.role",
    nl="{person} mag dit niet besluiten; nodig is de rol {roles}",
    en="{person} may not decide this; needed is the role {roles}",
)
WRONG_KEY = Message(
    "approval.key",
    nl="deze sleutel hoort niet bij {person}: de publieke helft is een andere dan in municipality.yaml",
    en="this key does not belong to {person}: its public half is not the one in municipality.yaml",
)
NOT_THERE = Message(
    "approval.release",
    nl="er is geen uitgave {release} om over te besluiten; kijk met: vrijgave status",
    en="there is no release {release} to decide on; look with: vrijgave status",
)
NOT_WAITING = Message(
    "approval.not-waiting",
    nl="de uitgave {release} heeft geen goedkeuring nodig",
    en="the release {release} needs no approval",
)
NO_REASON = Message("approval.reason", nl="geef een reden met --reason", en="give a reason with --reason")


@dataclass(frozen=True, slots=True)
class Approval:
    """A signature that stands: by whom, in which of the needed roles, and whether by a throw-away key."""

    person: str
    role: str
    demo: bool

    def as_json(self) -> dict[str, str]:
        """Give the form that a manifest carries."""
        return {"person": self.person, "role": self.role, "key": "demo" if self.demo else "personal"}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a candidate stands.

    Attributes:
        missing: the roles that have not signed, empty when it may be published.
    """

    approvals: tuple[Approval, ...]
    missing: tuple[str, ...]
    rejected: bool

    @property
    def approved(self) -> bool:
        """Whether it may be published."""
        return not self.missing and not self.rejected


def needed(manifest: Manifest, entries: Sequence[Entry] = ()) -> tuple[str, ...]:
    """Give the roles that must sign (design §3).

    Both for a personal source; the data owner where a warning failed, and where this very content was withdrawn before; else nobody.
    """
    if manifest.personal:
        return (OWNER, PRIVACY)
    return (OWNER,) if manifest.warnings or _since(manifest, entries) else ()


def _since(manifest: Manifest, entries: Sequence[Entry]) -> int:
    """Give how many entries there were when the content of a release was last withdrawn, 0 when it never was."""
    return max((entry.n for entry in entries if entry.kind == "withdraw" and entry.digest == manifest.release_digest), default=0)


def standing(manifest: Manifest, entries: Iterable[Entry], municipality: Municipality) -> Standing:
    """Weigh the decisions on exactly this digest; of each person the last one counts, and a signature is verified again here.

    What was decided before the content was withdrawn counts no more: the same data do not come back by themselves.
    """
    entries = tuple(entries)
    since, last = _since(manifest, entries), dict[str, "Entry"]()
    for entry in entries:
        about = entry.dataset == manifest.dataset and entry.digest == manifest.release_digest
        if entry.kind in ("approve", "reject") and about and entry.n > since:
            last[entry.person] = entry
    people = {name: person for name in last if (person := municipality.person(name)) and _holds(last[name], person)}
    rejected = any(last[name].kind == "reject" for name in people)
    signed = [person for name, person in people.items() if last[name].kind == "approve"]
    roles = needed(manifest, entries)
    best: tuple[Approval, ...] = ()
    for chosen in product([None, *signed], repeat=len(roles)):
        found = tuple(Approval(p.id, role, p.demo) for p, role in zip(chosen, roles, strict=True) if p is not None and role in p.roles)
        if len({approval.person for approval in found}) == len(found) > len(best):
            best = found
    missing = tuple(role for role in roles if role not in {approval.role for approval in best})
    return Standing(best, missing, rejected)


def decide(
    home: Home,
    ledger: Ledger,
    municipality: Municipality,
    kind: Decision,
    name: str,
    *,
    person: str,
    key: Path,
    reason: str | None,
    now: datetime,
) -> Entry:
    """Check that this person may decide this, sign with the person's key, and write the decision to the ledger.

    Raises:
        ConfigurationError: no such release or person, a role or reason is missing, or the key is another's.
        IntegrityError: the release no longer verifies.
    """
    dataset, version = parse_release(name)
    if kind != "approve" and not reason:
        raise ConfigurationError(NO_REASON.at())
    digest, roles = _subject(home, ledger.entries(), kind, dataset, version)
    if not roles:
        raise ConfigurationError(NOT_WAITING.at(release=name))
    who = _person(municipality, person, roles)
    private = read_private(key)
    if public_text(private.public_key()) != public_text(read_public(who.key)):
        raise ConfigurationError(WRONG_KEY.at(Place(str(key)), person=person))
    proof = sign(private, decision_payload(kind, dataset, version, digest, person, now.isoformat()))
    return ledger.append(
        kind,
        now=now,
        dataset=dataset,
        version=version,
        digest=digest,
        person=person,
        roles=tuple(role for role in who.roles if role in roles),
        reason=keep_reason(home, reason) if reason else "",
        proof=proof,
    )


def _subject(home: Home, entries: Sequence[Entry], kind: Decision, dataset: str, version: str) -> tuple[str, tuple[str, ...]]:
    """Give the digest that is decided on and the roles that may; a withdrawal goes by the ledger, so that damage cannot stop it."""
    name = f"{dataset}@{version}"
    if kind == "withdraw":
        released = [e.digest for e in entries if e.kind == "intent" and (e.dataset, e.version) == (dataset, version)]
        if not released or not home.release(dataset, version).is_dir():
            raise ConfigurationError(NOT_THERE.at(release=name))
        return released[-1], (OWNER, PRIVACY)
    folder = home.candidate(dataset, version)
    if not folder.is_dir():
        raise ConfigurationError(NOT_THERE.at(release=name))
    manifest = opened(home, folder).manifest
    return manifest.release_digest, needed(manifest, entries) if kind == "approve" else (OWNER, PRIVACY)


def decision_payload(kind: str, dataset: str, version: str, digest: str, person: str, time: str) -> bytes:
    """Give the bytes that a person signs."""
    return canonical({"kind": kind, "dataset": dataset, "version": version, "digest": digest, "person": person, "time": time})


def withdrawn(entries: Iterable[Entry]) -> dict[str, dict[str, Entry]]:
    """Give what was withdrawn: dataset → version → the decision."""
    found: dict[str, dict[str, Entry]] = {}
    for entry in entries:
        if entry.kind == "withdraw":
            found.setdefault(entry.dataset, {})[entry.version] = entry
    return found


def _person(municipality: Municipality, identifier: str, roles: tuple[str, ...]) -> Person:
    person = municipality.person(identifier)
    if person is None:
        raise ConfigurationError(NOBODY.at(person=identifier, known=", ".join(each.id for each in municipality.people) or "-"))
    if not set(roles) & set(person.roles):
        raise ConfigurationError(NO_ROLE.at(person=identifier, roles=" / ".join(roles)))
    return person


def _holds(entry: Entry, person: Person) -> bool:
    payload = decision_payload(entry.kind, entry.dataset, entry.version, entry.digest, entry.person, entry.time)
    return verify(read_public(person.key), payload, entry.proof)


def keep_reason(home: Home, reason: str) -> str:
    """Keep a reason as a file of its own, which can be purged; gives its SHA-256."""
    content = reason.encode()
    digest = hashlib.sha256(content).hexdigest()
    folder = home.ledger.parent / "reasons"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / f"{digest}.txt").exists():
        write_atomic(folder / f"{digest}.txt", content, mode=0o600)
    return digest
