"""The seven declarations of the example municipality: they load, cover everything, and come out as `make demo` says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from config.models.schema import PERSONAL
from config.project import load
from config.voorbeeldgemeente import generate

if TYPE_CHECKING:
    from pathlib import Path

    from config.project import Project

EXAMPLE = generate.HERE
DATASETS = {
    "bijstand-buurten",
    "bomen",
    "gasverbruik-buurten",
    "kerncijfers",
    "meldingen-openbare-ruimte",
    "parkeertellingen",
    "subsidies",
}
PERSONAL_DATASETS = {"bijstand-buurten", "gasverbruik-buurten", "meldingen-openbare-ruimte", "subsidies"}
SECRETS = {"P_PERCENT": "10"}


@pytest.fixture(scope="module")
def project() -> Project:
    return load(EXAMPLE, env=SECRETS)


def test_they_load_without_errors(project: Project) -> None:
    found = [*project.problems, *(problem for declared in project.datasets.values() for problem in declared.problems)]
    assert [problem.text("en") for problem in found if problem.severity == "error"] == []
    assert project.municipality is not None
    assert project.municipality.example
    assert set(project.datasets) == DATASETS


def test_only_the_variables_of_the_optional_portal_are_unset(project: Project) -> None:
    found = [*project.problems, *(problem for declared in project.datasets.values() for problem in declared.problems)]
    assert {name for problem in found for name in re.findall(r"\$\{(\w+)\}", problem.en)} == {"CKAN_URL", "CKAN_API_TOKEN"}
    assert all("portals.ckan" in problem.place.path for problem in found)


def test_every_dataset_goes_to_both_portals(project: Project) -> None:
    assert project.municipality is not None
    assert project.municipality.portals["ckan"].optional
    for declared in project.datasets.values():
        assert declared.dataset is not None
        assert declared.dataset.publication.portals == ("site", "ckan")
        assert declared.dataset.schedule is not None


def test_what_is_personal_is_declared_so_and_reasoned(project: Project) -> None:
    for declared in project.datasets.values():
        dataset = declared.dataset
        assert dataset is not None
        assert dataset.personal == (dataset.id in PERSONAL_DATASETS)
        assert dataset.privacy.kind == "open" or dataset.personal
        assert dataset.privacy.justification is not None
        for column in dataset.columns:
            assert column.classification not in {"direct", "text"} or column.ground, f"{dataset.id}.{column.name}"
        assert {column.classification for column in dataset.columns} <= PERSONAL | {"open"}


def test_texts_are_in_both_languages(project: Project) -> None:
    for declared in project.datasets.values():
        dataset = declared.dataset
        assert dataset is not None
        assert dataset.purpose is not None
        texts = [dataset.title, dataset.description, dataset.purpose, *(expectation.title for expectation in dataset.quality.expectations)]
        texts += [column.title for column in dataset.columns if column.classification == "open" and column.title]
        assert all(text is not None and text.nl and text.en for text in texts), dataset.id


def test_every_register_that_is_named_is_there(project: Project) -> None:
    for declared in project.datasets.values():
        dataset = declared.dataset
        assert dataset is not None
        for folder, name in (("processing", dataset.processing), ("assessments", dataset.assessment)):
            if name:
                assert f"id: {name}\n" in (EXAMPLE / folder / f"{name}.yaml").read_text(encoding="utf-8")


def test_expectations_are_those_of_great_expectations(project: Project) -> None:
    import great_expectations.expectations as known

    names = {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() for name in dir(known) if name.startswith(("Expect", "Unexpected"))}
    used = {
        expectation.type
        for declared in project.datasets.values()
        if declared.dataset
        for expectation in declared.dataset.quality.expectations
    }
    assert used <= names
    assert len(used) >= 8


@pytest.fixture(scope="module", params=[False, True], ids=["as-is", "mended"])
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[bool, Path]:
    """A copy of the example with its registers, with and without the fault that blocks."""
    import shutil

    folder = tmp_path_factory.mktemp("town") / "gemeente"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("data", "secrets", "*.py", "__pycache__"))
    generate.write(folder / "data", mended=request.param)
    return request.param, folder


ROWS = {
    "bijstand-buurten": 3_000,
    "bomen": 2_500,
    "kerncijfers": 40,
    "meldingen-openbare-ruimte": 8_000,
    "parkeertellingen": 20_160,
    "subsidies": 400,
}


def test_the_registers_are_as_declared_and_only_the_planted_fault_blocks(town: tuple[bool, Path], tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from quality.check import applicable, check
    from sources.extract import extract, select

    mended, folder = town
    verdicts = {}
    for name, declared in load(folder, env=SECRETS).datasets.items():
        dataset = declared.dataset
        assert dataset is not None
        needed = select(dataset)
        snapshot = extract(
            dataset.source,
            dataset.columns,
            base=declared.file.parent,
            out=tmp_path / f"{name}.parquet",
            now=datetime(2026, 11, 2, tzinfo=UTC),
            secrets=SECRETS,
            needed=needed,
        )
        assert snapshot.rejected_rows == 0, name
        assert snapshot.rows == ROWS.get(name, snapshot.rows) > 0
        names = frozenset(column.name for column in dataset.columns)
        report = check(snapshot.path, applicable(dataset.quality.expectations, "input", names), gate="input", columns=dataset.columns)
        verdicts[name] = report.verdict
    assert verdicts == dict.fromkeys(DATASETS, "passed") | ({} if mended else {"subsidies": "blocked"})
