"""Protect a made-up census (k = 5, l = 2, at most 4 % of the rows left out) against anjana, and check the result against pycanon.

Each contender runs in a process of its own; anjana and pycanon in a virtual environment of their own, made at first use in
`benchmarks/.rivals/` (they pin an older pandas). CPU seconds (user and system) are the figure to compare. Ours is split: starting (all
imports, the same run over ten rows), loading (the file to a typed snapshot with its fingerprint) and protecting (collapsing, searching,
writing sorted rows, proving the guarantee from the written file). Rivals stop at a CPU limit. `--grow` shows how the cost grows with rows,
quasi-identifiers and levels. The figures of the last run stand in `docs/benchmarks.md`.

    python benchmarks/microdata.py [--rows 30000 100000 1000000] [--limit 120] [--grow]
    python benchmarks/microdata.py --rows 10000000 --only vrijgave
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from inputs import census

RIVALS = Path(__file__).parent / ".rivals"
PACKAGES = ("anjana==1.2.3", "pycanon==1.3.5")
COLUMNS = tuple(census.QUASI)
EIGHT = COLUMNS[:8]
TOLD = ("score", "suppressed_rows", "lattice_size", "nodes_evaluated", "optimal", "transformation")
LARGE = 2_000_000
"""Rows from which the input is Parquet: what CSV costs is measured by `extract.py`."""


def cpu() -> float:
    """Give the CPU seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def ours(source: Path, policy: Path, out: Path) -> dict[str, Any]:
    """Protect by this project, as `vrijgave anonymise` does, with the time at which each part was done."""
    from anonymisation.policy import columns_of_policy
    from anonymisation.protect import protect
    from config.policy import load_policy
    from flows import anyfile
    from sources.sniff import sniff

    asked = load_policy(policy)
    options = sniff(source)
    names = anyfile.column_types(options, {}, source.parent)
    columns, privacy = columns_of_policy(asked.privacy, names, asked.columns, asked.others)
    room = out.parent / "room"
    room.mkdir()
    snapshot = anyfile.read(source, room, {}, options=options, columns=columns)
    loaded = cpu()
    done = protect(snapshot, columns, privacy, base=asked.base, secrets={}, work=room)
    if done.table is None:
        raise SystemExit(f"not protected: {[problem.code for problem in done.problems]}")
    done.table.path.replace(out)
    told = {
        name: done.report[name] for name in ("score", "suppressed_rows", "lattice_size", "nodes_evaluated", "optimal", "transformation")
    }
    return {**told, "loaded": loaded, "done": cpu()}


ANJANA = """
import sys, pandas as pd
source, folder, out, limit, diversity, *columns = sys.argv[1:]
from anjana.anonymity import k_anonymity, l_diversity
data = pd.read_csv(source, sep=";", dtype=str)
steps = {name: dict(pd.read_csv(f"{folder}/{name}.csv", sep=";", header=None, dtype=str)) for name in columns}
steps = {name: {int(at): series.values for at, series in levels.items()} for name, levels in steps.items()}
if diversity == "True":
    done = l_diversity(data, [], columns, "inkomen", 5, 2, float(limit) * 100, steps)
else:
    done = k_anonymity(data, [], columns, 5, float(limit) * 100, steps)
done.to_csv(out, sep=";", index=False)
"""
PYCANON = """
import sys, time, pandas as pd
source, *columns = sys.argv[1:]
from pycanon import anonymity as a
def check(data):
    return a.k_anonymity(data, columns), a.l_diversity(data, columns, ["inkomen"]), a.t_closeness(data, columns, ["inkomen"])
data = pd.read_csv(source, sep=";", dtype=str)
check(data.head(100))
start = time.process_time()
found = check(pd.read_csv(source, sep=";", dtype=str))
print(time.process_time() - start, found)
"""


def rival() -> Path:
    """Give the Python of the environment that anjana and pycanon live in; it is made at first use."""
    python = RIVALS / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", RIVALS], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return python


