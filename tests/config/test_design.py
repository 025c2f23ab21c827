"""The blocks of the design, with every … filled in: they load, and only what is not built yet is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.project import Project, load

FOLDER = Path(__file__).parent / "design"
ENV = dict.fromkeys(("CKAN_URL", "CKAN_API_TOKEN", "MELDINGEN_DSN", "P_PERCENT", "DOMINANCE"), "x")


@pytest.fixture(scope="module")
def project() -> Project:
    return load(FOLDER, env=ENV)


def test_the_municipality_loads(project: Project) -> None:
    assert project.problems == ()
    assert project.municipality is not None
    assert list(project.municipality.portals) == ["site", "ckan"]
    assert project.municipality.portals["ckan"].optional


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("meldingen-openbare-ruimte", ["source.kind postgresql"]),
        ("bijstand-buurten", []),
        ("gasverbruik-buurten", ["privacy.holding", "privacy.rules.dominance"]),
    ],
)
def test_exactly_what_is_not_built_is_refused(project: Project, name: str, refused: list[str]) -> None:
    errors = [problem for problem in project.datasets[name].problems if problem.severity == "error"]
    assert [problem.nl for problem in errors] == [f"nog niet beschikbaar: {what}" for what in refused]
    assert (project.datasets[name].dataset is None) is bool(refused)


def test_an_absent_entry_of_a_register_is_a_warning(project: Project) -> None:
    warnings = [problem.code for problem in project.all_problems() if problem.severity == "warning"]
    assert warnings == ["config.register-none", "config.register-none"]


def test_unset_names_are_warnings_and_no_more() -> None:
    project = load(FOLDER, env={})
    unset = {
        problem.nl.split("}", 1)[0].removeprefix("${") for problem in project.all_problems() if problem.code == "config.unset-variable"
    }
    # Of what is not built yet nothing else is said.
    assert unset == set(ENV) - {"DOMINANCE"}
    assert project.municipality is not None
