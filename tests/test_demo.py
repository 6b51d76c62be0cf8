"""The demo registry on the days after: each start loads it again, on what the days before have left."""

import csv
from datetime import timedelta

import pytest
import time_machine

from gateway import demo
from tests.parts.gateway import DAY, ROOT


def cast() -> list[dict[str, str]]:
    with (ROOT / "config/demo/cast.csv").open() as text:
        return list(csv.DictReader(line for line in text if not line.startswith("#")))


def test_on_later_days_it_loads_again_and_the_cast_hears_the_same(gateway):
    def heard() -> dict[str, str]:
        """Key of each of the cast -> the answer to her CNIC."""
        return {
            row["key"]: gateway.reply_to(gateway.phone(row["phone"]), row["cnic"])
            for row in cast()
            if row["cnic"]
        }

    first = heard()
    assert all(first.values())
    for days in (1, 2, 100, 400):
        if days == 100:
            first.pop("flood")  # an event pays once, and her last day to collect has passed by then
        with time_machine.travel(DAY + timedelta(days=days), tick=True):
            said = []
            demo.load(gateway.services, said.append)
            assert len(said) == 1
            assert first.items() <= heard().items(), f"after {days} days"
            demo.load(gateway.services, said.append)
            assert len(said) == 1, "the second load of a day changes nothing"


@pytest.mark.parametrize("days", [1, 6, 30])
def test_on_later_days_the_branch_is_booked_for_a_day_to_come(gateway, days):
    (row,) = (row for row in cast() if row["key"] == "biometric")
    with time_machine.travel(DAY + timedelta(days=days), tick=True):
        demo.load(gateway.services, lambda said: None)
        phone = gateway.phone(row["phone"])
        phone.dial("*8171*1#")
        phone.walk("2", row["pin"])  # the language, the PIN
        phone.sees(f"{(DAY + timedelta(days=days + 4)).day} {(DAY + timedelta(days=days + 4)):%b %Y}")
