"""`vrijgave catalogue`: DCAT-AP-NL of ours, or of anybody."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from flows.cli.common import Terminal, dataset_id, verb

if TYPE_CHECKING:
    from catalogue.engines import Version

app = typer.Typer(help="De catalogus: DCAT-AP-NL.", no_args_is_help=True)


Source = Annotated[
    str | None,
    typer.Argument(metavar="[FILE|URL]", help="Een catalogus: .ttl, .rdf, .jsonld of .nt, of een https-adres.", show_default=False),
]
Resolve = Annotated[
    list[str] | None, typer.Option(metavar="BASE=URL", help="Waar een basisadres nu staat; die adressen worden geprobeerd.")
]
Online = Annotated[bool, typer.Option("--online", help="Probeer ook alle andere adressen, over het internet.")]


class Profile(StrEnum):
    """The versions of DCAT-AP-NL that are known."""

    v300 = "3.0.0"
    v301 = "3.0.1"


class Engine(StrEnum):
    """What can run the shapes."""

    pyshacl = "pyshacl"
    shacl = "shacl"


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
    source: Source = None,
    resolve: Resolve = None,
    online: Online = False,
    report: Annotated[Path | None, typer.Option(help="Het rapport: .html, .json of .ttl (SHACL).", show_default=False)] = None,
    profile: Annotated[Profile | None, typer.Option(help="De versie van DCAT-AP-NL.", show_default=False)] = None,
    engine: Annotated[Engine, typer.Option(help="Wat de vormen toetst: pyshacl, of shacl (sneller, los te installeren).")] = Engine.pyshacl,
) -> None:
    """Toets een catalogus aan DCAT-AP-NL; zonder FILE de catalogus van wat openbaar is."""
    from catalogue.dcat import build as graph_of
    from catalogue.findings import violations
    from catalogue.report import as_json
    from catalogue.validate import validate as findings_of
    from catalogue.validate import validate_entries
    from flows import pipeline, portals
    from flows.cli import scoring, validating

    asked, named = scoring.asking(resolve or (), online=online), cast("Version | None", profile and profile.value)
    if source is not None:
        version = named or "3.0.1"
        graph = validating.read(source, asked)
        kept = terminal.home / "validation-file.cache" if terminal.home.is_dir() else None
        findings = validating.online(findings_of(graph, version=version, kept=kept, engine=engine.value), lambda: graph, asked)
    else:
        with pipeline.opened(terminal.project(), terminal.home) as ctx:
            version = named or ctx.municipality.catalogue_profile
            told = portals.catalogue_entries(ctx)
            findings = validate_entries(*told, version=version, kept=ctx.home.validated, engine=engine.value)
            findings = validating.online(findings, lambda: graph_of(*told), asked)
    if report is not None:
        validating.write(report, findings, version, terminal)
    validating.tell(findings, version, terminal)
    terminal.result(as_json(findings, version))
    if violations(findings):
        raise typer.Exit(1)


@app.command("score")
@verb
def score(
    terminal: Terminal,
    source: Source = None,
    resolve: Resolve = None,
    online: Online = False,
    report: Annotated[Path | None, typer.Option(help="Het rapport: .html, .json of .ttl (DQV).", show_default=False)] = None,
) -> None:
    """Meet een catalogus met de Europese maat voor metadata (MQA); zonder FILE de catalogus van wat openbaar is."""
    from catalogue.dcat import build as graph_of
    from flows import pipeline, portals
    from flows.cli import scoring, validating

    asked = scoring.asking(resolve or (), online=online)
    trend: list[dict[str, Any]] = []
    if source is not None:
        found = scoring.scored(validating.read(source, asked), asked)
    else:
        with pipeline.opened(terminal.project(), terminal.home) as ctx:
            found = scoring.scored(graph_of(*portals.catalogue_entries(ctx)), asked)
            trend = scoring.remembered(ctx.home.scores, found, ctx.now)
    if report is not None:
        scoring.write(report, found, trend, terminal)
    scoring.tell(found, terminal)
    terminal.result({**found.as_json(), "trend": trend})


class Form(StrEnum):
    """How `export` describes a dataset."""

    odcs = "odcs"
    dcat = "dcat"
    datapackage = "datapackage"
    csvw = "csvw"


@app.command("export")
@verb
def export(
    terminal: Terminal,
    name: Annotated[str, typer.Argument(metavar="ID", help="Een dataset.")],
    form: Annotated[Form, typer.Option("--as", help="Open Data Contract, DCAT (Turtle), data package of CSVW.")] = Form.odcs,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Schrijf hierheen in plaats van op het scherm.")] = None,
) -> None:
    """Beschrijf een dataset in de taal van een ander: een Open Data Contract, DCAT, een data package of CSVW."""
    from flows.cli import exchange

    text = exchange.FORMS[form.value](terminal, dataset_id(terminal.project(), name))
    _give(terminal, text, output)
    terminal.result({"schema": "catalogue-export/1", "dataset": name, "form": form.value, "text": text})


@app.command("import")
@verb
def read(
    terminal: Terminal,
    file: Annotated[Path, typer.Argument(help="Een Open Data Contract (YAML) of een Amsterdam Schema (JSON).")],
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Schrijf hierheen in plaats van op het scherm.")] = None,
) -> None:
    """Begin een declaratie met wat een contract of schema van een ander zegt; wat u nog moet kiezen staat erboven."""
    from flows.cli import exchange

    found = exchange.proposal(file)
    _give(terminal, found.as_yaml(), output)
    terminal.result({"schema": "catalogue-import/1", "declaration": dict(found.declaration), "questions": list(found.questions)})


def _give(terminal: Terminal, text: str, output: Path | None) -> None:
    """Write a text to a file, or to standard output where no JSON is asked."""
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")
    elif not terminal.as_json:
        sys.stdout.write(text)
