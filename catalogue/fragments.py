"""A catalogue written dataset by dataset: what belongs to one dataset is written once, kept, and put together with the others.

A file of the catalogue is its head, the resources that no dataset has for itself (the catalogue, the publisher, entries of public lists),
and then the resources of each dataset in the order of their ids. A dataset whose facts did not change is taken from the cache as it was
written, so that one change among thousands costs what reading and writing costs. The cache can be thrown away at any time; what is
damaged in it counts as not there.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdflib import Literal, URIRef

from catalogue import dcat, iris
from catalogue.resources.catalog import record
from catalogue.resources.dataset import dataset
from catalogue.serialise import SYNTAXES, pieces
from catalogue.syntax.names import grouped
from engine.cache import Cache
from engine.hashing import sha256

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from catalogue.model import Entry, PublisherDescription
    from catalogue.serialise import Syntax
    from catalogue.syntax.names import Described
    from catalogue.triples import Triple

PAGE: Final = 100
"""Datasets on one page of the catalogue."""
PARTS: Final = ("ttl", "rdf", "jsonld")
"""The syntaxes of a part of the catalogue; a server chooses among them by what a visitor accepts."""


Facts = tuple[tuple[str, ...], ...]
"""What is said of a resource, as texts: predicate and IRI; or predicate, text, language and datatype."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """The part of a catalogue that comes with one dataset.

    Attributes:
        own: suffix → the dataset's own resources, as they stand in a file.
        shared: IRI → the facts of a resource that other datasets can have too.
    """

    own: Mapping[str, str]
    shared: Mapping[str, Facts]


class Fragments:
    """Gives fragments, from the cache where they are in it.

    Attributes:
        made: how many were not in the cache.
    """

    def __init__(self, publisher: PublisherDescription, kept: Path | None) -> None:
        """Read nothing yet; `kept` is the file of the cache, None for no cache."""
        self.publisher = publisher
        self.made = 0
        self._kept = kept
        self._base = hashlib.sha256(f"{_program()}{json.dumps(publisher.as_json(), sort_keys=True)}".encode())

    def of(self, entries: Sequence[Entry]) -> list[Fragment]:
        """Give the fragments of datasets that have something public; the cache then holds these and no others."""
        names = [self._name(entry) for entry in entries]
        with Cache(self._kept) as cache:
            found = [self._one(cache, name, entry) for name, entry in zip(names, entries, strict=True)]
            cache.only(names)
        return found

    def _one(self, cache: Cache, name: str, entry: Entry) -> Fragment:
        text = cache.get(name)
        if text is not None:
            return _from_text(text)
        self.made += 1
        fragment = make(self.publisher, entry)
        cache.put(name, _as_text(fragment))
        return fragment

    def _name(self, entry: Entry) -> str:
        digest = self._base.copy()
        digest.update(json.dumps(entry.as_json(), sort_keys=True, ensure_ascii=False).encode())
        return digest.hexdigest()


def make(publisher: PublisherDescription, entry: Entry) -> Fragment:
    """Write the resources of one dataset."""
    issued, modified = dcat.dates(entry)
    triples: list[Triple] = [
        *record(publisher, entry, issued=issued, modified=modified),
        *dataset(publisher, entry, modified=modified),
    ]
    own, shared = [], {}
    for described in grouped(triples):
        if iris.belongs(publisher.base_uri, entry.description.id, described[0]):
            own.append(described)
        else:
            shared[sys.intern(str(described[0]))] = _settled(_facts(described))
    return Fragment({suffix: _joined(syntax, own) for suffix, syntax in SYNTAXES.items()}, shared)


@dataclass(frozen=True, slots=True)
class Whole:
    """A catalogue in fragments, ready to be written.

    Attributes:
        shown: the datasets with something public, in the order of their ids; `fragments` those of each.
    """

    publisher: PublisherDescription
    shown: Sequence[Entry]
    fragments: Sequence[Fragment]

    def dumps(self, folder: Path) -> tuple[Path, ...]:
        """Write ``catalogue.ttl`` and the other syntaxes into `folder`, and give the paths."""
        return _Writer().file(folder, "catalogue", dcat.heading(self.publisher, self.shown), self.fragments)

    def parts(self, folder: Path) -> tuple[Path, ...]:
        """Write a file for every dataset and the pages of the catalogue below `folder`, the root of a site, and give the paths.

        These are ``dataset/<id>/index.ttl`` and ``catalogue/page-<number>.ttl``, with the same in RDF/XML and JSON-LD.
        """
        writer = _Writer(PARTS)
        frame = list(dcat.frame(self.publisher))
        paths: list[Path] = []
        for entry, fragment in zip(self.shown, self.fragments, strict=True):
            paths += writer.file(folder / "dataset" / entry.description.id, "index", frame, [fragment])
        heading = list(dcat.heading(self.publisher, self.shown))
        for number, start in enumerate(range(0, max(len(self.shown), 1), PAGE), 1):
            names = [entry.description.id for entry in self.shown[start : start + PAGE]]
            page = dcat.page(self.publisher, heading, names, number, total=len(self.shown), size=PAGE)
            paths += writer.file(folder / "catalogue", f"page-{number}", page, self.fragments[start : start + PAGE])
        return tuple(paths)


def whole(publisher: PublisherDescription, entries: Iterable[Entry], *, kept: Path | None = None) -> Whole:
    """Give a catalogue in fragments; one without anything public is left out. `kept` is the file of the cache between runs."""
    shown = dcat.shown(entries)
    return Whole(publisher, shown, Fragments(publisher, kept).of(shown))


class _Writer:
    """Writes files; a shared resource that many of them have is written out once."""

    def __init__(self, suffixes: Sequence[str] = tuple(SYNTAXES)) -> None:
        self._syntaxes = {suffix: SYNTAXES[suffix] for suffix in suffixes}
        self._known: dict[tuple[str, Facts], dict[str, str]] = {}

    def file(self, folder: Path, stem: str, heading: Iterable[Triple], fragments: Sequence[Fragment]) -> tuple[Path, ...]:
        """Write one file in every syntax: what is shared in the order of its IRIs, then what is each dataset's own."""
        folder.mkdir(parents=True, exist_ok=True)
        shared = self._shared(heading, fragments)
        paths = []
        for suffix, syntax in self._syntaxes.items():
            path = folder / f"{stem}.{suffix}"
            with path.open("w", encoding="utf-8", newline="\n") as into:
                own = (fragment.own[suffix] for fragment in fragments if fragment.own[suffix])
                into.writelines(pieces(syntax, chain((texts[suffix] for texts in shared), own)))
            paths.append(path)
        return tuple(paths)

    def _shared(self, heading: Iterable[Triple], fragments: Iterable[Fragment]) -> list[dict[str, str]]:
        """Give the shared resources as they are written, each once with all that is said of it."""
        said: dict[str, set[Facts]] = {}
        for described in grouped(heading):
            said[str(described[0])] = {_facts(described)}
        for fragment in fragments:
            for iri, facts in fragment.shared.items():
                said.setdefault(iri, set()).add(facts)
        return [self._text(iri, facts) for iri, facts in sorted(said.items())]

    def _text(self, iri: str, said: set[Facts]) -> dict[str, str]:
        """Give a resource in every syntax."""
        facts = next(iter(said)) if len(said) == 1 else tuple(sorted({fact for facts in said for fact in facts}))
        if (iri, facts) not in self._known:
            (described,) = grouped(_triples(iri, facts))
            self._known[iri, facts] = {suffix: syntax.resource(described) for suffix, syntax in self._syntaxes.items()}
        return self._known[iri, facts]


