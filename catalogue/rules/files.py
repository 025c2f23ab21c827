"""Files: what kind they are, how big, and whether they are what was published."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rdflib import DCTERMS, URIRef

from catalogue.namespaces import DCAT, DCATAP, SPDX, short
from catalogue.rules.check import Check
from catalogue.rules.view import rule, shown
from config import lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalogue.findings import CatalogueFinding
    from catalogue.rules.view import View

DATA_GOVERNANCE_ACT = URIRef("http://data.europa.eu/eli/reg/2022/868/oj")

NO_MEDIA_TYPE = Check(
    "download-media-type",
    nl="er is een download, maar er staat niet bij wat voor bestand het is (dcat:mediaType).",
    en="there is a download, but it does not say what kind of file it is (dcat:mediaType).",
    props="dcat:mediaType",
    source="DCAT-AP-NL 3.0: mediatype bij een download",
)
MEDIA_TYPE = Check(
    "media-type",
    nl="{value} is geen mediatype van IANA; schrijf bijvoorbeeld <https://www.iana.org/assignments/media-types/text/csv>.",
    en="{value} is no IANA media type; write for example <https://www.iana.org/assignments/media-types/text/csv>.",
    props="dcat:mediaType dcat:compressFormat dcat:packageFormat",
    source="DCAT-AP-NL 3.0, waardelijsten (IANA)",
)
FORMAT_MEDIA = Check(
    "format-media-type",
    nl="het formaat is {format}, maar het mediatype is {media}; dat kan niet allebei.",
    en="the format is {format}, but the media type is {media}; that cannot be both.",
    severity="warning",
    props="dcat:mediaType",
    source="DCAT-AP-NL 3.0, dct:format en dcat:mediaType",
)
COPY_ACCESS = Check(
    "access-copy",
    nl="er is geen toegangsadres; neem dat van {other} over.",
    en="there is no access address; copy that of {other}.",
    props="dcat:accessURL",
    source="DCAT-AP-NL 3.0, dcat:accessURL: altijd gevuld",
)
DGA_MISSING = Check(
    "dga",
    nl="deze dataset valt onder de datagovernanceverordening; dan is {missing} verplicht.",
    en="this dataset falls under the Data Governance Act; {missing} is then mandatory.",
    props="dct:format dcat:byteSize dct:rights",
    source="Verordening (EU) 2022/868; DCAT-AP-NL 3.0",
)
NO_SIZE = Check(
    "size-zero",
    nl="het bestand zou 0 bytes groot zijn; dan is er niets te downloaden.",
    en="the file would be 0 bytes; then there is nothing to download.",
    severity="warning",
    props="dcat:byteSize",
    source="DCAT-AP-NL 3.0, dcat:byteSize",
)
ALGORITHM = Check(
    "checksum-algorithm",
    nl="{value} is geen algoritme van SPDX; schrijf bijvoorbeeld spdx:checksumAlgorithm_sha256.",
    en="{value} is no SPDX algorithm; write for example spdx:checksumAlgorithm_sha256.",
    props="spdx:algorithm",
    source="DCAT-AP-NL 3.0, waardelijsten (SPDX)",
)
CHECKSUM = Check(
    "checksum",
    nl="de controlesom heeft {count} tekens; een SHA-256 heeft er 64, elk 0-9 of a-f.",
    en="the checksum has {count} characters; a SHA-256 has 64, each 0-9 or a-f.",
    props="spdx:checksumValue",
    source="SPDX 2.3, Checksum",
)
CHECKSUM_OF = Check(
    "checksum-of",
    nl="er is een controlesom, maar geen download waar zij over gaat.",
    en="there is a checksum, but no download that it is of.",
    props="spdx:checksum",
    source="DCAT-AP-NL 3.0, spdx:checksum",
)

_IANA = re.compile(r"https?://www\.iana\.org/assignments/media-types/[a-z]+/[A-Za-z0-9.+_-]+")
_FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_INSTEAD = (DCAT.downloadURL, DCAT.accessService)


@rule
def downloads(view: View) -> Iterator[CatalogueFinding]:
    """A file that can be downloaded says what kind of file it is."""
    for node in view.of(DCAT.Distribution):
        if view.values(node, DCAT.downloadURL) and not view.values(node, DCAT.mediaType):
            yield view.finding(NO_MEDIA_TYPE, node, DCAT.mediaType)


@rule
def media_types(view: View) -> Iterator[CatalogueFinding]:
    """A media type, compression or packaging is an IANA address, not ``text/csv`` and not ``CSV``."""
    for node, prop, value in view.pairs(DCAT.mediaType, DCAT.compressFormat, DCAT.packageFormat):
        if not (isinstance(value, URIRef) and _IANA.fullmatch(str(value))):
            yield view.finding(MEDIA_TYPE, node, prop, value=shown(value))


@rule
def formats(view: View) -> Iterator[CatalogueFinding]:
    """Format and media type name the same kind of file, where both are in our list."""
    known = lists.file_types()
    media_types = {one.media_type for one in known.values()}
    for node in view.of(DCAT.Distribution):
        codes = [str(value).removeprefix(_FILE_TYPE) for value in view.values(node, DCTERMS["format"])]
        for value in view.values(node, DCAT.mediaType):
            media = str(value).rpartition("/media-types/")[2]
            for code in codes:
                if code in known and media in media_types and known[code].media_type != media:
                    yield view.finding(FORMAT_MEDIA, node, DCAT.mediaType, format=code, media=media)


@rule
def access(view: View) -> Iterator[CatalogueFinding]:
    """The access address is always filled, if need be with that of the download or the service."""
    for node in view.of(DCAT.Distribution):
        other = next((prop for prop in _INSTEAD if view.values(node, prop)), None)
        if other is not None and not view.values(node, DCAT.accessURL):
            yield view.finding(COPY_ACCESS, node, DCAT.accessURL, other=short(str(other)))


@rule
def data_governance(view: View) -> Iterator[CatalogueFinding]:
    """Files of a dataset under the Data Governance Act have a format, a size and a statement of rights."""
    for node in view.datasets:
        if DATA_GOVERNANCE_ACT in view.values(node, DCATAP.applicableLegislation):
            for file in view.near(node, DCAT.distribution):
                for prop in (DCTERMS["format"], DCAT.byteSize, DCTERMS.rights):
                    if not view.values(file, prop):
                        yield view.finding(DGA_MISSING, file, prop, missing=short(str(prop)))


@rule
def sizes(view: View) -> Iterator[CatalogueFinding]:
    """A file holds something."""
    for node, prop, value in view.pairs(DCAT.byteSize):
        if re.fullmatch(r"0+", str(value)):
            yield view.finding(NO_SIZE, node, prop)


@rule
def algorithms(view: View) -> Iterator[CatalogueFinding]:
    """The algorithm of a checksum is one of SPDX."""
    for node, prop, value in view.pairs(SPDX.algorithm):
        if not short(str(value)).startswith("spdx:checksumAlgorithm_"):
            yield view.finding(ALGORITHM, node, prop, value=shown(value))


@rule
def checksums(view: View) -> Iterator[CatalogueFinding]:
    """A SHA-256 has 64 hexadecimal digits."""
    for node in view.of(SPDX.Checksum):
        if SPDX.checksumAlgorithm_sha256 in view.values(node, SPDX.algorithm):
            for value in view.values(node, SPDX.checksumValue):
                if not _SHA256.fullmatch(str(value)):
                    yield view.finding(CHECKSUM, node, SPDX.checksumValue, count=len(str(value)))


@rule
def checksum_of(view: View) -> Iterator[CatalogueFinding]:
    """A checksum is of the download."""
    for node, prop, _ in view.pairs(SPDX.checksum):
        if not view.values(node, DCAT.downloadURL):
            yield view.finding(CHECKSUM_OF, node, prop)
