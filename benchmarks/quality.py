# ruff: noqa: PLR2004, S608 - made-up bounds, and queries of our own
"""Fifteen checks of a table of twelve columns: ours, the same questions as plain DuckDB, Great Expectations on pandas, pandera, pointblank.

Every run judges the same file in a process of its own. The CPU seconds (user and system) and the highest memory are those of the whole
process; the CPU of the same run over ten rows (starting, importing) is taken off and told beside it. pandera and pointblank live in
`benchmarks/.rivals-quality/`. The figures of the last run stand in `docs/checks.md`.

    python benchmarks/quality.py [--rows 1000000 10000000] [--without pandera pointblank]
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

RIVALS = Path(__file__).parent / ".rivals-quality"
OWN = ("ours", "duckdb", "great_expectations")
OTHERS = ("pandera", "pointblank")
POSTCODE = "^[1-9][0-9]{3}[A-Z]{2}$"
KINDS = ["afval", "groen", "straat", "water"]
SMALL = 10


def generate(path: Path, rows: int) -> None:
    """Write twelve columns of made-up reports, with some faults in them; in parts, so that memory stays small."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    dice = np.random.default_rng(4)
    writer = None
    for start in range(0, rows, 500_000):
        size = min(500_000, rows - start)
        letters = np.array(["AB", "CD", "EF", "GH"])
        postcodes = np.char.add(dice.integers(1000, 9999, size).astype(str), letters[dice.integers(0, 4, size)])
        postcodes[dice.random(size) < 0.001] = "0000"
        amounts = np.round(dice.lognormal(4, 1, size), 2)
        table = pa.table(
            {
                "id": np.arange(start, start + size),
                "code": [f"M{number:09d}" for number in range(start, start + size)],
                "soort": np.array(KINDS)[dice.integers(0, 4, size)],
                "postcode": postcodes,
                "aantal": pa.array(dice.integers(0, 100, size), mask=dice.random(size) < 0.01),
                "bedrag": amounts,
                "korting": np.round(amounts * dice.random(size), 2),
                "melddatum": pa.array(dice.integers(19_000, 20_000, size).astype("int32"), pa.date32()),
                "einddatum": pa.array(dice.integers(20_000, 20_500, size).astype("int32"), pa.date32()),
                "tekst": np.array(["kapotte lamp", "losse tegel", "volle bak"])[dice.integers(0, 3, size)],
                "wijk": np.char.add("WK0392", dice.integers(10, 40, size).astype(str)),
                "open": dice.random(size) < 0.5,
            }
        )
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table)
    if writer:
        writer.close()


CHECKS: list[tuple[str, dict[str, Any]]] = [
    ("expect_column_values_to_not_be_null", {"column": "id"}),
    ("expect_column_values_to_not_be_null", {"column": "aantal", "mostly": 0.95}),
    ("expect_column_values_to_be_unique", {"column": "code"}),
    ("expect_compound_columns_to_be_unique", {"column_list": ["id", "postcode"]}),
    ("expect_column_values_to_be_in_set", {"column": "soort", "value_set": KINDS}),
    ("expect_column_values_to_match_regex", {"column": "postcode", "regex": POSTCODE}),
    ("expect_column_value_lengths_to_equal", {"column": "wijk", "value": 8}),
    ("expect_column_values_to_be_between", {"column": "aantal", "min_value": 0, "max_value": 98}),
    ("expect_column_values_to_be_between", {"column": "bedrag", "min_value": 0}),
    ("expect_column_values_to_be_between", {"column": "melddatum", "min_value": "2022-01-01", "max_value": "2025-01-01"}),
    ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "bedrag", "column_B": "korting", "or_equal": True}),
    ("expect_column_mean_to_be_between", {"column": "bedrag", "min_value": 1, "max_value": 1000}),
    ("expect_column_stdev_to_be_between", {"column": "bedrag", "min_value": 1, "max_value": 1000}),
    ("expect_column_max_to_be_between", {"column": "aantal", "max_value": 99}),
    ("expect_table_row_count_to_be_between", {"min_value": 1}),
]
RAW = f"""
SELECT count(*), count(id), count(aantal), count(*) FILTER (WHERE soort NOT IN ('afval', 'groen', 'straat', 'water')),
       count(*) FILTER (WHERE NOT regexp_matches(postcode, '{POSTCODE}')), count(*) FILTER (WHERE length(wijk) <> 8),
       count(*) FILTER (WHERE aantal < 0 OR aantal > 98), count(*) FILTER (WHERE bedrag < 0),
       count(*) FILTER (WHERE melddatum < date '2022-01-01' OR melddatum > date '2025-01-01'), count(*) FILTER (WHERE bedrag < korting),
       avg(bedrag), stddev_samp(bedrag), max(aantal)
FROM read_parquet(?)
"""
KEYS = ("code", "id, postcode")


