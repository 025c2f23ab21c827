"""The Open Data Contract Standard (ODCS) 3.1 of Bitol: a declaration as a contract, and a contract as the start of a declaration.

Our keys carry the names of the standard where it has them (`name`, `description`, `required`, `classification`); what it has no place for
travels in `customProperties` under ``vrijgave…``, so that a declaration comes back as it went (https://bitol-io.github.io/open-data-contract-standard).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from catalogue.beside.proposal import Proposal, identifier, items, mapping, question
from config import lists

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from config.models.dataset import Dataset
    from config.models.municipality import Municipality
    from config.models.quality import Expectation
    from config.models.schema import Column, ColumnType

VERSION: Final = "v3.1.0"
OWN: Final = "vrijgave"
"""What our custom properties start with."""

LOGICAL: Final[dict[str, str]] = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "decimal": "number",
    "boolean": "boolean",
    "date": "date",
    "datetime": "timestamp",
    "geometry": "object",
}
"""Our type → the logical type of the standard; the physical type is ours again."""
TYPES: Final[dict[str, ColumnType]] = {
    "string": "string",
    "text": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "time": "string",
    "timestamp": "datetime",
    "object": "string",
    "array": "string",
}
PHYSICAL: Final[tuple[tuple[str, ColumnType], ...]] = (
    ("timestamp", "datetime"),
    ("datetime", "datetime"),
    ("date", "date"),
    ("bool", "boolean"),
    ("decimal", "decimal"),
    ("numeric", "decimal"),
    ("number", "number"),
    ("bigint", "integer"),
    ("int", "integer"),
    ("double", "number"),
    ("float", "number"),
    ("real", "number"),
    ("geom", "geometry"),
    ("geography", "geometry"),
)
"""How a physical type starts → our type; the first that fits."""
STATUS: Final = "active"
ENGINE: Final = "greatExpectations"
DIMENSIONS: Final[dict[str, str]] = {
    "accuracy": "accuracy",
    "completeness": "completeness",
    "consistency": "consistency",
    "currentness": "timeliness",
    "validity": "conformity",
}
"""Our dimensions that the standard has too, some by another name; the exact one travels beside it."""
BACK: Final[dict[str, str]] = {theirs: ours for ours, theirs in DIMENSIONS.items()} | {
    "coverage": "completeness",
    "uniqueness": "consistency",
}
SEVERITIES: Final[dict[str, str]] = {"critical": "error", "warning": "warning", "info": "info"}


def export(dataset: Dataset, municipality: Municipality, *, version: str | None = None) -> dict[str, Any]:
    """Give the contract of a declared dataset: what its releases hold. Nothing of it is secret: the source and its address are not in it.

    Args:
        dataset: the declaration.
        municipality: who makes the promise.
        version: of the current release; without one the contract is version 0.
    """
    told = dataset.catalogue
    licence = told.licence or municipality.licence
    kept = [column for column in dataset.columns if not _dropped(dataset, column)]
    checks = [_check(each) for each in dataset.quality.expectations if _told(each, {column.name for column in kept})]
    contract: dict[str, Any] = {
        "apiVersion": VERSION,
        "kind": "DataContract",
        "id": f"{municipality.base_uri}/id/dataset/{dataset.id}",
        "name": dataset.title.nl,
        "version": version or "0",
        "status": STATUS if version else "draft",
        "domain": dataset.owner,
        "dataProduct": dataset.id,
        "tenant": municipality.publisher.name.nl,
        "tags": [*told.keywords.nl],
        "description": {
            "purpose": dataset.purpose.nl if dataset.purpose else dataset.description.nl,
            "usage": dataset.description.nl,
            "limitations": f"Licentie: {licence}",
        },
        "schema": [
            {
                "name": dataset.id,
                "logicalType": "object",
                "physicalType": "table",
                "businessName": dataset.title.nl,
                "description": dataset.description.nl,
                "properties": [_property(column, dataset.key) for column in kept],
                **({"quality": checks} if checks else {}),
            }
        ],
        "support": [{"channel": municipality.contact.email, "url": f"mailto:{municipality.contact.email}", "tool": "email"}],
    }
    if told.frequency:
        contract["slaProperties"] = [{"property": "frequency", "value": told.frequency, "element": dataset.id}]
    contract["customProperties"] = [
        _custom("themes", [*told.theme]),
        _custom("licence", licence),
        _custom("titleEn", dataset.title.en),
        _custom("descriptionEn", dataset.description.en),
    ]
    contract["customProperties"] = [one for one in contract["customProperties"] if one["value"] is not None]
    return contract


def _dropped(dataset: Dataset, column: Column) -> bool:
    rule = dataset.privacy.columns.get(column.name)
    return rule is not None and rule.action == "drop"


def _told(check: Expectation, columns: Collection[str]) -> bool:
    """Whether a check is of what is released: it is not of the source alone, and names no column that is withheld."""
    named = [value for name, value in check.kwargs.items() if name.startswith("column")]
    flat = [each for value in named for each in (value if isinstance(value, list | tuple) else [value])]
    return check.on != "input" and all(each in columns for each in flat)


def _check(check: Expectation) -> dict[str, Any]:
    """Describe a check, as the engine that runs it takes it."""
    made: dict[str, Any] = {
        "type": "custom",
        "engine": ENGINE,
        "implementation": {"type": check.type, "kwargs": dict(check.kwargs)},
        "severity": SEVERITIES[check.severity],
    }
    if check.title:
        made["description"] = check.title.nl
    if check.dimension in DIMENSIONS:
        made["dimension"] = DIMENSIONS[check.dimension]
    own = {"dimension": check.dimension, "on": check.on, "onFail": check.on_fail, "titleEn": check.title.en if check.title else None}
    made["customProperties"] = [_custom(name, value) for name, value in own.items() if value is not None]
    return made


def _property(column: Column, key: Sequence[str]) -> dict[str, Any]:
    """Describe one column."""
    made: dict[str, Any] = {
        "name": column.name,
        "logicalType": LOGICAL[column.type],
        "physicalType": column.type,
        "required": column.required,
        "classification": column.classification,
    }
    if column.name in key:
        made |= {"primaryKey": True, "primaryKeyPosition": [*key].index(column.name) + 1}
    if column.title:
        made["businessName"] = column.title.nl
    if column.description:
        made["description"] = column.description.nl
    if column.pattern:
        made["logicalTypeOptions"] = {"pattern": column.pattern}
    english = {"titleEn": column.title, "descriptionEn": column.description}
    own = {name: said.en for name, said in english.items() if said and said.en}
    own |= {name: value for name, value in (("unit", column.unit), ("codelist", column.codelist), ("ground", column.ground)) if value}
    if own:
        made["customProperties"] = [_custom(name, value) for name, value in own.items()]
    return made


def _custom(name: str, value: object) -> dict[str, Any]:
    return {"property": f"{OWN}{name[0].upper()}{name[1:]}", "value": value}


def read(contract: Mapping[str, Any]) -> Proposal:
    """Start a declaration from a contract: its first table becomes the dataset. What a person must decide is asked."""
    tables = [table for table in items(contract.get("schema")) if isinstance(table, dict)]
    table = tables[0] if tables else {}
    own = _own(contract)
    description = mapping(contract.get("description"))
    about = _first(description.get("usage"), table.get("description"), description.get("purpose"))
    title = _first(contract.get("name"), table.get("businessName"), table.get("name"))
    columns = [_column(one) for one in items(table.get("properties")) if isinstance(one, dict) and one.get("name")]
    keys = sorted((one.get("primaryKeyPosition") or 0, one["name"]) for one in items(table.get("properties")) if _is_key(one))
    declaration: dict[str, Any] = {
        "id": identifier(str(_first(contract.get("dataProduct"), table.get("name"), title) or "")),
        "title": _text(title, own.get("titleEn")),
        "description": _text(about, own.get("descriptionEn")),
        "purpose": _text(description.get("purpose"), None),
        "source": {"key": [name for _, name in keys]} if keys else {},
        "schema": columns,
        "quality": {"expectations": checks} if (checks := [*_checks(table)]) else {},
        "catalogue": _catalogue(contract, own),
    }
    questions = [*_asked(columns)]
    if len(tables) > 1:
        questions.append(question("odcs.tables", count=len(tables) - 1))
    return Proposal({name: value for name, value in declaration.items() if value}, tuple(questions))


def _catalogue(contract: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    promised = {one.get("property"): one.get("value") for one in items(contract.get("slaProperties")) if isinstance(one, dict)}
    frequency = promised.get("frequency")
    tags = [str(tag) for tag in items(contract.get("tags"))]
    found = {"theme": own.get("themes"), "keywords": {"nl": tags} if tags else None, "frequency": frequency, "licence": own.get("licence")}
    return {name: value for name, value in found.items() if value}


def _checks(table: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the checks that Great Expectations runs; those of other engines and texts for people are left to a person."""
    severities = {theirs: ours for ours, theirs in SEVERITIES.items()}
    for one in items(table.get("quality")):
        told = mapping(one)
        how, own = mapping(told.get("implementation")), _own(told)
        kind = str(how.get("type") or how.get("expectation_type"))
        if str(told.get("engine", "")).replace("-", "").lower() != ENGINE.lower() or kind not in lists.expectations():
            continue
        made = {
            "type": kind,
            "kwargs": dict(mapping(how.get("kwargs"))),
            "dimension": own.get("dimension") or BACK.get(str(told.get("dimension"))) or lists.expectations()[kind].dimension,
            "severity": severities.get(str(told.get("severity")), "warning"),
        }
        more = {"on": own.get("on"), "on_fail": own.get("onFail"), "title": _text(told.get("description"), own.get("titleEn"))}
        yield made | {name: value for name, value in more.items() if value}


