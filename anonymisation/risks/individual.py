"""The chance that a row is the one person it is taken for, when only the size of the population is known.

R. Benedetti, L. Franconi, "Statistical and technological solutions for controlled data dissemination", New Techniques and Technologies for
Statistics 1998: the persons F of a class with f rows follow a negative binomial distribution with p = rows / persons of the population; the
risk is E[1/F | f] = the integral over 0..1 of u^(f-1) p / (p + q u), with q = 1 - p. (mu-Argus and sdcMicro call it the individual risk.)
"""

from __future__ import annotations

import math

FORWARD = 50
"""Up to this size the recurrence is used, where it is stable (p below a half)."""
PRECISION = 1e-15


def expected_inverse(rows: int, fraction: float) -> float:
    """Give E[1/F] of a class of so many rows.

    Args:
        rows: of the class, above 0.
        fraction: rows of the data / persons of the population, above 0 and at most 1.
    """
    if fraction >= 1:
        return 1 / rows
    if fraction < 0.5 and rows <= FORWARD:  # noqa: PLR2004 - errors shrink by p / q a step
        return _forward(rows, fraction)
    return _series(rows, fraction)


def _forward(rows: int, p: float) -> float:
    """Start at f = 1, where it is (p / q) log(1 / p), and step up: I(f + 1) = (p / q) (1 / f - I(f))."""
    odds = p / (1 - p)
    found = odds * math.log(1 / p)
    for size in range(1, rows):
        found = odds * (1 / size - found)
    return found


def _series(rows: int, p: float) -> float:
    """Add up the hypergeometric series: (p / f) 2F1(1, 1; f + 1; q)."""
    term, total, step = 1.0, 0.0, 0
    while term > PRECISION * total:
        total += term
        step += 1
        term *= step * (1 - p) / (rows + step)
    return min(p * total / rows, 1.0)
