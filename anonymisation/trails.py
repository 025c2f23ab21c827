"""Which pseudonyms may stay: those of people of whom enough others left the same trail.

A pseudonym links the rows of one person, so the classes those rows are in together, the *trail*, can point somebody out even where each
class is large. A release with pseudonyms is therefore judged with the trail as what is known of a person:

* a pseudonym stays only where the people with the same trail pass every model of sizes, counted in people (at least k of them);
* their rows in each class pass every model by themselves;
* so do the rows of a class whose pseudonym is empty: that it is empty can be seen.

Elsewhere the pseudonyms of all people with that trail are left empty; their rows stay. Where a model of a sensitive column is asked, only
people with one row keep theirs: linked rows would tell which values go together in one person, and no such model speaks of that.

Leaving pseudonyms empty makes the empty part of a class larger and never splits it, so repeating this ends; at the latest with every
pseudonym empty, and then the classes are those that passed.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anonymisation.models.base import ClassTable, Guarantee, class_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np

    from anonymisation.tuples import Coded
    from engine.session import Session

ATTEMPTS = 100
"""Trails that are emptied one at a time; after that all that are in the way at once."""


@dataclass(frozen=True, slots=True)
class Linked:
    """The rows of a release as far as pseudonyms link them.

    Attributes:
        classes: int64, the class of each row, 0 up to the number of classes.
        people: int64, the person of each row, 0 up to the number of people; -1 where there is no pseudonym.
        sensitive: sensitive column → the code of the value in each row.
    """

    classes: np.ndarray
    people: np.ndarray
    sensitive: Mapping[str, np.ndarray]

    def table(self, rows: np.ndarray, groups: np.ndarray) -> ClassTable:
        """Count some rows in groups, which are 0 to their largest."""
        import numpy as np

        count = int(groups.max(initial=-1)) + 1
        ones = np.ones(len(rows), dtype=np.int64)
        return class_table(groups, count, ones, {name: codes[rows] for name, codes in self.sensitive.items()})


def empty_pseudonyms(
    session: Session, path: Path, column: str, quasi: Sequence[str], guarantee: Guarantee, sensitive: Sequence[Coded]
) -> int:
    """Leave out of a written file every pseudonym that links too much; give how many cells that were.

    Args:
        session: the engine.
        path: the protected rows, Parquet; written anew, sorted on all columns, where something changes.
        column: the pseudonyms.
        quasi: the columns that make the classes.
        guarantee: what must hold.
        sensitive: the columns that it looks at, with all their values.
    """
    import numpy as np

    linked = read(path, column, quasi, [one for one in sensitive if one.name in guarantee.columns])
    emptied = unlinked(linked, guarantee) & (linked.people >= 0)
    if emptied.any():
        _rewrite(session, path, column, emptied)
    return int(np.count_nonzero(emptied))


def read(path: Path, column: str, quasi: Sequence[str], sensitive: Sequence[Coded]) -> Linked:
    """Read the classes, people and sensitive values of a file."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from anonymisation.hierarchies.base import distinct_values

    names = list(dict.fromkeys([column, *quasi, *(one.name for one in sensitive)]))
    with pq.ParquetFile(path) as file:
        table = file.read(columns=names)
    keys = np.zeros(len(table), dtype=np.int64)
    # In the order of names and values, so that classes have the same numbers wherever the columns stand.
    for name in sorted(quasi):
        codes = distinct_values(table.column(name))[1]
        keys = np.unique(keys * (int(codes.max(initial=0)) + 1) + codes, return_inverse=True)[1]
    found = {
        one.name: pc.index_in(table.column(one.name).cast(one.values.type), value_set=pa.array(one.values)).to_numpy().astype(np.int64)
        for one in sensitive
    }
    people = table.column(column)
    missing = people.is_null().to_numpy()
    persons = np.full(len(table), -1, dtype=np.int64)
    persons[~missing] = distinct_values(people.filter(people.is_valid()))[1]
    return Linked(keys, persons, found)


def unlinked(linked: Linked, guarantee: Guarantee) -> np.ndarray:
    """Say of each row whether its pseudonym is, or has to be, left out (bool)."""
    import numpy as np

    trails, groups, lengths = _trails(linked)
    if not len(lengths):
        return np.ones(len(groups), dtype=bool)
    persons = np.bincount(trails, minlength=len(lengths)).astype(np.int64)
    sizes = Guarantee(tuple(one for one in guarantee.classwise if one.column is None))
    gone = sizes.failing(ClassTable(persons))
    if guarantee.columns:
        gone |= lengths > 1
    gone |= _failing_parts(linked, groups, guarantee, len(lengths))
    for attempt in itertools.count():
        open_ = np.flatnonzero((groups < 0) | gone[groups])
        failing = _failing_classes(linked, open_, guarantee)
        touched = _touched(linked, groups, gone, failing)
        if not len(touched):
            break
        # The trail that mends most classes, then that of the fewest people: one at a time, so that no more is left empty than is needed.
        mended = np.bincount(touched, minlength=len(gone))
        best = np.lexsort((np.arange(len(gone)), persons, -mended))[:1]
        gone[best if attempt < ATTEMPTS else touched] = True
    if _overall_fails(linked, groups, gone, persons, guarantee):
        gone[:] = True
    found: np.ndarray = (groups < 0) | gone[groups]
    return found