def timed(call: list[Any], limit: int | None = None) -> dict[str, Any]:
    """Run a command; give its CPU seconds, peak MB and what it printed, and whether the CPU limit stopped it."""
    start = time.perf_counter()
    bound = f"ulimit -t {limit}; " if limit else ""
    script = bound + 'exec "$@"'
    process = subprocess.Popen(
        ["/bin/bash", "-c", script, "bash", *map(str, call)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    printed = process.stdout.read() if process.stdout else ""
    _, status, used = _reaped(process)
    return {
        "cpu": used.ru_utime + used.ru_stime,
        "wall": time.perf_counter() - start,
        "rss": used.ru_maxrss / 1024,
        "printed": printed,
        "stopped": status != 0,
    }


def _reaped(process: subprocess.Popen[str]) -> tuple[int, int, resource.struct_rusage]:
    import os

    done = os.wait4(process.pid, 0)
    process.returncode = done[1]
    return done


def score(path: Path, source: Path, columns: tuple[str, ...]) -> tuple[float, int]:
    """Give the entropy that anjana's levels lose over the whole input (bits), as ours is counted, and the rows it left out."""
    import numpy as np
    import pandas as pd

    made, data = pd.read_csv(path, sep=";", dtype=str), pd.read_csv(source, sep=";", dtype=str)
    lost = 0.0
    for name in columns:
        rows = census.hierarchy(name)
        level = next(at for at in range(len(rows[0])) if set(made[name]) <= {row[at] for row in rows})
        counts = data[name].value_counts()
        labels = {row[0]: row[level] for row in rows}
        groups = counts.groupby(counts.index.map(labels)).sum()
        lost += sum(count * np.log2(groups[labels[value]] / count) for value, count in counts.items())
    return lost, len(data) - len(made)


def compare(rows: int, columns: tuple[str, ...], *, diversity: bool, limit: int, only: str | None) -> None:
    """Run every contender on one file and print their figures."""
    with tempfile.TemporaryDirectory(prefix="vrijgave-bench-") as folder:
        room = Path(folder)
        source = room / ("census.parquet" if rows > LARGE else "census.csv")
        small = room / f"ten{source.suffix}"
        for path, count in ((source, rows), (small, 10)):
            subprocess.run([sys.executable, __file__, "--run", "generate", path, str(count), *columns], check=True)
        policy = census.write_policy(room, columns, diversity=diversity)
        (room / "open").mkdir()
        census.write_policy(room / "open", columns, diversity=False, limit=1.0)
        what = f"{rows:,} rows, {len(columns)} quasi-identifiers, k = 5{', l = 2' if diversity else ''}, 4 %"
        print(f"\n{what} ({source.suffix[1:]}, {source.stat().st_size >> 20} MB)")
        print(f"{'':10}{'CPU s':>8}{'wall s':>8}{'peak MB':>9}{'score (bits)':>15}{'left out':>10}{'CPU x ours':>12}")
        found = timed([sys.executable, __file__, "--run", "ours", source, policy, room / "ours.parquet"])
        told = json.loads(found["printed"].splitlines()[-1])
        print(
            f"{'vrijgave':10}{found['cpu']:8.2f}{found['wall']:8.2f}{found['rss']:9.0f}{told['score']:15.1f}{told['suppressed_rows']:10}{1:12.2f}"
        )
        parts = (told["started"], told["loaded"] - told["started"], told["done"] - told["loaded"])
        print(
            f"{'':10}start {parts[0]:.2f}, load {parts[1]:.2f}, protect {parts[2]:.2f}; "
            f"{told['nodes_evaluated']} of {told['lattice_size']} nodes, optimal: {told['optimal']}"
        )
        if only or source.suffix == ".parquet":
            return
        python, out = rival(), room / "anjana.csv"
        other = timed([python, "-c", ANJANA, source, room, out, "0.04", str(diversity), *columns], limit)
        ratio = other["cpu"] / found["cpu"]
        if other["stopped"] or not out.exists():
            print(
                f"{'anjana':10}{other['cpu']:8.2f}{other['wall']:8.2f}{other['rss']:9.0f}{'stopped at the limit':>25}{f'> {ratio:.1f}':>12}"
            )
        else:
            lost, left = score(out, source, columns)
            print(f"{'anjana':10}{other['cpu']:8.2f}{other['wall']:8.2f}{other['rss']:9.0f}{lost:15.1f}{left:10}{ratio:12.2f}")
        if diversity:
            _checks(room, python, columns, rows, limit)


def _checks(room: Path, python: Path, columns: tuple[str, ...], rows: int, limit: int) -> None:
    """Check the protected file: ours (k, l, t and the figures of risk) and pycanon (k, l and t)."""
    protected, written = room / "ours.parquet", room / "checked.csv"
    subprocess.run([sys.executable, __file__, "--run", "check-csv", protected, written], check=True)
    calls = {
        "ours": [sys.executable, __file__, "--run", "check", protected, *columns],
        "pycanon": [python, "-c", PYCANON, written, *columns],
    }
    print(f"the check of the {rows:,} rows, reading the file included:")
    mine = None
    for name, call in calls.items():
        done = timed(call, limit if mine else None)
        seconds, _, found = done["printed"].strip().partition(" ")
        spent = limit if done["stopped"] else float(seconds)
        mine = mine or spent
        print(f"{name:10}{'> ' if done['stopped'] else ''}{spent:.2f} CPU s, {done['rss']:.0f} MB, {spent / mine:.1f} times ours; {found}")


def grow() -> None:
    """Show how the cost of protecting grows: with rows, with quasi-identifiers, with levels."""
    print(f"\n{'':34}{'protect CPU s':>14}{'peak MB':>9}{'nodes':>10}{'looked at':>10}")
    for rows in (30_000, 100_000, 300_000, 1_000_000):
        _grown(f"{rows:,} rows, 9 columns", rows, COLUMNS)
    for count in range(4, 10):
        _grown(f"100,000 rows, {count} columns", 100_000, COLUMNS[:count])
    for steps in (1, 2, 3, 4):
        _grown(f"100,000 rows, 8 columns, {steps} steps", 100_000, EIGHT, steps)


def _grown(what: str, rows: int, columns: tuple[str, ...], steps: int | None = None) -> None:
    with tempfile.TemporaryDirectory(prefix="vrijgave-bench-") as folder:
        room = Path(folder)
        source = room / "census.parquet"
        subprocess.run([sys.executable, __file__, "--run", "generate", source, str(rows), *columns], check=True)
        policy = census.write_policy(room, columns, diversity=False)
        for name in columns if steps else ():
            fewer = [[row[0], *row[1:][-steps:]] for row in census.hierarchy(name)]
            (room / f"{name}.csv").write_text("".join(";".join(row) + "\n" for row in fewer), encoding="utf-8")
        found = timed([sys.executable, __file__, "--run", "ours", source, policy, room / "ours.parquet"])
        told = json.loads(found["printed"].splitlines()[-1])
        spent = told["done"] - told["loaded"]
        print(f"{what:34}{spent:14.2f}{found['rss']:9.0f}{told['lattice_size']:10}{told['nodes_evaluated']:10}")


def run(what: str, arguments: list[str]) -> None:
    """Run one contender here."""
    if what == "generate":
        census.generate(Path(arguments[0]), int(arguments[1]), arguments[2:])
        return
    if what.startswith("check"):
        check(what, arguments)
        return
    source, policy, out = map(Path, arguments)
    small = out.with_name("ten-out.parquet")
    started = _started(source.with_name(f"ten{source.suffix}"), policy.parent / "open" / "policy.json", small)
    print(json.dumps({"started": started, **ours(source, policy, out)}))


def _started(source: Path, policy: Path, out: Path) -> float:
    """Import everything by protecting ten rows, where they are there, and give the CPU seconds it took."""
    import contextlib
    import shutil

    if source.exists():
        with contextlib.suppress(SystemExit):
            ours(source, policy, out)
        shutil.rmtree(out.parent / "room", ignore_errors=True)
    return cpu()


def check(what: str, arguments: list[str]) -> None:
    """Recompute k, l, t and the risk from a protected file by the code that proves a release; prints CPU seconds without start-up.

    `check-csv` writes the file as the CSV that pycanon reads.
    """
    import pyarrow.csv
    import pyarrow.parquet as pq

    path = Path(arguments[0])
    if what == "check-csv":
        pyarrow.csv.write_csv(pq.read_table(path), arguments[1], pyarrow.csv.WriteOptions(delimiter=";"))
        return
    checked(path, arguments[1:])
    start = cpu()
    found = checked(path, arguments[1:])
    print(cpu() - start, found)


def checked(path: Path, columns: list[str]) -> dict[str, Any]:
    """Give what a protected file attains."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from anonymisation.risks.figures import risk
    from anonymisation.verify import recount
    from anonymisation.verify_models import Source, prove_models
    from config.models.privacy import PrivacyModel

    asked = {
        "k": 5,
        "l": [{"column": "inkomen", "type": "distinct", "value": 2}],
        "t": [{"column": "inkomen", "type": "equal", "value": 1.0}],
    }
    model = PrivacyModel.model_validate_json(json.dumps(asked))
    counted = pc.value_counts(pq.read_table(path, columns=["inkomen"]).column(0))
    values = Counter(dict(zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True)))
    told = prove_models(path, columns, model, Source(values.total(), {"inkomen": values}))
    return {**risk(recount(path, columns).sizes, 5), **told}


def main() -> None:
    """Run what is asked and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="*", default=[30_000, 100_000, 1_000_000])
    parser.add_argument("--limit", type=int, default=120, help="CPU seconds after which a rival is stopped")
    parser.add_argument("--only", choices=["vrijgave"])
    parser.add_argument("--grow", action="store_true")
    parser.add_argument("--run", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.run:
        run(wanted.run[0], wanted.run[1:])
        return
    for rows in wanted.rows:
        compare(rows, EIGHT, diversity=True, limit=wanted.limit, only=wanted.only)
        compare(rows, COLUMNS, diversity=False, limit=wanted.limit, only=wanted.only)
    if wanted.grow:
        grow()


if __name__ == "__main__":
    main()
