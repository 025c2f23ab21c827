"""`explain`: why a dataset stands where it stands, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli.common import Terminal, dataset_id, verb

if TYPE_CHECKING:
    from config.errors import Language

WORDS = {
    "head": ("{dataset}: {word}, sinds {since}", "{dataset}: {word}, since {since}"),
    "never": ("nog nooit gecontroleerd", "never checked"),
    "public": ("Openbaar is nu: {version}", "Public now: {version}"),
    "nothing": ("Er is nog niets openbaar.", "Nothing is public yet."),
    "why": ("Wat houdt het tegen:", "What holds it up:"),
    "noted": ("Wat de laatste controle opmerkte:", "What the last check noted:"),
    "rows": ("rijen {rows}", "rows {rows}"),
    "more": (" en nog {count}; --json geeft ze allemaal", " and {count} more; --json gives them all"),
    "of": ("niet goed bij {count} van de {total} rijen", "not good for {count} of {total} rows"),
    "columns": ("kolom {columns}", "column {columns}"),
    "next": ("Wat nu:", "What now:"),
}


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("explain")(explain)


@verb
def explain(terminal: Terminal, name: Annotated[str, typer.Argument(metavar="ID", help="Een dataset.")]) -> None:
    """Leg uit wat een dataset tegenhoudt, sinds wanneer, welke rijen, en wat u nu kunt doen."""
    from flows.explain import explain as tell
    from publication.home import Home

    project = terminal.project()
    told = tell(project, Home(terminal.home), dataset_id(project, name))
    _say(terminal, told)
    terminal.result(told)


def _word(key: str, language: Language, **fields: object) -> str:
    return WORDS[key][0 if language == "nl" else 1].format(**fields)


def _say(terminal: Terminal, told: dict[str, Any]) -> None:
    """Say it to a person: where it stands, why, which rows, what to do."""
    from flows.show import WORDS as OUTCOMES
    from pages.numbers import day

    language = terminal.language
    if told["outcome"] is None:
        terminal.say(f"{told['dataset']}: {_word('never', language)}", style="bold")
    else:
        nl, en, style = OUTCOMES[told["outcome"]]
        since = day(told["since"]["at"], language)
        terminal.say(_word("head", language, dataset=told["dataset"], word=nl if language == "nl" else en, since=since), style=style)
    version = told["public"]
    terminal.say(_word("public", language, version=version) if version else _word("nothing", language))
    _causes(terminal, told)
    terminal.say("\n" + _word("next", language))
    for number, step in enumerate(told["next"], start=1):
        terminal.say(f"  {number}. {step[language]}")


def _causes(terminal: Terminal, told: dict[str, Any]) -> None:
    """Say what failed: each check with its rows, and whatever else the run said."""
    language = terminal.language
    codes = ("quality.rows-fail", "quality.table-fails") if told["checks"] else ()
    other = [reason for reason in told["reasons"] if reason["code"] not in codes]
    if not told["checks"] and not other:
        return
    fine = told["outcome"] in ("published", "unchanged")
    terminal.say("\n" + _word("noted" if fine else "why", language))
    for one in told["checks"]:
        said = one["text"][language]
        count = _word("of", language, count=one["count"], total=one["total"]) if one["count"] and one["total"] else ""
        columns = _word("columns", language, columns=", ".join(one["columns"])) if one["columns"] else ""
        terminal.say(f"  - {said[:1].upper()}{said[1:]} ({'; '.join(part for part in (columns, count) if part) or one['type']})")
        if one["rows"]:
            terminal.say(f"    {_rows(one['rows'], language)}")
    for reason in other:
        terminal.say(f"  - {reason[language]}")


def _rows(rows: list[int], language: Language) -> str:
    from flows.explain import SHOWN

    shown = _word("rows", language, rows=", ".join(map(str, rows[:SHOWN])))
    return shown + (_word("more", language, count=len(rows) - SHOWN) if len(rows) > SHOWN else "")
