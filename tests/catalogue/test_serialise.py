"""The files: three syntaxes of one graph, the same bytes every time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from rdflib import DCTERMS, XSD, BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from catalogue import dcat, serialise

if TYPE_CHECKING:
    from pathlib import Path

    from catalogue.model import Entry, PublisherDescription

PARSERS = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld", "nt": "nt"}
NODE = URIRef("https://voorbeeld.example/a")


@pytest.mark.parametrize("syntax", serialise.SYNTAXES)
def test_what_is_written_is_read_back_as_the_same_graph(
    syntax: str, publisher: PublisherDescription, entries: tuple[Entry, ...], tmp_path: Path
) -> None:
    graph = dcat.build(publisher, entries)
    serialise.write(graph, tmp_path)
    read = Graph().parse(tmp_path / f"catalogue.{syntax}", format=PARSERS[syntax])
    assert isomorphic(read, graph)
    assert len(read) > 500


def test_the_bytes_do_not_depend_on_the_run_or_the_order_of_the_triples(
    publisher: PublisherDescription, entries: tuple[Entry, ...], tmp_path: Path
) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({"publisher": publisher.as_json(), "entries": [entry.as_json() for entry in entries]}))
    code = (
        "import json, sys, pathlib\n"
        "from catalogue import dcat, serialise\n"
        "from catalogue.model import Entry, PublisherDescription\n"
        "facts = json.loads(pathlib.Path(sys.argv[1]).read_text())\n"
        "graph = dcat.build(PublisherDescription.from_json(facts['publisher']), [Entry.from_json(e) for e in facts['entries']])\n"
        "serialise.write(graph, pathlib.Path(sys.argv[2]))\n"
    )
    folders = [tmp_path / seed for seed in ("1", "2")]
    for folder in folders:
        folder.mkdir()
        environment = os.environ | {"PYTHONHASHSEED": folder.name}
        subprocess.run([sys.executable, "-c", code, str(facts), str(folder)], check=True, env=environment)
    for syntax in serialise.SYNTAXES:
        first, second = ((folder / f"catalogue.{syntax}").read_bytes() for folder in folders)
        assert first == second
        assert b"\r" not in first


def test_a_value_is_written_exactly_as_it_is() -> None:
    written = [
        (NODE, DCTERMS.date, Literal("2026-03-09T06:00:00+01:00", datatype=XSD.dateTime, normalize=False)),
        (NODE, DCTERMS.extent, Literal("0042", datatype=XSD.nonNegativeInteger, normalize=False)),
        (NODE, DCTERMS.identifier, Literal("0a0B", datatype=XSD.hexBinary, normalize=False)),
    ]
    for syntax in serialise.SYNTAXES:
        text = serialise.text(written, syntax)
        assert all(value in text for value in ("2026-03-09T06:00:00+01:00", '0042"', "0a0B") if syntax != "rdf")
        assert "nonNegativeInteger" in text


@pytest.mark.parametrize("syntax", serialise.SYNTAXES)
def test_a_blank_node_and_an_address_with_a_space_are_refused(syntax: str) -> None:
    for triple in (
        (BNode(), DCTERMS.title, Literal("a")),
        (NODE, DCTERMS.source, BNode()),
        (NODE, DCTERMS.source, URIRef("https://a.b/c d")),
    ):
        with pytest.raises(ValueError, match="IRI"):
            serialise.text([triple], syntax)


def test_xml_refuses_what_it_cannot_hold() -> None:
    with pytest.raises(ValueError, match="control character"):
        serialise.text([(NODE, DCTERMS.title, Literal("a\x0bb"))], "rdf")
    with pytest.raises(ValueError, match="outside the vocabularies"):
        serialise.text([(NODE, URIRef("https://elders.example/eigenschap"), Literal("a"))], "rdf")
