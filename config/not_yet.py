"""Keys and values that are valid and documented, but not built yet: naming one is refused, never ignored.

The sentence is always ``nog niet beschikbaar:`` and the path in the document, with the value where the key itself does work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from config.errors import Message
from config.registry import FORMATS, PORTALS, SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from config.document import Document, DocumentPath
    from config.errors import Problem
    from config.registry import Registry

NOT_YET = Message("not-yet", nl="nog niet beschikbaar: {what}", en="not available yet: {what}")

KEYS: tuple[DocumentPath, ...] = (
    ("privacy", "rules", "dominance"),
    ("privacy", "holding"),
)
VALUES: Mapping[DocumentPath, frozenset[str | bool]] = {
    ("privacy", "protect", "method"): frozenset({"round", "cellkey"}),
    ("privacy", "rules", "group_disclosure"): frozenset({True}),
}
ACTIONS = frozenset({"scan"})
EXPECTATIONS = frozenset(
    {
        "expect_column_values_to_match_like_pattern",
        "expect_column_values_to_match_like_pattern_list",
        "expect_column_values_to_not_match_like_pattern",
        "expect_column_values_to_not_match_like_pattern_list",
        "expect_query_results_to_match_comparison",
        "expect_table_row_count_to_equal_other_table",
        "unexpected_rows_expectation",
    }
)
"""Checks that Great Expectations computes in a database only."""


def in_dataset(document: Document) -> Iterator[Problem]:
    """Yield what a declaration or policy asks that is not built yet."""
    yield from _kind(document, ("source", "kind"), SOURCES)
    for inner, name in document.texts("publication", "distributions"):
        if _planned(FORMATS, name):
            yield _problem(document, inner, name)
    for index, _ in enumerate(document.items("quality", "expectations")):
        path = ("quality", "expectations", index, "type")
        check = document.text(*path)
        if check in EXPECTATIONS:
            yield _problem(document, path, check)
    yield from _protection(document)
    for part in ("columns", "dimensions"):
        for column in document.mapping("privacy", part):
            yield from _column(document, ("privacy", part, column))


def _protection(document: Document) -> Iterator[Problem]:
    """Yield the keys and values of the protection as a whole."""
    for path in KEYS:
        if document.get(*path) is not None:
            yield NOT_YET.at(document.places.key(*path), what=".".join(str(part) for part in path))
    for path, values in VALUES.items():
        value = document.get(*path)
        if isinstance(value, str | bool) and value in values:
            yield _problem(document, path, "true" if value is True else value)


def _column(document: Document, path: DocumentPath) -> Iterator[Problem]:
    """Yield the action of one column."""
    word = document.text(*path, "action")
    if word in ACTIONS:
        yield _problem(document, (*path, "action"), word)


def in_municipality(document: Document) -> Iterator[Problem]:
    """Yield what `municipality.yaml` asks that is not built yet."""
    for name in document.mapping("portals"):
        yield from _kind(document, ("portals", name, "kind"), PORTALS)


def second_table(document: Document, first: str) -> Problem:
    """Give the problem of a second table out of one source: two tables together can undo what each of them hides."""
    return NOT_YET.at(document.places.at("source"), what=f"source (een tweede tabel uit de bron van {first})")


def _kind(document: Document, path: DocumentPath, registry: Registry) -> Iterator[Problem]:
    word = document.text(*path)
    if word is not None and _planned(registry, word):
        yield _problem(document, path, word)


def _planned(registry: Registry, word: str) -> bool:
    return word in registry.planned and word not in registry.modules


def _problem(document: Document, path: DocumentPath, word: object) -> Problem:
    return NOT_YET.at(document.places.at(*path), what=f"{'.'.join(str(part) for part in path)} {word}")
