"""Extract a big Dutch CSV (cp1252, ``;``, decimal comma, dd-mm-yyyy) to typed Parquet, against bare pyarrow and pandas in the same run.

Each contender runs in a process of its own and writes Parquet with zstd; ours also judges every cell and makes the fingerprint. CPU seconds
(user and system, imports included) are the figure to compare: wall time depends on what else the machine does. The peak is that of the
resident memory. The figures of the last run stand in `docs/benchmarks.md`.

    python benchmarks/extract.py [--rows 3000000] [--rounds 3] [--only vrijgave]
    python benchmarks/extract.py --rows 11000000 --rounds 1 --only vrijgave        # more than a gigabyte: the peak stays under 600 MB
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

TYPES = {
    "id": "integer",
    "straat": "string",
    "huisnummer": "integer",
    "postcode": "string",
    "datum": "date",
    "categorie": "string",
    "bedrag": "decimal",
    "aantal": "integer",
    "status": "string",
    "meting": "number",
    "toelichting": "string",
}
CHUNK = 250_000
MB = 1 << 20
REMARKS = (
    "",
    "",
    "",
    "Niets bijzonders",
    "Geëgaliseerd",
    '"Bewoner heeft gebeld; later terugbellen"',
    '"Bord ""verboden in te rijden"" ontbreekt"',
)
"""Cells as they stand in the file: some are empty, some quoted."""


def generate(path: Path, rows: int) -> None:
    """Write the file, seeded."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.csv

    dice = np.random.default_rng(7)
    streets = pa.array(["Dorpsstraat", "Kerkstraat", "Caféplein", "Élisabethlaan", "Hoofdweg", "'s-Gravenstraat"])
    states = pa.array(["open", "gesloten", "in behandeling (€)"])
    days = pc.strftime(pa.array(np.arange("2000-01-01", "2026-01-01", dtype="datetime64[D]")).cast(pa.timestamp("s")), format="%d-%m-%Y")

    def pick(values: pa.Array, count: int) -> pa.Array:
        return values.take(pa.array(dice.integers(0, len(values), count)))

    def comma(low: int, high: int, places: int, count: int) -> pa.Array:
        whole, part = (pa.array(dice.integers(*edges, count)).cast(pa.string()) for edges in ((low, high), (0, 10**places)))
        return pc.binary_join_element_wise(whole, pc.utf8_lpad(part, places, "0"), ",")

    with path.open("wb") as file:
        file.write((";".join(TYPES) + "\r\n").encode("cp1252"))
        for start in range(0, rows, CHUNK):
            count = min(CHUNK, rows - start)
            letters = pa.array([chr(code) for code in range(ord("A"), ord("Z") + 1)])
            digits = pa.array(dice.integers(1000, 9999, count)).cast(pa.string())
            columns = [
                pa.array(np.arange(start + 1, start + count + 1)).cast(pa.string()),
                pick(streets, count),
                pa.array(dice.integers(1, 400, count)).cast(pa.string()),
                pc.binary_join_element_wise(digits, pick(letters, count), pick(letters, count), ""),
                pick(days, count),
                pick(pa.array([f"categorie {number}" for number in range(12)]), count),
                comma(0, 100_000, 2, count),
                pa.array(dice.integers(0, 1000, count)).cast(pa.string()),
                pick(states, count),
                comma(-1_000_000, 1_000_000, 3, count),
                pick(pa.array(REMARKS), count),
            ]
            lines = pc.binary_join_element_wise(*columns, ";")
            file.write(("\r\n".join(lines.to_pylist()) + "\r\n").encode("cp1252"))


def ours(source: Path, out: Path) -> None:
    """Extract by this project."""
    from config.models.schema import Column
    from sources.extract import extract
    from sources.readers.csv import Options

    columns = tuple(Column.model_validate({"name": name, "type": kind, "classification": "open"}) for name, kind in TYPES.items())
    options = Options(kind="csv", path=source.name, delimiter=";", encoding="cp1252", decimal=",", date_format="%d-%m-%Y")
    now = datetime(2026, 1, 1, tzinfo=UTC)
    snapshot = extract(options, columns, base=source.parent, out=out, now=now, secrets={}, needed=frozenset(TYPES))
    if snapshot.rejected_rows:
        raise SystemExit("rows were rejected")


