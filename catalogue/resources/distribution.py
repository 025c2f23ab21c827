"""One file of a release: dcat:Distribution with its checksum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import DCTERMS, RDFS, XSD, URIRef

from catalogue import authority, iris
from catalogue.namespaces import ADMS, DCAT, DCATAP, SPDX
from catalogue.triples import about, moment, texts, typed
from config import lists
from config.models.base import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalogue.model import DatasetDescription, DistributionFacts, PublisherDescription, ReleaseFacts
    from catalogue.triples import Term, Triple


def distribution(
    publisher: PublisherDescription, told: DatasetDescription, release: ReleaseFacts, file: DistributionFacts
) -> Iterator[Triple]:
    """Describe one file; its access address is the download, for there is no other way to it."""
    base = publisher.base_uri
    address = URIRef(iris.download(base, told.id, release.version, file.name))
    checksum = URIRef(iris.checksum(base, told.id, release.version, file.format))
    issued = moment(release.issued)
    yield from about(
        URIRef(iris.distribution(base, told.id, release.version, file.format)),
        (DCAT.Distribution,),
        (DCTERMS.title, texts(_title(told.title, file))),
        (DCTERMS.description, texts(_summary(release, file))),
        (DCAT.accessURL, address),
        (DCAT.downloadURL, address),
        (DCAT.mediaType, authority.media_type(file.media_type)),
        (DCTERMS["format"], authority.file_type(file.file_type)),
        (DCAT.byteSize, typed(str(file.size), XSD.nonNegativeInteger)),
        (SPDX.checksum, checksum),
        (DCTERMS.license, authority.licence(told.licence)),
        (DCTERMS.rights, URIRef(iris.rights(base, told.id))),
        (DCTERMS.conformsTo, authority.file_standard(file.file_type)),
        (DCTERMS.language, _language(publisher, told)),
        (ADMS.status, authority.distribution_status("COMPLETED")),
        (DCATAP.availability, authority.availability("AVAILABLE")),
        (DCATAP.applicableLegislation, authority.laws(told.legislation, told.hvd_category)),
        (DCTERMS.issued, issued),
        (DCTERMS.modified, issued),
    )
    yield from about(address, (RDFS.Resource,))  # DCAT-AP 3.0.0 asks for the class that everything has
    yield from _checksum(checksum, file)


def _checksum(node: URIRef, file: DistributionFacts) -> Iterator[Triple]:
    """Describe the checksum of a file."""
    yield from about(
        node,
        (SPDX.Checksum,),
        (SPDX.algorithm, authority.sha256_algorithm()),
        (SPDX.checksumValue, typed(file.sha256, XSD.hexBinary)),
    )


def _language(publisher: PublisherDescription, told: DatasetDescription) -> list[Term]:
    """Give the languages of the data; DCAT-AP-NL 3.0.0 allows a file no more than one, and the dataset names them all."""
    return [authority.language(code) for code in told.language] if publisher.profile != "3.0.0" or len(told.language) == 1 else []


def _title(title: Text, file: DistributionFacts) -> Text:
    """Name the file after its dataset and its format."""
    kind = lists.file_type(file.file_type).label
    return Text(nl=f"{title.nl} ({kind.nl})", en=f"{title.en} ({kind.get('en')})" if title.en else None)


def _summary(release: ReleaseFacts, file: DistributionFacts) -> Text:
    """Say in a sentence what the file holds; the number of rows is grouped as each language does."""
    kind = lists.file_type(file.file_type).label
    english = f"{file.rows:,}"
    dutch = english.replace(",", ".")
    return Text(
        nl=f"Versie {release.version} als {kind.nl}: {dutch} {'rij' if file.rows == 1 else 'rijen'}.",
        en=f"Version {release.version} as {kind.get('en')}: {english} {'row' if file.rows == 1 else 'rows'}.",
    )
