"""How the site is served, as one table: media types, headers, how long a copy keeps, and where a persistent address leads.

`publication.site_server` serves by it, and `publication.nginx` writes it down for a public server, so that both answer alike.
"""

from __future__ import annotations

import re
from typing import Final

BINARY: Final = "application/octet-stream"
MEDIA_TYPES: Final = {
    "atom": "application/atom+xml; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "parquet": "application/vnd.apache.parquet",
    "rdf": "application/rdf+xml",
    "SHA256SUMS": "text/plain; charset=utf-8",
    "svg": "image/svg+xml",
    "ttl": "text/turtle; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
}
"""Media type by the end of a name; browsers are told not to guess another."""

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""What every answer carries: a browser runs and loads nothing from elsewhere."""

ASK_AGAIN: Final = "no-cache"
KEEP: Final = "public, max-age=86400, immutable"
"""A version never changes, but it can be withdrawn: a copy of it lives a day in somebody's cache, and no longer."""
IMMUTABLE: Final = re.compile(r"^/download/[^/]+/[0-9]{4}-[0-9]{2}-[0-9]{2}\.[0-9]+/")
"""Paths, below the base address, of what never changes."""

FORMS: Final[tuple[tuple[str, str], ...]] = (
    (r"^\s*(text/html|application/xhtml\+xml)", "html"),
    (r"text/turtle", "ttl"),
    (r"application/ld\+json", "jsonld"),
    (r"application/rdf\+xml", "rdf"),
)
"""Pattern in `Accept` → form, tried in this order; a browser names HTML first. Whoever names none of them gets HTML."""

_NAME, _VERSION = r"[a-z0-9][a-z0-9-]*", r"[0-9]{4}-[0-9]{2}-[0-9]{2}\.[0-9]+"
PLACES: Final[tuple[tuple[str, str, str], ...]] = (
    (r"^/id/catalogue/?$", "/", "/catalogue.{form}"),
    (r"^/catalogue/page-([0-9]+)$", "/", r"/catalogue/page-{1}.{form}"),
    (r"^/id/contact/?$", "/about/", "/catalogue.{form}"),
    (r"^/id/location/municipality/?$", "/", "/catalogue.{form}"),
    (rf"^/id/series/{_NAME}/?$", "/", "/catalogue.{form}"),
    (rf"^/id/[a-z]+/({_NAME})/({_VERSION})(?:/.*)?$", "/dataset/{1}/{2}/", "/dataset/{1}/index.{form}"),
    (rf"^/id/[a-z]+/({_NAME})(?:/.*)?$", "/dataset/{1}/", "/dataset/{1}/index.{form}"),
)
"""Persistent address below the base → the page that shows it, and the file that describes it; the first that matches holds."""


def form(accept: str) -> str:
    """Give the form that a visitor wants, by the `Accept` header."""
    return next((name for pattern, name in FORMS if re.search(pattern, accept, re.IGNORECASE)), "html")


def place(path: str, accept: str) -> str | None:
    """Give where a persistent address (path below the base) leads, None for any other address."""
    for pattern, page, file in PLACES:
        found = re.fullmatch(pattern.removeprefix("^").removesuffix("$"), path)
        if found:
            wanted = form(accept)
            target = page if wanted == "html" else file.replace("{form}", wanted)
            for number, part in enumerate(found.groups(), 1):
                target = target.replace(f"{{{number}}}", part)
            return target
    return None


def caching(path: str) -> str:
    """Give the `Cache-Control` of a path below the base."""
    return KEEP if IMMUTABLE.match(path) else ASK_AGAIN
