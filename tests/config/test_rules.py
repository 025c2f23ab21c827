"""What must hold between the parts of a declaration: each rule broken once, told once, at its place."""

from __future__ import annotations

import base64
from typing import Any

import pytest

LICENCE = "  licence: CC0-1.0"
HVD = '"http://data.europa.eu/bna/c_ac64a52d"'
PLAIN = 'id: kaart, kind: wfs, description: {nl: Kaart.}, endpoint: @@"http://a.example/wfs"'
WFS = 'id: kaart, kind: wfs, description: {nl: Kaart.}, endpoint: "https://a.example/wfs"'
THEME = "http://publications.europa.eu/resource/authority/data-theme/"

MICRODATA = [
    # who and where
    ("id: proef", "id: @@proeft", "config.id-file", "id", "proef.yaml"),
    ("owner: beheer", "owner: @@beheerder", "config.unknown-role", "owner", "Bedoelt u `beheer`?"),
    ("portals: [site]", "portals: [site, @@siet]", "config.unknown-portal", "publication.portals.1", "Bedoelt u `site`?"),
    ("portals: [site]", "portals: [site, @@site]", "config.twice", "publication.portals.1"),
    ("[csv, parquet]", "[csv, @@parket]", "config.unknown-format", "publication.distributions.1", "Bedoelt u `parquet`?"),
    ("[csv, parquet]", "[csv, @@csv]", "config.twice", "publication.distributions.1"),
    # columns
    ("{name: buurt,", "{name: @@Datum,", "config.column-twice", "schema.5.name", "regel 15"),
    ("{name: buurt,", "{name: @@_row,", "config.reserved-column", "schema.5.name"),
    ("{name: buurt,", "{name: buurt, source: @@datum,", "config.source-column-twice", "schema.5.source", "regel 15"),
    ("classification: quasi}\n  - {name: postcode", "classification: @@unclassified}\n  - {name: postcode", "config.unclassified",
     "schema.1.classification"),
    ('"Woo 5.1 2e"', '@@"Woo 5.1 2z"', "config.not-listed", "schema.0.ground", "Bedoelt u `Woo 5.1 2"),
    ("codelist: soorten", "codelist: @@sorten", "config.codelist-missing", "schema.3.codelist", "Bedoelt u `soorten`?"),
    ("codelist: soorten", "codelist: @@../soorten", "config.codelist-name", "schema.3.codelist"),
    ("codelist: soorten", "pattern: @@'[a-'", "config.pattern", "schema.3.pattern"),
    ("codelist: soorten", "format: @@'%d'", "config.format-unused", "schema.3.format"),
    # source
    ("key: [nummer]", "key: [@@numer]", "config.unknown-column", "source.key.0", "Bedoelt u `nummer`?"),
    ("{column: datum, p", "{column: @@datem, p", "config.unknown-column", "source.as_of.column", "Bedoelt u `datum`?"),
    ("{column: datum, p", "{column: @@buurt, p", "config.as-of-type", "source.as_of.column"),
    ("{column: datum, p", "@@{column: datum, value: '2024', p", "config.as-of", "source.as_of"),
    ("{column: datum, p", "{value: @@januari, p", "config.as-of-value", "source.as_of.value"),
    ("P30D", "@@P", "config.retention", "source.retention"),
    ("../data/bron.csv", "@@/data/bron.csv", "config.path-absolute", "source.path"),
    ("../data/bron.csv", "@@C:/data/bron.csv", "config.path-absolute", "source.path"),
    ("../data/bron.csv", r"@@..\data\bron.csv", "config.path-absolute", "source.path"),
    ("../data/bron.csv", "@@../../bron.csv", "config.path-outside", "source.path"),
    ("../data/bron.csv", "@@'../data/${bron}.csv'", "config.variable-form", "source.path", "Schrijf ${BRON}."),
    ("../data/bron.csv", "@@'../data/${BRON'", "config.variable-form", "source.path"),
    ("kind: csv\n", "kind: csv\n  delimiter: @@'${TEKEN}'\n", "config.variable-place", "source.delimiter"),
    ("../data/bron.csv", "@@https://me:geheim123@host/bron.csv", "config.literal-secret", "source.path"),
    ("kind: csv\n", "kind: csv\n  null_values: {@@datm: ['0']}\n", "config.unknown-column", "source.null_values.datm", "`datum`"),
    # quality
    ("expect_column_values_to_not_be_null, kwargs: {column: categorie}",
     "expect_compound_columns_to_be_unique, kwargs: {column_list: [datum, @@burt]}", "config.unknown-column",
     "quality.expectations.0.kwargs.column_list.1", "Bedoelt u `buurt`?"),
    ("values_to_not_be_null", "values_not_to_be_null", "config.not-listed", "quality.expectations.0.type",
     "Bedoelt u `expect_column_values_to_", "expect_column_values_not"),
    ("{column: categorie}, d", "{column: @@categori}, d", "config.unknown-column", "quality.expectations.0.kwargs.column", "`categorie`"),
    ("{column: categorie}, dimension: completeness, on_fail: quarantine", "{column: @@bedrag}, on: output, dimension: completeness",
     "config.unknown-column", "quality.expectations.0.kwargs.column"),
    ("expect_column_values_to_not_be_null, kwargs: {column: categorie}, dimension: completeness, on_fail: quarantine",
     "expect_table_row_count_to_be_between, kwargs: {}, dimension: completeness, on_fail: @@quarantine", "config.not-row-wise",
     "quality.expectations.0.on_fail"),
    ("  max_quarantine: 0.01\n", "", "config.no-quarantine", "quality.expectations.0.on_fail", "", "quarantine}"),
    ("on_fail: quarantine", "on: output, on_fail: @@quarantine", "config.quarantine-output", "quality.expectations.0.on_fail"),
    # privacy
    ("    nummer: {action: drop}\n", "", "config.unprotected", "privacy.columns.nummer", "nummer: {action: drop}", "datum: {hier"),
    ("nummer: {action: drop}", "nummer: @@{action: keep}", "config.unprotected", "privacy.columns.nummer"),
    (', ground: "Woo 5.1 2e"', "", "config.ground", "schema.0.ground", "Woo-grond", "{name: nummer"),
    ("    bedrag: {a", "    @@bedraag: {a", "config.unknown-column", "privacy.columns.bedraag", "Bedoelt u `bedrag`?"),
    ("  model: {k: 5}\n", "", "config.kind-needs", "privacy.model", "`model`", "kind: microdata"),
    ("  model: {k: 5}", "  model: {k: 5}\n  @@value: bedrag", "config.not-of-kind", "privacy.value", "kind: microdata"),
    ("  model: {k: 5}", "  model: {k: 5}\n  @@rules: {min_count: 5}", "config.not-of-kind", "privacy.rules"),
    ("  model: {k: 5}", "  model: {k: 5}\n  @@others: keep", "config.others", "privacy.others"),
    ("  model: {k: 5}", "  model: {k: 5}\n  findings: [{column: @@bedrg, kind: bsn, verdict: accepted, reason: x}]",
     "config.unknown-column", "privacy.findings.0.column", "`bedrag`"),
    ("bedrag: {action: drop}", "bedrag: @@{action: drop, hierarchy: {type: file, path: ../hierarchies/buurten.csv}}",
     "config.drop-and-hierarchy", "privacy.columns.bedrag"),
    ("postcode, type: string, classification: quasi", "postcode, type: string, classification: open", "config.hierarchy-open",
     "privacy.columns.postcode.hierarchy", "quasi", "{type: nl-postcode"),
    # hierarchies
    ("[month, year]", "@@[year, month]", "config.rule", "privacy.columns.datum.hierarchy.levels", "van fijn naar grof"),
    ("[month, year]", "@@[year, year]", "config.rule", "privacy.columns.datum.hierarchy.levels", "van fijn naar grof"),
    ("[month, year]", "[@@moth, year]", "config.choice", "privacy.columns.datum.hierarchy.levels.0", "Bedoelt u `month`?"),
    ("[PC4]", "[@@pc4]", "config.choice", "privacy.columns.postcode.hierarchy.levels.0", "Bedoelt u `PC4`?"),
    (", levels: [PC4]", "", "config.missing-key", "privacy.columns.postcode.hierarchy.levels", "", "{type: nl-postcode"),
    (", levels: [PC4]", ", levels: [PC4], @@widths: [5]", "config.unknown-key", "privacy.columns.postcode.hierarchy.widths"),
    ("datum: {hierarchy", "buurt: {hierarchy: {type: @@date, levels: [year]}}\n    datum: {hierarchy", "config.hierarchy-column",
     "privacy.columns.buurt.hierarchy.type"),
    ("datum: {hierarchy", "buurt: {hierarchy: @@{type: file}}\n    datum: {hierarchy", "config.missing-key",
     "privacy.columns.buurt.hierarchy.path"),
    ("datum: {hierarchy", "buurt: {hierarchy: @@{levels: [wijk]}}\n    datum: {hierarchy", "config.missing-key",
     "privacy.columns.buurt.hierarchy.type"),
    ("datum: {hierarchy", "buurt: {hierarchy: {type: @@cbss, levels: [wijk]}}\n    datum: {hierarchy", "config.choice",
     "privacy.columns.buurt.hierarchy.type", "Bedoelt u `cbs`?"),
    ("datum: {hierarchy", "buurt: {hierarchy: {type: cbs, levels: [wijk], areas: @@weg.csv}}\n    datum: {hierarchy",
     "config.file-missing", "privacy.columns.buurt.hierarchy.areas"),
    ("datum: {hierarchy", "buurt: {hierarchy: {type: cbs, levels: [wijk], lookup: @@../../weg.csv}}\n    datum: {hierarchy",
     "config.path-outside", "privacy.columns.buurt.hierarchy.lookup"),
    ("datum: {hierarchy", "buurt: {hierarchy: {type: @@interval, widths: [5]}}\n    datum: {hierarchy", "config.hierarchy-column",
     "privacy.columns.buurt.hierarchy.type"),
    ("datum: {hierarchy", "buurt: {hierarchy: {type: @@area, levels: [100m], minimum: 5}}\n    datum: {hierarchy",
     "config.hierarchy-column", "privacy.columns.buurt.hierarchy.type"),
    ("datum: {hierarchy", "buurt: {hierarchy: {type: file, path: @@../hierarchies/buurt.csv}}\n    datum: {hierarchy",
     "config.file-missing", "privacy.columns.buurt.hierarchy.path", "Bedoelt u `buurten.csv`?"),
    ("datum: {hierarchy", "buurt: {hierarchy: {type: file, path: @@../../../etc/passwd}}\n    datum: {hierarchy", "config.path-outside",
     "privacy.columns.buurt.hierarchy.path"),
    # catalogue
    (f"{THEME}REGI", f"{THEME}REGO", "config.not-listed", "catalogue.theme.0", f"Bedoelt u `{THEME}REGI`?", f'"{THEME}'),
    ("WEEKLY", "@@wekelijks", "config.not-listed", "catalogue.frequency", "Bedoelt u `WEEKLY`?"),
    (LICENCE, "  licence: @@CC0", "config.not-listed", "catalogue.licence", "Bedoelt u `CC0-1.0`?"),
    (LICENCE, f"{LICENCE}\n  language: [NLD, @@NL]", "config.not-listed", "catalogue.language.1", "Bedoelt u `NLD`?"),
    (LICENCE, f"{LICENCE}\n  access_rights: @@OPENBAAR", "config.not-listed", "catalogue.access_rights", "`PUBLIC`"),
    (LICENCE, f"{LICENCE}\n  spatial: @@Haarlem", "config.address", "catalogue.spatial", "`municipality`"),
    (LICENCE, f"{LICENCE}\n  landing_page: @@www.voorbeeld.example", "config.address", "catalogue.landing_page"),
    (LICENCE, f"{LICENCE}\n  hvd_category: [@@geo]", "config.hvd-category", "catalogue.hvd_category.0", "c_ac64a52d"),
    (LICENCE, f"  licence: @@CC-BY-SA-4.0\n  hvd_category: [{HVD}]", "config.hvd-licence", "catalogue.licence", "CC0-1.0"),
    (LICENCE, f"{LICENCE}\n  hvd_category: [{HVD}]\n  access_rights: @@RESTRICTED", "config.hvd-access", "catalogue.access_rights"),
    (LICENCE, f"{LICENCE}\n  hvd_category: [{HVD}]\n  services: [@@{{{WFS}}}]", "config.hvd-service", "catalogue.services.0"),
    (LICENCE, f"{LICENCE}\n  services: [{{{WFS}}}, {{{WFS.replace('kaart,', '@@kaart,')}}}]",
     "config.service-twice", "catalogue.services.1.id"),
    (LICENCE, f"{LICENCE}\n  services: [{{{WFS.replace('kind: wfs', 'kind: @@wsf')}}}]", "config.not-listed",
     "catalogue.services.0.kind", "Bedoelt u `wms`?"),
    (LICENCE, f"{LICENCE}\n  services: [@@{{{WFS.replace('wfs,', 'rest,')}}}]", "config.service-description", "catalogue.services.0"),
    (LICENCE, f"{LICENCE}\n  services: [{{{PLAIN}}}]", "config.not-https", "catalogue.services.0.endpoint"),
    (LICENCE, f"{LICENCE}\n  series: @@groen", "config.no-series", "catalogue.series"),
    (LICENCE, f"{LICENCE}\n  policy_theme: [@@Verkeer]", "config.not-listed", "catalogue.policy_theme.0", "`Verkeer_(thema)`"),
    (LICENCE, f"{LICENCE}\n  relations: [@@{{role: related}}]", "config.relation", "catalogue.relations.0"),
    (LICENCE, f"{LICENCE}\n  relations: [{{dataset: @@proef}}]", "config.relation-self", "catalogue.relations.0.dataset"),
    (LICENCE, f"{LICENCE}\n  relations: [{{dataset: @@proeven}}]", "config.no-dataset", "catalogue.relations.0.dataset", "`proef`"),
    (LICENCE, f"{LICENCE}\n  relations: [{{uri: 'https://a.example', role: @@origineel}}]", "config.not-listed",
     "catalogue.relations.0.role", "`original`"),
    (LICENCE, f"{LICENCE}\n  attributions: [{{uri: 'https://a.example', name: {{nl: A}}, role: @@bewerker}}]", "config.not-listed",
     "catalogue.attributions.0.role", "`processor`"),
    (LICENCE, f"{LICENCE}\n  creator: {{uri: @@gm0400, name: {{nl: A}}}}", "config.address", "catalogue.creator.uri"),
    (LICENCE, f"{LICENCE}\n  temporal_resolution: @@maand", "config.form", "catalogue.temporal_resolution", "P1M"),
    ('"0 6 * * 1"', '@@"0 25 * * 1"', "config.cron", "schedule.cron"),
    ('"0 6 * * 1"', '@@"elke maandag"', "config.cron", "schedule.cron"),
    ('"0 6 * * 1"', '@@"0 0 31 2 *"', "config.cron", "schedule.cron"),
    ('"0 6 * * 1"}', '"0 6 * * 1", timezone: @@Europe/Haarlem}', "config.timezone", "schedule.timezone"),
]  # fmt: skip

