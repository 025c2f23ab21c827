"""Reading the site as a visitor: the page of a dataset says which version it stands for, and its files are downloaded and weighed."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from engine.hashing import sha256
from pages.links import localised
from pages.texts import LANGUAGES
from publication.portals.base import Seen
from publication.site import paths

if TYPE_CHECKING:
    from pathlib import Path


class _Structured(HTMLParser):
    """Takes the JSON-LD out of a page."""

    def __init__(self) -> None:
        super().__init__()
        self._inside = False
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and ("type", "application/ld+json") in attrs

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.text += data


def described(page: str) -> dict[str, Any] | None:
    """Give the schema.org description in a page, None where there is none."""
    reader = _Structured()
    reader.feed(page)
    reader.close()
    told: dict[str, Any] | None = json.loads(reader.text) if reader.text else None
    return told


def visit(root: Path, dataset: str, base: str) -> Seen | None:
    """Give what the site holds of a dataset; None where it has no page, or the languages or a file disagree with what a page says."""
    path = paths.dataset(dataset)
    location = paths.address(base, path)
    found = []
    for language in LANGUAGES:
        try:
            found.append(described((root / localised(path, language)).read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return None
    versions = {told["version"] if told else None for told in found}
    if len(versions) > 1:
        return None
    if found[0] is None:
        return Seen(None, {}, location)
    digests = {}
    for file in found[0]["distribution"]:
        if "sha256" not in file:
            continue  # a service; a file without its digest would be missed by whoever compares
        target = root / file["contentUrl"].removeprefix(f"{base}/")
        if not target.is_file() or (digest := sha256(target)) != file["sha256"]:
            return None
        digests[file["name"]] = digest
    return Seen(found[0]["version"], digests, location)
