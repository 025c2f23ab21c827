"""Which engine computes, as `municipality.yaml` says."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from engine.session import session
from engine.spark import spark_session

if TYPE_CHECKING:
    from config.models.municipality import EngineOptions
    from engine.session import Engine


def chosen(options: EngineOptions) -> Engine:
    """Give what opens the engine of some options."""
    return session if options.master is None else partial(spark_session, master=options.master, settings=options.settings)
