"""Validation of our own catalogue and of anybody's: our shapes by SHACL, and our rules for what no shape checks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from catalogue import shacl
from catalogue.load import load
from catalogue.rules import addresses, conditions, dates, lists, names, texts  # noqa: F401 - each adds its rules
from catalogue.rules.view import RULES, View

if TYPE_CHECKING:
    from rdflib import Graph

    from catalogue.findings import CatalogueFinding
    from catalogue.shacl import Version


def validate(catalogue: Graph | Path, *, version: Version = "3.0.1") -> tuple[CatalogueFinding, ...]:
    """Give everything that is wrong, violations first, then by dataset; an empty tuple means that nothing is.

    Raises:
        ConfigurationError: a file cannot be read as a catalogue.
    """
    view = View(load(catalogue) if isinstance(catalogue, Path) else catalogue)
    found = {*shacl.findings(view, version), *(finding for rule in RULES for finding in rule(view))}
    return _merged(sorted(found, key=_order))


def _merged(findings: list[CatalogueFinding]) -> tuple[CatalogueFinding, ...]:
    """Say once what is the same for several resources of a dataset: one key mends them all."""
    groups: dict[tuple[str | None, ...], list[CatalogueFinding]] = {}
    for finding in findings:
        of = (finding.dataset, None) if finding.dataset else (None, finding.node)
        groups.setdefault((*of, finding.severity, finding.code, finding.prop, finding.nl), []).append(finding)
    return tuple(replace(group[0], times=len(group)) for group in groups.values())


def _order(finding: CatalogueFinding) -> tuple[bool, str, str, str, str, str]:
    """Sort findings for a reader: what stops publication first."""
    return finding.severity == "warning", finding.dataset or "", finding.node, finding.prop or "", finding.code, finding.nl
