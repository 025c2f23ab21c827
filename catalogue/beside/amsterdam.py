"""Amsterdam Schema: the JSON in which the municipality of Amsterdam and others describe datasets, as the start of a declaration.

A dataset holds tables, a table a JSON Schema with `identifier`, units, provenance and scopes (https://schemas.data.amsterdam.nl). Open
here means that no scope is asked, which says nothing of persons: a column is open only where nothing closes it and it is said that it is.
A field that is kept back says why (`reasonsNonPublic`), mostly by a ground of the Woo.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from catalogue.beside.proposal import Proposal, identifier, items, mapping, question
from config import lists

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from config.models.schema import ColumnType

OPEN: Final = "OPENBAAR"
GEO: Final = "geojson.org/schema"
FORMATS: Final[dict[str, ColumnType]] = {"date": "date", "date-time": "datetime"}
TYPES: Final[dict[str, ColumnType]] = {"string": "string", "integer": "integer", "number": "number", "boolean": "boolean"}
REASON: Final = re.compile(r"\s*(5\.[12])\s+([1-5][a-i]?)\b")
"""How a reason starts that names a ground of the Woo: ``5.1 2d: …``."""
LICENCES: Final = {
    "Creative Commons, Naamsvermelding": "CC-BY-4.0",
    "CC BY 4.0": "CC-BY-4.0",
    "CC0": "CC0-1.0",
    "public": "PDM-1.0",
    "Publiek domein": "PDM-1.0",
}


def read(schema: Mapping[str, Any]) -> Proposal:
    """Start a declaration from a dataset or a table: the first table becomes the dataset."""
    tables = [table for table in items(schema.get("tables")) if isinstance(table, dict)]
    table: Mapping[str, Any] = tables[0] if tables else schema
    inner = mapping(table.get("schema"))
    properties = mapping(inner.get("properties"))
    required = {str(name) for name in items(inner.get("required"))}
    closed = _closed(schema) or _closed(table)
    said = "auth" in schema or "auth" in table
    columns = [_column(name, one, name in required, closed=closed, said=said) for name, one in properties.items() if _is_column(name, one)]
    keys = _keys(inner) or _keys(table)
    name = str(schema.get("id") or table.get("id") or "")
    title = str(schema.get("title") or table.get("title") or name)
    declaration = {
        "id": identifier(name if len(tables) <= 1 else f"{name}-{table.get('id', '')}"),
        "title": {"nl": title},
        "description": {"nl": str(schema.get("description") or table.get("description") or title)},
        "source": {"key": [key for key in keys if key in properties]} if keys else {},
        "schema": columns,
        "catalogue": _catalogue(schema),
    }
    questions = tuple(_asked(properties, columns, len(tables), closed=closed))
    if isinstance(table.get("$ref"), str):
        questions = (question("amsterdam.reference", table=table.get("id") or "", file=table["$ref"]), *questions)
    return Proposal({key: value for key, value in declaration.items() if value}, questions)


def is_schema(document: Mapping[str, Any]) -> bool:
    """Whether a document is an Amsterdam Schema."""
    return document.get("type") in {"dataset", "table"} and ("tables" in document or "schema" in document)


def _column(
    name: str,
    one: Mapping[str, Any],
    required: bool,  # noqa: FBT001 - from a comprehension
    *,
    closed: bool,
    said: bool,
) -> dict[str, Any]:
    """Describe a field; `closed` and `said` tell whether the table asks a scope, and whether it says so at all."""
    kind, reasons = _type(one), items(one.get("reasonsNonPublic"))
    public = not (closed or _closed(one) or reasons) and (said or "auth" in one)
    column: dict[str, Any] = {
        "name": name,
        "type": kind,
        "classification": "open" if public and kind != "geometry" and _plain(one) else "unclassified",
    }
    source = one.get("provenance")
    more = {
        "source": source if isinstance(source, str) and source != name else None,
        "ground": next((ground for reason in reasons if (ground := _ground(str(reason)))), None),
        "title": {"nl": str(one["title"])} if one.get("title") else None,
        "description": {"nl": str(one["description"])} if one.get("description") else None,
        "unit": one.get("unit"),
        "pattern": one.get("pattern"),
        "required": required or None,
    }
    return column | {key: value for key, value in more.items() if value}


def _plain(one: Mapping[str, Any]) -> bool:
    """Whether a column is of a kind that does not say who somebody is: a truth, or one of a few words."""
    return _type(one) == "boolean" or bool(one.get("enum"))


def _ground(reason: str) -> str | None:
    """Read the ground of the Woo at the start of a reason."""
    found = REASON.match(reason)
    code = f"Woo {found[1]} {found[2]}" if found else ""
    return code if code in lists.woo_grounds() else None


def _kind(one: Mapping[str, Any]) -> str:
    """Give the type of JSON Schema; of a value that may be missing, the type that it has otherwise."""
    kind = one.get("type")
    return str(next((each for each in kind if each != "null"), "") if isinstance(kind, list) else kind)


def _type(one: Mapping[str, Any]) -> ColumnType:
    if GEO in str(one.get("$ref", "")):
        return "geometry"
    kind = _kind(one)
    if kind == "number" and one.get("multipleOf"):
        return "decimal"
    return FORMATS.get(str(one.get("format", "")), TYPES.get(kind, "string"))


def _is_column(name: str, one: object) -> bool:
    return isinstance(one, dict) and name != "schema"


def _closed(one: Mapping[str, Any]) -> bool:
    """Whether a scope is asked, or a reason given why not everybody may see it."""
    scopes = one.get("auth", OPEN)
    return bool(one.get("reasonsNonPublic")) or any(scope != OPEN for scope in (scopes if isinstance(scopes, list) else [scopes]))


def _keys(inner: Mapping[str, Any]) -> list[str]:
    found = inner.get("identifier")
    return [str(one) for one in (found if isinstance(found, list) else [found] if found else [])]


def _catalogue(schema: Mapping[str, Any]) -> dict[str, Any]:
    words = [str(word) for word in items(schema.get("keywords"))]
    licence = LICENCES.get(str(schema.get("license", "")))
    found = {"keywords": {"nl": words} if words else None, "licence": licence}
    return {key: value for key, value in found.items() if value}


def _asked(properties: Mapping[str, Any], columns: list[dict[str, Any]], tables: int, *, closed: bool) -> Iterator[str]:
    shut = [name for name, one in properties.items() if _is_column(name, one) and (closed or _closed(one))]
    if shut:
        yield question("amsterdam.closed", columns=", ".join(shut))
    unsure = [column["name"] for column in columns if column["classification"] == "unclassified" and column["name"] not in shut]
    if unsure:
        yield question("classification", columns=", ".join(unsure))
    for name, one in properties.items():
        if isinstance(one, dict) and one.get("relation"):
            yield question("amsterdam.relation", column=name, relation=one["relation"])
        if isinstance(one, dict) and _kind(one) in {"array", "object"} and not one.get("relation"):
            yield question("amsterdam.shape", column=name)
    if tables > 1:
        yield question("amsterdam.tables", count=tables - 1)
    yield question("source")
