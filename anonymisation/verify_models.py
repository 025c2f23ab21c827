"""The proof of every privacy model: each is computed again from the written Parquet, from its definition, in fractions where that decides.

Nothing of the search is used: classes are counted by Arrow, the distribution of a sensitive column by looking through the snapshot again,
and the formulas are written out anew. What the file then attains goes into the report.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

from anonymisation.risks.figures import counted
from anonymisation.verify import UNPROVEN
from anonymisation.verify_distances import basic_gain, change, equal, hierarchical, ordered
from config.errors import IntegrityError
from config.models.privacy import sensitive_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from config.models.privacy import Closeness, Diversity, PrivacyModel
    from engine.snapshot import Snapshot

BATCH = 1 << 20
SLACK = 1e-9
"""What a logarithm may be off."""
Key = tuple[Any, ...]


@dataclass(slots=True)
class Group:
    """One class of the file: its rows, and how often each sensitive value occurs, by column."""

    rows: int = 0
    values: dict[str, Counter[Any]] = field(default_factory=lambda: defaultdict(Counter))


class Population(Protocol):
    """The persons of a population table."""

    def fit(self, key: Key) -> int:
        """Give how many persons fit a class."""
        ...

    def left_over(self, keys: Iterable[Key]) -> int:
        """Give how many persons fit none of these classes."""
        ...


@dataclass(frozen=True)
class Source:
    """What the file is held against.

    Attributes:
        rows: of the whole input, without those that a check set aside.
        values: sensitive column → how often each value occurs in it.
        labels: position in ``t`` → per value its labels from fine to coarse, of a hierarchical distance.
        size: persons of the population; 0 where only a table or nothing is known.
        population: gives the persons that fit a class; None without a table.
    """

    rows: int
    values: Mapping[str, Counter[Any]]
    labels: Mapping[int, Mapping[Any, tuple[Any, ...]]] = field(default_factory=dict)
    size: int = 0
    population: Population | None = None


def prove_models(path: Path, quasi: Sequence[str], model: PrivacyModel, source: Source) -> dict[str, Any]:
    """Hold a written file against every model, and give what it attains (JSON values, for `after` in the report).

    Raises:
        IntegrityError: a model does not hold.
    """
    groups = _groups(path, quasi, sensitive_columns(model))
    if not groups:
        return {}
    for promise, kept in _promises(model, groups, source):
        if not kept:
            raise IntegrityError(UNPROVEN.at(what=promise))
    return dict(_attained(model, groups, source))


def count_source(snapshot: Snapshot, columns: Sequence[str], exclude: frozenset[int]) -> tuple[int, dict[str, Counter[Any]]]:
    """Count the rows of a snapshot and the values of its sensitive columns, without the rows in `exclude`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from engine.types import ROW

    rows, found = 0, {name: Counter[Any]() for name in columns}
    left_out = pa.array(sorted(exclude), pa.int64())
    for batch in snapshot.batches([ROW, *columns]):
        kept = batch if not exclude else batch.filter(pc.invert(pc.is_in(batch.column(ROW), value_set=left_out)))
        rows += kept.num_rows
        for name in columns:
            for value, times in _counted(kept.column(name)):
                found[name][value] += times
    return rows, found


def _counted(values: pa.Array) -> Iterator[tuple[Any, int]]:
    import pyarrow.compute as pc

    counted = pc.value_counts(values)
    for value, times in zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True):
        yield key_of(value), times


def key_of(value: Any) -> Any:
    """Give a value by which equal values are equal: minus zero is zero, and what is no number is itself."""
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else value + 0.0
    return value


def _groups(path: Path, quasi: Sequence[str], sensitive: Sequence[str]) -> dict[Key, Group]:
    """Read the classes of a file."""
    import pyarrow.parquet as pq

    groups: dict[Key, Group] = defaultdict(Group)
    with pq.ParquetFile(path) as file:
        if not quasi and not sensitive:
            return {(): Group(file.metadata.num_rows)} if file.metadata.num_rows else {}
        for column in sensitive or (None,):
            names = [*quasi, *([column] if column else [])]
            for row, times in _combinations(file, names):
                group = groups[row[: len(quasi)]]
                if column is not None:
                    group.values[column][row[-1]] += times
                if column in {None, sensitive[0] if sensitive else None}:
                    group.rows += times
    return groups


def _combinations(file: Any, names: Sequence[str]) -> Iterator[tuple[Key, int]]:
    import pyarrow as pa

    for batch in file.iter_batches(BATCH, columns=list(dict.fromkeys(names))):
        table = pa.Table.from_batches([batch]).group_by(list(names)).aggregate([([], "count_all")])
        columns = [[key_of(value) for value in table.column(name).to_pylist()] for name in names]
        yield from zip(zip(*columns, strict=True), table.column("count_all").to_pylist(), strict=True)


def _promises(model: PrivacyModel, groups: Mapping[Key, Group], source: Source) -> Iterator[tuple[str, bool]]:
    """Yield every promise with whether it holds."""
    sizes = [group.rows for group in groups.values()]
    classes, rows = len(sizes), sum(sizes)
    if model.k is not None:
        yield f"k = {model.k}", min(sizes) >= model.k
    if model.average_risk is not None:
        yield "average_risk", Fraction(classes, rows) <= _exactly(model.average_risk)
    if model.strict_average_risk is not None:
        told = model.strict_average_risk
        yield "strict_average_risk", Fraction(classes, rows) <= _exactly(told.average) and Fraction(1, min(sizes)) <= _exactly(told.highest)
    if model.sample_uniqueness is not None:
        yield "sample_uniqueness", Fraction(sizes.count(1), rows) <= _exactly(model.sample_uniqueness)
    yield from _population(model, groups, source)
    for one in model.l or ():
        yield f"l ({one.type}, {one.column})", all(_diverse(one, group.values[one.column]) for group in groups.values())
    yield from _against_the_source(model, groups, source)


