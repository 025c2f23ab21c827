"""What a plain scalar of YAML means here: the words of YAML 1.2 for empty and yes/no, numbers as JSON writes them, all else text.

YAML 1.1, which PyYAML follows by itself, reads ``no`` as false, ``0392`` as octal, ``1:30`` as sixty-based and ``2024-01-01`` as a date; a
municipality code, an answer or a telephone number then changes silently. Source: YAML 1.2.2 §10.2 and §10.3.
"""

from __future__ import annotations

import math
import re

NULL = frozenset({"", "~", "null", "Null", "NULL"})
TRUE = frozenset({"true", "True", "TRUE"})
FALSE = frozenset({"false", "False", "FALSE"})
INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
FLOAT = re.compile(r"-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
NOT_FINITE = frozenset(f"{sign}.{word}" for sign in ("", "-", "+") for word in ("inf", "Inf", "INF")) | {".nan", ".NaN", ".NAN"}
DIGITS = 100
"""A longer number is a mistake; it would also be slow to read."""


class UnusableNumberError(ValueError):
    """A number that no declaration needs: infinite, not a number, or with very many digits."""


def resolve(text: str) -> str | int | float | bool | None:
    """Give the value of an unquoted scalar; UnusableNumberError for one that is not finite or too long."""
    if text in NULL:
        return None
    if text in TRUE or text in FALSE:
        return text in TRUE
    if text in NOT_FINITE:
        raise UnusableNumberError
    if INTEGER.fullmatch(text):
        return int(_short(text))
    if FLOAT.fullmatch(text):
        number = float(_short(text))
        if not math.isfinite(number):
            raise UnusableNumberError
        return number
    return text


def _short(text: str) -> str:
    if len(text) > DIGITS:
        raise UnusableNumberError
    return text
