"""Loading a configuration is light: what is not imported, and how much processor time it takes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HEAVY = ("pandas", "pyarrow", "duckdb", "narwhals", "rdflib", "great_expectations", "prefect", "numpy", "shapely", "pyogrio", "pyproj",
         "jinja2", "xlsxwriter", "python_calamine", "cryptography", "httpx", "rich", "typer")  # fmt: skip
PROGRAM = """
import json, sys, time
from pathlib import Path
from config.project import load
project = load(Path(sys.argv[1]), env={})
print(json.dumps({"seconds": time.process_time(), "modules": sorted({name.partition(".")[0] for name in sys.modules}),
                  "datasets": len(project.datasets)}))
"""
EXAMPLE = Path(__file__).parents[2] / "config" / "voorbeeldgemeente"


def test_loading_the_example_is_light() -> None:
    runs = []
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", PROGRAM, str(EXAMPLE)], capture_output=True, text=True, check=True)
        runs.append(json.loads(done.stdout))
    assert runs[0]["datasets"] >= 7
    assert not set(HEAVY) & set(runs[0]["modules"])
    # The least of three: other work on the machine only adds to it.
    assert min(run["seconds"] for run in runs) < 0.9


def test_kinds_and_models_can_be_imported_in_any_order() -> None:
    for first in (
        "publication.portals.site",
        "sources.readers.csv",
        "config.models.municipality",
        "config.models.dataset",
        "config.policy",
    ):
        subprocess.run([sys.executable, "-c", f"import {first}; from config.project import load; import config.schema"], check=True)
