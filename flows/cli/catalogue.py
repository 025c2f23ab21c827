"""`vrijgave catalogue`: DCAT-AP-NL of ours, or of anybody."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from flows.cli.common import Terminal, not_yet, verb

app = typer.Typer(help="De catalogus: DCAT-AP-NL.", no_args_is_help=True)


@app.command("build")
@verb
def build(
    terminal: Terminal,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Map voor catalogue.ttl, .rdf, .jsonld en .nt.", show_default=False)
    ] = None,
) -> None:
    """Schrijf de catalogus van wat openbaar is als Turtle, RDF/XML, JSON-LD en N-Triples."""
    from catalogue.fragments import whole
    from flows import pipeline, portals

    target = output or terminal.home / "catalogue"
    target.mkdir(parents=True, exist_ok=True)
    with pipeline.opened(terminal.project(), terminal.home) as ctx:
        publisher, entries = portals.catalogue_entries(ctx)
    files = whole(publisher, entries).dumps(target)
    for file in files:
        terminal.say(str(file))
    terminal.result({"schema": "catalogue-build/1", "datasets": len(entries), "files": [str(file) for file in files]})


@app.command("validate")
@verb
def validate(
    terminal: Terminal,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Een catalogus: .ttl, .rdf, .jsonld of .nt.", show_default=False)
    ] = None,
) -> None:
    """Toets een catalogus aan DCAT-AP-NL 3.0; zonder FILE de catalogus van wat openbaar is."""
    from catalogue.dcat import build as graph_of
    from catalogue.findings import violations
    from catalogue.validate import validate as findings_of
    from flows import pipeline, portals

    if file is not None:
        findings = findings_of(file)
    else:
        with pipeline.opened(terminal.project(), terminal.home) as ctx:
            findings = findings_of(graph_of(*portals.catalogue_entries(ctx)))
    wrong = violations(findings)
    for finding in findings:
        style = "red" if finding.severity == "violation" else "yellow"
        terminal.err.print(finding.text(terminal.language), style=style, markup=False)
    terminal.result({"schema": "catalogue-validation/1", "valid": not wrong, "findings": [finding.as_json() for finding in findings]})
    if wrong:
        raise typer.Exit(1)
    advice = len(findings)
    nl, en = ("advies" if advice == 1 else "adviezen"), ("piece" if advice == 1 else "pieces")
    terminal.say(f"Voldoet aan DCAT-AP-NL 3.0; {advice} {nl}.", f"Meets DCAT-AP-NL 3.0; {advice} {en} of advice.", style="green")


@app.command("score")
@verb
def score(
    terminal: Terminal,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Een catalogus: .ttl, .rdf, .jsonld of .nt.", show_default=False)
    ] = None,
    resolve: Annotated[
        list[str] | None, typer.Option(metavar="BASE=URL", help="Waar een basisadres nu staat; die adressen worden geprobeerd.")
    ] = None,
    online: Annotated[bool, typer.Option("--online", help="Probeer ook alle andere adressen, over het internet.")] = False,
    report: Annotated[Path | None, typer.Option(help="Het rapport: .html, .json of .ttl (DQV).", show_default=False)] = None,
) -> None:
    """Meet een catalogus met de Europese maat voor metadata (MQA); zonder FILE de catalogus van wat openbaar is."""
    from catalogue.dcat import build as graph_of
    from catalogue.load import load
    from flows import pipeline, portals
    from flows.cli import scoring

    asked = scoring.asking(resolve or (), online=online)
    trend: list[dict[str, Any]] = []
    if file is not None:
        found = scoring.scored(load(file), asked)
    else:
        with pipeline.opened(terminal.project(), terminal.home) as ctx:
            found = scoring.scored(graph_of(*portals.catalogue_entries(ctx)), asked)
            trend = scoring.remembered(ctx.home.scores, found, ctx.now)
    if report is not None:
        scoring.write(report, found, trend, terminal)
    scoring.tell(found, terminal)
    terminal.result({**found.as_json(), "trend": trend})


for name in ("export",):
    app.command(name, context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, hidden=True)(
        not_yet(f"catalogue {name}")
    )
