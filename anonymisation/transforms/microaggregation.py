"""Micro-aggregation: records that are alike form groups of at least k, and each gets the mean of its group (MDAV; see `_mdav`).

Columns that are micro-aggregated together have one grouping, so their values together occur at least k times as well. Columns are
standardised first, so that none weighs more for its unit. Records that miss some of the values form groups of their own kind; where fewer
than k miss the same ones, their values are left empty.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from anonymisation.transforms._mdav import groups
from anonymisation.transforms.base import Made, as_floats, in_type
from config.errors import IntegrityError, Message, RefusedError
from config.models.base import Text
from config.models.transform import TransformOptions

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from anonymisation.transforms.base import Job

FEW = Message(
    "transform.microaggregation-few",
    nl="Kolom {column}: er zijn te weinig rijen om groepen van {k} te maken. Laat de kolom weg.",
    en="Column {column}: there are too few rows to make groups of {k}. Drop the column.",
)
WRONG = Message(
    "transform.microaggregation-wrong",
    nl="Kolom {column}: een groep is kleiner dan beloofd. Er is niets gepubliceerd. Dit is een fout in het programma: meld hem.",
    en="Column {column}: a group is smaller than promised. Nothing was published. This is a fault in the program: report it.",
)
PUBLIC = b""
"""The key of the marks that order equal records: nothing is hidden by them."""


class Options(TransformOptions):
    """Micro-aggregation.

    Attributes:
        k: the least size of a group.
        together: other columns that share the groups.
        decimals: that means are rounded to, where the column is not whole; 2 when it is not given.
    """

    type: Literal["microaggregation"]
    k: Annotated[int, Field(ge=2, le=100_000)]
    together: tuple[str, ...] = ()
    decimals: Annotated[int, Field(ge=0, le=9)] | None = None

    def others(self) -> tuple[str, ...]:
        """Give the columns that share the groups."""
        return self.together


def apply(options: Options, job: Job) -> Made:
    """Replace values by the means of their groups, and count afterwards how often each published combination occurs."""
    import numpy as np

    names = [job.column, *options.together]
    values = np.column_stack([as_floats(job.records.column(name)) for name in names])
    values[~np.isfinite(values)] = np.nan
    made = np.full(values.shape, np.nan)
    marks = job.records.marks(PUBLIC)
    kinds, kind = np.unique(~np.isnan(values), axis=0, return_inverse=True)
    for number, present in enumerate(kinds):
        rows = np.flatnonzero(kind.reshape(-1) == number)
        if present.any() and len(rows) >= options.k:
            cells = np.ix_(rows, present)
            made[cells] = _means(values[cells], marks[rows], options.k)
    if len(values) and np.isnan(made).all() and not np.isnan(values).all():
        raise RefusedError(FEW.at(job.place, column=job.column, k=options.k))
    columns = {name: in_type(made[:, at], job.records.types[name], options.decimals) for at, name in enumerate(names)}
    told = Text(
        nl=f"Gemiddelde van een groep van minstens {options.k} rijen die op elkaar lijken.",
        en=f"Mean of a group of at least {options.k} rows that are alike.",
    )
    emptied = int((np.isnan(made) & ~np.isnan(values)).sum())
    return Made(columns, told, emptied, _smallest(columns, job.column, options.k))


def _means(values: np.ndarray, marks: np.ndarray, k: int) -> np.ndarray:
    """Give each record the means of its group."""
    import numpy as np

    # In canonical order: by value, equal ones by all else that is in the record.
    order = np.lexsort((marks[:, 1], marks[:, 0], *values.T[::-1]))
    ordered = values[order]
    group = groups(np.column_stack([_standard(column) for column in ordered.T]), k)
    sizes = np.bincount(group)
    made = np.empty_like(values)
    made[order] = np.column_stack([(np.bincount(group, weights=column) / sizes)[group] for column in ordered.T])
    return made


def _standard(column: np.ndarray) -> np.ndarray:
    """Give a column with mean 0 and spread 1."""
    mean = math.fsum(column.tolist()) / len(column)
    spread = math.sqrt(math.fsum(((column - mean) ** 2).tolist()) / len(column))
    standard: np.ndarray = (column - mean) / (spread or 1.0)
    return standard


def _smallest(columns: dict[str, pa.Array], column: str, k: int) -> int | None:
    """Count the published combinations again; give the least count, those where all is missing aside."""
    import pyarrow as pa
    import pyarrow.compute as pc

    counted = pa.table(columns).group_by(list(columns)).aggregate([([], "count_all")])
    empty = None
    for name in columns:
        empty = pc.is_null(counted.column(name)) if empty is None else pc.and_(empty, pc.is_null(counted.column(name)))
    left = counted.filter(pc.invert(empty)).column("count_all")
    smallest = pc.min(left).as_py()
    if smallest is not None and smallest < k:
        raise IntegrityError(WRONG.at(column=column))
    return smallest  # type: ignore[no-any-return]
