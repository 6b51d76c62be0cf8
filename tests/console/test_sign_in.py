"""The way in and out, as a browser goes it."""

import re
from datetime import timedelta

import pyotp
import pytest
import time_machine

from tests.parts.console import Colleague
from tests.parts.gateway import DAY


def test_in_and_out(colleague):
    her = colleague()
    assert her.open("/me").location == "/console/sign-in?next=/console/me"
    assert her.try_signing_in("agent", next="/console/me").location == "/console/me"
    assert "Adeel" in her.open("/me").text
    assert her.send("/sign-out", seen_on="/me").location == "/console/sign-in"
    assert her.open("/me").status_code == 303


@pytest.mark.parametrize(
    "away",
    [
        "https://example.org/console/",
        "//example.org/console/",
        "/simulator",
        "console/me",
        "/console/\\example.org",
        "javascript:0",
        "",
    ],
)
def test_a_link_leads_nobody_away(colleague, away):
    assert colleague().try_signing_in("agent", next=away).location == "/console/"


@pytest.mark.parametrize(("name", "password"), [("agent", "wrong"), ("nobody", "demo-only-8171")])
def test_a_refusal_does_not_say_what_was_wrong(colleague, name, password):
    answer = colleague().try_signing_in(name, password)
    assert answer.status_code == 403
    assert "That was not right" in answer.text
    assert password not in answer.text


def test_too_many_wrong_tries_say_how_long_to_wait(colleague):
    her = colleague()
    for _ in range(5):
        her.try_signing_in("agent", "wrong")
    answer = her.try_signing_in("agent")
    assert answer.status_code == 429
    assert re.search(r"Try again in 0 min (29|30) s", answer.text)
    assert colleague("10.0.0.2").try_signing_in("agent").status_code == 303


def test_an_address_that_asks_too_often_is_not_heard(colleague):
    her = colleague("10.9.9.9")
    codes = [her.try_signing_in(f"name{number}", "wrong").status_code for number in range(61)]
    assert codes[-1] == 429
    assert "Too many tries from here" in her.try_signing_in("agent").text


def test_without_redis_one_can_still_sign_in(gateway_on, own_valkey):
    gateway = gateway_on(own_valkey.url)
    own_valkey.stop()
    Colleague(gateway.client).sign_in("agent")


def test_idle_time_asks_to_sign_in_again(colleague):
    her = colleague().sign_in("agent")
    with time_machine.travel(DAY + timedelta(minutes=14), tick=False):
        assert her.open("/me").status_code == 200
    with time_machine.travel(DAY + timedelta(minutes=31), tick=False):
        assert her.open("/me").location.startswith("/console/sign-in")


def test_a_script_that_asks_is_told_rather_than_led_away(colleague):
    answer = colleague().open("/me", headers={"Sec-Fetch-Dest": "empty"})
    assert answer.status_code == 401
    assert "You are signed out" in answer.text


def test_a_disabled_account_is_out_at_once(gateway, colleague):
    her = colleague().sign_in("agent")
    staff = gateway.services.staff
    staff.accounts.disable("system:test", staff.accounts.named("agent"))
    assert her.open("/me").status_code == 303
    assert her.try_signing_in("agent").status_code == 403


def test_the_second_factor_from_setting_it_up_to_using_it(gateway_on, store_url):
    gateway = gateway_on(store_url, console_factor_roles="supervisor")
    her = Colleague(gateway.client)
    with time_machine.travel(DAY, tick=False) as clock:
        assert her.try_signing_in("supervisor").location == "/console/"
        assert her.open("/audit").location.startswith("/console/second-factor/set-up")
        page = her.open("/second-factor/set-up")
        assert "<svg" in page.text
        secret = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page.text)[1].replace(" ", "")
        app = pyotp.TOTP(secret)
        assert her.send("/second-factor/set-up", "/second-factor/set-up", code="000000").status_code == 403
        done = her.send("/second-factor/set-up", "/second-factor/set-up", code=app.at(DAY))
        assert done.location == "/console/"
        assert "set up" in her.open("/me").text
        assert her.open("/second-factor/set-up").status_code == 403, "a new one takes an admin"
        her.send("/sign-out", seen_on="/me")

        clock.shift(timedelta(minutes=1))
        her.try_signing_in("supervisor")
        assert her.open("/me").location.startswith("/console/second-factor?")
        assert her.open("/second-factor/set-up").status_code == 403
        code = app.at(DAY + timedelta(minutes=1))
        assert her.send("/second-factor", "/second-factor", code="12").status_code == 403
        assert (
            her.send("/second-factor", "/second-factor", code=code, next="/console/me").location
            == "/console/me"
        )
        assert her.open("/me").status_code == 200

        thief = Colleague(gateway.client.application.test_client(), "10.0.0.9")
        thief.try_signing_in("supervisor")
        assert "used already" in thief.send("/second-factor", "/second-factor", code=code).text


def test_the_language_chosen_on_the_way_in_stays(colleague):
    her = colleague()
    page = her.open("/sign-in?language=ur").text
    assert 'lang="ur" dir="rtl"' in page
    assert "سائن اِن" in page
    her.sign_in("agent")
    assert 'dir="rtl"' in her.open("/me").text
    her.send("/me/language", seen_on="/me", language="en")
    assert 'dir="ltr"' in her.open("/me").text
