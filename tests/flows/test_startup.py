"""Help, errors and `validate` start at once: what is not imported is the test; CPU seconds are only bounded loosely."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"pandas", "pyarrow", "duckdb", "narwhals", "rdflib", "great_expectations", "prefect", "numpy", "shapely", "pyogrio", "jinja2"}
PROBE = """
import resource, sys
sys.argv = ["vrijgave", *{arguments!r}]
from flows.cli import main
try:
    main()
except SystemExit:
    pass
used = resource.getrusage(resource.RUSAGE_SELF)
print("\\n#", sorted({heavy!r} & set(sys.modules)), used.ru_utime + used.ru_stime, file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("arguments", "budget"),
    [
        (["--help"], 0.3),
        (["run", "--help"], 0.3),
        (["nonsense"], 0.3),
        (["approve"], 0.3),
        (["validate"], 0.9),
        (["validate", "bomn"], 0.9),
    ],
    ids=" ".join,
)
def test_nothing_heavy_is_imported(arguments: list[str], budget: float) -> None:
    code = PROBE.format(arguments=arguments, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    loaded, seconds = done.stderr.rsplit("# ", 1)[1].rsplit(" ", 1)
    assert loaded == "[]"
    assert float(seconds) < 5 * budget, "the budget of the design with room for a busy machine"


def test_no_installed_distribution_brings_our_names() -> None:
    from importlib.metadata import packages_distributions

    ours = {"config", "engine", "pages", "sources", "quality", "anonymisation", "distributions", "catalogue", "publication", "flows"}
    others = {name: owners for name, owners in packages_distributions().items() if name in ours and set(owners) != {"vrijgave"}}
    assert others == {}


def test_the_console_script_ignores_modules_in_the_working_directory(tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text("raise SystemExit('the wrong config')")
    console = Path(sys.executable).parent / "vrijgave"
    done = subprocess.run([str(console), "--help"], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0
