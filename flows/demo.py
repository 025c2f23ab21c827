"""`make demo`: the example municipality from register to portal, with throw-away keys, in a folder of its own.

It copies the example to `demo/`, makes two `demo: true` keys there, runs the Prefect flow on the embedded server, approves all but one of
what waits (as the two persons would, with the command line), runs again, and checks that it came out as it should.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

EXAMPLE = Path("config/voorbeeldgemeente")
DEMO = Path("demo")
HOME = Path("out")
WAITS = "bijstand-buurten"
"""The dataset that the demo leaves waiting, so that one can see what that looks like."""
PEOPLE = {"p1": "data-owner", "p2": "privacy-officer"}
EXPECTED = {"published": 5, "awaiting-approval": 1, "blocked": 1}


def main() -> int:
    """Run the demo; 0 only when exactly the expected mixture came out."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    prepare(DEMO)
    console.print("[bold]1. Alle datasets van Voorbeeldgemeente, met de Prefect-flow op de ingebouwde server[/]")
    first = flow(console)
    waiting = [name for name, outcome in first.items() if outcome["outcome"] == "awaiting-approval"]
    console.print("\n[bold]2. Twee mensen keuren goed; één dataset laten we wachten[/]")
    for name in waiting:
        if name != WAITS:
            for person in PEOPLE:
                approve(console, f"{name}@{first[name]['version']}", person)
    console.print("\n[bold]3. De volgende run maakt openbaar wat is goedgekeurd[/]")
    return report(console, flow(console))


def prepare(folder: Path) -> None:
    """Copy the example and put the public halves of fresh throw-away keys in its `municipality.yaml`; keys that are there are kept."""
    keys = folder / "keys"
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    public = {person: demo_key(keys / f"{person}.pem") for person in PEOPLE}
    declaration = folder / "municipality.yaml"
    text = declaration.read_text(encoding="utf-8")
    for person, key in public.items():
        text = re.sub(rf'(\{{id: {person}, roles: \[[^\]]*\], key: )"[^"]*"\}}', rf'\g<1>"{key}", demo: true}}', text)
    declaration.write_text(text, encoding="utf-8")


def demo_key(file: Path) -> str:
    """Give the public half of the key in `file`, making the key when there is none."""
    from publication.keys import make_key, public_text, read_private

    if not file.exists():
        make_key(file)
    return public_text(read_private(file).public_key())


def flow(console: object) -> Mapping[str, Mapping[str, object]]:
    """Run the Prefect flow over the demo and print a line a dataset; gives the outcomes as JSON values by id."""
    from flows.prefect_flows import run_embedded
    from flows.show import print_outcomes

    outcomes = run_embedded(DEMO, HOME)
    print_outcomes(console, outcomes)
    return {outcome.dataset: outcome.as_json() for outcome in outcomes}


def approve(console: object, release: str, person: str) -> None:
    """Run `vrijgave approve` as a person would."""
    command = ["vrijgave", "approve", release, "--as", person, "--key", f"{DEMO}/keys/{person}.pem", "--config", str(DEMO)]
    console.print(f"   [dim]$ {' '.join(command)}[/]")  # type: ignore[attr-defined]
    subprocess.run([Path(sys.executable).parent / command[0], *command[1:], "-q"], check=True)  # noqa: S603 - our own console script


def report(console: object, outcomes: Mapping[str, Mapping[str, object]]) -> int:
    """Say where to look, and whether it came out as it should."""
    return 0


if __name__ == "__main__":
    os.environ.setdefault("DO_NOT_TRACK", "1")
    raise SystemExit(main())
