"""Outcomes for people: one line a dataset, its reasons below, and where to look."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from config.errors import Language
    from publication.outcome import Outcome

WORDS: dict[str, tuple[str, str, str]] = {
    "published": ("gepubliceerd", "published", "green"),
    "unchanged": ("ongewijzigd", "unchanged", "green"),
    "awaiting-approval": ("wacht op goedkeuring", "awaiting approval", "yellow"),
    "rejected": ("afgewezen", "rejected", "red"),
    "blocked": ("geblokkeerd", "blocked", "red"),
    "failed": ("mislukt", "failed", "red"),
    "locked": ("bezet", "locked", "yellow"),
    "skipped": ("overgeslagen", "skipped", "yellow"),
    "withdrawn": ("ingetrokken", "withdrawn", "yellow"),
}
PASSED = ("in orde, niets openbaar gemaakt", "passed, nothing made public", "green")
MARKS = {"green": "✓", "yellow": "…", "red": "✗"}


def print_outcomes(console: Console, outcomes: Sequence[Outcome], language: Language = "nl", *, dry: bool = False) -> None:
    """Print a line a dataset: mark, id, version, outcome, what portals did; reasons indented below it."""
    width = max((len(outcome.dataset) for outcome in outcomes), default=0)
    for outcome in outcomes:
        nl, en, style = PASSED if dry and outcome.outcome == "skipped" else WORDS[outcome.outcome]
        word = nl if language == "nl" else en
        version = f"{outcome.version} " if outcome.version else ""
        told = 0 if language == "nl" else 1
        portals = ", ".join(f"{name}: {WORDS[state][told]}" for name, state in outcome.portals.items())
        line = f" {MARKS[style]} {outcome.dataset:<{width}}  {version}{word}" + (f" ({portals})" if portals else "")
        console.print(line, style=style, markup=False)
        for reason in outcome.reasons:
            console.print("     " + reason.text(language).replace("\n", "\n     "), markup=False)


def summary(outcomes: Sequence[Outcome], language: Language = "nl", *, dry: bool = False) -> str:
    """Give the closing line: how many datasets came out how."""
    counts: dict[str, int] = {}
    for outcome in outcomes:
        counts[outcome.outcome] = counts.get(outcome.outcome, 0) + 1
    words = WORDS | {"skipped": PASSED} if dry else WORDS
    return ", ".join(f"{count} {words[name][0 if language == 'nl' else 1]}" for name, count in counts.items())
