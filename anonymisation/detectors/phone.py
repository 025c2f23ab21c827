"""Dutch telephone numbers: national or with +31, in the groups that people write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from anonymisation.detectors._single import Single
from anonymisation.detectors.base import ENDS, SEPARATOR_RE2, STARTS
from config.identifiers import is_phone

if TYPE_CHECKING:
    from collections.abc import Iterator

# After the prefix: at least one digit of the area before a separator, so that 0.612345678 is a number and no telephone.
NUMBER = re.compile(rf"{STARTS.replace('+', '')}(?:(?:\+31|0031)[ .-]?(?:\(0\))?[ .-]?|\(?0)[1-9](?:[ .)-]{{0,2}}[0-9]){{7,9}}{ENDS}")
DATE = re.compile(r"[0-9]{1,2}([ .-])[0-9]{1,2}\1(?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}([ .-])[0-9]{2}\2[0-9]{2}")


class Detector(Single):
    """Telephone numbers in one column."""

    kind = "phone"
    rough = rf"(?:\+31|0){SEPARATOR_RE2}?\(?0?\)?{SEPARATOR_RE2}?[1-9](?:[ .)\x{{a0}}\x{{202f}}\x{{2010}}-\x{{2013}}-]{{0,2}}[0-9]){{7}}"
    reason = ("Er staat een telefoonnummer in.", "It holds a telephone number.")

    def within(self, text: str) -> Iterator[str]:
        """Give the numbers that exist as such: the digits are held against the numbering plan, and a date is none."""
        for match in NUMBER.finditer(text):
            number = match[0].lstrip("(")
            if DATE.search(number) is None and is_phone(re.sub(r"\(0\)|[^0-9+]", "", number)):
                yield number
