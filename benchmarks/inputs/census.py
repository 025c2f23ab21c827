"""A made-up census: nine quasi-identifiers with the sizes, hierarchies and skewness of the Adult file, drawn independently.

Independent columns give more distinct combinations than people have: the worst case for whatever works on those.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

SENSITIVE = "inkomen"
CHUNK = 1_000_000
RICH = 0.25
QUASI: dict[str, tuple[int, tuple[int, ...], float]] = {
    "geslacht": (2, (2,), 0.67),
    "leeftijd": (74, (5, 10, 20, 74), 0.027),
    "herkomst": (5, (5,), 0.86),
    "burgerlijke_staat": (7, (3, 7), 0.47),
    "opleiding": (16, (3, 6, 16), 0.33),
    "land": (41, (10, 41), 0.91),
    "werk": (8, (4, 8), 0.74),
    "beroep": (14, (5, 14), 0.13),
    "inkomensklasse": (2, (2,), 0.75),
}
"""Column → distinct values, per step how many neighbours share a label (on the last step all do), share of the commonest value."""


def values(column: str) -> list[str]:
    """Give the values of a column, as text."""
    size = QUASI[column][0]
    return [f"{column[:4]}{number:02d}" for number in range(size)]


def hierarchy(column: str) -> list[list[str]]:
    """Give the rows of the hierarchy of a column: the value, then its label on each step."""
    size, steps, _ = QUASI[column]
    found = values(column)
    names = ["*" if step >= size else None for step in steps]
    return [
        [found[at], *(name or f"{column[:4]}/{step}/{at // step}" for name, step in zip(names, steps, strict=True))] for at in range(size)
    ]


def generate(path: Path, rows: int, columns: Sequence[str]) -> None:
    """Write the file as CSV (``;``), or as Parquet where the name says so; seeded."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet as pq

    schema = pa.schema([(name, pa.string()) for name in (*columns, SENSITIVE)])
    csv = path.suffix == ".csv"
    options = pyarrow.csv.WriteOptions(delimiter=";", quoting_style="none")
    with pyarrow.csv.CSVWriter(path, schema, write_options=options) if csv else pq.ParquetWriter(path, schema) as into:
        for start in range(0, rows, CHUNK):
            into.write_table(_chunk(start, min(CHUNK, rows - start), columns))


def _chunk(start: int, count: int, columns: Sequence[str]) -> pa.Table:
    import numpy as np
    import pyarrow as pa

    dice = np.random.default_rng([11, start])
    drawn = {}
    for name in columns:
        size, _, common = QUASI[name]
        tail = 1 / np.arange(1, size) ** 0.7  # one common value and a long tail, as in a census
        codes = dice.choice(size, count, p=np.array([common, *(1 - common) * tail / tail.sum()])).astype(np.int32)
        drawn[name] = pa.DictionaryArray.from_arrays(codes, values(name)).cast(pa.string())
    rich = pa.array(dice.random(count) < RICH)
    drawn[SENSITIVE] = pa.compute.if_else(rich, "hoog", "laag")
    return pa.table(drawn)


def write_policy(folder: Path, columns: Sequence[str], *, diversity: bool, limit: float = 0.04) -> Path:
    """Write the policy (k = 5, at most `limit` of the rows left out, l = 2 where `diversity`) with its hierarchies, and give its path."""
    for name in columns:
        lines = [";".join(row) for row in hierarchy(name)]
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    rules = {name: {"hierarchy": {"type": "file", "path": f"{name}.csv"}} for name in columns}
    model: dict[str, object] = {"k": 5, "suppression_limit": limit}
    if diversity:
        model["l"] = {"column": SENSITIVE, "type": "distinct", "value": 2}
    privacy = {"kind": "microdata", "columns": rules, "model": model}
    path = folder / "policy.json"
    path.write_text(json.dumps({"privacy": privacy, "others": "keep"}), encoding="utf-8")
    return path
