"""Writing files so that a reader, and a machine that lost power, sees the whole old file or the whole new one."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def fsync_file(path: Path) -> None:
    """Bring a file's bytes to the disk."""
    _fsync(path, os.O_RDONLY)


def fsync_folder(folder: Path) -> None:
    """Bring a folder's entries (names made, renamed or removed) to the disk."""
    _fsync(folder, os.O_RDONLY | os.O_DIRECTORY)


def write_atomic(path: Path, content: bytes | str | Callable[[Path], object], *, mode: int = 0o644) -> None:
    """Put a file in its place whole: written beside it, fsynced, renamed, and the folder fsynced.

    Args:
        path: where the file goes; its folder must exist.
        content: the bytes, a text (UTF-8), or a function that writes the file at the path it is given.
        mode: the permissions, which the umask may narrow.

    Raises:
        OSError: the disk refuses; `path` then is what it was, and no temporary file is left.
    """
    beside = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        beside.touch(mode=mode, exist_ok=False)
        if callable(content):
            content(beside)
        else:
            beside.write_bytes(content.encode() if isinstance(content, str) else content)
        fsync_file(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    fsync_folder(path.parent)


def link_or_copy(source: Path, target: Path) -> None:
    """Give a file a second name, or a copy where the file system cannot link; `target` must not exist.

    A link is right only for files that never change; a copy is fsynced, and the caller fsyncs the folder.

    Raises:
        FileExistsError: `target` is there already.
    """
    try:
        os.link(source, target)
    except FileExistsError:
        raise
    except OSError:
        if target.exists():
            raise FileExistsError(target.name) from None
        shutil.copyfile(source, target)
        fsync_file(target)


def _fsync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
