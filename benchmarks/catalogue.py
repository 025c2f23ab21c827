"""Write, validate and score a catalogue of 100, 1,000 and 5,000 datasets with three files each, against rdflib's writer and pySHACL.

Each contender runs in a process of its own over the same made-up facts. CPU seconds (user and system) are the figure to compare, without
what the imports and the making up of the facts took, which is stated. *from scratch* writes Turtle, RDF/XML, JSON-LD and N-Triples with an
empty cache; *one change* does so again after one title changed; *parts* adds a file for every dataset and the pages. The rivals see the
same triples: rdflib's own Turtle writer, and one run of pySHACL over the whole graph with our shapes; they are left out where they would
take many minutes. The figures of the last run stand in `docs/benchmarks.md`.

    python benchmarks/catalogue.py [--sizes 100 1000 5000] [--rivals-up-to 1000]
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1]))

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdflib import Graph

    from catalogue.model import Entry, PublisherDescription

FILES = (
    ("csv", "CSV", "text/csv"),
    ("geojson", "GEOJSON", "application/geo+json"),
    ("parquet", "PARQUET", "application/vnd.apache.parquet"),
)
THEMES = ("ENVI", "SOCI", "TRAN", "ENER", "ECON")
CHANGED = 3


def cpu() -> float:
    """Give the CPU seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def made_up(count: int, *, changed: bool = False) -> tuple[PublisherDescription, list[Entry]]:
    """Make up a municipality and its datasets, each with one release."""
    from catalogue.model import ContactFacts, PublisherDescription
    from config.models.base import Text

    publisher = PublisherDescription(
        uri="https://identifier.overheid.nl/tooi/id/gemeente/gm0000",
        name=Text(nl="Gemeente Voorbeeld", en="Municipality of Voorbeeld"),
        municipality=Text(nl="Voorbeeldgemeente"),
        base_uri="https://data.voorbeeldgemeente.example",
        contact=ContactFacts(Text(nl="Team Data"), "data@voorbeeldgemeente.example", "https://www.voorbeeldgemeente.example/contact"),
        title=Text(nl="Open data", en="Open data"),
        description=Text(nl="De openbare datasets. Met hun kwaliteit. Voor iedereen.", en="The open datasets."),
        licence="CC0-1.0",
        example=True,
    )
    return publisher, [_entry(number, changed=changed and number == CHANGED) for number in range(count)]


def _entry(number: int, *, changed: bool) -> Entry:
    from catalogue.model import DatasetDescription, DistributionFacts, Entry, ReleaseFacts
    from config.models.base import Keywords, Text

    name = f"dataset-{number:05}"
    theme = f"http://publications.europa.eu/resource/authority/data-theme/{THEMES[number % len(THEMES)]}"
    told = DatasetDescription(
        id=name,
        title=Text(nl=f"Dataset {number}{' (nieuw)' if changed else ''}", en=f"Dataset {number}"),
        description=Text(nl=f"Gegevens nummer {number} van de gemeente. Per straat. Voor bewoners.", en=f"Data number {number}."),
        owner="beheer",
        theme=(theme,),
        licence="CC0-1.0",
        keywords=Keywords(nl=("straat", "groen", f"onderwerp {number % 50}"), en=("street", "green")),
        frequency="MONTHLY",
    )
    files = tuple(
        DistributionFacts(f"{name}.{form}", form, kind, media, 1000 + number, f"{number:064x}", 1000) for form, kind, media in FILES
    )
    release = ReleaseFacts(
        dataset=name,
        version="2026-01-05.1",
        issued="2026-01-05T10:00:00+01:00",
        as_of="2025-12",
        rows=1000,
        distributions=files,
        temporal=("2024-01", "2025-12"),
        bbox=(5.7, 53.1, 5.9, 53.3),
        notes=Text(nl="Eerste uitgave."),
    )
    return Entry(told, (release,))


def _graph(count: int, *, changed: bool = False) -> Graph:
    from catalogue.dcat import build

    return build(*made_up(count, changed=changed))


def write(room: Path, count: int) -> Callable[[], Any]:
    """Write the whole catalogue with an empty cache."""
    from catalogue.fragments import whole

    publisher, entries = made_up(count)
    return lambda: whole(publisher, entries, kept=room / "kept.cache").dumps(room)


