"""What the models say of a document that has the wrong shape: place, path, found, expected, did-you-mean."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.document import Document
from config.models.dataset import Dataset
from config.models.municipality import Municipality
from config.validation import validate
from config.yaml import parse

UNKNOWN = [
    ("title: {nl: Meldingen}", "@@titel: {nl: X}\ntitle: {nl: Meldingen}", "config.unknown-key", "titel", "Kies uit: `purpose`"),
    ("  frequency: WEEKLY", "  @@frequenty: WEEKLY", "config.unknown-key", "catalogue.frequenty", "Bedoelt u `frequency`?"),
    ("  path: ", "  @@decimaal: ','\n  path: ", "config.unknown-key", "source.decimaal", "Bedoelt u `decimal`?"),
    ("type: integer, class", "@@pii: true, type: integer, class", "config.unknown-key", "schema.0.pii", "Kies uit"),
    ("{nl: Wat bewoners melden.}", "{nl: Wat bewoners melden, @@per buurt}", "config.unknown-key", "description.per buurt", "komma"),
    ("{k: 5}", "{k: 5, @@supression_limit: 0.1}", "config.unknown-key", "privacy.model.supression_limit", "`suppression_limit`"),
    ("schema:\n", "@@columns: []\nschema:\n", "config.unknown-key", "columns"),
]
MISSING = [
    ("owner: beheer\n", "", "config.missing-key", "owner", "`owner: …`", "id: proef"),
    ("type: date, classification: quasi", "type: date", "config.missing-key", "schema.1.classification", "", "{name: datum"),
    ("  kind: csv\n", "", "config.missing-key", "source.kind", "", "path: ../data"),
    ("  path: ../data/bron.csv\n", "", "config.missing-key", "source.path", "", "kind: csv"),
]
CHOICES = [
    ("type: decimal", "type: @@decimaal", "config.choice", "schema.4.type", "Bedoelt u `decimal`?"),
    ("sensitive, codelist", "@@Sensitive, codelist", "config.choice", "schema.3.classification", "Bedoelt u `sensitive`?"),
    ("kind: csv", "kind: @@scv", "config.choice", "source.kind", "Bedoelt u `csv`?"),
    ("type: date, levels", "type: @@datum, levels", "config.choice", "privacy.columns.datum.hierarchy.type", "Bedoelt u `date`?"),
    ("dimension: completeness", "dimension: @@compleetness", "config.choice", "quality.expectations.0.dimension", "`completeness`"),
    ("on_fail: quarantine", "on_fail: @@quarantaine", "config.choice", "quality.expectations.0.on_fail", "`quarantine`"),
    ("kind: microdata", "kind: @@micro-data", "config.choice", "privacy.kind", "Bedoelt u `microdata`?"),
    ("precision: month", "precision: @@maand", "config.choice", "source.as_of.precision", "Kies uit"),
]
TYPES = [
    ("{nl: Meldingen}", "{nl: @@12}", "config.type", "title.nl", "verwacht wordt een tekst. Zet er aanhalingstekens om."),
    ("{nl: Meldingen}", "@@Meldingen", "config.type", "title", "Hier staat een tekst, verwacht wordt een blok met sleutels."),
    ("key: [nummer]", "key: @@nummer", "config.type", "source.key", "Zet er [ en ] om."),
    ("max_quarantine: 0.01", 'max_quarantine: @@"0.01"', "config.type", "quality.max_quarantine", "Haal de aanhalingstekens weg."),
    ("{k: 5}", "{k: @@vijf}", "config.type", "privacy.model.k", "een geheel getal"),
    ("{k: 5}", "{k: @@5.5}", "config.type", "privacy.model.k", "een geheel getal"),
    ("{k: 5}", "{k: @@true}", "config.type", "privacy.model.k", "Hier staat true of false"),
    ("codelist: soorten}", "codelist: soorten, required: @@ja}", "config.type", "schema.3.required", "true of false"),
    ("{name: datum", "@@datum\n  - {name: datum", "config.type", "schema.1", "een blok met sleutels"),
    ("kwargs: {column: categorie}", "kwargs: @@[categorie]", "config.type", "quality.expectations.0.kwargs", "een lijst"),
    ("owner: beheer", "owner:@@", "config.type", "owner", "Hier staat niets"),
]
FORMS = [
    (
        "processing: meldingen",
        "processing: @@Onze_Meldingen",
        "config.form",
        "processing",
        "`Onze_Meldingen`, verwacht wordt kleine letters",
    ),
    ("retention: P30D", "retention: @@30 dagen", "config.form", "source.retention", "`P30D`"),
    ("{k: 5}", "{k: @@1}", "config.limit", "privacy.model.k", "minstens 2"),
    ("{k: 5}", "{k: 5, suppression_limit: @@4}", "config.limit", "privacy.model.suppression_limit", "hoogstens 1"),
    ("[site]", "@@[]", "config.limit", "publication.portals", "minstens 1 onderdeel"),
    ("{nl: Meldingen}", "{nl: @@''}", "config.limit", "title.nl", "minstens 1 teken"),
    ('["http://publications.europa.eu/resource/authority/data-theme/REGI"]', "[@@REGI]", "config.form", "catalogue.theme.0", "/REGI"),
]


@pytest.mark.parametrize("case", [*UNKNOWN, *MISSING, *CHOICES, *TYPES, *FORMS], ids=lambda case: f"{case[2]}-{case[3]}")
def test_one_mistake_is_one_problem_at_its_place(folder: Any, case: tuple[str, ...]) -> None:
    folder.check("microdata", case)


@pytest.mark.parametrize("kind", ["microdata", "frequency", "magnitude"])
def test_the_base_texts_are_valid(folder: Any, kind: str) -> None:
    folder.dataset("proef", folder.texts[kind])
    project = folder.load()
    assert project.all_problems() == ()
    assert project.datasets["proef"].dataset is not None


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(folder: Any) -> None:
    text = folder.texts["microdata"].replace("id: ID", "id: proef")
    for old, new, *_ in (UNKNOWN[1], CHOICES[0], TYPES[0], TYPES[3], FORMS[2]):
        text = text.replace(old, new.replace("@@", ""), 1)
    folder.put("datasets/proef.yaml", text)
    found = folder.load().datasets["proef"].problems
    assert [problem.place.path for problem in found] == [
        "title.nl", "schema.4.type", "quality.max_quarantine", "privacy.model.k", "catalogue.frequenty"
    ]  # fmt: skip
    assert [problem.place.line for problem in found] == sorted(problem.place.line or 0 for problem in found)


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("{k: 5, l: {column: categorie}}", ["privacy.model.l.value"]),
        ("{k: 5, l: {kolom: categorie, value: 2}}", ["privacy.model.l.column", "privacy.model.l.kolom"]),
        ("{k: 5, l: [{column: categorie, value: twee}]}", ["privacy.model.l.0.value"]),
        ("{k: 5, l: 2}", ["privacy.model.l"]),
    ],
)
def test_a_union_shows_only_the_path_that_was_typed(folder: Any, text: str, paths: list[str]) -> None:
    document = parse(folder.texts["microdata"].replace("id: ID", "id: proef").replace("{k: 5}", text).encode(), name="x.yaml")
    model, problems = validate(Dataset, document)
    assert model is None
    assert sorted(problem.place.path for problem in problems) == paths


def test_the_level_of_a_dimension_may_be_a_name_or_a_number(folder: Any) -> None:
    document = parse(folder.texts["frequency"].replace("id: ID", "id: p").replace("level: wijk", "level: [1]").encode(), name="x.yaml")
    _, problems = validate(Dataset, document)
    assert [problem.place.path for problem in problems] == ["privacy.dimensions.buurt.level"]


def test_a_portal_is_told_by_its_name_and_its_kind(folder: Any) -> None:
    text = folder.municipality.replace(
        "  site: {kind: site}", "  Site: {kind: site}\n  a: {kind: siet}\n  b: {}\n  c: 5\n  d: {kind: site, urll: x}"
    )
    _, problems = validate(Municipality, parse(text.encode(), name="m.yaml"))
    assert [(problem.code, problem.place.path) for problem in problems] == [
        ("config.wrong-key", "portals.Site"),
        ("config.choice", "portals.a.kind"),
        ("config.missing-key", "portals.b.kind"),
        ("config.type", "portals.c"),
        ("config.unknown-key", "portals.d.urll"),
    ]
    assert "Bedoelt u `site`?" in problems[1].nl


@pytest.mark.parametrize("text", ["- a\n- b\n", "just text\n", "12\n", "null\n"])
def test_a_file_that_is_no_block_is_one_problem(text: str) -> None:
    model, problems = validate(Dataset, parse(text.encode(), name="x.yaml"))
    assert model is None
    assert [problem.code for problem in problems] == ["config.not-a-block"]
    assert problems[0].place.line == 1


KEYS = [*Dataset.model_fields, "schema", "kind", "path", "x"]
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["csv", "microdata", "kind", "${X}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=15,
)


@given(st.dictionaries(st.sampled_from(KEYS), junk))
def test_any_document_gives_a_model_or_problems_with_places(value: object) -> None:
    document = parse(json.dumps(value).encode(), name="x.json")
    model, problems = validate(Dataset, document)
    assert (model is None) == bool(problems)
    assert all(problem.place.line and problem.nl and problem.en for problem in problems)
    # And without places (a document made in memory) nothing falls over either.
    assert len(validate(Dataset, Document(value))[1]) == len(problems)