def suite() -> list[Any]:
    """Give the checks as ours."""
    from config.models.quality import Expectation

    return [Expectation.model_validate({"type": name, "kwargs": kwargs, "dimension": "validity"}) for name, kwargs in CHECKS]


def ours(path: Path) -> list[int]:
    """Judge with the project; give the unexpected counts of the checks of rows."""
    from quality.check import check

    report = check(path, suite(), gate="file")
    wrong = [result.engine for result in report.results if not result.engine.startswith("duckdb")]
    if wrong:
        raise SystemExit(f"not judged by the engine: {wrong}")
    return [result.unexpected_count for result in report.results if result.unexpected_count is not None]


def duckdb(path: Path) -> list[int]:
    """Ask the same of DuckDB: one SELECT, and one GROUP BY for each key."""
    import duckdb as engine

    connection = engine.connect(config={"memory_limit": "512MB", "threads": 2, "temp_directory": str(path.parent)})
    row = connection.execute(RAW, [str(path)]).fetchone() or ()
    keys = [
        connection.execute(
            f"SELECT coalesce(sum(n) FILTER (WHERE n > 1), 0) FROM (SELECT count(*) n FROM read_parquet(?) GROUP BY {key})",
            [str(path)],
        ).fetchone()
        for key in KEYS
    ]
    repeated = [int(found[0]) if found else 0 for found in keys]
    return [row[0] - row[1], row[0] - row[2], *repeated, *row[3:10]]


def great_expectations(path: Path) -> list[int]:
    """Judge with Great Expectations on a pandas frame, results without values."""
    import great_expectations as gx
    import pandas as pd

    frame = pd.read_parquet(path)
    for name in ("melddatum", "einddatum"):
        frame[name] = pd.to_datetime(frame[name])
    context = gx.get_context(mode="ephemeral")
    batch = context.data_sources.add_pandas("p").add_dataframe_asset("a").add_batch_definition_whole_dataframe("b")
    dates = {"min_value": pd.Timestamp("2022-01-01"), "max_value": pd.Timestamp("2025-01-01")}
    listed = [{"type": name, "kwargs": {**kwargs, **(dates if kwargs.get("column") == "melddatum" else {})}} for name, kwargs in CHECKS]
    found = batch.get_batch({"dataframe": frame}).validate(
        gx.ExpectationSuite(name="s", expectations=listed), result_format={"result_format": "BASIC", "partial_unexpected_count": 0}
    )
    return [result.result["unexpected_count"] for result in found.results if "unexpected_count" in result.result]


