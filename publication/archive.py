"""The archive step of rule 3: nothing is public that is not archived. A verified release is copied, and the copy verified."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from config.errors import IntegrityError, Message
from engine.files import fsync_file, fsync_folder
from publication.release import MANIFEST, opened, replace_manifest

if TYPE_CHECKING:
    from publication.home import Home
    from publication.release import Release

DIFFERS = Message(
    "archive.differs",
    nl="in het archief staat onder {release} iets anders; de archiefkopie wordt nooit overschreven",
    en="the archive holds something else as {release}; an archive copy is never overwritten",
)


def archive(home: Home, release: Release) -> Release:
    """Copy a verified release to `archive/<id>/<version>/` and verify the copy; an equal copy that is there already is left.

    Raises:
        IntegrityError: the archive holds another release under this name, or the copy does not verify.
    """
    told = release.manifest
    target = home.archived(told.dataset, told.version)
    if target.exists():
        copy = opened(home, target)
        if copy.manifest.release_digest != told.release_digest:
            raise IntegrityError(DIFFERS.at(release=told.name))
        return copy
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{told.version}.part")
    if beside.exists():
        shutil.rmtree(beside)
    beside.mkdir()
    for file in release.files:
        shutil.copyfile(file, beside / file.name)
        fsync_file(beside / file.name)
    fsync_folder(beside)
    beside.rename(target)
    fsync_folder(target.parent)
    return opened(home, target)


def complete_copy(home: Home, release: Release) -> None:
    """Bring the manifest that the ledger `intent` completed into the archive copy."""
    target = home.archived(release.manifest.dataset, release.manifest.version)
    content = release.manifest.dump()
    if (target / MANIFEST).read_bytes() != content:
        replace_manifest(target, content)
