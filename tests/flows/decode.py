"""Every byte of a file as a finder of leaks would see it: raw, and decoded by what the file is."""

from __future__ import annotations

import gzip
import io
import sqlite3
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def texts(path: Path) -> Iterator[bytes]:
    """Give the file's bytes, then what its format hides: zip members, gzip, Parquet and xlsx cells, rows of a SQLite database."""
    raw = path.read_bytes()
    yield from _of(raw)
    if raw.startswith(b"SQLite format 3\0"):
        yield from _sqlite(path)


def _of(raw: bytes) -> Iterator[bytes]:
    yield raw
    if raw.startswith(b"\x1f\x8b"):
        yield from _of(gzip.decompress(raw))
    if raw.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for name in archive.namelist():
                yield from _of(archive.read(name))
    if raw.startswith(b"PAR1"):
        yield from _parquet(raw)


def _parquet(raw: bytes) -> Iterator[bytes]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pq.read_table(pa.BufferReader(raw))
    for column in table.columns:
        yield "\n".join(str(value) for value in column.to_pylist()).encode()


def _sqlite(path: Path) -> Iterator[bytes]:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        for (table,) in connection.execute("select name from sqlite_master where type = 'table'").fetchall():
            quoted = '"' + table.replace('"', '""') + '"'
            for row in connection.execute(f"select * from {quoted}"):  # noqa: S608 - the name comes from the database itself
                for value in row:
                    yield value if isinstance(value, bytes) else str(value).encode()
