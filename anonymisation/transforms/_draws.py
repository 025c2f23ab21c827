"""Chance that comes from a secret: every record draws its own numbers, by what it holds and not by where it stands.

A number is a keyed hash (BLAKE2b, RFC 7693) of the record's mark and of its place among the records that are the same. So the same records
under the same secret draw the same, in any order; a record that did not change draws the same in the next release, and two releases
cannot be averaged to take the noise out. Nobody can draw again without the secret.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from anonymisation.transforms.base import Records

WORD = 8
"""Bytes of one number."""


def marks_of(codes: np.ndarray, texts: list[str | None], name: str, key: bytes) -> np.ndarray:
    """Give the mark of a column of each record (uint64, n x 2); the mark of a record is their sum.

    Args:
        codes: per record the position of its value in `texts`.
        texts: the distinct values; None is a missing one.
        name: of the column.
        key: at most 64 bytes.
    """
    import numpy as np

    head = len(name.encode()).to_bytes(4, "big") + name.encode()
    cells = (head + (b"\0" if text is None else b"\1" + text.encode()) for text in texts)
    hashed = b"".join(hashlib.blake2b(cell, digest_size=2 * WORD, key=key).digest() for cell in cells)
    found: np.ndarray = np.frombuffer(hashed, "<u8").reshape(-1, 2)[codes]
    return found


def uniforms(records: Records, key: bytes, count: int) -> np.ndarray:
    """Draw `count` numbers for every record: float64, n x count, above 0 and below 1."""
    import numpy as np

    marks = records.marks(key)
    seeds = np.column_stack([marks, occurrences(marks)]).astype("<u8").tobytes()
    step, size = 3 * WORD, count * WORD
    hashed = [hashlib.blake2b(seeds[at : at + step], digest_size=size, key=key).digest() for at in range(0, len(seeds), step)]
    drawn = np.frombuffer(b"".join(hashed), "<u8").reshape(-1, count)
    # 52 bits and a half: never 0 or 1, which have no quantile.
    numbers: np.ndarray = ((drawn >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
    return numbers


def occurrences(marks: np.ndarray) -> np.ndarray:
    """Number records with the same mark from 0 on (which gets which does not matter: they are the same)."""
    import numpy as np

    order = np.lexsort((marks[:, 1], marks[:, 0]))
    ordered = marks[order]
    fresh = np.ones(len(ordered), dtype=bool)
    fresh[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    starts = np.flatnonzero(fresh)
    numbers = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order))))
    found = np.empty(len(order), dtype=np.uint64)
    found[order] = numbers
    return found
