"""Days and periods as files may write them: plainly, or relative to the day of loading. The only place that reads them.

    2026-11-22              a day
    today                   the day of loading, in Pakistan
    today-10d  today+9d     so many days (d), weeks (w), months (m) or years (y) before or after it
    quarter.first           the first day of the present calendar quarter; `quarter.last` its last day
    quarter-1.last          the same of an earlier or later quarter
    quarter.first+20d       a step from either
    today-2d|quarter.first  the later of two

A period is `2026Q4`, or `quarter`, `quarter-1`, `quarter+1` for the present, an earlier, a later one. A month or a year
from a day that the month reached does not have ends on that month's last day.
"""

import re
from calendar import monthrange
from datetime import date, timedelta

from gateway import clock
from gateway.core.embedded.files.quoted import quoted

_STEP = r"(?:(?P<sign>[+-])(?P<count>\d{1,4})(?P<unit>[dwmy]))?"
_FROM_TODAY = re.compile(rf"today{_STEP}", re.ASCII)
_FROM_QUARTER = re.compile(rf"quarter(?P<quarters>[+-]\d{{1,3}})?\.(?P<end>first|last){_STEP}", re.ASCII)
_QUARTER = re.compile(r"quarter(?P<quarters>[+-]\d{1,3})?", re.ASCII)
_PLAIN_QUARTER = re.compile(r"(?:19|20)\d\dQ[1-4]", re.ASCII)
_PLAIN_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_day(text: str, today: date) -> date:
    """A day from its text. Raises ValueError with what is wrong."""
    if "|" in text:
        return max(read_day(each, today) for each in text.split("|", 1))
    try:
        if _PLAIN_DAY.fullmatch(text):
            return date.fromisoformat(text)
        if found := _FROM_TODAY.fullmatch(text):
            return _stepped(today, found)
        if found := _FROM_QUARTER.fullmatch(text):
            first, last = clock.quarter_bounds(_quarter_near(today, found["quarters"]))
            return _stepped(first if found["end"] == "first" else last, found)
    except (ValueError, OverflowError):
        raise ValueError(f"{quoted(text)} is not a day of the calendar") from None
    raise ValueError(
        f"{quoted(text)} is no day: write 2026-11-22, today, today-10d, quarter.first or quarter-1.last"
    )


def read_period(text: str, today: date) -> str:
    """A calendar quarter, as `2026Q4`, from its text. Raises ValueError with what is wrong."""
    if _PLAIN_QUARTER.fullmatch(text):
        return text
    if found := _QUARTER.fullmatch(text):
        return _quarter_near(today, found["quarters"])
    raise ValueError(f"{quoted(text)} is no period: write 2026Q4, quarter or quarter-1")


def _quarter_near(today: date, quarters: str | None) -> str:
    return clock.quarter_of(_months_on(today.replace(day=1), 3 * int(quarters or 0)))


def _stepped(day: date, found: re.Match[str]) -> date:
    if found["unit"] is None:
        return day
    count = int(found["sign"] + found["count"])
    match found["unit"]:
        case "d":
            return day + timedelta(days=count)
        case "w":
            return day + timedelta(weeks=count)
        case "m":
            return _months_on(day, count)
        case _:
            return _months_on(day, 12 * count)


def _months_on(day: date, months: int) -> date:
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    month += 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