def _trails(linked: Linked) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Number the trails.

    Returns:
        the trail of each person, the trail of each row (-1 without a pseudonym), the rows that a person with each trail has.
    """
    import numpy as np

    rows = np.flatnonzero(linked.people >= 0)
    order = rows[np.lexsort((linked.classes[rows], linked.people[rows]))]
    steps = linked.classes[order]
    ends = np.cumsum(np.bincount(linked.people[order])).tolist() if len(order) else []
    known: dict[bytes, int] = {}
    start, trails = 0, []
    for end in ends:
        trails.append(known.setdefault(steps[start:end].tobytes(), len(known)))
        start = end
    # Numbered by what they are, not by who comes first.
    number = {trail: at for at, trail in enumerate(sorted(known))}
    rank = np.array([number[trail] for trail in known], dtype=np.int64)
    of_person = rank[np.array(trails, dtype=np.int64)] if trails else rank
    of_row = np.full(len(linked.people), -1, dtype=np.int64)
    of_row[rows] = of_person[linked.people[rows]]
    return of_person, of_row, np.array([len(trail) // steps.itemsize for trail in sorted(known)], dtype=np.int64)


def _failing_parts(linked: Linked, groups: np.ndarray, guarantee: Guarantee, count: int) -> np.ndarray:
    """Say of each trail whether its rows in some class fail by themselves."""
    import numpy as np

    from anonymisation.keys import dense

    found = np.zeros(count, dtype=bool)
    rows = np.flatnonzero(groups >= 0)
    if not len(rows):
        return found
    parts, _ = dense(linked.classes[rows] * count + groups[rows])
    failing = guarantee.failing(linked.table(rows, parts))
    found[groups[rows[failing[parts]]]] = True
    return found


def _failing_classes(linked: Linked, rows: np.ndarray, guarantee: Guarantee) -> np.ndarray:
    """Say of each class whether some rows of it, those without pseudonym, fail by themselves; not where it has no such rows."""
    import numpy as np

    if not len(rows):
        return np.zeros(0, dtype=bool)
    table = linked.table(rows, linked.classes[rows])
    failing: np.ndarray = guarantee.failing(table) & (table.sizes > 0)
    return failing


def _touched(linked: Linked, groups: np.ndarray, gone: np.ndarray, failing: np.ndarray) -> np.ndarray:
    """Give the trails through failing classes whose pseudonyms are still there, once for every class."""
    import numpy as np

    there = np.flatnonzero(np.isin(linked.classes, np.flatnonzero(failing)) & (groups >= 0))
    pairs = np.unique(np.stack([groups[there], linked.classes[there]]), axis=1)
    found: np.ndarray = pairs[0][~gone[pairs[0]]]
    return found


def _overall_fails(linked: Linked, groups: np.ndarray, gone: np.ndarray, persons: np.ndarray, guarantee: Guarantee) -> bool:
    """Say whether a model of the whole fails, trails counted in people and the rest of each class in rows."""
    import numpy as np

    if not guarantee.overall:
        return False
    rest = np.bincount(linked.classes[(groups < 0) | gone[groups]])
    sizes = np.sort(np.concatenate([persons[~gone], rest[rest > 0]]))
    return any(one.excess(sizes) for one in guarantee.overall)


def _rewrite(session: Session, path: Path, column: str, emptied: np.ndarray) -> None:
    """Write the file anew, without some pseudonyms."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    from engine.parquet import sink

    unsorted = path.with_name(f"{path.stem}.linked{path.suffix}")
    try:
        with pq.ParquetFile(path) as file:
            schema, done = file.schema_arrow, 0
            with sink(unsorted, schema) as into:
                for batch in file.iter_batches():
                    mask = pa.array(emptied[done : done + batch.num_rows])
                    at = schema.get_field_index(column)
                    into.write(batch.set_column(at, schema.field(at), pc.if_else(mask, None, batch.column(at))))
                    done += batch.num_rows
        session.write(session.parquet(unsorted), path, order=schema.names)
    finally:
        unsorted.unlink(missing_ok=True)
