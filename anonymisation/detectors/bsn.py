"""The citizen service number (BSN): nine digits that pass the eleven-test, as one in eleven random numbers does.

A number alone therefore proves nothing. Three things do: the header says so, a word beside the number says so, or of the distinct
nine-digit numbers in the column clearly more pass than chance allows (exact binomial test). Distinct numbers are counted, because a code
that is repeated a thousand times is one piece of evidence.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

from anonymisation.detectors.base import ENDS, SEPARATOR, SEPARATOR_RE2, STARTS, Found, Header, Tally, candidates, plain
from config.identifiers import BSN_WEIGHTS, is_bsn

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

CHANCE: Final = 1 / 11
SURE: Final = 1e-5
"""Below this probability the number that passes is no chance any more; five out of five is just below."""
CLEARLY: Final = 1.25
"""And it must be this many times chance: in a long column a trifle is already unlikely."""
REMEMBERED: Final = 200_000
"""Distinct numbers remembered per column, 2 MB; after that repeats count again, batch by batch."""
WORDS: Final = ("bsn", "burgerservicenummer", "burgerservicenr", "burgerservice", "sofinummer", "sofinr", "sofi")
NINE: Final = 9
MASKS: Final = {8: "99999999", NINE: "999999999"}

ROUGH = rf"[0-9](?:{SEPARATOR_RE2}?[0-9]){{7,8}}"
BEFORE = r"(?:" + STARTS + r"|(?<=bsn)|(?<=BSN))"
ANY = re.compile(rf"{BEFORE}[0-9](?:{SEPARATOR}?[0-9]){{7,8}}{ENDS}")
# As people group the digits: 123456782, 123 456 782, 1234.56.782.
GROUPED = re.compile(r"[0-9]{9}|[0-9]{3}([ .-])[0-9]{3}\1[0-9]{3}|[0-9]{4}([ .-])[0-9]{2}\2[0-9]{3}")
CONTEXT = re.compile(r"(?i)(?<![a-z])(?:bsn|burger ?service ?(?:nummer|nr)|citizen service number|sofi[ -]?(?:nummer|nr)?(?![a-z]))")
NEAR: Final = 32
"""How many characters before or after the number a word may stand."""


class Detector:
    """BSNs in one column."""

    kind = "bsn"

    def __init__(self, header: Header) -> None:
        """Look at the header first."""
        self.named = (
            any(word.startswith(WORDS) or word.endswith("bsn") for word in header.words()) or CONTEXT.search(header.title) is not None
        )
        self.valid, self.beside = Tally(), Tally()
        self.distinct = self.passed = 0
        self.seen: np.ndarray | None = None

    def texts(self, values: pa.StringArray, times: np.ndarray) -> None:
        """Look for numbers of eight or nine digits in texts; a text that is nothing but digits takes the fast way."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        bare = pc.match_substring_regex(values, "^[0-9]{8,9}$")
        whole, taken = values.filter(bare), bare.to_numpy(zero_copy_only=False)
        self._test(whole.cast(pa.int64()).to_numpy(), times[taken], pc.utf8_length(whole).to_numpy())
        grouped: list[int] = []
        for raw, count in candidates(values.filter(pc.invert(bare)), times[~taken], ROUGH):
            text = plain(raw)
            found = [match for match in ANY.finditer(text) if _outside_a_date(match[0])]
            grouped += [int(re.sub(r"[ .-]", "", match[0])) for match in found if GROUPED.fullmatch(match[0])]
            good = [match for match in found if is_bsn(match[0])]
            if not good:
                continue
            self.valid.add(good[0][0], count)
            if near := [match for match in good if CONTEXT.search(text[max(0, match.start() - NEAR) : match.end() + NEAR])]:
                self.beside.add(near[0][0], count)
        self._weigh(np.array(grouped, np.int64))

    def numbers(self, values: np.ndarray, times: np.ndarray) -> None:
        """Test whole numbers; one of eight digits lost its zero."""
        import numpy as np

        digits = np.where((values >= 10**7) & (values < 10**8), 8, np.where((values >= 10**8) & (values < 10**9), NINE, 0))
        self._test(values[digits > 0], times[digits > 0], digits[digits > 0])

    def _test(self, values: np.ndarray, times: np.ndarray, digits: np.ndarray) -> None:
        """Count the numbers of eight and nine digits that pass, and weigh those of nine."""
        good = eleven_test(values)
        for size, form in MASKS.items():
            if held := int(times[good & (digits == size)].sum()):
                self.valid.hits += held
                self.valid.forms[form] += held
        self._weigh(values[digits == NINE])

    def _weigh(self, numbers: np.ndarray) -> None:
        """Add nine-digit numbers to the evidence, each once."""
        import numpy as np

        fresh = np.unique(numbers)
        if self.seen is None:
            self.seen = fresh[:0]
        fresh = fresh[~np.isin(fresh, self.seen, assume_unique=True)]
        if len(self.seen) < REMEMBERED:
            self.seen = np.union1d(self.seen, fresh)
        self.distinct += len(fresh)
        self.passed += int(eleven_test(fresh).sum())

    def found(self) -> Found | None:
        """Weigh header, words beside it, and chance, in this order."""
        if not self.valid.hits:
            return None
        share = self.passed / self.distinct if self.distinct else 0.0
        lift = round(share / CHANCE, 2) if self.distinct else None
        if self.named:
            nl, en = "De naam of titel van de kolom noemt een BSN.", "The name or title of the column speaks of a BSN."
            return Found(self.valid.hits, lift, self.valid.pattern(), nl, en, hit=True)
        if self.beside.hits:
            nl, en = "In de cel staat een woord als BSN naast het getal.", "In the cell a word such as BSN stands beside the number."
            return Found(self.beside.hits, lift, self.beside.pattern(), nl, en, hit=True)
        numbers = f"{100 * share:.0f} %"
        if share >= CLEARLY * CHANCE and survival(self.distinct, self.passed, CHANCE) < SURE:
            nl = f"{numbers} van de verschillende getallen van negen cijfers doorstaat de elfproef; door toeval is dat 9 %."
            en = f"{numbers} of the distinct numbers of nine digits pass the eleven-test; by chance that is 9 %."
            return Found(self.valid.hits, lift, self.valid.pattern(), nl, en, hit=True)
        nl = f"Niet meer dan toeval: {numbers} van de verschillende getallen van negen cijfers doorstaat de elfproef."
        en = f"No more than chance: {numbers} of the distinct numbers of nine digits pass the eleven-test."
        return Found(self.valid.hits, lift, self.valid.pattern(), nl, en, hit=False)


