"""The static portal."""

from __future__ import annotations

from typing import Literal

from config.models.municipality import PortalOptions


class Options(PortalOptions):
    """Options of the static portal."""

    kind: Literal["site"]
