"""`scan`, `quality` and `anonymise`: one gate at a time, on any file."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from config.errors import RefusedError
from flows.cli.common import Terminal, verb

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_DIGITS = 6
"""More digits than this are a number, and no name of a column."""

File = Annotated[Path, typer.Argument(metavar="FILE", help="CSV, Parquet, GeoJSON of shapefile.")]


def register(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command("scan")(scan)
    app.command("quality")(quality)
    app.command("anonymise")(anonymise)


@verb
def scan(terminal: Terminal, file: File) -> None:
    """Zoek persoonsgegevens per kolom; er wordt geen waarde getoond, alleen een patroon."""
    from anonymisation.detect import scan as find
    from config.secrets import Secrets
    from flows import anyfile

    with tempfile.TemporaryDirectory() as room:
        snapshot = anyfile.read(file, Path(room), Secrets(os.environ))
        names = [name for name in snapshot.schema().names if name != "_row"]
        findings = find(snapshot.batches(names), {name: name for name in names})
    shown = _headers(names)
    hits = [finding for finding in findings if finding.hit]
    for finding in hits:
        reason = finding.reason_nl if terminal.language == "nl" else finding.reason_en
        terminal.say(f"{shown[finding.column]}: {finding.kind} ({finding.hits}x, {finding.pattern}). {reason}", style="red")
    told = [
        {
            "column": shown[f.column],
            "kind": f.kind,
            "hits": f.hits,
            "share": f.share,
            "lift": f.lift,
            "pattern": f.pattern,
            "hit": f.hit,
            "reason": {"nl": f.reason_nl, "en": f.reason_en},
        }
        for f in findings
    ]
    if unread := snapshot.rejected_rows:
        nl, en = f"{unread} rijen waren niet te lezen en zijn niet bekeken.", f"{unread} rows could not be read and were not looked at."
        terminal.say(nl, en, style="yellow")
    rows = {"rows": snapshot.rows, "rejected_rows": unread}
    terminal.result({"schema": "scan/1", "file": file.name, **rows, "hit": bool(hits), "findings": told})
    if hits:
        raise typer.Exit(1)
    terminal.say(f"Niets gevonden in {len(names)} kolommen.", f"Nothing found in {len(names)} columns.", style="green")


@verb
def quality(
    terminal: Terminal,
    file: File,
    suite: Annotated[Path, typer.Option(help="Een suite: YAML, of JSON van Great Expectations zelf.")],
    report: Annotated[Path | None, typer.Option(help="Het rapport: .json, .html, .pdf, .csv of .xml (JUnit).", show_default=False)] = None,
) -> None:
    """Toets een bestand aan een suite van Great Expectations."""
    from config.secrets import Secrets
    from config.suite import load_suite
    from flows import anyfile
    from quality.check import check
    from quality.reports import digests, document
    from quality.reports.write import checked, write

    if report is not None:
        checked(report)
    expectations = load_suite(suite)
    with tempfile.TemporaryDirectory() as room:
        snapshot = anyfile.read_for(expectations, file, Path(room), Secrets(os.environ))
        found = check(snapshot.path, expectations, gate="file")
    if report is not None:
        used = digests.named({f"input: {file.name}": file, f"suite: {suite.name}": suite})
        write(document.of_file(found, file.name, used), report, terminal.language)
    terminal.problems(found.reasons)
    terminal.result(found.as_json())
    if not found.success:
        raise typer.Exit(1)
    terminal.say(f"Goed: {len(expectations)} controles.", f"Good: {len(expectations)} checks.", style="green")


@verb
def anonymise(
    terminal: Terminal,
    file: File,
    policy: Annotated[Path, typer.Option(help="Het deel privacy: van een declaratie, als YAML of JSON.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="OUT", help="Het beschermde bestand; het einde bepaalt de vorm.")],
    report: Annotated[Path | None, typer.Option(help="Het rapport: .json, of .html om te lezen.", show_default=False)] = None,
    spark: Annotated[str | None, typer.Option(metavar="MASTER", help="Reken met Spark, zoals op local[2].", show_default=False)] = None,
) -> None:
    """Bescherm een bestand volgens een beleid: k-anonimiteit of tabellen."""
    from anonymisation.policy import columns_of_policy
    from anonymisation.protect import protect
    from config.models.municipality import EngineOptions
    from config.policy import load_policy
    from config.secrets import Secrets
    from engine.choice import chosen
    from flows import anyfile
    from sources.sniff import sniff

    secrets = Secrets(os.environ, policy.parent)
    asked = load_policy(policy)
    terminal.problems(asked.problems)
    options = asked.source_for(file) or sniff(file)
    names = anyfile.column_types(options, secrets, file.parent)
    columns, privacy = columns_of_policy(asked.privacy, names, asked.columns, asked.others)
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        snapshot = anyfile.read(file, room, secrets, options=options, columns=columns)
        engine = chosen(EngineOptions(kind="spark", master=spark) if spark else EngineOptions())
        done = protect(snapshot, columns, privacy, base=asked.base, secrets=secrets, work=room, engine=engine)
        _write_protection(report, done.report, terminal)
        if done.table is None:
            raise RefusedError(*done.problems)
        rows = done.table.rows
        _save(done.table, output)
    terminal.say(f"Geschreven: {output} ({rows} rijen).", f"Written: {output} ({rows} rows).", style="green")
    terminal.result(done.report)


def _save(table: Any, output: Path) -> None:
    """Write the protected table in the form that the ending of OUT names, read it back, and move it to its place."""
    from config.models.base import Text
    from distributions.base import Sheet, WriteOptions
    from distributions.write import write_all

    form = output.suffix.lower().removeprefix(".") or "csv"
    told = Text(nl=output.stem)
    options = WriteOptions(sheet=Sheet(output.stem, told, told, told), guard="quote")
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent) as room:
        (written,) = write_all(table, [form], Path(room), "out", options)
        (Path(room) / written.name).replace(output)


def _headers(names: list[str]) -> dict[str, str]:
    """Give how columns are called in a message: by number where the name itself is personal data, as in a file without a header."""
    import pyarrow as pa

    from anonymisation.detect import scan as find

    found = {}
    for number, name in enumerate(names, start=1):
        personal = any(finding.hit for finding in find([pa.record_batch({"name": [name]})], {}))
        found[name] = f"kolom {number}" if personal or sum(letter.isdigit() for letter in name) > MOST_DIGITS else name
    return found


def _write_protection(report: Path | None, told: dict[str, Any], terminal: Terminal) -> None:
    """Write the report of a protection: a page where its name ends in `.html`, else JSON."""
    if report is None or report.suffix.lower() != ".html":
        _write(report, told)
        return
    from anonymisation.report_page import page

    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(page(told, terminal.language), encoding="utf-8")


def _write(report: Path | None, told: Mapping[str, Any]) -> None:
    if report is not None:
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
