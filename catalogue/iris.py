"""Every address that the catalogue and the portal share: persistent IRIs (design §6), pages and downloads.

An IRI never changes after the first release. Ids, versions and file names are safe in an address as they are (`Identifier`); the functions
take them so, and quote nothing.
"""

from __future__ import annotations


def catalogue(base: str) -> str:
    """Give the IRI of the catalogue."""
    return f"{base}/id/catalogue"


def catalogue_page(base: str, number: int) -> str:
    """Give the address of one page of the catalogue, in whatever syntax is asked."""
    return f"{base}/catalogue/page-{number}"


def owner(base: str, iri: str) -> str | None:
    """Give the id of the dataset that a persistent IRI of ours is of, or hangs on; None where no dataset has it for itself.

    The id is the part after the kind: ``…/id/period/bomen/2026-03-09.1`` is of *bomen*. Behind ``#`` stands a part of what is named.
    """
    if not iri.startswith(f"{base}/id/") or iri == area(base):
        return None
    kind, _, rest = iri.removeprefix(f"{base}/id/").partition("#")[0].partition("/")
    return rest.partition("/")[0] or None if kind not in SHARED else None


SHARED = frozenset({"catalogue", "contact", "series"})
"""Kinds of persistent IRIs that no dataset has for itself."""


def belongs(base: str, identifier: str, iri: str) -> bool:
    """Whether a persistent IRI of ours is that of a dataset or of what hangs on it."""
    return owner(base, iri) == identifier


def dataset(base: str, identifier: str) -> str:
    """Give the IRI of a dataset, the same for all its versions."""
    return f"{base}/id/dataset/{identifier}"


def version(base: str, identifier: str, number: str) -> str:
    """Give the IRI of one version of a dataset."""
    return f"{dataset(base, identifier)}/{number}"


def distribution(base: str, identifier: str, number: str, form: str) -> str:
    """Give the IRI of one file of a version, by its format's name."""
    return f"{base}/id/distribution/{identifier}/{number}/{form}"


def checksum(base: str, identifier: str, number: str, form: str) -> str:
    """Give the IRI of the checksum of a file."""
    return f"{distribution(base, identifier, number, form)}/checksum"


def record(base: str, identifier: str) -> str:
    """Give the IRI of the catalogue's record of a dataset."""
    return f"{base}/id/record/{identifier}"


def contact(base: str) -> str:
    """Give the IRI of the contact point."""
    return f"{base}/id/contact"


def area(base: str) -> str:
    """Give the IRI of the municipality as an area."""
    return f"{base}/id/location/municipality"


def location(base: str, identifier: str, number: str) -> str:
    """Give the IRI of the area that one version covers."""
    return f"{base}/id/location/{identifier}/{number}"


def period(base: str, identifier: str, number: str) -> str:
    """Give the IRI of the period that one version covers."""
    return f"{base}/id/period/{identifier}/{number}"


def provenance(base: str, identifier: str) -> str:
    """Give the IRI of the statement on where a dataset comes from."""
    return f"{base}/id/provenance/{identifier}"


def rights(base: str, identifier: str) -> str:
    """Give the IRI of the statement on what may be done with a dataset's files."""
    return f"{base}/id/rights/{identifier}"


def service(base: str, identifier: str, name: str) -> str:
    """Give the IRI of a data service of a dataset."""
    return f"{base}/id/service/{identifier}/{name}"


def service_access(base: str, identifier: str, name: str) -> str:
    """Give the IRI of a dataset as its service gives it: a distribution without a file."""
    return f"{base}/id/distribution/{identifier}/{name}"


def series(base: str, name: str) -> str:
    """Give the IRI of a series of datasets."""
    return f"{base}/id/series/{name}"


def part(whole: str, name: str) -> str:
    """Give the IRI of something that is only known with something else, such as one measurement of a version; it has no page of its own."""
    return f"{whole}#{name}"


def home_page(base: str) -> str:
    """Give the address of the portal's front page."""
    return f"{base}/"


def dataset_page(base: str, identifier: str) -> str:
    """Give the address of a dataset's page."""
    return f"{base}/dataset/{identifier}/"


def version_page(base: str, identifier: str, number: str) -> str:
    """Give the address of a version's page."""
    return f"{base}/dataset/{identifier}/{number}/"


def download(base: str, identifier: str, number: str, file: str) -> str:
    """Give the address of a file of a version."""
    return f"{base}/download/{identifier}/{number}/{file}"
