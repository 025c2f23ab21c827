"""The outcome of a validation in its three forms: whole, the same each time, and safe to open."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rdflib import RDF, XSD, Graph, Literal, URIRef

from catalogue import serialise
from catalogue.engines import SH
from catalogue.namespaces import DCAT
from catalogue.report import as_json, graph, page
from catalogue.validate import validate

SOUND = Path(__file__).parent / "fixtures" / "sound.ttl"
BOMEN = URIRef("https://data.voorbeeldgemeente.example/id/dataset/bomen")


@pytest.fixture(scope="module")
def broken() -> Graph:
    made = Graph().parse(SOUND)
    made.remove((BOMEN, DCAT.theme, None))
    made.remove((BOMEN, DCAT.keyword, None))
    made.add((BOMEN, URIRef("http://purl.org/dc/terms/title"), Literal("<script>alert(1)</script>", lang="en")))
    made.add((BOMEN, URIRef("http://purl.org/dc/terms/relation"), URIRef("https://eigen.example/met spatie")))
    made.set(
        (URIRef("https://data.voorbeeldgemeente.example/id/catalogue"), URIRef("http://purl.org/dc/terms/modified"), Literal("gisteren"))
    )
    return made


def test_a_sound_catalogue_has_a_report_without_findings() -> None:
    findings = validate(SOUND)
    assert as_json(findings, "3.0.1") == {
        "schema": "catalogue-validation/1",
        "profile": "3.0.1",
        "valid": True,
        "violations": 0,
        "warnings": 0,
        "findings": [],
    }
    assert "voldoet aan DCAT-AP-NL" in page(findings, "3.0.1", "nl")
    report = graph(findings)
    assert list(report.objects(None, SH.conforms)) == [Literal("true", datatype=XSD.boolean)]
    assert not list(report.subjects(RDF.type, SH.ValidationResult))


def test_the_json_tells_everything(broken: Graph) -> None:
    told = as_json(validate(broken), "3.0.1")
    assert json.loads(json.dumps(told)) == told
    assert told["valid"] is False
    assert told["violations"] + told["warnings"] == len(told["findings"])
    theme = next(finding for finding in told["findings"] if finding["property"] == "dcat:theme")
    assert (theme["dataset"], theme["file"], theme["key"], theme["points"], theme["shape"]) == (
        "bomen",
        "datasets/bomen.yaml",
        "catalogue.theme",
        60,
        "Dataset-dcat-theme",
    )


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_page_shows_each_finding_and_runs_nothing(broken: Graph, language: str) -> None:
    findings = validate(broken)
    text = page(findings, "3.0.1", language)  # type: ignore[arg-type]
    assert "<script>" not in text
    assert "catalogue.theme" in text
    assert text.count("<li>") == len(findings)
    assert "default-src" in text


def test_the_shacl_report_is_one_and_is_the_same_each_time(broken: Graph) -> None:
    findings = validate(broken)
    report = graph(findings)
    assert serialise.text(report, "ttl") == serialise.text(graph(validate(broken)), "ttl")
    again = Graph().parse(data=serialise.text(report, "ttl"), format="turtle")
    assert set(again) == set(report)
    (node,) = again.subjects(RDF.type, SH.ValidationReport)
    results = set(again.objects(node, SH.result))
    assert len(results) == len(findings)
    for result in results:
        for prop in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent):
            assert len(list(again.objects(result, prop))) == 1
        assert {message.language for message in again.objects(result, SH.resultMessage)} == {"nl", "en"}  # type: ignore[attr-defined]
    assert list(again.objects(node, SH.conforms)) == [Literal("false", datatype=XSD.boolean)]
