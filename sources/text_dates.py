"""Dates and date-times out of text, by strptime codes or ISO 8601.

Cells of one width (``31-12-2024``) are read digit by digit in numpy. Other ways of writing are read once for each distinct text by
the strict parser of Python. Both know how long a month is: Arrow's strptime makes 2 March of 31 February, so it is not used.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sources.cells import Converted, blanks_as_null, data_of, judged
from sources.clock import in_utc

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import pyarrow as pa

    from sources.cells import Bytes

ISO_DATE = "%Y-%m-%d"
_WIDTHS = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2}
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)0*(Z|[+-]\d{2}:?\d{2})?)?", re.ASCII)
# Arrow alone would take an hour without minutes
_PLAIN_ISO = r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?)?$"
_MIDNIGHT = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_MONTHS = {
    "mrt": "Mar",
    "mei": "May",
    "okt": "Oct",
    "januari": "January",
    "februari": "February",
    "maart": "March",
    "juni": "June",
    "juli": "July",
    "augustus": "August",
    "oktober": "October",
}
"""Dutch names of months where they differ from the English ones."""
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - compared with clock times that have no offset


def dates(text: pa.Array, form: str | None) -> Converted:
    """Dates; without a format ISO 8601, where a time of midnight is allowed (databases export dates so)."""
    import pyarrow as pa

    fast = _digits(text, form or ISO_DATE)
    if fast is not None:
        return Converted(fast.cast(pa.date32()))
    present = blanks_as_null(text)
    return judged(present, _distinct(present, lambda cell: _one_date(cell, form), pa.date32()))


def datetimes(text: pa.Array, form: str | None, timezone: str) -> Converted:
    """Moments in UTC, to the microsecond; a clock time without an offset stood in `timezone`."""
    import pyarrow as pa

    fast = _digits(text, form or "%Y-%m-%d %H:%M:%S")
    if fast is None and form is None:
        fast = _digits(text, "%Y-%m-%dT%H:%M:%S")
    present = text if fast is not None else blanks_as_null(text)
    if fast is None and form is None and not _has_offset(present):
        fast = _clock(present)
    if fast is not None:
        return judged(present, in_utc(fast.cast(pa.timestamp("us")), timezone))
    return judged(present, _moments(present, form, timezone))


def _digits(text: pa.Array, form: str) -> pa.Array | None:
    """Read cells of one width as clock times (timestamp[s]); None where one of them is not written so."""
    import numpy as np
    import pyarrow as pa

    parts = _layout(form)
    valid = text.is_valid().to_numpy(zero_copy_only=False)
    data, rows = data_of(text), int(np.count_nonzero(valid))
    if parts is None or not rows or data is None:
        return None
    width = sum(size for _, size in parts)
    if len(data) != rows * width or not _all_wide(text, width):
        return None
    seconds = _seconds(data.reshape(rows, width), parts)
    if seconds is None:
        return None
    every = np.zeros(len(text), np.int64)
    every[valid] = seconds
    return pa.array(every, mask=~valid).cast(pa.timestamp("s"))


def _layout(form: str) -> list[tuple[str, int]] | None:
    """Split a format in codes and literal letters with their widths; None where a code has no fixed width."""
    parts: list[tuple[str, int]] = []
    for code, letter in re.findall(r"%(.)|([^%])", form, re.DOTALL):
        if code and (code not in _WIDTHS or code in (known for known, _ in parts)):
            return None
        if letter and not letter.isascii():
            return None
        parts.append((code, _WIDTHS[code]) if code else (f"={letter}", 1))
    return parts if {"Y", "m", "d"} <= {code for code, _ in parts} else None


def _all_wide(text: pa.Array, width: int) -> bool:
    import pyarrow.compute as pc

    lengths = pc.min_max(pc.binary_length(text))
    return bool(lengths["min"].as_py() == lengths["max"].as_py() == width)


def _seconds(cells: Bytes, parts: list[tuple[str, int]]) -> np.ndarray[Any, Any] | None:
    """Read an array of (rows, width) bytes; None where a byte is no digit, a literal differs, or there is no such day or time."""
    import numpy as np

    found: dict[str, np.ndarray[Any, Any]] = {}
    at = 0
    for code, size in parts:
        field = cells[:, at : at + size]
        at += size
        if code[0] == "=":
            if (field != ord(code[1])).any():
                return None
            continue
        digits = field - np.uint8(ord("0"))  # wraps round below "0", so one comparison finds every other byte
        if (digits > 9).any():  # noqa: PLR2004 - the greatest digit
            return None
        found[code] = digits.astype(np.int32) @ np.array([10**power for power in reversed(range(size))], np.int32)
    return _since_epoch(found)


def _since_epoch(found: dict[str, np.ndarray[Any, Any]]) -> np.ndarray[Any, Any] | None:
    """Give seconds since 1970 by the proleptic Gregorian calendar; None where a field is out of its range."""
    import numpy as np

    year, month, day = found["Y"], found["m"], found["d"]
    if (month < 1).any() or (month > 12).any() or (day < 1).any() or (year < 1).any():  # noqa: PLR2004 - months of a year
        return None
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    last = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[month - 1] + (leap & (month == 2))  # noqa: PLR2004 - February
    clock = [(found.get(code, np.int32(0)), top) for code, top in (("H", 23), ("M", 59), ("S", 59))]
    if (day > last).any() or any(np.any(value > top) for value, top in clock):
        return None
    months = (year.astype(np.int64) - 1970) * 12 + (month - 1)
    days = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) + (day - 1)
    (hour, _), (minute, _), (second, _) = clock
    seconds: np.ndarray[Any, Any] = days * 86_400 + hour * 3_600 + minute * 60 + second
    return seconds


def _distinct(text: pa.Array, parse: Callable[[str], Any], kind: pa.DataType) -> pa.Array:
    """Parse each distinct text once; what `parse` gives None for is null."""
    import pyarrow as pa

    encoded = text.dictionary_encode()
    parsed = pa.array([parse(cell) for cell in encoded.dictionary.to_pylist()], kind)
    return parsed.take(encoded.indices)


def _one_date(cell: str, form: str | None) -> date | None:
    if form is None:
        if not _MIDNIGHT.fullmatch(cell):
            return None
        cell, form = cell[:10], ISO_DATE
    moment = _strptime(cell, form)
    return moment.date() if moment else None


def _strptime(cell: str, form: str) -> datetime | None:
    """Parse one text; Dutch names of months are read as well as English ones."""
    if any(letter.isdigit() and not letter.isascii() for letter in cell):
        return None  # Python would read digits of every script
    if "%b" in form or "%B" in form:
        cell = re.sub(r"[^\W\d_]+", lambda word: _MONTHS.get(word[0].lower(), word[0]), cell)
    try:
        return datetime.strptime(cell, form)  # noqa: DTZ007 - the zone comes later
    except ValueError:
        return None


def _has_offset(text: pa.Array) -> bool:
    """Whether an ISO text ends in Z or an offset."""
    import pyarrow.compute as pc

    return bool(pc.any(pc.match_substring_regex(text, r"(Z|[+-][0-9]{2}:?[0-9]{2})$"), min_count=0).as_py())


def _clock(text: pa.Array) -> pa.Array | None:
    """Read ISO date-times without an offset by Arrow; None where one is written otherwise."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pc.all(pc.match_substring_regex(text, _PLAIN_ISO), min_count=0).as_py():
        return None
    try:
        return text.cast(pa.timestamp("us"))
    except pa.ArrowInvalid:
        return None


