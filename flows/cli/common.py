"""What every verb shares: its common options, how it speaks, and how it ends."""

from __future__ import annotations

import functools
import inspect
import json
import os
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from config.errors import ConfigurationError, Message, VrijgaveError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from rich.console import Console

    from config.errors import Language, Problem
    from config.project import Project

EXAMPLE = Path("config/voorbeeldgemeente")
NOT_YET = Message("not-yet.verb", nl="nog niet beschikbaar: vrijgave {verb}", en="not available yet: vrijgave {verb}")
UNEXPECTED = Message(
    "unexpected",
    nl="onverwachte fout ({kind} in {where}); wat openbaar was, is nog heel. Meld dit met de tekst tussen haakjes.",
    en="unexpected error ({kind} in {where}); what was public is still whole. Report this with the text in brackets.",
)
UNKNOWN_DATASET = Message(
    "usage.dataset",
    nl="er is geen dataset {name}{hint}; kies uit: {known}",
    en="there is no dataset {name}{hint}; choose from: {known}",
)


class Lang(StrEnum):
    """The languages of messages."""

    nl = "nl"
    en = "en"


@dataclass(frozen=True)
class Terminal:
    """How one command speaks: people's text on stderr or stdout, a JSON result on stdout."""

    config: Path
    home: Path
    as_json: bool
    verbosity: int
    language: Language

    @functools.cached_property
    def out(self) -> Console:
        """Where results for people go."""
        from rich.console import Console

        return Console(file=sys.stderr if self.as_json else sys.stdout, highlight=False, soft_wrap=True)

    @functools.cached_property
    def err(self) -> Console:
        """Where problems go."""
        from rich.console import Console

        return Console(stderr=True, highlight=False, soft_wrap=True)

    def say(self, nl: str, en: str | None = None, *, style: str | None = None) -> None:
        """Say a line to people; nothing with `-q`."""
        if self.verbosity >= 0:
            self.out.print(en if self.language == "en" and en else nl, style=style, markup=False)

    def problems(self, problems: Iterable[Problem]) -> None:
        """Print problems, errors in red, warnings in yellow; shown even with `-q`, warnings not."""
        for problem in problems:
            if problem.severity == "warning" and self.verbosity < 0:
                continue
            style = "yellow" if problem.severity == "warning" else "red"
            self.err.print(problem.text(self.language), style=style, markup=False)

    def result(self, value: Mapping[str, Any]) -> None:
        """Write the JSON result when `--json` was asked."""
        if self.as_json:
            sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")

    def project(self) -> Project:
        """Load the configuration; ConfigurationError when `municipality.yaml` itself is wrong."""
        from config.project import load

        project = load(self.config, env=os.environ)
        if project.municipality is None:
            raise ConfigurationError(*(p for p in project.problems if p.severity == "error"))
        return project


def default_config() -> Path:
    """Give the example municipality in a checkout, else the working directory."""
    return EXAMPLE if (EXAMPLE / "municipality.yaml").is_file() else Path()


def verb(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the common options, and turn every error into problems on stderr and an exit code.

    The function takes a `Terminal` first, then its own parameters.
    """

    @functools.wraps(function)
    def command(**options: Any) -> None:
        terminal = Terminal(
            config=options.pop("config") or default_config(),
            home=options.pop("home"),
            as_json=options.pop("as_json"),
            verbosity=options.pop("verbose") - options.pop("quiet"),
            language=options.pop("lang").value,
        )
        try:
            function(terminal, **options)
        except VrijgaveError as error:
            terminal.problems(error.problems)
            if terminal.as_json:
                terminal.result({"schema": "error/1", "problems": [problem.as_json() for problem in error.problems]})
            raise typer.Exit(error.exit_code) from None
        except (typer.Exit, typer.Abort, BrokenPipeError, KeyboardInterrupt):
            raise
        except Exception as error:  # noqa: BLE001 - the rim of the command line: a library's text may quote a cell, so it is not shown
            from flows.rim import where

            terminal.problems([UNEXPECTED.at(kind=type(error).__name__, where=where(error))])
            raise typer.Exit(6) from None

    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
    common = inspect.signature(_common, eval_str=True).parameters.values()
    parameters = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in (*own, *common)]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command


def _common(
    *,
    config: Annotated[Path | None, typer.Option(help="Map met municipality.yaml.", show_default=False)] = None,
    home: Annotated[Path, typer.Option(help="Map met uitkomsten, releases en portaal.")] = Path("out"),
    as_json: Annotated[bool, typer.Option("--json", help="Schrijf het resultaat als JSON.")] = False,
    verbose: Annotated[int, typer.Option("-v", "--verbose", count=True, help="Zeg meer.")] = 0,
    quiet: Annotated[int, typer.Option("-q", "--quiet", count=True, help="Zeg alleen wat mis is.")] = 0,
    lang: Annotated[Lang, typer.Option(help="Taal van de meldingen.", envvar="VRIJGAVE_LANG")] = Lang.nl,
) -> None:
    """Declare the options that every verb has."""


def not_yet(name: str) -> Callable[..., None]:
    """Make the command of a verb that is not built yet: it says so and exits 2."""

    def command() -> NoReturn:
        sys.stderr.write(NOT_YET.at(verb=name).text("nl") + "\n")
        raise typer.Exit(2)

    command.__doc__ = "Nog niet beschikbaar."
    return command


def dataset_id(project: Project, name: str) -> str:
    """Give the id when it is a declared dataset; ConfigurationError with a did-you-mean when not."""
    from difflib import get_close_matches

    if name in project.datasets:
        return name
    close = get_close_matches(name, project.datasets, n=1)
    raise ConfigurationError(
        UNKNOWN_DATASET.at(name=name, hint=f" (bedoelt u {close[0]}?)" if close else "", known=", ".join(project.datasets) or "-")
    )
