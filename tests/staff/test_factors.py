"""The second factor: what an app shows, once."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import time_machine

from gateway.staff.roles import Role
from tests.parts.gateway import DAY
from tests.staff.conftest import PASSWORD


@pytest.fixture
def clock():
    with time_machine.travel(DAY, tick=False) as stopped:
        yield stopped


@pytest.fixture
def app(staff, member, clock):
    """A function: the code that her app shows, so many seconds from now. It is set up half an hour ago."""
    her = member("saima", Role.SUPERVISOR)
    secret = parse_qs(urlsplit(staff.factors.offer(her)).query)["secret"][0]

    def app(seconds=0):
        return pyotp.TOTP(secret).at(DAY + timedelta(minutes=30, seconds=seconds))

    assert not staff.factors.set_up(her, "000000")
    assert staff.factors.set_up(her, pyotp.TOTP(secret).at(DAY))
    clock.shift(timedelta(minutes=30))
    app.member = staff.accounts.named("saima")
    return app


@pytest.mark.parametrize(
    ("seconds", "state"), [(-60, "wrong"), (-30, "right"), (0, "right"), (30, "right"), (60, "wrong")]
)
def test_a_clock_may_be_half_a_minute_off(staff, app, seconds, state):
    assert staff.factors.check(app.member, app(seconds)) == state


def test_a_code_counts_once_and_none_before_it_any_more(staff, app):
    assert staff.factors.check(app.member, app()) == "right"
    assert staff.factors.check(app.member, app()) == "used"
    assert staff.factors.check(app.member, app(-30)) == "used"
    assert staff.factors.check(app.member, app(30)) == "right"


def test_the_code_that_set_it_up_is_used(staff, member, clock):
    her = member("saima", Role.SUPERVISOR)
    secret = parse_qs(urlsplit(staff.factors.offer(her)).query)["secret"][0]
    code = pyotp.TOTP(secret).at(DAY)
    assert staff.factors.set_up(her, code)
    assert staff.factors.check(her, code) == "used"


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "0" * 10])
def test_what_is_no_code_is_wrong(staff, app, typed):
    assert staff.factors.check(app.member, typed) == "wrong"


def test_gaps_and_urdu_digits_do_not_matter(staff, app):
    code = app().translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert staff.factors.check(app.member, f"{code[:3]} {code[3:]}") == "right"


def test_guessing_codes_is_slow_and_asks_no_password_again(staff, app):
    token = staff.entrance.sign_in("saima", PASSWORD, "10.0.0.1").token
    sitting = staff.sittings.of(token)
    assert not sitting.proven
    states = [staff.entrance.prove(sitting, "000000", "10.0.0.1").state for _ in range(6)]
    assert states == ["wrong"] * 5 + ["wait"]


def test_a_right_code_proves_the_sitting(staff, app):
    token = staff.entrance.sign_in("saima", PASSWORD, "10.0.0.1").token
    assert staff.entrance.prove(staff.sittings.of(token), app(), "10.0.0.1").state == "welcome"
    assert staff.sittings.of(token).proven


@pytest.mark.parametrize(
    ("role", "roles", "proven"),
    [
        (Role.SUPERVISOR, (Role.SUPERVISOR,), False),
        (Role.AGENT, (Role.SUPERVISOR,), True),
        (Role.SUPERVISOR, (), True),
    ],
)
def test_whose_role_needs_one_is_not_in_without(build, role, roles, proven):
    staff = build(factor_roles=roles)
    staff.accounts.add("system:test", "her", role, PASSWORD)
    assert staff.sittings.of(staff.entrance.sign_in("her", PASSWORD, "10.0.0.1").token).proven is proven


def test_it_is_stored_sealed_and_forgotten_at_a_reset(staff, app, database):
    with database.reading() as connection:
        row = connection.exec_driver_sql("SELECT totp_sealed FROM staff WHERE name = 'saima'").scalar_one()
    assert row.startswith("k1.")
    staff.factors.reset("system:test", app.member)
    assert not staff.accounts.named("saima").second_factor
    assert staff.factors.check(app.member, app()) == "wrong"
