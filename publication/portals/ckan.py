"""A CKAN portal: its options are read and checked; publishing to it is not built yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NoReturn

from config.errors import Message, PortalError
from config.models.base import SecretRef  # noqa: TC001 - pydantic resolves it
from config.models.municipality import PortalOptions

if TYPE_CHECKING:
    from publication.portals.base import PortalPlace

NOT_YET = Message("not-yet.portal", nl="nog niet beschikbaar: portals van soort ckan", en="not available yet: portals of kind ckan")


class Options(PortalOptions):
    """Options of a CKAN portal.

    Attributes:
        url: the address of the site, or ``${NAME}``.
        token: an API token, only as ``${NAME}``.
        organization: the name of the organisation in CKAN that owns the datasets.
    """

    kind: Literal["ckan"]
    url: str
    token: SecretRef
    organization: str


def open_portal(_options: Options, _place: PortalPlace) -> NoReturn:
    """Refuse: not built yet."""
    raise PortalError(NOT_YET.at())
