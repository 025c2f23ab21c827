"""The verbs, in one application; importing it stays light, the verbs import what they need."""

from __future__ import annotations

import typer

from flows.cli import catalogue, configuration, decisions, explaining, files, home, runs
from flows.cli.common import not_yet

app = typer.Typer(
    name="vrijgave",
    help="Gemeentelijke gegevens ophalen, controleren, beschermen, beschrijven, publiceren en verantwoorden.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for module in (configuration, runs, decisions, explaining, home, files):
    module.register(app)
app.add_typer(catalogue.app, name="catalogue")
app.add_typer(home.site, name="site")
app.add_typer(home.ledger, name="ledger")

PLANNED = ("init", "waive", "accept-normal", "restore", "report", "attack", "archive", "registers", "schedule", "doctor")
for name in PLANNED:
    app.command(name, context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, hidden=True)(not_yet(name))
