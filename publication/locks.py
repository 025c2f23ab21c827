"""Locks between processes: one holder a dataset, a portal and the ledger; a lock ends with its process, however that ends."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING

from config.errors import LockedError, Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HELD = Message(
    "locked",
    nl="een andere run is met {name} bezig; probeer het straks opnieuw",
    en="another run is busy with {name}; try again later",
)


@contextmanager
def lock(path: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock of a file (made when missing; it stays empty, so that nothing changes by locking).

    Raises:
        LockedError: somebody else holds it, and `wait` is not set.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise LockedError(HELD.at(name=path.stem)) from None
        yield