FREQUENCY = [
    ("    categorie: {}", "    @@categori: {}", "config.unknown-column", "privacy.dimensions.categori", "Bedoelt u `categorie`?"),
    ("    categorie: {}", "    @@nummer: {}", "config.dimension", "privacy.dimensions.nummer", "direct"),
    ("rules: {min_count: 5}", "rules: @@{zeros: suppress}", "config.kind-needs", "privacy.rules.min_count", "`min_count`"),
    ("rules: {min_count: 5}", "rules: {min_count: 5, @@min_contributors: 3}", "config.not-of-kind", "privacy.rules.min_contributors"),
    ("rules: {min_count: 5}", "rules: {min_count: 5}\n  @@model: {k: 5}", "config.not-of-kind", "privacy.model"),
    ("rules: {min_count: 5}", "rules: {min_count: 5}\n  columns: {datum: @@{hierarchy: {type: date, levels: [year]}}}", "config.only-drop",
     "privacy.columns.datum"),
    ("rules: {min_count: 5}", "rules: {min_count: 5}\n  columns: {categorie: {action: drop}}", "config.dropped-and-used",
     "privacy.dimensions.categorie", "", "categorie: {}"),
    ("level: wijk", "level: @@wijken", "config.hierarchy-level", "privacy.dimensions.buurt.level", "Bedoelt u `wijk`?"),
    ("level: wijk", "level: @@2", "config.hierarchy-level", "privacy.dimensions.buurt.level"),
    ("{type: file, path: ../hierarchies/buurten.csv, levels: [wijk]}, level: wijk",
     "{type: cbs, levels: [wijk, gemeente]}, level: @@buurt", "config.hierarchy-level", "privacy.dimensions.buurt.level", "`wijk`"),
    ("{type: file, path: ../hierarchies/buurten.csv, levels: [wijk]}, level: wijk", "{type: cbs, levels: [wijk]}, level: @@2",
     "config.hierarchy-level", "privacy.dimensions.buurt.level"),
    ("categorie: {}", "categorie: {level: @@1}", "config.hierarchy-level", "privacy.dimensions.categorie.level"),
    ("output: {aantal: {title: {nl: Aantal}}}", "output: {aantal: {title: {nl: A}}, @@n: {title: {nl: B}}}", "config.output-counts",
     "privacy.output.n"),
    ("{column: categorie}, dimension: completeness, on_fail: quarantine", "{column: @@bedrag}, on: output, dimension: completeness",
     "config.unknown-column", "quality.expectations.0.kwargs.column"),
]  # fmt: skip

