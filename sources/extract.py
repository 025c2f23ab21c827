"""From a source to a snapshot: the declared columns, in their declared types, in source order, in bounded memory."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from config.errors import ConfigurationError, Message, Place
from config.models.privacy import sensitive_columns
from config.registry import SOURCES
from engine.fingerprint import Fingerprint
from engine.parquet import sink
from engine.snapshot import REJECTS_KEPT, Reject, Snapshot
from engine.types import ROW, arrow_schema
from sources.as_of import Latest
from sources.base import TableOptions
from sources.cells import Conventions, rule
from sources.convert import convert
from sources.promises import Promises
from sources.schema_contract import compare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    import pyarrow as pa

    from config.models.dataset import Dataset
    from config.models.schema import Column
    from config.models.source import SourceOptions
    from sources.base import RawBatch, Reader

NO_CRS = Message(
    "source.crs-missing",
    nl="De bron zegt niet in welk coördinatenstelsel {column} staat. Zet onder source: een regel als crs: EPSG:28992",
    en="The source does not say in which coordinate reference system {column} is. Write under source: a line such as crs: EPSG:28992",
)
UNKNOWN_CRS = Message(
    "source.crs-unknown",
    nl="Het coördinatenstelsel van de bron is niet herkend. Zet onder source: een regel als crs: EPSG:28992",
    en="The coordinate reference system of the source was not recognised. Write under source: a line such as crs: EPSG:28992",
)


def open_source(options: SourceOptions, *, base: Path, secrets: Mapping[str, str]) -> Reader:
    """Give the reader of a source, of the kind that its options name."""
    reader: Reader = SOURCES.load(options.kind).Reader(options, base=base, secrets=secrets)
    return reader


def extract(
    options: SourceOptions,
    columns: Sequence[Column],
    *,
    base: Path,
    out: Path,
    now: datetime,
    secrets: Mapping[str, str],
    needed: frozenset[str],
) -> Snapshot:
    """Extract a source into a Parquet file.

    Args:
        options: the part `source:` of a declaration.
        columns: every column of the source, as declared.
        base: the folder that `path` is relative to.
        out: the Parquet file to write; its folder is restricted.
        now: the instant of the run.
        secrets: values of ``${NAME}``.
        needed: the names of the columns to keep; see `select`.

    Raises:
        SchemaChanged: the source no longer has the declared columns or types.
        SourceError: it cannot be read.
        ConfigurationError: an option does not fit the source, or a code list cannot be read.
    """
    reader = open_source(options, base=base, secrets=secrets)
    compare(reader.columns(), columns)
    latest = Latest(options.as_of, columns)
    wanted = [column for column in columns if column.name in needed or column is latest.column]
    kept = [column for column in wanted if column.name in needed]
    crs = _crs(reader, wanted)
    schema = arrow_schema(kept, crs=crs)
    tally, digest = _Tally(Promises(kept, base)), Fingerprint(schema)
    with sink(out, schema) as parquet:
        for raw in reader.batches(wanted):
            rows = tally.convert(raw, wanted, options)
            if latest.column is not None:
                latest.update(rows[latest.column.name])
            batch = rows.select(schema.names).cast(schema)
            digest.update(batch)
            parquet.write(batch)
    return Snapshot(
        path=out,
        rows=tally.rows,
        read=tally.read,
        rejects=tuple(tally.rejects),
        rejected_rows=tally.read - tally.rows,
        as_of=latest.text(now),
        fingerprint=digest.hexdigest(),
        extracted=now,
        crs=crs if any(column.type == "geometry" for column in kept) else None,
        notes=tuple(sorted((tally.notes + Counter(reader.notes)).items())),
    )


def select(dataset: Dataset) -> frozenset[str]:
    """Give the columns that have to be extracted: those that protection keeps or computes with, and those that a check looks at."""
    privacy = dataset.privacy
    names = {column.name for column in dataset.columns}
    if privacy.kind in {"frequency", "magnitude"}:
        used = {*privacy.dimensions, *(name for name in (privacy.value, privacy.contributor, privacy.holding) if name)}
    else:
        used = {name for name in names if name not in privacy.columns or privacy.columns[name].action != "drop"}
        used |= {*sensitive_columns(privacy.model)}
    for expectation in dataset.quality.expectations:
        used |= _mentioned(expectation.kwargs, names)
    return frozenset(used & names)


def _mentioned(kwargs: Mapping[str, Any], names: set[str]) -> set[str]:
    """Give the columns that an expectation looks at: in its `column…` arguments and in conditions on rows."""
    found: set[str] = set()
    for key, value in kwargs.items():
        if key.startswith("column"):
            found |= {value} if isinstance(value, str) else set(value) if isinstance(value, list | tuple | set) else set()
        elif key in {"row_condition", "unexpected_rows_query"}:
            found |= {name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", str(value))}
    return found & names


def _crs(reader: Reader, wanted: Sequence[Column]) -> str | None:
    """Give the CRS of the geometry as a code, or None where no geometry is wanted."""
    column = next((column for column in wanted if column.type == "geometry"), None)
    if column is None:
        return None
    if reader.crs is None:
        raise ConfigurationError(NO_CRS.at(Place(path="source.crs"), column=column.name))
    from engine.geo import authority_code

    try:
        return authority_code(reader.crs)
    except ValueError:
        raise ConfigurationError(UNKNOWN_CRS.at(Place(path="source.crs"))) from None


@dataclass
class _Tally:
    """What has been read, kept and left out so far."""

    promises: Promises
    read: int = 0
    rows: int = 0
    rejects: list[Reject] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)

    def convert(self, raw: RawBatch, wanted: Sequence[Column], options: SourceOptions) -> pa.RecordBatch:
        """Give the rows of a batch in their declared types with `_row` first, without those that have a bad cell."""
        import numpy as np
        import pyarrow as pa

        numbers = raw.numbers()
        conventions = options.conventions() if isinstance(options, TableOptions) else Conventions()
        found, arrays = list(raw.rejects), [pa.array(numbers)]
        for column in wanted:
            nulls = options.nulls_of(column.source_name) if isinstance(options, TableOptions) else ()
            converted = convert(raw.batch.column(column.source_name), column, conventions, nulls)
            self.notes.update(dict(converted.notes))
            arrays.append(converted.values)
            if converted.bad is not None:
                found += [Reject(int(row), column.name, rule(column)) for row in numbers[converted.bad]]
            for broken, cells in self.promises.broken(column, converted.values, converted.bad):
                found += [Reject(int(row), column.name, broken) for row in numbers[cells]]
        batch = pa.record_batch(arrays, [ROW, *(column.name for column in wanted)])
        if found:
            bad = np.array(sorted({reject.row for reject in found}), dtype=np.int64)
            batch = batch.filter(pa.array(~np.isin(numbers, bad)))
            self.rejects += sorted(found, key=lambda reject: reject.row)[: REJECTS_KEPT - len(self.rejects)]
        self.read += raw.read
        self.rows += batch.num_rows
        return batch
