"""`vrijgave validate`: the configuration alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.common import Terminal, dataset_id, verb

if TYPE_CHECKING:
    from config.errors import Problem


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("validate")(validate)


@verb
def validate(
    terminal: Terminal,
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Alleen deze datasets.", show_default=False)] = None,
) -> None:
    """Controleer de declaraties: elke fout met bestand, regel en kolom, en wat u moet typen."""
    import os

    from config.project import load

    project = load(terminal.config, env=os.environ)
    chosen = [dataset_id(project, name) for name in ids] if ids else list(project.datasets)
    found: list[Problem] = [*project.problems]
    for name in chosen:
        found.extend(project.datasets[name].problems)
    errors = [problem for problem in found if problem.severity == "error"]
    terminal.problems(found)
    terminal.result(
        {
            "schema": "validation/1",
            "valid": not errors,
            "datasets": {name: project.datasets[name].dataset is not None for name in chosen},
            "problems": [{**problem.as_json(), "severity": problem.severity, "column": problem.place.column} for problem in found],
        }
    )
    warnings = len(found) - len(errors)
    if errors:
        terminal.say(
            f"{len(errors)} fout(en) en {warnings} waarschuwing(en) in {len(chosen)} dataset(s).",
            f"{len(errors)} error(s) and {warnings} warning(s) in {len(chosen)} dataset(s).",
            style="bold red",
        )
        raise typer.Exit(2)
    terminal.say(
        f"In orde: {len(chosen)} dataset(s), {warnings} waarschuwing(en).",
        f"Valid: {len(chosen)} dataset(s), {warnings} warning(s).",
        style="green",
    )
