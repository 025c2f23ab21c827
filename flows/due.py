"""Which datasets are due: no schedule, never checked, a scheduled moment since the last check, or something to finish."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from config.models.dataset import Schedule
    from config.project import Declared


def moment_since(schedule: Schedule, checked: datetime, now: datetime) -> bool:
    """Say whether the schedule had a moment after `checked` and not after `now`, in local time, so that summer time is respected."""
    from cronsim import CronSim

    zone = ZoneInfo(schedule.timezone)
    upcoming: datetime = next(CronSim(schedule.cron, checked.astimezone(zone)))
    return upcoming <= now


def due(
    datasets: Iterable[Declared], now: datetime, *, last_checked: Callable[[str], datetime | None], unfinished: Callable[[str], bool]
) -> tuple[str, ...]:
    """Give the ids of the datasets that a run without ids takes up; one with an invalid declaration always, so that it is told."""

    def is_due(declared: Declared) -> bool:
        dataset = declared.dataset
        if dataset is None or dataset.schedule is None:
            return True
        checked = last_checked(declared.id)
        return checked is None or unfinished(declared.id) or moment_since(dataset.schedule, checked, now)

    return tuple(declared.id for declared in datasets if is_due(declared))
