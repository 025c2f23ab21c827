"""Where things stand in a home: `status`, `diff`, `site`, `ledger`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from config.errors import ConfigurationError, IntegrityError, Message
from flows.cli.common import Terminal, dataset_id, verb

if TYPE_CHECKING:
    from pathlib import Path

NO_SITE = Message(
    "site.missing",
    nl="er is nog geen portaal in {home}; maak het met: vrijgave run",
    en="there is no portal in {home} yet; make it with: vrijgave run",
)
NO_VERSION = Message(
    "diff.version",
    nl="er is geen versie {version} van {dataset}; wel: {known}",
    en="there is no version {version} of {dataset}; there are: {known}",
)
site = typer.Typer(help="Het statische portaal.", no_args_is_help=True)
ledger = typer.Typer(help="Het grootboek.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command("status")(status)
    app.command("diff")(diff)


@verb
def status(
    terminal: Terminal,
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", show_default=False)] = None,
) -> None:
    """Laat zien hoe elke dataset ervoor staat."""
    from flows.show import WORDS
    from flows.standing import standing

    project = terminal.project()
    chosen = {dataset_id(project, name) for name in ids or ()}
    lines = [line for line in standing(project, terminal.home) if not chosen or line["dataset"] in chosen]
    width = max((len(line["dataset"]) for line in lines), default=0)
    for line in lines:
        nl, en, _style = WORDS.get(line["outcome"], ("nog niet gecontroleerd", "not checked yet", ""))
        name, public = line["dataset"].ljust(width), (line["current"] or "—").ljust(14)
        terminal.say(f"{name}  openbaar: {public}  laatste run: {nl}", f"{name}  public: {public}  last run: {en}")
        if not line["declared"]:
            nl = "     er is geen declaratie meer; wat openbaar is blijft staan tot: vrijgave withdraw"
            terminal.say(nl, "     is declared no more; what is public stays up until: vrijgave withdraw", style="yellow")
        for waiting in line["waiting"]:
            if waiting.get("damaged"):
                nl, en = (
                    f"     {waiting['release']} is beschadigd; de volgende run maakt haar opnieuw",
                    f"     {waiting['release']} is damaged",
                )
                terminal.say(nl, en, style="red")
                continue
            roles = ", ".join(waiting["missing"])
            terminal.say(f"     {waiting['release']} wacht op {roles}", f"     {waiting['release']} waits for {roles}", style="yellow")
    terminal.result({"schema": "standing/1", "datasets": lines})


@verb
def diff(
    terminal: Terminal,
    dataset: Annotated[str, typer.Argument(metavar="ID")],
    old: Annotated[str, typer.Argument(metavar="V1")],
    new: Annotated[str, typer.Argument(metavar="V2")],
) -> None:
    """Laat zien wat er tussen twee versies veranderde: kolommen en aantallen rijen."""
    from dataclasses import asdict

    from flows.standing import difference
    from publication.home import Home
    from publication.release import versions

    project = terminal.project()
    name = dataset_id(project, dataset)
    home = Home(terminal.home)
    known = versions(home.releases / name)
    for version in (old, new):
        if version not in known:
            raise ConfigurationError(NO_VERSION.at(version=version, dataset=name, known=", ".join(known) or "-"))
    found = difference(project, home, name, old, new)
    told: dict[str, Any] = asdict(found)
    rows = f"{name} {old} → {new}: {found.rows_old} → {found.rows_new}"
    terminal.say(
        f"{rows} rijen; {found.added} erbij, {found.removed} eraf, {found.changed} gewijzigd",
        f"{rows} rows; {found.added} added, {found.removed} removed, {found.changed} changed",
    )
    for column in found.columns_added:
        terminal.say(f" + {column}", style="green")
    for column in found.columns_removed:
        terminal.say(f" - {column}", style="red")
    terminal.result({"schema": "diff/1", "dataset": name, "old": old, "new": new, **told})


@site.command("build")
@verb
def site_build(terminal: Terminal) -> None:
    """Maak het portaal opnieuw uit wat is uitgegeven."""
    from flows import pipeline, portals

    with pipeline.opened(terminal.project(), terminal.home) as ctx:
        names = [name for name, options in sorted(ctx.municipality.portals.items()) if options.kind == "site"]
        done = {name: portals.publish(ctx, name) for name in names}
    terminal.say(f"Portaal: {terminal.home}/site/index.html", f"Portal: {terminal.home}/site/index.html")
    terminal.result({"schema": "site/1", "portals": done})


@site.command("serve")
@verb
def site_serve(terminal: Terminal, port: Annotated[int, typer.Option(help="De poort op deze machine.")] = 8080) -> None:
    """Toon het portaal op deze machine (127.0.0.1), tot u stopt met Ctrl-C."""
    from publication.site_server import serve

    folder = _site(terminal)
    serve(folder, port, on_ready=lambda url: terminal.say(f"{url}  (Ctrl-C stopt)", f"{url}  (Ctrl-C stops)"))


@site.command("nginx")
@verb
def site_nginx(terminal: Terminal, listen: Annotated[str, typer.Option(help="Adres en poort van de server.")] = "443 ssl") -> None:
    """Schrijf een instelling van nginx die het portaal aanbiedt: adressen die blijven, vormen naar keuze, en veilige kopregels."""
    import sys

    from publication.home import Home
    from publication.nginx import configuration

    municipality = terminal.project().municipality
    if municipality is not None:
        text = configuration(municipality.base_uri, Home(terminal.home).site.absolute(), listen=listen)
        terminal.result({"schema": "nginx/1", "configuration": text})
        if not terminal.as_json:
            sys.stdout.write(text)


@ledger.command("verify")
@verb
def ledger_verify(terminal: Terminal) -> None:
    """Controleer elke regel: keten, handtekeningen, en of het einde er nog is."""
    from flows.standing import verify_ledger

    count, problems = verify_ledger(terminal.home)
    terminal.result({"schema": "ledger-check/1", "valid": not problems, "entries": count, "problems": [p.as_json() for p in problems]})
    if problems:
        raise IntegrityError(*problems)
    terminal.say(f"Het grootboek klopt: {count} regels.", f"The ledger holds: {count} entries.", style="green")


def _site(terminal: Terminal) -> Path:
    from publication.home import Home

    folder = Home(terminal.home).site
    if not (folder / "index.html").exists():
        raise ConfigurationError(NO_SITE.at(home=str(terminal.home)))
    return folder
