"""A cache of texts in one file: what is in it can always be made again, so whatever is wrong with it counts as nothing there."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

TABLE = "create table if not exists packed (name text primary key, digest blob not null, size integer not null, body blob not null)"
CODEC = "zstd"
PATIENCE = 1.0
"""Seconds to wait for another process that writes; after that nothing is kept this time."""


class Cache:
    """Texts by name, each with its digest; used in a ``with`` block, at the end of which all that was put is kept.

    Two processes can use one file: each reads what is whole, and one that does not get its turn to write keeps nothing.
    """

    def __init__(self, file: Path | None) -> None:
        """Use a file, or none: then it holds nothing and keeps nothing."""
        self._file = file
        self._database: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        """Open the file; one that is no cache is thrown away."""
        if self._file is None:
            return self
        self._file.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(2):
            try:
                self._database = sqlite3.connect(self._file, timeout=PATIENCE)
                self._database.execute("pragma synchronous = off")
                self._database.execute(TABLE)
                break
            except sqlite3.OperationalError:
                self._close()
                break
            except sqlite3.DatabaseError:
                self._close()
                self._file.unlink(missing_ok=True)
        return self

    def __exit__(self, *_: object) -> None:
        """Keep what was put, where that is possible."""
        if self._database is not None:
            with suppress(sqlite3.DatabaseError):
                self._database.commit()
        self._close()

    def get(self, name: str) -> str | None:
        """Give a text, None where it is not there or is damaged."""
        if self._database is None:
            return None
        try:
            row = self._database.execute("select digest, size, body from packed where name = ?", (name,)).fetchone()
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            return None
        return _unpacked(*row) if row else None

    def put(self, name: str, body: str) -> None:
        """Keep a text under a name."""
        if self._database is not None:
            with suppress(sqlite3.DatabaseError):
                self._database.execute("insert or replace into packed values (?, ?, ?, ?)", (name, *_packed(body)))

    def only(self, names: Iterable[str]) -> None:
        """Drop every text that is not named."""
        if self._database is None:
            return
        wanted = set(names)
        with suppress(sqlite3.DatabaseError):
            gone = [row for row in self._database.execute("select name from packed") if row[0] not in wanted]
            self._database.executemany("delete from packed where name = ?", gone)

    def _close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None


def _packed(text: str) -> tuple[bytes, int, bytes]:
    """Give the digest of a packed text, the bytes that it has unpacked, and the packed text."""
    import pyarrow as pa

    plain = text.encode("utf-8", "surrogatepass")
    body = pa.compress(plain, codec=CODEC, asbytes=True)
    return hashlib.sha256(body).digest(), len(plain), body


def _unpacked(digest: object, size: object, body: object) -> str | None:
    """Give the text again; None where it is not as it was packed."""
    import pyarrow as pa

    if not (isinstance(size, int) and isinstance(body, bytes) and hashlib.sha256(body).digest() == digest):
        return None
    try:
        text: str = pa.decompress(body, size, codec=CODEC, asbytes=True).decode("utf-8", "surrogatepass")
    except (OSError, ValueError):
        return None
    return text
