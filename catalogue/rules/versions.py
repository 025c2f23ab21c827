"""Versions and what was withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalogue.namespaces import DCAT
from catalogue.rules.check import Check
from catalogue.rules.view import rule, rule_of_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalogue.findings import CatalogueFinding
    from catalogue.rules.view import View

NO_NUMBER = Check(
    "version-number",
    nl="dit is een versie van een dataset, maar er staat niet bij welke (dcat:version).",
    en="this is a version of a dataset, but it does not say which (dcat:version).",
    severity="warning",
    props="dcat:version",
    source="DCAT 3, dcat:version",
)
MEMBER = Check(
    "version-member",
    nl="dit is een versie van een dataset en toch een lid van de catalogus; een portaal dat oogst, toont haar dan als aparte dataset.",
    en="this is a version of a dataset and a member of the catalogue as well; a portal that harvests shows it as a dataset of its own.",
    severity="warning",
    source="DCAT 3, dcat:hasVersion",
    whole=True,
)
WITHDRAWN_FILES = Check(
    "withdrawn-files",
    nl="deze dataset is ingetrokken, maar wijst nog naar bestanden.",
    en="this dataset was withdrawn, but still points at files.",
    props="dcat:distribution",
    source="EU-lijst dataset-status: WITHDRAWN",
)


@rule
def numbered(view: View) -> Iterator[CatalogueFinding]:
    """A version says which one it is."""
    for node in view.datasets:
        is_version = view.values(node, DCAT.isVersionOf) or (None, DCAT.hasVersion, node) in view.graph
        if is_version and not view.values(node, DCAT.version):
            yield view.finding(NO_NUMBER, node, DCAT.version)


@rule_of_whole
def members(view: View) -> Iterator[CatalogueFinding]:
    """A version hangs on its dataset and is no member of the catalogue by itself."""
    listed = {value for _, _, value in view.pairs(DCAT.dataset)}
    for node in view.datasets:
        if node in listed and (view.values(node, DCAT.isVersionOf) or (None, DCAT.hasVersion, node) in view.graph):
            yield view.finding(MEMBER, node)


@rule
def gone(view: View) -> Iterator[CatalogueFinding]:
    """What was withdrawn has no files."""
    for node in sorted(view.withdrawn, key=str):
        if view.values(node, DCAT.distribution):
            yield view.finding(WITHDRAWN_FILES, node, DCAT.distribution)