def eleven_test(values: np.ndarray) -> np.ndarray:
    """Say of whole numbers below 10^9, int64, shape (n,), which are a BSN: boolean, shape (n,)."""
    import numpy as np

    total = np.zeros(len(values), np.int64)
    for place, weight in enumerate(BSN_WEIGHTS):
        total += weight * (values // 10 ** (8 - place) % 10)
    passes: np.ndarray = (total % 11 == 0) & (values > 0)
    return passes


def survival(trials: int, passed: int, chance: float) -> float:
    """Give P(X >= passed) of a binomial distribution, summed from the term at `passed` upward until terms no longer count."""
    if passed <= trials * chance:
        return 1.0
    log = math.lgamma(trials + 1) - math.lgamma(passed + 1) - math.lgamma(trials - passed + 1)
    term = math.exp(log + passed * math.log(chance) + (trials - passed) * math.log1p(-chance))
    total = 0.0
    for count in range(passed, trials + 1):
        total += term
        if term <= total * 1e-12:
            break
        term *= (trials - count) / (count + 1) * chance / (1 - chance)
    return min(1.0, total)


def _outside_a_date(text: str) -> bool:
    """Tell a grouped number from a date such as 31-12-2024 or 2024-12-31."""
    return re.fullmatch(r"[0-9]{1,2}([ .-])[0-9]{1,2}\1(?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}([ .-])[0-9]{2}\2[0-9]{2}", text) is None
