"""Additive noise: to every value a draw from a normal distribution is added, as wide as a share of the column's own spread.

With several columns together the noise is correlated as they are (its covariance is share squared times theirs), so that their
correlations stay: J. Kim, "A method for limiting disclosure in microdata based on random noise and transformation", ASA Survey Research
Methods, 1986. The mean stays, the variance grows by the factor 1 + share squared.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from anonymisation.transforms._draws import uniforms
from anonymisation.transforms.base import Made, as_floats, in_type
from config.models.base import SecretRef, Text
from config.models.transform import TransformOptions

if TYPE_CHECKING:
    import numpy as np

    from anonymisation.transforms.base import Job


class Options(TransformOptions):
    """Additive noise.

    Attributes:
        share: the standard deviation of the noise, as a share of that of the column.
        together: other columns that get noise too, correlated as the columns are.
        decimals: that values are rounded to; 2 when it is not given.
        seed: the secret that the draws come from, at least 32 characters.
    """

    # A column of whole numbers counts something: with noise a count is no count any more.
    fits = frozenset({"number", "decimal"})

    type: Literal["noise"]
    share: Annotated[float, Field(gt=0, le=10)]
    together: tuple[str, ...] = ()
    decimals: Annotated[int, Field(ge=0, le=9)] | None = None
    seed: SecretRef

    def others(self) -> tuple[str, ...]:
        """Give the columns that get noise too."""
        return self.together


def apply(options: Options, job: Job) -> Made:
    """Add noise; a missing value stays missing."""
    import numpy as np

    names = [job.column, *options.together]
    values = np.column_stack([as_floats(job.records.column(name)) for name in names])
    factor = _lower(_covariance(values))
    draws = uniforms(job.records, job.key(options.seed), len(names))
    quantile = NormalDist().inv_cdf
    normal = np.array([quantile(draw) for draw in draws.reshape(-1).tolist()]).reshape(draws.shape)
    # Term by term: the order in which a product of matrices adds up is not the same on every machine.
    noise = np.zeros_like(values)
    for row in range(len(names)):
        for column in range(row + 1):
            noise[:, row] += options.share * factor[row][column] * normal[:, column]
    told = Text(
        nl="Bij elke waarde is een klein toevallig getal opgeteld (ruis); gemiddelden kloppen nog, een losse waarde niet.",
        en="A small chance number was added to every value (noise); averages still hold, a single value does not.",
    )
    made = values + noise
    return Made({name: in_type(made[:, at], job.records.types[name], options.decimals) for at, name in enumerate(names)}, told)


def _covariance(values: np.ndarray) -> list[list[float]]:
    """Give the covariance of the columns over the records that have all of them; sums are rounded once, so order does not matter."""
    import numpy as np

    whole = values[np.isfinite(values).all(axis=1)]
    size, width = whole.shape
    if size < 2:  # noqa: PLR2004 - one record has no spread
        return [[0.0] * width for _ in range(width)]
    centred = whole - [math.fsum(column.tolist()) / size for column in whole.T]
    return [[math.fsum((centred[:, a] * centred[:, b]).tolist()) / (size - 1) for b in range(width)] for a in range(width)]


def _lower(matrix: list[list[float]]) -> list[list[float]]:
    """Give the Cholesky factor of a covariance; a column that others determine adds nothing of its own."""
    size = len(matrix)
    found = [[0.0] * size for _ in range(size)]
    for row in range(size):
        for column in range(row + 1):
            rest = matrix[row][column] - math.fsum(found[row][at] * found[column][at] for at in range(column))
            if row == column:
                found[row][row] = math.sqrt(max(rest, 0.0))
            else:
                found[row][column] = rest / found[column][column] if found[column][column] > 0 else 0.0
    return found
