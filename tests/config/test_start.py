"""Loading a configuration is light: what is not imported."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HEAVY = ("pandas", "pyarrow", "duckdb", "narwhals", "rdflib", "great_expectations", "prefect", "numpy", "shapely", "pyogrio", "pyproj",
         "jinja2", "xlsxwriter", "python_calamine", "cryptography", "httpx", "rich", "typer")  # fmt: skip
PROGRAM = """
import json, sys
from pathlib import Path
from config.project import load
project = load(Path(sys.argv[1]), env={})
print(json.dumps({"modules": sorted({name.partition(".")[0] for name in sys.modules}),
                  "datasets": len(project.datasets)}))
"""
EXAMPLE = Path(__file__).parents[2] / "config" / "voorbeeldgemeente"


def test_loading_the_example_imports_nothing_heavy() -> None:
    """What it takes in seconds is measured by `benchmarks/startup.py`."""
    said = subprocess.run([sys.executable, "-c", PROGRAM, str(EXAMPLE)], capture_output=True, text=True, check=True).stdout
    told = json.loads(said)
    assert told["datasets"] >= 7
    assert not set(HEAVY) & set(told["modules"])


def test_kinds_and_models_can_be_imported_in_any_order() -> None:
    for first in (
        "publication.portals.site",
        "sources.readers.csv",
        "config.models.municipality",
        "config.models.dataset",
        "config.policy",
    ):
        subprocess.run([sys.executable, "-c", f"import {first}; from config.project import load; import config.schema"], check=True)
