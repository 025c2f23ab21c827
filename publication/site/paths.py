"""Where everything stands in the site, from its root; pages by their Dutch path (`pages.links.localised` gives the English one).

The addresses are those of `catalogue.iris`: what the catalogue names can be opened here.
"""

from __future__ import annotations

HOME = "index.html"
ABOUT = "about/index.html"
NOT_FOUND = "404.html"
FEED = "feed.atom"
DATA_JSON = "data.json"
FRAGMENTS = "catalogue.cache"
"""Beside the generations: the parts of the catalogue as they were last written."""
GENERATION = "generation.json"
"""The list of every file of the site with its SHA-256."""


def dataset(identifier: str) -> str:
    """Give the page of a dataset."""
    return f"dataset/{identifier}/index.html"


def version(identifier: str, number: str) -> str:
    """Give the page of one version."""
    return f"dataset/{identifier}/{number}/index.html"


def quality(identifier: str, number: str) -> str:
    """Give the page on the quality of one version."""
    return f"dataset/{identifier}/{number}/quality/index.html"


def privacy(identifier: str, number: str) -> str:
    """Give the page on privacy in one version."""
    return f"dataset/{identifier}/{number}/privacy/index.html"


def columns(identifier: str, number: str) -> str:
    """Give the data dictionary of one version."""
    return f"dataset/{identifier}/{number}/columns/index.html"


def download(identifier: str, number: str, file: str) -> str:
    """Give where a file of a version is downloaded."""
    return f"download/{identifier}/{number}/{file}"


def persistent(iri: str, base: str) -> str:
    """Give the page that answers a persistent IRI of ours where no server redirects."""
    return f"{iri.removeprefix(base).strip('/')}/index.html"


def address(base: str, path: str) -> str:
    """Give the public address of a file or page; the name `index.html` is left out."""
    return f"{base}/{path.removesuffix('index.html')}"
