"""Every rule of ours: silent over what is right, and speaking, with the key to mend, over what is wrong in that one place."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from rdflib import Graph, URIRef

from catalogue import document
from catalogue.findings import violations
from catalogue.namespaces import PREFIXES
from catalogue.rules.check import Check
from catalogue.validate import validate
from config.errors import Message

SOUND = Path(__file__).parent / "fixtures" / "sound.ttl"
BASE = "https://data.voorbeeldgemeente.example"
EU = "http://publications.europa.eu/resource/authority"
HEAD = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items()) + f"@base <{BASE}> .\n"
BOMEN, VERKEER, VERSION, OLD = "/id/dataset/bomen", "/id/dataset/verkeer", "/id/dataset/bomen/2026-03-09.1", "/id/dataset/oud"
CSV, WFS, SERVICE = "/id/distribution/bomen/csv", "/id/distribution/verkeer/wfs", "/id/service/verkeer-wfs"
PERIOD, RECORD, SERIES, CONTACT = "/id/period/bomen", "/id/record/bomen", "/id/series/groen", "/id/contact"
MUNICIPALITY = "https://identifier.overheid.nl/tooi/id/gemeente/gm0000"
THREE = "Alle bomen. Per boom de soort. Voor bewoners."
HVD = "http://data.europa.eu/eli/reg_impl/2023/138/oj"


class Change(NamedTuple):
    """Facts to take away (resource, property), and Turtle to add."""

    away: tuple[tuple[str, str], ...] = ()
    add: str = ""


class Case(NamedTuple):
    """A rule, the property and key that it names, what it speaks of, and what it says nothing of."""

    code: str
    prop: str | None
    key: str | None
    wrong: Change
    right: Change = Change()


def swap(code: str, node: str, prop: str, wrong: str, right: str = "", key: str | None = None) -> Case:
    """Put another value in the place of a property's: one that is wrong, and one that is right (none: that of the fixture)."""
    away = ((node, prop),)
    good = Change(away, f"<{node}> {prop} {right} .") if right else Change()
    return Case(code, prop, key, Change(away, f"<{node}> {prop} {wrong} ."), good)


def lacks(code: str, node: str, prop: str, key: str | None = None, *, says: str | None = None) -> Case:
    """Take a property away; the rule may say so of another."""
    return Case(code, says or prop, key, Change(((node, prop),)))


def adds(code: str, prop: str | None, wrong: str, right: str = "", key: str | None = None) -> Case:
    """Add facts that are wrong, and others that are right."""
    return Case(code, prop, key, Change((), wrong), Change((), right))


def text(value: str, tag: str = "nl") -> str:
    return f'"{value}"@{tag}'


