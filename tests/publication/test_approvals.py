"""Who may decide what: four eyes for personal data, two different people, over one exact release."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import pytest

from config.errors import ConfigurationError, IntegrityError
from publication import approvals
from publication.release import MANIFEST, opened

if TYPE_CHECKING:
    from publication.release import Release


def missing(office: Any, release: Release) -> tuple[str, ...]:
    stands = approvals.standing(release.manifest, office.ledger.entries(), office.municipality)
    return ("rejected",) if stands.rejected else stands.missing


BOTH = ("data-owner", "privacy-officer")


@pytest.mark.parametrize(
    ("personal", "warnings", "signers", "left"),
    [
        (False, 0, [], ()),
        (False, 1, [], ("data-owner",)),
        (False, 1, ["p1"], ()),
        (False, 1, ["p4"], ()),
        (True, 0, [], BOTH),
        (True, 0, ["p1"], ("privacy-officer",)),
        (True, 0, ["p2"], ("data-owner",)),
        (True, 0, ["p1", "p1"], ("privacy-officer",)),
        (True, 0, ["p4"], ("data-owner",)),
        (True, 0, ["p4", "p4"], ("data-owner",)),
        (True, 0, ["p1", "p2"], ()),
        (True, 0, ["p2", "p1"], ()),
        (True, 0, ["p1", "p4"], ()),
        (True, 0, ["p4", "p2"], ()),
    ],
)
def test_what_is_needed_and_who_fills_it(office: Any, personal: bool, warnings: int, signers: list[str], left: tuple[str, ...]) -> None:  # noqa: FBT001 - a case
    release = office.candidate(personal=personal, warnings=warnings)
    for person in signers:
        office.decide("approve", release, person)
    assert missing(office, release) == left


def test_a_signature_is_for_one_release_digest(office: Any) -> None:
    first = office.candidate("2026-11-23.1", personal=True)
    for person in ("p1", "p2"):
        office.decide("approve", first, person)
    other = office.candidate("2026-11-23.2", personal=True, content=b"a,b\r\n1,3\r\n")
    assert missing(office, first) == ()
    assert missing(office, other) == BOTH


def test_the_last_word_of_each_person_counts(office: Any) -> None:
    release = office.candidate(personal=True)
    for kind, person, left in [
        ("approve", "p1", ("privacy-officer",)), ("approve", "p2", ()), ("reject", "p2", ("rejected",)), ("approve", "p2", ()),
        ("reject", "p1", ("rejected",)),
    ]:  # fmt: skip
        office.decide(kind, release, person)
        assert missing(office, release) == left


@pytest.mark.parametrize(
    ("kind", "person", "key", "reason", "code"),
    [
        ("approve", "p9", "p1", "x", "approval.person"),
        ("approve", "p3", "p3", "x", "approval.role"),
        ("approve", "p1", "p2", "x", "approval.key"),
        ("reject", "p1", "p1", None, "approval.reason"),
        ("reject", "p3", "p3", "x", "approval.role"),
        ("withdraw", "p1", "p1", "x", "approval.release"),
    ],
)
def test_what_is_refused_is_not_in_the_ledger(office: Any, kind: Any, person: str, key: str, reason: str | None, code: str) -> None:
    release = office.candidate(personal=True)
    with pytest.raises(ConfigurationError) as caught:
        office.decide(kind, release, person, key=office.key(key), reason=reason)
    assert caught.value.problems[0].code == code
    assert office.ledger.entries() == ()


def test_what_needs_nobody_is_not_approved(office: Any) -> None:
    with pytest.raises(ConfigurationError, match="needs no approval"):
        office.decide("approve", office.candidate(), "p1")


@pytest.mark.parametrize(
    "name", ["bomen", "bomen@2026-11-23", "bomen@2026-11-23.0", "../x@2026-11-23.1", "bomen@2026-11-23.1/..", "bomen@2026-11-24.1"]
)
def test_a_release_that_is_not_there(office: Any, name: str) -> None:
    office.candidate(personal=True)
    with pytest.raises(ConfigurationError):
        office.decide("approve", name, "p1")


def test_a_forged_entry_by_the_machine_is_no_signature(office: Any) -> None:
    release = office.candidate(personal=True)
    real = office.decide("approve", release, "p1")
    for person, proof in (("p2", real.proof), ("p2", ""), ("p1", "AAAA")):
        office.ledger.append(
            "approve", now=office.now, dataset="bomen", version=release.manifest.version, digest=release.manifest.release_digest,
            person=person, roles=BOTH, proof=proof,
        )  # fmt: skip
    assert missing(office, release) == BOTH, "the last word of p1 is the forged one"


def test_a_person_who_left_no_longer_counts(office: Any) -> None:
    release = office.candidate(personal=True)
    for person in ("p1", "p2"):
        office.decide("approve", release, person)
    people = tuple(person for person in office.municipality.people if person.id != "p2")
    office.municipality = office.municipality.model_copy(update={"people": people})
    assert missing(office, release) == ("privacy-officer",)


def test_a_reason_is_a_file_that_can_be_purged(office: Any) -> None:
    entry = office.decide("reject", office.candidate(personal=True), "p1", reason="Jan Jansen staat erin")
    file = office.home.ledger.parent / "reasons" / f"{entry.reason}.txt"
    assert file.read_text() == "Jan Jansen staat erin"
    assert b"Jansen" not in office.home.ledger.read_bytes()
    file.unlink()
    assert office.ledger.verify() == ()


def paths(value: Any, *before: Any) -> list[tuple[Any, ...]]:
    """Give the path of every leaf of a JSON document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [path for key, each in inner for path in paths(each, *before, key)]
    return found or [before]


