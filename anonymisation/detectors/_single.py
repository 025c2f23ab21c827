"""Kinds of which one occurrence is enough: their form is so special that chance hardly makes one."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from anonymisation.detectors.base import Found, Header, Tally, candidates, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import pyarrow as pa


class Single:
    """Look for a kind in texts; whole numbers cannot hold it.

    Attributes:
        rough: an RE2 pattern that every text with the kind matches.
        reason: the sentence in Dutch and in English.
    """

    kind: str
    rough: ClassVar[str]
    reason: ClassVar[tuple[str, str]]

    def __init__(self, header: Header) -> None:
        """Start at nothing; the header is no evidence here."""
        del header
        self.tally = Tally()

    def within(self, text: str) -> Iterator[str]:
        """Give the occurrences inside a text."""
        raise NotImplementedError

    def texts(self, values: pa.StringArray, times: np.ndarray) -> None:
        """Count the cells with at least one."""
        for text, count in candidates(values, times, self.rough):
            if (first := next(self.within(plain(text)), None)) is not None:
                self.tally.add(first, count)

    def numbers(self, values: np.ndarray, times: np.ndarray) -> None:
        """Pass over numbers."""

    def found(self) -> Found | None:
        """One is a hit."""
        if not self.tally.hits:
            return None
        return Found(self.tally.hits, None, self.tally.pattern(), *self.reason, hit=True)
