"""Rules that need the network: what the catalogue points at, answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalogue.namespaces import DCAT
from catalogue.rules.check import Check
from catalogue.rules.view import View, shown
from catalogue.score.measure import OK
from catalogue.score.reach import UNREACHED, ask

if TYPE_CHECKING:
    from rdflib import Graph

    from catalogue.findings import CatalogueFinding
    from catalogue.score.reach import Asking

NO_ANSWER = Check(
    "unreachable",
    nl="{url} geeft geen antwoord ({status}); wie het bestand zoekt, vindt het niet.",
    en="{url} does not answer ({status}); who looks for the file does not find it.",
    props="dcat:accessURL dcat:downloadURL",
    source="DCAT-AP-NL 3.0, dcat:accessURL: geeft een resultaat",
)


def findings(graph: Graph, asking: Asking) -> tuple[CatalogueFinding, ...]:
    """Try every access and download address that may be asked, and give those that do not answer with 2xx."""
    view, statuses = View(graph), ask(graph, asking)
    found = []
    for node, prop, url in view.pairs(DCAT.accessURL, DCAT.downloadURL):
        status = statuses.status(str(url))
        if status not in OK and (status != UNREACHED or asking.target(str(url)) is not None):
            found.append(view.finding(NO_ANSWER, node, prop, url=shown(url), status=status or "-"))
    return tuple(found)
