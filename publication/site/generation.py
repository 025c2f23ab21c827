"""A generation: the whole site in one folder, named by the digest of everything it was made from.

It is built beside the others, brought to the disk, read back, and only then named and switched to by renaming one link. A crash at any
point leaves the link at a whole generation, the old or the new; what a dead run left behind starts with a dot and is cleared by the next.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from config.errors import Message, PortalError
from engine.files import fsync_file, fsync_folder, link_or_copy
from engine.hashing import sha256
from publication.release import MANIFEST
from publication.site import links, paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from publication.portals.base import PortalEntry, Wanted

SCHEMA = "site/1"
CODE = ("pages", "publication/site", "catalogue", "config/lists")
"""Folders of the program that decide what a page looks like: another program makes another generation."""

DIFFERS = Message(
    "site.differs",
    nl="de nieuwe site werd anders teruggelezen dan geschreven ({file}); de vorige site blijft staan. Kijk de schijf na.",
    en="the new site was read back other than written ({file}); the previous site stays. See to the disk.",
)
BROKEN_LINK = Message(
    "site.broken-link",
    nl="op de nieuwe pagina {page} klopt de verwijzing {link} niet; de vorige site blijft staan. Meld dit als fout van het programma.",
    en="on the new page {page} the link {link} does not hold; the previous site stays. Report this as an error of the program.",
)


@dataclass(frozen=True, slots=True)
class Store:
    """Where the generations of one portal stand, and the link that names the one a visitor sees."""

    folder: Path
    link: Path

    @property
    def generations(self) -> Path:
        """The folder with a folder a generation."""
        return self.folder / "generations"

    def current(self) -> Path | None:
        """Give the generation that the link names, None where there is none."""
        if not self.link.is_symlink():
            return None
        target = self.link.resolve()
        return target if target.is_dir() and target.parent == self.generations.resolve() else None

    def named(self) -> Iterator[Path]:
        """Give every whole generation."""
        if self.generations.is_dir():
            yield from sorted(path for path in self.generations.iterdir() if not path.name.startswith("."))


def digest(wanted: Wanted, tokens: bytes | None) -> str:
    """Give the digest of all that the site is made from: releases, descriptions, tombstones, look and program."""
    told = {
        "program": _program(),
        "publisher": wanted.publisher.as_json(),
        "entries": [_entry(entry) for entry in wanted.entries],
        "tokens": hashlib.sha256(tokens).hexdigest() if tokens is not None else None,
    }
    return hashlib.sha256(_canonical(told)).hexdigest()


def _entry(entry: PortalEntry) -> dict[str, Any]:
    return {
        "description": entry.description.as_json(),
        "described": entry.described,
        "releases": [[release.manifest.version, sha256(release.folder / MANIFEST)] for release in entry.releases],
        "tombstone": entry.tombstone.as_json() if entry.tombstone else None,
        "withdrawn": [tombstone.as_json() for tombstone in entry.withdrawn],
    }


@cache
def _program() -> str:
    """Give the digest of the parts of the program that make pages."""
    root = Path(__file__).parent.parent.parent
    found = sorted(path for folder in CODE for path in (root / folder).rglob("*") if path.is_file() and path.suffix != ".pyc")
    return hashlib.sha256(_canonical([[path.relative_to(root).as_posix(), sha256(path)] for path in found])).hexdigest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def listing(generation: Path) -> dict[str, Any] | None:
    """Read what a generation says it holds; None where it does not say."""
    try:
        told: dict[str, Any] = json.loads((generation / paths.GENERATION).read_bytes())
    except (OSError, ValueError):
        return None
    return told if told.get("schema") == SCHEMA else None


def intact(generation: Path, name: str) -> bool:
    """Whether every file of a generation made under this digest is there, unchanged, and nothing beside them."""
    told = listing(generation)
    return told is not None and told["generation"] == name and told["files"] == _sums(generation)


def _sums(folder: Path) -> dict[str, str]:
    """Give the SHA-256 of every file of a generation by its path."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256(path) for path in found if path != folder / paths.GENERATION}


def find(store: Store, name: str) -> Path | None:
    """Give an intact generation of this digest; one that was damaged stays aside, its successor has a number behind its name."""
    made = (path for path in store.named() if path.name.partition(".")[0] == name)
    return next((path for path in made if intact(path, name)), None)


def build(store: Store, wanted: Wanted, name: str, tokens: bytes | None) -> Path:
    """Make a generation whole beside the others and name it.

    Raises:
        PortalError: what was written is not what is read back, or a link does not hold.
        OSError: the disk refuses.
    """
    store.generations.mkdir(parents=True, exist_ok=True)
    beside = store.generations / f".{name[:16]}.{uuid4().hex}"
    beside.mkdir()
    expected = _write_pages(beside, wanted, tokens) | _take_files(beside, wanted)
    catalogue = _write_catalogue(beside, wanted, store.folder / paths.FRAGMENTS)
    found = _sums(beside)
    for file in sorted(set(found) | set(expected)):
        if file not in catalogue and found.get(file) != expected.get(file):
            raise PortalError(DIFFERS.at(file=file))
    for page, link in links.broken(beside):
        raise PortalError(BROKEN_LINK.at(page=page, link=link))
    told = {"schema": SCHEMA, "generation": name, "datasets": dict(_datasets(wanted)), "files": found}
    (beside / paths.GENERATION).write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    _to_disk(beside)
    target = _free(store, name)
    beside.rename(target)
    fsync_folder(store.generations)
    return target


