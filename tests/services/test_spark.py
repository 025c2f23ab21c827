"""Spark on two workers gives what the embedded engine gives."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

SPARK = Path(__file__).resolve().parents[2] / ".spark"
pytestmark = [
    pytest.mark.service,
    pytest.mark.skipif(shutil.which("java") is None, reason="Java is absent: Spark does not start"),
    pytest.mark.skipif(not SPARK.is_dir(), reason="Spark is absent: tests/services/run installs it into .spark/"),
]
CONSOLE = Path(sys.executable).parent / "vrijgave"
TWO_WORKERS = "local-cluster[2,1,1024]"
POLICY = """\
schema:
  - {name: postcode, type: string, classification: quasi}
  - {name: inkomen, type: string, classification: sensitive}
  - {name: geboren, type: date, classification: quasi}
  - {name: score, type: number, classification: open}
privacy:
  kind: microdata
  columns:
    postcode: {hierarchy: {type: nl-postcode, levels: [PC4, PC3, any]}}
    geboren: {hierarchy: {type: date, levels: [month, year]}}
  model: {k: 5, l: [{column: inkomen, value: 2}], suppression_limit: 0.1}
"""
TABLE = """\
privacy:
  kind: frequency
  dimensions: {postcode: {hierarchy: {type: nl-postcode, levels: [PC4, PC3]}, level: PC4}, inkomen: {}}
  rules: {min_count: 5}
others: drop
"""


def register(path: Path, rows: int) -> None:
    """Write people with missing values, minus zero and equal rows."""
    chance = random.Random(11)
    lines = ["postcode;geboren;inkomen;score"]
    for _ in range(rows):
        postcode = chance.choice(("1901AB", "1901CD", "1902AB", "1911XZ", ""))
        born = f"19{chance.randint(60, 63)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        lines.append(f"{postcode};{born};{chance.choice(('laag', 'midden', 'hoog', ''))};{chance.choice(('0.5', '-0.0', '0.0', ''))}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def anonymise(folder: Path, policy: str, *more: str) -> bytes:
    """Protect the register; gives the bytes of the result."""
    (folder / "policy.yaml").write_text(policy, encoding="utf-8")
    out = folder / "out.parquet"
    command: Sequence[str] = [str(CONSOLE), "anonymise", "people.csv", "--policy", "policy.yaml", "-o", str(out), *more]
    environment = {**os.environ, "PYTHONPATH": str(SPARK)}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert pq.read_table(out).num_rows
    return out.read_bytes()


@pytest.mark.parametrize("policy", [POLICY, TABLE], ids=["microdata", "frequency"])
def test_two_workers_give_the_same_bytes(tmp_path: Path, policy: str) -> None:
    register(tmp_path / "people.csv", 3_000)
    assert anonymise(tmp_path, policy, "--spark", TWO_WORKERS) == anonymise(tmp_path, policy)
