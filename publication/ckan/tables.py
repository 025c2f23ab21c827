"""Rows into CKAN's DataStore: typed, with a data dictionary, in batches, and counted."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from publication.ckan.api import Absent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from catalogue.model import ColumnFacts
    from publication.ckan.api import Api
    from publication.release import Release

TYPES: Final[Mapping[str, str]] = {
    "string": "text",
    "integer": "bigint",
    "number": "double precision",
    "decimal": "numeric",
    "boolean": "boolean",
    "date": "date",
    "datetime": "timestamptz",
    "geometry": "text",
}
"""Our type → PostgreSQL's."""
SHOWN: Final[Mapping[str, str]] = {"bigint": "int8", "double precision": "float8", "boolean": "bool"}
"""PostgreSQL's name → the name that CKAN shows it by."""
CELLS = 80_000
"""Cells a call: measured as the best between many calls and big ones, see `benchmarks/ckan.py`."""
FORMATS: Final = ("parquet", "csv")
"""Formats that rows are read from, the most exact first."""


def source(release: Release) -> tuple[Path, str] | None:
    """Give the file that rows are read from and its format; None where there is none."""
    files = {file.format: release.folder / file.name for file in release.manifest.distributions}
    return next(((files[form], form) for form in FORMATS if form in files), None)


def holds(api: Api, resource: str, release: Release) -> bool:
    """Say whether the table of a resource is there, whole, with the columns and types of a release."""
    try:
        told = api.call("datastore_search", {"resource_id": resource, "limit": 0, "include_total": True})
    except Absent:
        return False
    shown = {each["id"]: each["type"] for each in told["fields"] if each["id"] != "_id"}
    asked = {column.name: TYPES[column.type] for column in release.manifest.columns}
    return bool(told.get("total") == release.manifest.rows and shown == {name: SHOWN.get(kind, kind) for name, kind in asked.items()})


def remove(api: Api, resource: str) -> None:
    """Drop the table of a resource, where there is one."""
    try:
        api.call("datastore_delete", {"resource_id": resource, "force": True})
    except Absent:
        return


def load(api: Api, resource: str, release: Release) -> None:
    """Load the rows of a release into the table of a resource, from nothing; half a table is dropped first.

    Raises:
        Transient, Refused, Denied: it was not loaded whole; the same again starts over.
    """
    found = source(release)
    if found is None:
        return
    remove(api, resource)
    columns = release.manifest.columns
    fields = [_field(column) for column in columns]
    batches = records(*found, columns)
    api.call("datastore_create", {"resource_id": resource, "force": True, "fields": fields, "records": next(batches, [])})
    for batch in batches:
        api.call("datastore_upsert", {"resource_id": resource, "force": True, "method": "insert", "records": batch})


def _field(column: ColumnFacts) -> dict[str, Any]:
    """Describe a column for the data dictionary."""
    title, about = column.title, column.description
    told = {
        "label": title.nl if title else column.name,
        "notes": " ".join(text for text in (about.nl if about else "", f"Eenheid: {column.unit}." if column.unit else "") if text),
        "unit": column.unit or "",
    }
    return {"id": column.name, "type": TYPES[column.type], "info": {name: text for name, text in told.items() if text}}


def records(path: Path, form: str, columns: Sequence[ColumnFacts]) -> Iterator[list[dict[str, Any]]]:
    """Read rows as JSON objects, at most `CELLS` cells a time; an empty text of a file that has no other nothing is nothing."""
    from distributions.write import writer

    size = max(CELLS // max(len(columns), 1), 1)
    names = [column.name for column in columns]
    for batch in writer(form).read_back(path):
        for start in range(0, batch.num_rows, size):
            part = batch.slice(start, size)
            values = [_values(part.column(name), column.type) for name, column in zip(names, columns, strict=True)]
            yield [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]


def _values(column: pa.Array, kind: str) -> list[Any]:
    """Give the values of a column as JSON has them."""
    import pyarrow as pa

    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        from shapely import from_wkb, to_wkt

        return [None if value is None else to_wkt(from_wkb(value)) for value in column.to_pylist()]
    if pa.types.is_temporal(column.type):
        return [value.isoformat() if value is not None else None for value in column.to_pylist()]
    if pa.types.is_decimal(column.type):
        return [str(value) if isinstance(value, Decimal) else None for value in column.to_pylist()]
    if kind != "string" and pa.types.is_string(column.type):
        return [value or None for value in column.to_pylist()]
    found: list[Any] = column.to_pylist()
    return found
