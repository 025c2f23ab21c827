"""How a version came about, in PROV-O: the run that made it, the program, the configuration by its digest, and the kind of source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdflib import DCTERMS, FOAF, PROV, Literal, URIRef

from catalogue import iris
from catalogue.triples import about, moment, texts
from config import lists
from config.models.base import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalogue.model import DatasetDescription, PublisherDescription, ReleaseFacts
    from catalogue.triples import Triple


def lineage(publisher: PublisherDescription, told: DatasetDescription, release: ReleaseFacts) -> Iterator[Triple]:
    """Describe how a version came about; nothing is said of a version that does not say it itself."""
    if release.made is None:
        return
    base, made = publisher.base_uri, release.made
    version = iris.version(base, told.id, release.version)
    node, run = URIRef(version), URIRef(iris.part(version, "run"))
    source = URIRef(iris.part(iris.dataset(base, told.id), "source"))
    link, plan = URIRef(iris.part(version, "association")), URIRef(iris.part(version, "configuration"))
    program = URIRef(iris.part(iris.catalogue(base), f"software-{made.software.replace(' ', '-')}"))
    yield from about(node, (PROV.Entity,), (PROV.wasGeneratedBy, run), (PROV.wasDerivedFrom, source))
    yield from about(
        run,
        (PROV.Activity,),
        (DCTERMS.identifier, Literal(made.run)),
        (PROV.endedAtTime, moment(release.issued)),
        (PROV.used, [source, plan]),
        (PROV.wasAssociatedWith, [program, URIRef(publisher.uri)]),
        (PROV.qualifiedAssociation, link),
    )
    yield from about(link, (PROV.Association,), (PROV.agent, program), (PROV.hadPlan, plan))
    yield from about(plan, (PROV.Plan, PROV.Entity), (DCTERMS.identifier, Literal(f"sha256:{made.configuration}")))
    yield from about(program, (PROV.SoftwareAgent, PROV.Agent), (FOAF.name, Literal(made.software)))
    yield from about(source, (PROV.Entity,), (DCTERMS.description, texts(_source(publisher, told, made.source))))


def _source(publisher: PublisherDescription, told: DatasetDescription, kind: str) -> Text:
    """Say what the data were taken from: the kind of source, never its address; and what the steward says of it."""
    known = lists.source_kinds().get(kind) or Text(nl="een bron", en="a source")
    nl = f"{known.nl} van {publisher.name.nl}"
    en = f"{known.get('en')} of {publisher.name.get('en')}"
    if told.provenance:
        nl, en = f"{nl}. {told.provenance.nl}", f"{en}. {told.provenance.en}" if told.provenance.en else en
    return Text(nl=nl, en=en)
