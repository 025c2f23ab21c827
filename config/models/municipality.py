"""The municipality: who publishes, who decides, and where to."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from config import patterns
from config.models.base import ByKind, Identifier, KindOptions, Model, Text, WrongError
from config.models.catalogue import Area, Series
from config.registry import PORTALS

TOOI_MUNICIPALITY = patterns.MUNICIPALITY


class Publisher(Model):
    """The municipality as an agent: its TOOI URI and its name."""

    uri: Annotated[str, StringConstraints(pattern=patterns.MUNICIPALITY)]
    name: Text


class Contact(Model):
    """A functional contact point, never a person."""

    name: Text
    email: Annotated[str, StringConstraints(pattern=patterns.EMAIL)]
    url: str | None = None


class Person(Model):
    """Somebody who may decide, named by an id, never by name.

    Attributes:
        key: ``ed25519:`` and the base64 of the raw 32-byte public key, or an OpenSSH ``ssh-ed25519 …`` line.
        demo: a throw-away key; refused on every portal that is not a static site.
    """

    id: Identifier
    roles: tuple[Identifier, ...] = Field(min_length=1)
    key: str
    demo: bool = False


class PortalOptions(KindOptions):
    """Options of every portal.

    Attributes:
        optional: skipped with a notice where its variables are not set; `published` does not wait for it.
    """

    optional: bool = False


class EngineOptions(Model):
    """What computes over big tables.

    Attributes:
        kind: `duckdb` is in the program itself; `spark` is a cluster, for what outgrows one machine.
        master: of Spark: where it runs, as ``spark://host:7077`` or ``local[2]``.
        settings: of Spark, by their names in its configuration guide.
    """

    kind: Literal["duckdb", "spark"] = "duckdb"
    master: Annotated[str, StringConstraints(pattern=patterns.SPARK_MASTER)] | None = None
    settings: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _spark(self) -> Self:
        """A master goes with Spark, and only with it."""
        if (self.kind == "spark") != (self.master is not None) or (self.settings and self.kind != "spark"):
            raise WrongError(
                "`master` is nodig bij `kind: spark`, en alleen daar; zo ook `settings`.",
                "`master` is needed with `kind: spark`, and only there; so are `settings`.",
            )
        return self


class Municipality(Model):
    """The whole of `municipality.yaml`.

    Attributes:
        catalogue_profile: the version of DCAT-AP-NL that the catalogue is made and checked by.
        area: where the municipality lies, and its addresses in lists of places.
        engine: what computes over big tables.
        series: series of datasets by their ids; a dataset names its series in `catalogue.series`.
    """

    name: Text
    publisher: Publisher
    example: bool = False
    base_uri: Annotated[str, StringConstraints(pattern=patterns.BASE_URI)]
    contact: Contact
    licence: str
    roles: tuple[Identifier, ...] = Field(min_length=1)
    people: tuple[Person, ...] = ()
    portals: dict[Identifier, Annotated[PortalOptions, ByKind(PORTALS)]] = Field(min_length=1)
    catalogue_profile: Literal["3.0.0", "3.0.1"] = "3.0.1"
    area: Area = Area()
    engine: EngineOptions = EngineOptions()
    series: dict[Identifier, Series] = Field(default_factory=dict)

    def person(self, identifier: str) -> Person | None:
        """Give the person of that id, if there is one."""
        return next((person for person in self.people if person.id == identifier), None)
