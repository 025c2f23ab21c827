"""`vrijgave catalogue validate`: our catalogue or anybody's, from a file or an address."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from config.errors import ConfigurationError, Place
from flows.cli.scoring import NO_FORM

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from catalogue.dcat import Catalogue
    from catalogue.engines import Version
    from catalogue.findings import CatalogueFinding
    from catalogue.score.reach import Asking
    from flows.cli.common import Terminal


def read(source: str, asked: Asking) -> Catalogue:
    """Read the catalogue that somebody named, a file or an address.

    Raises:
        ConfigurationError: it cannot be read, or may not be fetched.
        SourceError: nothing came from the address.
    """
    from catalogue.fetch import fetch, is_address
    from catalogue.load import load

    return fetch(source, asked) if is_address(source) else load(Path(source))


def online(findings: tuple[CatalogueFinding, ...], catalogue: Callable[[], Catalogue], asked: Asking) -> tuple[CatalogueFinding, ...]:
    """Add what the addresses do not answer, when that was asked."""
    if not (asked.online or asked.resolve):
        return findings
    from catalogue.online import findings as unreachable
    from catalogue.validate import ordered

    return ordered((*findings, *unreachable(catalogue(), asked)))


def write(report: Path, findings: Sequence[CatalogueFinding], version: Version, terminal: Terminal) -> None:
    """Write the report in the form of its ending; ConfigurationError for another ending."""
    from catalogue.report import as_json, graph, page

    form = report.suffix.lower()
    if form == ".html":
        text = page(findings, version, terminal.language)
    elif form == ".json":
        text = json.dumps(as_json(findings, version), ensure_ascii=False, indent=1) + "\n"
    elif form == ".ttl":
        from catalogue.serialise import text as turtle

        text = turtle(graph(findings), "ttl")
    else:
        raise ConfigurationError(NO_FORM.at(Place(str(report)), value=report.name))
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(text, encoding="utf-8", newline="\n")


def tell(findings: Sequence[CatalogueFinding], version: Version, terminal: Terminal) -> None:
    """Say every finding, and whether the catalogue meets the profile."""
    wrong = sum(finding.severity == "violation" for finding in findings)
    for finding in findings:
        style = "red" if finding.severity == "violation" else "yellow"
        if finding.severity == "violation" or terminal.verbosity >= 0:
            terminal.err.print(finding.text(terminal.language), style=style, markup=False)
    advice = len(findings) - wrong
    if not wrong:
        nl, en = ("advies" if advice == 1 else "adviezen"), ("piece" if advice == 1 else "pieces")
        terminal.say(
            f"Voldoet aan DCAT-AP-NL {version}; {advice} {nl}.", f"Meets DCAT-AP-NL {version}; {advice} {en} of advice.", style="green"
        )
