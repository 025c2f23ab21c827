"""Numbers and booleans out of text.

Arrow's own parsers do the work while a batch is clean. They also take ``0x1F``, ``nan`` and ``inf``, and a decimal comma has to be swapped
for a point first; so a batch that could hold such a cell, or in which parsing fails, goes the careful way: a grammar judges every cell in
Arrow, and only what it lets through is parsed. Both ways give the same values.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.types import DECIMAL_PRECISION, DECIMAL_SCALE
from sources.cells import Converted, blanks_as_null, data_of, judged

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pyarrow as pa

    from sources.cells import Conventions

_INT64 = 2**63


def without(text: pa.Array, nulls: tuple[str, ...]) -> pa.Array:
    """Give text as a plain string array with empty cells and the texts of `nulls` as null."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = text.cast(pa.string())
    for null in ("", *nulls):
        hit = pc.equal(text, null)
        if hit.true_count:
            text = pc.if_else(hit, pa.scalar(None, pa.string()), text)
    return text


def integers(text: pa.Array, conventions: Conventions) -> Converted:
    """Whole numbers; ``1284.0`` is one, ``12.5`` is not."""
    import pyarrow as pa

    if not _holds(text, b"xX"):
        try:
            return Converted(text.cast(pa.int64()))
        except pa.ArrowInvalid:
            pass
    digits = _replace(_plain(text, conventions, "integer"), r"\.0*$", "")
    return judged(blanks_as_null(text), _bounded(digits))


def numbers(text: pa.Array, conventions: Conventions) -> Converted:
    """Floating-point numbers, finite ones only."""
    import pyarrow as pa
    import pyarrow.compute as pc

    swapped = _swapped(text, conventions)
    if swapped is not None and not _holds(swapped, b"nN"):  # nan, inf, infinity
        try:
            values = swapped.cast(pa.float64())
        except pa.ArrowInvalid:
            pass
        else:
            if pc.all(pc.is_finite(values), min_count=0).as_py():
                return Converted(values)
    values = _plain(text, conventions, "number").cast(pa.float64())
    return judged(blanks_as_null(text), pc.if_else(pc.is_finite(values), values, pa.scalar(None, pa.float64())))


def decimals(text: pa.Array, conventions: Conventions) -> Converted:
    """Exact numbers with at most nine decimals; what does not fit is bad, never rounded."""
    import pyarrow as pa

    kind = pa.decimal128(DECIMAL_PRECISION, DECIMAL_SCALE)
    swapped = _swapped(text, conventions)
    if swapped is not None and not _holds(swapped, b"eE"):
        try:
            return Converted(swapped.cast(kind))
        except pa.ArrowInvalid:
            pass
    # Arrow counts zeros at both ends as digits of precision
    shorter = _replace(_plain(text, conventions, "decimal"), r"(\.[0-9]*?)0*$", r"\1")
    shorter = _replace(_replace(shorter, r"\.$", ""), r"^(-?)0+([0-9])", r"\1\2")
    return judged(blanks_as_null(text), shorter.cast(kind))


NUMBERS: Mapping[str, Callable[[pa.Array, Conventions], Converted]] = {"integer": integers, "number": numbers, "decimal": decimals}
"""The parser of each numeric type."""


def booleans(text: pa.Array, form: str | None) -> Converted:
    """Truth values: ``true``, ``false``, ``1`` and ``0``, or the two words of `form` (``ja|nee``); capitals do not count."""
    import pyarrow as pa
    import pyarrow.compute as pc

    yes, no = ([word] for word in form.casefold().split("|", 1)) if form else (["true", "1"], ["false", "0"])
    present = blanks_as_null(text)
    words = pc.utf8_lower(present)
    true, false = (pc.is_in(words, value_set=pa.array(group)) for group in (yes, no))
    return judged(present, pc.if_else(pc.or_(true, false), true, pa.scalar(None, pa.bool_())))


def _replace(text: pa.Array, pattern: str, replacement: str) -> pa.Array:
    """Replace every match of a pattern (RE2)."""
    import pyarrow.compute as pc

    return pc.replace_substring_regex(text, pattern, replacement)


def _plain(text: pa.Array, conventions: Conventions, kind: str) -> pa.Array:
    """Give the cells that the grammar lets through as plain numbers with a point; null for the others."""
    import pyarrow as pa
    import pyarrow.compute as pc

    trimmed = blanks_as_null(text)
    good = pc.match_substring_regex(trimmed, _grammar(conventions, kind))
    plain = _replace(pc.if_else(good, trimmed, pa.scalar(None, pa.string())), r"^\+", "")
    if conventions.thousands:
        plain = pc.replace_substring(plain, conventions.thousands, "")
    return plain if conventions.decimal == "." else pc.replace_substring(plain, conventions.decimal, ".")


def _grammar(conventions: Conventions, kind: str) -> str:
    """Give the pattern (RE2) of a number: with a thousands mark every group behind the first has three digits."""
    point = re.escape(conventions.decimal)
    whole = {"integer": "0*[0-9]{1,38}", "number": "[0-9]+", "decimal": "0*[0-9]{1,29}"}[kind]
    if conventions.thousands:
        whole = rf"(?:{whole}|[0-9]{{1,3}}(?:{re.escape(conventions.thousands)}[0-9]{{3}}){{1,8}})"
    match kind:
        case "integer":
            return rf"^[+-]?{whole}(?:{point}0*)?$"
        case "decimal":
            return rf"^[+-]?(?:{whole}(?:{point}[0-9]{{0,{DECIMAL_SCALE}}}0*)?|{point}[0-9]{{1,{DECIMAL_SCALE}}}0*)$"
        case _:
            return rf"^[+-]?(?:{whole}(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?$"


def _bounded(digits: pa.Array) -> pa.Array:
    """Parse up to 38 digits and keep what fits in 64 bits."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = pa.decimal128(38, 0)
    wide = _replace(digits, r"^(-?)0+([0-9])", r"\1\2").cast(kind)
    fits = pc.and_(pc.greater_equal(wide, pa.scalar(-_INT64, kind)), pc.less_equal(wide, pa.scalar(_INT64 - 1, kind)))
    return pc.if_else(fits, wide, pa.scalar(None, kind)).cast(pa.int64())


def _swapped(text: pa.Array, conventions: Conventions) -> pa.Array | None:
    """Give text with its decimal mark as a point; None where that needs care: a thousands mark, or points already there."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if conventions.thousands or (conventions.decimal != "." and _holds(text, b".")):
        return None
    data = data_of(text)
    if conventions.decimal == "." or data is None:
        return text
    validity, offsets, _ = text.buffers()
    if text.offset or np.frombuffer(offsets, np.int32, 1)[0]:  # a slice: its offsets are not those of `data`
        return pc.replace_substring(text, conventions.decimal, ".")
    swapped = np.where(data == ord(conventions.decimal), np.uint8(ord(".")), data)
    return pa.StringArray.from_buffers(len(text), offsets, pa.py_buffer(swapped), validity, text.null_count)


def _holds(text: pa.Array, letters: bytes) -> bool:
    """Whether any value has one of these letters."""
    data = data_of(text)
    return data is not None and any((data == letter).any() for letter in letters)