def pandera(path: Path) -> list[int]:
    """Judge with pandera on a pandas frame, all failures together."""
    import pandas as pd
    import pandera.errors
    import pandera.pandas as pa

    frame = pd.read_parquet(path)
    for name in ("melddatum", "einddatum"):
        frame[name] = pd.to_datetime(frame[name])
    between, whole = pa.Check.in_range, pa.Check
    schema = pa.DataFrameSchema(
        {
            "id": pa.Column(nullable=False), "code": pa.Column(unique=True), "soort": pa.Column(checks=pa.Check.isin(KINDS)),
            "postcode": pa.Column(checks=pa.Check.str_matches(POSTCODE)), "wijk": pa.Column(checks=pa.Check.str_length(8, 8)),
            "aantal": pa.Column(
                nullable=True, checks=[between(0, 98), whole(lambda s: s.isna().mean() <= 0.05), whole(lambda s: s.max() <= 99)]
            ),
            "bedrag": pa.Column(checks=[pa.Check.ge(0), whole(lambda s: 1 <= s.mean() <= 1000), whole(lambda s: 1 <= s.std() <= 1000)]),
            "melddatum": pa.Column(checks=between(pd.Timestamp("2022-01-01"), pd.Timestamp("2025-01-01"))),
        },
        unique=["id", "postcode"],
        checks=[pa.Check(lambda d: d["bedrag"] >= d["korting"]), pa.Check(lambda d: len(d) >= 1)],
    )  # fmt: skip
    try:
        schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        return [len(error.failure_cases)]
    return [0]


def pointblank(path: Path) -> list[int]:
    """Judge with pointblank on a lazy polars frame; it has no mean, deviation or maximum, so three checks fewer."""
    from datetime import date

    import pointblank as pb
    import polars as pl

    validation = (
        pb.Validate(pl.read_parquet(path))
        .col_vals_not_null("id").col_vals_not_null("aantal").rows_distinct("code").rows_distinct(["id", "postcode"])
        .col_vals_in_set("soort", KINDS).col_vals_regex("postcode", POSTCODE).col_vals_regex("wijk", "^.{8}$")
        .col_vals_between("aantal", 0, 98, na_pass=True).col_vals_ge("bedrag", 0)
        .col_vals_between("melddatum", date(2022, 1, 1), date(2025, 1, 1))
        .col_vals_ge("bedrag", pb.col("korting")).row_count_match(1, inverse=False, tol=10**9)
        .interrogate(collect_extracts=False)
    )  # fmt: skip
    return [int(count) for count in validation.n_failed().values()]


def rivals() -> Path:
    """Give the Python of the environment that pandera and pointblank live in, made when it is not there."""
    python = RIVALS / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", RIVALS], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "pandera", "pointblank", "polars", "pandas", "pyarrow"], check=True)
    return python


def apart(who: str, path: Path) -> dict[str, Any]:
    """Judge in a process of its own."""
    python = rivals() if who in OTHERS else Path(sys.executable)
    done = subprocess.run([python, "-P", __file__, "--measure", who, str(path)], capture_output=True, text=True, check=False)
    if done.returncode:
        return {"cpu": float("nan"), "memory": 0, "found": [], "error": done.stderr.strip().splitlines()[-1:]}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def peak() -> float:
    """Give the highest memory of this process in MB; `ru_maxrss` would count what the process that started it held."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def compare(rows: int, who: list[str]) -> None:
    """Measure one size and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        big, small = Path(folder) / "big.parquet", Path(folder) / "small.parquet"
        generate(big, rows)
        generate(small, SMALL)
        print(f"{rows} rows; file {big.stat().st_size / 1e6:.0f} MB")
        base = None
        for name in who:
            start, whole = apart(name, small)["cpu"], apart(name, big)
            spent = whole["cpu"] - start
            base = spent if name == "duckdb" else base
            told = f"{spent / base:5.2f} x duckdb" if base else ""
            print(f"{name:20} {spent:7.2f} s CPU {whole['memory']:6.0f} MB (start {start:.2f} s) {told} {whole['found']}", flush=True)


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", nargs="+", type=int, default=[1_000_000])
    parser.add_argument("--without", nargs="*", default=[], choices=[*OWN, *OTHERS])
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        who, path = asked.measure
        found = globals()[who](Path(path))
        used = resource.getrusage(resource.RUSAGE_SELF)
        print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "memory": peak(), "found": found}))
        return
    for rows in asked.rows:
        compare(rows, [name for name in ("duckdb", "ours", "great_expectations", *OTHERS) if name not in asked.without])


if __name__ == "__main__":
    main()