CASES = [
    # dates
    swap("date-type", BOMEN, "dct:modified", '"gisteren"', '"2026-03"^^xsd:gYearMonth'),
    swap("date-type", BOMEN, "dct:issued", '"2026-03-02"', '"2026"^^xsd:gYear'),
    swap("date-form", CSV, "dct:issued", '"2026-02-30"^^xsd:date', '"2024-02-29"^^xsd:date'),
    swap("date-form", BOMEN, "dct:modified", '"2026-3-9"^^xsd:date', '"2026-03-09"^^xsd:date'),
    swap("date-form", PERIOD, "dcat:startDate", '"2024-13"^^xsd:gYearMonth', '"2024-12"^^xsd:gYearMonth', "source.as_of"),
    swap("date-zone", BOMEN, "dct:modified", '"2026-03-09T06:00:00"^^xsd:dateTime', '"2026-03-09T06:00:00Z"^^xsd:dateTime'),
    swap("duration", BOMEN, "dcat:temporalResolution", '"een maand"', '"PT15M"^^xsd:duration', "catalogue.temporal_resolution"),
    swap("duration", BOMEN, "dcat:temporalResolution", '"P"^^xsd:duration', '"P1Y2M"^^xsd:duration', "catalogue.temporal_resolution"),
    swap("period-order", PERIOD, "dcat:endDate", '"2023"^^xsd:gYear', '"2024"^^xsd:gYear', "source.as_of"),
    swap("date-order", BOMEN, "dct:issued", '"2027-01-01"^^xsd:date', '"2026-03-09"^^xsd:date')._replace(prop="dct:modified"),
    Case("period-empty", "dcat:startDate", "source.as_of", Change(((PERIOD, "dcat:startDate"), (PERIOD, "dcat:endDate")))),
    # texts
    swap("text-empty", BOMEN, "dct:title", text(" "), text("x"), "title"),
    swap("language-tag", BOMEN, "dcat:keyword", '"bomen"', text("bomen"), "catalogue.keywords"),
    swap("language-code", BOMEN, "dct:title", text("Bomen", "nederlands"), text("Bomen", "nl-NL"), "title"),
    swap("text-twice", BOMEN, "dct:title", f"{text('Bomen')}, {text('Boom')}", f"{text('Bomen')}, {text('Trees', 'en')}", "title"),
    swap("no-dutch", BOMEN, "dct:description", text("One thing. Two things. Three.", "en"), text(THREE), "description"),
    swap("description-long", BOMEN, "dct:description", text("Een zin. " * 300), text("Een zin. " * 200), "description"),
    swap("description-short", BOMEN, "dct:description", text("Alle bomen."), text(THREE), "description"),
    swap("keyword-list", BOMEN, "dcat:keyword", text("bomen, groen"), f"{text('bomen')}, {text('groen')}", "catalogue.keywords"),
    swap("markup", BOMEN, "dct:description", text(f"<p>{THREE}</p>"), text(f"{THREE} Hoogte < 3 m & > 1 m."), "description"),
    swap(
        "abbreviation",
        BOMEN,
        "dct:title",
        text("Bomen uit de BAG"),
        text("Bomen uit de Basisregistratie Adressen en Gebouwen (BAG)"),
        "title",
    ),
    swap("abbreviation", BOMEN, "dct:title", text("Bomen per APV"), text("Bomen als CSV"), "title"),
    # names
    Case(
        "unknown-class",
        None,
        None,
        Change((("/id/catalogue", "rdf:type"),), "</id/catalogue> a dcat:Catalogue ."),
        Change((), "</id/catalogue> a <https://eigen.example/Catalogus> ."),
    ),
    adds("unknown-property", "dct:licence", f"<{CSV}> dct:licence <{EU}/licence/CC0> .", f"<{CSV}> <https://eigen.example/licence> 1 ."),
    Case("nothing-checked", None, None, Change((("/id/catalogue", "rdf:type"),), "</id/catalogue> a dcat:Catalogue .")),
    Case("nothing-checked", None, None, Change(((f"{CSV}/checksum", "rdf:type"),), f"<{CSV}/checksum> a spdx:CheckSum .")),
    Case("nothing-checked", None, None, Change(((RECORD, "rdf:type"),), f"<{RECORD}> a dcat:CatalogRecords .")),
    # lists
    swap(
        "not-in-list",
        BOMEN,
        "dct:accessRights",
        f"<{EU}/access-right/OPENBAAR>",
        f"<{EU}/access-right/RESTRICTED>",
        "catalogue.access_rights",
    ),
    swap("not-in-list", BOMEN, "dct:accrualPeriodicity", '"wekelijks"', f"<{EU}/frequency/MONTHLY>", "catalogue.frequency"),
    swap("not-in-list", BOMEN, "dct:language", '"nl"', f"<{EU}/language/ENG>", "catalogue.language"),
    swap("not-in-list", CSV, "dct:format", '"CSV"', key="publication.distributions"),
    swap("not-in-list", CSV, "adms:status", f"<{EU}/distribution-status/DISCONT>", f"<{EU}/distribution-status/DEPRECATED>"),
    swap(
        "not-in-list",
        BOMEN,
        "dcat:theme",
        f"<{EU}/data-theme/ENVI>, <{EU}/data-theme/MILIEU>",
        f"<{EU}/data-theme/ENVI>, <https://eigen.example/thema/milieu>",
        "catalogue.theme",
    ),
    swap("unknown-code", BOMEN, "dct:accrualPeriodicity", f"<{EU}/frequency/WEEKLI>", f"<{EU}/frequency/DAILY>", "catalogue.frequency"),
    swap(
        "list-https",
        BOMEN,
        "dct:accessRights",
        f"<{EU.replace('http', 'https')}/access-right/PUBLIC>",
        f"<{EU}/access-right/PUBLIC>",
        "catalogue.access_rights",
    ),
    swap(
        "no-eu-theme",
        BOMEN,
        "dcat:theme",
        "<https://eigen.example/thema/bomen>",
        f"<https://eigen.example/thema/bomen>, <{EU}/data-theme/ENVI>",
        "catalogue.theme",
    ),
    swap("hvd-category", VERKEER, "dcatap:hvdCategory", "<https://eigen.example/hvd>", key="catalogue.hvd_category"),
    # places
    swap("place", BOMEN, "dct:spatial", "<https://eigen.example/plaats>", "<https://sws.geonames.org/2750405/>", "catalogue.spatial"),
    swap(
        "place-list",
        BOMEN,
        "dct:spatial",
        "<https://vocabs.cbs.nl/nl/wijk/WK008001>",
        f"<https://vocabs.cbs.nl/nl/wijk/WK008001>, <{EU}/place/NLD_AMS>",
        "catalogue.spatial",
    ),
    swap(
        "place-page",
        BOMEN,
        "dct:spatial",
        "<https://www.geonames.org/2750405>",
        "<https://sws.geonames.org/2750405/>",
        "catalogue.spatial",
    ),
    swap("box", "/id/location/bomen", "dcat:bbox", '"POLYGON((120000 487000, 121000 487000, 120000 487000))"', '"POINT(5.8 53.2)"'),
    # addresses
    adds("iri", "dct:relation", "", f"<{BOMEN}> dct:relation <https://eigen.example/zonder-spatie> .", "catalogue.relations"),
    swap("https", CSV, "dcat:downloadURL", f"<{BASE.replace('https', 'http')}/bomen.csv>", f"<{BASE}/bomen.csv>", "base_uri"),
    swap("dangling", BOMEN, "dcat:distribution", "<https://eigen.example/bestand>", f"<{CSV}>", "publication.distributions"),
    Case(
        "stray",
        None,
        None,
        Change((("/id/catalogue", "dcat:dataset"), (BOMEN, "dcat:inSeries")), f"</id/catalogue> dcat:dataset <{VERKEER}>, <{OLD}> ."),
    ),
    swap("identifier", BOMEN, "dct:identifier", '"bomen-1"', '"urn:uuid:0b7c1c1e-0000-4000-8000-000000000000"'),
    swap("identifier-twice", BOMEN, "dct:identifier", f'"{BASE}{VERKEER}"', f'"{BASE}/id/anders"'),
    # organisations and contacts
    swap("publisher", BOMEN, "dct:publisher", "<https://eigen.example/gemeente>", f"<{MUNICIPALITY}>", "publisher.uri"),
    swap("publisher", VERKEER, "dct:creator", "<https://eigen.example/gemeente>", "<https://ror.org/04x6kq749>", "publisher.uri"),
    swap("tooi", BOMEN, "dct:publisher", "<https://identifier.overheid.nl/tooi/id/Voorbeeld>", f"<{MUNICIPALITY}>", "publisher.uri"),
    swap("publisher-type", MUNICIPALITY, "dct:type", "<http://purl.org/adms/publishertype/Gemeente>"),
    lacks("contact", CONTACT, "vcard:hasEmail", "contact.email"),
    swap("mailto", CONTACT, "vcard:hasEmail", '"data@voorbeeldgemeente.example"', "<mailto:open@data.example>", "contact.email"),
    swap("contact-person", CONTACT, "vcard:hasEmail", "<mailto:j.jansen@data.example>", "<mailto:team.data@data.example>", "contact.email"),
    Case("contact-person", "vcard:hasEmail", "contact.email", Change((), f"<{CONTACT}> a vcard:Individual .")),
    # files
    lacks("download-media-type", CSV, "dcat:mediaType", "publication.distributions"),
    swap("media-type", CSV, "dcat:mediaType", '"text/csv"', key="publication.distributions"),
    swap(
        "format-media-type",
        CSV,
        "dcat:mediaType",
        "<https://www.iana.org/assignments/media-types/application/geo+json>",
        "<https://www.iana.org/assignments/media-types/text/csv>",
        "publication.distributions",
    ),
    lacks("access-copy", CSV, "dcat:accessURL", "base_uri"),
    Case(
        "dga",
        "dct:rights",
        None,
        Change(((CSV, "dct:rights"),), f"<{BOMEN}> dcatap:applicableLegislation <http://data.europa.eu/eli/reg/2022/868/oj> ."),
        Change((), f"<{BOMEN}> dcatap:applicableLegislation <http://data.europa.eu/eli/reg/2022/868/oj> ."),
    ),
    swap("size-zero", CSV, "dcat:byteSize", '"0"^^xsd:nonNegativeInteger', '"1"^^xsd:nonNegativeInteger'),
    swap("checksum-algorithm", f"{CSV}/checksum", "spdx:algorithm", "<https://eigen.example/sha>"),
    swap("checksum", f"{CSV}/checksum", "spdx:checksumValue", '"0a0b"^^xsd:hexBinary', f'"{"0a" * 32}"^^xsd:hexBinary'),
    lacks("checksum-of", CSV, "dcat:downloadURL", says="spdx:checksum"),
    # licences
    swap(
        "licence",
        CSV,
        "dct:license",
        "<https://eigen.example/licentie>",
        "<https://creativecommons.org/licenses/by/4.0/>",
        "catalogue.licence",
    ),
    swap(
        "licence-version",
        CSV,
        "dct:license",
        "<https://creativecommons.org/licenses/by/3.0/nl/>",
        "<https://creativecommons.org/licenses/by/4.0/deed.nl>",
        "catalogue.licence",
    ),
    Case(
        "licence-closed",
        "dct:rights",
        None,
        Change(
            ((CSV, "dct:license"), (CSV, "dct:rights")),
            f"<{CSV}> dct:license <http://standaarden.overheid.nl/owms/terms/geslotenlicentie> .",
        ),
        Change(((CSV, "dct:license"),), f"<{CSV}> dct:license <http://standaarden.overheid.nl/owms/terms/geslotenlicentie> ."),
    ),
    swap("hvd-licence", WFS, "dct:license", f"<{EU}/licence/CC_BYSA_4_0>", f"<{EU}/licence/CC_BY_4_0>", "catalogue.licence"),
    # high-value data
    lacks("hvd-law", VERKEER, "dcatap:applicableLegislation", "catalogue.applicable_legislation"),
    lacks("hvd-no-category", VERKEER, "dcatap:hvdCategory", "catalogue.hvd_category"),
    lacks("hvd-no-distribution", VERKEER, "dcat:distribution", "publication.distributions"),
    lacks("hvd-service", SERVICE, "foaf:page", "catalogue.services"),
    lacks("hvd-service", SERVICE, "dct:conformsTo", "catalogue.services"),
    lacks("hvd-service", SERVICE, "dcatap:applicableLegislation", "catalogue.applicable_legislation"),
    # series, versions, records, services
    Case("series-empty", None, None, Change(((BOMEN, "dcat:inSeries"),))),
    swap("series-period", "/id/period/groen", "dcat:endDate", '"2025-12-31"^^xsd:date', '"2026-03-31"^^xsd:date')._replace(
        prop="dct:temporal"
    ),
    swap("series-area", "/id/location/groen", "dcat:bbox", '"POLYGON((5.8 53.1, 5.9 53.3, 5.8 53.1))"')._replace(prop="dct:spatial"),
    lacks("version-number", VERSION, "dcat:version"),
    adds("version-member", None, f"</id/catalogue> dcat:dataset <{VERSION}> ."),
    adds("withdrawn-files", "dcat:distribution", f"<{OLD}> dcat:distribution <{CSV}> .", key="publication.distributions"),
    lacks("profile", RECORD, "dct:conformsTo"),
    swap(
        "profile-nl",
        RECORD,
        "dct:conformsTo",
        "<https://semiceu.github.io/DCAT-AP/releases/3.0.1/>",
        "<https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/>, <https://semiceu.github.io/DCAT-AP/releases/3.0.1/>",
    ),
    swap("record-language", RECORD, "dct:language", f"<{EU}/language/NLD>", f"<{EU}/language/NLD>, <{EU}/language/ENG>"),
    Case("service-stray", None, None, Change((("/id/catalogue", "dcat:service"),))),
    lacks("recommended", BOMEN, "dcat:keyword", "catalogue.keywords"),
]
"""Not here: `unreachable`, which needs a server (`test_validate_online.py`)."""