MAGNITUDE = [
    ("  value: bedrag\n", "", "config.kind-needs", "privacy.value", "`value`", "kind: magnitude"),
    ("value: bedrag", "value: @@bedrg", "config.unknown-column", "privacy.value", "Bedoelt u `bedrag`?"),
    ("value: bedrag", "value: @@categorie", "config.value-type", "privacy.value", "deze kolom is string"),
    ("contributor: nummer", "contributor: @@buurt", "config.two-roles", "privacy.contributor"),
    ("contributor: nummer", "contributor: @@numer", "config.unknown-column", "privacy.contributor", "Bedoelt u `nummer`?"),
    ("min_contributors: 3, ", "", "config.kind-needs", "privacy.rules.min_contributors", "", "{p_percent"),
    ("  measure: sum", "  measure: sum\n  output: {@@totaal: {title: {nl: T}}}", "config.output-column", "privacy.output.totaal",
     "bedrag, status"),
    ('"${P_PERCENT}"', "@@12", "config.literal-secret", "privacy.rules.p_percent", '"${NAAM}"'),
    ('"${P_PERCENT}"', '@@"15"', "config.literal-secret", "privacy.rules.p_percent"),
    ('"${P_PERCENT}"', '@@"${p_percent}"', "config.literal-secret", "privacy.rules.p_percent"),
    ('"${P_PERCENT}"', '@@"${P_PERCENT} "', "config.literal-secret", "privacy.rules.p_percent"),
]  # fmt: skip

