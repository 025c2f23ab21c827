"""GeoJSON: a FeatureCollection by RFC 7946, or an older one with a `crs` member; streamed, a feature at a time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from config.errors import Message, Place, SourceError
from engine.snapshot import Reject
from sources.base import BATCH_BYTES, RawBatch, SourceColumn, TableOptions, locate, unreadable
from sources.cells import rule
from sources.json_stream import BadJsonError, Stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from config.models.schema import Column, ColumnType

NO_COLLECTION = Message(
    "source.geojson.shape",
    nl="{path} is geen GeoJSON-FeatureCollection (element {number} is geen Feature, of er zijn er geen). Lever het bestand opnieuw.",
    en="{path} is no GeoJSON FeatureCollection (element {number} is no Feature, or there are none). Deliver the file again.",
)

ROWS = 4096
POINTS = 250_000
"""Features with more coordinates than this together end a batch early."""
CRS84 = "OGC:CRS84"
_TYPES: Mapping[frozenset[type], ColumnType] = {
    frozenset({int}): "integer",
    frozenset({float}): "number",
    frozenset({int, float}): "number",
    frozenset({bool}): "boolean",
}


class Options(TableOptions):
    """Options of a GeoJSON file; the geometry is the column named by `geometry`, a feature's own id the column `id`."""

    kind: Literal["geojson"]


class Reader:
    """One GeoJSON file, gone through once for its columns and once for its rows."""

    def __init__(self, options: Options, *, base: Path, secrets: Mapping[str, str]) -> None:
        self._options = options
        self._path = locate(options, base, secrets)
        self.notes: Mapping[str, int] = {}
        self.crs: str | None = options.crs or CRS84

    def columns(self) -> tuple[SourceColumn, ...]:
        """Give every property that a feature has, with its type where all features agree (text says nothing), and the geometry."""
        seen: dict[str, set[type]] = {}
        empty = True
        for feature in self._features():
            empty = False
            for name, value in _cells(feature).items():
                seen.setdefault(name, set()).update(() if value is None else (type(value),))
        if empty:
            raise self._no_collection(0)
        properties = (SourceColumn(name, _TYPES.get(frozenset(kinds))) for name, kinds in seen.items())
        return (*properties, SourceColumn(self._options.geometry, "geometry"))

    def batches(self, wanted: Sequence[Column]) -> Iterator[RawBatch]:
        """Stream the wanted properties as text, and the geometry as WKB."""
        held: list[Mapping[str, Any]] = []
        first = points = letters = 0
        for number, feature in enumerate(self._features(), 1):
            held.append(feature)
            points += _size(feature.get("geometry"))
            letters += sum(len(cell) for cell in _cells(feature).values() if isinstance(cell, str))
            if len(held) == ROWS or points > POINTS or letters > BATCH_BYTES:
                yield self._batch(held, wanted, first + 1)
                first, points, letters, held = number, 0, 0, []
        if held:
            yield self._batch(held, wanted, first + 1)

    def _features(self) -> Iterator[Mapping[str, Any]]:
        """Give the features in order; the `crs` member is noticed on the way, wherever it stands."""
        number, collection = 0, False
        try:
            with self._path.open(encoding="utf-8-sig") as file:
                for name, value in Stream(file).members("features"):
                    if name == "features":
                        number += 1
                        if not _is_feature(value):
                            raise self._no_collection(number)
                        yield value
                    elif name == "type":
                        collection = value == "FeatureCollection"
                    elif name == "crs" and not self._options.crs:
                        self.crs = _legacy_crs(value)
        except (BadJsonError, UnicodeDecodeError):
            raise unreadable(self._options) from None
        if not collection:
            raise self._no_collection(number)

    def _no_collection(self, number: int) -> SourceError:
        return SourceError(NO_COLLECTION.at(Place(path="source.path"), path=self._options.path, number=number))

    def _batch(self, features: Sequence[Mapping[str, Any]], wanted: Sequence[Column], first: int) -> RawBatch:
        import pyarrow as pa

        rows = [_cells(feature) for feature in features]
        rejects: list[Reject] = []
        arrays = []
        for column in wanted:
            if column.source_name == self._options.geometry:
                arrays.append(_shapes(features))
                continue
            texts = [_text(row.get(column.source_name)) for row in rows]
            try:
                arrays.append(pa.array(texts, pa.string()))
            except UnicodeEncodeError:  # half of a pair of characters, which JSON can write and no text can hold
                rejects += [Reject(first + at, column.name, rule(column)) for at, text in enumerate(texts) if _halved(text)]
                arrays.append(pa.array([None if _halved(text) else text for text in texts], pa.string()))
        return RawBatch(pa.record_batch(arrays, [column.source_name for column in wanted]), first, (), tuple(rejects))


def _is_feature(value: Any) -> bool:
    return isinstance(value, dict) and value.get("type") == "Feature" and isinstance(value.get("properties"), dict | None)


def _halved(text: str | None) -> bool:
    return text is not None and any("\ud800" <= letter <= "\udfff" for letter in text)


def _cells(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give a feature's properties, and its id where no property is called so."""
    properties: Mapping[str, Any] = feature.get("properties") or {}
    return {"id": feature["id"], **properties} if "id" in feature else properties


def _text(value: Any) -> str | None:
    """Give a property as text; a list or object as JSON."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _shapes(features: Sequence[Mapping[str, Any]]) -> pa.Array:
    """Give the geometries as WKB; what GEOS does not take for a geometry becomes bytes that are no WKB, so that the cell is bad."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    import shapely

    from engine import geo

    texts = np.array([None if feature.get("geometry") is None else json.dumps(feature["geometry"]) for feature in features], dtype=object)
    geometries = shapely.from_geojson(texts, on_invalid="ignore")
    there = np.array([text is not None for text in texts], dtype=bool)
    wrong = pa.array(there & shapely.is_missing(geometries))
    return pc.if_else(wrong, pa.scalar(b"?", pa.binary()), geo.encode(geometries))


def _size(geometry: Any) -> int:
    """Estimate the number of coordinates by the outer lists."""
    parts = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if not isinstance(parts, list):
        return 1
    return sum(len(part) for part in parts if isinstance(part, list)) or 1


def _legacy_crs(member: Any) -> str | None:
    """Give the CRS that a `crs` member of GeoJSON 2008 names; None where it is null or a link."""
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else None
