"""What all models share: strict, frozen, no unknown keys; text in Dutch and English; unions chosen by `kind`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, StringConstraints
from pydantic_core import core_schema

from config import patterns
from config.models.explain import explain

if TYPE_CHECKING:
    from config.errors import Language
    from config.registry import Registry

ID_PATTERN = patterns.ID
Identifier = Annotated[str, StringConstraints(pattern=patterns.ID, max_length=80)]
"""An id of a dataset, role, portal or person: lower-case letters, digits and single hyphens; safe as a file name and in an IRI."""


SecretRef = Annotated[str, StringConstraints(pattern=patterns.SECRET)]
"""A secret: exactly ``${NAME}``, of which the value comes from the environment or from `secrets/NAME`; a literal secret is refused."""

INTERPOLATED = frozenset({"dsn", "url", "path", "user", "username"})
"""Options of sources and portals that may hold ``${NAME}`` somewhere inside; elsewhere it would stay as it is, so it is refused."""

SECRET_KEYS = frozenset(
    {"dsn", "token", "password", "wachtwoord", "secret", "api_key", "apikey", "client_secret", "p_percent", "dominance", "seed"}
)
"""Keys of which the value is always a `SecretRef`, whatever kind they belong to; no message shows what stands there."""


class Model(BaseModel):
    """The base of every part of a declaration."""

    # Built at first use: a kind's module may import these models while the union of all kinds is not there yet.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True, defer_build=True, json_schema_extra=explain)


class Text(Model):
    """A text for people, Dutch always, English where there is one."""

    nl: Annotated[str, StringConstraints(min_length=1)]
    en: str | None = None

    def get(self, language: Language) -> str:
        """Give the text in a language, falling back to Dutch."""
        return self.en if language == "en" and self.en else self.nl


class Keywords(Model):
    """Lists of keywords by language."""

    nl: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class KindOptions(Model):
    """The options of one kind; the subclass narrows `kind` to a Literal."""

    kind: str


@dataclass(frozen=True)
class ByKind:
    """Annotation: validate with the options model of the kind that the value names at `key`, out of a registry."""

    registry: Registry
    key: str = "kind"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Build a union tagged by `key`, one member a registered kind."""
        choices = {kind: handler.generate_schema(self.registry.load(kind).Options) for kind in self.registry.modules}
        return core_schema.tagged_union_schema(choices=choices, discriminator=self.key)


class WrongError(ValueError):
    """What a validator of a kind's options raises: a sentence that says what to type, in both languages, without any value."""

    def __init__(self, nl: str, en: str) -> None:
        super().__init__(en)
        self.nl = nl
        self.en = en


Share = Annotated[float, Field(ge=0, le=1)]
