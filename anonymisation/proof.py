"""The proof of a release of micro-data: everything that it is held against is read again, and held against the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anonymisation.models.compile import sensitive_ladders
from anonymisation.population import read_population
from anonymisation.verify_models import Source, count_source, key_of, prove_models
from anonymisation.verify_population import read_persons
from config.models.privacy import sensitive_columns
from engine.types import ROW

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from anonymisation.hierarchies.base import Ladder
    from anonymisation.verify_population import Persons
    from config.models.privacy import Privacy
    from config.models.schema import Column
    from engine.snapshot import Snapshot


def attained(
    out: Path,
    quasi: Sequence[Column],
    privacy: Privacy,
    snapshot: Snapshot,
    ladders: Mapping[str, Ladder],
    *,
    base: Path,
    exclude: frozenset[int],
    levels: Mapping[str, int] | None,
) -> dict[str, Any]:
    """Prove every model of the policy from the file, and give what it attains.

    Args:
        out: the written file.
        quasi: its quasi-identifiers.
        privacy: what was promised.
        snapshot: the source; its rows in `exclude` took no part.
        ladders: the hierarchies of the quasi-identifiers.
        base: the folder that paths start at.
        exclude: rows that a check set aside.
        levels: the step of each column, None where each class has its own.

    Raises:
        IntegrityError: a promise does not hold.
    """
    if privacy.model is None:
        return {}
    rows, values = count_source(snapshot, sensitive_columns(privacy.model), exclude)
    labels = {
        position: _labels(values[asked.column], ladder, snapshot, asked.column)
        for position, ladder in sensitive_ladders(privacy.model, base).items()
        for asked in [(privacy.model.t or ())[position]]
    }
    size = privacy.population.size if privacy.population and privacy.population.size else 0
    source = Source(rows, values, labels, size, _persons(quasi, privacy, ladders, base, levels))
    return prove_models(out, [column.name for column in quasi], privacy.model, source)


def _labels(values: Counter[Any], ladder: Ladder, snapshot: Snapshot, column: str) -> dict[Any, tuple[Any, ...]]:
    """Give per value of a sensitive column its labels from fine to coarse."""
    import pyarrow as pa

    known = pa.array(list(values), snapshot.schema().field(column).type)
    steps = [labels.to_pylist() for labels in ladder.labels(known)]
    return {key_of(value): tuple(step[at] for step in steps) for at, value in enumerate(values)}


def _persons(
    quasi: Sequence[Column], privacy: Privacy, ladders: Mapping[str, Ladder], base: Path, levels: Mapping[str, int] | None
) -> Persons | None:
    """Read the population again, where a model asks for it."""
    table = privacy.population.table if privacy.population else None
    model = privacy.model
    if table is None or model is None or not (model.k_map or model.delta_presence):
        return None
    names = [column.name for column in quasi]
    return read_persons(read_population(table, quasi, base), names, ROW, ladders, levels)