@cache
def sound() -> Graph:
    return Graph().parse(SOUND)


def iri(name: str) -> URIRef:
    prefix, _, local = name.partition(":")
    return URIRef(PREFIXES[prefix] + local) if prefix in PREFIXES else URIRef(name if "://" in name else BASE + name)


def changed(change: Change) -> Graph:
    graph = Graph()
    for triple in sound():
        graph.add(triple)
    for node, prop in change.away:
        assert (iri(node), iri(prop), None) in graph, f"{node} has no {prop} to take away"
        graph.remove((iri(node), iri(prop), None))
    return graph.parse(data=HEAD + change.add, format="turtle")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was found in the parts that a case leaves alone."""
    return tmp_path_factory.mktemp("validated") / "kept.cache"


def test_the_sound_catalogue_has_no_finding_at_all() -> None:
    for version in ("3.0.0", "3.0.1"):
        assert [finding.text() for finding in validate(SOUND, version=version)] == []  # type: ignore[arg-type]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.prop}")
def test_a_rule_speaks_of_what_is_wrong_and_not_of_what_is_right(case: Case, kept: Path) -> None:
    code = f"catalogue.{case.code}"
    graph = changed(case.wrong)
    if case.code == "iri":
        graph.add((iri(BOMEN), iri("dct:relation"), URIRef("https://eigen.example/met spatie")))
    found = [finding for finding in validate(graph, kept=kept) if finding.code == code and finding.prop == case.prop]
    assert found, f"{code} said nothing"
    finding = found[0]
    assert finding.key == case.key
    if case.key:
        assert finding.file in (
            "municipality.yaml",
            "datasets/bomen.yaml",
            "datasets/verkeer.yaml",
            "datasets/oud.yaml",
            "datasets/<id>.yaml",
        )
        assert finding.mend_nl.startswith("Typ ")
        assert finding.mend_en.startswith("Type ")
    check = next(check for check in Check.checks if check.code == code)
    assert case.prop is None or "*" in check.props or case.prop in check.props, "the rule does not tell that it is about this property"
    assert finding.severity == ("violation" if check.severity == "error" else "warning")
    assert (finding in violations(found)) == (finding.as_problem().severity == "error")
    if case.right != Change():
        assert (code, case.prop) not in {(finding.code, finding.prop) for finding in validate(changed(case.right), kept=kept)}


def test_there_are_forty_rules_and_each_has_a_case() -> None:
    every = {check.code.removeprefix("catalogue.") for check in Check.checks} - {"unreachable"}
    assert every == {case.code for case in CASES}
    assert len(every) >= 40


def test_the_page_of_rules_is_up_to_date() -> None:
    assert document.PAGE.read_text(encoding="utf-8") == document.text(), "write it anew: python -P -m catalogue.document"


def test_the_sentences_are_whole_and_have_the_same_blanks_in_both_languages() -> None:
    for check in Check.checks:
        assert Message.registry[check.code] is check
        blanks = [set(re.findall(r"{(\w+)}", text)) - {"nl", "en", "hint", "hint_en"} for text in (check.nl, check.en)]
        assert blanks[0] == blanks[1], check.code
        assert check.source, check.code
        for sentence in (check.nl, check.en):
            assert len(sentence) > 20, check.code
