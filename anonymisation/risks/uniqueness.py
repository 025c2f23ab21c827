"""How many persons are unique in the population, estimated from the sizes of the classes of a sample.

Three estimators and the rule that chooses between them: F. Dankar, K. El Emam, A. Neisa, T. Roffey, "Estimating the re-identification risk
of clinical data sets", BMC Medical Informatics and Decision Making 12:66, 2012. The share is that of persons of the population who are
alone with their quasi-identifiers. An estimator that finds no answer gives None: no number is better than a made-up one.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from anonymisation.risks.pitman import pitman
from anonymisation.risks.slide import slide_negative_binomial

if TYPE_CHECKING:
    from collections.abc import Mapping

SPARSE = 0.1
"""Up to this sampling fraction Pitman's model is the best of the three (Dankar and others 2012)."""


def population_uniqueness(counts: Mapping[int, int], rows: int, size: int) -> dict[str, Any]:
    """Give every estimate of the share of unique persons, and the one that is chosen.

    Args:
        counts: size of class → how many classes have it.
        rows: the rows that were drawn from the population.
        size: the persons of the population.

    Returns:
        `population_uniques`, the chosen share, and `population_model`, what gave it: ``pitman``, ``zayatz``, ``snb``, or ``counted`` where
        nothing is estimated: nobody is alone in the sample, or the sample is everybody; and the share of each estimator.
    """
    alone = counts.get(1, 0)
    if not alone or rows >= size:
        share = round(alone / rows, 6) if rows else 0.0
        return {"population_uniques": share, "population_model": "counted"}
    found = {
        "pitman": _share(pitman(counts, size), size),
        "zayatz": _share(zayatz(counts, rows, size), size),
        "snb": _share(slide_negative_binomial(counts, rows / size), size),
    }
    chosen = dankar(found, rows / size)
    return {
        "population_uniques": found[chosen],
        "population_model": chosen,
        **{f"population_{name}": share for name, share in found.items()},
    }


def dankar(found: Mapping[str, float | None], fraction: float) -> str:
    """Choose an estimator, as Dankar and others advise.

    A small sample: Pitman. Otherwise the lower of Zayatz, which is too high there as a rule, and the slide negative binomial. Zayatz
    always has an answer.
    """
    if fraction <= SPARSE:
        return "pitman" if found["pitman"] is not None else "zayatz"
    slide, plain = found["snb"], found["zayatz"]
    return "zayatz" if slide is None or (plain is not None and plain < slide) else "snb"


def zayatz(counts: Mapping[int, int], rows: int, size: int) -> float:
    """Estimate the unique persons by Zayatz' method; `rows` below `size`.

    L. Zayatz, "Estimation of the percent of unique population elements on a microdata file using the sample", US Bureau of the Census 1991:
    were the classes of the population spread as those of the sample, a class that is alone in the sample would be alone in the population
    with chance P(1 | 1) f1 / sum of P(1 | i) fi, in which P(1 | i) is hypergeometric: one of i persons is drawn.
    """
    weights = {length: _drawn_once(length, rows, size) * times for length, times in counts.items()}
    alone = counts.get(1, 0)
    if not alone:
        return 0.0
    return alone * weights[1] / math.fsum(weights.values()) * size / rows


def _drawn_once(persons: int, rows: int, size: int) -> float:
    """Give the chance that exactly one of some persons is among the rows: i C(N - i, n - 1) / C(N, n)."""
    if rows - 1 > size - persons:
        return 0.0
    log = (
        _log_choose(size - persons, rows - 1) - _log_choose(size, rows) + math.log(persons)
    )  # logarithms: the numbers themselves have too many digits
    return math.exp(log)


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _share(uniques: float | None, size: int) -> float | None:
    """Give persons as a share of the population; what cannot be a share is no answer."""
    if uniques is None or not math.isfinite(uniques) or not 0 <= uniques <= size:
        return None
    return round(uniques / size, 6)