def _moments(text: pa.Array, form: str | None, timezone: str) -> pa.Array:
    """Parse each distinct text; those with an offset are moments already, the others are clock times."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parsed: dict[str, datetime | None] = {}

    def once(cell: str) -> datetime | None:
        if cell not in parsed:
            parsed[cell] = _iso(cell) if form is None else _strptime(cell, form)
        return parsed[cell]

    fixed = _distinct(text, lambda cell: _utc_microseconds(once(cell)), pa.int64()).cast(pa.timestamp("us", tz="UTC"))
    clock = _distinct(text, lambda cell: _clock_microseconds(once(cell)), pa.int64()).cast(pa.timestamp("us"))
    return pc.coalesce(fixed, in_utc(clock, timezone))


def _iso(cell: str) -> datetime | None:
    match = _ISO.fullmatch(cell)
    if match is None:
        return None
    day, clock, offset = match.groups()
    try:
        return datetime.fromisoformat(f"{day}T{clock or '00:00'}{offset or ''}")
    except ValueError:
        return None


def _utc_microseconds(moment: datetime | None) -> int | None:
    if moment is None or moment.tzinfo is None:
        return None
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _clock_microseconds(moment: datetime | None) -> int | None:
    return None if moment is None or moment.tzinfo is not None else (moment - _EPOCH) // timedelta(microseconds=1)
