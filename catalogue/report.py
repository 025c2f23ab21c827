"""The outcome of a validation: as JSON, as a page that stands alone, and as a SHACL validation report."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from rdflib import RDF, XSD, Graph, Literal, URIRef

from catalogue.engines import SH
from catalogue.findings import violations
from catalogue.namespaces import PREFIXES
from catalogue.rules.addresses import NOT_IN_IRI
from pages.rendering import render, style_sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalogue.engines import Version
    from catalogue.findings import CatalogueFinding
    from config.errors import Language

SCHEMA: Final = "catalogue-validation/1"
URN: Final = "urn:vrijgave:"


def as_json(findings: Sequence[CatalogueFinding], version: Version) -> dict[str, Any]:
    """Give "catalogue-validation/1"."""
    wrong = violations(findings)
    return {
        "schema": SCHEMA,
        "profile": version,
        "valid": not wrong,
        "violations": len(wrong),
        "warnings": len(findings) - len(wrong),
        "findings": [finding.as_json() for finding in findings],
    }


def page(findings: Sequence[CatalogueFinding], version: Version, language: Language) -> str:
    """Give the page: for every dataset what is wrong, which key to mend, what to type, and the points it costs."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for finding in sorted(findings, key=lambda one: one.dataset or ""):
        groups.setdefault(finding.dataset or "", []).append(_row(finding, language))
    wrong = len(violations(findings))
    context = {
        "style": style_sheet(),
        "version": version,
        "wrong": wrong,
        "advice": len(findings) - wrong,
        "groups": [{"dataset": dataset, "rows": rows} for dataset, rows in groups.items()],
    }
    return render("validation.html", context, language=language)


def _row(finding: CatalogueFinding, language: Language) -> dict[str, Any]:
    return {
        "severity": finding.severity,
        "code": finding.code,
        "node": finding.node,
        "property": finding.prop,
        "sentence": finding.nl if language == "nl" else finding.en,
        "mend": finding.mend_nl if language == "nl" else finding.mend_en,
        "file": finding.file,
        "key": finding.key,
        "points": finding.points,
        "times": finding.times,
    }


def graph(findings: Sequence[CatalogueFinding]) -> Graph:
    """Give a sh:ValidationReport; the IRI of a result is made from what it says, so that the same findings give the same report."""
    made = Graph(bind_namespaces="none")
    for prefix, namespace in {**PREFIXES, "sh": str(SH)}.items():
        made.bind(prefix, namespace)
    lines = [f"{one.code} {one.shape} {one.node} {one.prop} {one.nl}" for one in findings]
    report = URIRef(f"{URN}report:{_digest(' '.join(lines))}")
    made.add((report, RDF.type, SH.ValidationReport))
    made.add((report, SH.conforms, Literal(not violations(findings))))
    for finding, line in zip(findings, lines, strict=True):
        result = URIRef(f"{URN}result:{_digest(line)}")
        made.add((report, SH.result, result))
        for prop, value in _told(finding):
            made.add((result, prop, value))
    return made


def _told(finding: CatalogueFinding) -> list[tuple[URIRef, URIRef | Literal]]:
    """Give what a sh:ValidationResult says; a rule of ours stands where SHACL names the kind of constraint."""
    rule = f"shape:{finding.shape}" if finding.shape else f"rule:{finding.code.removeprefix('catalogue.')}"
    told: list[tuple[URIRef, URIRef | Literal]] = [
        (RDF.type, SH.ValidationResult),
        (SH.focusNode, _node(finding.node)),
        (SH.resultSeverity, SH.Violation if finding.severity == "violation" else SH.Warning),
        (SH.sourceConstraintComponent, URIRef(URN + rule)),
        (SH.resultMessage, Literal(" ".join(part for part in (finding.nl, finding.mend_nl) if part), lang="nl")),
        (SH.resultMessage, Literal(" ".join(part for part in (finding.en, finding.mend_en) if part), lang="en")),
        (URIRef(f"{URN}times"), Literal(finding.times, datatype=XSD.integer)),
        (URIRef(f"{URN}points"), Literal(finding.points, datatype=XSD.integer)),
    ]
    if finding.shape:
        told.append((SH.sourceShape, URIRef(URN + rule)))
    if finding.prop:
        told.append((SH.resultPath, _long(finding.prop)))
    return told


def _node(text: str) -> URIRef | Literal:
    """Give an IRI; a blank node, and an IRI that no file can hold (that is what the finding is about), as text."""
    return Literal(text) if text.startswith("_:") or NOT_IN_IRI.search(text) else URIRef(text)


def _long(prop: str) -> URIRef | Literal:
    """Give the IRI of a property that was written with a prefix."""
    prefix, _, local = prop.partition(":")
    return _node(PREFIXES[prefix] + local if prefix in PREFIXES else prop)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
