"""GeoJSON: RFC 7946, WGS 84, seven decimals, outer rings counter-clockwise, one feature a line, streamed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from config.errors import Message
from distributions.render import geometries, plain_decimal, text, without_crs
from distributions.rows import SIZE, only_safe, rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

    import pyarrow as pa

    from anonymisation.safe import SafeTable
    from config.errors import Problem
    from config.models.schema import ColumnType
    from distributions.base import WriteOptions

NO_GEOMETRY = Message(
    "distribution.no-geometry",
    nl="zonder geometrie kan er geen geojson zijn; laat geojson weg uit publication.distributions",
    en="without a geometry there can be no geojson; leave geojson out of publication.distributions",
)
MORE_GEOMETRIES = Message(
    "distribution.more-geometries",
    nl="geojson kent één geometrie per rij en dit zijn er {count}; laat geojson weg uit publication.distributions",
    en="geojson has one geometry a row and these are {count}; leave geojson out of publication.distributions",
)
GEOMETRY = "geometry"
"""What the geometry is called in what `read_back` gives; it stands last."""

_HEAD = '{"type":"FeatureCollection","features":['
_FEATURE = {"type", "geometry", "properties"}
_PIECE = 1 << 20
_GAP = 8
"""At most so many signs stand between two features."""


class Writer:
    """Features with a place."""

    EXTENSION = "geojson"
    FILE_TYPE = "GEOJSON"
    MEDIA_TYPE = "application/geo+json"

    def limits(self, table: SafeTable) -> tuple[Problem, ...]:
        """A table has one geometry with a known CRS."""
        found = geometries(only_safe(table))
        if not found:
            return (NO_GEOMETRY.at(),)
        if len(found) > 1:
            return (MORE_GEOMETRIES.at(None, count=len(found)),)
        return without_crs(table, "geojson")

    def write(self, table: SafeTable, path: Path, options: WriteOptions) -> None:  # noqa: ARG002 - no program runs JSON as a formula
        """Write the file; numbers stay numbers, with all their decimals."""
        properties = [column for column in only_safe(table).columns if column.type != "geometry"]
        keys = [json.dumps(column.name, ensure_ascii=False) for column in properties]
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(_HEAD)
            separator = "\n"
            for batch in rows(table):
                cells = [_fragments(batch.column(column.name), column.type) for column in properties]
                for shape, *row in zip(_shapes(batch, table), *cells, strict=True):
                    told = ",".join(f"{key}:{cell}" for key, cell in zip(keys, row, strict=True))
                    file.write(f'{separator}{{"type":"Feature","geometry":{shape},"properties":{{{told}}}}}')
                    separator = ",\n"
            file.write("\n]}\n")

    def rendered(self, table: SafeTable, options: WriteOptions) -> Iterator[pa.RecordBatch]:  # noqa: ARG002 - as `write`
        """Give every property as text, and the geometry last as the text of its JSON."""
        import pyarrow as pa

        properties = [column for column in only_safe(table).columns if column.type != "geometry"]
        for batch in rows(table):
            cells = [text(batch.column(column.name), column.type) for column in properties]
            shapes = [None if shape == "null" else shape for shape in _shapes(batch, table)]
            yield pa.RecordBatch.from_arrays(
                [*cells, pa.array(shapes, pa.string())], names=[*(column.name for column in properties), GEOMETRY]
            )

    def read_back(self, path: Path) -> Iterator[pa.RecordBatch]:
        """Read the file with Python's own json module, a piece at a time; properties as text, the geometry last as the text of its JSON.

        A collection without features gives nothing, because nothing says what its properties would be called.
        """
        import pyarrow as pa

        held: list[list[str | None]] = []
        names: list[str] | None = None
        with path.open(encoding="utf-8", newline="") as file:
            for feature in _features(file):
                properties = feature["properties"]
                names = list(properties) if names is None else names
                if list(properties) != names:
                    raise ValueError("a feature with other properties than the first")
                held.append([*(_as_text(cell) for cell in properties.values()), _as_json(feature["geometry"])])
                if len(held) == SIZE:
                    yield _batch(pa, names, held)
                    held = []
        if names is not None and held:
            yield _batch(pa, names, held)


def _shapes(batch: pa.RecordBatch, table: SafeTable) -> Iterator[str]:
    """Give the geometry of each row as JSON."""
    from engine import geo

    (column,) = geometries(table)
    placed = geo.reproject(geo.decode(batch.column(column.name)), table.crs or geo.WGS84)
    for mapping in geo.geojson(placed):
        yield json.dumps(mapping, allow_nan=False, separators=(",", ":"))


def _fragments(values: pa.Array, kind: ColumnType) -> list[str]:
    """Give values as JSON: texts and dates as strings, numbers with all their decimals, null."""
    if kind == "string":
        return [json.dumps(value, ensure_ascii=False) for value in values.to_pylist()]
    if kind == "decimal":
        return ["null" if value is None else plain_decimal(value) for value in values.to_pylist()]
    written = text(values, kind).to_pylist()
    mark = '"' if kind in {"date", "datetime"} else ""
    return ["null" if value is None else f"{mark}{value}{mark}" for value in written]


def _features(file: TextIO) -> Iterator[dict[str, Any]]:
    """Take the features of a collection one by one out of a file; numbers come as their own text.

    Raises:
        ValueError: it is not a feature collection, or it does not end.
    """
    decoder = json.JSONDecoder(parse_float=_Number, parse_int=_Number)
    if file.read(len(_HEAD)) != _HEAD:
        raise ValueError("not a feature collection")
    held, at, more = "", 0, True
    while True:
        at += len(held[at : at + _GAP]) - len(held[at : at + _GAP].lstrip(" \r\n,"))
        if held.startswith("]", at):
            if (held[at:] + file.read()).split() != ["]}"]:
                raise ValueError("something follows the features")
            return
        try:
            feature, at = decoder.raw_decode(held, at)
        except ValueError:
            if not more:
                raise ValueError("the collection does not end") from None
            piece = file.read(_PIECE)
            held, at, more = held[at:] + piece, 0, bool(piece)
            continue
        if not isinstance(feature, dict) or set(feature) != _FEATURE or not isinstance(feature["properties"], dict):
            raise ValueError("not a feature")
        yield feature


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


def _as_text(cell: Any) -> str | None:
    """Give a property as text: true and false as in CSV, a number as it is written."""
    return ("true" if cell else "false") if isinstance(cell, bool) else cell


def _as_json(shape: Any) -> str | None:
    """Give a geometry as JSON again, its numbers as they were written."""
    if shape is None:
        return None
    if isinstance(shape, _Number):
        return str(shape)
    if isinstance(shape, list):
        return f"[{','.join(str(_as_json(part)) for part in shape)}]"
    if isinstance(shape, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{_as_json(part)}" for key, part in shape.items()) + "}"
    return json.dumps(shape)


def _batch(pa: Any, names: list[str], held: list[list[str | None]]) -> pa.RecordBatch:
    """Give rows of texts as columns."""
    columns = [pa.array(column, pa.string()) for column in zip(*held, strict=True)]
    return pa.RecordBatch.from_arrays(columns, names=[*names, GEOMETRY])
