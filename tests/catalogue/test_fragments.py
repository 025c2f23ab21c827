"""The catalogue in fragments: the same graph as the whole, the same bytes from the cache, and a cache that cannot do harm."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from catalogue import dcat, fragments, iris
from catalogue.namespaces import DCAT, HYDRA
from config.models.base import Text

if TYPE_CHECKING:
    from pathlib import Path

    from catalogue.model import Entry, PublisherDescription

PARSERS = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld", "nt": "nt"}


def many(entries: tuple[Entry, ...], count: int) -> list[Entry]:
    """Give copies of an entry under other ids."""
    first = next(entry for entry in entries if entry.releases)
    return [
        replace(
            first,
            description=replace(first.description, id=f"set-{number:03}"),
            releases=tuple(replace(release, dataset=f"set-{number:03}") for release in first.releases),
            tombstone=None,
            withdrawn=(),
        )
        for number in range(count)
    ]


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def written(publisher: PublisherDescription, entries: list[Entry], folder: Path, kept: Path | None = None) -> dict[str, bytes]:
    folder.mkdir()
    found = fragments.whole(publisher, entries, kept=kept)
    found.dumps(folder)
    found.parts(folder)
    return tree(folder)


def test_what_is_put_together_is_the_whole_catalogue_in_every_syntax(
    publisher: PublisherDescription, entries: tuple[Entry, ...], tmp_path: Path
) -> None:
    fragments.whole(publisher, entries).dumps(tmp_path)
    graph = dcat.build(publisher, entries)
    for suffix, parser in PARSERS.items():
        assert isomorphic(Graph().parse(tmp_path / f"catalogue.{suffix}", format=parser), graph)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_cache_never_shows(
    publisher: PublisherDescription, entries: tuple[Entry, ...], tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("steps")
    kept, now = folder / "kept.cache", many(entries, 3)
    for step in range(3):
        number = data.draw(st.integers(0, len(now) - 1))
        told = now[number].description
        change = data.draw(st.sampled_from(["title", "remove", "nothing"]))
        if change == "title":
            now[number] = replace(now[number], description=replace(told, title=Text(nl=f"Anders {step}")))
        elif change == "remove" and len(now) > 1:
            del now[number]
        assert written(publisher, now, folder / f"kept-{step}", kept) == written(publisher, now, folder / f"fresh-{step}")


def test_only_what_changed_is_made_again(publisher: PublisherDescription, entries: tuple[Entry, ...], tmp_path: Path) -> None:
    now = many(entries, 5)
    first = fragments.Fragments(publisher, tmp_path / "kept")
    first.of(now)
    now[2] = replace(now[2], description=replace(now[2].description, title=Text(nl="Anders")))
    second = fragments.Fragments(publisher, tmp_path / "kept")
    second.of(now)
    assert (first.made, second.made) == (5, 1)
    other = fragments.Fragments(replace(publisher, name=Text(nl="Gemeente Anders")), tmp_path / "kept")
    other.of(now)
    assert other.made == 5


@pytest.mark.parametrize("harm", [b"", b"no cache at all", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_cache_that_is_damaged_counts_as_none(
    publisher: PublisherDescription, entries: tuple[Entry, ...], tmp_path: Path, harm: bytes
) -> None:
    kept = tmp_path / "kept"
    expected = written(publisher, many(entries, 2), tmp_path / "fresh")
    kept.write_bytes(harm)
    assert written(publisher, many(entries, 2), tmp_path / "harmed", kept) == expected
    assert written(publisher, many(entries, 2), tmp_path / "again", kept) == expected


def test_a_changed_byte_in_the_cache_is_noticed(publisher: PublisherDescription, entries: tuple[Entry, ...], tmp_path: Path) -> None:
    kept, now = tmp_path / "kept", many(entries, 2)
    expected = written(publisher, now, tmp_path / "fresh", kept)
    with closing(sqlite3.connect(kept)) as database, database:
        rows = database.execute("select name, body from packed").fetchall()
        assert len(rows) == len(now)
        for at, (name, body) in enumerate(rows):
            place = len(body) * (at + 1) // (len(rows) + 1)
            changed = body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]
            database.execute("update packed set body = ? where name = ?", (changed, name))
    assert written(publisher, now, tmp_path / "again", kept) == expected


def test_the_file_of_a_dataset_stands_alone(publisher: PublisherDescription, entries: tuple[Entry, ...], tmp_path: Path) -> None:
    fragments.whole(publisher, entries).parts(tmp_path)
    whole = dcat.build(publisher, entries)
    for entry in entries:
        node = URIRef(iris.dataset(publisher.base_uri, entry.description.id))
        for suffix in fragments.PARTS:
            alone = Graph().parse(tmp_path / "dataset" / entry.description.id / f"index.{suffix}", format=PARSERS[suffix])
            assert set(alone) <= set(whole)
            told = {triple for triple in whole if str(triple[0]).startswith(str(node))}
            assert told <= set(alone)
            assert (URIRef(publisher.uri), None, None) in alone


def test_a_harvester_meets_every_dataset_once_page_by_page(
    publisher: PublisherDescription, entries: tuple[Entry, ...], tmp_path: Path
) -> None:
    now = many(entries, 2 * fragments.PAGE + 1)
    fragments.whole(publisher, now).parts(tmp_path)
    address, seen, pages = URIRef(iris.catalogue_page(publisher.base_uri, 1)), [], 0
    while address is not None:
        page = Graph().parse(tmp_path / "catalogue" / f"{address.rpartition('/')[2]}.ttl")
        (node,) = page.subjects(RDF.type, HYDRA.PagedCollection)
        assert node == address
        assert page.value(node, HYDRA.totalItems) == Literal(len(now))
        assert page.value(node, HYDRA.next) == page.value(node, HYDRA.nextPage)
        seen += [str(one) for one in page.objects(None, DCAT.dataset)]
        assert {URIRef(one) for one in page.objects(None, DCAT.dataset)} <= set(page.subjects(RDF.type, DCAT.Dataset))
        address, pages = page.value(node, HYDRA.next), pages + 1
    assert pages == 3
    assert sorted(seen) == [iris.dataset(publisher.base_uri, entry.description.id) for entry in now]


@given(st.sampled_from(["bomen", "municipality", "a"]), st.sampled_from(["bomen", "bomen-2", "municipality", "a", "ab"]))
def test_what_hangs_on_a_dataset_belongs_to_it_alone(one: str, other: str) -> None:
    base = "https://x.example"
    for make in (iris.dataset, iris.record, iris.provenance, iris.rights):
        assert iris.belongs(base, one, make(base, other)) == (one == other)
    assert iris.belongs(base, one, iris.period(base, other, "2026-01-01.1")) == (one == other)
    for shared in (iris.area(base), iris.contact(base), iris.catalogue(base), f"https://elders.example/id/dataset/{one}"):
        assert not iris.belongs(base, one, shared)
