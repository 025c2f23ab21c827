"""How the three real datasets are described and shown: the catalogue under our rules and the official shapes, and the pages of the site."""

from __future__ import annotations

import hashlib
import posixpath
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pyshacl
import pytest
import shapely
from rdflib import DCTERMS, RDF, Graph, Namespace, URIRef

from catalogue.namespaces import DCAT, SPDX
from catalogue.validate import validate

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Published

BASE = "https://data.voorbeeldgemeente.example"
SH = Namespace("http://www.w3.org/ns/shacl#")
FORMATS = {"bomen-leeuwarden": 3, "buurten": 3, "kerncijfers-gemeenten": 3}
SETS = {
    "dcat-ap-nl-3.0.0": ("dcat-ap-SHACL.ttl", "dcat-ap-nl-SHACL*.ttl"),
    "dcat-ap-nl-3.0.1": ("dcat-ap-SHACL.ttl", "dcat-ap-nl-SHACL*.ttl"),
    "dcat-ap-3.0.1": ("shacl__dcat-ap-SHACL.ttl",),
}


@pytest.fixture(scope="module")
def graph(published: Published) -> Graph:
    return Graph().parse(published.site / "catalogue.ttl")


@pytest.mark.parametrize("ending", ["ttl", "rdf", "jsonld"])
def test_the_catalogue_is_valid_in_every_form(published: Published, graph: Graph, ending: str) -> None:
    path = published.site / f"catalogue.{ending}"
    assert [finding.nl for finding in validate(path) if finding.severity != "warning"] == []
    forms = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}
    assert set(Graph().parse(path, format=forms[ending])) == set(graph)


@pytest.mark.parametrize("name", SETS)
def test_no_violation_under_the_official_shapes(shared_data: Path, graph: Graph, name: str) -> None:
    folder, rules = shared_data.parent / "shapes" / name, Graph()
    for pattern in SETS[name]:
        files = sorted(folder.glob(pattern))
        assert files, f"{name}/{pattern} is gone"
        for file in files:
            rules.parse(file)
    _, report, _ = pyshacl.validate(graph, shacl_graph=rules, inference="none")
    assert isinstance(report, Graph)
    wrong = [
        (report.value(result, SH.focusNode), report.value(result, SH.resultPath))
        for result in report.subjects(RDF.type, SH.ValidationResult)
        if report.value(result, SH.resultSeverity) != SH.Warning
    ]
    assert wrong == []
    assert DCAT.Dataset in set(rules.objects(None, SH.targetClass)), "the shapes look at datasets"


def test_the_catalogue_lists_the_three_with_their_files(published: Published, graph: Graph) -> None:
    catalogue = URIRef(f"{BASE}/id/catalogue")
    assert set(graph.objects(catalogue, DCAT.dataset)) == {URIRef(f"{BASE}/id/dataset/{name}") for name in FORMATS}
    for name, count in FORMATS.items():
        dataset = URIRef(f"{BASE}/id/dataset/{name}")
        files = set(graph.objects(dataset, DCAT.distribution))
        assert len(files) == count
        for file in files:
            address = str(graph.value(file, DCAT.downloadURL))
            path = published.site / address.removeprefix(f"{BASE}/")
            content = path.read_bytes()
            assert int(str(graph.value(file, DCAT.byteSize))) == len(content)
            checksum = graph.value(file, SPDX.checksum)
            assert str(graph.value(checksum, SPDX.checksumValue)) == hashlib.sha256(content).hexdigest()


def test_where_and_when_are_those_of_the_data(published: Published, graph: Graph) -> None:
    manifests = {name: published.release(name).manifest for name in FORMATS}
    assert {name: manifest.as_of for name, manifest in manifests.items()} == {
        "bomen-leeuwarden": "2018-11-02",
        "buurten": "2014",
        "kerncijfers-gemeenten": "2023",
    }
    for name, box in (("bomen-leeuwarden", (5.7, 53.1, 5.9, 53.3)), ("buurten", (4.5, 52.3, 4.9, 53.0))):
        west, south, east, north = manifests[name].bbox or (0, 0, 0, 0)
        assert box[0] < west < east < box[2]
        assert box[1] < south < north < box[3]
        parts = graph.objects(URIRef(f"{BASE}/id/dataset/{name}"), DCTERMS.spatial)
        (said,) = [shapely.from_wkt(str(text)) for part in parts for text in graph.objects(part, DCAT.bbox)]
        assert said.bounds == pytest.approx((west, south, east, north), abs=1e-6)
    assert manifests["kerncijfers-gemeenten"].bbox is None


class Seen(HTMLParser):
    """What a page says and where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.text = ""
        self.maps = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links += [link for name in ("href", "src") if (link := given.get(name))]
        self.maps += tag == "svg" and "map" in (given.get("class") or "")

    def handle_data(self, data: str) -> None:
        self.text += data


PAGES = ("", "{version}/", "{version}/quality/", "{version}/privacy/")


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("language", ["", "en/"])
def test_every_page_of_a_dataset_is_there_and_leads_somewhere(published: Published, name: str, language: str) -> None:
    manifest = published.release(name).manifest
    for page in PAGES:
        path = f"{language}dataset/{name}/{page.format(version=manifest.version)}index.html"
        seen = Seen((published.site / path).read_text(encoding="utf-8"))
        for link in seen.links:
            parts = urlsplit(link)
            if parts.scheme or not parts.path:
                continue
            target = published.site / posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))
            assert target.is_file() or (target / "index.html").is_file(), (path, link)
        if not page:
            downloads = {posixpath.basename(link) for link in seen.links if "/download/" in link}
            assert {file.name for file in manifest.distributions} <= downloads
            assert ("2.088" if language == "" else "2,088") in seen.text or name != "bomen-leeuwarden"


def test_places_are_drawn_on_a_map(published: Published) -> None:
    drawn = {name: Seen((published.site / "dataset" / name / "index.html").read_text(encoding="utf-8")).maps for name in FORMATS}
    assert drawn["buurten"] == 1
    assert drawn["kerncijfers-gemeenten"] == 0


def test_the_first_page_leads_to_all_three(published: Published) -> None:
    seen = Seen((published.site / "index.html").read_text(encoding="utf-8"))
    for name, title in (
        ("bomen-leeuwarden", "Bijzondere bomen van Leeuwarden"),
        ("buurten", "Buurten van Haarlem en Den Helder"),
        ("kerncijfers-gemeenten", "Kerncijfers per gemeente"),
    ):
        assert any(f"dataset/{name}/" in link for link in seen.links)
        assert title in seen.text
