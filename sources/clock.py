"""Clock times of a zone as moments in UTC, by Python's zone rules (Arrow has none where the machine has no zone database)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

_HOUR = 3_600_000_000
_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - clock times have no offset


def in_utc(clock: pa.Array, timezone: str) -> pa.Array:
    """Give clock times (timestamp[us] without a zone) as moments; of an hour that came twice the first, null for one that was skipped."""
    import numpy as np
    import pyarrow as pa

    valid = clock.is_valid().to_numpy(zero_copy_only=False)
    times = clock.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    moments, real = _moments(times, timezone)
    return pa.array(np.where(real, moments, 0), mask=~(valid & real)).cast(pa.timestamp("us", tz="UTC"))


def _moments(times: np.ndarray[Any, Any], timezone: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Give microseconds in UTC, and which clock times there were; the offset is looked up once for each distinct hour."""
    import numpy as np

    hours, which = np.unique(times // _HOUR, return_inverse=True)
    offsets = [_hour_offset(int(hour), timezone) for hour in hours]
    table = np.array([offset or 0 for offset in offsets], np.int64)
    skipped = np.array([offset is None for offset in offsets], np.bool_)
    real = ~skipped[which]
    moments = times - table[which]
    for row in np.flatnonzero(~real):  # a skipped hour, or one in which the rules changed
        offset = _offset(int(times[row]), timezone)
        if offset is not None:
            moments[row], real[row] = times[row] - offset, True
    return moments, real


@lru_cache(maxsize=65_536)
def _hour_offset(hour: int, timezone: str) -> int | None:
    """Give the offset of a whole clock hour in microseconds; None where it is not the same throughout, or there was no such hour."""
    first, last = _offset(hour * _HOUR, timezone), _offset((hour + 1) * _HOUR - 1, timezone)
    return first if first == last else None


def _offset(time: int, timezone: str) -> int | None:
    """Give the offset of one clock time in microseconds; None where the clock skipped it."""
    try:
        moment = (_EPOCH + time * _MICROSECOND).replace(tzinfo=ZoneInfo(timezone))
        there = moment.astimezone(UTC).astimezone(moment.tzinfo)
    except OverflowError:  # beyond the years that Python counts
        return None
    offset = moment.utcoffset()
    return None if offset is None or there.replace(tzinfo=None) != moment.replace(tzinfo=None) else offset // _MICROSECOND