def changed(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int | float) else f"{value}x" if isinstance(value, str) else "x"


def test_no_field_of_a_manifest_can_be_changed_unseen(office: Any) -> None:
    release = office.candidate(
        personal=True,
        warnings=2,
        temporal=("2024", "2025"),
        bbox=(4.0, 52.0, 5.0, 53.0),
        quality={"score": 0.5, "checks": [1]},
        privacy={"k": 5},
    )
    file = release.folder / MANIFEST
    whole = json.loads(file.read_bytes())
    assert len(paths(whole)) > 25
    for path in paths(whole):
        told = json.loads(file.read_bytes())
        part = told
        for key in path[:-1]:
            part = part[key]
        part[path[-1]] = changed(part[path[-1]])
        before = file.read_bytes()
        file.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
        with pytest.raises(IntegrityError, match=r"bomen@2026-11-23\.1"):
            opened(office.home, release.folder)
        with pytest.raises(IntegrityError):
            office.decide("approve", release, "p1")
        file.write_bytes(before)
    assert opened(office.home, release.folder).manifest == release.manifest


def test_a_manifest_of_another_release_or_home_is_none_of_this(office: Any, tmp_path: Any) -> None:
    one, other = office.candidate("2026-11-23.1", personal=True), office.candidate("2026-11-23.2")
    (one.folder / MANIFEST).write_bytes((other.folder / MANIFEST).read_bytes())
    with pytest.raises(IntegrityError):
        opened(office.home, one.folder)
    unsealed = dataclasses.replace(other.manifest, seal="")
    (other.folder / MANIFEST).write_bytes(unsealed.dump())
    with pytest.raises(IntegrityError):
        opened(office.home, other.folder)


def test_withdrawn_content_does_not_come_back_by_itself(office: Any) -> None:
    from publication import commit

    for version, dataset, personal in [("2026-11-23.1", "bomen", False), ("2026-11-23.1", "meldingen", True)]:
        release = office.candidate(version, dataset=dataset, personal=personal)
        for person in ("p1", "p2") if personal else ():
            office.decide("approve", release, person)
        commit.switch(office.home, commit.intend(office.home, office.ledger, release, (), office.now))
        assert missing(office, release) == ()
        office.decide("withdraw", release, "p1")
        again = office.candidate("2026-11-23.2", dataset=dataset, personal=personal)
        assert missing(office, again) == (BOTH if personal else ("data-owner",))
        for person in ("p1", "p2") if personal else ("p1",):
            office.decide("approve", again, person)
        assert missing(office, again) == ()


def test_damage_does_not_stop_a_withdrawal(office: Any) -> None:
    from publication import commit

    release = commit.switch(office.home, commit.intend(office.home, office.ledger, office.candidate(), (), office.now))
    (release.folder / "bomen.csv").write_bytes(b"damaged")
    assert office.decide("withdraw", release, "p1").digest == release.manifest.release_digest
