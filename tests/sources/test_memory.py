"""Extraction in bounded memory: a file of three times as many rows takes no more of it, whatever the kind of source.

The peak is that of a process of its own (`VmHWM`), after a smaller file has warmed up every library; seconds are not looked at.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
FIELDS = [f"tekst{number}" for number in range(8)]
SMALL, BIG = 12_000, 36_000
"""Rows of two kilobytes."""
ALLOWED = 12 << 20
"""A quarter of what the big file holds more."""

PROBE = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
sys.path.insert(0, {root!r})
import engine.parquet
from config.models.schema import Column
from config.registry import SOURCES
from sources.extract import extract

engine.parquet.ROW_GROUP_BYTES = 1 << 20  # what the sink holds back is the same for every source

def peak():
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))

def read(options):
    options = SOURCES.load(options["kind"]).Options.model_validate_json(json.dumps(options))
    columns = [Column(name=name, type="geometry" if name == "geometry" else "string", classification="open") for name in {fields!r}]
    now, base = datetime(2026, 1, 1, tzinfo=UTC), Path({base!r})
    columns = [column for column in columns if column.name != "geometry" or options.kind not in ("csv", "sqlite")]
    if options.kind == "sqlite":
        columns.append(Column(name="nr", type="integer", classification="open"))
    needed = frozenset(column.name for column in columns)
    return extract(options, columns, base=base, out=base / "uit.parquet", now=now, secrets={{}}, needed=needed).rows

small, big = json.loads(sys.argv[1])
read(small)
before = peak()
rows = read(big)
print(json.dumps([rows, (peak() - before) * 1024]))
"""


def texts(rows: int) -> Iterator[list[str]]:
    """Cells that compress badly and differ, a column at a time."""
    for _ in FIELDS:
        letters = secrets.token_hex(125 * rows)
        yield [letters[250 * row : 250 * row + 250] for row in range(rows)]


def write_csv(path: Path, table: pa.Table) -> dict[str, Any]:
    pyarrow.csv.write_csv(table, path)
    return {}


def write_parquet(path: Path, table: pa.Table) -> dict[str, Any]:
    pq.write_table(table.append_column("geometry", shapes(table.num_rows)), path, row_group_size=len(table))
    return {"crs": "EPSG:28992"}


def write_sqlite(path: Path, table: pa.Table) -> dict[str, Any]:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"create table t (nr integer primary key, {', '.join(f'{name} text' for name in FIELDS)})")
        cells = zip(range(table.num_rows), *(column.to_pylist() for column in table.columns), strict=True)
        connection.executemany(f"insert into t values ({', '.join('?' * (len(FIELDS) + 1))})", cells)  # noqa: S608 - only question marks
        connection.commit()
    return {"table": "t", "key": ["nr"]}


def write_geojson(path: Path, table: pa.Table) -> dict[str, Any]:
    with path.open("w") as file:
        file.write('{"type": "FeatureCollection", "features": [')
        for number, row in enumerate(table.to_pylist()):
            feature = {"type": "Feature", "properties": row, "geometry": {"type": "Point", "coordinates": [5, 52]}}
            file.write(",\n"[number == 0 :] + json.dumps(feature))
        file.write("]}")
    return {}


def write_shapefile(path: Path, table: pa.Table) -> dict[str, Any]:
    frame = table.append_column("geometry", shapes(table.num_rows))
    options = {"driver": "ESRI Shapefile", "geometry_name": "geometry", "geometry_type": "Point", "crs": "EPSG:28992", "encoding": "UTF-8"}
    pyogrio.write_arrow(frame, path, **options)
    return {}


def shapes(rows: int) -> pa.Array:
    return pa.array(shapely.to_wkb(shapely.points(np.arange(rows), 463000.0)), pa.binary())


WRITERS = {
    "csv": (write_csv, "csv"),
    "parquet": (write_parquet, "parquet"),
    "sqlite": (write_sqlite, "sqlite"),
    "geojson": (write_geojson, "geojson"),
    "shapefile": (write_shapefile, "shp"),
}


@pytest.mark.parametrize("kind", sorted(WRITERS))
def test_the_peak_does_not_grow_with_the_rows(kind: str, tmp_path: Path) -> None:
    write, ending = WRITERS[kind]
    both = []
    for rows in (SMALL, BIG):
        path = tmp_path / f"bron{rows}.{ending}"
        table = pa.table(dict(zip(FIELDS, texts(rows), strict=True)))
        both.append({"kind": kind, "path": path.name, **write(path, table)})
    code = PROBE.format(root=str(ROOT), fields=[*FIELDS, "geometry"], base=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", code, json.dumps(both)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows, grown = json.loads(done.stdout)
    assert rows == BIG
    assert grown < ALLOWED, f"{grown >> 20} MB more for {BIG - SMALL} rows more"
