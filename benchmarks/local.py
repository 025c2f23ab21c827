"""How much less is lost by local recoding than by full-domain recoding, and what the transforms cost, on a made-up census.

Every run protects the same file (k = 5, at most 4 % of the rows left out) in a process of its own; CPU seconds are those of protecting,
without starting and loading. The figures of the last run stand in `docs/transforms.md`.

    python benchmarks/local.py [--rows 30000 100000]
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from inputs import census

SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 - made up
TRANSFORMS: dict[str, dict[str, Any]] = {
    "rounding": {"type": "rounding", "base": 10},
    "top-bottom": {"type": "top-bottom", "top": 50_000},
    "microaggregation": {"type": "microaggregation", "k": 5},
    "microaggregation of two": {"type": "microaggregation", "k": 5, "together": ["b"]},
    "noise": {"type": "noise", "share": 0.1, "seed": "${ZAAD}"},
    "pram": {"type": "pram", "retention": 0.9, "seed": "${ZAAD}"},
}


def cpu() -> float:
    """Give the CPU seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def protected(source: Path, kinds: dict[str, str], privacy: dict[str, Any], base: Path) -> tuple[dict[str, Any], float]:
    """Protect a file; give the report and the CPU seconds."""
    from anonymisation.protect import protect
    from config.models.privacy import Privacy
    from config.models.schema import Column
    from flows import anyfile
    from sources.sniff import sniff

    columns = tuple(Column(name=name, type=kind.split()[0], classification=kind.split()[1]) for name, kind in kinds.items())
    with tempfile.TemporaryDirectory() as folder:
        snapshot = anyfile.read(source, Path(folder), {}, options=sniff(source), columns=columns)
        policy = Privacy.model_validate_json(json.dumps({"kind": "microdata", **privacy}))
        before = cpu()
        done = protect(snapshot, columns, policy, base=base, secrets={"ZAAD": SECRET, "SLEUTEL": SECRET}, work=Path(folder))
        return done.report, cpu() - before


def recoding(rows: int, way: str, *, diversity: bool) -> None:
    """Measure one recoding in this process."""
    names = list(census.QUASI)
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        source = base / "census.parquet"
        census.generate(source, rows, names)
        privacy = json.loads(census.write_policy(base, names, diversity=diversity).read_text())["privacy"]
        privacy["model"]["recoding"] = way
        kinds = {**dict.fromkeys(names, "string quasi"), census.SENSITIVE: "string sensitive"}
        report, spent = protected(source, kinds, privacy, base)
        print(json.dumps({"loss": report["information_loss"], "suppressed": report["suppressed_rows"], "cpu": round(spent, 2)}))


def transforming(rows: int, name: str) -> None:
    """Measure one transform in this process."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    dice = np.random.default_rng(7)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "rows.parquet"
        numbers = np.round(dice.lognormal(10, 0.7, (rows, 2)), 2)
        words = np.array(["huur", "koop", "anders"])[dice.choice(3, rows)]
        ids = [f"{number:09d}" for number in dice.permutation(rows)]
        pq.write_table(pa.table({"a": numbers[:, 0], "b": numbers[:, 1], "c": words, "id": ids}), source)
        rules: dict[str, dict[str, Any]] = {"id": {"action": "drop"}}
        if name == "pseudonym":
            rules["id"] = {"action": "pseudonym", "key": "${SLEUTEL}"}
        elif name != "none":
            rules["c" if name == "pram" else "a"] = {"transform": TRANSFORMS[name]}
        kinds = {"a": "number sensitive", "b": "number sensitive", "c": "string sensitive", "id": "string direct"}
        _, spent = protected(source, kinds, {"columns": rules, "model": {"k": 5}}, Path(folder))
        print(json.dumps({"cpu": round(spent, 2)}))


def apart(*arguments: object) -> dict[str, Any]:
    """Run a measurement in a process of its own."""
    done = subprocess.run([sys.executable, "-P", __file__, "--measure", *map(str, arguments)], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", nargs="+", type=int, default=[30_000, 100_000])
    parser.add_argument("--measure", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        what, rows, name, *rest = asked.measure
        return recoding(int(rows), name, diversity=bool(rest)) if what == "recoding" else transforming(int(rows), name)
    for rows in asked.rows:
        for diversity in ([], ["l"]):
            for way in ("full-domain", "local"):
                print(f"{rows:9} rows, k = 5{', l = 2' * bool(diversity)}: {way:12}", apart("recoding", rows, way, *diversity), flush=True)
        for name in ("none", *TRANSFORMS, "pseudonym"):
            print(f"{rows:9} rows, {name:24}", apart("transform", rows, name), flush=True)
    return None


if __name__ == "__main__":
    main()
