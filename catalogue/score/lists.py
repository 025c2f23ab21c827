"""The lists that the metrics look values up in, as in 2022: file types, media types of IANA, and the licences data.europa.eu knows.

They say what the European portal counts, which is not what is best: Parquet and GeoPackage are on neither list of formats.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from catalogue.namespaces import AUTHORITY
from config import lists

FOLDER = Path(__file__).parent / "lists"
FILE_TYPE = f"{AUTHORITY}file-type/"
ACCESS_RIGHT = f"{AUTHORITY}access-right/"
MEDIA_TYPES = ("https://www.iana.org/assignments/media-types/", "http://www.iana.org/assignments/media-types/")


@cache
def _formats() -> tuple[dict[str, str], ...]:
    with (FOLDER / "file_types.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def file_types() -> frozenset[str]:
    """Give the IRIs of the EU file types; those that we write are among them, younger than the list or not."""
    return frozenset(FILE_TYPE + row["code"] for row in _formats()) | {one.uri for one in lists.file_types().values()}


@cache
def non_proprietary() -> frozenset[str]:
    """Give the IRIs of the file types that need nobody's program."""
    return frozenset(FILE_TYPE + row["code"] for row in _formats() if row["non_proprietary"] == "true")


@cache
def machine_readable() -> frozenset[str]:
    """Give the IRIs of the file types that a machine can interpret."""
    return frozenset(FILE_TYPE + row["code"] for row in _formats() if row["machine_readable"] == "true")


@cache
def media_types() -> frozenset[str]:
    """Give the names of the media types that IANA registered."""
    return frozenset((FOLDER / "media_types.txt").read_text(encoding="utf-8").split())


@cache
def licences() -> frozenset[str]:
    """Give the addresses of known licences, without a slash at the end: EU licences and what the portal takes for the same."""
    known = {line.rstrip("/") for line in (FOLDER / "licences.txt").read_text(encoding="utf-8").split()}
    return frozenset(known | {licence.uri for licence in lists.licences().values()})


@cache
def access_rights() -> frozenset[str]:
    """Give the IRIs of the EU access rights, those that never come with open data included."""
    return frozenset(ACCESS_RIGHT + code for code in ("PUBLIC", "RESTRICTED", "NON_PUBLIC", "CONFIDENTIAL", "SENSITIVE", "NORMAL"))


def is_media_type(value: str) -> bool:
    """Whether a value names a media type of IANA: its address in IANA's list, or the bare name."""
    start = next((start for start in MEDIA_TYPES if value.startswith(start)), "")
    return value.removeprefix(start).lower() in media_types()
