"""Publish to a real CKAN beside a plain ckanapi script that does the same: first publication, a run that changes nothing, loading rows.

The plain script calls `package_create`, `resource_create` with the file and `datastore_create` in batches of 1,000 rows, and has nothing to
say of what is there already; ours stages, checks, switches and reads back. Each runs in a process of its own against an organisation of its
own. It needs a CKAN that may be filled: `tests/services/ckan/start start FOLDER` makes one and writes CKAN_URL and CKAN_API_TOKEN to
`FOLDER/ckan.env`. The figures of the last run stand in `docs/benchmarks.md`.

    CKAN_URL=… CKAN_API_TOKEN=… python benchmarks/ckan.py [--datasets 1 100] [--rows 1000000] [--batches 1000 5000 20000]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "publication")]

if TYPE_CHECKING:
    from publication.portals.ckan import CkanPortal
    from publication.release import Release

URL, TOKEN = os.environ.get("CKAN_URL", ""), os.environ.get("CKAN_API_TOKEN", "")


def town(folder: Path, datasets: int, rows: int) -> list[Any]:
    """Make up datasets with one release each, as portal entries; those that are there are read again."""
    import site_town

    from config.models.base import Text
    from publication.portals.base import PortalEntry
    from publication.release import Release

    home, found = site_town.Home(folder), []
    for number in range(datasets):
        name = f"bench-{folder.name[-6:].lower().replace('_', 'x')}-{number}"
        there = folder / "releases" / name / "2026-10-01.1"
        table = site_town.parking(max(rows // 12, 1))
        made: Release = Release.open(there) if there.exists() else home.release(name, table, there.name, title=Text(nl=name))
        told = site_town.describe(name, name, None, "Hoeveel auto's er elk uur staan.", None, "TRAN")
        found.append(PortalEntry(told, (made,)))
    return found


def portal(folder: Path, organization: str) -> CkanPortal:
    """Open our portal on the CKAN of the environment."""
    from publication.portals.base import PortalPlace
    from publication.portals.ckan import CkanPortal, Options

    options = Options.model_validate({"kind": "ckan", "url": "${U}", "token": "${T}", "organization": organization, "max_upload": 90})
    return CkanPortal(options, PortalPlace("ckan", folder / "portals", folder / "site", {"U": URL, "T": TOKEN}))


def ours(folder: Path, organization: str, datasets: int, rows: int) -> int:
    """Publish by this project, and read back; gives the number of requests."""
    import site_town

    from publication.portals.base import Wanted

    wanted = Wanted(site_town.PUBLISHER, tuple(town(folder, datasets, rows)))
    opened = portal(folder, organization)
    plan = opened.plan(wanted)
    opened.apply(plan)
    if len(opened.verify(plan)) != datasets:
        raise SystemExit("not all of it was seen")
    return opened._api.calls + opened._visitor.calls  # noqa: SLF001 - what a benchmark counts


def plain(folder: Path, organization: str, datasets: int, rows: int, batch: int) -> int:
    """Publish by ckanapi as a script would; gives the number of requests."""
    from ckanapi import RemoteCKAN

    from publication.ckan.tables import TYPES

    api, calls = RemoteCKAN(URL, apikey=TOKEN), 0
    for entry in town(folder, datasets, rows):
        release = entry.releases[0]
        made = api.action.package_create(name=f"plain-{batch}-{entry.description.id}", title="x", notes="x", owner_org=organization)
        calls += 1
        for file in release.manifest.distributions:
            with (release.folder / file.name).open("rb") as opened:
                sent = api.action.resource_create(package_id=made["id"], name=file.name, format=file.file_type, upload=opened)
            calls += 1
            if file.format == "csv":
                fields = [{"id": column.name, "type": TYPES[column.type]} for column in release.manifest.columns]
                calls += _rows(api, sent["id"], release, fields, batch)
    return calls


def _rows(api: Any, identifier: str, release: Release, fields: list[dict[str, str]], batch: int) -> int:
    import pandas as pd

    data = pd.read_csv(next(release.folder.glob("*.csv")), dtype=str).astype(object)
    records, calls = data.where(data.notna(), None).to_dict("records"), 0
    for start in range(0, len(records), batch):
        api.action.datastore_create(
            resource_id=identifier, force=True, records=records[start : start + batch], **({"fields": fields} if start == 0 else {})
        )
        calls += 1
    return calls


def timed(what: str, folder: Path, organization: str, *more: int) -> dict[str, Any]:
    """Run one contender in a process of its own."""
    start = time.perf_counter()
    command = [sys.executable, __file__, "--run", what, folder, organization, *map(str, more)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    return {"wall": time.perf_counter() - start, **json.loads(done.stdout.splitlines()[-1])}


def organization() -> str:
    """Make an organisation of its own."""
    from ckanapi import RemoteCKAN

    name = f"bench-{uuid.uuid4().hex[:8]}"
    RemoteCKAN(URL, apikey=TOKEN).action.organization_create(name=name, title=name)
    return name


def line(what: str, found: dict[str, Any], datasets: int, base: dict[str, Any] | None = None) -> None:
    """Print one row of figures."""
    ratio = f"{found['wall'] / base['wall']:8.2f}" if base else f"{1:8.2f}"
    print(f"{what:44}{found['wall']:9.1f}{found['calls'] / datasets:12.2f}{found['rss']:10.0f}{ratio}")


def compare(datasets: int, rows: int, batches: list[int]) -> None:
    """Run all of it for a number of datasets."""
    with tempfile.TemporaryDirectory(prefix="bench-") as room:
        folder = Path(room)
        town(folder, datasets, rows)
        print(f"\n{f'{datasets} datasets of {rows:,} rows':44}{'wall s':>9}{'calls each':>12}{'peak MB':>10}{'ratio':>8}")
        own = organization()
        first = timed("ours", folder, own, datasets, rows)
        line("vrijgave, first publication", first, datasets)
        line("vrijgave, nothing changed", timed("ours", folder, own, datasets, rows), datasets, first)
        for batch in batches:
            line(f"ckanapi, first, batches of {batch:,}", timed("plain", folder, organization(), datasets, rows, batch), datasets, first)


def run(what: str, arguments: list[str]) -> None:
    """Run one contender here."""
    folder, name, *numbers = arguments
    calls = {"ours": ours, "plain": plain}[what](Path(folder), name, *map(int, numbers))
    print(json.dumps({"calls": calls, "rss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def main() -> None:
    """Run what is asked and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--datasets", type=int, nargs="*", default=[1, 100])
    parser.add_argument("--rows", type=int, default=1_000_000, help="of the dataset whose rows are loaded")
    parser.add_argument("--batches", type=int, nargs="*", default=[1000, 5000, 20_000])
    parser.add_argument("--run", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.run:
        run(wanted.run[0], wanted.run[1:])
        return
    if not URL:
        raise SystemExit("Set CKAN_URL and CKAN_API_TOKEN: tests/services/ckan/start start FOLDER makes a CKAN that may be filled.")
    for datasets in wanted.datasets:
        compare(datasets, 720, [1000])
    if wanted.rows:
        compare(1, wanted.rows, wanted.batches)


if __name__ == "__main__":
    main()
