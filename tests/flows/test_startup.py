"""Help, errors and `validate` start at once because of what they do not import; `benchmarks/startup.py` measures the seconds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"pandas", "pyarrow", "duckdb", "narwhals", "rdflib", "great_expectations", "prefect", "numpy", "shapely", "pyogrio", "jinja2"}
PROBE = """
import sys
sys.argv = ["vrijgave", *{arguments!r}]
from flows.cli import main
try:
    main()
except SystemExit:
    pass
print("\\n#", sorted({heavy!r} & set(sys.modules)), file=sys.stderr)
"""
COMMANDS = ("--help", "run --help", "nonsense", "approve", "validate", "validate bomn", "status", "archive")


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_heavy_is_imported(command: str) -> None:
    code = PROBE.format(arguments=command.split(), heavy=HEAVY)
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stderr.rsplit("# ", 1)[1].strip() == "[]"


def test_the_console_script_ignores_modules_in_the_working_directory(tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text("raise SystemExit('the wrong config')")
    console = Path(sys.executable).parent / "vrijgave"
    done = subprocess.run([str(console), "--help"], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0