def _population(model: PrivacyModel, groups: Mapping[Key, Group], source: Source) -> Iterator[tuple[str, bool]]:
    """Yield the promises on the persons of the population."""
    if model.k_map is not None and source.population is not None:
        yield "k_map", all(source.population.fit(key) >= model.k_map.k for key in groups)
    elif model.k_map is not None:
        least = min(group.rows for group in groups.values())
        yield "k_map", least >= model.k_map.k or _rare(least, model.k_map.k, source) <= (model.k_map.significance or 0) * (1 + SLACK)
    if model.delta_presence is not None and source.population is not None:
        low, high = _exactly(model.delta_presence.min), _exactly(model.delta_presence.max)
        shares = [(group.rows, source.population.fit(key)) for key, group in groups.items()]
        yield "delta_presence", all(low * persons <= rows <= high * persons for rows, persons in shares)
        if low > 0:
            yield "delta_presence (min)", source.population.left_over(groups) == 0


def _rare(rows: int, k: int, source: Source) -> float:
    """Give the chance of at least so many rows when only k persons fit (Poisson, cut off at zero: El Emam and Dankar 2008, D4)."""
    mean = k * min(source.rows / source.size, 1.0)
    below = math.fsum(math.exp(size * math.log(mean) - mean - math.lgamma(size + 1)) for size in range(1, rows))
    return 1 - below / (1 - math.exp(-mean))


def _diverse(asked: Diversity, values: Counter[Any]) -> bool:
    """Judge l-diversity of one class by its definition."""
    counts = sorted(values.values(), reverse=True)
    if asked.type == "distinct":
        return len(counts) >= asked.value
    if asked.type == "entropy":
        return _entropy(counts) >= math.log(asked.value) - SLACK
    return counts[0] < _exactly(asked.c or 1.0) * sum(counts[math.ceil(asked.value) - 1 :])


def _entropy(counts: Sequence[int]) -> float:
    rows = sum(counts)
    return -math.fsum(count / rows * math.log(count / rows) for count in counts)


def _against_the_source(model: PrivacyModel, groups: Mapping[Key, Group], source: Source) -> Iterator[tuple[str, bool]]:
    """Yield the promises that compare a class with the whole source."""
    for position, one in enumerate(model.t or ()):
        away = _farthest(one, position, groups, source)
        yield f"t ({one.type}, {one.column})", away <= _exactly(one.value)
    for likeness in model.beta or ():
        whole = source.values[likeness.column]
        gains = (gain for group in groups.values() for gain in basic_gain(group.values[likeness.column], whole))
        bound = _exactly(likeness.value)
        enhanced = likeness.type == "enhanced"
        yield (
            f"beta ({likeness.type}, {likeness.column})",
            all(gain <= bound and (not enhanced or float(gain) <= -math.log(share) + SLACK) for gain, share in gains),
        )
    for disclosure in model.delta_disclosure or ():
        whole = source.values[disclosure.column]
        most = max(change(group.values[disclosure.column], whole) for group in groups.values())
        yield f"delta_disclosure ({disclosure.column})", most < disclosure.value


def _farthest(asked: Closeness, position: int, groups: Mapping[Key, Group], source: Source) -> Fraction:
    """Give the greatest distance of any class."""
    whole = source.values[asked.column]
    if asked.type == "equal":
        return max(equal(group.values[asked.column], whole) for group in groups.values())
    if asked.type == "ordered":
        return max(ordered([group.values[asked.column] for group in groups.values()], whole, asked.order))
    return max(hierarchical(group.values[asked.column], whole, source.labels[position]) for group in groups.values())


def _attained(model: PrivacyModel, groups: Mapping[Key, Group], source: Source) -> Iterator[tuple[str, Any]]:
    """Yield what the file attains, column by column; distances are rounded up to hundredths, for they tell of rows that were left out."""
    diverse = {one.column for one in model.l or ()}
    if diverse:
        yield "l", {name: min(len(group.values[name]) for group in groups.values()) for name in sorted(diverse)}
        entropies = {name: min(_entropy([*group.values[name].values()]) for group in groups.values()) for name in sorted(diverse)}
        yield "entropy_l", {name: round(math.exp(found), 2) for name, found in entropies.items()}
    if model.t:
        away = [(one, _farthest(one, position, groups, source)) for position, one in enumerate(model.t)]
        yield "t", {f"{one.column} ({one.type})": math.ceil(found * 100) / 100 for one, found in away}
    named = sensitive_columns(model)
    yield "certainty", {name: max(max(group.values[name].values()) / group.rows for group in groups.values()) for name in named}
    if source.population is not None:
        import numpy as np

        rows, persons = np.array([(group.rows, source.population.fit(key)) for key, group in groups.items()]).T
        yield from counted(rows, persons).items()


def _exactly(number: float) -> Fraction:
    """Give a number as it was typed: 0.1 is a tenth."""
    return Fraction(str(number))
