"""The ledger: append-only, each entry chained to the one before and signed by the home's key.

One line an entry, canonical JSON (keys sorted, no spaces, UTF-8). `previous` is the SHA-256 of the line before, `signature` the home's
Ed25519 signature over the line without it. Entries hold ids, roles and digests, never names or free text: reasons are files that can be
purged themselves. An entry counts once its newline is on the disk; what a crash left of one is set aside, never read as an entry.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from config.digest import canonical
from config.errors import IntegrityError, Message, Place
from engine.files import fsync_folder, write_atomic
from publication.keys import home_key, sign, verify
from publication.locks import lock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

    from config.errors import Problem
    from publication.home import Home

START = "0" * 64
Kind = Literal["approve", "reject", "withdraw", "intent", "replace", "published"]
FIELDS = {"n", "time", "kind", "dataset", "version", "digest", "person", "roles", "reason", "proof", "previous", "signature"}

UNREADABLE = Message(
    "ledger.unreadable",
    nl="deze regel is geen regel van het grootboek; vergelijk het bestand met een kopie en zet die terug",
    en="this line is not an entry of the ledger; compare the file with a copy and restore that",
)
UNCHAINED = Message(
    "ledger.chain",
    nl="deze regel sluit niet aan op de vorige: ertussen is iets gewijzigd, verwijderd, verplaatst of toegevoegd",
    en="this line does not follow from the one before: something between them was changed, removed, moved or added",
)
UNSIGNED = Message(
    "ledger.signature",
    nl="de handtekening van deze regel klopt niet: de regel is niet door deze home geschreven, of daarna gewijzigd",
    en="the signature of this line does not hold: the line was not written by this home, or changed afterwards",
)
TRUNCATED = Message(
    "ledger.truncated",
    nl="een uitgave noemt een regel van het grootboek die er niet meer is ({release}): het einde is eraf gehaald",
    en="a release names an entry that the ledger no longer has ({release}): its end was cut off",
)
CUT = Message(
    "ledger.cut",
    nl="het grootboek eindigt hier, maar er stonden {n} regels in: het einde is eraf gehaald; zet een kopie terug",
    en="the ledger ends here, but it held {n} entries: its end was cut off; restore a copy",
)
MARK = "ledger.head"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry.

    Attributes:
        n: 1-based number.
        digest: the release digest that it is about.
        person, roles: who decided, by id; empty for what the machine did.
        reason: SHA-256 of the file with the reason.
        proof: the person's own signature over `decision_payload`.
        head: SHA-256 of this entry's line, which the next one names.
    """

    n: int
    time: str
    kind: Kind
    dataset: str
    version: str
    digest: str
    person: str
    roles: tuple[str, ...]
    reason: str
    proof: str
    head: str


class Ledger:
    """The ledger of a home, open for reading and appending by any number of processes."""

    def __init__(self, path: Path, signer: Ed25519PrivateKey, mark: Path | None = None) -> None:
        self.path = path
        self._signer = signer
        self._mark = mark

    @classmethod
    def of(cls, home: Home) -> Ledger:
        """Open the ledger of a home; beside the key stands how far it was written, so that a cut-off end is noticed."""
        return cls(home.ledger, home_key(home.keys), home.keys / MARK)

    @cached_property
    def public(self) -> Ed25519PublicKey:
        """The key that every entry is signed with."""
        return self._signer.public_key()

    def sign(self, payload: bytes) -> str:
        """Sign for the home."""
        return sign(self._signer, payload)

    def entries(self) -> tuple[Entry, ...]:
        """Give every entry after verifying chain and signatures; IntegrityError names the first broken line."""
        problems = self.verify()
        if problems:
            raise IntegrityError(*problems)
        return tuple(_entry(line) for line in self._lines())

    def head(self) -> str:
        """Give the digest of the last entry, `START` for an empty ledger."""
        last = START
        for line in self._lines():
            last = hashlib.sha256(line).hexdigest()
        return last

    def append(
        self,
        kind: Kind,
        *,
        now: datetime,
        dataset: str,
        version: str,
        digest: str,
        person: str = "",
        roles: tuple[str, ...] = (),
        reason: str = "",
        proof: str = "",
    ) -> Entry:
        """Append an entry and bring it to the disk; gives it back."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with lock(self.path.with_suffix(".lock"), wait=True):
            self._set_torn_tail_aside()
            lines = list(self._lines())
            value: dict[str, Any] = {
                "n": len(lines) + 1,
                "time": now.isoformat(),
                "kind": kind,
                "dataset": dataset,
                "version": version,
                "digest": digest,
                "person": person,
                "roles": list(roles),
                "reason": reason,
                "proof": proof,
                "previous": hashlib.sha256(lines[-1]).hexdigest() if lines else START,
            }
            value["signature"] = self.sign(canonical(value))
            line = canonical(value)
            new = not self.path.exists()
            with self.path.open("ab") as file:
                file.write(line + b"\n")
                file.flush()
                os.fsync(file.fileno())
            if new:
                fsync_folder(self.path.parent)
            entry = _entry(line)
            if self._mark:
                write_atomic(self._mark, f"{entry.n} {entry.head}\n", mode=0o600)
        return entry

    def verify(self, heads: Iterable[tuple[str, str]] = ()) -> tuple[Problem, ...]:
        """Check chain and signatures from the start, then that every named head is there.

        Args:
            heads: pairs of a release and the head that its manifest names.

        Returns:
            The first broken line as a problem with its number, and what was cut off; empty when all holds.
        """
        previous, known, number = START, {START}, 0
        for number, line in enumerate(self._lines(), start=1):
            place = Place(str(self.path), number)
            try:
                value = json.loads(line)
                entry = _entry(line)
                sound = line == canonical(value) and set(value) == FIELDS
            except (ValueError, KeyError, TypeError, AttributeError):
                sound = False
            if not sound:
                return (UNREADABLE.at(place),)
            if value["previous"] != previous or entry.n != number:
                return (UNCHAINED.at(place),)
            signature = value.pop("signature")
            if not verify(self.public, canonical(value), signature):
                return (UNSIGNED.at(place),)
            previous = entry.head
            known.add(previous)
        place = Place(str(self.path), number)
        if self._mark and self._mark.exists() and (mark := self._mark.read_text(encoding="ascii").split())[-1] not in known:
            return (CUT.at(place, n=mark[0]),)
        return tuple(TRUNCATED.at(place, release=release) for release, head in heads if head not in known)

    def _lines(self) -> Iterator[bytes]:
        """Yield the complete lines, without their newline."""
        if self.path.exists():
            *complete, _torn = self.path.read_bytes().split(b"\n")
            yield from complete

    def _set_torn_tail_aside(self) -> None:
        """Move what a crash left of an entry to a file of its own, so that the next entry starts on a line of its own."""
        if not self.path.exists():
            return
        content = self.path.read_bytes()
        end = content.rfind(b"\n") + 1
        if end == len(content):
            return
        aside = self.path.with_name(f"torn-{hashlib.sha256(content).hexdigest()[:16]}")
        aside.write_bytes(content[end:])
        with self.path.open("r+b") as file:
            file.truncate(end)
            os.fsync(file.fileno())


def _entry(line: bytes) -> Entry:
    value = json.loads(line)
    for name in ("previous", "signature"):
        value.pop(name)
    return Entry(**{**value, "roles": tuple(value["roles"]), "head": hashlib.sha256(line).hexdigest()})
