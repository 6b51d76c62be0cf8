"""A sitting ends by itself, at sign-out everywhere, and with its account, at once."""

from datetime import timedelta

import pytest
import time_machine

from tests.parts.gateway import DAY


@pytest.fixture
def clock():
    with time_machine.travel(DAY, tick=False) as stopped:
        yield stopped


@pytest.mark.parametrize(("minutes", "there"), [(14, True), (15, False), (16, False)])
def test_idle_time_ends_it(staff, member, clock, minutes, there):
    token = staff.sittings.begin(member(), proven=True)
    clock.shift(timedelta(minutes=minutes))
    assert (staff.sittings.of(token) is not None) is there


def test_doing_something_keeps_it_and_a_page_that_asks_by_itself_does_not(staff, member, clock):
    busy, watching = (staff.sittings.begin(one, proven=True) for one in (member(), member("beena")))
    for _ in range(4):
        clock.shift(timedelta(minutes=5))
        staff.sittings.of(busy)
        staff.sittings.of(watching, active=False)
    assert staff.sittings.of(busy)
    assert staff.sittings.of(watching, active=False) is None


def test_twelve_hours_end_it_however_busy(staff, member, clock):
    token = staff.sittings.begin(member(), proven=True)
    for _ in range(12 * 6 - 1):
        clock.shift(timedelta(minutes=10))
        assert staff.sittings.of(token)
    clock.shift(timedelta(minutes=10))
    assert staff.sittings.of(token) is None
    assert staff.sittings.purge() == 0
    clock.shift(timedelta(seconds=1))
    assert staff.sittings.purge() == 1


def test_a_closed_account_is_out_at_once(staff, member):
    her = member()
    token = staff.sittings.begin(her, proven=True)
    staff.accounts.disable("system:test", her)
    assert staff.sittings.of(token) is None
    staff.accounts.disable("system:test", her, disabled=False)
    assert staff.sittings.of(token) is None, "the old sitting does not come back"


def test_sign_out_everywhere_ends_all_of_hers_and_no_one_elses(staff, member):
    her, other = member(), member("beena")
    tokens = [staff.sittings.begin(her, proven=True) for _ in range(2)]
    others = staff.sittings.begin(other, proven=True)
    staff.entrance.sign_out_everywhere(her)
    assert [staff.sittings.of(token) for token in tokens] == [None, None]
    assert staff.sittings.of(others)


def test_a_token_is_not_stored_readable(staff, member, database):
    token = staff.sittings.begin(member(), proven=True)
    with database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT token_hash FROM staff_sitting").scalars().all()
    assert len(rows) == 1
    assert token not in rows
    assert staff.sittings.of(rows[0]) is None
