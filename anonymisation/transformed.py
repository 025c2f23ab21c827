"""A snapshot with transformed columns: what the search for classes, the proof and the reader of the release see.

Transforms come first, so that every guarantee is about the values that are published. Each reads the values of the source, never those that
another transform made. Rows that a check set aside take no part and are left out here; untransformed columns stream past.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from anonymisation.pseudonym import pseudonyms
from anonymisation.transforms._draws import marks_of
from anonymisation.transforms.base import Job
from config.errors import ConfigurationError, Message, Place
from config.models.base import Text
from config.registry import TRANSFORMS
from engine.types import ROW

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import pyarrow as pa

    from anonymisation.plan import Planned
    from anonymisation.report import Report
    from anonymisation.transforms.base import Made
    from config.models.schema import ColumnType
    from engine.snapshot import Snapshot

MISFIT = Message(
    "transform.misfit",
    nl="Kolom {column} heeft type {kind}; `{method}` past daar niet bij. Geef de kolom bij `schema` het type {fits}, of kies iets anders.",
    en="Column {column} has type {kind}; `{method}` does not fit it. Give it the type {fits} in `schema`, or choose something else.",
)


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of one transformed column.

    Attributes:
        method: the kind of transform, or ``pseudonym``.
        text: the sentence for everybody.
        emptied: cells that were left empty.
        smallest: of micro-aggregation: the records in the smallest group.
    """

    method: str
    text: Text
    emptied: int = 0
    smallest: int | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """The records of a snapshot that take part, read column by column when asked."""

    snapshot: Snapshot
    types: Mapping[str, ColumnType]
    left_out: pa.Array

    def column(self, name: str) -> pa.ChunkedArray:
        """Give the values of a column."""
        import pyarrow as pa

        kind = self.snapshot.schema().field(name).type
        return pa.chunked_array([batch.column(1) for batch in self.batches([ROW, name])], kind)

    def marks(self, key: bytes) -> np.ndarray:
        """Give the mark of every record: of all its columns that are in the release."""
        import numpy as np

        from anonymisation.hierarchies.base import as_text, distinct_values
        from anonymisation.tuples import settled

        total = np.zeros((0, 2), dtype=np.uint64)
        for position, name in enumerate(self.types):
            values, codes = distinct_values(settled(self.column(name)))
            marks = marks_of(codes, as_text(values).to_pylist(), name, key)
            total = marks if not position else total + marks
        return total

    def batches(self, names: list[str]) -> Iterator[pa.RecordBatch]:
        """Stream columns of the records."""
        import pyarrow.compute as pc

        for batch in self.snapshot.batches(names):
            yield batch.filter(pc.invert(pc.is_in(batch.column(ROW), value_set=self.left_out))) if len(self.left_out) else batch


@dataclass(frozen=True, slots=True)
class Source:
    """What is transformed.

    Attributes:
        snapshot: the rows.
        secrets: the values of ``${NAME}``.
        dataset: the id of the dataset; empty where there is none.
        exclude: numbers of rows that take no part.
    """

    snapshot: Snapshot
    secrets: Mapping[str, str] = field(repr=False)
    dataset: str
    exclude: frozenset[int]


def transform(source: Source, planned: Sequence[Planned], out: Path) -> tuple[Snapshot, tuple[Planned, ...], dict[str, Told]]:
    """Transform the columns that ask for it.

    Args:
        source: the rows.
        planned: what happens to each column.
        out: where the transformed snapshot is written.

    Returns:
        the snapshot to go on with, the columns as they are from here on, and what is said of those that were transformed.

    Raises:
        ConfigurationError: a secret has no value; a method does not fit its column.
        RefusedError: the values cannot be transformed as asked.
    """
    import pyarrow as pa

    if not any(one.rule.transform or one.fate == "pseudonym" for one in planned):
        return source.snapshot, tuple(planned), {}
    kinds = {one.column.name: one.column.type for one in planned if one.fate != "dropped"}
    records = Stored(source.snapshot, kinds, pa.array(sorted(source.exclude), pa.int64()))
    columns: dict[str, pa.Array] = {}
    told: dict[str, Told] = {}
    for one in planned:
        made, method = _made(one, records, source)
        if made:
            columns |= made.columns
            told |= {name: Told(method, made.told, made.emptied, made.smallest) for name in made.columns}
    rows = _write(records, columns, list(kinds), out)
    return replace(source.snapshot, path=out, rows=rows), tuple(_after(one, told.get(one.column.name)) for one in planned), told


def _after(one: Planned, told: Told | None) -> Planned:
    """Give a column as it is from here on; its description says what was done."""
    if told is None:
        return one
    said = one.column.description
    both = Text(nl=f"{said.nl} {told.text.nl}" if said else told.text.nl, en=f"{said.get('en')} {told.text.en}" if said else told.text.en)
    changes = {"description": both, **({"type": "string"} if one.fate == "pseudonym" else {})}
    return replace(one, column=one.column.model_copy(update=changes), method=told.method)


def _made(one: Planned, records: Stored, source: Source) -> tuple[Made | None, str]:
    """Transform one column, with those that go together with it."""
    name, options = one.column.name, one.rule.transform
    if one.fate == "pseudonym":
        made = pseudonyms(
            name,
            records.column(name),
            one.rule,
            secrets=source.secrets,
            dataset=source.dataset,
            fingerprint=source.snapshot.fingerprint,
        )
        return made, "pseudonym"
    if options is None or one.fate == "dropped":
        return None, ""
    for column in (name, *options.others()):
        if records.types[column] not in options.fits:
            place = Place(path=f"privacy.columns.{name}.transform")
            fits = ", ".join(sorted(options.fits))
            raise ConfigurationError(MISFIT.at(place, column=column, kind=records.types[column], method=options.type, fits=fits))
    # A loose file has no id; its fingerprint keeps its chances apart from those of another file under the same secret.
    job = Job(name, options, records, source.secrets, (source.dataset or source.snapshot.fingerprint,))
    return TRANSFORMS.load(options.type).apply(options, job), options.type


def _write(records: Stored, columns: Mapping[str, pa.Array], names: list[str], out: Path) -> int:
    """Write the records with their new values, and give how many there are."""
    import pyarrow as pa

    from engine.parquet import sink

    source = records.snapshot.schema()
    schema = pa.schema(
        [source.field(ROW), *(pa.field(name, columns[name].type) if name in columns else source.field(name) for name in names)]
    )
    done = 0
    with sink(out, schema) as into:
        for batch in records.batches([ROW, *names]):
            cells = [batch.column(ROW)]
            cells += [columns[name].slice(done, batch.num_rows) if name in columns else batch.column(name) for name in names]
            into.write(pa.RecordBatch.from_arrays(cells, schema=schema))
            done += batch.num_rows
    return done


def tell_transforms(report: Report, told: Mapping[str, Told]) -> None:
    """Put in the report how values were replaced: the method for everybody; how many were emptied says something of the source."""
    emptied = {name: one.emptied for name, one in told.items() if one.emptied}
    if emptied and "before" in report:
        report["before"]["emptied"] = emptied
    for described in report.get("columns", ()):
        if (one := told.get(described["name"])) is not None:
            described["transform"] = {"method": one.method, "nl": one.text.nl, "en": one.text.en}
            if one.smallest is not None:
                described["transform"]["smallest"] = one.smallest
