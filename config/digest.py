"""The digest of a dataset's configuration: it changes when what is published could change, and only then.

`catalogue` and `schedule` are left out (a new description makes no release and voids no approval), values that equal their default too (a
version of this program that adds a key changes no digest). Files that the declaration names count with their content.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from config.models.dataset import Dataset
    from config.models.hierarchy import HierarchyOptions

OUTSIDE = {"catalogue", "schedule"}
CHUNK = 1 << 20


def configuration_digest(dataset: Dataset, files: Mapping[str, str]) -> str:
    """Give the SHA-256, hexadecimal, of the declaration and of the files it names (`files`: name in the declaration → SHA-256)."""
    declaration = dataset.model_dump(mode="json", by_alias=True, exclude=OUTSIDE, exclude_defaults=True)
    return hashlib.sha256(canonical({"declaration": declaration, "files": dict(files)})).hexdigest()


def canonical(value: Any) -> bytes:
    """Give JSON with sorted keys, without spaces, in UTF-8; the same value always gives the same bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def hierarchies(dataset: Dataset) -> tuple[HierarchyOptions, ...]:
    """Give the hierarchies of a dataset: of its columns, of its dimensions, of t-closeness."""
    columns = [rule.hierarchy for rule in dataset.privacy.columns.values()]
    dimensions = [rule.hierarchy for rule in dataset.privacy.dimensions.values()]
    model = dataset.privacy.model
    distances = [one.hierarchy for one in (model.t or ())] if model else []
    return tuple(ladder for ladder in (*columns, *dimensions, *distances) if ladder)


def named_files(dataset: Dataset, base: Path) -> dict[str, Path]:
    """Give the files that a declaration in the folder `base` names (hierarchies, population, code lists): name → path, sorted."""
    found = {name: base / name for ladder in hierarchies(dataset) for name in ladder.files()}
    population = dataset.privacy.population
    if population and population.table:
        found[population.table.path] = base / population.table.path
    codelists = {column.codelist for column in dataset.columns if column.codelist}
    found |= {f"codelists/{name}.csv": base.parent / "codelists" / f"{name}.csv" for name in codelists}
    return dict(sorted(found.items()))


def file_digests(files: Mapping[str, Path]) -> dict[str, str]:
    """Give the SHA-256, hexadecimal, of every file; OSError when one cannot be read."""
    return {name: _sha256(path) for name, path in files.items()}


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
