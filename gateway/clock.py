"""The only place that reads the clock, so that tests can stop it."""

import time
from datetime import UTC, date, datetime, timedelta, timezone
from typing import NamedTuple

# Pakistan keeps UTC+5 all year (no daylight saving since 2009); dates that a caller hears are Pakistan's.
PAKISTAN = timezone(timedelta(hours=5), "PKT")


def now() -> datetime:
    """The present instant, aware, UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The calendar day in Pakistan."""
    return datetime.now(PAKISTAN).date()


def hour_of(instant: datetime) -> datetime:
    """The first instant of its hour; an hour of UTC is one of Pakistan's."""
    return instant.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def day_start(day: date) -> datetime:
    """The first instant of a day in Pakistan, UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=PAKISTAN).astimezone(UTC)


def epoch() -> float:
    """Seconds since 1970, UTC."""
    return time.time()


def ticks() -> float:
    """Monotonic seconds, for durations only."""
    return time.perf_counter()


def day_of(text: str) -> date:
    """The day written `2026-11-22`. Raises ValueError."""
    return date.fromisoformat(text)


class Deadline(NamedTuple):
    """A moment on the monotonic clock by which an answer must have left."""

    at: float

    def left(self) -> float:
        """Seconds that remain, never below zero."""
        return max(0.0, self.at - time.monotonic())

    def passed(self) -> bool:
        return time.monotonic() >= self.at


def deadline(seconds: float) -> Deadline:
    return Deadline(time.monotonic() + seconds)


def quarter_of(day: date) -> str:
    """The calendar quarter that holds `day`, as `2026Q4`."""
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"


def quarter_bounds(quarter: str) -> tuple[date, date]:
    """First and last day of a quarter written `2026Q4`."""
    year, number = int(quarter[:4]), int(quarter[5])
    first = date(year, 3 * number - 2, 1)
    after = date(year + (number == 4), 1 if number == 4 else 3 * number + 1, 1)
    return first, after - timedelta(days=1)
