from __future__ import annotations

import json
import traceback
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.errors import ConfigurationError, Problem
from config.models.dataset import Dataset
from config.models.municipality import Municipality
from config.policy import load_policy
from config.rules import run
from config.rules.scope import Scope
from config.secrets import Secrets, names, resolve, unset
from config.validation import validate
from config.yaml import parse

if TYPE_CHECKING:
    from pathlib import Path

HIDDEN = "hunter2Geheim"


def test_the_environment_goes_before_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "TOKEN").write_text("from-file\n", encoding="utf-8")
    (tmp_path / "secrets" / "OTHER").write_text("two\n\n", encoding="utf-8")
    secrets = Secrets({"TOKEN": "from-env", "EMPTY": ""}, tmp_path)
    assert secrets["TOKEN"] == "from-env"
    assert secrets["OTHER"] == "two\n"
    assert Secrets({}, tmp_path)["TOKEN"] == "from-file"
    assert "EMPTY" not in secrets
    assert sorted(secrets) == ["OTHER", "TOKEN"]


@pytest.mark.parametrize("name", ["../TOKEN", "token", "A/B", "", "A.B", "/etc/passwd"])
def test_only_a_name_is_looked_up(tmp_path: Path, name: str) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "TOKEN").write_text("outside", encoding="utf-8")
    assert name not in Secrets({name: "x"}, tmp_path)


def test_a_readable_secret_is_a_warning_and_an_unreadable_one_an_error(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    file = tmp_path / "secrets" / "TOKEN"
    file.write_text(HIDDEN, encoding="utf-8")
    file.chmod(0o644)
    assert [problem.severity for problem in Secrets({}, tmp_path).exposed()] == ["warning"]
    file.chmod(0o600)
    assert Secrets({}, tmp_path).exposed() == ()
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError):
        Secrets({}, tmp_path)["TOKEN"]


def test_nothing_shows_a_value() -> None:
    secrets = Secrets({"TOKEN": HIDDEN})
    assert HIDDEN not in repr(secrets) + str(secrets)


def test_resolving_fills_in_once_and_names_what_is_missing() -> None:
    secrets = Secrets({"A": "${B}", "B": "b"})
    assert resolve("x-${A}-${B}", secrets) == "x-${B}-b"
    with pytest.raises(ConfigurationError) as caught:
        resolve("${C}/${D}/${A}", secrets)
    assert ["C" in problem.nl or "D" in problem.nl for problem in caught.value.problems] == [True, True]


def test_names_are_found_in_a_model(folder: Any) -> None:
    folder.dataset("proef", folder.texts["magnitude"].replace("../data/bron.csv", '"${BRON}/bron.csv"'))
    dataset = folder.load().datasets["proef"].dataset
    assert names(dataset) == ("BRON", "P_PERCENT")
    assert unset(dataset, Secrets({"BRON": "x"})) == ["P_PERCENT"]


def told(document_text: str, tmp_path: Path) -> str:
    """Give every word that is said of a text as declaration, municipality and policy, in both languages and as a traceback."""
    words = []
    try:
        document = parse(document_text.encode(), name="x.yaml")
    except ConfigurationError as error:
        return "".join(traceback.format_exception(error))
    for model in (Dataset, Municipality):
        words += [json.dumps(problem.as_json()) + problem.text("nl") + problem.text("en") for problem in validate(model, document)[1]]
    problems: list[Problem] = [*run.dataset(Scope(document, tmp_path, tmp_path, document)), *run.whole_municipality(document)]
    words += [problem.text("nl") + problem.text("en") for problem in problems]
    file = tmp_path / "policy.yaml"
    file.write_text(document_text, encoding="utf-8")
    try:
        load_policy(file)
    except ConfigurationError as error:
        words.append("".join(traceback.format_exception(error)))
    return "".join(words)


PLACES = [
    "source: {{kind: postgresql, dsn: {secret}}}",
    "source: {{kind: csv, path: 'https://user:{bare}@host/x.csv'}}",
    "source: {{kind: csv, dsn: {secret}}}",
    "source: {{kind: http, url: x, token: {secret}, password: [{secret}]}}",
    "source: {{kind: nope, api_key: {secret}}}",
    "source: {{kind: postgresql, dsn: 'host=x password={bare}'}}",
    "privacy: {{kind: magnitude, rules: {{p_percent: {secret}, dominance: {{n: {secret}}}}}}}",
    "portals: {{ckan: {{kind: ckan, url: 'https://a:{bare}@x', token: {secret}}}}}",
    "portals: {{ckan: {{kind: site, token: {secret}}}}}",
    "portals: {{ckan: {{kind: nope, token: {secret}, secret: {secret}}}}}",
    "people: [{{id: p1, roles: [x], key: {secret}}}]",
    "title: {{nl: [{secret}]}}\nsource: {secret}\nprivacy: {secret}\nportals: {secret}",
    "token: {secret}\nunknown: {secret}",
]


@pytest.mark.parametrize("place", PLACES)
@given(secret=st.from_regex(r"[A-Za-z][A-Za-z0-9+=!#-]{11,30}", fullmatch=True))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_message_holds_a_secret(tmp_path: Path, place: str, secret: str) -> None:
    text = place.format(secret=json.dumps(secret), bare=secret)
    assert secret not in told(text, tmp_path)
