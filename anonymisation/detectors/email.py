"""E-mail addresses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from anonymisation.detectors._single import Single
from config.identifiers import is_email

if TYPE_CHECKING:
    from collections.abc import Iterator

AROUND = re.compile(r"[^\s<>()\[\]{},;:|\"/\\=]+@[A-Za-z0-9.-]+")


class Detector(Single):
    """E-mail addresses in one column."""

    kind = "email"
    rough = "[^ ]@[^ ]"
    reason = ("Er staat een e-mailadres in.", "It holds an e-mail address.")

    def within(self, text: str) -> Iterator[str]:
        """Give what stands around an at sign and is an address, the full stop of a sentence aside."""
        for match in AROUND.finditer(text):
            address = match[0].strip(".'-")
            if is_email(address):
                yield address
