"""Rules on `catalogue:` and `schedule:`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from config import lists
from config.errors import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from config.document import Document, DocumentPath
    from config.errors import Problem
    from config.rules.scope import Scope

WEB = re.compile(r"https?://[^\s/<>\"{}|\\^`]+[^\s<>\"{}|\\^`]*")
"""What an IRI may not hold (RFC 3987) could not be written in the catalogue."""
CRON_FIELDS = 5

ADDRESS = Message(
    "config.address",
    nl="Verwacht wordt een webadres dat met http:// of https:// begint.{hint}",
    en="Expected is a web address that starts with http:// or https://.{hint_en}",
)
NOT_OPEN = Message(
    "config.licence-not-open",
    nl="Dit is geen open licentie: niet iedereen mag de data voor alles gebruiken. Kies liever CC0-1.0 of CC-BY-4.0.",
    en="This is not an open licence: not everybody may use the data for everything. Rather choose CC0-1.0 or CC-BY-4.0.",
    severity="warning",
)
CRON = Message(
    "config.cron",
    nl="Dit is geen geldig cron-schema. Schrijf vijf velden: minuut, uur, dag, maand, weekdag, zoals `0 6 * * 1` (maandag 6 uur).",
    en="This is not a valid cron schedule. Write five fields: minute, hour, day, month, weekday, such as `0 6 * * 1` (Monday at 6).",
)
TIMEZONE = Message(
    "config.timezone",
    nl="Deze tijdzone bestaat niet. Schrijf bijvoorbeeld Europe/Amsterdam.",
    en="This time zone does not exist. Write for example Europe/Amsterdam.",
)


def listed(document: Document, path: DocumentPath, values: Callable[[], Mapping[str, object]]) -> Iterator[Problem]:
    """Check that the word or words at a path are in a list."""
    for inner, word in document.texts(*path):
        if word not in values():
            yield lists.not_listed(values, word, document.places.at(*inner))


def licence(document: Document, path: DocumentPath) -> Iterator[Problem]:
    """Check a licence, and warn when it is not an open one."""
    yield from listed(document, path, lists.licences)
    known = lists.licences().get(document.text(*path) or "")
    if known is not None and not known.open:
        yield NOT_OPEN.at(document.places.at(*path))


def address(document: Document, path: DocumentPath, *, but: str | None = None) -> Iterator[Problem]:
    """Check the web address or addresses at a path; `but` is one other word that may stand there."""
    for inner, word in document.texts(*path):
        if word != but and WEB.fullmatch(word) is None:
            hint, hint_en = (f" Of schrijf `{but}`.", f" Or write `{but}`.") if but else ("", "")
            yield ADDRESS.at(document.places.at(*inner), hint=hint, hint_en=hint_en)


def description(scope: Scope) -> Iterator[Problem]:
    """What the catalogue says of a dataset comes out of the lists."""
    document = scope.document
    # A theme of another form than a URI is told by the model.
    themes = {path: uri for path, uri in document.texts("catalogue", "theme") if uri.startswith("http")}
    for path, uri in themes.items():
        if uri not in lists.themes():
            yield lists.not_listed(lists.themes, uri, document.places.at(*path))
    yield from licence(document, ("catalogue", "licence"))
    yield from listed(document, ("catalogue", "frequency"), lists.frequencies)
    yield from listed(document, ("catalogue", "language"), lists.languages)
    yield from listed(document, ("catalogue", "access_rights"), lists.access_rights)
    yield from address(document, ("catalogue", "spatial"), but="municipality")
    for key in ("applicable_legislation", "landing_page"):
        yield from address(document, ("catalogue", key))


def schedule(scope: Scope) -> Iterator[Problem]:
    """The schedule can be computed."""
    cron, timezone = scope.document.text("schedule", "cron"), scope.document.text("schedule", "timezone")
    if cron is not None and not _cron(cron):
        yield CRON.at(scope.document.places.at("schedule", "cron"))
    if timezone is not None and not _timezone(timezone):
        yield TIMEZONE.at(scope.document.places.at("schedule", "timezone"))


def _cron(text: str) -> bool:
    """Say whether cronsim, which computes the moments, takes the expression."""
    from datetime import UTC, datetime

    from cronsim import CronSim, CronSimError

    if len(text.split()) != CRON_FIELDS:
        return False
    try:
        next(CronSim(text, datetime(2024, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration):
        return False
    return True


def _timezone(name: str) -> bool:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