def rewrite(room: Path, count: int) -> Callable[[], Any]:
    """Write it again after one change."""
    from catalogue.fragments import whole

    publisher, entries = made_up(count, changed=True)
    return lambda: whole(publisher, entries, kept=room / "kept.cache").dumps(room)


def parts(room: Path, count: int) -> Callable[[], Any]:
    """Write the file of every dataset and the pages, from the cache."""
    from catalogue.fragments import whole

    publisher, entries = made_up(count, changed=True)
    return lambda: whole(publisher, entries, kept=room / "kept.cache").parts(room)


def rdflib(room: Path, count: int) -> Callable[[], Any]:
    """Write Turtle alone, by rdflib."""
    graph = _graph(count)
    return lambda: graph.serialize(room / "rdflib.ttl", format="turtle")


def validate(room: Path, count: int) -> Callable[[], Any]:
    """Validate by shapes and rules, with an empty cache."""
    from catalogue.validate import validate_entries

    publisher, entries = made_up(count)
    return lambda: validate_entries(publisher, entries, kept=room / "valid.cache")


def revalidate(room: Path, count: int) -> Callable[[], Any]:
    """Validate again after one change, as a run does."""
    from catalogue.validate import validate_entries

    publisher, entries = made_up(count, changed=True)
    return lambda: validate_entries(publisher, entries, kept=room / "valid.cache")


def foreign(room: Path, count: int) -> Callable[[], Any]:
    """Validate the same catalogue as somebody else's graph, with the fast engine (the extra `shacl`) and no cache."""
    from catalogue.validate import validate as findings

    del room
    graph = _graph(count)
    return lambda: findings(graph, engine="shacl")


def pyshacl(room: Path, count: int) -> Callable[[], Any]:
    """Run pySHACL over the whole graph, with our shapes and no rules."""
    import pyshacl as engine

    from catalogue.shacl import informed, shapes

    del room
    graph, rules = informed(_graph(count)), shapes("3.0.1")
    return lambda: engine.validate(graph, shacl_graph=rules, inference="none")


def score(room: Path, count: int) -> Callable[[], Any]:
    """Score every dataset offline; the findings are known."""
    from catalogue.score.score import score as scored

    del room
    graph = _graph(count)
    return lambda: scored(graph, ())


CONTENDERS: dict[str, Callable[[Path, int], Callable[[], Any]]] = {
    "write, from scratch": write,
    "write, one change": rewrite,
    "parts": parts,
    "rdflib, Turtle alone": rdflib,
    "validate, from scratch": validate,
    "validate, one change": revalidate,
    "validate a graph, shacl": foreign,
    "pySHACL, shapes alone": pyshacl,
    "score": score,
}
RIVALS = {"rdflib, Turtle alone": "write, from scratch", "pySHACL, shapes alone": "validate, from scratch"}


def run(name: str, room: Path, count: int) -> None:
    """Run one contender here, and print what it took."""
    prepared = CONTENDERS[name](room, count)
    started = cpu()
    prepared()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"start": started, "cpu": cpu() - started, "rss": peak}))


def compare(count: int, up_to: int) -> None:
    """Run every contender on a catalogue of one size."""
    print(f"\n{count:,} datasets{'':16}{'CPU s':>8}{'start CPU s':>13}{'peak MB':>9}{'ratio':>8}")
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="vrijgave-bench-") as folder:
        for name in CONTENDERS:
            if name in RIVALS and count > up_to:
                print(f"{name:28}{'left out':>8}")
                continue
            call = [sys.executable, __file__, "--run", name, "--room", folder, "--sizes", str(count)]
            done = subprocess.run(call, check=True, capture_output=True, text=True)
            one = found[name] = json.loads(done.stdout.splitlines()[-1])
            ratio = f"{one['cpu'] / found[RIVALS[name]]['cpu']:.1f}" if name in RIVALS else ""
            print(f"{name:28}{one['cpu']:8.2f}{one['start']:13.2f}{one['rss']:9.0f}{ratio:>8}")


def main() -> None:
    """Run what is asked and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="*", default=[100, 1000, 5000])
    parser.add_argument("--rivals-up-to", type=int, default=1000)
    parser.add_argument("--run", choices=CONTENDERS, help=argparse.SUPPRESS)
    parser.add_argument("--room", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.run:
        run(wanted.run, wanted.room, wanted.sizes[0])
        return
    for count in wanted.sizes:
        compare(count, wanted.rivals_up_to)


if __name__ == "__main__":
    main()
