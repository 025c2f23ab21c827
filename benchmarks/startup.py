"""How fast a command starts: CPU seconds (user and system) and peak memory of whole processes, against the bare interpreter and Prefect's.

The budgets are those of the project: 0.3 s for help and plain errors, 0.9 s for `validate` of seven declarations.

    python benchmarks/startup.py [--rounds 5]
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SCRIPTS = Path(sys.executable).parent
COMMANDS = {
    "python -c pass": ([sys.executable, "-c", "pass"], None),
    "prefect --help": ([str(SCRIPTS / "prefect"), "--help"], None),
    "vrijgave --help": ([str(SCRIPTS / "vrijgave"), "--help"], 0.3),
    "vrijgave nonsense": ([str(SCRIPTS / "vrijgave"), "nonsense"], 0.3),
    "vrijgave validate": ([str(SCRIPTS / "vrijgave"), "validate"], 0.9),
}


def once(command: list[str]) -> tuple[float, float]:
    """Run a command; CPU seconds and peak memory in MB."""
    child = os.fork()
    if child == 0:
        os.chdir(ROOT)
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(quiet, stream)
        os.execv(command[0], command)  # noqa: S606 - the shell would be measured too
    _, _, used = os.wait4(child, 0)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    """Print the best of the rounds of every command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    best = {name: min(once(command) for _ in range(rounds)) for name, (command, _) in COMMANDS.items()}
    bare = best["python -c pass"][0]
    print(f"{'':20}{'CPU s':>8}{'budget':>8}{'peak MB':>9}{'x interpreter':>15}")
    for name, (_, budget) in COMMANDS.items():
        seconds, memory = best[name]
        print(f"{name:20}{seconds:8.2f}{budget or '':>8}{memory:9.0f}{seconds / bare:15.1f}")


if __name__ == "__main__":
    main()
