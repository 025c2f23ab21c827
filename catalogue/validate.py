"""Validation of our own catalogue and of anybody's: our shapes by SHACL, and our rules for what no shape checks.

A catalogue is validated part by part (`catalogue.parts`), and what was found in a part is kept by the digest of the part, of the program
and of the version of the profile: what did not change is not looked at again. A few rules look at the whole, by its outline.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version as version_of
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rdflib import RDF, Graph

from catalogue import dcat, shacl
from catalogue.findings import CatalogueFinding
from catalogue.load import load
from catalogue.namespaces import DCAT
from catalogue.outline import outline, together
from catalogue.parts import Part, parts
from catalogue.rules import (  # noqa: F401 - each adds its rules
    addresses,
    agents,
    dates,
    files,
    hvd,
    licences,
    lists,
    names,
    places,
    recommended,
    records,
    series,
    texts,
    versions,
)
from catalogue.rules.view import LOCAL, WHOLE, View, name
from catalogue.score.metrics import METRICS
from catalogue.score.score import score
from engine.cache import Cache
from engine.hashing import sha256

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from catalogue.engines import Engine, Version
    from catalogue.model import Entry, PublisherDescription
    from catalogue.outline import Fact

_MEMBERS = {
    DCAT.dataset: DCAT.Dataset,
    DCAT.record: DCAT.CatalogRecord,
    DCAT.service: DCAT.DataService,
    DCAT.seriesMember: DCAT.Dataset,
}
"""What the catalogue itself and its series point at, and the class of that."""
_COMPLIANCE = next(metric for metric in METRICS if metric.name == "dcatApCompliance")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found in a part, and the part's outline."""

    findings: tuple[CatalogueFinding, ...]
    facts: tuple[Fact, ...] = ()

    def text(self) -> str:
        """Give the form that is kept."""
        return json.dumps({"findings": [finding.as_json() for finding in self.findings], "facts": self.facts}, ensure_ascii=False)

    @classmethod
    def of(cls, text: str) -> Seen:
        """Read what was kept."""
        told: dict[str, Any] = json.loads(text)
        return cls(tuple(CatalogueFinding.from_json(finding) for finding in told["findings"]), tuple(told["facts"]))


def validate(
    catalogue: Graph | Path, *, version: Version = "3.0.1", kept: Path | None = None, engine: Engine = "pyshacl"
) -> tuple[CatalogueFinding, ...]:
    """Give everything that is wrong, violations first, then by dataset; an empty tuple means that nothing is.

    Args:
        catalogue: a graph, or a file with one.
        version: of the profile.
        kept: the file in which findings are kept until the next time, None for none; parts with blank nodes are looked at each time.
        engine: what runs the shapes.

    Raises:
        ConfigurationError: a file cannot be read as a catalogue.
    """
    graph = load(catalogue) if isinstance(catalogue, Path) else catalogue
    with Cache(kept) as cache_:
        used: list[str] = []
        seen = [_seen(part, version, engine, cache_, used) for part in parts(graph)]
        cache_.only(used)
    return ordered([finding for one in seen for finding in one.findings] + _of_whole(graph))


def validate_entries(
    publisher: PublisherDescription,
    entries: Iterable[Entry],
    *,
    version: Version | None = None,
    kept: Path | None = None,
    engine: Engine = "pyshacl",
) -> tuple[CatalogueFinding, ...]:
    """Validate our own catalogue from its facts: the same as `validate` of the graph, which is made only of datasets that changed.

    Args:
        publisher: names the version of the profile too, which `version` overrules.
        entries: all datasets; what is not public is left out.
        version: of the profile.
        kept: the file in which findings are kept between runs; only those of these datasets stay in it.
        engine: what runs the shapes.
    """
    version = version or publisher.profile
    public = dcat.shown(entries)
    base = hashlib.sha256(json.dumps([_program(), version, publisher.as_json()], sort_keys=True).encode())
    with Cache(kept) as cache_:
        seen, used = [_head(publisher, public, version, engine)], []
        for entry in public:
            digest = base.copy()
            digest.update(json.dumps(entry.as_json(), sort_keys=True, ensure_ascii=False).encode())
            used.append(digest.hexdigest())
            text = cache_.get(used[-1])
            if text is None:
                seen.append(_of_entry(publisher, entry, version, engine))
                cache_.put(used[-1], seen[-1].text())
            else:
                seen.append(Seen.of(text))
        cache_.only(used)
    return ordered([finding for one in seen for finding in one.findings] + _of_whole(together(one.facts for one in seen)))


