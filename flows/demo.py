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
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from publication.outcome import Outcome

EXAMPLE = Path("config/voorbeeldgemeente")
DEMO = Path("demo")
HOME = Path("out")
WAITS = "bijstand-buurten"
"""The dataset that the demo leaves waiting, so that one can see what that looks like."""
PEOPLE = {"p1": "data-owner", "p2": "privacy-officer"}
COMMAND = Path(sys.executable).parent / "vrijgave"
EXPECTED = {"published": 5, "awaiting-approval": 1, "blocked": 1}


def main() -> int:
    """Run the demo; 0 only when exactly the expected mixture came out."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    console.print("[bold]1. De zeven datasets van Voorbeeldgemeente, met de Prefect-flow op de ingebouwde server[/]")
    prepare(DEMO)
    first = flow()
    show(console, first)
    console.print("\n[bold]2. Twee mensen keuren goed wat wacht; één dataset laten we wachten[/]")
    for outcome in first:
        if outcome.outcome == "awaiting-approval" and outcome.dataset != WAITS:
            for person in PEOPLE:
                approve(console, f"{outcome.dataset}@{outcome.version}", person)
    console.print("\n[bold]3. De volgende run maakt openbaar wat is goedgekeurd[/]")
    second = flow()
    before = {(outcome.dataset, outcome.outcome) for outcome in first}
    changed = [outcome for outcome in second if outcome.outcome != "unchanged" and (outcome.dataset, outcome.outcome) not in before]
    show(console, changed)
    console.print("   De andere datasets zijn zoals zij waren.")
    return report(console, second)


def prepare(folder: Path) -> None:
    """Copy the example and put the public halves of throw-away keys in its `municipality.yaml`; keys that are there are kept."""
    keys = folder / "keys"
    keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "*.py", "generator", ".written"))
    declaration = folder / "municipality.yaml"
    text = declaration.read_text(encoding="utf-8")
    for person, role in PEOPLE.items():
        entry = rf'(\{{id: {person}, roles: \[{role}\], key: )"[^"]*"\}}'
        text, found = re.subn(entry, rf'\g<1>"{demo_key(keys / f"{person}.pem")}", demo: true}}', text)
        if not found:
            raise ValueError(f"municipality.yaml of the example has no {person} with the role {role}")
    declaration.write_text(text, encoding="utf-8")


def demo_key(file: Path) -> str:
    """Give the public half of the key in `file`, making the key when there is none."""
    from publication.keys import make_key, public_text, read_private

    if not file.exists():
        make_key(file)
    return public_text(read_private(file).public_key())


def flow() -> tuple[Outcome, ...]:
    """Run the Prefect flow over every dataset of the demo."""
    from rich.console import Console

    from config.project import load
    from flows.prefect_flows import run_with_prefect

    project = load(DEMO, env=os.environ)
    with Console(stderr=True).status("De Prefect-server start …") as status:
        return run_with_prefect(
            project, HOME, tuple(project.datasets), progress=lambda name, step: status.update(f"{name}: {step.replace('_', ' ')}")
        )


def show(console: Console, outcomes: Sequence[Outcome]) -> None:
    """Print a line a dataset."""
    from flows.show import print_outcomes

    print_outcomes(console, outcomes)


def approve(console: Console, release: str, person: str) -> None:
    """Run `vrijgave approve` as a person would."""
    words = ["approve", release, "--as", person, "--key", f"{DEMO}/keys/{person}.pem", "--config", str(DEMO)]
    console.print(f"   [dim]$ {typed()} {' '.join(words)}[/]")
    subprocess.run([COMMAND, *words, "-q"], check=True)  # noqa: S603 - our own console script


def typed() -> str:
    """Give the command as it can be typed here."""
    return str(COMMAND.relative_to(Path.cwd())) if COMMAND.is_relative_to(Path.cwd()) else COMMAND.name


def report(console: Console, outcomes: tuple[Outcome, ...]) -> int:
    """Say where to look, and whether it came out as it should."""
    counts = Counter("published" if outcome.outcome == "unchanged" else outcome.outcome for outcome in outcomes)
    waiting = next((f"{outcome.dataset}@{outcome.version}" for outcome in outcomes if outcome.outcome == "awaiting-approval"), WAITS)
    console.print(
        f"\n[bold]Klaar:[/] {counts['published']} datasets openbaar, {counts['awaiting-approval']} wacht op goedkeuring, "
        f"{counts['blocked']} geblokkeerd door de kwaliteit.\n"
        f"   Het portaal          {HOME}/site/index.html   (of: make serve)\n"
        f"   De catalogus         {HOME}/site/catalogue.ttl\n"
        f"   Wat er is vastgelegd {HOME}/ledger/publications.jsonl   ({typed()} ledger verify)\n"
        f"   Waarom iets wacht    {typed()} status --config {DEMO}\n"
        f"   Zelf goedkeuren      {typed()} approve {waiting} --as p1 --key {DEMO}/keys/p1.pem --config {DEMO}"
    )
    if dict(counts) == EXPECTED:
        return 0
    console.print(f"[red]Dit had {EXPECTED} moeten zijn.[/]")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
