"""Why a dataset stands where it stands: what blocks it, since when, which rows, and what a person can do next."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from config.errors import Message
from flows import reporting, snapshots
from publication import approvals, commit, status
from publication.ledger import Ledger
from publication.release import opened, versions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from config.errors import Problem
    from config.models.dataset import Dataset
    from config.project import Project
    from publication.home import Home

SHOWN = 20
"""Row numbers that people are shown; `--json` has all of them."""

FIRST_RUN = Message(
    "explain.never",
    nl="{dataset} is nog nooit gecontroleerd; typ: vrijgave run {dataset}",
    en="{dataset} was never checked; type: vrijgave run {dataset}",
)
GOOD = Message(
    "explain.good",
    nl="er is niets te doen: {dataset} is openbaar en de laatste controle was in orde",
    en="there is nothing to do: {dataset} is public and the last check was fine",
)
MEND_ROWS = Message(
    "explain.mend-rows",
    nl="herstel in het bronsysteem de rijen die hierboven staan, en typ dan: vrijgave run {dataset}",
    en="mend the rows above in the source system, and then type: vrijgave run {dataset}",
)
MEND = Message(
    "explain.mend",
    nl="herstel wat hierboven staat, bekijk het eerst zonder iets openbaar te maken met vrijgave check {dataset}, en typ dan: vrijgave run "
    "{dataset}",
    en="mend what is said above, look at it first with vrijgave check {dataset}, and then type: vrijgave run {dataset}",
)
CHANGE_CHECK = Message(
    "explain.change-check",
    nl="klopt de bron wel, pas dan de toets aan in de declaratie; mogen enkele rijen apart worden gezet, schrijf bij de toets on_fail: "
    "quarantine en geef quality.max_quarantine een grens",
    en="if the source is right, change the check in the declaration; if some rows may be set aside, write on_fail: quarantine with the "
    "check and give quality.max_quarantine a ceiling",
)
SEE_REPORT = Message(
    "explain.report",
    nl="lees het hele rapport in {path}",
    en="read the whole report in {path}",
)
SIGN = Message(
    "explain.sign",
    nl="laat iemand met de rol {roles} beslissen: vrijgave approve {release} --as PERSOON --key BESTAND, of vrijgave reject {release} --as "
    "PERSOON --key BESTAND --reason TEKST; daarna: vrijgave run {dataset}",
    en="have somebody with the role {roles} decide: vrijgave approve {release} --as PERSON --key FILE, or vrijgave reject {release} --as "
    "PERSON --key FILE --reason TEXT; then: vrijgave run {dataset}",
)
SIGNED = Message(
    "explain.signed",
    nl="alles is ondertekend; typ: vrijgave run {dataset}",
    en="everything is signed; type: vrijgave run {dataset}",
)
AGAIN = Message(
    "explain.again",
    nl="los op wat hierboven staat en typ: vrijgave run {dataset}; wat openbaar was, is nog openbaar",
    en="resolve what is said above and type: vrijgave run {dataset}; what was public is still public",
)
CHANGE_DECLARED = Message(
    "explain.rejected",
    nl="de uitgave is afgewezen; pas de declaratie aan of wacht op nieuwe gegevens, en typ dan: vrijgave run {dataset}",
    en="the release was rejected; change the declaration or wait for new data, and then type: vrijgave run {dataset}",
)
WITHDRAWN = Message(
    "explain.withdrawn",
    nl="mensen hebben {dataset} ingetrokken; dat blijft zo tot zij anders besluiten",
    en="people withdrew {dataset}; it stays so until they decide otherwise",
)
NO_ROWS = Message(
    "explain.no-rows",
    nl="de rijnummers zijn er niet meer: de momentopname is verlopen; typ: vrijgave check {dataset}",
    en="the row numbers are gone: the snapshot expired; type: vrijgave check {dataset}",
)


def explain(project: Project, home: Home, name: str) -> dict[str, Any]:
    """Explain where a declared dataset stands (``explain/1``): row numbers and column names, never a value.

    Keys: `outcome` and `stage` of the last run, `since` the run and instant from which it has been so, `public` the version that is up,
    `reasons` what that run said, `checks` the failing checks with their rows, `waiting` the release that waits and the roles that lack,
    `next` what to do.
    """
    last = status.read(home.status).get(name, {})
    told: dict[str, Any] = {
        "schema": "explain/1",
        "dataset": name,
        "outcome": last.get("outcome"),
        "stage": None,
        "since": None,
        "public": commit.current_version(home, name),
        "reasons": [],
        "checks": [],
        "waiting": None,
        "report": None,
    }
    if last:
        run = last["run"]
        outcome = _outcome(home, run, name) or {}
        told |= {"stage": outcome.get("stage"), "since": _since(home, name, run), "reasons": outcome.get("reasons", [])}
        told["checks"] = list(_checks(project, home, run, name))
        told["waiting"] = _waiting(project, home, name)
        page = home.run(run, name) / f"{reporting.AUDITOR}.html"
        told["report"] = str(page) if page.exists() else None
    told["next"] = [{"nl": step.nl, "en": step.en} for step in _next(name, told)]
    return told


def _outcome(home: Home, run: str, name: str) -> dict[str, Any] | None:
    try:
        told: dict[str, Any] = json.loads((home.run(run, name) / "outcome.json").read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return told


def _since(home: Home, name: str, run: str) -> dict[str, str]:
    """Give the first of the unbroken row of runs that ended as the last one did."""
    first, word = run, (_outcome(home, run, name) or {}).get("outcome")
    for folder in sorted((path for path in home.runs.iterdir() if path.name < run), key=lambda path: path.name, reverse=True):
        found = _outcome(home, folder.name, name)
        if found is None:
            continue
        if found["outcome"] != word:
            break
        first = folder.name
    return {"run": first, "at": datetime.strptime(first.partition(".")[0], "%Y%m%dT%H%M%S%z").isoformat()}


def _checks(project: Project, home: Home, run: str, name: str) -> Iterator[dict[str, Any]]:
    """Yield every check that failed in a run; of the gate before with the numbers of its rows, while the snapshot is there."""
    report = reporting.read_run(home, run, name)
    declared = project.datasets[name].dataset if name in project.datasets else None
    table = _snapshot(home, name)
    for gate in report.gates if report else ():
        for one in gate.results:
            if one.success:
                continue
            rows = None
            if gate.gate == "input" and declared is not None and table is not None and one.unexpected_count:
                rows = _rows(declared, table, one.type, one.kwargs)
            yield {
                "gate": gate.gate,
                "type": one.type,
                "text": one.text.model_dump(),
                "severity": one.severity,
                "columns": [one.kwargs[key] for key in ("column", "column_A", "column_B") if key in one.kwargs]
                or list(one.kwargs.get("column_list", [])),
                "count": one.unexpected_count,
                "total": one.element_count,
                "rows": rows,
            }


def _rows(dataset: Dataset, table: Path, kind: str, kwargs: dict[str, Any]) -> list[int] | None:
    """Give the numbers of the rows that fail a check of the declaration; None where it is not declared like that any more."""
    from quality.result import plain
    from quality.rows import failing_rows

    for one in dataset.quality.expectations:
        if one.type == kind and plain(dict(one.kwargs)) == kwargs:
            return list(failing_rows(table, one, dataset.columns))
    return None


def _snapshot(home: Home, name: str) -> Path | None:
    """Give the newest snapshot of a dataset that is still kept."""
    found = [(json.loads(path.read_bytes())["extracted"], path) for path in snapshots.folder(home, name).glob("*.json")]
    newest = max(found, default=None)
    table = newest[1].with_suffix(".parquet") if newest else None
    return table if table is not None and table.exists() else None


def _waiting(project: Project, home: Home, name: str) -> dict[str, Any] | None:
    """Give the newest candidate that waits, and the roles that have not signed."""
    for version in versions(home.candidates / name):
        manifest = opened(home, home.candidate(name, version)).manifest
        if project.municipality is not None:
            stands = approvals.standing(manifest, Ledger.of(home).entries(), project.municipality)
            return {"release": manifest.name, "missing": list(stands.missing), "rejected": stands.rejected}
    return None


def _next(name: str, told: dict[str, Any]) -> Iterator[Problem]:
    """Yield what a person can do, the first thing first."""
    word, waits = told["outcome"], told["waiting"]
    if word is None:
        yield FIRST_RUN.at(dataset=name)
    elif word == "blocked":
        yield from _unblock(name, told)
    elif waits and waits["rejected"]:
        yield CHANGE_DECLARED.at(dataset=name)
    elif waits and waits["missing"]:
        yield SIGN.at(roles=", ".join(waits["missing"]), release=waits["release"], dataset=name)
    elif waits:
        yield SIGNED.at(dataset=name)
    elif word == "withdrawn":
        yield WITHDRAWN.at(dataset=name)
    elif word in ("published", "unchanged"):
        yield GOOD.at(dataset=name)
    else:
        yield AGAIN.at(dataset=name)
    if told["report"]:
        yield SEE_REPORT.at(path=told["report"])


def _unblock(name: str, told: dict[str, Any]) -> Iterator[Problem]:
    """Yield what helps against a gate that stopped the data."""
    failed = [one for one in told["checks"] if one["severity"] == "critical"]
    if any(one["rows"] for one in failed):
        yield MEND_ROWS.at(dataset=name)
    elif any(one["gate"] == "input" and one["count"] and one["rows"] is None for one in failed):
        yield NO_ROWS.at(dataset=name)
        yield MEND.at(dataset=name)
    else:
        yield MEND.at(dataset=name)
    if failed:
        yield CHANGE_CHECK.at()
