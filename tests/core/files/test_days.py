from datetime import date

import pytest

from gateway.core.embedded.files.days import read_day, read_period

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-02-29", date(2024, 2, 29)),
        ("today", TODAY),
        ("today-10d", date(2026, 11, 12)),
        ("today+9d", date(2026, 12, 1)),
        ("today-2w", date(2026, 11, 8)),
        ("today-9m", date(2026, 2, 22)),
        ("today+2m", date(2027, 1, 22)),
        ("today-5y", date(2021, 11, 22)),
        ("quarter.first", date(2026, 10, 1)),
        ("quarter.last", date(2026, 12, 31)),
        ("quarter-1.last", date(2026, 9, 30)),
        ("quarter+1.first", date(2027, 1, 1)),
        ("quarter-4.first+20d", date(2025, 10, 21)),
        ("today-2d|quarter.first", date(2026, 11, 20)),
        ("today-90d|quarter.first", date(2026, 10, 1)),
    ],
)
def test_days(text, day):
    assert read_day(text, TODAY) == day


def test_a_month_that_is_shorter_ends_on_its_last_day():
    assert read_day("today-1m", date(2026, 3, 31)) == date(2026, 2, 28)
    assert read_day("today-1y", date(2028, 2, 29)) == date(2027, 2, 28)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "today-", "today-5", "5d", "quarter", "quarter-1", "2026-13-01", "2026-02-30", "20261122",
     "22/11/2026", "today-9999y", "TODAY", "quarter.middle", "today-\u06f5d", "today|", "|",
     "today|tomorrow"],
)  # fmt: skip
def test_what_is_no_day(text):
    with pytest.raises(ValueError, match=r"is no day|is not a day"):
        read_day(text, TODAY)


@pytest.mark.parametrize(
    ("text", "period"),
    [("2025Q1", "2025Q1"), ("quarter", "2026Q4"), ("quarter-1", "2026Q3"), ("quarter-4", "2025Q4"), ("quarter+1", "2027Q1")],
)  # fmt: skip
def test_periods(text, period):
    assert read_period(text, TODAY) == period


@pytest.mark.parametrize("text", ["", "2026Q5", "2026", "quarter.first", "today", "Q4"])
def test_what_is_no_period(text):
    with pytest.raises(ValueError, match="is no period"):
        read_period(text, TODAY)
