"""`SHA256SUMS`: one line a file of a release, as ``sha256sum -c`` reads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from config.errors import IntegrityError, Message, Place
from engine.files import write_atomic
from engine.hashing import sha256

if TYPE_CHECKING:
    from pathlib import Path

NAME = "SHA256SUMS"
OUTSIDE = frozenset({NAME, "manifest.json"})
"""Files that the sums do not cover: the manifest holds the digest of the sums."""

NO_SUMS = Message(
    "integrity.no-sums",
    nl="in map {folder} ontbreekt SHA256SUMS of is het onleesbaar; haal deze uitgave opnieuw uit het archief",
    en="SHA256SUMS is missing or unreadable in folder {folder}; take this release from the archive again",
)
CHANGED = Message(
    "integrity.changed",
    nl="bestand {name} is niet meer wat het bij het maken van de uitgave was; haal deze uitgave opnieuw uit het archief",
    en="file {name} is no longer what it was when the release was made; take this release from the archive again",
)
MISSING = Message(
    "integrity.missing",
    nl="bestand {name} staat in SHA256SUMS maar ontbreekt; haal deze uitgave opnieuw uit het archief",
    en="file {name} is in SHA256SUMS but missing; take this release from the archive again",
)
UNLISTED = Message(
    "integrity.unlisted",
    nl="bestand {name} staat niet in SHA256SUMS en hoort dus niet bij deze uitgave; haal het weg",
    en="file {name} is not in SHA256SUMS and so does not belong to this release; take it away",
)


def write_sums(folder: Path) -> str:
    """Write `SHA256SUMS` over every file of a folder but the manifest, sorted by name.

    Returns:
        The SHA-256 of `SHA256SUMS` itself, hexadecimal.

    Raises:
        ValueError: the folder holds a folder, or a name that a line cannot hold.
    """
    lines = []
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name in OUTSIDE:
            continue
        if not path.is_file() or "\n" in path.name or "\\" in path.name:
            raise ValueError("a release folder holds plainly named files only")
        lines.append(f"{sha256(path)}  {path.name}\n")
    write_atomic(folder / NAME, "".join(lines))
    return sha256(folder / NAME)


def read_sums(folder: Path) -> dict[str, str]:
    """Give name → SHA-256 as `SHA256SUMS` says.

    Raises:
        IntegrityError: it is missing, or a line is not such a line.
    """
    try:
        lines = (folder / NAME).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise IntegrityError(NO_SUMS.at(Place(NAME), folder=folder.name)) from None
    found = [re.fullmatch(r"([0-9a-f]{64})  ([^/]+)", line) for line in lines]
    if not all(found):
        raise IntegrityError(NO_SUMS.at(Place(NAME), folder=folder.name))
    return {match[2]: match[1] for match in found if match}


def verify_sums(folder: Path) -> dict[str, str]:
    """Compare every file of a folder with `SHA256SUMS`; gives what `read_sums` gives.

    Raises:
        IntegrityError: every file that changed, is missing or is not listed.
    """
    listed = read_sums(folder)
    there = {path.name for path in folder.iterdir()} - OUTSIDE
    problems = [MISSING.at(None, name=name) for name in sorted(set(listed) - there)]
    problems += [UNLISTED.at(None, name=name) for name in sorted(there - set(listed))]
    problems += [CHANGED.at(None, name=name) for name in sorted(there & set(listed)) if sha256(folder / name) != listed[name]]
    if problems:
        raise IntegrityError(*problems)
    return listed