def _column(one: Mapping[str, Any]) -> dict[str, Any]:
    own = _own(one)
    column: dict[str, Any] = {"name": one["name"], "type": _type(one), "classification": _classification(one)}
    options = mapping(one.get("logicalTypeOptions"))
    more = {
        "ground": own.get("ground"),
        "title": _text(one.get("businessName"), own.get("titleEn")),
        "description": _text(one.get("description"), own.get("descriptionEn")),
        "unit": own.get("unit"),
        "pattern": options.get("pattern"),
        "codelist": own.get("codelist"),
        "required": True if one.get("required") else None,
    }
    return column | {name: value for name, value in more.items() if value}


def _type(one: Mapping[str, Any]) -> ColumnType:
    """Give our type: the physical type says more than the logical."""
    physical = str(one.get("physicalType") or "").lower()
    if physical in LOGICAL:
        return physical  # type: ignore[return-value]
    found = next((kind for start, kind in PHYSICAL if physical.startswith(start)), None)
    return found or TYPES.get(str(one.get("logicalType") or "string"), "string")


def _classification(one: Mapping[str, Any]) -> str:
    """Keep a classification of ours; what others call public or confidential says nothing of persons, so a person must look."""
    said = str(one.get("classification") or "")
    return said if said in {"open", "quasi", "sensitive", "direct", "text"} else "unclassified"


def _asked(columns: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    unsure = [column["name"] for column in columns if column["classification"] == "unclassified"]
    if unsure:
        yield question("classification", columns=", ".join(unsure))
    yield question("source")


def _is_key(one: Any) -> bool:
    return isinstance(one, dict) and bool(one.get("primaryKey")) and bool(one.get("name"))


def _own(holder: Mapping[str, Any]) -> dict[str, Any]:
    """Give our custom properties by their short names."""
    found = {}
    for one in items(holder.get("customProperties")):
        name = str(one.get("property", "")) if isinstance(one, dict) else ""
        if name.startswith(OWN) and len(name) > len(OWN):
            short = name.removeprefix(OWN)
            found[short[0].lower() + short[1:]] = one.get("value")
    return found


def _text(nl: Any, en: Any) -> dict[str, str] | None:
    if not nl:
        return None
    return {"nl": str(nl), "en": str(en)} if en else {"nl": str(nl)}


def _first(*values: Any) -> Any:
    return next((value for value in values if value), None)
