"""Whether two releases were made alike enough to be laid side by side; what is not surely so is not."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from config.digest import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from anonymisation.plan import Planned
    from config.models.privacy import PrivacyModel


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two releases cannot be compared, as a part of a sentence; ``{column}`` is a column."""

    nl: str
    en: str

    def of(self, column: str) -> Reason:
        """Give the reason with the name of a column."""
        return replace(self, nl=self.nl.format(column=column), en=self.en.format(column=column))


NAMES = {
    "kind": Reason("die is anders beschermd (privacy.kind of privacy.model)", "it was protected otherwise (privacy.kind or privacy.model)"),
    "file": Reason(
        "zij heeft geen bestand in een formaat dat hier gelezen kan worden (parquet of csv)",
        "it has no file in a format that can be read here (parquet or csv)",
    ),
    "local": Reason("recoding: local geeft elke groep eigen stappen", "recoding: local gives every group steps of its own"),
    "columns": Reason("de kolommen zijn niet dezelfde ({column})", "the columns are not the same ({column})"),
    "rule": Reason(
        "kolom {column} werd toen anders behandeld, of haar hiërarchie is gewijzigd",
        "column {column} was treated otherwise then, or its hierarchy has changed",
    ),
    "data": Reason(
        "de stappen van kolom {column} hangen van de gegevens af en zijn elke keer anders",
        "the steps of column {column} depend on the data and differ every time",
    ),
    "replaced": Reason(
        "de waarden van kolom {column} worden vervangen, en door vergelijken zijn de echte te benaderen",
        "the values of column {column} are replaced, and comparing would come close to the real ones",
    ),
    "pseudonym": Reason(
        "de pseudoniemen in kolom {column} koppelen rijen, en wie bij elkaar hoort verandert",
        "the pseudonyms in column {column} link rows, and which belong together changes",
    ),
    "figures": Reason(
        "haar bestand laat zich anders lezen dan haar eigen rapport zegt", "its file reads otherwise than its own report says"
    ),
    "vanished": Reason(
        "in kolom {column} staan daar waarden die de bron niet meer heeft, en waar die op de grovere stap van nu horen is niet te zeggen",
        "column {column} has values there that the source no longer has, and where they belong on today's coarser step cannot be told",
    ),
    "presence": Reason(
        "er zouden rijen moeten wachten, en delta_presence.min laat niet toe dat er een ontbreekt",
        "rows would have to wait, and delta_presence.min does not allow any to be absent",
    ),
}


def column_digests(planned: Sequence[Planned], hierarchies: Mapping[str, str]) -> dict[str, str]:
    """Give per published column the SHA-256 of what decides on its values: its type, its rule, the files of its hierarchy.

    Args:
        planned: the columns as they were declared.
        hierarchies: file, as the policy names it → SHA-256.
    """
    found = {}
    for one in planned:
        if one.fate == "dropped":
            continue
        files = {path: hierarchies.get(path, "") for path in (one.hierarchy.files() if one.hierarchy else ())}
        together = [
            other.rule.transform.model_dump(mode="json", exclude_defaults=True)
            for other in planned
            if other.rule.transform and one.column.name in other.rule.transform.others()
        ]
        told = {
            "type": one.column.type,
            "classification": one.fate,
            "rule": one.rule.model_dump(mode="json", exclude_defaults=True),
            "together": together,
            "files": files,
        }
        found[one.column.name] = hashlib.sha256(canonical(told)).hexdigest()
    return found


def same(
    report: Mapping[str, Any], planned: Sequence[Planned], model: PrivacyModel | None, digests: Mapping[str, str], path: Path | None
) -> Reason | None:
    """Say why a release cannot be laid beside an earlier one; None: it can, as far as can be told without the files.

    Args:
        report: the public report of the earlier release.
        planned: what happens to each column now.
        model: the guarantee now.
        digests: what `column_digests` gives now.
        path: the file of the earlier release.
    """
    before = report.get("digests", {}).get("columns")
    if report.get("kind") != "microdata" or not report.get("model") or before is None or not report.get("after"):
        return NAMES["kind"]
    if path is None:
        return NAMES["file"]
    if report.get("transformation") is None or (model and model.recoding == "local"):
        return NAMES["local"]
    if set(before) != set(digests):
        return NAMES["columns"].of(", ".join(sorted(set(before) ^ set(digests))))
    other = next((name for name in sorted(digests) if digests[name] != before[name]), None)
    if other is not None:
        return NAMES["rule"].of(other)
    return next((why for one in planned if (why := _unsteady(one)) is not None), None)


def _unsteady(one: Planned) -> Reason | None:
    """Say why the values of a column differ from release to release by themselves; None: they do not."""
    if one.fate == "dropped":
        return None
    if one.fate == "pseudonym":
        return NAMES["pseudonym"].of(one.column.name)
    if one.hierarchy is not None and one.hierarchy.needs_data:
        return NAMES["data"].of(one.column.name)
    if one.method is not None and not (one.rule.transform and one.rule.transform.steady):
        return NAMES["replaced"].of(one.column.name)
    return None
