"""Kinds that can be added: each built-in kind is one module, third parties come in through entry points.

A module of a kind defines ``Options`` (a pydantic model with ``kind: Literal[...]`` where the declaration names the kind) and the
implementation. Importing the module must stay light (no pandas, pyarrow, duckdb, …): the heavy imports stand inside functions, so that
`validate` and the JSON Schema need the options only.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType


SHARED = "base"
"""The module of a package that holds what its kinds share; like a name with ``_`` in front it is no kind."""


@cache
def _third_parties() -> Any:
    """Read the entry points of everything installed, once: it takes a tenth of a start. Its type differs between Python 3.11 and 3.12."""
    return entry_points()


@dataclass(frozen=True)
class Registry:
    """The kinds of one sort of part.

    Attributes:
        package: the package whose modules are the built-in kinds; the module name is the kind, ``_`` read as ``-``.
        group: the entry-point group of third parties; each entry point names such a module.
        planned: kinds that are valid but not built yet; naming one is refused with *nog niet beschikbaar*.
    """

    package: str
    group: str
    planned: frozenset[str] = frozenset()

    @cached_property
    def modules(self) -> dict[str, str]:
        """Kind → module name, built-in kinds first; a third party cannot replace a built-in kind."""
        package = import_module(self.package)
        found = {
            module.name.replace("_", "-"): f"{self.package}.{module.name}"
            for module in pkgutil.iter_modules(package.__path__)
            if not module.name.startswith("_") and module.name != SHARED
        }
        for point in _third_parties().select(group=self.group):
            found.setdefault(point.name, point.value)
        return dict(sorted(found.items()))

    def load(self, kind: str) -> ModuleType:
        """Import the module of a kind; KeyError for an unknown one."""
        return import_module(self.modules[kind])


SOURCES = Registry(
    "sources.readers",
    "vrijgave.sources",
    frozenset({
        "excel", "ods", "json", "jsonl", "geopackage", "kml", "gml", "fixed-width", "postgresql", "mssql", "oracle", "odata",
        "ogc-features", "wfs", "rest", "http", "s3", "sftp", "ckan", "dcat",
    }),
)  # fmt: skip
FORMATS = Registry(
    "distributions.writers",
    "vrijgave.formats",
    frozenset({"gpkg", "geoparquet", "jsonl", "ods", "pmtiles", "flatgeobuf"}),
)
PORTALS = Registry("publication.portals", "vrijgave.portals", frozenset({"data-overheid"}))
DETECTORS = Registry("anonymisation.detectors", "vrijgave.detectors")
HIERARCHIES = Registry("anonymisation.hierarchies", "vrijgave.hierarchies")
TRANSFORMS = Registry("anonymisation.transforms", "vrijgave.transforms")