NOT_YET = [
    ("bedrag: {action: drop}", "bedrag: {action: @@scan}", "privacy.columns.bedrag.action", " scan"),
    ("[csv, parquet]", "[csv, @@gpkg]", "publication.distributions.1", " gpkg"),
    ("kind: csv\n", "kind: @@postgresql\n", "source.kind", " postgresql"),
    (
        "expectations:\n",
        "expectations:\n    - {type: @@unexpected_rows_expectation, kwargs: {unexpected_rows_query: select 1}, dimension: validity}\n",
        "quality.expectations.0.type",
        " unexpected_rows_expectation",
    ),
]
NOT_YET_TABLE = [
    ("  measure: sum", "  @@holding: nummer", "privacy.holding", ""),
    ("  measure: sum", "  protect: {method: @@cellkey}", "privacy.protect.method", " cellkey"),
    ("  measure: sum", "  protect: {method: @@round}", "privacy.protect.method", " round"),
    ("min_contributors: 3, ", 'min_contributors: 3, @@dominance: "${DOMINANCE}", ', "privacy.rules.dominance", ""),
    ("min_contributors: 3, ", "min_contributors: 3, group_disclosure: @@true, ", "privacy.rules.group_disclosure", " true"),
]


def named(case: tuple[str, ...]) -> str:
    return f"{case[2]}-{case[3]}"


