"""Values that come out of a list. The official shapes ask for a class at most, so a code that does not exist passes there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import DCTERMS, URIRef

from catalogue import authority
from catalogue.namespaces import ADMS, AUTHORITY, DCAT, DCATAP
from catalogue.rules.check import Check
from catalogue.rules.view import rule, shown
from config import lists
from config.suggest import hints

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rdflib.term import Node

    from catalogue.findings import CatalogueFinding
    from catalogue.rules.view import View

NOT_IN_LIST = Check(
    "not-in-list",
    nl="{value} staat niet in de EU-lijst «{table}».{hint}",
    en="{value} is not in the EU list «{table}».{hint_en}",
    props="dct:accessRights dct:accrualPeriodicity dct:language dct:format adms:status dcatap:availability dcat:theme",
    source="DCAT-AP-NL 3.0, waardelijsten",
)
UNKNOWN_CODE = Check(
    "unknown-code",
    nl="de code {value} uit de EU-lijst «{table}» kennen wij niet; kijk of zij bestaat.{hint}",
    en="we do not know the code {value} of the EU list «{table}»; look whether it exists.{hint_en}",
    severity="warning",
    props="dct:accrualPeriodicity dct:language dct:format",
    source="DCAT-AP-NL 3.0, waardelijsten",
)
HTTPS_IN_LIST = Check(
    "list-https",
    nl="{value} begint met https; in data begint een adres uit een EU-lijst met http://.",
    en="{value} starts with https; in data an address of an EU list starts with http://.",
    props="dct:accessRights dct:accrualPeriodicity dct:language dct:format adms:status dcatap:availability dcat:theme",
    source="DCAT-AP-NL 3.0, waardelijsten",
)
NO_EU_THEME = Check(
    "no-eu-theme",
    nl="er is geen thema uit de EU-lijst; een eigen thema mag erbij, niet in plaats daarvan.",
    en="there is no theme of the EU list; a theme of your own may come beside it, not instead.",
    props="dcat:theme",
    source="DCAT-AP-NL 3.0, dcat:theme",
)
HVD_CATEGORY = Check(
    "hvd-category",
    nl="{value} is geen HVD-categorie; die begint met http://data.europa.eu/bna/c_.",
    en="{value} is no HVD category; those start with http://data.europa.eu/bna/c_.",
    props="dcatap:hvdCategory",
    source="DCAT-AP-HVD 3.0, waardelijsten",
)


@dataclass(frozen=True, slots=True)
class Table:
    """An EU table that a property of a class takes its values from.

    Attributes:
        codes: the codes that we know; closed: whether those are all, or all that the profile allows.
    """

    prop: URIRef
    kinds: tuple[URIRef, ...]
    name: str
    codes: Callable[[], Iterable[str]]
    closed: bool = True


_ANY = (DCAT.Dataset, DCAT.DatasetSeries, DCAT.DataService, DCAT.Distribution, DCAT.Catalog, DCAT.CatalogRecord)
TABLES = (
    Table(DCTERMS.accessRights, (DCAT.Dataset, DCAT.DataService), "access-right", lists.access_rights),
    Table(DCTERMS.accrualPeriodicity, (DCAT.Dataset, DCAT.DatasetSeries), "frequency", lists.frequencies, closed=False),
    Table(DCTERMS.language, _ANY, "language", lists.languages, closed=False),
    Table(DCTERMS["format"], (DCAT.Distribution, DCAT.DataService), "file-type", lists.file_types, closed=False),
    Table(ADMS.status, (DCAT.Dataset,), "dataset-status", lambda: authority.DATASET_STATUS),
    Table(ADMS.status, (DCAT.Distribution,), "distribution-status", lambda: authority.DATASET_STATUS.keys() - {"DISCONT"}),
    Table(DCATAP.availability, (DCAT.Distribution,), "planned-availability", lambda: authority.AVAILABILITY),
)


@rule
def tables(view: View) -> Iterator[CatalogueFinding]:
    """Every value of these properties is an entry of its EU table."""
    for table in TABLES:
        for node in view.of(*table.kinds):
            for value in view.values(node, table.prop):
                yield from _in_table(view, node, value, table)


def _in_table(view: View, node: Node, value: Node, table: Table) -> Iterator[CatalogueFinding]:
    """Check one value against its table."""
    start, text, codes = f"{AUTHORITY}{table.name}/", str(value), sorted(table.codes())
    if text.replace("https://", "http://", 1).startswith(start) and text.startswith("https://"):
        yield view.finding(HTTPS_IN_LIST, node, table.prop, value=shown(value))
        return
    code = text.rsplit("/", 1)[-1]
    nl, en = hints(code, codes)
    fits = isinstance(value, URIRef) and text.startswith(start) and re.fullmatch(r"[A-Z0-9_]+", code) is not None
    if not fits or (table.closed and code not in codes):
        yield view.finding(NOT_IN_LIST, node, table.prop, value=shown(value), table=table.name, hint=nl, hint_en=en)
    elif code not in codes:
        yield view.finding(UNKNOWN_CODE, node, table.prop, value=code, table=table.name, hint=nl, hint_en=en)


@rule
def themes(view: View) -> Iterator[CatalogueFinding]:
    """A dataset has a theme of the EU list, and none that only looks like one."""
    start, known = f"{AUTHORITY}data-theme/", lists.themes()
    for node in view.of(DCAT.Dataset, DCAT.DataService):
        values = view.values(node, DCAT.theme)
        if values and not any(str(value) in known for value in values):
            yield view.finding(NO_EU_THEME, node, DCAT.theme)
        for value in values:
            text = str(value)
            if text.startswith(start.replace("http://", "https://")):
                yield view.finding(HTTPS_IN_LIST, node, DCAT.theme, value=shown(value))
            elif text.startswith(start) and text not in known:
                nl, en = hints(text, known)
                yield view.finding(NOT_IN_LIST, node, DCAT.theme, value=shown(value), table="data-theme", hint=nl, hint_en=en)


@rule
def hvd_categories(view: View) -> Iterator[CatalogueFinding]:
    """A category of high-value datasets stands in the EU list."""
    for node, prop, value in view.pairs(DCATAP.hvdCategory):
        if not re.fullmatch(r"http://data\.europa\.eu/bna/c_[0-9a-f]{8}", str(value)):
            yield view.finding(HVD_CATEGORY, node, prop, value=shown(value))
