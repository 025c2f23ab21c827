"""What lies beside the files so that a machine can read them: datapackage.json (Data Package v2) and `<id>.csv-metadata.json` (CSVW).

Both are covered by SHA256SUMS and so by an approval: they hold nothing out of `catalogue:` (no licence, no theme, no keyword) and no date.
Importing this module is light.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from distributions.guard import quoted_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from anonymisation.safe import SafeColumn
    from catalogue.model import ColumnFacts, DistributionFacts
    from config.models.base import Text
    from distributions.base import Distribution

PACKAGE_NAME = "datapackage.json"

_TABLE_TYPES = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "decimal": "number",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
    "geometry": "string",
}
"""Declared type → Table Schema type; geometry in a CSV file is WKT, a text."""

_XSD_TYPES: dict[str, Any] = {
    "string": "string",
    "integer": "integer",
    "number": "double",
    "decimal": "decimal",
    "boolean": "boolean",
    "date": "date",
    "datetime": "dateTimeStamp",
    "geometry": {"@id": "http://www.opengis.net/ont/geosparql#wktLiteral", "base": "string"},
}
"""Declared type → the built-in datatype of CSVW."""

CSV_DIALECT = {"encoding": "utf-8", "bom": True, "delimiter": ",", "quote": '"', "lines": "\r\n"}
"""How `distributions.writers.csv` writes: RFC 4180, UTF-8 with a byte order mark."""


def csvw_name(identifier: str) -> str:
    """Give the name under which CSVW readers look beside ``<id>.csv``."""
    return f"{identifier}.csv-metadata.json"


def write_package(
    folder: Path,
    *,
    identifier: str,
    title: Text,
    description: Text,
    columns: Sequence[SafeColumn | ColumnFacts],
    distributions: Sequence[Distribution | DistributionFacts],
) -> tuple[Path, ...]:
    """Write datapackage.json, and the CSVW file where there is a CSV; give their paths. The same release gives the same bytes."""
    package = data_package(identifier, title, description, columns, distributions)
    written = [_write(folder / PACKAGE_NAME, package)]
    csv = next((file for file in distributions if file.file_type == "CSV"), None)
    if csv:
        written.append(_write(folder / csvw_name(identifier), csvw(csv, title, description, columns)))
    return tuple(written)


def data_package(
    identifier: str,
    title: Text,
    description: Text,
    columns: Sequence[SafeColumn | ColumnFacts],
    distributions: Sequence[Distribution | DistributionFacts],
) -> dict[str, Any]:
    """Give the Data Package: a resource a file; the CSV has a schema and a dialect, for the other formats carry theirs inside."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": identifier,
        "title": title.nl,
        "description": description.nl,
        "resources": [_resource(file, columns) for file in sorted(distributions, key=lambda file: file.name)],
    }


def _resource(file: Distribution | DistributionFacts, columns: Sequence[SafeColumn | ColumnFacts]) -> dict[str, Any]:
    """Describe one file."""
    resource: dict[str, Any] = {
        "name": file.name.lower().replace("_", "-"),
        "path": file.name,
        "format": file.format,
        "mediatype": file.media_type,
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
    }
    if file.file_type == "CSV":
        resource |= {
            "type": "table",
            "encoding": CSV_DIALECT["encoding"],
            "dialect": {
                "$schema": "https://datapackage.org/profiles/2.0/tabledialect.json",
                "header": True,
                "delimiter": CSV_DIALECT["delimiter"],
                "lineTerminator": CSV_DIALECT["lines"],
                "quoteChar": CSV_DIALECT["quote"],
                "doubleQuote": True,
                "bom": CSV_DIALECT["bom"],
            },
            "schema": {
                "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
                "fields": [_field(column) for column in columns],
                "missingValues": [""],
            },
        }
    return resource


def _field(column: SafeColumn | ColumnFacts) -> dict[str, Any]:
    """Describe one column for a Data Package; its texts are Dutch, for the standard has room for one language."""
    field: dict[str, Any] = {"name": quoted_name(column.name), "type": _TABLE_TYPES[column.type]}
    if column.title:
        field["title"] = column.title.nl
    if column.description:
        field["description"] = column.description.nl
    if column.unit:
        field["unit"] = column.unit
    return field


def csvw(
    file: Distribution | DistributionFacts, title: Text, description: Text, columns: Sequence[SafeColumn | ColumnFacts]
) -> dict[str, Any]:
    """Give the CSVW description of a CSV file (W3C Recommendation, 2015); a note says that there is a byte order mark, a dialect cannot."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "nl"}],
        "url": file.name,
        "dc:title": _by_language(title),
        "dc:description": _by_language(description),
        "notes": [{"byteOrderMark": CSV_DIALECT["bom"]}],
        "dialect": {
            "encoding": CSV_DIALECT["encoding"],
            "delimiter": CSV_DIALECT["delimiter"],
            "lineTerminators": [CSV_DIALECT["lines"]],
            "quoteChar": CSV_DIALECT["quote"],
            "doubleQuote": True,
            "header": True,
            "headerRowCount": 1,
        },
        "tableSchema": {"columns": [_csvw_column(column) for column in columns]},
    }


def _csvw_column(column: SafeColumn | ColumnFacts) -> dict[str, Any]:
    """Describe one column for CSVW; the first title is the header, which a validator compares with the file."""
    described: dict[str, Any] = {
        "titles": quoted_name(column.name),
        "datatype": _XSD_TYPES[column.type],
        "null": "",
    }
    if column.title:
        described["dc:title"] = _by_language(column.title)
    if column.description:
        described["dc:description"] = _by_language(column.description)
    if column.unit:
        described["schema:unitText"] = column.unit
    return described


def _by_language(text: Text) -> list[dict[str, str]]:
    """Give a text in its languages, as JSON-LD values."""
    return [{"@value": text.nl, "@language": "nl"}, *([{"@value": text.en, "@language": "en"}] if text.en else [])]


def _write(path: Path, values: dict[str, Any]) -> Path:
    """Write JSON for people and machines: indented, in the order given, UTF-8."""
    path.write_text(json.dumps(values, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")
    return path