def _facts(described: Described) -> Facts:
    """Give what is said of a resource as texts."""
    facts: list[tuple[str, ...]] = []
    for predicate, values in described[1]:
        for value in values:
            if isinstance(value, URIRef):
                facts.append((str(predicate), str(value)))
            else:
                facts.append((str(predicate), str(value), value.language or "", str(value.datatype or "")))
    return tuple(facts)


def _triples(iri: str, facts: Iterable[tuple[str, ...]]) -> Iterator[Triple]:
    for predicate, value, *kind in facts:
        if not kind:
            yield URIRef(iri), URIRef(predicate), URIRef(value)
        else:
            language, datatype = kind
            literal = Literal(value, lang=language or None, datatype=URIRef(datatype) if datatype else None, normalize=False)
            yield URIRef(iri), URIRef(predicate), literal


def _joined(syntax: Syntax, described: Iterable[Described]) -> str:
    return syntax.SEPARATOR.join(map(syntax.resource, described))


def _as_text(fragment: Fragment) -> str:
    """Give the form that is kept: the lengths of what follows, the texts of every syntax as they are, and what is shared as JSON."""
    own = [fragment.own[suffix] for suffix in SYNTAXES]
    shared = json.dumps(dict(fragment.shared), ensure_ascii=False, separators=(",", ":"))
    return "".join([json.dumps([len(text) for text in own]), "\n", *own, shared])


def _from_text(text: str) -> Fragment:
    lengths, _, rest = text.partition("\n")
    ends = list(accumulate(json.loads(lengths), initial=0))
    own = {suffix: rest[start:end] for suffix, (start, end) in zip(SYNTAXES, pairwise(ends), strict=True)}
    told = json.loads(rest[ends[-1] :])
    return Fragment(own, {sys.intern(iri): _settled(tuple(tuple(fact) for fact in facts)) for iri, facts in told.items()})


@lru_cache(maxsize=16_384)
def _settled(facts: Facts) -> Facts:
    """Give the same facts as one object: thousands of datasets say the same of the same licence."""
    return facts


@cache
def _program() -> str:
    """Give the digest of the program and lists that write a fragment: another program writes other fragments."""
    here = Path(__file__).parent
    found = sorted(
        path for folder in (here, here.parent / "config" / "lists") for path in folder.rglob("*") if path.suffix in {".py", ".csv"}
    )
    return hashlib.sha256("".join(f"{path.name}{sha256(path)}" for path in found).encode()).hexdigest()
