"""The real datasets of `../shared`, put beside a copy of the declarations, as a municipality would have them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SHARED = HERE.parents[1].parent / "shared"


@pytest.fixture(scope="session")
def real_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration folder with its data; skipped only where `../shared` is absent, and an error where it is incomplete."""
    if not SHARED.is_dir():
        pytest.skip("../shared with the real datasets is not on this machine")
    town = tmp_path_factory.mktemp("echt") / "config"
    shutil.copytree(HERE / "config", town)
    (town / "data").mkdir()
    for name in ("cbs_kerncijfers_gemeenten_2022.csv", "cbs_buurten_2014_haarlem_denhelder.geojson"):
        shutil.copyfile(SHARED / "data" / name, town / "data" / name)
    (town / "data" / "leeuwarden_bomen_shp").mkdir()
    for file in sorted((SHARED / "data" / "leeuwarden_bomen_shp").iterdir()):
        shutil.copyfile(file, town / "data" / "leeuwarden_bomen_shp" / file.name)
    return town
