"""Bank account numbers (IBAN, ISO 13616), whole or inside a text, with or without spaces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from anonymisation.detectors._single import Single
from config.identifiers import is_iban

if TYPE_CHECKING:
    from collections.abc import Iterator

START = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{2}[0-9]{2}(?=[ -]?[0-9A-Za-z]{4})")
SHORTEST, LONGEST = 15, 34


class Detector(Single):
    """IBANs in one column."""

    kind = "iban"
    rough = r"[A-Za-z]{2}[0-9]{2}[ \x{a0}\x{202f}\x{2010}-\x{2013}-]?[0-9A-Za-z]{4}"
    reason = (
        "Er staat een bankrekeningnummer (IBAN) in met een kloppend controlegetal.",
        "It holds a bank account number (IBAN) with a right check digit.",
    )

    def within(self, text: str) -> Iterator[str]:
        """Try every length that an account number may have from each start: only that of its country is right."""
        for match in START.finditer(text):
            for piece in _pieces(text, match.start()):
                if is_iban(piece):
                    yield piece
                    break


def _pieces(text: str, start: int) -> Iterator[str]:
    """Give the pieces from a start that end where a word ends, of 15 to 34 letters and digits."""
    held = 0
    for end in range(start, len(text)):
        if text[end].isascii() and text[end].isalnum():
            held += 1
            whole = end + 1 == len(text) or not text[end + 1].isalnum()
            if SHORTEST <= held <= LONGEST and whole:
                yield text[start : end + 1]
        elif text[end] not in " -" or text[end - 1] in " -":
            return
        if held > LONGEST:
            return