def _write_pages(folder: Path, wanted: Wanted, tokens: bytes | None) -> dict[str, str]:
    """Write pages, feeds and what they share; give the digests that they must have."""
    from publication.site.feeds import feeds
    from publication.site.pages import pages, static_files

    expected = {}
    written = ((path, text.encode()) for path, text in chain(pages(wanted), feeds(wanted)))
    for path, content in (*written, *static_files(tokens)):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        expected[path] = hashlib.sha256(content).hexdigest()
    return expected


def _write_catalogue(folder: Path, wanted: Wanted, kept: Path) -> frozenset[str]:
    """Write the catalogue, whole and in parts, and give the paths; what did not change comes out of the file `kept`."""
    from catalogue.fragments import whole
    from catalogue.model import Entry

    entries = [
        Entry(entry.description, tuple(release.facts() for release in entry.releases), entry.tombstone, entry.withdrawn, entry.described)
        for entry in wanted.entries
    ]
    written = whole(wanted.publisher, entries, kept=kept)
    found = {*written.dumps(folder), *written.parts(folder)}
    return frozenset(path.relative_to(folder).as_posix() for path in found)


def _take_files(folder: Path, wanted: Wanted) -> dict[str, str]:
    """Give the files of every release a second name in the site; the releases keep theirs. Gives the digests they must have."""
    expected = {}
    for entry in wanted.entries:
        for release in entry.releases:
            told = release.manifest
            known = {file.name: file.sha256 for file in told.distributions}
            for file in release.files:
                path = paths.download(told.dataset, told.version, file.name)
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                link_or_copy(file, folder / path)
                expected[path] = known.get(file.name) or sha256(file)
    return expected


def _datasets(wanted: Wanted) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give what the site holds by dataset, for the next plan."""
    for entry in wanted.entries:
        told = entry.releases[0].manifest.version if entry.releases else None
        releases = {
            release.manifest.version: {"digest": release.manifest.release_digest, "files": [file.name for file in release.files]}
            for release in entry.releases
        }
        yield entry.description.id, {"version": told, "releases": releases, "entry": entry_digest(entry)}


def entry_digest(entry: PortalEntry) -> str:
    """Give the digest of all that the pages of a dataset are made from."""
    return hashlib.sha256(_canonical(_entry(entry))).hexdigest()


def _to_disk(folder: Path) -> None:
    """Bring every file and folder below to the disk, the innermost first."""
    for path in sorted(folder.rglob("*"), key=lambda path: len(path.parts), reverse=True):
        if path.is_dir():
            fsync_folder(path)
        else:
            fsync_file(path)
    fsync_folder(folder)


def _free(store: Store, name: str) -> Path:
    """Give the first name that is free: the digest, or with a number behind it where a damaged generation is in the way."""
    target, number = store.generations / name, 0
    while target.exists():
        number += 1
        target = store.generations / f"{name}.{number}"
    return target


def switch(store: Store, generation: Path) -> None:
    """Make the link name a generation, with one rename; nothing is written where it does so already."""
    if store.current() == generation.resolve():
        return
    beside = store.link.with_name(f".{store.link.name}.{uuid4().hex}")
    beside.symlink_to(os.path.relpath(generation, store.link.parent), target_is_directory=True)
    try:
        beside.replace(store.link)
    finally:
        beside.unlink(missing_ok=True)
    fsync_folder(store.link.parent)


def clear(store: Store) -> None:
    """Remove what a dead run left: folders without a name, and links that were never put in place."""
    if store.generations.is_dir():
        for path in sorted(store.generations.glob(".*")):
            shutil.rmtree(path)
    for path in sorted(store.link.parent.glob(f".{store.link.name}.*")):
        if path.is_symlink():
            path.unlink()


def prune(store: Store, before: Path | None, wanted: Wanted) -> None:
    """Keep the generation in use and the one before it, unless that holds a release that is no longer public; remove all others."""
    current = store.current()
    used = current.name if current else ""
    others = [path for path in store.named() if path.name != used]
    public = {entry.description.id: {release.manifest.version for release in entry.releases} for entry in wanted.entries}
    # One of the same digest was damaged, or it would be the one in use.
    fit = [path for path in others if path.name.partition(".")[0] != used.partition(".")[0] and _holds_only(listing(path), public)]
    previous = [path for path in fit if before and path.name == before.name]
    kept = max(previous or fit, key=lambda path: (path.stat().st_mtime_ns, path.name), default=None)
    for path in others:
        if path != kept:
            gone = path.with_name(f".{path.name}.{uuid4().hex}")
            path.rename(gone)
            shutil.rmtree(gone)


def _holds_only(told: Mapping[str, Any] | None, public: Mapping[str, set[str]]) -> bool:
    """Whether every release of a generation is still public."""
    return told is not None and all(set(held["releases"]) <= public.get(name, set()) for name, held in told["datasets"].items())
