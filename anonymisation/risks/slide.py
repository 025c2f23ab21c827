"""The slide negative binomial: a class of the population has one person, and beyond that a negative binomial number.

G. Chen, S. Keller-McNulty, "Estimation of identification disclosure risk in microdata", Journal of Official Statistics 14(1), 1998: each of
K classes has F persons with P(F = i) = C(a + i - 2, i - 1) b^a (1 - b)^(i - 1), and each person is drawn with chance pi. The parameters a
and b are those at which as many classes of one and of two rows are expected as there are; the unique persons are K b^a. K is Shlosser's
estimate as modified by P. Haas, L. Stokes, "Estimating the number of classes in a finite population", JASA 93, 1998.
"""

from __future__ import annotations

import math
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Point = tuple[float, float]

STARTS = tuple(product((0.0, -2.0, 2.0, -4.0), (0.0, -2.0, 2.0, -4.0, 4.0)))
"""Where Newton's method starts, one after the other: log a, and the log-odds of b."""
STEPS = 60
NEAR = 1e-10
FAR = 30.0
"""Beyond e^30 and e^-30 there is no answer any more."""
NUDGE = 1e-6


def slide_negative_binomial(counts: Mapping[int, int], fraction: float) -> float | None:
    """Estimate the unique persons; None where the equations have no solution that Newton's method finds.

    Args:
        counts: size of class → how many classes of the sample have it.
        fraction: rows / persons of the population, above 0 and below 1.
    """
    if not counts.get(1) or not counts.get(2):
        return None
    classes = shlosser(counts, fraction)
    aims = (math.log(counts[1] / classes), math.log(counts[2] / classes))
    for start in STARTS:
        found = _solved(start, aims, fraction)
        if found is not None:
            a, b = _parameters(found)
            return classes * math.exp(a * math.log(b))
    return None


def shlosser(counts: Mapping[int, int], fraction: float) -> float:
    """Estimate how many classes the population has; at least those of the sample."""
    q = fraction
    pairs = sorted(counts.items())
    twice = math.fsum(i * q * q * (1 - q * q) ** (i - 1) * times for i, times in pairs)
    apart = math.fsum(((1 - q * q) ** i - (1 - q) ** i) * times for i, times in pairs)
    missed = math.fsum((1 - q) ** i * times for i, times in pairs)
    once = math.fsum(i * q * (1 - q) ** (i - 1) * times for i, times in pairs)
    return sum(counts.values()) + counts.get(1, 0) * twice / apart * (missed / once) ** 2


def expected(a: float, b: float, fraction: float) -> tuple[float, float]:
    """Give the logarithms of the chances that a class has one row, and two."""
    x = (1 - fraction) * (1 - b)
    left = math.log1p(-x)
    one = math.log(fraction) + a * (math.log(b) - left) + math.log1p(a * x / (1 - x))
    two = 2 * math.log(fraction) - math.log(2) + math.log(a) + math.log1p(-b) + a * math.log(b) - (a + 2) * left + math.log(2 - (1 - a) * x)
    return one, two


def _parameters(point: Point) -> Point:
    return math.exp(point[0]), 1 / (1 + math.exp(-point[1]))


def _solved(start: Point, aims: Point, fraction: float) -> Point | None:
    """Solve the two equations by Newton's method with halved steps; None where that leads nowhere."""
    point = start
    missed = _missed(point, aims, fraction)
    for _ in range(STEPS):
        if max(map(abs, missed)) < NEAR:
            return point
        step = _step(point, missed, aims, fraction)
        if step is None:
            return None
        for _halved in range(30):
            tried = (point[0] + step[0], point[1] + step[1])
            if max(map(abs, tried)) < FAR:
                left = _missed(tried, aims, fraction)
                if math.hypot(*left) < math.hypot(*missed):
                    point, missed = tried, left
                    break
            step = (step[0] / 2, step[1] / 2)
        else:
            return None
    return None


def _missed(point: Point, aims: Point, fraction: float) -> Point:
    one, two = expected(*_parameters(point), fraction)
    return one - aims[0], two - aims[1]


def _step(point: Point, missed: Point, aims: Point, fraction: float) -> Point | None:
    """Give Newton's step, with derivatives by small differences."""
    right = _missed((point[0] + NUDGE, point[1]), aims, fraction)
    up = _missed((point[0], point[1] + NUDGE), aims, fraction)
    (p, r), (q, s) = (tuple((new - old) / NUDGE for new, old in zip(near, missed, strict=True)) for near in (right, up))
    determinant = p * s - q * r
    if abs(determinant) < 1e-14:  # noqa: PLR2004 - as good as parallel
        return None
    return (q * missed[1] - s * missed[0]) / determinant, (r * missed[0] - p * missed[1]) / determinant