@pytest.mark.parametrize("case", MICRODATA, ids=named)
def test_a_broken_rule_of_microdata_is_told(folder: Any, case: tuple[str, ...]) -> None:
    folder.check("microdata", case)


@pytest.mark.parametrize("case", FREQUENCY, ids=named)
def test_a_broken_rule_of_counts_is_told(folder: Any, case: tuple[str, ...]) -> None:
    folder.check("frequency", case)


@pytest.mark.parametrize("case", MAGNITUDE, ids=named)
def test_a_broken_rule_of_sums_is_told(folder: Any, case: tuple[str, ...]) -> None:
    folder.check("magnitude", case)


@pytest.mark.parametrize(
    ("kind", "case"), [*(("microdata", case) for case in NOT_YET), *(("magnitude", case) for case in NOT_YET_TABLE)], ids=str
)
def test_what_is_not_built_is_refused_by_its_path(folder: Any, kind: str, case: tuple[str, str, str, str]) -> None:
    old, new, path, value = case
    folder.check(kind, (old, new, "not-yet", path, f"nog niet beschikbaar: {path}{value}"))
    problem = next(problem for problem in folder.load().all_problems() if problem.code == "not-yet")
    assert problem.nl == f"nog niet beschikbaar: {path}{value}"
    assert problem.en == f"not available yet: {path}{value}"


