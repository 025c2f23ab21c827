"""Loading a configuration is light: what is not imported, and how much processor time it takes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

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
BARE = """
import json, time
import yaml
from pydantic import BaseModel
class One(BaseModel):
    a: int = 1
print(json.dumps({"seconds": time.process_time()}))
"""
EXAMPLE = Path(__file__).parents[2] / "config" / "voorbeeldgemeente"


def measured(program: str) -> dict[str, Any]:
    """Run a program that prints one JSON object three times, and give what the quickest said: other work on the machine only adds."""
    said = [
        json.loads(subprocess.run([sys.executable, "-c", program, str(EXAMPLE)], capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    ]
    return dict(min(said, key=lambda run: run["seconds"]))


def test_loading_the_example_is_light() -> None:
    ours, bare = measured(PROGRAM), measured(BARE)
    assert ours["datasets"] >= 7
    assert not set(HEAVY) & set(ours["modules"])
    # 0.6 s on an idle machine of this age; told as a multiple of what pydantic and PyYAML take by themselves, whatever the load: every kind
    # of source, hierarchy and portal is a model more.
    assert ours["seconds"] < 2.5 * bare["seconds"]


def test_kinds_and_models_can_be_imported_in_any_order() -> None:
    for first in (
        "publication.portals.site",
        "sources.readers.csv",
        "config.models.municipality",
        "config.models.dataset",
        "config.policy",
    ):
        subprocess.run([sys.executable, "-c", f"import {first}; from config.project import load; import config.schema"], check=True)
