"""Signing in: what is wrong is not told, guessing is slow, and nobody locks a colleague out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine

from gateway.staff import passwords
from gateway.staff.roles import Role
from tests.parts.gateway import DAY
from tests.staff.conftest import PASSWORD

HERE, THERE = "10.0.0.1", "203.0.113.9"


@pytest.fixture
def clock():
    with time_machine.travel(DAY, tick=False) as stopped:
        yield stopped


def guess(staff, times, name="amina", address=THERE):
    return [
        staff.entrance.sign_in(name, f"wrong guess number {number}", address).state for number in range(times)
    ]


def right(staff, name="amina", address=HERE):
    return staff.entrance.sign_in(name, PASSWORD, address).state


@pytest.mark.parametrize(
    ("name", "password", "state"),
    [
        ("amina", PASSWORD, "welcome"),
        (" Amina ", PASSWORD, "welcome"),
        ("amina", PASSWORD + " ", "wrong"),
        ("amina", "", "wrong"),
        ("nobody", PASSWORD, "wrong"),
        ("", "", "wrong"),
        ("closed", PASSWORD, "wrong"),
    ],
)
def test_who_comes_in(staff, member, name, password, state):
    member()
    staff.accounts.disable("system:test", member("closed"))
    assert staff.entrance.sign_in(name, password, HERE).state == state


def test_a_hash_is_worked_out_for_an_unknown_name_and_a_closed_account_too(staff, member, monkeypatch):
    """So that the time of the answer does not tell which names there are."""
    staff.accounts.disable("system:test", member("closed"))
    asked = []
    verify = passwords.PasswordHasher.verify
    monkeypatch.setattr(
        passwords.PasswordHasher,
        "verify",
        lambda self, kept, typed: asked.append(kept) or verify(self, kept, typed),
    )
    for name in ("closed", "nobody"):
        assert guess(staff, 1, name=name) == ["wrong"]
    assert len(asked) == 2
    assert len({kept.rpartition("$")[0].rpartition("$")[0] for kept in asked}) == 1, "at the same cost"


@pytest.mark.parametrize(
    ("then", "state"),
    [((4, 0), "welcome"), ((5, 0), "wait"), ((5, 29), "wait"), ((5, 30), "welcome")],
)
def test_five_wrong_tries_make_one_wait(staff, member, clock, then, state):
    member()
    guesses, seconds = then
    assert guess(staff, guesses, address=HERE) == ["wrong"] * guesses
    clock.shift(timedelta(seconds=seconds))
    assert right(staff) == state


def test_each_further_wrong_try_doubles_the_wait_up_to_a_quarter_of_an_hour(staff, member, clock):
    member()
    guess(staff, 4)
    waits = []
    for _ in range(8):
        assert guess(staff, 1) == ["wrong"]
        answer = staff.entrance.sign_in("amina", PASSWORD, THERE)
        assert answer.state == "wait"
        waits.append(answer.wait)
        clock.shift(timedelta(seconds=answer.wait))
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]
    assert right(staff, address=THERE) == "welcome"


def test_a_colleague_is_not_locked_out_by_who_guesses_elsewhere(staff, member, clock):
    member()
    assert right(staff, address=HERE) == "welcome"
    for number in range(60):  # from many addresses, so that the name as a whole is held
        guess(staff, 2, address=f"203.0.113.{number}")
    assert right(staff, address="198.51.100.7") == "wait", "a new address has to wait"
    assert right(staff, address=HERE) == "welcome", "her own does not"


def test_an_address_that_tries_many_names_waits(staff, member, clock):
    member()
    names = [f"name{number}" for number in range(40)]
    states = [guess(staff, 1, name=name)[0] for name in names]
    assert states == ["wrong"] * 30 + ["wait"] * 10
    assert right(staff, address=THERE) == "wait"
    assert right(staff, address=HERE) == "welcome"


def test_signing_in_oneself_between_guesses_does_not_help(staff, member, clock):
    member()
    member("insider")
    right(staff, "insider", THERE)
    states = []
    for number in range(40):
        states += guess(staff, 1, name=f"name{number}")
        right(staff, "insider", THERE)
    assert "wait" in states[29:]


def test_many_tries_at_once_are_counted_one_by_one(staff, member):
    member()
    with ThreadPoolExecutor(8) as many:
        states = list(many.map(lambda _: guess(staff, 1)[0], range(16)))
    assert sorted(states) == ["wait"] * 11 + ["wrong"] * 5


def test_wrong_tries_are_forgotten_after_a_day(staff, member, clock):
    member()
    guess(staff, 4)
    clock.shift(timedelta(days=1, seconds=1))
    assert guess(staff, 4) == ["wrong"] * 4
    assert right(staff, address=THERE) == "welcome"


def test_what_no_longer_matters_is_purged(staff, member, clock):
    member()
    right(staff)
    guess(staff, 1, name="nobody")
    clock.shift(timedelta(days=2))
    assert staff.tries.purge() > 0
    guess(staff, 60, name="amina", address=THERE)
    assert right(staff) == "welcome", "that she is known at her address is kept"


@pytest.mark.parametrize(
    ("role", "production", "demo", "state"),
    [
        (Role.AGENT, False, True, "welcome"),
        (Role.AGENT, True, True, "wrong"),
        (Role.AGENT, True, False, "welcome"),
    ],
)
def test_an_account_of_the_demo_never_signs_in_to_production(build, role, production, demo, state):
    build().accounts.add("system:test", "amina", role, PASSWORD, demo=demo)
    assert build(production=production).entrance.sign_in("amina", PASSWORD, HERE).state == state


def test_the_audit_tells_who_came_and_who_did_not_and_holds_no_typed_name(staff, member):
    her = member()
    right(staff)
    guess(staff, 1)
    guess(staff, 1, name="my own password")
    entries = staff.audit.entries(limit=3)
    assert [(entry.act, entry.subject.partition(":")[0]) for entry in entries] == [
        ("sign_in_refused", "name"),
        ("sign_in_refused", "staff"),
        ("signed_in", "staff"),
    ]
    assert entries[2].actor == her.mark
    assert "password" not in entries[0].subject