def test_a_personal_source_is_never_open(folder: Any) -> None:
    head, _, rest = folder.texts["microdata"].partition("privacy:\n")
    tail = "catalogue:" + rest.partition("catalogue:")[2]
    folder.put("datasets/proef.yaml", head.replace("id: ID", "id: proef") + "privacy: {kind: open}\n" + tail)
    (problem, *rest_of) = [problem for problem in folder.load().all_problems() if problem.severity == "error"]
    assert (problem.code, problem.place.path, rest_of) == ("config.personal-open", "privacy.kind", [])
    assert "`nummer` is direct" in problem.nl


def test_text_may_be_dropped_or_made_coarser(folder: Any) -> None:
    text = folder.texts["microdata"].replace(
        "{name: buurt, type: string, classification: quasi}", "{name: buurt, type: string, classification: text}"
    )
    folder.dataset("proef", text)
    assert [problem.code for problem in folder.load().datasets["proef"].problems] == ["config.unprotected"]
    coarser = "buurt: {hierarchy: {type: file, path: ../hierarchies/buurten.csv}}\n    datum: {"
    folder.dataset(
        "proef", text.replace("datum: {", coarser, 1) if "    datum: {" not in text else text.replace("    datum: {", "    " + coarser)
    )
    assert folder.load().datasets["proef"].problems == ()


def test_warnings_do_not_stop_a_dataset(folder: Any) -> None:
    folder.check("microdata", (LICENCE, "  licence: @@CC-BY-NC-4.0", "config.licence-not-open", "catalogue.licence"), warning=True)
    case = ("processing: meldingen", "processing: @@bezwaren", "config.register-entry", "processing", "processing/bezwaren.yaml")
    folder.check("microdata", case, warning=True)
    folder.check(
        "microdata", ("assessment: meldingen\n", "", "config.register-none", "assessment", "assessments/", "id: proef"), warning=True
    )
    case = ("  justification: {nl: Genoeg.}\n", "", "config.justification", "privacy.justification", "", "kind: microdata")
    folder.check("microdata", case, warning=True)
    folder.check("frequency", (', ground: "Woo 5.1 2e"', "", "config.ground-table", "schema.0.ground", "", "{name: nummer"), warning=True)
    folder.check("microdata", ("../data/bron.csv", "@@'${BRON}/bron.csv'", "config.unset-variable", "source.path", "BRON"), warning=True)


def test_the_second_table_of_one_source_is_refused_by_itself(folder: Any) -> None:
    folder.dataset("eerste", folder.texts["frequency"])
    folder.dataset("tweede", folder.texts["magnitude"])
    folder.dataset("derde", folder.texts["frequency"].replace("bron.csv", "andere.csv"))
    folder.dataset("vierde", folder.texts["microdata"])
    datasets = folder.load().datasets
    assert {name: declared.dataset is not None for name, declared in datasets.items()} == {
        "derde": True, "eerste": True, "tweede": False, "vierde": True
    }  # fmt: skip
    (problem,) = datasets["tweede"].problems
    assert (problem.code, problem.place.path) == ("not-yet", "source")
    assert "eerste" in problem.nl


