"""The part `catalogue:`: how a dataset is described to people and harvesters (DCAT-AP-NL 3.0)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from config.models.base import Keywords, Model
from config.patterns import THEME

DataTheme = Annotated[str, Field(pattern=THEME)]


class Description(Model):
    """What the catalogue says of a dataset beside its title and description.

    Attributes:
        theme: EU data themes, as URIs; at least one.
        frequency: code of the EU frequency list, such as ``WEEKLY``.
        licence: a licence out of the list, by its id; without it the municipality's.
        spatial: ``municipality`` or the URI of a place.
        language: codes of the EU language list.
        access_rights: code of the EU access-right list.
        hvd_category: EU high-value dataset categories, as URIs.
    """

    theme: tuple[DataTheme, ...] = Field(min_length=1)
    keywords: Keywords = Keywords()
    frequency: str | None = None
    licence: str | None = None
    spatial: str = "municipality"
    language: tuple[str, ...] = ("NLD",)
    access_rights: str = "PUBLIC"
    applicable_legislation: tuple[str, ...] = ()
    hvd_category: tuple[str, ...] = ()
    landing_page: str | None = None
