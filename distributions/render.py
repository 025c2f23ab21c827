"""Cells as text, the same for every text format: ISO 8601 dates, a decimal point, true and false, no trailing zeros; null stays null."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from config.errors import Message

if TYPE_CHECKING:
    import pyarrow as pa

    from anonymisation.safe import SafeColumn, SafeTable
    from config.errors import Problem
    from config.models.schema import ColumnType

NO_CRS = Message(
    "distribution.no-crs",
    nl="van kolom {column} is het coördinatenstelsel niet bekend; noem het in source.crs, of laat {format} weg uit "
    "publication.distributions",
    en="the coordinate reference system of column {column} is unknown; name it in source.crs, or leave {format} out of "
    "publication.distributions",
)


def geometries(table: SafeTable) -> tuple[SafeColumn, ...]:
    """Give the geometry columns of a table."""
    return tuple(column for column in table.columns if column.type == "geometry")


def without_crs(table: SafeTable, format_: str) -> tuple[Problem, ...]:
    """Say that a geometry cannot be placed on earth, which a format in WGS 84 needs."""
    return tuple(NO_CRS.at(None, column=column.name, format=format_) for column in geometries(table) if table.crs is None)


def text(values: pa.Array, kind: ColumnType) -> pa.Array:
    """Give an array of one column type (as `rows` gives it) as text, null where there is no value; not for geometry."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if kind == "decimal":
        return pa.array([None if value is None else plain_decimal(value) for value in values.to_pylist()], pa.string())
    if kind == "datetime":
        written = pc.replace_substring(values.cast(pa.timestamp("us")).cast(pa.string()), " ", "T")
        return pc.binary_join_element_wise(pc.replace_substring_regex(written, r"\.?0{1,6}$|(\.\d*[1-9])0+$", r"\1"), "Z", "")
    return values.cast(pa.string())


def plain_decimal(value: Any) -> str:
    """Write a decimal in full, without an exponent and without trailing zeros."""
    written = format(value, "f")
    written = written.rstrip("0").rstrip(".") if "." in written else written
    return "0" if written == "-0" else written


def wkt(values: pa.Array, crs: str) -> pa.Array:
    """Give WKB in `crs` as WKT in WGS 84, longitude first, seven decimals."""
    import pyarrow as pa
    import shapely

    from engine import geo

    placed = geo.reproject(geo.decode(values), crs)
    return pa.array(shapely.to_wkt(placed, rounding_precision=geo.DECIMALS, trim=True), pa.string())
