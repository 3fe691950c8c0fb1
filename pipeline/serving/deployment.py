"""The deployment `nightly` of the flow: what runs, when, and never twice at a time.

`prefect.yaml` says the same for a work pool.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.schedules import Cron
from prefect.server.schemas.schedules import CronSchedule
from pydantic import ValidationError
from tzlocal import get_localzone_name

NAME = "nightly"
DESCRIPTION = "Fetch, read, extract, store, reconcile and export, while nobody watches."
# A run brings the whole database up to date, so one that comes meanwhile would find nothing to do. In a queue, what
# lasts longer than a night would pile up; refused runs end as Cancelled, with the reason, for all to see.
ONE_AT_A_TIME = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)


class ScheduleError(ValueError):
    """The schedule cannot be understood; the message says what of it."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """A schedule that was understood: the five fields of cron, the time zone, and when it is due next."""

    cron: str
    timezone: str
    next_due: datetime


def read_timetable(cron: str, timezone: str | None = None) -> Timetable:
    """`cron` in `timezone` (default: that of this machine). Raises ScheduleError that says what is wrong with it."""
    if len(cron.split()) != 5:
        raise ScheduleError(
            f"--cron is {cron!r}; five fields were expected, for minute, hour, day of the month, month and day of the "
            "week: '0 3 * * *' is each night at three."
        )
    zone = timezone or _zone_of_this_machine()
    if zone not in available_timezones():
        raise ScheduleError(f"--timezone is {zone!r}; a name such as Europe/Paris or UTC was expected.")
    try:
        dates = asyncio.run(CronSchedule(cron=cron, timezone=zone).get_dates(1))
    except ValidationError:
        raise ScheduleError(f"--cron is {cron!r}, which is no schedule; '0 3 * * *' is each night at three.") from None
    except ValueError:
        raise ScheduleError(f"--cron is {cron!r}, which is never due: there is no such day.") from None
    return Timetable(cron, zone, dates[0])


def nightly(sources: Path, db: Path, workers: int | None, timetable: Timetable) -> dict[str, Any]:
    """The keywords with which `Flow.to_deployment` and `Runner.add_flow` make the deployment.

    Paths become absolute: a run may begin in another folder than the one in which it was asked for.
    """
    return {
        "name": NAME,
        "description": DESCRIPTION,
        "schedule": Cron(timetable.cron, timezone=timetable.timezone),
        "concurrency_limit": ONE_AT_A_TIME,
        "parameters": {
            "sources": str(sources.absolute()),
            "db": str(db.absolute()),
            "workers": workers,
            "fresh": False,
        },
    }


def _zone_of_this_machine() -> str:
    try:
        return get_localzone_name() or "UTC"
    except (KeyError, ValueError, OSError) as error:
        raise ScheduleError(
            f"The time zone of this machine is not clear ({error}); name it, as in --timezone Europe/Paris."
        ) from error
