"""Pitman's sampling formula: the sizes of classes as those of a random partition with two parameters.

N. Hoshino, "Applying Pitman's sampling formula to microdata disclosure risk assessment", Journal of Official Statistics 17(4), 2001. The
parameters theta and alpha (0 < alpha < 1, theta > -alpha) are those that make the partition of the sample likeliest; a population of N
persons then has N (theta + alpha)_(N-1) / (theta + 1)_(N-1) unique ones on average, in which (x)_n = x (x + 1) ... (x + n - 1).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

GOLDEN = (math.sqrt(5) - 1) / 2
STEPS = 70
EDGE = 1e-4
"""A maximum this near the edge of what is allowed is none: the likelihood goes on rising beyond it."""
WIDEST = 25.0
"""Theta + alpha is looked for between e^-25 and e^25."""


def pitman(counts: Mapping[int, int], size: int) -> float | None:
    """Estimate the unique persons; None where the likelihood has no maximum inside the range of the parameters.

    Args:
        counts: size of class → how many classes of the sample have it.
        size: the persons of the population.
    """
    rows = sum(length * times for length, times in counts.items())
    classes = sum(counts.values())
    if classes < 2 or classes == rows:  # noqa: PLR2004 - of one class, or of rows that are all alone, nothing can be learnt
        return None

    def best_log(alpha: float) -> float:
        return highest(lambda log: _of_theta(math.exp(log) - alpha, alpha, classes, rows), -WIDEST, WIDEST)

    def likelihood(alpha: float) -> float:
        return _of_theta(math.exp(best_log(alpha)) - alpha, alpha, classes, rows) + _of_alpha(alpha, counts)

    alpha = highest(likelihood, 0.0, 1.0)
    log = best_log(alpha)
    if not EDGE < alpha < 1 - EDGE or abs(log) > WIDEST * (1 - EDGE):
        return None
    return expected_uniques(math.exp(log) - alpha, alpha, size)


def expected_uniques(theta: float, alpha: float, size: int) -> float:
    """Give the unique persons that a population of this size has on average."""
    rising = math.lgamma(theta + alpha + size - 1) - math.lgamma(theta + alpha)
    return size * math.exp(rising - (math.lgamma(theta + size) - math.lgamma(theta + 1)))


def highest(function: Callable[[float], float], low: float, high: float) -> float:
    """Find where a function with one top has it, strictly between two numbers, by golden section."""
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_left, at_right = function(left), function(right)
    for _ in range(STEPS):
        if at_left < at_right:
            low, left, at_left = left, right, at_right
            right = low + GOLDEN * (high - low)
            at_right = function(right)
        else:
            high, right, at_right = right, left, at_left
            left = high - GOLDEN * (high - low)
            at_left = function(left)
    return (low + high) / 2


def _of_theta(theta: float, alpha: float, classes: int, rows: int) -> float:
    """Give the part of the log-likelihood with theta: the sum of log(theta + i alpha) less that of log(theta + i)."""
    ratio = theta / alpha
    joined = (classes - 1) * math.log(alpha) + math.lgamma(ratio + classes) - math.lgamma(ratio + 1)
    return joined - math.lgamma(theta + rows) + math.lgamma(theta + 1)


def _of_alpha(alpha: float, counts: Mapping[int, int]) -> float:
    """Give the part with alpha alone: the sum over classes of log(1 - alpha) + ... + log(f - 1 - alpha)."""
    first = math.lgamma(1 - alpha)
    return math.fsum(times * (math.lgamma(length - alpha) - first) for length, times in counts.items())
