"""PRAM, the post-randomisation method: every value is replaced by chance, with chances that are known beforehand.

J. Gouweleeuw, P. Kooiman, L. Willenborg, P. de Wolf, "Post randomisation for statistical disclosure control: theory and implementation",
Journal of Official Statistics 14(4), 1998. With *invariant* the expected count of every value stays what it was: with a retention, a value
that does not stay is drawn from the column's own distribution t, so t P = t; with a matrix P, that is followed by going back by Bayes' rule
(ibid. §3.2): R = P Q with Q[k, l] = t[l] P[l, k] / (t P)[k].
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from anonymisation.transforms._draws import uniforms
from anonymisation.transforms.base import Made
from config.errors import ConfigurationError, Message
from config.models.base import SecretRef, Share, Text, WrongError
from config.models.transform import TransformOptions

if TYPE_CHECKING:
    import numpy as np

    from anonymisation.transforms.base import Job

MOST = 2_000
"""Different values a column may have: a matrix of their pairs is held."""
TOLERANCE = 1e-9

MANY = Message(
    "transform.pram-many",
    nl="Kolom {column} heeft {count} verschillende waarden; pram kan er hoogstens {most} aan. Maak haar eerst grover.",
    en="Column {column} has {count} different values; pram takes {most} at most. Make it coarser first.",
)
ABSENT = Message(
    "transform.pram-absent",
    nl="Kolom {column}: {count} verschillende waarden staan niet in `matrix`. Geef elke waarde een regel.",
    en="Column {column}: {count} different values are not in `matrix`. Give every value a line.",
)


class Options(TransformOptions):
    """Replacing values by chance.

    Attributes:
        retention: the chance that a value stays; the others share the rest equally, or with `invariant` as often as they occur.
        matrix: in its place: value → the chance of each value that it may become; every line adds up to 1.
        invariant: every value is expected to occur as often as before.
        seed: the secret that the draws come from, at least 32 characters.
    """

    fits = frozenset({"string", "integer", "boolean"})

    type: Literal["pram"]
    retention: Annotated[float, Field(gt=0, lt=1)] | None = None
    matrix: dict[str, dict[str, Share]] | None = None
    invariant: bool = False
    seed: SecretRef

    @model_validator(mode="after")
    def _chances(self) -> Self:
        """Have one of both, and lines that add up."""
        if (self.retention is None) == (self.matrix is None):
            raise WrongError("Noem `retention` of `matrix`, één van de twee.", "Name `retention` or `matrix`, one of the two.")
        lines = self.matrix or {}
        if any(abs(math.fsum(line.values()) - 1) > TOLERANCE or not set(line) <= set(lines) for line in lines.values()):
            raise WrongError(
                "Elke regel van `matrix` telt op tot 1, en elke waarde die erin voorkomt heeft een eigen regel.",
                "Every line of `matrix` adds up to 1, and every value in it has a line of its own.",
            )
        return self


def apply(options: Options, job: Job) -> Made:
    """Replace the values of a column; a missing value stays missing."""
    import numpy as np
    import pyarrow as pa

    from anonymisation.hierarchies.base import as_text, distinct_values

    values, codes = distinct_values(job.records.column(job.column))
    known = len(values) - values.null_count
    if known > MOST:
        raise ConfigurationError(MANY.at(job.place, column=job.column, count=known, most=MOST))
    counts = np.bincount(codes, minlength=len(values))[:known]
    words: list[str] = as_text(values.slice(0, known)).to_pylist()
    named, chances = (words, _even(options, counts)) if options.matrix is None else _given(options, job, words, counts)
    place = np.array([named.index(word) for word in words], dtype=np.int64)
    limits = np.cumsum(chances, axis=1)[place]
    limits[:, -1:] = 1.0
    drawn = uniforms(job.records, job.key(options.seed), 1)[:, 0]
    made = np.full(len(codes), -1, dtype=np.int64)
    order = np.argsort(codes, kind="stable")
    for code, rows in enumerate(np.split(order, np.cumsum(np.bincount(codes, minlength=len(values))))[:known]):
        made[rows] = np.searchsorted(limits[code], drawn[rows], side="right")
    pool = pa.array(named, pa.string()).cast(values.type)
    told = Text(
        nl="Een deel van de waarden is door toeval vervangen (PRAM); een losse rij zegt dus niets zeker.",
        en="Part of the values were replaced by chance (PRAM); so a single row says nothing for sure.",
    )
    return Made({job.column: pool.take(pa.array(made, mask=made < 0))}, told)


def _even(options: Options, counts: np.ndarray) -> np.ndarray:
    """Give the matrix of a retention."""
    import numpy as np

    size, stays = len(counts), options.retention or 0.0
    if size <= 1:
        return np.ones((size, size))
    if options.invariant:
        found: np.ndarray = stays * np.eye(size) + (1 - stays) * counts / counts.sum()
        return found
    rest = (1 - stays) / (size - 1)
    return np.full((size, size), rest) + (stays - rest) * np.eye(size)


def _given(options: Options, job: Job, words: list[str], counts: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Give the values of a matrix, sorted, and its chances."""
    import numpy as np

    matrix = options.matrix or {}
    named = sorted(matrix)
    if absent := len(set(words) - set(named)):
        raise ConfigurationError(ABSENT.at(job.place, column=job.column, count=absent))
    chances = np.array([[matrix[word].get(other, 0.0) for other in named] for word in named])
    if not options.invariant:
        return named, chances
    share = np.zeros(len(named))
    share[[named.index(word) for word in words]] = counts
    became = share @ chances
    back = np.divide((share[:, None] * chances).T, became[:, None], out=np.eye(len(named)), where=became[:, None] > 0)
    return named, chances @ back
