"""`check`, `plan` and `run`: the pipeline, from looking to publishing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from config.errors import ConfigurationError, Message
from flows.cli.common import Terminal, dataset_id, verb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from publication.outcome import Outcome
    from publication.portals.base import FieldChange

FORCE_REASON = Message("usage.force", nl="--force vraagt een reden: --reason TEKST", en="--force needs a reason: --reason TEXT")

Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Alleen deze datasets.", show_default=False)]
CHANGES = {
    "add": ("+", "komt erbij", "is added", "green"),
    "update": ("~", "wordt vernieuwd", "is renewed", "yellow"),
    "describe": ("~", "krijgt een nieuwe beschrijving", "gets a new description", "yellow"),
    "remove": ("-", "verdwijnt", "goes", "red"),
    "unchanged": ("=", "blijft zoals het is", "stays as it is", "dim"),
}


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command("check")(check)
    app.command("plan")(plan)
    app.command("run")(run)


@verb
def run(
    terminal: Terminal,
    ids: Ids = None,
    portal: Annotated[list[str] | None, typer.Option(help="Alleen naar dit portaal; mag vaker.", show_default=False)] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Doe alles, maar maak niets openbaar en leg niets klaar.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Geef ook ongewijzigde gegevens opnieuw uit; elke controle blijft gelden.")
    ] = False,
    reason: Annotated[str | None, typer.Option(help="Waarom, bij --force.", show_default=False)] = None,
) -> None:
    """Haal op, controleer, bescherm, beschrijf en publiceer wat aan de beurt is."""
    if force and not reason:
        raise ConfigurationError(FORCE_REASON.at())
    options = {"portals": portal or (), "force": reason if force else None, "dry": dry_run}
    _finish(terminal, *_walk(terminal, ids or [], options), dry=dry_run)


@verb
def check(terminal: Terminal, dataset: Annotated[str, typer.Argument(metavar="ID", help="De dataset.")]) -> None:
    """Controleer kwaliteit en privacy van de gegevens zelf; er wordt niets openbaar."""
    _finish(terminal, *_walk(terminal, [dataset], {"dry": True}), dry=True)


@verb
def plan(terminal: Terminal, ids: Ids = None) -> None:
    """Laat zien wat een run op elk portaal zou veranderen."""
    from flows import planning
    from flows.show import print_outcomes

    project = terminal.project()
    chosen = [dataset_id(project, name) for name in ids or []]
    with _watch(terminal) as progress:
        outcomes, portals = planning.plan(project, terminal.home, chosen, progress=progress)
    for name, changes in portals.items():
        terminal.say(f"Portaal {name}", f"Portal {name}", style="bold")
        for change in changes:
            mark, nl, en, style = CHANGES[change.change]
            versions = " → ".join(version for version in (change.before, change.after) if version)
            terminal.say(f" {mark} {change.dataset} {versions} {nl}", f" {mark} {change.dataset} {versions} {en}", style=style)
            for file in change.files if change.change != "unchanged" else ():
                terminal.say(f"     {file}", style="dim")
            for field in change.fields:
                _say_field(terminal, field)
    stopped = [outcome for outcome in outcomes if outcome.outcome not in ("unchanged", "skipped")]
    if stopped and terminal.verbosity >= 0:
        terminal.say("Komt niet verder", "Goes no further", style="bold")
        print_outcomes(terminal.out, stopped, terminal.language)
    terminal.result(
        {
            "schema": "plan/1",
            "portals": {name: [_change(change) for change in changes] for name, changes in portals.items()},
            "outcomes": [outcome.as_json() for outcome in outcomes],
        }
    )
    _exit(stopped)


def _say_field(terminal: Terminal, field: FieldChange) -> None:
    """Show one field of a plan as a difference."""
    if field.kept:
        terminal.say(
            f"     ~ {field.field}: gewijzigd in het portaal, blijft zo",
            f"     ~ {field.field}: changed at the portal, stays so",
            style="yellow",
        )
        return
    if field.before:
        terminal.say(f"     - {field.field}: {field.before}", style="red")
    if field.after:
        terminal.say(f"     + {field.field}: {field.after}", style="green")


def _change(change: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(change)


def _walk(terminal: Terminal, ids: list[str], options: dict[str, Any]) -> tuple[str, tuple[Outcome, ...]]:
    from flows import pipeline

    project = terminal.project()
    chosen = [dataset_id(project, name) for name in ids]
    with _watch(terminal) as progress, pipeline.opened(project, terminal.home, progress=progress, **options) as ctx:
        return ctx.run, pipeline.run(ctx, chosen)


def _finish(terminal: Terminal, run_id: str, outcomes: tuple[Outcome, ...], *, dry: bool = False) -> None:
    """Print the outcomes, write the result, and end with the exit code that they ask for."""
    from flows.show import print_outcomes, summary

    if terminal.verbosity >= 0:
        print_outcomes(terminal.out, outcomes, terminal.language, dry=dry)
        nothing = "niets aan de beurt" if terminal.language == "nl" else "nothing is due"
        terminal.say(summary(outcomes, terminal.language, dry=dry) or nothing, style="bold")
        if not dry and (terminal.home / "site" / "index.html").exists():
            terminal.say(f"Portaal: {terminal.home}/site/index.html", f"Portal: {terminal.home}/site/index.html")
    terminal.result({"schema": "run/1", "run": run_id, "outcomes": [outcome.as_json() for outcome in outcomes]})
    _exit(outcomes)


def _exit(outcomes: list[Outcome] | tuple[Outcome, ...]) -> None:
    from publication.outcome import exit_code

    if code := exit_code(outcomes):
        raise typer.Exit(code)


def _watch(terminal: Terminal) -> AbstractContextManager[Callable[[str, str], None]]:
    """Show on a terminal which stage a dataset is in; nothing in a pipe, nothing with `--json` or `-q`."""
    from contextlib import contextmanager

    @contextmanager
    def watching() -> Iterator[Callable[[str, str], None]]:
        if not terminal.err.is_terminal or terminal.as_json or terminal.verbosity < 0:
            yield lambda _dataset, _stage: None
            return
        with terminal.err.status("…") as status:
            yield lambda dataset, stage: status.update(f"{dataset}: {stage.replace('_', ' ')}")

    return watching()
