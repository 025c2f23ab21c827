"""Words for people: a did-you-mean, and a list of choices as one phrase."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

CUTOFF = 0.6
SHOWN = 12
"""More choices than this are not listed: the first ones and a count say enough."""


def closest(word: str, choices: Iterable[str]) -> str | None:
    """Give the choice that looks most like the word, upper and lower case aside, or None when none comes near.

    The measure is the ratio of difflib (Ratcliff and Obershelp); a choice that starts or ends with the word (``REGI``) also counts.
    """
    by_fold: dict[str, str] = {}
    for choice in choices:
        by_fold.setdefault(choice.casefold(), choice)
    fold = word.casefold().strip()
    near = get_close_matches(fold, by_fold, n=1, cutoff=CUTOFF)
    if near:
        return by_fold[near[0]]
    whole = [choice for key, choice in by_fold.items() if len(fold) > 1 and (key.startswith(fold) or key.endswith(fold))]
    return min(whole, key=len) if whole else None


def hints(word: str, choices: Iterable[str]) -> tuple[str, str]:
    """Give what to type instead, in Dutch and English: a did-you-mean, else the choices; each starts with a space."""
    known = list(choices)
    near = closest(word, known)
    if near is not None:
        return f" Bedoelt u `{near}`?", f" Did you mean `{near}`?"
    if not known:
        return "", ""
    listed = ", ".join(f"`{choice}`" for choice in known[:SHOWN])
    rest = len(known) - SHOWN
    return (
        f" Kies uit: {listed}{f' en nog {rest}' if rest > 0 else ''}.",
        f" Choose from: {listed}{f' and {rest} more' if rest > 0 else ''}.",
    )