def _seen(part: Part, version: Version, engine: Engine, kept: Cache, used: list[str]) -> Seen:
    """Look at a part, unless it was looked at before; the name under which it is kept is added to `used`."""
    digest = part.digest()
    if digest is None:
        return Seen(look(part, version, engine))
    used.append(f"{_program()} {version} {digest}")
    text = kept.get(used[-1])
    if text is None:
        text = Seen(look(part, version, engine)).text()
        kept.put(used[-1], text)
    return Seen.of(text)


def look(part: Part, version: Version, engine: Engine = "pyshacl") -> tuple[CatalogueFinding, ...]:
    """Run the shapes and the rules that see one part over it."""
    view = View(part.graph, part.own)
    found = {*shacl.findings(view, version, engine), *(finding for rule in LOCAL for finding in rule(view))}
    return tuple(_with_points(part, sorted(found, key=_order)))


def _of_entry(publisher: PublisherDescription, entry: Entry, version: Version, engine: Engine) -> Seen:
    """Look at one dataset of ours, described as if it were alone; what is said of the catalogue itself is left to the head."""
    head = {subject for subject, _, _ in dcat.heading(publisher, [entry])}
    every = list(parts(dcat.build(publisher, [entry]), without=head))
    findings = dict.fromkeys(finding for part in every for finding in look(part, version, engine))
    facts = [fact for part in every for fact in outline(part)]
    return Seen(tuple(findings), tuple(facts))


def _head(publisher: PublisherDescription, public: Sequence[Entry], version: Version, engine: Engine) -> Seen:
    """Look at the catalogue itself; one member stands for all there, for each is looked at by itself."""
    triples = set(dcat.heading(publisher, public))
    graph, facts = Graph(bind_namespaces="none"), []
    for triple in triples:
        if triple[1] in _MEMBERS:
            facts.append([str(term) for term in triple])
        else:
            graph.add(triple)
    own = frozenset(graph.subjects())
    for link, kind in _MEMBERS.items():
        for node, _, member in sorted(triple for triple in triples if triple[1] == link)[:1]:
            graph.add((node, link, member))
            graph.add((member, RDF.type, kind))
    part = Part(None, own, graph)
    return Seen(look(part, version, engine), (*outline(part), *sorted(facts)))


def _of_whole(graph: Graph) -> list[CatalogueFinding]:
    """Run the rules that look at the whole catalogue, over the graph or its outline."""
    view = View(graph)
    return [finding for rule in WHOLE for finding in rule(view)]


def _with_points(part: Part, found: list[CatalogueFinding]) -> Iterator[CatalogueFinding]:
    """Say of each finding which points of the European score its dataset misses by it."""
    if part.root is None or not found:
        yield from found
        return
    told = next((one for one in score(part.graph, found).datasets if one.node == name(part.root)), None)
    losses = told.losses if told else ()
    for finding in found:
        points = sum(loss.points for loss in losses if loss.metric.prop == finding.prop and loss.node == finding.node)
        if finding.code == shacl.CODE and finding.dataset is not None:
            points += _COMPLIANCE.points
        yield replace(finding, points=points)


def ordered(found: Iterable[CatalogueFinding]) -> tuple[CatalogueFinding, ...]:
    """Put findings in order, and say once what is the same for several resources of a dataset: one key mends them all."""
    groups: dict[tuple[str | None, ...], list[CatalogueFinding]] = {}
    for finding in sorted({*found}, key=_order):
        of = (finding.dataset, None) if finding.dataset else (None, finding.node)
        groups.setdefault((*of, finding.severity, finding.code, finding.prop, finding.nl), []).append(finding)
    return tuple(
        replace(group[0], times=sum(one.times for one in group), points=max(one.points for one in group)) for group in groups.values()
    )


def _order(finding: CatalogueFinding) -> tuple[bool, str, str, str, str, str]:
    """Sort findings for a reader: what stops publication first."""
    return finding.severity == "warning", finding.dataset or "", finding.node, finding.prop or "", finding.code, finding.nl


@cache
def _program() -> str:
    """Give the digest of all that decides what is found: rules, shapes, lists and the reference engine."""
    here = Path(__file__).parent
    wanted = {".py", ".ttl", ".csv", ".txt"}
    found = sorted(path for folder in (here, here.parent / "config" / "lists") for path in folder.rglob("*") if path.suffix in wanted)
    text = version_of("pyshacl") + "".join(f"{path.name}{sha256(path)}" for path in found)
    return hashlib.sha256(text.encode()).hexdigest()
