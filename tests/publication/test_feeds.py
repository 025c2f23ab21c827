"""The feeds: what came out and what was withdrawn, newest first, with addresses that are there."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import site_town

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> site_town.Home:
    home, entries = site_town.full(tmp_path_factory.mktemp("fed"))
    home.publish(*entries)
    return home


def local(site: Path, address: str) -> Path:
    path = site / address.removeprefix(site_town.BASE + "/")
    return path / "index.html" if path.is_dir() else path


@pytest.mark.parametrize("path", ["feed.atom", "en/feed.atom"])
def test_the_feed_names_every_release_newest_first(town: site_town.Home, path: str) -> None:
    feed = ET.parse(town.site / path).getroot()  # noqa: S314 - our own file
    entries = feed.findall(f"{ATOM}entry")
    moments = [entry.findtext(f"{ATOM}updated", "") for entry in entries]
    assert moments == sorted(moments, reverse=True)
    assert feed.findtext(f"{ATOM}updated") == moments[0]
    addresses = [entry.findtext(f"{ATOM}id", "") for entry in entries]
    assert len(set(addresses)) == len(addresses)
    released = {
        f"{site_town.BASE}/id/dataset/{folder.parent.name}/{folder.name}"
        for folder in (town.site / "download").glob("*/*")
        if folder.is_dir()
    }
    assert released <= set(addresses)
    assert {address for address in addresses if address.endswith("#withdrawn")}
    for link in feed.iter(f"{ATOM}link"):
        assert local(town.site, link.attrib["href"]).is_file(), link.attrib["href"]
        if link.attrib["rel"] == "enclosure":
            assert int(link.attrib["length"]) == local(town.site, link.attrib["href"]).stat().st_size


def test_data_json_describes_what_can_be_downloaded_now(town: site_town.Home) -> None:
    told = json.loads((town.site / "data.json").read_text(encoding="utf-8"))
    required = {"title", "description", "keyword", "modified", "publisher", "contactPoint", "identifier", "accessLevel"}
    assert told["dataset"]
    for dataset in told["dataset"]:
        assert required <= dataset.keys()
        assert dataset["contactPoint"]["hasEmail"].startswith("mailto:")
        for file in dataset["distribution"]:
            assert local(town.site, file["downloadURL"]).is_file()
    withdrawn = {path.name for path in (town.site / "dataset").iterdir()} - {path.name for path in (town.site / "download").iterdir()}
    assert withdrawn
    assert not {dataset["identifier"].rpartition("/")[2] for dataset in told["dataset"]} & withdrawn
