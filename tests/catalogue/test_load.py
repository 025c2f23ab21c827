"""Reading anybody's file: four syntaxes, by suffix or by looking, and clear errors for what cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from catalogue import dcat, load, serialise
from config.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    from catalogue.model import Entry, PublisherDescription

TURTLE = "<https://a.example/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> .\n"


@pytest.mark.parametrize("suffix", [".ttl", ".nt", "", ".txt"])
def test_turtle_and_ntriples_are_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"catalogus{suffix}"
    path.write_text(TURTLE, encoding="utf-8-sig")
    assert len(load.load(path)) == 1


@pytest.mark.parametrize("syntax", ["rdf", "jsonld"])
def test_a_file_without_a_telling_suffix_is_looked_at(
    syntax: str, tmp_path: Path, publisher: PublisherDescription, entries: tuple[Entry, ...]
) -> None:
    graph = dcat.build(publisher, entries)
    path = tmp_path / "catalogus"
    path.write_text(serialise.text(graph, syntax), encoding="utf-8")
    assert set(load.load(path)) == set(graph)


@pytest.mark.parametrize(
    ("name", "content", "code", "line"),
    [
        ("a.ttl", b"", "catalogue.file-empty", None),
        ("a.ttl", b"\xff\xfe\x00", "catalogue.file-encoding", None),
        ("a.ttl", b"<https://a.example/x> a\n\n\n  .\n", "catalogue.file-broken", 4),
        ("a.ttl", b"onzin geheim1234", "catalogue.file-broken", 1),
        ("a.rdf", b"<rdf:RDF", "catalogue.file-broken", 1),
        ("a.rdf", b"geen xml", "catalogue.file-broken", 1),
        ("a.jsonld", b'{\n  "@id": \n}', "catalogue.file-broken", 3),
        ("a.jsonld", b"[1, 2, 3]", "catalogue.file-empty", None),
        ("a.nt", b"<a> <b> geheim1234 .", "catalogue.file-broken", None),
        ("a.jsonld", b'{"@context": "https://schema.example/context.jsonld", "@id": "x"}', "catalogue.remote-context", None),
        ("a.jsonld", b'{"@graph": [{"@context": [{"a": "b:"}, "http://c.example"], "@id": "x"}]}', "catalogue.remote-context", None),
    ],
)
def test_a_bad_file_gives_a_sentence_with_a_place(tmp_path: Path, name: str, content: bytes, code: str, line: int | None) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        load.load(path)
    problem = caught.value.problems[0]
    assert (problem.code, problem.place.file, problem.place.line) == (code, str(path), line)
    assert "geheim1234" not in problem.text()
    assert caught.value.__cause__ is None


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    for path in (tmp_path / "weg.ttl", tmp_path):
        with pytest.raises(ConfigurationError) as caught:
            load.load(path)
        assert caught.value.problems[0].code == "catalogue.file-missing"


def test_an_xml_file_cannot_read_other_files(tmp_path: Path) -> None:
    (tmp_path / "geheim").write_text("geheim1234")
    path = tmp_path / "a.rdf"
    path.write_text(
        f'<?xml version="1.0"?><!DOCTYPE rdf [<!ENTITY e SYSTEM "{(tmp_path / "geheim").as_uri()}">]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dct="http://purl.org/dc/terms/">'
        '<rdf:Description rdf:about="https://a.example/x"><dct:title>&e;</dct:title></rdf:Description></rdf:RDF>'
    )
    try:
        graph = load.load(path)
    except ConfigurationError:
        return
    assert not any("geheim1234" in str(value) for value in graph.objects())


def test_relative_addresses_do_not_show_where_the_file_lies(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("<dataset> a <http://www.w3.org/ns/dcat#Dataset> .")
    assert not any(str(tmp_path) in str(node) for node in load.load(path).subjects())