def bare(source: Path, out: Path) -> None:
    """Stream by pyarrow alone, with every type given; it takes 31 February for 2 March, and has no fingerprint."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet as pq

    kinds = {
        "integer": pa.int64(),
        "string": pa.string(),
        "number": pa.float64(),
        "date": pa.timestamp("s"),
        "decimal": pa.decimal128(38, 9),
    }
    reader = pyarrow.csv.open_csv(
        source,
        pyarrow.csv.ReadOptions(encoding="cp1252", block_size=4 * MB),
        pyarrow.csv.ParseOptions(delimiter=";"),
        pyarrow.csv.ConvertOptions(
            column_types={name: kinds[kind] for name, kind in TYPES.items()},
            decimal_point=",",
            timestamp_parsers=["%d-%m-%Y"],
            strings_can_be_null=True,
            null_values=[""],
        ),
    )
    with pq.ParquetWriter(out, reader.schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch)


def pandas(source: Path, out: Path) -> None:
    """Read in chunks by pandas."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"integer": "int64", "string": "str", "number": "float64", "decimal": "float64"}
    types = {name: kinds[kind] for name, kind in TYPES.items() if kind in kinds}
    options = {"sep": ";", "encoding": "cp1252", "decimal": ",", "dtype": types, "chunksize": CHUNK}
    writer = None
    for chunk in pd.read_csv(source, parse_dates=["datum"], date_format="%d-%m-%Y", **options):
        table = pa.Table.from_pandas(chunk, preserve_index=False)
        writer = writer or pq.ParquetWriter(out, table.schema, compression="zstd")
        writer.write_table(table)
    if writer:
        writer.close()


CONTENDERS = {"vrijgave": ours, "pyarrow": bare, "pandas": pandas}


def measured(name: str, source: Path) -> dict[str, float]:
    """Run one contender in a process of its own."""
    call = [sys.executable, __file__, "--run", name, "--source", str(source)]
    done = subprocess.run(call, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def run(name: str, source: Path) -> None:
    """Run one contender here, and print what it took."""
    out = source.with_suffix(f".{name}.parquet")
    start = time.perf_counter()
    CONTENDERS[name](source, out)
    used = resource.getrusage(resource.RUSAGE_SELF)
    figures = {
        "cpu": used.ru_utime + used.ru_stime,
        "wall": time.perf_counter() - start,
        "rss": used.ru_maxrss / 1024,
        "size": out.stat().st_size / MB,
    }
    print(json.dumps(figures))


def main() -> None:
    """Generate, run every contender in turns, and print the best of each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=CONTENDERS, help="one contender, for a file too big for the others")
    parser.add_argument("--run", choices=[*CONTENDERS, "generate"], help=argparse.SUPPRESS)
    parser.add_argument("--source", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.run == "generate":
        generate(wanted.source, wanted.rows)
        return
    if wanted.run:
        run(wanted.run, wanted.source)
        return
    names = [wanted.only] if wanted.only else list(CONTENDERS)
    with tempfile.TemporaryDirectory(prefix="vrijgave-bench-") as folder:
        source = Path(folder) / "bron.csv"
        # in a process of its own, as the peak memory of a child begins with what its parent held
        subprocess.run([sys.executable, __file__, "--run", "generate", "--source", str(source), "--rows", str(wanted.rows)], check=True)
        print(f"{wanted.rows:,} rows, {source.stat().st_size / MB:.0f} MB of CSV, best of {wanted.rounds}")
        rounds = [{name: measured(name, source) for name in names} for _ in range(wanted.rounds)]
    best = {name: {key: min(one[name][key] for one in rounds) for key in rounds[0][name]} for name in names}
    print(f"{'':10}{'CPU s':>8}{'wall s':>8}{'peak MB':>9}{'out MB':>8}{'CPU x pyarrow':>15}")
    for name in names:
        figures = best[name]
        ratio = f"{figures['cpu'] / best['pyarrow']['cpu']:.2f}" if "pyarrow" in best else ""
        print(f"{name:10}{figures['cpu']:8.2f}{figures['wall']:8.2f}{figures['rss']:9.0f}{figures['size']:8.1f}{ratio:>15}")


if __name__ == "__main__":
    main()
