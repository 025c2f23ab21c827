"""`approve`, `reject` and `withdraw`: signed decisions of people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from config.errors import ConfigurationError, Message
from flows.cli.common import Terminal, verb

if TYPE_CHECKING:
    from config.errors import Problem
    from publication.approvals import Decision

UNREACHED = Message(
    "withdraw.portal",
    nl="de intrekking is vastgelegd, maar portaal {name} kon niet worden bijgewerkt; draai: vrijgave run",
    en="the withdrawal is on record, but portal {name} could not be brought up to date; run: vrijgave run",
)

ReleaseName = Annotated[str, typer.Argument(metavar="RELEASE", help="ID@VERSIE, zoals bomen@2026-11-23.1.")]
Person = Annotated[str, typer.Option("--as", metavar="PERSON", help="Wie besluit: een id uit municipality.yaml.")]
Key = Annotated[Path, typer.Option("--key", metavar="FILE", help="De eigen sleutel: Ed25519, PEM of OpenSSH.")]
Reason = Annotated[str | None, typer.Option(help="Waarom.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command("approve")(approve)
    app.command("reject")(reject)
    app.command("withdraw")(withdraw)


@verb
def approve(terminal: Terminal, release: ReleaseName, person: Person, key: Key, reason: Reason = None) -> None:
    """Keur een uitgave goed; de volgende run publiceert precies wat is goedgekeurd."""
    terminal.result(_decide(terminal, "approve", release, person, key, reason))
    terminal.say(
        f"Goedgekeurd door {person}: {release}. De volgende run publiceert haar als alle handtekeningen er zijn.",
        f"Approved by {person}: {release}. The next run publishes it once every signature is there.",
        style="green",
    )


@verb
def reject(terminal: Terminal, release: ReleaseName, person: Person, key: Key, reason: Reason = None) -> None:
    """Wijs een uitgave af; dat blijft zo tot de gegevens of de declaratie veranderen."""
    terminal.result(_decide(terminal, "reject", release, person, key, reason))
    terminal.say(f"Afgewezen door {person}: {release}.", f"Rejected by {person}: {release}.", style="yellow")


@verb
def withdraw(terminal: Terminal, release: ReleaseName, person: Person, key: Key, reason: Reason = None) -> None:
    """Trek een uitgave in: zij verdwijnt meteen van elk portaal."""
    from config.errors import PortalError
    from flows import pipeline, portals
    from publication.release import parse_release

    decision = _decide(terminal, "withdraw", release, person, key, reason)
    dataset, _version = parse_release(release)
    failed: list[Problem] = []
    with pipeline.opened(terminal.project(), terminal.home) as ctx:
        for name in sorted(ctx.municipality.portals):
            try:
                portals.withdraw(ctx, name, dataset)
            except PortalError as error:
                failed += [UNREACHED.at(name=name), *error.problems]
    if failed:
        raise PortalError(*failed)
    terminal.say(f"Ingetrokken door {person}: {release}.", f"Withdrawn by {person}: {release}.", style="yellow")
    terminal.result(decision)


def _decide(terminal: Terminal, kind: Decision, release: str, person: str, key: Path, reason: str | None) -> dict[str, Any]:
    from flows.context import current_instant
    from publication.approvals import decide
    from publication.home import Home
    from publication.ledger import Ledger
    from publication.release import parse_release

    parse_release(release)
    project = terminal.project()
    if project.municipality is None:
        raise ConfigurationError(*project.problems)
    home = Home(terminal.home)
    home.prepare()
    ledger = Ledger.of(home)
    entry = decide(home, ledger, project.municipality, kind, release, person=person, key=key, reason=reason, now=current_instant())
    return {"schema": "decision/1", "n": entry.n, "kind": kind, "release": release, "person": person, "digest": entry.digest}