MUNICIPALITY = [
    ("example: true", "example: false", "config.example-code", "publisher.uri", "example: true", '"https://identifier'),
    ("gm0000", "gm9999", "config.not-listed", "publisher.uri", "gemeenten", '"https://identifier'),
    ("gm0000", "0392", "config.form", "publisher.uri", "TOOI", '"https://identifier'),
    ("licence: CC0-1.0", "licence: @@CC0-2.0", "config.not-listed", "licence", "Bedoelt u `CC0-1.0`?"),
    ("{id: p2, roles: [privacy-officer]", "{id: p2, roles: [@@privacy-oficer]", "config.person-role",
     "people.1.roles.0", "`privacy-officer`"),
    ("{id: p2", "{id: @@p1", "config.person-twice", "people.1.id", "regel 9"),
    ("ed25519:IB8eHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgE=", "ed25519:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "config.key-twice",
     "people.1.key", "regel 9", '"ed25519:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}\nportals'),
    ("ed25519:IB8e", "ed25519:", "config.key-form", "people.1.key", "", '"ed25519:HRwb'),
    ("ed25519:IB8e", "rsa:IB8e", "config.key-form", "people.1.key", "", '"rsa:'),
    ("data@voorbeeldgemeente.example}", "data@voorbeeldgemeente.example, url: @@voorbeeld}", "config.address", "contact.url"),
    ("example: true", "example: true\narea: {bbox: @@[53.3, 5.7, 53.1, 5.9]}", "config.bbox", "area.bbox", "west"),
    ("example: true", "example: true\narea: {same_as: [@@Haarlem]}", "config.address", "area.same_as.0"),
    ("example: true", "example: true\ncatalogue_profile: @@3.0.2", "config.choice", "catalogue_profile"),
    ("example: true", "example: true\nseries: {groen: {title: {nl: A}, description: {nl: B}, frequency: @@jaarlijks}}",
     "config.not-listed", "series.groen.frequency", "`ANNUAL`"),
    ("{kind: site}", "{kind: @@data-overheid}", "not-yet", "portals.site.kind", "nog niet beschikbaar: portals.site.kind data-overheid"),
    ('"https://data.voorbeeldgemeente.example"', '@@"https://data.voorbeeldgemeente.example/"', "config.form", "base_uri"),
    ('"https://data.voorbeeldgemeente.example"', '@@"http://data.voorbeeldgemeente.example"', "config.form", "base_uri"),
]  # fmt: skip


@pytest.mark.parametrize("case", MUNICIPALITY, ids=named)
def test_a_broken_rule_of_the_municipality_is_told(folder: Any, case: tuple[str, ...]) -> None:
    folder.check_municipality(case)


def test_a_key_is_told_apart_by_its_bytes(folder: Any) -> None:
    raw = base64.b64decode("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
    blob = b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20" + raw
    ssh = f'"ssh-ed25519 {base64.b64encode(blob).decode()} iemand"'
    folder.put("municipality.yaml", folder.municipality.replace('"ed25519:IB8eHRwbGhkYFxYVFBMSERAPDg0MCwoJCAcGBQQDAgE="', ssh))
    assert [problem.code for problem in folder.load().problems if problem.severity == "error"] == ["config.key-twice"]


def test_a_real_municipality_is_known(folder: Any) -> None:
    folder.put("municipality.yaml", folder.municipality.replace("gm0000", "gm0392").replace("example: true", "example: false"))
    assert folder.load().municipality is not None


def test_without_a_municipality_the_datasets_are_still_judged(folder: Any) -> None:
    folder.dataset("proef", folder.texts["microdata"].replace("owner: beheer", "owner: niemand").replace("WEEKLY", "WEEKLIJKS"))
    (folder.root / "municipality.yaml").unlink()
    project = folder.load()
    assert [problem.code for problem in project.problems] == ["config.no-municipality"]
    # Roles and portals are unknown now, so nothing is said of them.
    assert [problem.code for problem in project.datasets["proef"].problems] == ["config.not-listed"]


def test_one_broken_file_leaves_the_others(folder: Any) -> None:
    folder.dataset("goed", folder.texts["microdata"])
    folder.put("datasets/stuk.yaml", "id: 'stuk\n")
    folder.put("datasets/bytes.yaml", "").write_bytes(b"\xff\xfe\x00")
    folder.put("datasets/oud.yml", folder.texts["microdata"])
    project = folder.load()
    assert [name for name, declared in project.datasets.items() if declared.dataset] == ["goed"]
    assert [problem.code for problem in project.datasets["stuk"].problems] == ["yaml.syntax"]
    assert [problem.code for problem in project.problems] == ["config.ending"]
    assert project.datasets["goed"].places.at("source", "path").line == 9


def test_an_empty_folder_says_what_to_do(tmp_path: Any) -> None:
    from config.project import load

    project = load(tmp_path / "nergens", env={})
    assert [problem.code for problem in project.problems] == ["config.no-municipality", "config.no-datasets"]
