"""The real datasets of `../shared`, put beside a copy of the declarations, as a municipality would have them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

    from publication.outcome import Outcome
    from publication.release import Release

HERE = Path(__file__).parent
SHARED = HERE.parents[1].parent / "shared"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make a skip red where `../shared` is present: there is no reason then not to run."""
    report = yield
    if report.skipped and SHARED.is_dir() and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped although ../shared is on this machine"
    return report


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of the real datasets; skipped only where `../shared` is absent."""
    if not SHARED.is_dir():
        pytest.skip("../shared with the real datasets is not on this machine")
    return SHARED / "data"


@pytest.fixture(scope="session")
def real_town(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration folder with its data; an error where `../shared` is incomplete."""
    town = tmp_path_factory.mktemp("echt") / "config"
    shutil.copytree(HERE / "config", town)
    (town / "data").mkdir()
    for name in ("cbs_kerncijfers_gemeenten_2022.csv", "cbs_buurten_2014_haarlem_denhelder.geojson"):
        shutil.copyfile(shared_data / name, town / "data" / name)
    (town / "data" / "leeuwarden_bomen_shp").mkdir()
    for file in sorted((shared_data / "leeuwarden_bomen_shp").iterdir()):
        shutil.copyfile(file, town / "data" / "leeuwarden_bomen_shp" / file.name)
    return town


@dataclass(frozen=True)
class Published:
    """A home after a run over the real datasets."""

    config: Path
    home: Path
    outcomes: tuple[Outcome, ...]

    @property
    def site(self) -> Path:
        """The site as it is served."""
        return self.home / "site"

    def release(self, dataset: str) -> Release:
        """The release that the site shows, verified."""
        from publication.release import Release

        folder = self.home / "releases" / dataset
        return Release.open(folder / (folder / "current").read_text().strip())

    def download(self, dataset: str, ending: str) -> Path:
        """A file as a citizen downloads it from the site."""
        return self.site / "download" / dataset / self.release(dataset).manifest.version / f"{dataset}.{ending}"

    def again(self, *, days: int) -> tuple[Outcome, ...]:
        """Run over every dataset once more, so many days later."""
        return run(self.config, self.home, NOW + timedelta(days=days))


def run(config: Path, home: Path, now: datetime) -> tuple[Outcome, ...]:
    """Run the pipeline over every dataset of a configuration folder."""
    from config.project import load
    from flows import pipeline

    project: Any = load(config, env={})
    with pipeline.opened(project, home, now=now) as ctx:
        return pipeline.run(ctx, sorted(project.datasets))


@pytest.fixture(scope="session")
def published(real_town: Path) -> Published:
    """A home in which the three real datasets were published on the portal `site`."""
    home = real_town.parent / "home"
    return Published(real_town, home, run(real_town, home, NOW))
