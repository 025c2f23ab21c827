"""A table or query of an SQLite database, read only, in the order of its key."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, model_validator

from config.errors import ConfigurationError, Message, Place, SourceError
from config.models.base import WrongError
from engine.snapshot import Reject
from sources.base import BATCH_BYTES, RawBatch, SourceColumn, TableOptions, locate, unreadable
from sources.cells import rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from config.models.schema import Column, ColumnType

QUERY = Message(
    "source.sqlite.query",
    nl="De database {path} voert source.query of source.table niet uit. Bestaan tabel en kolommen, en is het alleen een select?",
    en="The database {path} does not run source.query or source.table. Do table and columns exist, and is it only a select?",
)
KEY = Message(
    "source.key",
    nl="De sleutel {key} van {path} is leeg of komt meer dan eens voor. Noem in source.key kolommen die elk record een eigen naam geven.",
    en="The key {key} of {path} is empty or occurs more than once. Name columns in source.key that give each record its own name.",
)

ROWS = 16_384
STEP = 64
_NUMERIC = frozenset({"integer", "number", "decimal"})
_AFFINITY: tuple[tuple[str, ColumnType | None], ...] = (
    ("INT", "integer"),
    ("CHAR", None),
    ("CLOB", None),
    ("TEXT", None),
    ("BLOB", None),
    ("REAL", "number"),
    ("FLOA", "number"),
    ("DOUB", "number"),
)
_READING = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})


class Options(TableOptions):
    """Options of an SQLite database; one of `table` and `query`, and the `key` by which it is read."""

    kind: Literal["sqlite"]
    key: tuple[str, ...] = Field(min_length=1)
    table: str | None = None
    query: str | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.table is None) == (self.query is None):
            raise WrongError("Noem `table` of `query`, een van de twee.", "Name `table` or `query`, one of the two.")
        return self


class Reader:
    """One table or query."""

    def __init__(self, options: Options, *, base: Path, secrets: Mapping[str, str]) -> None:
        self._options = options
        self._path = locate(options, base, secrets)
        self.notes: Mapping[str, int] = {}
        self.crs = options.crs

    @property
    def _from(self) -> str:
        if self._options.query is not None:
            return f"({self._options.query.strip().rstrip(';')})"
        return _quoted(self._options.table or "")

    def columns(self) -> tuple[SourceColumn, ...]:
        """Give the columns, with the types that the table declares (by SQLite's rules of affinity); a query declares none."""
        with closing(self._connect()) as connection:
            names = [entry[0] for entry in self._run(connection, f"select * from {self._from} limit 0").description]  # noqa: S608 - the steward's query, and it only reads
            declared: dict[str, str] = {}
            if self._options.table is not None:
                declared = {entry[1]: entry[2] for entry in self._run(connection, f"pragma table_info({self._from})")}
        return tuple(SourceColumn(name, _affinity(declared.get(name, ""))) for name in names)

    def batches(self, wanted: Sequence[Column]) -> Iterator[RawBatch]:
        """Stream the wanted columns in the order of the key, out of one consistent state of the database.

        Raises:
            SourceError: a key is empty or occurs twice, so that there is no one order.
        """
        order = ", ".join(map(_quoted, self._options.key))
        names = ", ".join(_quoted(column.source_name) for column in wanted)
        with closing(self._connect()) as connection:
            self._run(connection, "begin")
            self._check_key(connection, order)
            cursor = self._run(connection, f"select {names} from {self._from} order by {order}")  # noqa: S608 - as above
            first = 1
            while rows := self._fetch(cursor):
                yield _batch(rows, wanted, first)
                first += len(rows)

    def _check_key(self, connection: sqlite3.Connection, key: str) -> None:
        empty = " or ".join(f"{_quoted(name)} is null" for name in self._options.key)
        twice = f"select 1 from {self._from} group by {key} having count(*) > 1"  # noqa: S608 - as above
        question = f"select exists (select 1 from {self._from} where {empty}) or exists ({twice})"  # noqa: S608 - as above
        if self._run(connection, question).fetchone()[0]:
            raise SourceError(KEY.at(Place(path="source.key"), key=", ".join(self._options.key), path=self._options.path))

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
        connection.text_factory = _text
        return connection

    def _run(self, connection: sqlite3.Connection, sql: str) -> sqlite3.Cursor:
        """Run one statement that only reads."""
        connection.set_authorizer(None if sql == "begin" else _only_reading)
        try:
            return connection.execute(sql)
        except sqlite3.OperationalError:
            raise ConfigurationError(QUERY.at(Place(path="source"), path=self._options.path)) from None
        except sqlite3.Error:
            raise unreadable(self._options) from None

    def _fetch(self, cursor: sqlite3.Cursor) -> list[tuple[Any, ...]]:
        """Fetch the rows of one batch, a few at a time until they weigh enough."""
        rows: list[tuple[Any, ...]] = []
        weight = 0
        try:
            while len(rows) < ROWS and weight < BATCH_BYTES and (some := cursor.fetchmany(min(STEP, ROWS - len(rows)))):
                rows += some
                weight += sum(len(cell) for row in some for cell in row if isinstance(cell, str | bytes))
        except sqlite3.Error:
            raise unreadable(self._options) from None
        return rows


def _batch(rows: Sequence[tuple[Any, ...]], wanted: Sequence[Column], first: int) -> RawBatch:
    """Make columns of rows; a column that holds one type of value is typed, one that mixes them is text."""
    import pyarrow as pa

    rejects: list[Reject] = []
    arrays = []
    for column, cells in zip(wanted, zip(*rows, strict=True), strict=True):
        kinds = {type(cell) for cell in cells} - {type(None)}
        if kinds <= {str}:
            arrays.append(pa.array(cells, pa.string()))
        elif kinds == {int} and column.type in _NUMERIC:
            arrays.append(pa.array(cells, pa.int64()))
        elif kinds == {float} and column.type in _NUMERIC:
            arrays.append(pa.array(cells, pa.float64()))
        elif kinds == {bytes} and column.type == "geometry":
            arrays.append(pa.array(cells, pa.binary()))
        else:
            arrays.append(pa.array([_as_text(cell) for cell in cells], pa.string()))
            bad = [first + at for at, cell in enumerate(cells) if isinstance(cell, bytes)]
            rejects += [Reject(row, column.name, rule(column)) for row in bad]
    batch = pa.record_batch(arrays, [column.source_name for column in wanted])
    return RawBatch(batch, first, (), tuple(rejects))


def _as_text(cell: str | float | bytes | None) -> str | None:
    return None if cell is None or isinstance(cell, bytes) else cell if isinstance(cell, str) else repr(cell)


def _text(raw: bytes) -> str | bytes:
    """Decode a text; one that is no UTF-8 stays bytes, which makes it a bad cell (SQLite's own error would quote it)."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def _only_reading(action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None) -> int:
    """Allow what a select needs; not another database, a setting or a change."""
    if action == sqlite3.SQLITE_FUNCTION and second == "load_extension":
        return sqlite3.SQLITE_DENY
    table_info = action == sqlite3.SQLITE_PRAGMA and first == "table_info"
    return sqlite3.SQLITE_OK if action in _READING or table_info else sqlite3.SQLITE_DENY


def _affinity(declared: str) -> ColumnType | None:
    """Give the type that a declared SQLite type stands for (sqlite.org/datatype3.html §3.1); None where cells may hold anything."""
    name = declared.upper().replace("POINT", "")  # a geometry, which the rules would take for an INT
    return next((kind for mark, kind in _AFFINITY if mark in name), None)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
